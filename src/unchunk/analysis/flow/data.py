"""What happens to data on its way: decoded, cut, split, joined, put together."""

from __future__ import annotations

import ast
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from unchunk.analysis.findings import Framing

from .values import (
    CHOSEN,
    UNKNOWN,
    Const,
    Data,
    Instance,
    Items,
    Listing,
    Loop,
    Method,
    Record,
    Source,
    Steps,
    Union,
    Unknown,
    Value,
    alternatives,
    join_all,
)

if TYPE_CHECKING:
    from .arguments import Call
    from .frames import Frame


def each(value: Value, change: Callable[[Value], Value]) -> Value:
    """The change applied to every alternative."""
    if type(value) is Union:
        return join_all([change(item) for item in value.of])
    return change(value)


def throughout(value: Value, change: Callable[[Value], Value]) -> Value:
    """The change applied to every alternative, and to what lies in tuples and dicts."""

    def inside(item: Value) -> Value:
        match item:
            case Items(values=values):
                return Items(tuple(throughout(part, change) for part in values))
            case Record(fields=fields, rest=rest, members=members):
                changed = tuple((key, throughout(part, change)) for key, part in fields)
                return Record(changed, throughout(rest, change), members)
            case _:
                return change(item)

    return each(value, inside)


def hopped(value: Value, node: ast.AST, text: str, frame: Frame) -> Value:
    """The same value, one station further."""
    path = frame.module.path
    match value:
        case Data() | Instance():
            if isinstance(value, Data):
                return replace(value, hops=value.via(node, text, path))
            return value
        case Steps(step=step, asynchronous=asynchronous):
            return Steps(hopped(step, node, text, frame), asynchronous)
        case Listing(element=element, complete=complete):
            return Listing(hopped(element, node, text, frame), complete)
        case Items(values=values):
            return Items(tuple(hopped(item, node, text, frame) for item in values))
        case Method(owner=owner, name=name, node=attribute):
            return Method(hopped(owner, node, text, frame), name, attribute)
        case Union(of=values):
            return Union(tuple(hopped(item, node, text, frame) for item in values))
        case _:
            return value


def data_in(value: Value) -> list[Data]:
    """The data among the alternatives."""
    return [item for item in alternatives(value) if type(item) is Data]


def concatenated(parts: list[Value], node: ast.AST, frame: Frame) -> Value:
    """`a + b`, an f-string: still a piece if all of it is from one step, buffered as soon as an earlier step or
    something unknown is in it.
    """
    found = [item for part in parts for item in data_in(part)]
    if not found:
        return _constants(parts)
    sources = frozenset(source for item in found for source in item.sources)
    hops = max((item.hops for item in found), key=len)
    first = found[0]
    base = replace(first, sources=sources, hops=hops, text=_text_of(found), wrapped=False)
    base = replace(base, hops=base.via(node, "put together", frame.module.path))
    together = _several_steps(parts, found) or any(_may_hold_more(part) for part in parts)
    return replace(base, buffered=True, cut=False) if together else base  # what was cut is one of its parts


def _several_steps(parts: list[Value], found: list[Data]) -> bool:
    holding = [part for part in parts if _sources_of(part)] or [part for part in parts if data_in(part)]
    if any(not item.piece for item in found):
        return True
    if len(holding) < 2:
        return False
    if len({_sources_of(part) for part in holding} - {frozenset()}) > 1:
        return True
    return any(item.carried for item in found) or len({_steps_of(part) for part in parts} - {frozenset()}) > 1


def _sources_of(part: Value) -> frozenset[Source]:
    """The sources of what is in it, those aside that bring only what a read has left behind."""
    return frozenset(source for item in data_in(part) for source in item.sources if not source.drains)


def _steps_of(part: Value) -> frozenset[ast.AST]:
    """The steps of iterators that are in it: `data = next(chunks)` and `for more in chunks` are two. Reads may be
    tries at the same.
    """
    return frozenset(item.origin.step for item in data_in(part) if not item.origin.source.read)


def _may_hold_more(part: Value) -> bool:
    """Something unknown beside a piece may well be the rest of it."""
    return any(type(item) in (Unknown, Instance, Method) for item in alternatives(part))


def _constants(parts: list[Value]) -> Value:
    if len(parts) == 2 and all(type(part) is Const for part in parts):
        first, second = (part.value for part in parts if type(part) is Const)
        if isinstance(first, str) and isinstance(second, str) and len(first) + len(second) < 200:
            return Const(first + second)
    return UNKNOWN


def _text_of(found: list[Data]) -> bool | None:
    texts = {item.text for item in found}
    return texts.pop() if len(texts) == 1 else None


def added(values: list[Value], node: ast.AST, frame: Frame) -> Value:
    """`a + b + …` for data, text, lists and events."""
    items = [item for value in values for item in alternatives(value)]
    lists = [item for item in items if type(item) is Listing]
    if lists:
        return Listing(join_all([item.element for item in lists]), any(item.complete for item in lists))
    events = [item for item in items if type(item) is Instance and item.type.decoded and not item.at]
    if events and not any(type(item) is Data for item in items):
        # Events that can be added up are added as their texts are: their fragments are put together.
        return join_all([replace(event, buffered=True) for event in events])
    return concatenated(values, node, frame)


def joined(collection: Value, node: ast.AST, frame: Frame) -> Value:
    """`b"".join(collection)`."""
    return join_all([_joined_one(item, node, frame) for item in alternatives(collection)])


def _joined_one(collection: Value, node: ast.AST, frame: Frame) -> Value:
    match collection:
        case Steps(step=step):
            return whole_of(step, node, frame)
        case Listing(element=element, complete=True):
            return whole_of(element, node, frame)
        case Listing(element=element):
            return each(element, lambda item: _joined_pieces(item, node, frame))
        case Items(values=values):
            return concatenated(list(values), node, frame)
        case Data() as data:
            return data
        case _:
            return UNKNOWN


def _joined_pieces(item: Value, node: ast.AST, frame: Frame) -> Value:
    if type(item) is not Data:
        return UNKNOWN
    path = frame.module.path
    if item.carried and item.piece:
        return replace(item, buffered=True, hops=item.via(node, "joined with earlier ones", path))
    return replace(item, split=None, hops=item.via(node, "joined", path))


def whole_of(step: Value, node: ast.AST, frame: Frame) -> Value:
    """Everything that a stream hands out, put together."""

    def whole(item: Value) -> Value:
        if type(item) is not Data:
            return UNKNOWN
        hops = item.via(node, "all steps joined", frame.module.path)
        return replace(item, framing=Framing.WHOLE, carried=False, split=None, hops=hops)

    return each(step, whole)


def rebound(step: Value, loop: Loop) -> Value:
    """A step as a new loop hands it out: a new one in every round."""

    def bind(item: Value) -> Value:
        match item:
            case Data() | Instance():
                return replace(item, loop=loop)
            case Items(values=values):
                return Items(tuple(rebound(value, loop) for value in values))
            case Record(fields=fields, rest=rest, members=members):
                return Record(tuple((key, rebound(part, loop)) for key, part in fields), rebound(rest, loop), members)
            case Listing(element=element, complete=complete):
                return Listing(rebound(element, loop), complete)
            case _:
                return item

    return each(step, bind)


def lasting(value: Value) -> Value:
    """A thing that is kept somewhere outlives the round of the loop in which it was made."""

    def outlive(item: Value) -> Value:
        if isinstance(item, Instance) and item.origin is None and (item.loop is not None or item.maker is not None):
            return replace(item, loop=None, maker=None)
        return item

    return each(value, outlive)


def names_data(made: Call) -> bool:
    """Whether an argument is the `data:` of server-sent events."""
    for argument in made.arguments:
        match argument:
            case Const(value=str(text)) if text.strip().startswith("data:"):
                return True
            case Const(value=bytes(raw)) if raw.strip().startswith(b"data:"):
                return True
    return False


def killed(by: str, node: ast.AST, arguments: list[Value]) -> Value:
    """The result of something we cannot look into: unknown, and if data went in, that is where we lost it."""
    if any(_holds_data(argument) for argument in arguments):
        return Unknown(f"handed to {by}, which is not known", True, node)
    return CHOSEN if CHOSEN in arguments else UNKNOWN


def _holds_data(value: Value) -> bool:
    for item in alternatives(value):
        match item:
            case Data(framing=Framing.WHOLE):
                continue  # a request is no piece of its answer
            case Data() | Steps():
                return True
            case Unknown(of_data=True):
                return True
            case Listing(element=element):
                if _holds_data(element):
                    return True
    return False
