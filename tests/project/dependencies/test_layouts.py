"""Projects as their tools create them: where the dependency goes, and that nothing else moves.

The layouts are created by `make_layouts.py`; `TOOLS.txt` beside them says with which versions.
"""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest

from .make_layouts import LAYOUTS, LAYOUTS_FOLDER, ToolFailed, create, search_path
from .projects import apply, difference, make, planned


@dataclass(frozen=True)
class Case:
    """A fixed file of a layout, the lines that change, and the commands that the person is told to run."""

    layout: str
    source: str
    changed: dict[str, list[str]]
    commands: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"{self.layout}:{self.source}"


_ITEM = ['+    "unchunk>=0.1.0",']
_POETRY_ITEM = ['-    "idna (>=3.20,<4.0)"', '+    "idna (>=3.20,<4.0)",', '+    "unchunk (>=0.1.0)"']
_COMPILE = "pip-compile --no-emit-find-links --no-emit-index-url"
_EMPTY = ["-dependencies = []", '+dependencies = ["unchunk>=0.1.0"]']

CASES = [
    Case("uv-app", "main.py", {"pyproject.toml": _ITEM}, ("uv lock",)),
    Case("uv-app-empty", "main.py", {"pyproject.toml": _EMPTY}),
    Case("uv-lib", "src/demo/stream.py", {"pyproject.toml": _ITEM}, ("uv lock",)),
    Case("uv-lib", "tests/test_stream.py", {"pyproject.toml": _ITEM}, ("uv lock",)),
    Case("uv-package-groups", "src/demo/stream.py", {"pyproject.toml": _ITEM}, ("uv lock",)),
    Case("uv-package-groups", "tests/conftest.py", {"pyproject.toml": _ITEM}, ("uv lock",)),
    Case("uv-extras", "src/demo/stream.py", {"pyproject.toml": _ITEM}, ("uv lock",)),
    Case("uv-extras", "src/demo/tests/test_stream.py", {"pyproject.toml": _ITEM}, ("uv lock",)),
    Case("uv-workspace", "main.py", {"pyproject.toml": _EMPTY}, ("uv lock",)),
    Case("uv-workspace", "packages/alpha/src/alpha/a.py", {"packages/alpha/pyproject.toml": _ITEM}, ("uv lock",)),
    Case("uv-workspace", "packages/beta/src/beta/b.py", {"packages/beta/pyproject.toml": _ITEM}, ("uv lock",)),
    Case(
        "uv-pip-compile",
        "main.py",
        {"requirements.in": ["+unchunk>=0.1.0"]},
        ("uv pip compile requirements.in -o requirements.txt",),
    ),
    Case(
        "uv-export-hashes",
        "src/demo/stream.py",
        {"pyproject.toml": _ITEM},
        ("uv lock", "uv export --format requirements-txt -o requirements.txt"),
    ),
    Case("poetry-src", "src/demo/stream.py", {"pyproject.toml": _POETRY_ITEM}, ("poetry lock",)),
    Case(
        "poetry-flat-group",
        "demo/stream.py",
        {
            "pyproject.toml": [
                '-    "certifi (>=2026.10.18,<2027.0.0)"',
                '+    "certifi (>=2026.10.18,<2027.0.0)",',
                '+    "unchunk (>=0.1.0)"',
            ]
        },
        ("poetry lock",),
    ),
    Case(
        "poetry-flat-group",
        "tests/test_stream.py",
        {
            "pyproject.toml": [
                '-    "iniconfig (>=2.3.1,<3.0.0)"',
                '+    "iniconfig (>=2.3.1,<3.0.0)",',
                '+    "unchunk (>=0.1.0)"',
            ]
        },
        ("poetry lock",),
    ),
    Case(
        "poetry-export",
        "src/demo/stream.py",
        {"pyproject.toml": _POETRY_ITEM},
        ("poetry lock", "poetry export -o requirements.txt"),
    ),
    Case(
        "pipenv-export",
        "main.py",
        {"Pipfile": ['+unchunk = ">=0.1.0"']},
        ("pipenv lock", "pipenv requirements > requirements.txt"),
    ),
    Case("poetry1", "demo/stream.py", {"pyproject.toml": ['+unchunk = ">=0.1.0"']}, ("poetry lock --no-update",)),
    Case("poetry1-dev", "src/demo/a.py", {"pyproject.toml": ['+unchunk = ">=0.1.0"']}, ("poetry lock --no-update",)),
    Case("poetry1-dev", "tests/test_a.py", {"pyproject.toml": ['+unchunk = ">=0.1.0"']}, ("poetry lock --no-update",)),
    Case(
        "pdm-app",
        "src/main.py",
        {"pyproject.toml": ['-dependencies = ["idna>=3.20"]', '+dependencies = ["idna>=3.20", "unchunk>=0.1.0"]']},
        ("pdm lock --update-reuse",),
    ),
    Case("pdm-lib-groups", "tests/test_a.py", {"pyproject.toml": _ITEM}, ("pdm lock --update-reuse",)),
    Case("hatch-lib", "src/demo/stream.py", {"pyproject.toml": _EMPTY}),
    Case("hatch-env", "tests/test_stream.py", {"pyproject.toml": ['+  "unchunk>=0.1.0",']}),
    Case("flit", "demo.py", {"pyproject.toml": ["+dependencies = [", '+    "unchunk>=0.1.0",', "+]"]}),
    Case("pip-tools", "main.py", {"requirements.in": ["+unchunk>=0.1.0"]}, (f"{_COMPILE} requirements.in",)),
    Case(
        "pip-tools-hashes",
        "main.py",
        {"requirements.in": ["+unchunk>=0.1.0"]},
        ("pip-compile --generate-hashes --no-emit-find-links --no-emit-index-url",),
    ),
    Case(
        "pip-tools-layered",
        "main.py",
        {"requirements/base.in": ["+unchunk>=0.1.0"]},
        tuple(f"{_COMPILE} requirements/{name}.in" for name in ("base", "prod", "test")),
    ),
    Case(
        "pip-tools-layered",
        "tests/test_main.py",
        {"requirements/test.in": ["+unchunk>=0.1.0"]},
        (f"{_COMPILE} requirements/test.in",),
    ),
    Case(
        "pip-tools-pyproject",
        "demo.py",
        {
            "pyproject.toml": [
                '-dependencies = ["idna", "certifi"]',
                '+dependencies = ["idna", "certifi", "unchunk>=0.1.0"]',
            ]
        },
        (f"{_COMPILE} --output-file=requirements.txt pyproject.toml",),
    ),
    Case("pip-freeze", "main.py", {"requirements.txt": ["+unchunk>=0.1.0"]}),
    Case("pipenv", "main.py", {"Pipfile": ['+unchunk = ">=0.1.0"']}, ("pipenv lock",)),
    Case("pipenv-dev", "main.py", {"Pipfile": ['+unchunk = ">=0.1.0"']}, ("pipenv lock",)),
    Case("pipenv-dev", "tests/test_main.py", {"Pipfile": ['+unchunk = ">=0.1.0"']}, ("pipenv lock",)),
    Case("pyscaffold", "src/demo/stream.py", {"setup.cfg": ["+    unchunk>=0.1.0"]}),
    Case("pyscaffold", "tests/test_stream.py", {"setup.cfg": ["+    unchunk>=0.1.0"]}),
]

NOT_BY_SOURCE = {"uv-script"}  # the script is its own dependency file: see test_inline_script.py


def layout(name: str, folder: Path, newline: bytes = b"\n") -> Path:
    """Return a copy of a layout, as a checkout of its own."""
    root = folder / "demo"
    shutil.copytree(LAYOUTS_FOLDER / name, root)
    for path in root.rglob("*"):
        if path.is_file():
            path.write_bytes(path.read_bytes().replace(b"\n", newline))
    return make(root, {})


@pytest.mark.parametrize("case", CASES, ids=str)
def test_entry_goes_where_the_tool_would_put_it_and_the_lock_files_command_is_told(case: Case, tmp_path: Path) -> None:
    root = layout(case.layout, tmp_path)
    plan = planned(root, case.source)
    assert not plan.refusals
    assert difference(root, plan) == case.changed
    assert tuple(note.command for note in plan.notes if note.command) == case.commands


@pytest.mark.parametrize("case", CASES, ids=str)
def test_second_run_changes_nothing(case: Case, tmp_path: Path) -> None:
    root = layout(case.layout, tmp_path)
    apply(planned(root, case.source))
    again = planned(root, case.source)
    assert (again.edits, again.refusals) == ((), ())


@pytest.mark.parametrize("case", CASES, ids=str)
def test_line_ends_of_the_file_are_those_of_the_entry(case: Case, tmp_path: Path) -> None:
    plan = planned(layout(case.layout, tmp_path / "unix"), case.source)
    windows = planned(layout(case.layout, tmp_path / "windows", b"\r\n"), case.source)
    assert [edit.after for edit in windows.edits] == [edit.after.replace(b"\n", b"\r\n") for edit in plan.edits]


def test_every_layout_is_looked_at() -> None:
    assert {case.layout for case in CASES} | NOT_BY_SOURCE == set(LAYOUTS)
    assert {path.name for path in LAYOUTS_FOLDER.iterdir() if path.is_dir()} == set(LAYOUTS)


@pytest.mark.parametrize("case", [case for case in CASES if case.layout in ("uv-app-empty", "uv-workspace")], ids=str)
def test_project_that_the_tool_creates_now_is_taken_as_well(case: Case, tmp_path: Path) -> None:
    if shutil.which("uv", path=search_path()) is None:
        pytest.skip("uv is not installed")
    try:
        root = make(create(case.layout, tmp_path, None), {})
    except ToolFailed as error:
        pytest.skip(f"no package index: {error}")
    (edit,) = planned(root, case.source).edits
    assert edit.path.relative_to(root).as_posix() in case.changed
    assert edit.after != edit.before
