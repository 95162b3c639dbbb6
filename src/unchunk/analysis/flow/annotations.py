"""What an annotation says about a parameter or a variable."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from .values import UNKNOWN, Class, Dotted, Instance, Own, OwnClass, Value, join

if TYPE_CHECKING:
    from .frames import Frame

_PLAIN = frozenset(("str", "bytes", "int", "bool", "float", "dict", "list", "None", "Any", "object"))
TRANSPARENT = frozenset(("Optional", "Union", "Annotated", "Final", "ClassVar", "Awaitable"))


def annotated(parameter: ast.arg, frame: Frame) -> Value:
    """What a parameter of which only the annotation is known may be."""
    return UNKNOWN if parameter.annotation is None else annotation_value(parameter.annotation, frame)


def annotation_value(node: ast.expr, frame: Frame) -> Value:
    """An instance of what the annotation names; UNKNOWN where it names nothing that matters."""
    match node:
        case ast.Constant(value=str(text)):
            return _quoted(text, frame)
        case ast.Name(id=name) if name in _PLAIN:
            return UNKNOWN
        case ast.Name() | ast.Attribute():
            return _instance(node, frame)
        case ast.BinOp(left=left, op=ast.BitOr(), right=right):
            return join(annotation_value(left, frame), annotation_value(right, frame))
        case ast.Subscript(value=ast.Name(id=name) | ast.Attribute(attr=name), slice=inner) if name in TRANSPARENT:
            parts = inner.elts if isinstance(inner, ast.Tuple) else [inner]
            value: Value = UNKNOWN
            for part in parts:
                value = join(value, annotation_value(part, frame))
            return value
        case _:
            return UNKNOWN


def _quoted(text: str, frame: Frame) -> Value:
    if len(text) > 200 or text in _PLAIN:
        return UNKNOWN
    if text.isidentifier():
        return _instance(ast.Name(text, ast.Load()), frame)
    try:
        inner = ast.parse(text, mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return UNKNOWN
    return UNKNOWN if isinstance(inner, ast.Constant) else annotation_value(inner, frame)


def _instance(node: ast.expr, frame: Frame) -> Value:
    from .expressions import class_of_dotted, evaluate

    value = evaluate(node, frame.module.frame())
    if isinstance(value, Dotted):
        value = class_of_dotted(value, frame)
    match value:
        case Class(type=known):
            return UNKNOWN if known.sums else Instance(known)
        case OwnClass():
            return Own(value)
        case _:
            return UNKNOWN
