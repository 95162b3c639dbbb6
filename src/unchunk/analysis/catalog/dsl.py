"""The language of the catalog tables: clients, their types, and what a call, an attribute or an iteration returns.

A row is a fact about somebody's library. The engine reads rows; it knows no client by name.
"""

from __future__ import annotations

import enum
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Union

from unchunk.analysis.findings import Framing

CHUNK = Framing.CHUNK
LINE = Framing.LINE
EVENT = Framing.EVENT
MESSAGE = Framing.MESSAGE
FRAGMENT = Framing.FRAGMENT
OBJECT = Framing.OBJECT
WHOLE = Framing.WHOLE

EVENT_LINES = "it is taken for a line of server-sent events"
ENDS_WITH_DONE = "the endpoint ends its streams with [DONE]"
"""Facts that a request may establish about the lines of its response."""


class Condition:
    """A condition on the arguments of a call, under which a row holds.

    Made by `when`, `unless`, `given`, `absent`, `constant`, `sized`, `equals`, `file_mentions`,
    `sibling_call`, `reader_sized` and `repeated_callback`.
    """

    __slots__ = ("default", "kind", "name", "position", "value", "words")

    def __init__(
        self,
        kind: str,
        name: str,
        position: int | None,
        default: bool,
        value: str = "",
        words: tuple[str, ...] = (),
    ) -> None:
        self.words = words
        self.kind = kind
        self.name = name
        self.position = position
        self.default = default
        self.value = value

    def __repr__(self) -> str:
        return f"{self.kind}({self.name!r})"


def when(name: str, position: int | None = None, *, default: bool = False) -> Condition:
    """Return a condition that holds if the argument is true, as in `stream=True`; `default` is the library's own
    default.
    """
    return Condition("when", name, position, default)


def unless(name: str, position: int | None = None, *, default: bool = False) -> Condition:
    """Return a condition that holds if the argument is false: `unless("decode")` fits a call without `decode=True`."""
    return Condition("unless", name, position, default)


def given(name: str, position: int | None = None) -> Condition:
    """Return a condition that holds if the argument is given and is neither None nor -1: `read(n)`, not `read()`."""
    return Condition("given", name, position, False)


def absent(name: str, position: int | None = None) -> Condition:
    """Return a condition that holds if the argument is left out, None or -1: `read()`."""
    return Condition("absent", name, position, False)


def constant(name: str, position: int | None = None) -> Condition:
    """Return a condition that holds if the argument is a number in the program: a literal, or a name bound to one.

    A buffered reader's `read(4096)` cuts anywhere, while its `read(length)` gives the very message whose length was
    read before.
    """
    return Condition("constant", name, position, False)


def sized(name: str, position: int | None = None) -> Condition:
    """Return a condition that holds if the argument is such a number, or was computed from data read before."""
    return Condition("sized", name, position, False)


def equals(name: str, value: str, position: int | None = None) -> Condition:
    """Return a condition that holds if the argument is that string, or a name ending in it: `equals("type",
    "SOCK_DGRAM", 1)`.
    """
    return Condition("equals", name, position, False, value)


def in_memory(name: str, position: int | None = None) -> Condition:
    """Return a condition that holds if the argument is a file made from data in memory: `io.BytesIO(chunk)`."""
    return Condition("in memory", name, position, False)


def file_mentions(word: str) -> Condition:
    """Return a condition that holds if the file contains this word: a response is iterated over where `stream`
    occurs.
    """
    return Condition("file_mentions", word, None, False)


def sibling_call(*words: str) -> Condition:
    """Return a condition that holds if the program also calls one of these methods on the same receiver, or passes one
    of these names to a method of it: a socket with `sendto` receives datagrams.
    """
    return Condition("sibling_call", words[0], None, False, words=words)


def reader_sized(amount: Type, name: str, position: int | None = None) -> Condition:
    """Return a condition that holds if the argument is the amount that the reader itself reports, as in
    `port.read(port.in_waiting)`; `amount` is the type of that report.
    """
    return Condition("reader_sized", name, position, False, words=(amount.dotted,))


def repeated_callback() -> Condition:
    """Return a condition that holds in a function that the library calls whenever something can be read."""
    return Condition("repeated_callback", "", None, False)


Text = bool | Condition | None


class Use(enum.Enum):
    """The way a program uses a row's member."""

    CALL = "call"
    ATTRIBUTE = "attribute"
    ITERATE = "iterate"
    PART = "part"
    CALLBACK = "callback"
    CALLED_BACK = "called back"
    PARSE = "parse"
    SAFE = "safe"


class Gives(enum.Enum):
    """The shape of a result: the thing itself, an iterable of it, or one read of it."""

    ONE = "one"
    STEPS = "steps"
    READ = "read"
    """One read of a stream: a piece if the stream is read on, all there is if the row says WHOLE."""


@dataclass(frozen=True, slots=True)
class TypeName:
    """A type of a client by its canonical dotted name, such as `requests.Response`."""

    dotted: str


What = Union[Framing, TypeName, "tuple[What, ...]", None]
"""A result: data of a framing, an instance of a type, a tuple of such, or None for "of no interest"."""


@dataclass(frozen=True, slots=True)
class Row:
    """One fact of the catalog.

    Attributes:
        client: the client's import name.
        owner: canonical dotted name of the type (or of the module) that has the member.
        member: its name, dotted where it is reached through attributes (`chat.completions.create`); empty for iterating
            over the instance itself; for parts a path such as `choices[].delta.content`.
        use, gives, what: how it is used and what that hands out.
        text: True where the data is `str`, False for bytes, None where it cannot be told, or a condition that makes it
            `str`.
        only: the row holds only under this condition.
        untyped: the member's name alone is proof enough on a receiver whose type is unknown.
        parameter: which argument (position or keyword) is parsed or read from, or which parameter of a callback gets
            the data.
        exact: a read gives as much as is asked for, unless the stream ends. doubt: words that take that proof away
            where the program says them: they belong to things with the same member.
        asynchronous: whether it takes `async for` to go through the steps, where that is part of that proof: another
            thing has the same member, and hands out something else the other way.
        note: words for people, such as a link to the place in the documentation that says so.
        idle: a read brings nothing where nothing has come yet; the stream has not ended then.
        event: the type of a step where it is no text, but something that the client has decoded: nobody knows which.
        known: what is known of the lines of the answer, as tests would have made sure of it.
    """

    client: str
    owner: str
    member: str
    use: Use
    gives: Gives
    what: What
    text: Text = None
    only: Condition | None = None
    untyped: bool = False
    parameter: int | str | None = None
    exact: bool = False
    negative_keywords: tuple[str, ...] = ()
    note: str = ""
    asynchronous: bool | None = None
    idle: bool = False
    event: TypeName | None = None
    known: frozenset[str] = frozenset()


@dataclass(slots=True)
class Type:
    """A type of a client (or the client's module itself) while its table is being written."""

    client: str
    dotted: str
    aliases: tuple[str, ...] = ()
    bases: tuple[str, ...] = ()
    decoded: bool = False
    rows: list[Row] = field(default_factory=list)
    places: tuple[str, ...] = ()
    sums: bool = False

    @property
    def name(self) -> TypeName:
        return TypeName(self.dotted)

    def returns(
        self,
        what: Given,
        *members: str,
        only: Condition | None = None,
        text: Text = None,
        untyped: bool = False,
        known: frozenset[str] = frozenset(),
        note: str = "",
    ) -> None:
        """Declare that calling any of `members` returns `what`: `REQUESTS.makes(Response, "get", "post")`.

        Awaiting it or entering it with `with` gives the same, so async clients and context managers need no further
        word. `known` is what the call tells of the lines of the answer.
        """
        for member in members:
            self._add(member, Use.CALL, Gives.ONE, what, text=text, only=only, untyped=untyped, known=known, note=note)

    def attribute(self, what: Given, *members: str, text: Text = None, note: str = "") -> None:
        """Declare that reading any of the attributes returns `what`: `Response.attribute(WHOLE, "text", "content")`."""
        for member in members:
            self._add(member, Use.ATTRIBUTE, Gives.ONE, what, text=text, note=note)

    def attribute_yields(self, what: Given, *members: str, text: Text = None, note: str = "") -> None:
        """Declare that the attribute is an iterable of `what`: `MessageStream.holds(FRAGMENT, "text_stream",
        text=True)`.
        """
        for member in members:
            self._add(member, Use.ATTRIBUTE, Gives.STEPS, what, text=text, note=note)

    def yields(
        self,
        what: Given,
        *members: str,
        text: Text = None,
        only: Condition | None = None,
        untyped: bool = False,
        doubt: tuple[str, ...] = (),
        note: str = "",
        asynchronous: bool | None = None,
        event: Type | None = None,
    ) -> None:
        """Declare that calling any of `members` returns an iterable (sync or async) of `what`.

        `Response.step(CHUNK, "iter_content", text=when("decode_unicode"), untyped=True)`; with `asynchronous=False`
        where the same name in an `async for` proves nothing. A step may be an `event` instead.
        """
        for member in members:
            self._add(
                member,
                Use.CALL,
                Gives.STEPS,
                what,
                text=text,
                only=only,
                untyped=untyped,
                doubt=doubt,
                note=note,
                asynchronous=asynchronous,
                event=event,
            )

    def read(
        self,
        what: Given,
        *members: str,
        text: Text = None,
        only: Condition | None = None,
        untyped: bool = False,
        exact: bool = False,
        of: int | None = None,
        doubt: tuple[str, ...] = (),
        note: str = "",
        idle: bool = False,
    ) -> None:
        """Declare that calling any of `members` reads `what` once; the next call reads what follows.

        `Socket.read(CHUNK, "recv", text=False)`; with `only=given("amt", 0)` where the call without it reads
        everything. `exact`: it reads as much as it is asked for, unless the stream ends. `of`: the argument that is
        read from, as in `os.read(descriptor, 100)`; how much follows it. `doubt`: words by which the program says that
        the name alone proves nothing. `idle`: it brings nothing where nothing has come yet.
        """
        for member in members:
            self._add(
                member,
                Use.CALL,
                Gives.READ,
                what,
                text=text,
                only=only,
                untyped=untyped,
                parameter=of,
                exact=exact,
                doubt=doubt,
                note=note,
                idle=idle,
            )

    def iterates(self, what: Given, *, text: Text = None, only: Condition | None = None, note: str = "") -> None:
        """Declare that iterating over an instance (`for`, `async for`, `next`) yields `what`; `only` may be
        `file_mentions(…)`.
        """
        self._add("", Use.ITERATE, Gives.STEPS, what, text=text, only=only, note=note)

    def part(
        self,
        what: Given,
        *paths: str,
        text: Text = None,
        untyped: bool = False,
        note: str = "",
        event: Type | None = None,
    ) -> None:
        """Declare what lies inside an instance: `Chunk.part(FRAGMENT, "choices[].delta.content", text=True)`.

        A path works for attributes, string subscripts and `.get("…")` alike; `[]` is an element of a list (by index or
        iteration), `()` a call without interesting arguments (`value()`). Strings inside events are text unless `text`
        says otherwise. What lies there may be an `event` instead.
        """
        for path in paths:
            self._add(path, Use.PART, Gives.ONE, what, text=text, untyped=untyped, note=note, event=event)

    def callback(self, what: Given, *members: str, parameter: int = 0, text: Text = None, note: str = "") -> None:
        """Declare that a subclass overriding one of `members` receives `what` in that parameter (counted without
        `self`).

        `Protocol.callback(CHUNK, "data_received", text=False)`; handed nothing (`what` is None), it is called whenever
        something can be read, so that what it reads is read again and again.
        """
        for member in members:
            self._add(member, Use.CALLBACK, Gives.ONE, what, text=text, parameter=parameter, note=note)

    def invokes(self, what: Given, *members: str, argument: int | str, text: Text = None, note: str = "") -> None:
        """Declare that the function given as `argument` (position or keyword) is called with `what` first; with None,
        that it is called whenever something can be read.

        `AsyncHTTPClient.calls_back(CHUNK, "fetch", argument="streaming_callback", text=False)`
        """
        for member in members:
            self._add(member, Use.CALLED_BACK, Gives.ONE, what, text=text, parameter=argument, note=note)

    def parses_json(
        self,
        *members: str,
        argument: int | str = 0,
        only: Condition | None = None,
        untyped: bool = False,
        note: str = "",
    ) -> None:
        """Declare that calling any of `members` parses its argument as one whole JSON document."""
        for member in members:
            self._add(member, Use.PARSE, Gives.ONE, None, only=only, untyped=untyped, parameter=argument, note=note)

    def sanitizes(self, *members: str, note: str = "") -> None:
        """Declare that calling any of `members` with a stream or a piece of one returns whole things, never
        reported.
        """
        for member in members:
            self._add(member, Use.SAFE, Gives.ONE, WHOLE, note=note)

    def _add(
        self,
        member: str,
        use: Use,
        gives: Gives,
        what: Given,
        *,
        text: Text = None,
        only: Condition | None = None,
        untyped: bool = False,
        parameter: int | str | None = None,
        exact: bool = False,
        doubt: tuple[str, ...] = (),
        note: str = "",
        asynchronous: bool | None = None,
        idle: bool = False,
        event: Type | None = None,
        known: frozenset[str] = frozenset(),
    ) -> None:
        made = _what(what)
        row = Row(
            self.client,
            self.dotted,
            member,
            use,
            gives,
            made,
            text,
            only,
            untyped,
            parameter,
            exact,
            doubt,
            note,
            asynchronous,
            idle,
            None if event is None else event.name,
            known,
        )
        self.rows.append(row)


@dataclass(slots=True)
class Client(Type):
    """A library: its module, with functions such as `requests.get` as members, and its types.

    Attributes:
        roots: the import names under which the same API is found (`httpx` and `httpx2`).
        distribution: what to install to have it; empty for the standard library.
        docs: where its documentation says what the rows say.
        http: its lines are those of an HTTP answer, which may be a stream of events.
    """

    roots: tuple[str, ...] = ()
    distribution: str = ""
    docs: str = ""
    http: bool = False
    types: list[Type] = field(default_factory=list)

    def type(
        self,
        name: str,
        *aliases: str,
        bases: tuple[Type, ...] = (),
        decoded: bool = False,
        places: tuple[str, ...] = (),
        sums: bool = False,
    ) -> Type:
        """Add a class of the client. `name` is the name a person imports it by, relative to the client: `Response`,
        `adapters.HTTPAdapter`. A class without such a name gets words with a space, such as `pub/sub message`.

        `aliases` are names of twins with the same members (`AsyncOpenAI`, `AzureOpenAI`) or of other places it is
        imported from; a class imported from any module of the client under the same last name is found without saying
        so. `bases` hand down their rows. `decoded` marks an event that the client has parsed already (parsing it again
        is UNC105). `places` are the names of a named tuple's places, in their order: `code, output = made` gives what
        the attributes do. `sums` marks one of which several are added up (`full + chunk`) to another of the same type:
        it is a piece only where a row hands it out.
        """
        made = Type(
            self.client,
            f"{self.dotted}.{name}",
            tuple(f"{self.dotted}.{alias}" for alias in aliases),
            tuple(base.dotted for base in bases),
            decoded,
            places=places,
            sums=sums,
        )
        self.types.append(made)
        return made

    def all_rows(self) -> Iterator[Row]:
        yield from self.rows
        for made in self.types:
            yield from made.rows


Given = Union[Framing, Type, "tuple[Given, ...]", None]


def client(name: str, *also: str, distribution: str | None = None, docs: str = "", http: bool = False) -> Client:
    """Return the library imported as `name` (dotted for a part of one, such as `http.client`); `also` are import names
    with the same API. `http`: its lines are those of an HTTP response.
    """
    return Client(
        client=name,
        dotted=name,
        roots=(name, *also),
        distribution=name if distribution is None else distribution,
        docs=docs,
        http=http,
    )


def _what(what: Given) -> What:
    match what:
        case Type():
            return what.name
        case tuple():
            return tuple(_what(item) for item in what)
        case _:
            return what
