"""`try`: a handler starts from anything that the body may have done by then."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING

from .expressions import evaluate
from .frames import Guard
from .members import AS_DATA
from .places import way_to
from .statements import execute
from .values import UNKNOWN, join

if TYPE_CHECKING:
    from .frames import Frame
    from .modules import Module
    from .state import Changes, State, Way

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
    raised: Changes = {}
    after = _body(node, raised, base, frame)
    ways: list[Way] = []
    if after.alive:
        ways.append(after.way(base))
    for handler in node.handlers:
        _handle(handler, raised, base, ways, frame)
    frame.state = base
    if not node.finalbody:
        base.merge(ways)
        return
    _finally(node, raised, ways, base, frame)


def _body(node: ast.Try, raised: Changes, base: State, frame: Frame) -> State:
    """The body and its `else`."""
    frame.state = state = base.fork()
    guards = frame.guards
    module = frame.module
    if catches_parse_errors(node, module):
        frame.guards = (*guards, Guard(node, swallows(node, module), is_silent(node, module)))
    frame.raising.append(raised)
    try:
        execute(node.body, frame)
    finally:
        frame.raising.pop()
        frame.guards = guards
    if state.alive:
        execute(node.orelse, frame)
    return state


def _handle(handler: ast.ExceptHandler, raised: Changes, base: State, ways: list[Way], frame: Frame) -> None:
    frame.state = state = base.fork()
    _may_have_happened(raised, base, state)
    if handler.type is not None:
        evaluate(handler.type, frame)
    if handler.name is not None:
        frame.assign(handler.name, UNKNOWN)
    execute(handler.body, frame)
    if state.alive:
        ways.append(state.way(base))


def _may_have_happened(raised: Changes, base: State, state: State) -> None:
    # Joined with the value before, since the exception may have come before the assignment as well as behind it.
    for name, value in raised.items():
        before = base.find(name)
        state.set(name, value if before is None else join(before, value))


def _finally(node: ast.Try, raised: Changes, ways: list[Way], base: State, frame: Frame) -> None:
    """`finally` runs on every way, also where nothing goes on behind it."""
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
    """Whether a handler takes what a parser raises."""
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
    """Whether the handler that takes a parse error drops the data: it only passes, goes on, or logs."""
    for handler in node.handlers:
        if _takes(handler, module):
            return all(_is_quiet(statement) for statement in handler.body)
    return False


def is_silent(node: ast.Try, module: Module) -> bool:
    """Whether the handler that takes a parse error does nothing that anyone could see."""
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
    """Whether a handler that takes a parse error does something with what is reached by one of some ways, other than
    to complain: with the thing itself, with something made from it, or with all of what it lies in.
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
    """The things that some code makes use of, by the way to each: of `event.id` it is the identity, not the event."""
    match node:
        case ast.Call(func=ast.Attribute(value=owner, attr=name)) if name in AS_DATA:
            yield from things_used(owner)
        case ast.Call(func=ast.Name(), args=arguments, keywords=keywords):
            for argument in (*arguments, *keywords):
                yield from things_used(argument)
        case ast.expr() if way := way_to(node):
            if not isinstance(getattr(node, "ctx", None), ast.Store):
                yield way
            for part in ast.walk(node):
                if isinstance(part, ast.Subscript):
                    yield from things_used(part.slice)
        case _:
            for inner in ast.iter_child_nodes(node):
                yield from things_used(inner)
