"""Other uses of a receiver: where `sock.sendto(…)` is called, `sock.recv(n)` returns datagrams."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING

from .access_paths import access_path_of, method_call, root_of
from .outline import FunctionDef, stands_in
from .syntax import bound_names, own_statements
from .values import UserInstance, union_members

if TYPE_CHECKING:
    from .frames import Frame
    from .modules import Module


def receiver_is_used_with(node: ast.expr, words: tuple[str, ...], frame: Frame) -> bool:
    """Decide whether another method of the same receiver is called under one of these names, or with one of them as an
    argument.
    """
    if not any(map(frame.module.outline.words.contain, words)) and frame.owner is None:
        return False
    called = method_call(node)
    place = None if called is None else access_path_of(called.receiver)
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
    """Yield the scopes in which the same place means the same object: the function owning the name, with those inside
    it; the classes of an object; the functions sharing a global name.
    """
    root = root_of(place)
    owners = [value for value in union_members(frame.find(root)) if isinstance(value, UserInstance)]
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


def _classes(owners: list[UserInstance]) -> Iterator[tuple[Module, ast.AST]]:
    from .classes import lineage
    from .values import UserClass

    for owner in owners:
        for cls in lineage(owner.cls):
            if isinstance(cls, UserClass):
                yield cls.closure.frame.module, cls.node


def _names_of(function: FunctionDef) -> set[str]:
    """Return a function's local names."""
    arguments = function.args
    names = {item.arg for item in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs)}
    shared: set[str] = set()
    for statement in own_statements(function.body):
        if isinstance(statement, ast.Global | ast.Nonlocal):
            shared.update(statement.names)
        names.update(bound_names(statement))
    return names - shared
