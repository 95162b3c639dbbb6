"""What names stand for that are bound once, to a constant: `DELIMITER = b"\\0"`."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from typing import TypeAlias

from unchunk.codemod.syntax import Tree

Constant: TypeAlias = str | bytes | int | float | None


def constants_around(tree: Tree, node: ast.AST) -> tuple[dict[str, Constant], dict[str, Constant]]:
    """The constant names that a node sees: those of its module, and those of the functions around it."""
    elsewhere = {
        name for part in ast.walk(tree.module) if isinstance(part, (ast.Global, ast.Nonlocal)) for name in part.names
    }
    local: dict[str, Constant] = {}
    hidden = set(elsewhere)
    for scope in tree.above(node):
        if isinstance(scope, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)):
            bound, constant = _bindings(scope)
            local = {name: value for name, value in constant.items() if name not in hidden} | local
            hidden |= bound
    _, of_module = _bindings(tree.module)
    return {name: value for name, value in of_module.items() if name not in hidden}, local


def constant_of(node: ast.expr, known: Mapping[str, Constant]) -> Constant:
    """The constant that an expression is or names; None where it is neither."""
    match node:
        case ast.Constant(value=str() | bytes() | int() | float() as value):
            return value
        case ast.Name(id=name):
            return known.get(name)
    return None


def _bindings(
    scope: ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda | ast.Module,
) -> tuple[set[str], dict[str, Constant]]:
    """All names that a scope binds, and the values of those that it binds just once, to a constant."""
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
            case (
                ast.Assign(
                    targets=[ast.Name(id=name)], value=ast.Constant(value=str() | bytes() | int() | float() as value)
                )
                | ast.AnnAssign(
                    target=ast.Name(id=name), value=ast.Constant(value=str() | bytes() | int() | float() as value)
                )
            ):
                values[name] = value
    return set(times), {name: value for name, value in values.items() if times[name] == 1}


def _own_nodes(scope: ast.AST) -> list[ast.AST]:
    """The nodes of a scope, without what is inside the functions and classes that it defines."""
    found: list[ast.AST] = []
    pending = list(ast.iter_child_nodes(scope))
    while pending:
        node = pending.pop()
        found.append(node)
        if not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda, ast.ClassDef)):
            pending += ast.iter_child_nodes(node)
    return found
