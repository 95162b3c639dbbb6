r"""Values of names that are bound once, to a constant: `DELIMITER = b"\0"`."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TypeAlias

from unchunk.codemod.budget import budget

Scalar: TypeAlias = str | bytes | int | float
Constant: TypeAlias = Scalar | tuple[Scalar, ...] | frozenset[Scalar] | None
_MAX_PARTS = 50


class Constants:
    """The constants of a module, and of the functions in it."""

    def __init__(self, module: ast.Module) -> None:
        self.rebound = {
            name for node in ast.walk(module) if isinstance(node, (ast.Global, ast.Nonlocal)) for name in node.names
        }
        self._of_module = bindings(module)[1]
        self._seen: dict[tuple[ast.AST, ...], tuple[dict[str, Constant], dict[str, Constant]]] = {}

    def seen_from(self, around: Iterable[ast.AST]) -> tuple[dict[str, Constant], dict[str, Constant]]:
        """Return the module's constants, and those of the functions around a place, given innermost first."""
        functions = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)
        scopes = tuple(scope for scope in around if isinstance(scope, functions))
        if scopes not in self._seen:
            self._seen[scopes] = self._seen_in(scopes)
        return self._seen[scopes]

    def _seen_in(
        self, scopes: tuple[ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda, ...]
    ) -> tuple[dict[str, Constant], dict[str, Constant]]:
        local: dict[str, Constant] = {}
        hidden = set(self.rebound)
        for scope in scopes:
            bound, constant = bindings(scope)
            local = {name: value for name, value in constant.items() if name not in hidden} | local
            hidden |= bound
        if hidden.isdisjoint(self._of_module):
            return self._of_module, local
        return {name: value for name, value in self._of_module.items() if name not in hidden}, local


def constant_of(node: ast.expr, known: Mapping[str, Constant]) -> Constant:
    """Return the constant that an expression is, names or puts together; None where that is unknown."""
    match node:
        case ast.Constant(value=str() | bytes() | int() | float() as value):
            return value
        case ast.Name(id=name):
            return known.get(name)
        case ast.Tuple(elts=parts) | ast.List(elts=parts) | ast.Set(elts=parts):
            return _together(parts, known)
        case ast.Call(func=ast.Name(id="frozenset" | "set" | "tuple" | "list"), args=[parts], keywords=[]):
            found = constant_of(parts, known)
            return found if isinstance(found, (tuple, frozenset)) else None
    return None


def _together(nodes: Sequence[ast.expr], known: Mapping[str, Constant]) -> Constant:
    """Return the constants of a row, if each of them is one."""
    parts: list[Scalar] = []
    for node in nodes[: _MAX_PARTS + 1]:
        part = constant_of(node, known)
        if part is None or isinstance(part, (tuple, frozenset)):
            return None
        parts.append(part)
    return tuple(parts) if 0 < len(parts) <= _MAX_PARTS else None


def bindings(
    scope: ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda | ast.Module | ast.ClassDef,
) -> tuple[set[str], dict[str, Constant]]:
    """Return all names that a scope binds, and the values of those bound exactly once, to a constant.

    A list or set is as good as a constant under a name in capitals: nobody changes it.
    """
    times: dict[str, int] = {}
    values: dict[str, Constant] = {}
    for node in _own_nodes(scope):
        match node:
            case ast.Name(id=name, ctx=ast.Store() | ast.Del()):
                times[name] = times.get(name, 0) + 1
            case (
                ast.arg(arg=name)
                | ast.FunctionDef(name=name)
                | ast.AsyncFunctionDef(name=name)
                | ast.ClassDef(name=name)
            ):
                times[name] = times.get(name, 0) + 2
            case ast.alias(name=full, asname=asname):
                name = asname or full.partition(".")[0]
                times[name] = times.get(name, 0) + 2
            case (
                ast.ExceptHandler(name=str() as name)
                | ast.MatchAs(name=str() as name)
                | ast.MatchStar(name=str() as name)
            ):
                times[name] = times.get(name, 0) + 2
        match node:
            case ast.Assign(targets=targets, value=value):
                for target in targets:
                    values.update(_assigned(target, value))
            case ast.AnnAssign(target=target, value=ast.expr() as value):
                values.update(_assigned(target, value))
    return set(times), {name: value for name, value in values.items() if times[name] == 1}


def _assigned(target: ast.expr, value: ast.expr) -> Iterator[tuple[str, Constant]]:
    """Yield the names that an assignment binds to constants, unpacking tuples: `A, B = "a", "b"`."""
    match target, value:
        case ast.Name(id=name), _ if (constant := constant_of(value, {})) is not None:
            if not _may_change(value) or name.isupper():
                yield name, constant
        case ((ast.Tuple(elts=targets) | ast.List(elts=targets)), (ast.Tuple(elts=values) | ast.List(elts=values))):
            parts = [*targets, *values]
            if len(targets) == len(values) and not any(isinstance(part, ast.Starred) for part in parts):
                for one, other in zip(targets, values, strict=True):
                    yield from _assigned(one, other)


def _may_change(value: ast.expr) -> bool:
    match value:
        case ast.List() | ast.Set() | ast.Call(func=ast.Name(id="set" | "list")):
            return True
    return False


def _own_nodes(scope: ast.AST) -> list[ast.AST]:
    """Return the nodes of a scope, without the bodies of inner functions and classes."""
    found: list[ast.AST] = []
    pending = list(ast.iter_child_nodes(scope))
    while pending:
        node = pending.pop()
        budget.look()
        found.append(node)
        if not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda, ast.ClassDef)):
            pending += ast.iter_child_nodes(node)
    return found


def literal(constant: str | bytes) -> str:
    """Return a string or bytes as source code, in double quotes."""
    quoted = repr(constant)
    prefix = "b" if isinstance(constant, bytes) else ""
    body = quoted[len(prefix) + 1 : -1]
    if quoted[-1] == "'":
        body = body.replace("\\'", "'").replace('"', '\\"')
    return f'{prefix}"{_NUL.sub(_short_nul, body)}"'


_NUL = re.compile(r"(?<!\\)((?:\\\\)*)\\x00(?![0-7])")


def _short_nul(match: re.Match[str]) -> str:
    return rf"{match[1]}\0"
