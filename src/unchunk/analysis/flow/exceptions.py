"""`try` statements: a handler starts from any state that the body may have reached."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING

from .access_paths import path_keys_of
from .attributes import AS_DATA
from .expressions import evaluate
from .frames import TryGuard
from .statements import execute
from .values import UNKNOWN, join

if TYPE_CHECKING:
    from .frames import Frame
    from .modules import Module
    from .state import Bindings, Branch, State

CATCHES_PARSE_ERRORS = frozenset(
    (
        "ValueError",
        "JSONDecodeError",
        "Exception",
        "BaseException",
        "ValidationError",
        "DecodeError",
        "UnicodeDecodeError",
    )
)
QUIET = frozenset(
    ("debug", "info", "warning", "warn", "error", "exception", "log", "print", "critical", "sleep", "write")
)


def run_try(node: ast.Try, frame: Frame) -> None:
    base = frame.state
    raised: Bindings = {}
    after = _body(node, raised, base, frame)
    ways: list[Branch] = []
    if after.alive:
        ways.append(after.way(base))
    for handler in node.handlers:
        _handle(handler, raised, base, ways, frame)
    frame.state = base
    if not node.finalbody:
        base.merge(ways)
        return
    _finally(node, raised, ways, base, frame)


def _body(node: ast.Try, raised: Bindings, base: State, frame: Frame) -> State:
    """Execute the body and its `else`."""
    frame.state = state = base.fork()
    guards = frame.guards
    module = frame.module
    if catches_parse_errors(node, module):
        frame.guards = (*guards, TryGuard(node, swallows(node, module), is_silent(node, module)))
    frame.raising.append(raised)
    try:
        execute(node.body, frame)
    finally:
        frame.raising.pop()
        frame.guards = guards
    if state.alive:
        execute(node.orelse, frame)
    return state


def _handle(handler: ast.ExceptHandler, raised: Bindings, base: State, ways: list[Branch], frame: Frame) -> None:
    frame.state = state = base.fork()
    _may_have_happened(raised, base, state)
    if handler.type is not None:
        evaluate(handler.type, frame)
    if handler.name is not None:
        frame.assign(handler.name, UNKNOWN)
    execute(handler.body, frame)
    if state.alive:
        ways.append(state.way(base))


def _may_have_happened(raised: Bindings, base: State, state: State) -> None:
    # Joined with the value before, since the exception may have come before the assignment as well as behind it.
    for name, value in raised.items():
        before = base.find(name)
        state.set(name, value if before is None else join(before, value))


def _finally(node: ast.Try, raised: Bindings, ways: list[Branch], base: State, frame: Frame) -> None:
    """Execute `finally` on every branch, also where nothing continues behind it."""
    if not ways:  # every branch leaves, but parse calls in the `finally` are reached all the same
        frame.state = state = base.fork()
        _may_have_happened(raised, base, state)
        execute(node.finalbody, frame)
        frame.state = base
        base.alive = False
        return
    base.merge(ways)
    execute(node.finalbody, frame)


def catches_parse_errors(node: ast.Try, module: Module) -> bool:
    """Decide whether a handler catches what a parser raises."""
    return any(_takes(handler, module) for handler in node.handlers)


def _takes(handler: ast.ExceptHandler, module: Module) -> bool:
    if handler.type is None:
        return True
    types = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
    names = map(_last_name, types)
    return any(module.syntax.imported_as.get(name, name) in CATCHES_PARSE_ERRORS for name in names)


def _last_name(node: ast.expr) -> str:
    match node:
        case ast.Attribute(attr=name) | ast.Name(id=name):
            return name
        case _:
            return ""


def swallows(node: ast.Try, module: Module) -> bool:
    """Decide whether the handler of a parse error drops the data: it only passes, continues, or logs."""
    for handler in node.handlers:
        if _takes(handler, module):
            return all(_is_quiet(statement) for statement in handler.body)
    return False


def is_silent(node: ast.Try, module: Module) -> bool:
    """Decide whether the handler of a parse error has no visible effect."""
    taking = next((handler for handler in node.handlers if _takes(handler, module)), None)
    return taking is not None and all(_does_nothing(statement) for statement in taking.body)


def _does_nothing(statement: ast.stmt) -> bool:
    match statement:
        case ast.Pass() | ast.Continue() | ast.Expr(value=ast.Constant()):
            return True
        case _:
            return False


def _is_quiet(statement: ast.stmt) -> bool:
    match statement:
        case ast.Expr(value=ast.Call(func=function)):
            return _last_name(function) in QUIET
        case _:
            return _does_nothing(statement)


def goes_on(handler: ast.ExceptHandler, ways: set[tuple[str, ...]], module: Module) -> bool:
    """Decide whether a handler of a parse error uses the data reached by one of some paths, other than to complain: the
    object itself, a part of it, or all of what contains it.
    """
    if not _takes(handler, module):
        return False
    used = {
        thing
        for statement in handler.body
        if not isinstance(statement, ast.Raise) and not _is_quiet(statement)
        for thing in things_used(statement)
    }
    return any(thing[: len(way)] == way[: len(thing)] for thing in used for way in ways)


def things_used(node: ast.AST) -> Iterator[tuple[str, ...]]:
    """Yield the paths of the objects that some code uses: of `event.id` the identity, not the event."""
    match node:
        case ast.Call(func=ast.Attribute(value=owner, attr=name)) if name in AS_DATA:
            yield from things_used(owner)
        case ast.Call(func=ast.Name(), args=arguments, keywords=keywords):
            for argument in (*arguments, *keywords):
                yield from things_used(argument)
        case ast.expr() if way := path_keys_of(node):
            if not isinstance(getattr(node, "ctx", None), ast.Store):
                yield way
            for part in ast.walk(node):
                if isinstance(part, ast.Subscript):
                    yield from things_used(part.slice)
        case _:
            for inner in ast.iter_child_nodes(node):
                yield from things_used(inner)
