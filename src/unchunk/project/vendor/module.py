"""The runtime helper as one module: the modules of `unchunk.stream` one after another, each behind those it needs."""

from __future__ import annotations

import ast
import hashlib
import re
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter
from importlib.metadata import PackageNotFoundError, distribution
from importlib.resources import files

_WIDTH = 88  # what formatters keep to when nobody tells them otherwise
_PACKAGE = "unchunk"
_MARK = re.compile(rf"# Copied from {_PACKAGE} (?P<version>\S+) by ")
_HEADING = """\
# Copied from {package} {version} by `{package} fix --vendor`, which also updates it: do not edit.
# Fingerprint: {fingerprint}
# fmt: off
# flake8: noqa
# ruff: noqa"""
_FINGERPRINT = re.compile(r"^# Fingerprint: (\w+)\r?$", re.MULTILINE)
_OWN_LOGGER = re.compile(r'getLogger\("unchunk"\)')
_TOLD_TESTING = re.compile(r'"unchunk\.testing\.tap[^"]*"')
_OWN_TESTING = '"a file with the chunks of this stream, and where they were cut, makes a test of it"'
_TOLD_LOGGER = re.compile(r"the\s+logger\s+`unchunk`")


class NotOneModule(Exception):
    """The helper's modules cannot be joined into one. A fault in them, for their own tests to find."""


def generate(version: str) -> str:
    """Return the source of the helper as one module, with its version and licence at the top.

    Raises:
        NotOneModule: two modules give one name to different things, need each other in a circle, or import what cannot
            be carried along.
    """
    package = ast.parse(_source("__init__.py"))
    homes = _homes(package)
    modules = _in_order(_reachable(set(homes.values())))
    _check_names(modules)
    parts = [
        f'"""{ast.get_docstring(package)}"""\n',
        _imports(modules),
        _public(sorted(homes)),
        *(f"\n{body}" for body in _bodies(modules)),
    ]
    return sealed("\n".join(parts).rstrip("\n") + "\n", version)


def sealed(program: str, version: str) -> str:
    """Return the program below a heading with its version, its fingerprint and its licence."""
    return f"{_heading(version, fingerprint(program))}\n\n{program}"


def is_as_copied(source: str) -> bool:
    """Decide whether a generated module is unchanged since it was copied; False where that is unknown."""
    noted = _FINGERPRINT.search(source)
    try:
        return noted is not None and noted[1] == fingerprint(source)
    except (SyntaxError, ValueError):
        return False


def fingerprint(program: str) -> str:
    """Return a program's fingerprint: the same under every version of Python, whatever its layout and comments.

    Raises:
        SyntaxError, ValueError: it is no program.
    """
    return hashlib.sha256(_shape(ast.parse(program)).encode()).hexdigest()[:16]


def _shape(value: object) -> str:
    """Return a syntax tree in words, without the empty fields that newer versions of Python add to it."""
    if isinstance(value, ast.AST):
        fields = (f"{name}={_shape(field)}" for name, field in ast.iter_fields(value) if field not in (None, []))
        return f"{type(value).__name__}({','.join(fields)})"
    if isinstance(value, list):
        return f"[{','.join(map(_shape, value))}]"
    return repr(value)


def version_of(source: str) -> str | None:
    """Return the version that a generated module was copied from; None for other modules."""
    match = _MARK.match(source)
    return match["version"] if match else None


def same_program(one: str, other: str) -> bool:
    """Decide whether two sources differ at most in their layout and comments, as a formatter leaves them."""
    try:
        return ast.dump(ast.parse(one)) == ast.dump(ast.parse(other))
    except (SyntaxError, ValueError):
        return False


@dataclass(frozen=True, slots=True)
class _Module:
    """One module of the helper, taken apart.

    Attributes:
        needs: the modules it imports from when it is loaded.
        imports: what it imports from elsewhere: module to names, the empty name for the module itself.
        statements: its other statements, each with the comments above it, and the blank lines above those.
        names: what it binds at the top, each with what it is bound to.
    """

    name: str
    docstring: str
    needs: frozenset[str]
    imports: Mapping[str, frozenset[str]]
    statements: tuple[tuple[int, str], ...]
    names: Mapping[str, str]


def _read(name: str) -> _Module:
    source = _source("stream", f"{name}.py")
    tree = ast.parse(source)
    needs: set[str] = set()
    imports: dict[str, set[str]] = {}
    kept: list[ast.stmt] = []
    for node in tree.body:
        match node:
            case ast.Expr() if node is tree.body[0]:
                pass
            case ast.ImportFrom(level=1, module=str(needed)):
                _plain(name, node)
                needs.add(needed)
            case ast.ImportFrom(level=0, module=str(module)):
                imports.setdefault(module, set()).update(_plain(name, node))
            case ast.Import():
                for module in _plain(name, node):
                    imports.setdefault(module, set()).add("")
            case ast.ImportFrom():
                raise NotOneModule(f"{name}:{node.lineno}: only `from .module import name` can be carried along")
            case _:
                kept.append(node)
    return _Module(
        name,
        (ast.get_docstring(tree) or "").partition("\n")[0],
        frozenset(needs),
        {module: frozenset(names) for module, names in imports.items()},
        tuple(_statements(name, source, tree, kept)),
        {bound: ast.unparse(node) for node in kept for bound in _bound(node)},
    )


def _statements(name: str, source: str, tree: ast.Module, kept: Sequence[ast.stmt]) -> Iterator[tuple[int, str]]:
    """Yield the source of the statements, each with the comment lines right above it, and the blank lines above
    that.
    """
    lines = source.splitlines()
    previous = 0
    for node in tree.body:
        start = min([node.lineno, *(each.lineno for each in getattr(node, "decorator_list", []))])
        while start - 1 > previous and lines[start - 2].startswith("#"):
            start -= 1
        blank = sum(not line.strip() for line in lines[previous : start - 1])
        previous = node.end_lineno or node.lineno
        if node in kept:
            _refuse_inner_imports(name, node)
            text = "\n".join(lines[start - 1 : previous])
            text = _TOLD_TESTING.sub(_OWN_TESTING, text)
            yield blank, _TOLD_LOGGER.sub("this module's logger", _OWN_LOGGER.sub("getLogger(__name__)", text))


def _refuse_inner_imports(name: str, node: ast.stmt) -> None:
    for inner in ast.walk(node):
        if isinstance(inner, ast.ImportFrom) and inner.level:
            raise NotOneModule(f"{name}:{inner.lineno}: an import of a neighbour below the top cannot be carried along")


def _source(*names: str) -> str:
    return files(_PACKAGE).joinpath(*names).read_text(encoding="utf-8")


def _homes(package: ast.Module) -> dict[str, str]:
    """Return the public names with their modules, as the package declares them to type checkers."""
    return {
        alias.name: node.module.removeprefix("stream.")
        for node in ast.walk(package)
        if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("stream.")
        for alias in node.names
    }


def _reachable(names: set[str]) -> dict[str, _Module]:
    """Return the modules of these names, and those that they need."""
    found: dict[str, _Module] = {}
    waiting = set(names)
    while waiting:
        name = waiting.pop()
        found[name] = _read(name)
        waiting |= found[name].needs - set(found)
    return found


def _in_order(modules: Mapping[str, _Module]) -> list[_Module]:
    """Return the modules, each after those that it needs."""
    graph = TopologicalSorter({name: sorted(modules[name].needs) for name in sorted(modules)})
    try:
        return [modules[name] for name in graph.static_order()]
    except CycleError as error:
        raise NotOneModule(f"the modules need each other: {error.args[1]}") from error


def _plain(name: str, node: ast.Import | ast.ImportFrom) -> list[str]:
    for alias in node.names:
        if alias.asname is not None or alias.name == "*":
            raise NotOneModule(f"{name}:{node.lineno}: an import under another name cannot be carried along")
        if isinstance(node, ast.ImportFrom) and node.level:
            continue
        module = (isinstance(node, ast.ImportFrom) and node.module) or alias.name
        if module.partition(".")[0] not in {*sys.stdlib_module_names, "__future__"}:
            raise NotOneModule(f"{name}:{node.lineno}: {module} is not in the standard library")
    return [alias.name for alias in node.names]


def _bound(node: ast.stmt) -> Iterator[str]:
    match node:
        case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
            yield name
        case ast.Assign(targets=targets):
            yield from (each.id for target in targets for each in ast.walk(target) if isinstance(each, ast.Name))
        case ast.AnnAssign(target=ast.Name(id=name)):
            yield name


def _check_names(modules: Sequence[_Module]) -> None:
    """Raise if a name would mean two things."""
    seen: dict[str, tuple[str, str]] = {}
    for module in modules:
        imported = {name or of: f"of {of}" for of, names in module.imports.items() for name in names}
        for bound, meaning in (*imported.items(), *module.names.items()):
            home, known = seen.setdefault(bound, (module.name, meaning))
            if known != meaning:
                raise NotOneModule(f"{bound} is one thing in {home} and another in {module.name}")


def _heading(version: str, fingerprint: str) -> str:
    licence = [f"# {line}".rstrip() for line in _licence().strip().splitlines()]
    return "\n".join([_HEADING.format(package=_PACKAGE, version=version, fingerprint=fingerprint), "#", *licence])


def _licence() -> str:
    """Return the licence's text as it is installed; its name where the installation lacks the text."""
    try:
        text = distribution(_PACKAGE).read_text("licenses/LICENSE")
    except PackageNotFoundError:
        text = None
    return text or "SPDX-License-Identifier: MIT"


def _imports(modules: Sequence[_Module]) -> str:
    """Return all imports, in the order of isort and Ruff."""
    merged: dict[str, set[str]] = {}
    for module in modules:
        for name, names in module.imports.items():
            merged.setdefault(name, set()).update(names)
    future = merged.pop("__future__", set())
    whole = [f"import {name}" for name in sorted(merged) if "" in merged[name]]
    parts = [_from(name, merged[name] - {""}) for name in sorted(merged) if merged[name] - {""}]
    return "\n".join([_from("__future__", future), "", *whole, *parts, ""])


def _from(module: str, names: Iterable[str]) -> str:
    ordered = sorted(names, key=lambda name: (not name.isupper(), not name[0].isupper(), name))
    line = f"from {module} import {', '.join(ordered)}"
    if len(line) <= _WIDTH:
        return line
    return "\n".join([f"from {module} import (", *(f"    {name}," for name in ordered), ")"])


def _public(names: Sequence[str]) -> str:
    return "\n".join(["__all__ = [", *(f'    "{name}",' for name in names), "]"])


def _bodies(modules: Sequence[_Module]) -> Iterator[str]:
    """Yield the modules' statements under a heading each; what two of them define alike stands once."""
    given: set[str] = set()
    for module in modules:
        parts = [f"\n# --- {module.docstring}\n"]
        for blank, statement in module.statements:
            if statement in given:
                continue
            given.add(statement)
            parts.append("\n" * (blank if len(parts) > 1 else blank - 1) + statement)
        yield "\n".join(parts)
