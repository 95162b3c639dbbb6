"""Abstract values, the possible results of an expression as far as they matter for streams, and their join.

The lattice is small: nothing known (`UNKNOWN`), constants, things of known type, iterables of steps, and data. Data
remembers what a step of its source is, whether it is a piece of one step or was put together from several, and how it
came here. How it came here (`hops`) is for people and for rewrites: it takes no part in comparisons, so that loops come
to rest.
"""

from __future__ import annotations

import ast
import enum
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from unchunk.analysis.findings import Framing

if TYPE_CHECKING:
    from unchunk.analysis.catalog.index import TypeInfo

    from .frames import Closure

MAX_ALTERNATIVES = 8
MAX_HOPS = 24


class Evidence(enum.IntEnum):
    """The strength of the evidence for a source."""

    METHOD_NAME = 0
    TYPED = 1


@dataclass(frozen=True, slots=True, eq=False)
class Source:
    """The origin of steps: the call (or parameter) that a row of the catalog describes.

    Attributes:
        read: each call hands out one step.
        drains: a read of as much as its reader says to have: what one read left behind, not what a message needs.
        exact: a read brings as much as it is asked for, unless the stream ends.
        http: it is an HTTP answer.
        idle: a read that brings nothing tells that nothing has come yet, not that the stream has ended.
        asked: text is asked for, which some answers have none of: `decode_unicode=True` without a known encoding.
        event: the type of a step where it is no text, but something that the client has decoded: nobody knows which.
    """

    node: ast.AST
    path: str
    framing: Framing
    name: str
    text: bool | None
    evidence: Evidence
    read: bool = False
    drains: bool = False
    exact: bool = False
    http: bool = False
    idle: bool = False
    asked: bool = False
    event: TypeInfo | None = None

    @property
    def kind(self) -> Hashable:
        """Return the identity of the source's pieces: the source itself, or its names where only names are evidence."""
        return self if self.evidence is Evidence.TYPED else (self.path, self.name)


@dataclass(frozen=True, slots=True, eq=False)
class Origin:
    """The place where a step is bound: the loop, comprehension, read or callback (see `Site`).

    Attributes:
        single: a read that no loop repeats.
        announced: a read of a length that the stream itself has told before, and that may bring less.
        opened: what is read was opened by the very function that reads it, once: whoever calls it again reads another.
    """

    source: Source
    producer: ast.AST
    step: ast.expr | ast.arg
    target: ast.expr | ast.arg | None
    single: bool = False
    announced: bool = False
    opened: bool = False


@dataclass(frozen=True, slots=True)
class Loop:
    """One loop in one call context: each iteration brings new steps."""

    node: ast.AST
    context: tuple[ast.AST, ...]


@dataclass(frozen=True, slots=True)
class FlowStep:
    """One step of the trace between source and parse."""

    node: ast.AST
    text: str
    path: str


@dataclass(frozen=True, slots=True)
class Unknown:
    """An unknown value. `why` is the reason why data was lost track of; `ending` is the end of a text that is the
    address of an event stream.
    """

    reason: str = ""
    of_data: bool = False
    node: ast.AST | None = field(default=None, compare=False)
    ending: str = ""


UNKNOWN = Unknown()
SPLIT = "split"
"""Text of the trace step that splits a step."""
CHANGED = "changed"
QUEUED = "taken out of a queue"
APART = frozenset((CHANGED, QUEUED))
"""Texts of trace steps behind which a stream cannot be recut at its source: its documents are encoded otherwise there,
or another part of the program iterates over it.
"""
OPEN = Unknown("whatever the caller gives")
"""Values of unknown keywords in a dict."""
READY = Unknown("ready to be read, and again later")
"""An object that is read whenever something has come: one read of it is not the only one."""
CHOSEN = Unknown("picked out of several, of which nothing tells that a stream hands them out")
"""An element that the program selected, see `picks`."""


@dataclass(frozen=True, slots=True)
class Constant:
    value: Any


@dataclass(frozen=True, slots=True)
class StreamData:
    """Bytes or text from a stream.

    Attributes:
        origin: where it was handed out.
        framing: what it is: the framing of its source, or WHOLE.
        buffered: it was put together from more than one step, or from a step and something unknown.
        loop: the loop whose every round brings a new one; None where there is none.
        carried: it may stem from an earlier round of `loop`.
        text: `str`, bytes, or not known.
        split: the call that cut a step into the pieces this is one of.
        cut: a prefix was cut off or a part taken.
        file_like: a file-like object around the data.
        sse: it is taken for (part of) a server-sent event.
        counted_off: as much was cut off as `data: ` takes, without saying so.
        sources: the sources of everything that went into it.
        known: what tests made sure of before it came out of a function or a conditional expression.
        hops: the way here.
    """

    origin: Origin
    framing: Framing
    loop: Loop | None
    text: bool | None = None
    buffered: bool = False
    from_previous_iteration: bool = False
    split: ast.expr | None = None
    cut: bool = False
    file_like: bool = False
    sse: bool = False
    counted_off: bool = False
    sources: frozenset[Source] = frozenset()
    known: frozenset[str] = frozenset()
    trace: tuple[FlowStep, ...] = field(default=(), compare=False)

    @property
    def piece(self) -> bool:
        """Decide whether this is (part of) one step, with nothing carried over."""
        return not self.buffered and self.framing is not Framing.WHOLE

    def with_step(self, node: ast.AST, text: str, path: str) -> tuple[FlowStep, ...]:
        if len(self.trace) >= MAX_HOPS or any(hop.node is node for hop in self.trace):
            return self.trace
        return (*self.trace, FlowStep(node, text, path))


@dataclass(frozen=True, slots=True)
class CatalogInstance:
    """An instance of a catalog type, or a path inside it (`at`, such as `choices[].delta`).

    Attributes:
        maker: the function in which it was made.
        buffered: an event that several were added up to, or that others were added to.
        known: what the request that it answers tells of its lines, as tests would have made sure of it.
    """

    type: TypeInfo = field(hash=False)
    at: str = ""
    loop: Loop | None = None
    origin: Origin | None = None
    from_previous_iteration: bool = False
    trace: tuple[FlowStep, ...] = field(default=(), compare=False)
    maker: ast.AST | None = field(default=None, compare=False)
    buffered: bool = False
    known: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class CatalogClass:
    """A class of the catalog."""

    type: TypeInfo = field(hash=False)


@dataclass(frozen=True, slots=True)
class QualifiedName:
    """An imported name, fully qualified."""

    name: str


@dataclass(frozen=True, slots=True)
class BoundMethod:
    """A bound method `owner.name` whose owner is data, a list, a constant or unknown."""

    owner: Value
    name: str
    node: ast.Attribute = field(compare=False)


@dataclass(frozen=True, slots=True)
class IterableValue:
    """An iterable (or iterator, sync or async) of `step`.

    Attributes:
        asynchronous: whether it takes `async for` to go through it, where that is part of what it is known by.
    """

    step: Value
    asynchronous: bool | None = None


@dataclass(frozen=True, slots=True)
class CollectionValue:
    """A collection. `complete`: it holds every step of a stream, so that joining it gives the whole."""

    element: Value
    complete: bool = False


@dataclass(frozen=True, slots=True)
class Channel:
    """A queue, identified by where it is created: values put in anywhere are taken out elsewhere."""

    node: ast.AST


@dataclass(frozen=True, slots=True)
class TupleValue:
    """A tuple with distinct values."""

    values: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class MappingValue:
    """A dict by its constant keys; `rest` is the value under all other keys. `members`: an object with such
    attributes.
    """

    fields: tuple[tuple[Any, Value], ...]
    rest: Value = UNKNOWN
    members: bool = False


@dataclass(frozen=True, slots=True)
class Function:
    """A function of the program, with its closure and its receiver."""

    node: ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda
    closure: Closure = field(compare=False)
    bound: Value | None = None
    arguments: tuple[Value, ...] = ()
    keywords: tuple[tuple[str, Value], ...] = ()


@dataclass(frozen=True, slots=True)
class Partial:
    """A `functools.partial` of something other than a program function."""

    target: Value
    arguments: tuple[Value, ...]
    keywords: tuple[tuple[str, Value], ...]


@dataclass(frozen=True, slots=True)
class UserClass:
    """A class of the program."""

    node: ast.ClassDef
    closure: Closure = field(compare=False)


@dataclass(frozen=True, slots=True)
class UserInstance:
    """An instance of a program class; as `super()`, seen from the class `above` in its lineage."""

    cls: UserClass
    above: UserClass | None = None


@dataclass(frozen=True, slots=True)
class Union:
    """A join of several values."""

    of: tuple[Value, ...]


Value = (
    Unknown
    | Constant
    | StreamData
    | CatalogInstance
    | CatalogClass
    | QualifiedName
    | BoundMethod
    | IterableValue
    | CollectionValue
    | Channel
    | TupleValue
    | MappingValue
    | Function
    | Partial
    | UserClass
    | UserInstance
    | Union
)

EMPTY = CollectionValue(UNKNOWN)


def union_members(value: Value) -> tuple[Value, ...]:
    return value.of if type(value) is Union else (value,)


def join(first: Value, second: Value) -> Value:
    """Join two values. Data that is buffered on one branch counts as buffered on all of them."""
    if first is second or first == second:
        return first
    # Plain UNKNOWN is the bottom here, not the top: a path that says nothing must not hide what another one proves,
    # since a finding needs one path only. One with a reason outlives it, for `--why` to tell.
    if type(first) is Unknown and not first.reason and second != UNKNOWN:
        return second
    if type(second) is Unknown and not second.reason:
        return first
    return _unite((*union_members(first), *union_members(second)))


def join_all(values: list[Value]) -> Value:
    joined: Value = UNKNOWN
    for value in values:
        joined = join(joined, value)
    return joined


def _unite(values: tuple[Value, ...]) -> Value:
    merged: dict[Any, Value] = {}
    for value in values:
        key = _key(value)
        known = merged.get(key)
        merged[key] = value if known is None else _merge(known, value)
    # A union holds one value a key and so many at most: loops come to rest, since nothing can grow for ever.
    found = _absorb(list(merged.values()))
    if len(found) > 1:
        found = [value for value in found if type(value) is not Unknown] or found[:1]
    if len(found) > MAX_ALTERNATIVES:
        found = sorted(found, key=_importance)[:MAX_ALTERNATIVES]
    return found[0] if len(found) == 1 else Union(tuple(found))


def _key(value: Value) -> Any:
    match value:
        case StreamData():
            return (StreamData, value.origin, value.framing, value.buffered, value.split, value.file_like)
        case CatalogInstance():
            return (CatalogInstance, value.type.dotted, value.at, value.origin, value.buffered)
        case IterableValue():
            return (IterableValue, _key(value.step))
        case CollectionValue() | MappingValue() | Unknown():
            return type(value)
        case TupleValue():
            return (TupleValue, len(value.values))
        case _:
            return value


def _merge(first: Value, second: Value) -> Value:
    match first, second:
        case StreamData(), StreamData():
            # What makes a finding less likely (carried, several sources) holds if it holds on one path; what a test has
            # established holds only if it does on both.
            return replace(
                first,
                loop=first.loop if first.loop == second.loop else None,
                text=first.text if first.text == second.text else None,
                from_previous_iteration=first.from_previous_iteration or second.from_previous_iteration,
                cut=first.cut or second.cut,
                sse=first.sse or second.sse,
                counted_off=first.counted_off or second.counted_off,
                sources=first.sources | second.sources,
                known=first.known & second.known,
            )
        case CatalogInstance(), CatalogInstance():
            loop = first.loop if first.loop == second.loop else None
            known = first.known & second.known
            return replace(
                first,
                loop=loop,
                from_previous_iteration=first.from_previous_iteration or second.from_previous_iteration,
                known=known,
            )
        case IterableValue(), IterableValue():
            agreed = first.asynchronous if first.asynchronous == second.asynchronous else None
            return IterableValue(join(first.step, second.step), agreed)
        case CollectionValue(), CollectionValue():
            return CollectionValue(join(first.element, second.element), first.complete or second.complete)
        case MappingValue(), MappingValue():
            return _merge_records(first, second)
        case TupleValue(), TupleValue():
            return TupleValue(tuple(join(one, other) for one, other in zip(first.values, second.values, strict=True)))
        case _:
            return first


def _merge_records(first: MappingValue, second: MappingValue) -> MappingValue:
    fields = dict(first.fields)
    for key, value in second.fields:
        fields[key] = join(fields[key], value) if key in fields else value
    return MappingValue(tuple(fields.items()), join(first.rest, second.rest), first.members and second.members)


def _absorb(values: list[Value]) -> list[Value]:
    """Drop pieces and events of sources of which another of the values holds more."""
    # `buf = chunk if first else buf + chunk` is a buffer: the bare piece is its first state, not another possibility.
    held: set[Source | str] = set()
    for value in values:
        if type(value) is StreamData and not value.piece:
            held |= value.sources
        elif type(value) is CatalogInstance and value.buffered:
            held |= {_of_event(value), value.type.dotted}
    if not held:
        return values
    return [value for value in values if _of_one_step(value) not in held]


def _of_one_step(value: Value) -> Source | str | None:
    match value:
        case StreamData(origin=origin) if value.piece:
            return origin.source
        case CatalogInstance(buffered=False):
            return _of_event(value)
        case _:
            return None


def _of_event(event: CatalogInstance) -> Source | str:
    """Return the source of an event, or its type if the source is unknown."""
    return event.type.dotted if event.origin is None else event.origin.source


def _importance(value: Value) -> int:
    match value:
        case StreamData():
            return 0
        case IterableValue() | CatalogInstance() | CollectionValue():
            return 1
        case Constant() | Unknown():
            return 3
        case _:
            return 2


def to_next_iteration(value: Value, loop: Loop) -> Value:
    """Return the value at the start of the next iteration of `loop`: what the last one brought is now carried over."""
    return _carried(value, lambda known: known == loop)


def to_later_iterations(value: Value) -> Value:
    """Return the value as repeatedly run code sees it: everything in it may be from earlier."""
    return _carried(value, lambda _: True)


def _carried(value: Value, applies: Callable[[Loop | None], bool]) -> Value:
    match value:
        case StreamData() | CatalogInstance():
            return (
                value
                if value.from_previous_iteration or not applies(value.loop)
                else replace(value, from_previous_iteration=True)
            )
        case CollectionValue():
            return _same_or(value, CollectionValue(_carried(value.element, applies), value.complete))
        case TupleValue():
            return _same_or(value, TupleValue(tuple(_carried(item, applies) for item in value.values)))
        case MappingValue():
            fields = tuple((key, _carried(item, applies)) for key, item in value.fields)
            return _same_or(value, MappingValue(fields, _carried(value.rest, applies), value.members))
        case Union():
            return _same_or(value, join_all([_carried(item, applies) for item in value.of]))
        case _:
            return value


def _same_or(old: Value, new: Value) -> Value:
    return old if old == new else new


def depth(value: Value) -> int:
    """Return the nesting depth of collections."""
    match value:
        case CollectionValue():
            return 1 + depth(value.element)
        case TupleValue():
            return 1 + max((depth(item) for item in value.values), default=0)
        case MappingValue():
            return 1 + max((depth(item) for _, item in (*value.fields, ("", value.rest))), default=0)
        case Union():
            return max(depth(item) for item in value.of)
        case IterableValue():
            return 1 + depth(value.step)
        case _:
            return 0


def can_be_reported(value: Value) -> bool:
    """Decide whether parsing this value can be reported."""
    for item in union_members(value):
        match item:
            case StreamData(framing=framing) if framing is not Framing.WHOLE:
                return True
            case CatalogInstance(type=known, origin=origin) if known.decoded and origin is not None:
                return True
    return False


def contains_stream_data(value: Value) -> bool:
    """Decide whether a value is, or leads to, stream data."""
    match value:
        case StreamData() | IterableValue() | CatalogInstance() | Partial() | Channel():
            return True
        case CollectionValue():
            return contains_stream_data(value.element)
        case TupleValue():
            return any(contains_stream_data(item) for item in value.values)
        case MappingValue():
            return contains_stream_data(value.rest) or any(contains_stream_data(item) for _, item in value.fields)
        case Union():
            return any(contains_stream_data(item) for item in value.of)
        case BoundMethod():
            return contains_stream_data(value.owner)
        case _:
            return False


def affects_callee(value: Value) -> bool:
    """Decide whether a function has to be analyzed again when it is passed this value."""
    match value:
        case Unknown() | Constant() | QualifiedName() | CatalogClass() | UserClass():
            return False
        case CollectionValue():
            return affects_callee(value.element)
        case TupleValue():
            return any(affects_callee(item) for item in value.values)
        case MappingValue():
            return affects_callee(value.rest) or any(affects_callee(item) for _, item in value.fields)
        case Union():
            return any(affects_callee(item) for item in value.of)
        case BoundMethod():
            return affects_callee(value.owner)
        case _:
            return True
