"""setup.cfg: the package's list and its extras."""

from __future__ import annotations

from pathlib import Path

import pytest

from .projects import apply, difference, make, planned, refusals

UNCHANGED = {
    "declared": "[options]\ninstall_requires =\n    idna\n    unchunk[fix]>=0.1\n",
    "declared on one line": "[options]\ninstall_requires = idna; unchunk\n",
    "declared in an extra for users": "[options]\npackages = a\n[options.extras_require]\nstreams = unchunk\n",
    "no package at all": "[flake8]\nmax-line-length = 99\n",
    "no dependencies' section": "[metadata]\nname = demo\n",
}

LINES = {
    "an item a line": (
        "[options]\ninstall_requires =\n    idna\n\n[x]\ny = 1\n",
        "[options]\ninstall_requires =\n    idna\n    unchunk>=0.1.0\n\n[x]\ny = 1\n",
    ),
    "comments between": (
        "[options]\ninstall_requires =\n\tidna>=3\n\t# old\n# and more\npython_requires = >=3.10\n",
        "[options]\ninstall_requires =\n\tidna>=3\n\tunchunk>=0.1.0\n\t# old\n# and more\npython_requires = >=3.10\n",
    ),
    "in alphabetical order": (
        "[options]\ninstall_requires =\n  idna\n  zipp\n",
        "[options]\ninstall_requires =\n  idna\n  unchunk>=0.1.0\n  zipp\n",
    ),
    "one, on the option's line": (
        "[options]\ninstall_requires = idna\n",
        "[options]\ninstall_requires = idna\n    unchunk>=0.1.0\n",
    ),
    "several on the option's line": (
        "[options]\ninstall_requires: idna; certifi>=2\n",
        "[options]\ninstall_requires: idna; certifi>=2; unchunk>=0.1.0\n",
    ),
    "nothing yet": (
        "[options]\ninstall_requires =\npackages = a\n",
        "[options]\ninstall_requires =\n    unchunk>=0.1.0\npackages = a\n",
    ),
    "no option yet": (
        "[options]\npackages = a\n\n[x]\n",
        "[options]\npackages = a\ninstall_requires =\n    unchunk>=0.1.0\n\n[x]\n",
    ),
    "section without options": (
        "[options]\n\n[x]\ny=1\n",
        "[options]\ninstall_requires =\n    unchunk>=0.1.0\n\n[x]\ny=1\n",
    ),
    "no line end at the end": (
        "[options]\ninstall_requires =\n    idna",
        "[options]\ninstall_requires =\n    idna\n    unchunk>=0.1.0",
    ),
    "blank line between items": (
        "[options]\ninstall_requires =\n    zipp\n\n    idna\n\n\n",
        "[options]\ninstall_requires =\n    zipp\n\n    idna\n    unchunk>=0.1.0\n\n\n",
    ),
    "line ends of Windows": (
        "[options]\r\ninstall_requires =\r\n    idna\r\n",
        "[options]\r\ninstall_requires =\r\n    idna\r\n    unchunk>=0.1.0\r\n",
    ),
}


@pytest.mark.parametrize("text", UNCHANGED.values(), ids=UNCHANGED.keys())
def test_stays_as_it_is(text: str, tmp_path: Path) -> None:
    plan = planned(make(tmp_path, {"setup.cfg": text}))
    assert (plan.edits, plan.refusals) == ((), ())


@pytest.mark.parametrize(("before", "after"), LINES.values(), ids=LINES.keys())
def test_entry_stands_where_a_person_would_put_it(before: str, after: str, tmp_path: Path) -> None:
    root = make(tmp_path, {"setup.cfg": before})
    plan = planned(root)
    assert [edit.after.decode() for edit in plan.edits] == [after]
    apply(plan)
    assert planned(root).edits == ()


def test_tests_entry_goes_to_the_extra_for_tests(tmp_path: Path) -> None:
    text = "[options]\ninstall_requires =\n    idna\n\n[options.extras_require]\ndocs = sphinx\ntest =\n    pytest\n"
    root = make(tmp_path, {"setup.cfg": text})
    plan = planned(root, "tests/test_app.py")
    assert difference(root, plan) == {"setup.cfg": ["+    unchunk>=0.1.0"]}
    assert plan.edits[0].line == 9


def test_list_in_a_file_of_its_own_is_followed(tmp_path: Path) -> None:
    root = make(
        tmp_path,
        {
            "setup.cfg": "[options]\ninstall_requires = file: deps.txt\n",
            "deps.txt": "idna\n",
            "requirements.txt": "-e .\n",
        },
    )
    assert difference(root, planned(root)) == {"deps.txt": ["+unchunk>=0.1.0"]}


def test_file_that_is_not_one_is_refused_with_its_line(tmp_path: Path) -> None:
    root = make(tmp_path, {"setup.cfg": "[options]\na = 1\na = 2\n"})
    assert refusals(root, planned(root)) == [
        "setup.cfg:3: is not a valid configuration file (While reading from the file [line  3]: option 'a' in section "
        "'options' already exists); add `unchunk>=0.1.0` by hand"
    ]
