"""What else a program does with a thing: where it calls `sock.sendto(…)`, `sock.recv(n)` gives datagrams."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING

from .outline import FunctionDef, stands_in
from .places import method_call, place_of, root_of
from .syntax import bound_names, own_statements
from .values import Own, alternatives

if TYPE_CHECKING:
    from .frames import Frame
    from .modules import Module


def is_done_with(node: ast.expr, words: tuple[str, ...], frame: Frame) -> bool:
    """Whether a method of the very thing whose method is called at `node` is called under one of the names, or with one
    among its arguments.
    """
    if not any(map(frame.module.outline.words.contain, words)) and frame.owner is None:
        return False
    called = method_call(node)
    place = None if called is None else place_of(called.receiver)
    if place is None:
        return False
    return any(
        _says(module, scope, place, words) for module, scope in _scopes(place, frame) if _is_said(module, scope, words)
    )


def _is_said(module: Module, scope: ast.AST, words: tuple[str, ...]) -> bool:
    aliases = [alias for alias, name in module.syntax.imported_as.items() if name in words]
    lines = module.outline.words.lines_of_any([*words, *aliases])
    return bool(lines) and (isinstance(scope, ast.Module) or stands_in(lines, scope))


def _says(module: Module, scope: ast.AST, place: str, words: tuple[str, ...]) -> bool:
    return not module.syntax.doings(scope).get(place, frozenset()).isdisjoint(words)


def _scopes(place: str, frame: Frame) -> Iterator[tuple[Module, ast.AST]]:
    """Where the same place stands for the same thing: the function whose name it is, with those inside it; the classes
    of an object; the functions that share a global name.
    """
    root = root_of(place)
    owners = [value for value in alternatives(frame.find(root)) if isinstance(value, Own)]
    if owners:
        yield from _classes(owners)
        return
    around = frame
    while around.state.find(root) is None and around.closure is not None:
        around = around.closure.frame
    if not isinstance(around.node, ast.Module):
        yield around.module, around.node
        return
    for statement in own_statements(around.node.body):
        if isinstance(statement, FunctionDef):
            if root not in _names_of(statement):
                yield around.module, statement
        elif not isinstance(statement, ast.ClassDef):
            yield around.module, statement


def _classes(owners: list[Own]) -> Iterator[tuple[Module, ast.AST]]:
    from .classes import lineage
    from .values import OwnClass

    for owner in owners:
        for cls in lineage(owner.cls):
            if isinstance(cls, OwnClass):
                yield cls.closure.frame.module, cls.node


def _names_of(function: FunctionDef) -> set[str]:
    """The names that are a function's own."""
    arguments = function.args
    names = {item.arg for item in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs)}
    shared: set[str] = set()
    for statement in own_statements(function.body):
        if isinstance(statement, ast.Global | ast.Nonlocal):
            shared.update(statement.names)
        names.update(bound_names(statement))
    return names - shared
