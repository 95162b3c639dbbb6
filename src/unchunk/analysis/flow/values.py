"""What an expression can be, as far as it matters for streams, and how two possibilities are taken together.

The lattice is small: nothing known (`UNKNOWN`), constants, things of known type, iterables of steps, and data. Data
remembers what a step of its
source is, whether it is a piece of one step or was put together from several, and how it came here. How it came here
(`hops`) is for people and
for rewrites: it takes no part in comparisons, so that loops come to rest.
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

MOST_ALTERNATIVES = 8
MOST_HOPS = 24


class Evidence(enum.IntEnum):
    """How sure it is that a source is what it is taken for."""

    METHOD_NAME = 0
    TYPED = 1


@dataclass(frozen=True, slots=True, eq=False)
class Source:
    """Where steps come from: the call (or parameter) that a row of the catalog speaks about.

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
        """What its pieces are told apart by from those of others: the source itself, or, where only names tell that
        it is one, those names.
        """
        return self if self.evidence is Evidence.TYPED else (self.path, self.name)


@dataclass(frozen=True, slots=True, eq=False)
class Origin:
    """Where a step is handed to the program: the loop, comprehension, read or callback (see `Site`).

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
    """One loop, in one context of calls: each of its rounds brings new steps."""

    node: ast.AST
    context: tuple[ast.AST, ...]


@dataclass(frozen=True, slots=True)
class Hop:
    """One station between source and parse."""

    node: ast.AST
    text: str
    path: str


@dataclass(frozen=True, slots=True)
class Unknown:
    """Nothing is known. `why` says what ended our knowledge, where data had been known before; `ending` is how a text
    ends, as far as it is the address of a stream of events.
    """

    why: str = ""
    of_data: bool = False
    node: ast.AST | None = field(default=None, compare=False)
    ending: str = ""


UNKNOWN = Unknown()
SPLIT = "split"
"""What a hop through the splitting of a step says."""
CHANGED = "changed"
QUEUED = "taken out of a queue"
APART = frozenset((CHANGED, QUEUED))
"""What hops say behind which a stream cannot be cut in another way where it is handed out: its documents are written
in other letters there, or it is another part of the program that goes through it.
"""
OPEN = Unknown("whatever the caller gives")
"""What lies in a dict of keywords besides those that are known."""
READY = Unknown("ready to be read, and again later")
"""What is read whenever something has come: one read of it is not the only one."""
CHOSEN = Unknown("picked out of several, of which nothing tells that a stream hands them out")
"""What the program picked, see `picks`."""


@dataclass(frozen=True, slots=True)
class Const:
    value: Any


@dataclass(frozen=True, slots=True)
class Data:
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
        wrapped: a file-like object around the data.
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
    carried: bool = False
    split: ast.expr | None = None
    cut: bool = False
    wrapped: bool = False
    sse: bool = False
    counted_off: bool = False
    sources: frozenset[Source] = frozenset()
    known: frozenset[str] = frozenset()
    hops: tuple[Hop, ...] = field(default=(), compare=False)

    @property
    def piece(self) -> bool:
        """Whether this is (part of) one step, with nothing carried over."""
        return not self.buffered and self.framing is not Framing.WHOLE

    def via(self, node: ast.AST, text: str, path: str) -> tuple[Hop, ...]:
        if len(self.hops) >= MOST_HOPS or any(hop.node is node for hop in self.hops):
            return self.hops
        return (*self.hops, Hop(node, text, path))


@dataclass(frozen=True, slots=True)
class Instance:
    """A thing of a type that the catalog knows, or a place inside it (`at`, such as `choices[].delta`).

    Attributes:
        maker: the function in which it was made.
        buffered: an event that several were added up to, or that others were added to.
        known: what the request that it answers tells of its lines, as tests would have made sure of it.
    """

    type: TypeInfo = field(hash=False)
    at: str = ""
    loop: Loop | None = None
    origin: Origin | None = None
    carried: bool = False
    hops: tuple[Hop, ...] = field(default=(), compare=False)
    maker: ast.AST | None = field(default=None, compare=False)
    buffered: bool = False
    known: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Class:
    """A class of the catalog, to be called."""

    type: TypeInfo = field(hash=False)


@dataclass(frozen=True, slots=True)
class Dotted:
    """Something imported, by its dotted name."""

    name: str


@dataclass(frozen=True, slots=True)
class Method:
    """`owner.name`, not called yet, where the owner is data, a list, a constant or unknown."""

    owner: Value
    name: str
    node: ast.Attribute = field(compare=False)


@dataclass(frozen=True, slots=True)
class Steps:
    """An iterable (or iterator, sync or async) that hands out `step`, again and again.

    Attributes:
        asynchronous: whether it takes `async for` to go through it, where that is part of what it is known by.
    """

    step: Value
    asynchronous: bool | None = None


@dataclass(frozen=True, slots=True)
class Listing:
    """A collection. `complete`: it holds every step of a stream, so that joining it gives the whole."""

    element: Value
    complete: bool = False


@dataclass(frozen=True, slots=True)
class Channel:
    """A queue, by where it is made: what one part of the program puts in, whenever that is, another takes out."""

    node: ast.AST


@dataclass(frozen=True, slots=True)
class Items:
    """A tuple whose places are told apart."""

    values: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Record:
    """A dict, by its constant keys; `rest` is what lies under other keys. `members`: an object with such attributes."""

    fields: tuple[tuple[Any, Value], ...]
    rest: Value = UNKNOWN
    members: bool = False


@dataclass(frozen=True, slots=True)
class Function:
    """A function of the program, with what it closes over and what it is bound to."""

    node: ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda
    closure: Closure = field(compare=False)
    bound: Value | None = None
    arguments: tuple[Value, ...] = ()
    keywords: tuple[tuple[str, Value], ...] = ()


@dataclass(frozen=True, slots=True)
class Partial:
    """`functools.partial` of something that is not a function of the program."""

    target: Value
    arguments: tuple[Value, ...]
    keywords: tuple[tuple[str, Value], ...]


@dataclass(frozen=True, slots=True)
class OwnClass:
    """A class of the program."""

    node: ast.ClassDef
    closure: Closure = field(compare=False)


@dataclass(frozen=True, slots=True)
class Own:
    """An instance of a class of the program; as `super()`, seen from the class `above` in its lineage."""

    cls: OwnClass
    above: OwnClass | None = None


@dataclass(frozen=True, slots=True)
class Union:
    """One of several."""

    of: tuple[Value, ...]


Value = (
    Unknown
    | Const
    | Data
    | Instance
    | Class
    | Dotted
    | Method
    | Steps
    | Listing
    | Channel
    | Items
    | Record
    | Function
    | Partial
    | OwnClass
    | Own
    | Union
)

EMPTY = Listing(UNKNOWN)


def alternatives(value: Value) -> tuple[Value, ...]:
    return value.of if type(value) is Union else (value,)


def join(first: Value, second: Value) -> Value:
    """What is known if it is the one or the other. Data that was buffered on one way counts as buffered on all of its
    ways.
    """
    if first is second or first == second:
        return first
    # Plain UNKNOWN is the bottom here, not the top: a path that says nothing must not hide what another one proves,
    # since a finding needs one path only. One with a reason outlives it, for `--why` to tell.
    if type(first) is Unknown and not first.why and second != UNKNOWN:
        return second
    if type(second) is Unknown and not second.why:
        return first
    return _unite((*alternatives(first), *alternatives(second)))


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
    if len(found) > MOST_ALTERNATIVES:
        found = sorted(found, key=_importance)[:MOST_ALTERNATIVES]
    return found[0] if len(found) == 1 else Union(tuple(found))


def _key(value: Value) -> Any:
    match value:
        case Data():
            return (Data, value.origin, value.framing, value.buffered, value.split, value.wrapped)
        case Instance():
            return (Instance, value.type.dotted, value.at, value.origin, value.buffered)
        case Steps():
            return (Steps, _key(value.step))
        case Listing() | Record() | Unknown():
            return type(value)
        case Items():
            return (Items, len(value.values))
        case _:
            return value


def _merge(first: Value, second: Value) -> Value:
    match first, second:
        case Data(), Data():
            # What makes a finding less likely (carried, several sources) holds if it holds on one path; what a test has
            # established holds only if it does on both.
            return replace(
                first,
                loop=first.loop if first.loop == second.loop else None,
                text=first.text if first.text == second.text else None,
                carried=first.carried or second.carried,
                cut=first.cut or second.cut,
                sse=first.sse or second.sse,
                counted_off=first.counted_off or second.counted_off,
                sources=first.sources | second.sources,
                known=first.known & second.known,
            )
        case Instance(), Instance():
            loop = first.loop if first.loop == second.loop else None
            known = first.known & second.known
            return replace(first, loop=loop, carried=first.carried or second.carried, known=known)
        case Steps(), Steps():
            agreed = first.asynchronous if first.asynchronous == second.asynchronous else None
            return Steps(join(first.step, second.step), agreed)
        case Listing(), Listing():
            return Listing(join(first.element, second.element), first.complete or second.complete)
        case Record(), Record():
            return _merge_records(first, second)
        case Items(), Items():
            return Items(tuple(join(one, other) for one, other in zip(first.values, second.values, strict=True)))
        case _:
            return first


def _merge_records(first: Record, second: Record) -> Record:
    fields = dict(first.fields)
    for key, value in second.fields:
        fields[key] = join(fields[key], value) if key in fields else value
    return Record(tuple(fields.items()), join(first.rest, second.rest), first.members and second.members)


def _absorb(values: list[Value]) -> list[Value]:
    """Without the pieces, and the events, of sources of which more is held by another of the values."""
    # `buf = chunk if first else buf + chunk` is a buffer: the bare piece is its first state, not another possibility.
    held: set[Source | str] = set()
    for value in values:
        if type(value) is Data and not value.piece:
            held |= value.sources
        elif type(value) is Instance and value.buffered:
            held |= {_of_event(value), value.type.dotted}
    if not held:
        return values
    return [value for value in values if _of_one_step(value) not in held]


def _of_one_step(value: Value) -> Source | str | None:
    match value:
        case Data(origin=origin) if value.piece:
            return origin.source
        case Instance(buffered=False):
            return _of_event(value)
        case _:
            return None


def _of_event(event: Instance) -> Source | str:
    """What an event is one of: its source, or, where that is not known, its type."""
    return event.type.dotted if event.origin is None else event.origin.source


def _importance(value: Value) -> int:
    match value:
        case Data():
            return 0
        case Steps() | Instance() | Listing():
            return 1
        case Const() | Unknown():
            return 3
        case _:
            return 2


def carry(value: Value, loop: Loop) -> Value:
    """The value at the start of the next round of `loop`: what the last round brought is now carried over."""
    return _carried(value, lambda known: known == loop)


def carry_all(value: Value) -> Value:
    """The value as code finds it that runs again and again: everything in it may be from earlier."""
    return _carried(value, lambda _: True)


def _carried(value: Value, applies: Callable[[Loop | None], bool]) -> Value:
    match value:
        case Data() | Instance():
            return value if value.carried or not applies(value.loop) else replace(value, carried=True)
        case Listing():
            return _same_or(value, Listing(_carried(value.element, applies), value.complete))
        case Items():
            return _same_or(value, Items(tuple(_carried(item, applies) for item in value.values)))
        case Record():
            fields = tuple((key, _carried(item, applies)) for key, item in value.fields)
            return _same_or(value, Record(fields, _carried(value.rest, applies), value.members))
        case Union():
            return _same_or(value, join_all([_carried(item, applies) for item in value.of]))
        case _:
            return value


def _same_or(old: Value, new: Value) -> Value:
    return old if old == new else new


def depth(value: Value) -> int:
    """How deep collections nest."""
    match value:
        case Listing():
            return 1 + depth(value.element)
        case Items():
            return 1 + max((depth(item) for item in value.values), default=0)
        case Record():
            return 1 + max((depth(item) for _, item in (*value.fields, ("", value.rest))), default=0)
        case Union():
            return max(depth(item) for item in value.of)
        case Steps():
            return 1 + depth(value.step)
        case _:
            return 0


def findable(value: Value) -> bool:
    """Whether a finding can come of it that this value is parsed."""
    for item in alternatives(value):
        match item:
            case Data(framing=framing) if framing is not Framing.WHOLE:
                return True
            case Instance(type=known, origin=origin) if known.decoded and origin is not None:
                return True
    return False


def carries(value: Value) -> bool:
    """Whether a value is, or leads to, what a stream hands out."""
    match value:
        case Data() | Steps() | Instance() | Partial() | Channel():
            return True
        case Listing():
            return carries(value.element)
        case Items():
            return any(carries(item) for item in value.values)
        case Record():
            return carries(value.rest) or any(carries(item) for _, item in value.fields)
        case Union():
            return any(carries(item) for item in value.of)
        case Method():
            return carries(value.owner)
        case _:
            return False


def interesting(value: Value) -> bool:
    """Whether a function that is handed this has to be looked at again."""
    match value:
        case Unknown() | Const() | Dotted() | Class() | OwnClass():
            return False
        case Listing():
            return interesting(value.element)
        case Items():
            return any(interesting(item) for item in value.values)
        case Record():
            return interesting(value.rest) or any(interesting(item) for _, item in value.fields)
        case Union():
            return any(interesting(item) for item in value.of)
        case Method():
            return interesting(value.owner)
        case _:
            return True
