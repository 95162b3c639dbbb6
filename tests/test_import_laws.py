"""Import laws: which room may import which, read from the imports themselves."""

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
    # The one service that all shells share.
    "checker": {"analysis", "project"},
    "command": {"checker", "analysis", "codemod", "project"},
    "project": {"analysis", "__init__"},
    "report": {"analysis"},
    "notebook": {"analysis", "codemod", "project"},
    "lsp": {"checker", "analysis", "codemod", "project", "report", "notebook", "__init__"},
    "cli": {"checker", "analysis", "campaign", "codemod", "project", "report", "notebook", "lsp", "stream", "__init__"},
    # A shell, too: it drives the services of `fix` over many trees.
    "campaign": {"cli", "analysis", "project", "report", "__init__"},
    "flake8_plugin": {"checker", "analysis", "project", "__init__"},
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

# The circles of today, imports inside functions and for type checkers counted: a list that only gets shorter.
CIRCLES = [
    {"codemod/blocks.py", "codemod/transformer.py"},
    {"project/config_files.py", "project/configuration.py"},
    {"testing/protocol.py", "testing/reporting.py"},
    {
        "analysis/flow/annotations.py",
        "analysis/flow/call_args.py",
        "analysis/flow/receiver_usage.py",
        "analysis/flow/builtins.py",
        "analysis/flow/callbacks.py",
        "analysis/flow/calls.py",
        "analysis/flow/classes.py",
        "analysis/flow/narrowing.py",
        "analysis/flow/data.py",
        "analysis/flow/reachability.py",
        "analysis/flow/expressions.py",
        "analysis/flow/frames.py",
        "analysis/flow/functions.py",
        "analysis/flow/iteration.py",
        "analysis/flow/loops.py",
        "analysis/flow/attributes.py",
        "analysis/flow/methods.py",
        "analysis/flow/modules.py",
        "analysis/flow/constant_folding.py",
        "analysis/flow/parse_calls.py",
        "analysis/flow/higher_order.py",
        "analysis/flow/selection.py",
        "analysis/flow/requests.py",
        "analysis/flow/context.py",
        "analysis/flow/call_key.py",
        "analysis/flow/catalog_rows.py",
        "analysis/flow/state.py",
        "analysis/flow/statements.py",
        "analysis/flow/exceptions.py",
        "analysis/flow/values.py",
    },
]


def imports(path: Path) -> Iterator[tuple[str, int, bool]]:
    """Yield every module that a file imports, absolute, with its line and whether only type checkers do."""
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


def test_the_command_that_serves_an_editor_is_the_only_one_to_import_the_server() -> None:
    lsp = HOUSE / "lsp"
    importing = {path for path in FILES if any(lsp in other.parents for other in _files_imported(path))}
    assert {path for path in importing if lsp not in path.parents} == {HOUSE / "cli" / "commands" / "lsp.py"}


def test_what_findings_are_silenced_is_decided_in_one_place() -> None:
    asking = {path for path in FILES if ".silences(" in path.read_text(encoding="utf-8")}
    assert asking == {HOUSE / "checker.py"}


def test_no_file_imports_itself_through_others() -> None:
    imported = {path: set(_files_imported(path)) for path in FILES}
    reached = {path: _reached(path, imported) for path in FILES}
    circles = {frozenset(other for other in reached[path] if path in reached[other]) for path in FILES} - {frozenset()}
    found = [{path.relative_to(HOUSE).as_posix() for path in circle} for circle in circles]
    new = [circle for circle in found if not any(circle <= known for known in CIRCLES)]
    assert not new, f"these import each other: {new}"
    opened = [known for known in CIRCLES if known not in found]
    assert not opened, f"no circle any more, or a smaller one: take it off the list: {opened}"


def _files_imported(path: Path) -> Iterator[Path]:
    for module, _, _ in imports(path):
        parts = module.split(".")
        for place in (HOUSE.joinpath(*parts[1:]), HOUSE.joinpath(*parts[1:-1])):
            found = next((file for file in (place.with_suffix(".py"), place / "__init__.py") if file.is_file()), None)
            if parts[0] == "unchunk" and found is not None:
                yield found
                break


def _reached(path: Path, imported: dict[Path, set[Path]]) -> set[Path]:
    found: set[Path] = set()
    pending = [path]
    while pending:
        new = imported[pending.pop()] - found
        found |= new
        pending += new
    return found


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
    """Yield the lines that start a program, or run a text."""
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
