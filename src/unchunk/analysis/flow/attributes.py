"""Attribute access."""

from __future__ import annotations

import ast
from dataclasses import replace
from typing import TYPE_CHECKING

from .catalog_rows import as_event, from_rows, part_values
from .data import map_union
from .values import (
    CHOSEN,
    UNKNOWN,
    BoundMethod,
    CatalogClass,
    CatalogInstance,
    Constant,
    MappingValue,
    QualifiedName,
    StreamData,
    Union,
    Unknown,
    UserClass,
    UserInstance,
    Value,
    join_all,
)

if TYPE_CHECKING:
    from .frames import Frame

_NONE = Constant(None)
OF_TEXT = frozenset((*dir(str), *dir(bytes)))
AS_DATA = frozenset(("model_dump", "to_dict", "dict", "as_dict", "copy"))
"""Methods that return an event as plain data: the same paths, by keys."""


def member_of(owner: Value, node: ast.Attribute, frame: Frame) -> Value:
    if type(owner) is not Union:
        return _member_of(owner, node, frame)
    known = join_all([item for item in owner.of if item != _NONE])
    return map_union(known, lambda item: _member_of(item, node, frame))


def _member_of(owner: Value, node: ast.Attribute, frame: Frame) -> Value:
    name = node.attr
    match owner:
        case QualifiedName(name=dotted):
            return _of_dotted(f"{dotted}.{name}", owner, node, frame)
        case CatalogInstance():
            return of_instance(owner, name, node, frame)
        case CatalogClass(type=known):
            return _of_dotted(f"{known.dotted}.{name}", owner, node, frame)
        case UserInstance():
            found = _of_own(owner, name, node, frame)
            if found == UNKNOWN or (isinstance(found, BoundMethod) and found.owner == owner):
                return untyped_place(owner, name, node, frame) or found  # an event by a class that says no more
            return found
        case UserClass():
            from .classes import class_attribute

            return class_attribute(owner, name, owner, frame, node)
        case StreamData() if name not in OF_TEXT and (event := as_event(owner)) is not None:
            return of_instance(event, name, node, frame)
        case Unknown() | StreamData():
            return untyped_place(owner, name, node, frame) or BoundMethod(owner, name, node)
        case BoundMethod(owner=Unknown() as unknown) if unknown == CHOSEN:
            return BoundMethod(CHOSEN, name, node)
        case BoundMethod(owner=Unknown() | UserInstance() as whose):
            return untyped_place(whose, name, node, frame) or BoundMethod(UNKNOWN, name, node)
        case BoundMethod(owner=CatalogInstance()):  # what the catalog does not tell of a thing may be anything
            return untyped_place(UNKNOWN, name, node, frame) or BoundMethod(UNKNOWN, name, node)
        case MappingValue(members=True, fields=fields):
            return next((value for known, value in fields if known == name), owner.rest)
        case Constant(value=None):
            return BoundMethod(UNKNOWN, name, node)  # None only until it is known
        case _:
            return BoundMethod(owner, name, node)


def _of_dotted(dotted: str, owner: Value, node: ast.Attribute, frame: Frame) -> Value:
    known = frame.run.resolve(dotted)
    if known is not None:
        return known
    found = frame.run.catalog.find(dotted)
    if found is not None and found.member in found.type.attributes:
        return from_rows(found.type.attributes[found.member], owner, found.type, node, frame)
    return QualifiedName(dotted)


def of_instance(owner: CatalogInstance, name: str, node: ast.expr, frame: Frame) -> Value:
    """Evaluate an attribute of a catalog instance: a row's value, a prefix of a row's path, or a method."""
    path = f"{owner.at}.{name}" if owner.at else name
    known = owner.type
    if path in known.attributes:
        return from_rows(known.attributes[path], owner, known, node, frame)
    if path in known.parts or known.leads_on(path) or path in known.calls:
        return inside(owner, f".{name}", node, frame)
    if isinstance(node, ast.Attribute):
        return BoundMethod(owner, name, node)
    return UNKNOWN


def place_in(owner: CatalogInstance, place: int, node: ast.expr, frame: Frame) -> Value | None:
    """Return the value at an index of a named tuple; None if it is none, or has no such index."""
    names = () if owner.at else owner.type.places
    return of_instance(owner, names[place], node, frame) if -len(names) <= place < len(names) else None


def inside(owner: CatalogInstance, step: str, node: ast.expr, frame: Frame) -> Value:
    """Descend one step into an instance: `.name`, `[]` or `()`."""
    path = (owner.at + step).lstrip(".")
    known = owner.type
    if path in known.parts:
        return part_values(known.parts[path], owner, node, frame)
    if known.leads_on(path) or path in known.calls:
        return replace(owner, at=path)
    return UNKNOWN


def untyped_place(owner: Value, name: str, node: ast.expr, frame: Frame) -> Value | None:
    """Start a path that has the same meaning on any object (`choices[].delta.content`), or return None."""
    known = frame.run.catalog.anything
    if not (known.leads_on(name) or name in known.parts):
        return None
    match owner:
        case Unknown(reason="") | UserInstance():
            return inside(CatalogInstance(known, "", frame.loop), f".{name}", node, frame)
        case Unknown() if owner == CHOSEN and known.leads_to_call(name):
            return inside(
                CatalogInstance(known, "", frame.loop), f".{name}", node, frame
            )  # a client, not one of its events
        case _:
            return None


def _of_own(owner: UserInstance, name: str, node: ast.Attribute, frame: Frame) -> Value:
    from .classes import instance_attribute

    return instance_attribute(owner, name, node, frame)
