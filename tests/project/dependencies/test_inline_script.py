"""Scripts with a `# /// script` block: the script is its own dependency file."""

from __future__ import annotations

from pathlib import Path

import pytest

from unchunk.project.dependencies import DependencyPlan, declare

from .projects import NEEDED, make

IMPORT = "from unchunk import iter_json\n"

BLOCKS = {
    "an item a line": (
        '#!/usr/bin/python\n# /// script\n# dependencies = [\n#     "idna",\n# ]\n# ///\n',
        '#!/usr/bin/python\n# /// script\n# dependencies = [\n#     "idna",\n#     "unchunk>=0.1.0",\n# ]\n# ///\n',
    ),
    "one line": (
        '# /// script\n# dependencies = ["idna"]\n# requires-python = ">=3.11"\n# ///\n',
        '# /// script\n# dependencies = ["idna", "unchunk>=0.1.0"]\n# requires-python = ">=3.11"\n# ///\n',
    ),
    "empty": (
        "# /// script\n# dependencies = []\n# ///\n",
        '# /// script\n# dependencies = ["unchunk>=0.1.0"]\n# ///\n',
    ),
    "empty on two lines": (
        "# /// script\n# dependencies = [\n# ]\n# ///\n",
        '# /// script\n# dependencies = [\n#     "unchunk>=0.1.0",\n# ]\n# ///\n',
    ),
    "no list": (
        '# /// script\n# requires-python = ">=3.11"\n#\n# ///\n',
        '# /// script\n# requires-python = ">=3.11"\n# dependencies = [\n#     "unchunk>=0.1.0",\n# ]\n#\n# ///\n',
    ),
    "tables below": (
        '# /// script\n# dependencies = ["idna"]\n#\n# [tool.uv]\n# offline = true\n# ///\n',
        '# /// script\n# dependencies = ["idna", "unchunk>=0.1.0"]\n#\n# [tool.uv]\n# offline = true\n# ///\n',
    ),
}


def planned(path: Path, text: str) -> DependencyPlan:
    """Return the plan for a script whose fixed text is `text`."""
    path.write_bytes(text.replace(IMPORT, "import json\n").encode())
    return declare({path: text.encode()}, NEEDED)


@pytest.mark.parametrize("newline", ["\n", "\r\n"], ids=["unix", "windows"])
@pytest.mark.parametrize(("before", "after"), BLOCKS.values(), ids=BLOCKS.keys())
def test_entry_goes_into_the_fixed_scripts_own_block(before: str, after: str, newline: str, tmp_path: Path) -> None:
    make(tmp_path, {"pyproject.toml": '[project]\nname = "x"\ndependencies = []\n'})
    path = tmp_path / "job.py"
    plan = planned(path, (before + IMPORT).replace("\n", newline))
    assert [(edit.path, edit.after.decode()) for edit in plan.edits] == [
        (path, (after + IMPORT).replace("\n", newline))
    ]
    assert plan.edits[0].before == path.read_bytes()
    assert declare({path: plan.edits[0].after}, NEEDED).edits == ()


def test_block_that_declares_it_stays_as_it_is(tmp_path: Path) -> None:
    plan = planned(tmp_path / "job.py", '# /// script\n# dependencies = ["unchunk[fix]"]\n# ///\n' + IMPORT)
    assert plan == DependencyPlan()


def test_block_that_is_not_toml_is_refused_with_its_line(tmp_path: Path) -> None:
    plan = planned(tmp_path / "job.py", "import os\n# /// script\n# a = 1\n# dependencies = [\n# ///\n" + IMPORT)
    assert plan.edits == ()
    assert plan.refusals[0].line in (4, 5)
    assert plan.refusals[0].reason.startswith("the script block is not valid TOML")


def test_pin_in_the_block_is_refused_with_its_line(tmp_path: Path) -> None:
    text = '# /// script\n# dependencies = [\n#   "unchunk<0.1",\n# ]\n# ///\n'
    plan = planned(tmp_path / "job.py", text + IMPORT)
    assert plan.edits == ()
    assert plan.refusals[0].line == 3


def test_scripts_lock_file_is_told(tmp_path: Path) -> None:
    (tmp_path / "job.py.lock").write_text("version = 1\n")
    plan = planned(tmp_path / "job.py", "# /// script\n# dependencies = []\n# ///\n" + IMPORT)
    assert [note.command for note in plan.notes] == ["uv lock --script job.py"]


@pytest.mark.parametrize(
    "text",
    ["# /// script\nimport os\n# ///\n", "# /// other\n# dependencies = []\n# ///\n", "x = '''\n # /// script\n'''\n"],
    ids=["broken off", "another block", "inside a text"],
)
def test_what_is_no_block_is_left_to_the_project(text: str, tmp_path: Path) -> None:
    make(tmp_path, {"requirements.txt": "idna\n"})
    plan = planned(tmp_path / "job.py", text + IMPORT)
    assert [edit.path.name for edit in plan.edits] == ["requirements.txt"]
