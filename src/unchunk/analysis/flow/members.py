"""What an attribute of a value is."""

from __future__ import annotations

import ast
from dataclasses import replace
from typing import TYPE_CHECKING

from .data import each
from .sources import as_event, from_rows, part_values
from .values import (
    CHOSEN,
    UNKNOWN,
    Class,
    Const,
    Data,
    Dotted,
    Instance,
    Method,
    Own,
    OwnClass,
    Record,
    Union,
    Unknown,
    Value,
    join_all,
)

if TYPE_CHECKING:
    from .frames import Frame

_NONE = Const(None)
OF_TEXT = frozenset((*dir(str), *dir(bytes)))
AS_DATA = frozenset(("model_dump", "to_dict", "dict", "as_dict", "copy"))
"""What gives an event as plain data: the same places, by keys."""


def member_of(owner: Value, node: ast.Attribute, frame: Frame) -> Value:
    if type(owner) is not Union:
        return _member_of(owner, node, frame)
    known = join_all([item for item in owner.of if item != _NONE])
    return each(known, lambda item: _member_of(item, node, frame))


def _member_of(owner: Value, node: ast.Attribute, frame: Frame) -> Value:
    name = node.attr
    match owner:
        case Dotted(name=dotted):
            return _of_dotted(f"{dotted}.{name}", owner, node, frame)
        case Instance():
            return of_instance(owner, name, node, frame)
        case Class(type=known):
            return _of_dotted(f"{known.dotted}.{name}", owner, node, frame)
        case Own():
            found = _of_own(owner, name, node, frame)
            if found == UNKNOWN or (isinstance(found, Method) and found.owner == owner):
                return untyped_place(owner, name, node, frame) or found  # an event by a class that says no more
            return found
        case OwnClass():
            from .classes import class_attribute

            return class_attribute(owner, name, owner, frame, node)
        case Data() if name not in OF_TEXT and (event := as_event(owner)) is not None:
            return of_instance(event, name, node, frame)
        case Unknown() | Data():
            return untyped_place(owner, name, node, frame) or Method(owner, name, node)
        case Method(owner=Unknown() as unknown) if unknown == CHOSEN:
            return Method(CHOSEN, name, node)
        case Method(owner=Unknown() | Own() as whose):
            return untyped_place(whose, name, node, frame) or Method(UNKNOWN, name, node)
        case Method(owner=Instance()):  # what the catalog does not tell of a thing may be anything
            return untyped_place(UNKNOWN, name, node, frame) or Method(UNKNOWN, name, node)
        case Record(members=True, fields=fields):
            return next((value for known, value in fields if known == name), owner.rest)
        case Const(value=None):
            return Method(UNKNOWN, name, node)  # None only until it is known
        case _:
            return Method(owner, name, node)


def _of_dotted(dotted: str, owner: Value, node: ast.Attribute, frame: Frame) -> Value:
    known = frame.run.resolve(dotted)
    if known is not None:
        return known
    found = frame.run.catalog.find(dotted)
    if found is not None and found.member in found.type.attributes:
        return from_rows(found.type.attributes[found.member], owner, found.type, node, frame)
    return Dotted(dotted)


def of_instance(owner: Instance, name: str, node: ast.expr, frame: Frame) -> Value:
    """An attribute of a thing the catalog knows: what a row says, a place on the way to a row, or a method."""
    path = f"{owner.at}.{name}" if owner.at else name
    known = owner.type
    if path in known.attributes:
        return from_rows(known.attributes[path], owner, known, node, frame)
    if path in known.parts or known.leads_on(path) or path in known.calls:
        return inside(owner, f".{name}", node, frame)
    if isinstance(node, ast.Attribute):
        return Method(owner, name, node)
    return UNKNOWN


def place_in(owner: Instance, place: int, node: ast.expr, frame: Frame) -> Value | None:
    """What lies at a place of a named tuple; None for what is none, or has no such place."""
    names = () if owner.at else owner.type.places
    return of_instance(owner, names[place], node, frame) if -len(names) <= place < len(names) else None


def inside(owner: Instance, step: str, node: ast.expr, frame: Frame) -> Value:
    """One step further into an instance: `.name`, `[]` or `()`."""
    path = (owner.at + step).lstrip(".")
    known = owner.type
    if path in known.parts:
        return part_values(known.parts[path], owner, node, frame)
    if known.leads_on(path) or path in known.calls:
        return replace(owner, at=path)
    return UNKNOWN


def untyped_place(owner: Value, name: str, node: ast.expr, frame: Frame) -> Value | None:
    """The first step of a path that means the same wherever it occurs (`choices[].delta.content`)."""
    known = frame.run.catalog.anything
    if not (known.leads_on(name) or name in known.parts):
        return None
    match owner:
        case Unknown(why="") | Own():
            return inside(Instance(known, "", frame.loop), f".{name}", node, frame)
        case Unknown() if owner == CHOSEN and known.leads_to_call(name):
            return inside(Instance(known, "", frame.loop), f".{name}", node, frame)  # a client, not one of its events
        case _:
            return None


def _of_own(owner: Own, name: str, node: ast.Attribute, frame: Frame) -> Value:
    from .classes import instance_attribute

    return instance_attribute(owner, name, node, frame)
