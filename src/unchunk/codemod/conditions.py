"""Loop conditions: whether a body changes them, and their negation."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence

from unchunk.codemod.edits import Position, position_of
from unchunk.codemod.syntax import bound, loads, walk

_OPPOSITES: dict[type[ast.cmpop], str] = {
    ast.Is: "is not",
    ast.IsNot: "is",
    ast.Eq: "!=",
    ast.NotEq: "==",
    ast.In: "not in",
    ast.NotIn: "in",
}


def is_changed(test: ast.expr, body: Sequence[ast.stmt]) -> bool:
    """Decide whether the body may make the condition false: it binds one of its names, or changes its object."""
    if any(True for _ in loads(test, bound(body))):
        return True
    asked = set(_attributes_of(test))
    for node in walk(body):
        match node:
            case ast.Call(func=ast.Attribute(value=ast.Name(id=name))) if name in asked and name == "self":
                return True
            case ast.Attribute(value=ast.Name(id=name), ctx=ast.Store()) if name in asked:
                return True
    return False


def _attributes_of(test: ast.expr) -> Iterator[str]:
    """Yield the names whose attributes are flags: read directly, or events asked by `is_set()`.

    What else a call tells, such as whether a process is alive, may change before its last words are handled.
    """
    match test:
        case ast.Call(func=ast.Attribute(value=flag, attr="is_set")):
            yield from _attributes_of(flag)
        case ast.Call():
            pass
        case ast.Attribute(value=ast.Name(id=name)):
            yield name
        case _:
            for child in ast.iter_child_nodes(test):
                if isinstance(child, ast.expr):
                    yield from _attributes_of(child)


def negated(test: ast.expr) -> tuple[str, tuple[Position, ...]]:
    """Return the negation of a condition, as a template with its holes."""
    match test:
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            return "{0}", (position_of(operand),)
        case ast.Compare(left=left, ops=[op], comparators=[right]) if type(op) in _OPPOSITES:
            return f"{{0}} {_OPPOSITES[type(op)]} {{1}}", (position_of(left), position_of(right))
        case ast.Name() | ast.Attribute() | ast.Call() | ast.Subscript():
            return "not {0}", (position_of(test),)
    return "not ({0})", (position_of(test),)
