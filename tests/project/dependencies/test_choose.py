"""The project of a file, and the files of a project that take the entry."""

from __future__ import annotations

from pathlib import Path

import pytest

from unchunk.project.dependencies import declare

from .projects import FIXED, NEEDED, difference, make, notes, planned, refusals

PYPROJECT = '[project]\nname = "demo"\nversion = "1"\ndependencies = [\n  "idna",\n  "certifi",\n]\n'
ITEM = ['+  "unchunk>=0.1.0",']


def test_file_that_does_not_import_the_helper_needs_nothing(tmp_path: Path) -> None:
    root = make(tmp_path, {"requirements.txt": "idna\n"})
    changes = {
        root / "a.py": b"import json\n",
        root / "b.py": b"from unchunked import x\n",
        root / "c.py": b"unchunk = 1\n",
    }
    assert declare(changes, NEEDED).edits == ()


@pytest.mark.parametrize("text", [b"import unchunk\n", b"from unchunk import x\n", b"from unchunk.stream import y\n"])
def test_every_way_to_import_the_helper_needs_it(text: bytes, tmp_path: Path) -> None:
    root = make(tmp_path, {"requirements.txt": "idna\n"})
    assert len(declare({root / "a.py": text}, NEEDED).edits) == 1


def test_notebook_s_cells_count(tmp_path: Path) -> None:
    root = make(tmp_path, {"requirements.txt": "idna\n"})
    notebook = b'{"cells": [{"cell_type": "code", "source": ["from unchunk import iter_json\\n"]}]}'
    assert len(declare({root / "a.ipynb": notebook}, NEEDED).edits) == 1


def test_nothing_changed_nothing_needed(tmp_path: Path) -> None:
    make(tmp_path, {"requirements.txt": "idna\n"})
    assert declare({}, NEEDED).edits == ()


def test_each_package_of_a_monorepo_gets_its_own_entry(tmp_path: Path) -> None:
    root = make(
        tmp_path,
        {"pyproject.toml": PYPROJECT, "packages/a/pyproject.toml": PYPROJECT, "packages/b/setup.cfg": "[options]\n"},
    )
    plan = planned(root, "packages/a/src/a/x.py", "packages/a/src/a/y.py", "packages/b/b.py")
    assert difference(root, plan) == {
        "packages/a/pyproject.toml": ITEM,
        "packages/b/setup.cfg": ["+install_requires =", "+    unchunk>=0.1.0"],
    }


def test_folder_that_declares_nothing_is_no_project(tmp_path: Path) -> None:
    root = make(tmp_path, {"pyproject.toml": PYPROJECT, "app/pyproject.toml": "[tool.ruff]\nline-length = 99\n"})
    assert difference(root, planned(root, "app/x.py")) == {"pyproject.toml": ITEM}


def test_file_outside_of_any_project_is_told(tmp_path: Path) -> None:
    root = make(tmp_path, {"readme.txt": "idna\n"})
    plan = planned(root, "tools/x.py")
    assert (plan.edits, plan.refusals) == ((), ())
    assert notes(root, plan) == [
        "tools/x.py: no file declares its dependencies; install it where the program runs: "
        "`pip install 'unchunk>=0.1.0'`"
    ]


def test_repository_of_notebooks_only_is_told(tmp_path: Path) -> None:
    root = make(tmp_path, {"one.ipynb": "{}"})
    notebook = b'{"cells": [{"source": ["import unchunk"]}]}'
    assert len(declare({root / "one.ipynb": notebook}, NEEDED).notes) == 1


def test_projects_above_the_checkout_are_others(tmp_path: Path) -> None:
    make(tmp_path / "inner", {})
    (tmp_path / "requirements.txt").write_text("idna\n")
    assert planned(tmp_path / "inner").edits == ()


def test_without_a_checkout_the_home_folder_is_no_project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    (tmp_path / "requirements.txt").write_text("idna\n")
    (tmp_path / "job").mkdir()
    assert declare({tmp_path / "job" / "x.py": FIXED}, NEEDED).edits == ()
    assert len(declare({tmp_path / "x.py": FIXED}, NEEDED).edits) == 1


def test_nested_folder_without_a_checkout_finds_its_project(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text(PYPROJECT)
    (tmp_path / "src" / "a").mkdir(parents=True)
    assert len(declare({tmp_path / "src" / "a" / "x.py": FIXED}, NEEDED).edits) == 1


BESIDE = {
    "that repeats the package's list": ("idna\ncertifi\nblack\n", True, []),
    "that repeats it in other words": ("IDNA==3\nCertifi>=2\n", True, []),
    "that lists other things": (
        "idna\n",
        False,
        ["requirements.txt: left as it is: add `unchunk>=0.1.0` if the program is installed from it"],
    ),
    "that installs the package": ("-e .\nblack\n", False, []),
    "that installs the package with extras": (".[ai]\n", False, []),
    "that has it": ("unchunk\n", False, []),
}


@pytest.mark.parametrize(("text", "changed", "told"), BESIDE.values(), ids=BESIDE.keys())
def test_requirements_beside_a_package(text: str, changed: bool, told: list[str], tmp_path: Path) -> None:
    root = make(tmp_path, {"pyproject.toml": PYPROJECT, "requirements.txt": text})
    plan = planned(root)
    assert set(difference(root, plan)) == {"pyproject.toml", *(["requirements.txt"] if changed else [])}
    assert notes(root, plan) == told


def test_copy_of_the_list_that_cannot_be_edited_refuses_both(tmp_path: Path) -> None:
    root = make(
        tmp_path,
        {"pyproject.toml": PYPROJECT, "requirements.txt": "idna==3 --hash=sha256:0\ncertifi==2 --hash=sha256:1\n"},
    )
    plan = planned(root)
    assert plan.edits == ()
    assert refusals(root, plan)[0].startswith("requirements.txt:1: is in hash-checking mode")


def test_pipfile_and_requirements_are_reported_not_guessed(tmp_path: Path) -> None:
    root = make(tmp_path, {"Pipfile": "[packages]\n", "requirements.txt": "idna\n"})
    assert "several places could declare the dependency: Pipfile, requirements.txt" in refusals(root, planned(root))[0]


def test_program_and_tests_of_one_project_share_the_program_s_entry(tmp_path: Path) -> None:
    root = make(tmp_path, {"pyproject.toml": PYPROJECT + '[dependency-groups]\ntest = ["pytest"]\n'})
    assert difference(root, planned(root, "tests/test_a.py", "src/a.py")) == {"pyproject.toml": ITEM}


def test_two_projects_that_share_a_file_get_one_entry(tmp_path: Path) -> None:
    root = make(tmp_path, {"a/requirements.txt": "-r ../requirements.txt\n", "requirements.txt": "idna\n"})
    plan = planned(root, "x.py", "a/y.py")
    assert sum(len(lines) for lines in difference(root, plan).values()) == 2


def test_refusal_of_one_project_leaves_no_trace_and_the_other_project_its_entry(tmp_path: Path) -> None:
    root = make(tmp_path, {"a/setup.py": "setup(**x)\n", "b/requirements.txt": "idna\n"})
    plan = planned(root, "a/x.py", "b/y.py")
    assert difference(root, plan) == {"b/requirements.txt": ["+unchunk>=0.1.0"]}
    assert [refusal.sources for refusal in plan.refusals] == [(root / "a/x.py",)]


def test_read_only_file_is_refused(tmp_path: Path) -> None:
    root = make(tmp_path, {"requirements.txt": "idna\n"})
    (root / "requirements.txt").chmod(0o444)
    assert refusals(root, planned(root)) == [
        "requirements.txt: is read-only; make it writable, or add `unchunk>=0.1.0` there yourself"
    ]


def test_dependency_file_that_is_itself_fixed_gets_both_changes(tmp_path: Path) -> None:
    root = make(tmp_path, {"setup.py": "import json\nsetup(install_requires=['idna'])\n"})
    fixed = b"from unchunk import iter_json\nsetup(install_requires=['idna'])\n"
    (edit,) = declare({root / "setup.py": fixed}, NEEDED).edits
    assert edit.before == (root / "setup.py").read_bytes()
    assert edit.after == fixed.replace(b"'idna'", b"'idna', 'unchunk>=0.1.0'")
