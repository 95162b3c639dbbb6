"""Which room may import which: the laws of the house, read from the imports themselves."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

HOUSE = Path(__file__).parent.parent / "src" / "unchunk"

# What a room may import of ours besides itself; `__init__` is the package's own file.
ROOMS = {
    "stream": set(),
    "analysis": set(),
    # A rewrite is judged by what the runtime helper really does to a stream.
    "codemod": {"analysis", "stream"},
    "command": {"analysis", "codemod", "project"},
    "project": {"analysis", "__init__"},
    "report": {"analysis"},
    "notebook": {"analysis", "codemod", "project"},
    "lsp": {"cli", "analysis", "codemod", "project", "report", "notebook", "__init__"},
    "cli": {"analysis", "campaign", "codemod", "project", "report", "notebook", "lsp", "stream", "__init__"},
    # A shell, too: it drives the services of `fix` over many trees.
    "campaign": {"cli", "analysis", "project", "report", "__init__"},
    "flake8_plugin": {"analysis", "project", "__init__"},
    # What tests of other people import; it writes its findings in the formats of `check`.
    "testing": {"stream", "analysis", "report", "__init__"},
    "__main__": {"cli"},
    "__init__": {"stream"},
}
# What starts programs, and the only modules that do: git, with all that a scanned tree could bring along switched off;
# a campaign's own workers, and the command that its user verifies changes with.
STARTERS = {"subprocess", "pty", "popen2", "commands"}
STARTING = {
    "system",
    "popen",
    "startfile",
    "posix_spawn",
    "posix_spawnp",
    "create_subprocess_exec",
    "create_subprocess_shell",
}
EXECUTING = {"eval", "exec", "runpy", "pickle", "marshal", "shelve"}
STARTS_PROGRAMS = {HOUSE / "project" / "git.py", HOUSE / "campaign" / "processes.py"}
STANDARD_LIBRARY_ONLY = {"stream", "analysis", "__init__", "__main__"}

# Heavy packages, and the only rooms that may ever import them.
ONLY_IN = {
    "libcst": {"codemod", "command", "notebook"},
    "rich": {"report", "cli"},
    "jinja2": {"campaign"},
    "markupsafe": {"campaign"},
    "distributed": {"campaign"},
    "tomlkit": {"project"},
    "flake8": {"flake8_plugin"},
    "pygls": {"lsp"},
    "lsprotocol": {"lsp"},
    "pytest": {"testing"},
    "_pytest": {"testing"},
    "hypothesis": {"testing"},
}


def imports(path: Path) -> Iterator[tuple[str, int, bool]]:
    """Every module that a file imports, absolute, with its line and whether only type checkers do."""
    tree = ast.parse(path.read_bytes())
    for_types = {
        id(inner)
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test)
        for statement in node.body
        for inner in ast.walk(statement)
    }
    for node in ast.walk(tree):
        match node:
            case ast.Import(names=names):
                yield from ((name.name, node.lineno, id(node) in for_types) for name in names)
            case ast.ImportFrom(module=module, level=level, names=names):
                base = _absolute(path, module, level)
                yield from ((f"{base}.{name.name}", node.lineno, id(node) in for_types) for name in names)


def _absolute(path: Path, module: str | None, level: int) -> str:
    if level == 0:
        return module or ""
    package = ["unchunk", *path.relative_to(HOUSE).parent.parts]
    return ".".join([*package[: len(package) - level + 1], *([module] if module else [])])


def room_of(path: Path) -> str:
    if path == HOUSE / "codemod" / "command.py":
        return "command"  # LibCST's command is a shell, wherever its contract puts it
    return path.relative_to(HOUSE).parts[0].removesuffix(".py")


def _room_of_module(module: str) -> str:
    parts = module.split(".")
    inside = parts[1] if len(parts) > 1 else "__init__"
    is_room = (HOUSE / inside).is_dir() or (HOUSE / f"{inside}.py").is_file()
    return inside if is_room else "__init__"


FILES = sorted(HOUSE.rglob("*.py"))


def test_every_room_has_a_law() -> None:
    assert {room_of(path) for path in FILES} <= set(ROOMS)


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(HOUSE)))
def test_arrows_run_one_way(path: Path) -> None:
    room = room_of(path)
    allowed = ROOMS[room] | {room}
    strangers = [
        f"line {line}: {module}"
        for module, line, _ in imports(path)
        if module.split(".")[0] == "unchunk" and _room_of_module(module) not in allowed
    ]
    assert not strangers, f"{room} must not import {strangers}"


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(HOUSE)))
def test_third_parties_stay_where_they_belong(path: Path) -> None:
    room = room_of(path)
    for module, line, for_types in imports(path):
        top = module.split(".")[0]
        if top == "unchunk" or top in sys.stdlib_module_names or for_types:
            continue
        assert room not in STANDARD_LIBRARY_ONLY, f"line {line}: {room} is standard library only, not {top}"
        assert room in ONLY_IN.get(top, {room}), f"line {line}: {top} is not for {room}"


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(HOUSE)))
def test_few_modules_start_programs_and_none_runs_what_it_reads(path: Path) -> None:
    found = list(_starts(path))
    assert not found or path in STARTS_PROGRAMS, f"lines {found}: programs are started by these alone"


def _starts(path: Path) -> Iterator[int]:
    """The lines that start a program, or run a text."""
    yield from (line for module, line, _ in imports(path) if module.split(".")[0] in STARTERS | EXECUTING)
    for node in ast.walk(ast.parse(path.read_bytes())):
        match node:
            case ast.Call(func=ast.Name(id=name)) if name in EXECUTING:
                yield node.lineno
            case ast.Attribute(value=ast.Name(id="os" | "asyncio"), attr=name):
                if name in STARTING or name.startswith(("exec", "spawn")):
                    yield node.lineno


def test_starting_a_program_is_noticed(tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.py"
    wrong.write_text("import subprocess\nos.execv(a)\nos.system(a)\neval(a)\nre.compile(a)\nos.path.exists(a)\n")
    assert list(_starts(wrong)) == [1, 4, 2, 3]


def test_the_check_can_fail(tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.py"
    wrong.write_text("import os\nif TYPE_CHECKING:\n    import flake8\nfrom unchunk.cli.main import run\n")
    found = [(module, for_types) for module, _, for_types in imports(wrong)]
    assert found == [("os", False), ("unchunk.cli.main.run", False), ("flake8", True)]
