"""Abstract values from annotations of parameters and variables."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from .values import UNKNOWN, CatalogClass, CatalogInstance, QualifiedName, UserClass, UserInstance, Value, join

if TYPE_CHECKING:
    from .frames import Frame

_PLAIN = frozenset(("str", "bytes", "int", "bool", "float", "dict", "list", "None", "Any", "object"))
TRANSPARENT = frozenset(("Optional", "Union", "Annotated", "Final", "ClassVar", "Awaitable"))


def annotated(parameter: ast.arg, frame: Frame) -> Value:
    """Return the value of a parameter of which only the annotation is known."""
    return UNKNOWN if parameter.annotation is None else annotation_value(parameter.annotation, frame)


def annotation_value(node: ast.expr, frame: Frame) -> Value:
    """Return an instance of the annotated type; UNKNOWN where it names nothing relevant."""
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
    if isinstance(value, QualifiedName):
        value = class_of_dotted(value, frame)
    match value:
        case CatalogClass(type=known):
            return UNKNOWN if known.sums else CatalogInstance(known)
        case UserClass():
            return UserInstance(value)
        case _:
            return UNKNOWN
