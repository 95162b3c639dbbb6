"""Memoization keys for calls whose arguments carry no stream data."""

from __future__ import annotations

import ast
from collections.abc import Hashable, Iterable

from unchunk.analysis.findings import Framing

from .values import (
    UNKNOWN,
    BoundMethod,
    CatalogClass,
    CatalogInstance,
    CollectionValue,
    Constant,
    Function,
    IterableValue,
    MappingValue,
    Partial,
    QualifiedName,
    StreamData,
    TupleValue,
    Union,
    Unknown,
    UserClass,
    UserInstance,
    Value,
)


def call_keys(values: Iterable[Value]) -> tuple[Hashable, ...] | None:
    """Return the shapes of some values; None if one of them has none."""
    found = []
    for value in values:
        known = call_key(value)
        if known is None:
            return None
        found.append(known)
    return tuple(found)


def ways(value: Value) -> tuple[Hashable, ...]:
    """Give the ways on which what a value holds came here: equal values may have come on different ones."""
    match value:
        case StreamData(trace=trace) | CatalogInstance(trace=trace):
            return trace
        case BoundMethod(owner=owner):
            return ways(owner)
        case IterableValue(step=step):
            return ways(step)
        case CollectionValue(element=element):
            return ways(element)
        case TupleValue(values=parts) | Union(of=parts):
            return tuple(map(ways, parts))
        case MappingValue(fields=fields, rest=rest):
            return (*(ways(item) for _, item in fields), ways(rest))
        case Partial(target=target, arguments=arguments, keywords=keywords):
            return (ways(target), *map(ways, arguments), *(ways(item) for _, item in keywords))
        case Function(bound=bound, arguments=arguments, keywords=keywords):
            return (ways(bound or UNKNOWN), *map(ways, arguments), *(ways(item) for _, item in keywords))
        case _:
            return ()


def call_key(value: Value) -> Hashable | None:
    """Return a value without its trace and its loop; None for what holds pieces of a stream, or may.

    Two calls with arguments of the same shapes do the same, unless pieces come up in them.
    """
    match value:
        case Unknown(reason=why, of_data=of_data):
            return Unknown, bool(why), of_data
        case Constant(value=constant):
            return Constant, type(constant), constant
        case CatalogInstance(type=known, at=at, origin=origin, buffered=buffered):
            return CatalogInstance, known.dotted, at, origin is None, buffered
        case CatalogClass() | QualifiedName():
            return value
        case UserClass():
            return value if sees_only_module(value) else None
        case UserInstance(cls=cls):
            return value if sees_only_module(cls) else None
        case StreamData(framing=Framing.WHOLE, text=text, buffered=buffered, file_like=wrapped):
            return StreamData, text, buffered, wrapped
        case StreamData():
            return None
        case _:
            return _of_several(value)


def _of_several(value: Value) -> Hashable | None:
    name: Hashable
    parts: tuple[Value, ...]
    match value:
        case BoundMethod(owner=owner, name=name):
            parts = (owner,)
        case IterableValue(step=step):
            name, parts = None, (step,)
        case CollectionValue(element=element, complete=name):
            parts = (element,)
        case TupleValue(values=parts) | Union(of=parts):
            name = None
        case MappingValue(fields=fields, rest=rest):
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
    known = call_keys(parts)
    return None if known is None else (type(value), name, known)


def sees_only_module(value: Function | UserClass) -> bool:
    """Decide whether a function or class closes over its module only."""
    around = value.closure.frame
    return around.closure is None and isinstance(around.node, ast.Module) and around is around.module.frame()
