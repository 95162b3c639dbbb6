"""Transformations of stream data: decoding, slicing, splitting, concatenating, collecting."""

from __future__ import annotations

import ast
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from unchunk.analysis.findings import Framing

from .values import (
    CHOSEN,
    UNKNOWN,
    BoundMethod,
    CatalogInstance,
    CollectionValue,
    Constant,
    IterableValue,
    Loop,
    MappingValue,
    Source,
    StreamData,
    TupleValue,
    Union,
    Unknown,
    Value,
    join_all,
    union_members,
)

if TYPE_CHECKING:
    from .call_args import CallArgs
    from .frames import Frame


def map_union(value: Value, change: Callable[[Value], Value]) -> Value:
    """Apply the change to every union member."""
    if type(value) is Union:
        return join_all([change(item) for item in value.of])
    return change(value)


def map_nested(value: Value, change: Callable[[Value], Value]) -> Value:
    """Apply the change to every union member, and inside tuples and dicts."""

    def inside(item: Value) -> Value:
        match item:
            case TupleValue(values=values):
                return TupleValue(tuple(map_nested(part, change) for part in values))
            case MappingValue(fields=fields, rest=rest, members=members):
                changed = tuple((key, map_nested(part, change)) for key, part in fields)
                return MappingValue(changed, map_nested(rest, change), members)
            case _:
                return change(item)

    return map_union(value, inside)


def with_flow_step(value: Value, node: ast.AST, text: str, frame: Frame) -> Value:
    """Append a step to the value's trace."""
    path = frame.module.path
    match value:
        case StreamData() | CatalogInstance():
            if isinstance(value, StreamData):
                return replace(value, trace=value.with_step(node, text, path))
            return value
        case IterableValue(step=step, asynchronous=asynchronous):
            return IterableValue(with_flow_step(step, node, text, frame), asynchronous)
        case CollectionValue(element=element, complete=complete):
            return CollectionValue(with_flow_step(element, node, text, frame), complete)
        case TupleValue(values=values):
            return TupleValue(tuple(with_flow_step(item, node, text, frame) for item in values))
        case BoundMethod(owner=owner, name=name, node=attribute):
            return BoundMethod(with_flow_step(owner, node, text, frame), name, attribute)
        case Union(of=values):
            return Union(tuple(with_flow_step(item, node, text, frame) for item in values))
        case _:
            return value


def data_in(value: Value) -> list[StreamData]:
    """Return the stream data among the union members."""
    return [item for item in union_members(value) if type(item) is StreamData]


def concatenated(parts: list[Value], node: ast.AST, frame: Frame) -> Value:
    """Evaluate `a + b` and f-strings: a piece if all of it is from one step, buffered as soon as an earlier step or
    something unknown is in it.
    """
    found = [item for part in parts for item in data_in(part)]
    if not found:
        return _constants(parts)
    sources = frozenset(source for item in found for source in item.sources)
    trace = max((item.trace for item in found), key=len)
    first = found[0]
    base = replace(first, sources=sources, trace=trace, text=_text_of(found), file_like=False)
    base = replace(base, trace=base.with_step(node, "put together", frame.module.path))
    together = _several_steps(parts, found) or any(_may_hold_more(part) for part in parts)
    return replace(base, buffered=True, cut=False) if together else base  # what was cut is one of its parts


def _several_steps(parts: list[Value], found: list[StreamData]) -> bool:
    holding = [part for part in parts if _sources_of(part)] or [part for part in parts if data_in(part)]
    if any(not item.piece for item in found):
        return True
    if len(holding) < 2:
        return False
    if len({_sources_of(part) for part in holding} - {frozenset()}) > 1:
        return True
    return (
        any(item.from_previous_iteration for item in found)
        or len({_steps_of(part) for part in parts} - {frozenset()}) > 1
    )


def _sources_of(part: Value) -> frozenset[Source]:
    """Return the sources of the data in a value, except those that only drain what a read has left."""
    return frozenset(source for item in data_in(part) for source in item.sources if not source.drains)


def _steps_of(part: Value) -> frozenset[ast.AST]:
    """Return the iterator steps in a value: `data = next(chunks)` and `for more in chunks` are two. Reads may be
    retries of the same one, so they do not count.
    """
    return frozenset(item.origin.step for item in data_in(part) if not item.origin.source.read)


def _may_hold_more(part: Value) -> bool:
    """Decide whether an unknown operand beside a piece may be the rest of it."""
    return any(type(item) in (Unknown, CatalogInstance, BoundMethod) for item in union_members(part))


def _constants(parts: list[Value]) -> Value:
    if len(parts) == 2 and all(type(part) is Constant for part in parts):
        first, second = (part.value for part in parts if type(part) is Constant)
        if isinstance(first, str) and isinstance(second, str) and len(first) + len(second) < 200:
            return Constant(first + second)
    return UNKNOWN


def _text_of(found: list[StreamData]) -> bool | None:
    texts = {item.text for item in found}
    return texts.pop() if len(texts) == 1 else None


def added(values: list[Value], node: ast.AST, frame: Frame) -> Value:
    """Evaluate `a + b + …` for data, text, lists and events."""
    items = [item for value in values for item in union_members(value)]
    lists = [item for item in items if type(item) is CollectionValue]
    if lists:
        return CollectionValue(join_all([item.element for item in lists]), any(item.complete for item in lists))
    events = [item for item in items if type(item) is CatalogInstance and item.type.decoded and not item.at]
    if events and not any(type(item) is StreamData for item in items):
        # Events that can be added up are added as their texts are: their fragments are put together.
        return join_all([replace(event, buffered=True) for event in events])
    return concatenated(values, node, frame)


def joined(collection: Value, node: ast.AST, frame: Frame) -> Value:
    """Evaluate `b"".join(collection)`."""
    return join_all([_joined_one(item, node, frame) for item in union_members(collection)])


def _joined_one(collection: Value, node: ast.AST, frame: Frame) -> Value:
    match collection:
        case IterableValue(step=step):
            return whole_of(step, node, frame)
        case CollectionValue(element=element, complete=True):
            return whole_of(element, node, frame)
        case CollectionValue(element=element):
            return map_union(element, lambda item: _joined_pieces(item, node, frame))
        case TupleValue(values=values):
            return concatenated(list(values), node, frame)
        case StreamData() as data:
            return data
        case _:
            return UNKNOWN


def _joined_pieces(item: Value, node: ast.AST, frame: Frame) -> Value:
    if type(item) is not StreamData:
        return UNKNOWN
    path = frame.module.path
    if item.from_previous_iteration and item.piece:
        return replace(item, buffered=True, trace=item.with_step(node, "joined with earlier ones", path))
    return replace(item, split=None, trace=item.with_step(node, "joined", path))


def whole_of(step: Value, node: ast.AST, frame: Frame) -> Value:
    """Return a stream's steps joined into a whole."""

    def whole(item: Value) -> Value:
        if type(item) is not StreamData:
            return UNKNOWN
        trace = item.with_step(node, "all steps joined", frame.module.path)
        return replace(item, framing=Framing.WHOLE, from_previous_iteration=False, split=None, trace=trace)

    return map_union(step, whole)


def bound_to_loop(step: Value, loop: Loop) -> Value:
    """Bind a step to a new loop: a new one in every iteration."""

    def bind(item: Value) -> Value:
        match item:
            case StreamData() | CatalogInstance():
                return replace(item, loop=loop)
            case TupleValue(values=values):
                return TupleValue(tuple(bound_to_loop(value, loop) for value in values))
            case MappingValue(fields=fields, rest=rest, members=members):
                return MappingValue(
                    tuple((key, bound_to_loop(part, loop)) for key, part in fields), bound_to_loop(rest, loop), members
                )
            case CollectionValue(element=element, complete=complete):
                return CollectionValue(bound_to_loop(element, loop), complete)
            case _:
                return item

    return map_union(step, bind)


def outliving_loop(value: Value) -> Value:
    """Detach a stored value from the loop iteration in which it was created."""

    def outlive(item: Value) -> Value:
        if (
            isinstance(item, CatalogInstance)
            and item.origin is None
            and (item.loop is not None or item.maker is not None)
        ):
            return replace(item, loop=None, maker=None)
        return item

    return map_union(value, outlive)


def names_data(call: CallArgs) -> bool:
    """Decide whether an argument is the `data:` of server-sent events."""
    for argument in call.arguments:
        match argument:
            case Constant(value=str(text)) if text.strip().startswith("data:"):
                return True
            case Constant(value=bytes(raw)) if raw.strip().startswith(b"data:"):
                return True
    return False


def lost_data(by: str, node: ast.AST, arguments: list[Value]) -> Value:
    """Return the result of an opaque call: unknown, and marked as lost data if data went in."""
    if any(_holds_data(argument) for argument in arguments):
        return Unknown(f"handed to {by}, which is not known", True, node)
    return CHOSEN if CHOSEN in arguments else UNKNOWN


def _holds_data(value: Value) -> bool:
    for item in union_members(value):
        match item:
            case StreamData(framing=Framing.WHOLE):
                continue  # a request is no piece of its answer
            case StreamData() | IterableValue():
                return True
            case Unknown(of_data=True):
                return True
            case CollectionValue(element=element):
                if _holds_data(element):
                    return True
    return False
