"""What of a function's arguments decides what it does, as long as no data is among them."""

from __future__ import annotations

import ast
from collections.abc import Hashable, Iterable

from unchunk.analysis.findings import Framing

from .values import (
    UNKNOWN,
    Class,
    Const,
    Data,
    Dotted,
    Function,
    Instance,
    Items,
    Listing,
    Method,
    Own,
    OwnClass,
    Partial,
    Record,
    Steps,
    Union,
    Unknown,
    Value,
)


def shapes(values: Iterable[Value]) -> tuple[Hashable, ...] | None:
    """The shapes of some values; None if one of them has none."""
    found = []
    for value in values:
        known = shape(value)
        if known is None:
            return None
        found.append(known)
    return tuple(found)


def ways(value: Value) -> tuple[Hashable, ...]:
    """Give the ways on which what a value holds came here: equal values may have come on different ones."""
    match value:
        case Data(hops=hops) | Instance(hops=hops):
            return hops
        case Method(owner=owner):
            return ways(owner)
        case Steps(step=step):
            return ways(step)
        case Listing(element=element):
            return ways(element)
        case Items(values=parts) | Union(of=parts):
            return tuple(map(ways, parts))
        case Record(fields=fields, rest=rest):
            return (*(ways(item) for _, item in fields), ways(rest))
        case Partial(target=target, arguments=arguments, keywords=keywords):
            return (ways(target), *map(ways, arguments), *(ways(item) for _, item in keywords))
        case Function(bound=bound, arguments=arguments, keywords=keywords):
            return (ways(bound or UNKNOWN), *map(ways, arguments), *(ways(item) for _, item in keywords))
        case _:
            return ()


def shape(value: Value) -> Hashable | None:
    """A value without the way it came here and the loop it belongs to; None for what holds pieces of a stream, or
    may.

    Two calls with arguments of the same shapes do the same, unless pieces come up in them.
    """
    match value:
        case Unknown(why=why, of_data=of_data):
            return Unknown, bool(why), of_data
        case Const(value=constant):
            return Const, type(constant), constant
        case Instance(type=known, at=at, origin=origin, buffered=buffered):
            return Instance, known.dotted, at, origin is None, buffered
        case Class() | Dotted():
            return value
        case OwnClass():
            return value if sees_only_module(value) else None
        case Own(cls=cls):
            return value if sees_only_module(cls) else None
        case Data(framing=Framing.WHOLE, text=text, buffered=buffered, wrapped=wrapped):
            return Data, text, buffered, wrapped
        case Data():
            return None
        case _:
            return _of_several(value)


def _of_several(value: Value) -> Hashable | None:
    name: Hashable
    parts: tuple[Value, ...]
    match value:
        case Method(owner=owner, name=name):
            parts = (owner,)
        case Steps(step=step):
            name, parts = None, (step,)
        case Listing(element=element, complete=name):
            parts = (element,)
        case Items(values=parts) | Union(of=parts):
            name = None
        case Record(fields=fields, rest=rest):
            name, parts = tuple(key for key, _ in fields), (*(item for _, item in fields), rest)
        case Partial(target=target, arguments=arguments, keywords=keywords):
            name, parts = tuple(key for key, _ in keywords), (target, *arguments, *(item for _, item in keywords))
        case Function(node=node, bound=bound, arguments=arguments, keywords=keywords):
            if not sees_only_module(value):
                return None
            name = node, bound is None, tuple(key for key, _ in keywords)
            parts = (*(() if bound is None else (bound,)), *arguments, *(item for _, item in keywords))
        case _:
            return None
    known = shapes(parts)
    return None if known is None else (type(value), name, known)


def sees_only_module(value: Function | OwnClass) -> bool:
    """Whether a function or class sees nothing but its module around it."""
    around = value.closure.frame
    return around.closure is None and isinstance(around.node, ast.Module) and around is around.module.frame()
