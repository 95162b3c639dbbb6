"""One analysis of one or several modules: what is shared by all frames, and what they found."""

from __future__ import annotations

import ast
from collections.abc import Callable, Hashable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from unchunk.analysis.findings import Framing
from unchunk.analysis.limits import note_limit

from .data import each, lasting
from .modules import Module
from .state import Fact
from .values import (
    SPLIT,
    UNKNOWN,
    Channel,
    Data,
    Evidence,
    Function,
    Loop,
    Origin,
    Own,
    OwnClass,
    Source,
    Value,
    alternatives,
    carries,
    carry_all,
    findable,
    interesting,
    join,
)

if TYPE_CHECKING:
    from unchunk.analysis.catalog.index import Catalog, TypeInfo

    from .frames import Frame, Guard

_OF_PIECES = frozenset(Framing) - {Framing.WHOLE, Framing.OBJECT}
"""The framings that a finding can come of by themselves; an object has to be parsed as it is."""
ROUNDS = 4
"""How often functions are looked at again because something that they share (an attribute, a global) turned out to
hold more.
"""


@dataclass(slots=True, eq=False)
class Parsed:
    """One parse call in one context of calls, with everything that was ever parsed there.

    Attributes:
        node: the call of the parser, or the call that it is passed on to.
        argument: what is parsed; None where the parser is passed on.
        parser: canonical name of the parser.
        context, callers: the calls that led here, and the modules in which they stand.
        value: what is parsed, over all paths.
        guards: the `try` statements around, innermost last, those around the calls that led here included.
        facts: what tests have made sure of, on every path, about the sources of the value.
        ends_with_done: the program reads the answer as OpenAI's, whose streams end with `data: [DONE]`, and does not
            speak of that mark anywhere near.
        function: the function in which the call stands.
        spread: what is parsed is spread out of a tuple or a dict.
        round: in which round of looking at everything it was seen last.
    """

    node: ast.Call
    argument: ast.expr | None
    parser: str
    module: Module
    context: tuple[ast.AST, ...]
    callers: tuple[Module, ...]
    value: Value
    guards: tuple[Guard, ...]
    loop: Loop | None
    facts: frozenset[Fact]
    ends_with_done: bool = False
    function: ast.AST | None = None
    spread: bool = False
    round: int = 0


TOO_DEEP = ast.Pass()
"""Stands among the functions that were not looked into for those that too many calls lead to."""


Variant = tuple[int, int]


@dataclass(slots=True, eq=False)
class Summary:
    """What one call of a function came to.

    Attributes:
        reads: what it has read that others may change.
        cut: the functions that were not looked into, being looked at already.
        depth: through how many calls it was come to.
        noted: something was noted that outlives the call.
        around: it rests on the loop or the `try` around the call.
    """

    value: Value
    reads: set[Any]
    cut: tuple[ast.AST, ...]
    depth: int
    noted: bool
    around: bool

    def holds(self, in_progress: set[ast.AST], depth: int) -> bool:
        """Tell if looking into it from there would find no more."""
        return all(node in in_progress if node is not TOO_DEEP else depth >= self.depth for node in self.cut)


@dataclass(slots=True, eq=False)
class Run:
    """Everything that frames share.

    Attributes:
        budget: how many statements may still be looked at.
        looks: how many expressions may still be looked at.
        decoded: whether chunks that are decoded by themselves are of interest.
        everything: look also where no finding can come of it, to be able to say why.
        contexts: the parses of each call, one for each way it is come to.
        has_pieces: whether anything that hands out pieces was met so far.
        noted: how often something was noted that outlives the call in which it was met: parse calls, sources, what is
            kept on objects and in globals.
        looked_around: how often something was asked about the loop or the `try` around a call.
        round: how often everything was looked at before.
        cut: the functions that were not looked into, being looked at already.
        entered: how often each call was looked into in this round, by the first call on the way to it.
        outcomes: what all calls of each function came to.
        enclosing: the frames that functions and classes close over.
        ends_with_done: which functions take what they parse for OpenAI's chunks, and do not look for the end mark.
        called: the functions that were run with what a call gives them.
        channels: what was put into each queue, by where it is made.
        holding: the classes whose instances hold what a stream hands out, or leads to it.
        told: the parse calls with those of their sources of which another file tells.
        grown: the kinds of sources of which a piece that is kept in an object or a collection is made longer there.
    """

    catalog: Catalog
    budget: int = 0
    looks: int = 0
    modules: dict[str, Module] = field(default_factory=dict)
    parses: dict[tuple[ast.Call, tuple[ast.AST, ...]], Parsed] = field(default_factory=dict)
    contexts: dict[ast.Call, list[Parsed]] = field(default_factory=dict)
    decodes: dict[ast.Call, tuple[Module, Value]] = field(default_factory=dict)
    load_module: Callable[[str, str, bool], Module | None] | None = None
    decoded: bool = False
    everything: bool = False
    yields: Callable[[str, str], bool] | None = None
    parsing: Callable[[str, str], bool] | None = None
    names_that_parse: Callable[[str], frozenset[str]] | None = None
    names_that_yield: Callable[[str], frozenset[str]] | None = None
    owns: Callable[[str], bool] | None = None
    attributes: dict[tuple[ast.ClassDef, str], Value] = field(default_factory=dict)
    reading: set[Any] = field(default_factory=set)
    changed: set[Any] = field(default_factory=set)
    in_progress: set[ast.AST] = field(default_factory=set)
    lineages: dict[ast.ClassDef, list[OwnClass | TypeInfo]] = field(default_factory=dict)
    filled: set[tuple[ast.ClassDef, str]] = field(default_factory=set)
    guarded: set[ast.AST] = field(default_factory=set)
    called: set[ast.AST] = field(default_factory=set)
    asked: set[str] = field(default_factory=set)
    parsed_again: set[tuple[Loop | None, Source]] = field(default_factory=set)
    mended_splits: set[ast.AST] = field(default_factory=set)
    ends_with_done: dict[ast.AST, bool] = field(default_factory=dict)
    channels: dict[ast.AST, Value] = field(default_factory=dict)
    holding: set[ast.ClassDef] = field(default_factory=set)
    told: frozenset[tuple[Parsed, Source]] = frozenset()
    grown: set[Hashable] = field(default_factory=set)
    has_pieces: bool = False
    noted: int = 0
    looked_around: int = 0
    round: int = 0
    cut: list[ast.AST] = field(default_factory=list)
    enclosing: set[Frame] = field(default_factory=set)
    _results: dict[Any, tuple[Value, set[Any]]] = field(default_factory=dict)
    entered: dict[Hashable, int] = field(default_factory=dict)
    outcomes: dict[ast.AST, Value] = field(default_factory=dict)
    _summaries: dict[Hashable, dict[Variant, Summary]] = field(default_factory=dict)
    _carried: dict[tuple[ast.ClassDef, str], tuple[Value, Value]] = field(default_factory=dict)
    _numbers: dict[Hashable, int] = field(default_factory=dict)
    _handed: dict[Hashable, list[Value]] = field(default_factory=dict)
    _readers: list[set[Any]] = field(default_factory=list)
    _sources: dict[Any, Source] = field(default_factory=dict)
    _origins: dict[Any, Origin] = field(default_factory=dict)

    @property
    def has_sources(self) -> bool:
        """Whether anything that hands out steps was met so far."""
        return bool(self._sources)

    def spend(self) -> bool:
        """Pay for one statement. False once the budget, which is linear in the size of the file, is used up."""
        self.budget -= 1
        return self.budget > 0

    def source(
        self,
        node: ast.AST,
        path: str,
        framing: Framing,
        name: str,
        text: bool | None,
        evidence: Evidence,
        read: bool = False,
        key: Any = None,
        drains: bool = False,
        exact: bool = False,
        http: bool = False,
        idle: bool = False,
        asked: bool = False,
        event: TypeInfo | None = None,
    ) -> Source:
        """The source at that node; always the same one for the same node."""
        if framing in _OF_PIECES:
            self.noted += 1
            self.has_pieces = True
        known = (key if key is not None else node, name, framing)
        found = self._sources.get(known)
        if found is None:
            found = Source(node, path, framing, name, text, evidence, read, drains, exact, http, idle, asked, event)
            self._sources[known] = found
        return found

    def origin(
        self,
        source: Source,
        producer: ast.AST,
        step: ast.expr | ast.arg,
        target: ast.expr | ast.arg | None = None,
        single: bool = False,
        announced: bool = False,
        opened: bool = False,
    ) -> Origin:
        self.noted += source.framing in _OF_PIECES
        key = (source, producer, step, target, single, announced, opened)
        found = self._origins.get(key)
        if found is None:
            found = self._origins[key] = Origin(source, producer, step, target, single, announced, opened)
        return found

    def parsing_names(self, dotted: str) -> frozenset[str]:
        """What another module of the program has that leads to a parse call."""
        return frozenset() if self.names_that_parse is None else self.names_that_parse(dotted)

    def yielding_names(self, dotted: str) -> frozenset[str]:
        """What another module of the program has that may hand out pieces."""
        return frozenset() if self.names_that_yield is None else self.names_that_yield(dotted)

    def may_parse(self, dotted: str, name: str) -> bool:
        """Whether what another module of the program has under a name, or hands on, leads to a parse call."""
        return self.parsing is not None and self.parsing(dotted, name)

    def has_module(self, dotted: str) -> bool:
        """Whether it is another module of the program, to which clients may be handed."""
        return self.owns is not None and self.owns(dotted)

    def may_yield(self, dotted: str, name: str) -> bool:
        """Whether what another module of the program has under a name may hand out pieces."""
        return self.yields is not None and self.yields(dotted, name)

    def resolve(self, dotted: str, *, with_data: bool = False) -> Value | None:
        """What a dotted name is in another module of the program; None if it is none of the program's.

        Modules that neither parse nor hand out pieces are looked into only `with_data` to be handed to them.
        """
        if self.load_module is None:
            return None
        owner, _, name = dotted.rpartition(".")
        module = self.load_module(owner, name, with_data) if owner else None
        if module is None:
            return None
        return module.value_of(name) if name in module.bindings else self._starred(module, name)

    def _starred(self, module: Module, name: str) -> Value | None:
        """What comes out of a module's `from … import *`."""
        for statement in module.bindings.get("*", ()):
            if isinstance(statement, ast.ImportFrom):
                dotted = f"{module.absolute(statement)}.{name}"
                found = None if dotted in self.asked else self._ask(dotted)
                if found is not None:
                    return found
        return None

    def _ask(self, dotted: str) -> Value | None:
        self.asked.add(dotted)
        try:
            return self.resolve(dotted)
        finally:
            self.asked.discard(dotted)

    def note_kept(self, value: Value) -> None:
        """A function put a value where others find it."""
        if interesting(value):
            self.noted += 1

    def record(self, parse: Parsed) -> None:
        """Keep a parse; all visits in one context are taken together, those of the last round that came there: what
        was seen before rests on less than is known by then.
        """
        self.noted += findable(parse.value)
        self.looked_around += self.everything or carries(parse.value)
        key = (parse.node, parse.context)
        known = self.parses.get(key)
        parse.round = self.round
        if known is None:
            self.parses[key] = parse
            self.contexts.setdefault(parse.node, []).append(parse)
            return
        if known.round < self.round:
            known.value, known.facts, known.round = parse.value, parse.facts, self.round
            return
        known.facts = _agreed(known, parse)
        known.value = join(known.value, parse.value)

    def result_of(self, function: Function) -> Value:
        """What a function gives back when nothing of interest is handed to it; UNKNOWN where it can be nothing else."""
        from .entries import may_yield

        module = function.closure.frame.module
        if not (self.everything or may_yield(function.node, module) or self.is_filled(function.bound)):
            return UNKNOWN
        return self.look_at(function)

    def is_filled(self, receiver: Value | None) -> bool:
        """Whether something that a stream hands out, or leads to it, was put into an instance from outside."""
        if not isinstance(receiver, Own):
            return False
        found = False
        for cls in self.lineages.get(receiver.cls.node, [receiver.cls]):
            if isinstance(cls, OwnClass):
                self.read_shared(cls.node)
                found = found or cls.node in self.holding
        return found

    def look_at(self, function: Function) -> Value:
        """Run a function by itself, once as long as nothing changes that it shares with others."""
        from .functions import run_function

        return self.once((function.node, function.bound), lambda: run_function(function, None, self, {}))

    def once(self, key: Any, run: Callable[[], Value]) -> Value:
        """What a piece of work comes to; it is done again only after something changed that it had read."""
        known = self._results.get(key)
        if known is None:
            reads: set[Any] = set()
            self._results[key] = (UNKNOWN, reads)
            value = self._read_by(reads, run)
            known = self._results[key] = (value, reads)
        self._read_too(known[1])
        return known[0]

    def summary(
        self, key: tuple[Hashable, Hashable, Variant], node: ast.AST, depth: int, run: Callable[[], Value]
    ) -> Value:
        """What a call of a function comes to, which is not looked into again where it can come to nothing else.

        Args:
            key: the shapes of what is handed over, None where pieces are; what is handed over; and what may matter
                besides: what is around the call, and the ways of the pieces.
            node: the function.
            depth: through how many calls it is come to.
            run: what looks into it.
        """
        shape, exact, variant = key
        for known in self._known(shape, exact, variant):
            if known.holds(self.in_progress, depth):
                self._take_over(known)
                return known.value
        reads: set[Any] = set()
        noted, cut, around = self.noted, len(self.cut), self.looked_around
        value = self._read_by(reads, run)
        left = tuple(set(self.cut[cut:]) - {node})
        known = Summary(value, reads, left, depth, self.noted > noted, self.looked_around > around)
        out = interesting(value)
        if shape is not None and not (out or known.noted or known.around or left):
            exact = shape
        self._summaries.setdefault(exact, {})[variant[0] if known.around else 0, variant[1] if out else 0] = known
        self._read_too(reads)
        return value

    def known_as(self, *parts: Hashable) -> int:
        """A number for what is asked for again and again, and is long."""
        return self._numbers.setdefault(parts, len(self._numbers) + 1)

    def with_others(
        self, place: Hashable, arguments: list[Value], keywords: dict[str, Value]
    ) -> tuple[list[Value], dict[str, Value]]:
        """Give what a call hands over, with all that it has handed over before."""
        key = (place, len(arguments), *keywords)
        values = [*arguments, *keywords.values()]
        known = self._handed.get(key)
        if known is not None:
            values = [join(one, other) for one, other in zip(known, values, strict=True)]
        self._handed[key] = values
        return values[: len(arguments)], dict(zip(keywords, values[len(arguments) :], strict=True))

    def came_out(self, node: ast.AST, value: Value) -> Value:
        """Keep what a call of a function came to."""
        self.outcomes[node] = join(self.outcomes.get(node, UNKNOWN), value)
        return value

    def _known(self, shape: Hashable, exact: Hashable, variant: Variant) -> Iterator[Summary]:
        around, ways = variant
        for key in (shape, exact):
            summaries = None if key is None else self._summaries.get(key)
            if summaries:
                variants = ((0, 0), (around, 0), (0, ways), (around, ways))
                yield from (summaries[one] for one in variants if one in summaries)

    def _take_over(self, known: Summary) -> None:
        """Note again what was noted when a call was looked into."""
        self.noted += known.noted
        self.looked_around += known.around
        self.cut += known.cut
        self._read_too(known.reads)

    def _read_too(self, reads: set[Any]) -> None:
        if self._readers:
            self._readers[-1] |= reads

    def _read_by(self, reads: set[Any], run: Callable[[], Value]) -> Value:
        """What a piece of work comes to, while what it reads is noted."""
        self._readers.append(reads)
        try:
            return run()
        finally:
            self._readers.pop()

    def read_shared(self, key: Any) -> None:
        self.reading.add(key)
        if self._readers:
            self._readers[-1].add(key)

    def shared_changed(self, key: Any) -> None:
        if key in self.reading:
            self.changed.add(key)

    def _forget_changed(self) -> None:
        """Drop the results that rest on what has changed since."""
        stale = [key for key, (_, reads) in self._results.items() if not self.changed.isdisjoint(reads)]
        for key in stale:
            del self._results[key]
        for summaries in self._summaries.values():
            for key in [key for key, known in summaries.items() if not self.changed.isdisjoint(known.reads)]:
                del summaries[key]
        if stale:
            self.filled.clear()  # who fills what has to be looked at again, if that is among it
            for module in self.modules.values():
                module.filled.clear()
        self.changed.clear()

    def write_attribute(self, cls: OwnClass, name: str, value: Value) -> None:
        """`self.name = value` somewhere in a class."""
        key = (cls.node, name)
        known = self.attributes.get(key)
        joined = value if known is None else _kept(known, value)
        if joined != known:
            self.attributes[key] = joined
            self.note_kept(value)
            self.shared_changed(key)
        if cls.node not in self.holding and carries(value):
            self.holding.add(cls.node)
            self.shared_changed(cls.node)

    def put(self, channel: Channel, value: Value) -> None:
        """Something is put into a queue."""
        known = self.channels.get(channel.node, UNKNOWN)
        joined = join(known, lasting(value))
        if joined != known:
            self.channels[channel.node] = joined
            self.note_kept(value)
            self.shared_changed(channel.node)

    def take(self, channel: Channel) -> Value:
        """What was ever put into a queue."""
        self.read_shared(channel.node)
        return self.channels.get(channel.node, UNKNOWN)

    def read_attribute(self, cls: OwnClass, name: str) -> Value | None:
        """What the methods of a class ever put there."""
        key = (cls.node, name)
        self.read_shared(key)
        known = self.attributes.get(key)
        if known is None:
            return None
        carried = self._carried.get(key)
        if carried is None or carried[0] is not known:
            carried = self._carried[key] = known, carry_all(known)
        return carried[1]

    def _note_parsed_again(self) -> None:
        """Note the loops in which data that was put together from several steps is parsed, and the splits of a step
        of which a part went into it.
        """
        for parsed in self.parses.values():
            for value in alternatives(parsed.value):
                if isinstance(value, Data) and value.buffered:
                    self.parsed_again.update((parsed.loop, source) for source in value.sources)
                    self.mended_splits.update(hop.node for hop in value.hops if hop.text == SPLIT)

    def dissolve(self) -> None:
        """Part what holds itself, so that it goes at once: Python's collector takes as long as the analysis of a large
        file. Nothing can be asked of this run any more.
        """
        self.load_module = self.yields = self.names_that_parse = self.owns = None
        for frame in self.enclosing:
            frame.forget()
        for module in self.modules.values():
            module.forget()
        kept = (
            self.enclosing,
            self.modules,
            self.parses,
            self.contexts,
            self.decodes,
            self.attributes,
            self.channels,
            self.reading,
            self.changed,
        )
        for collection in (
            *kept,
            self.lineages,
            self._results,
            self._summaries,
            self._carried,
            self._numbers,
            self._handed,
            self.outcomes,
            self._sources,
            self._origins,
        ):
            collection.clear()

    def settle(self, entries: Iterable[Callable[[], None]]) -> None:
        """Run the entry points, again while something they share turned out to hold more than when it was read."""
        entries = list(entries)
        for self.round in range(ROUNDS):
            self.entered.clear()
            self._forget_changed()
            for entry in entries:
                try:
                    entry()
                except RecursionError:
                    note_limit("nested too deeply to look into all of it: there may be more to find")
            if not self.changed:
                break
        self._note_parsed_again()


def _kept(first: Value, second: Value) -> Value:
    """What an attribute holds that is written at several places. Which instances hold what was tested is not told
    apart, so that what any of these places has made sure of counts.
    """
    tested = {
        (source, fact)
        for item in (*alternatives(first), *alternatives(second))
        if isinstance(item, Data)
        for source in item.sources
        for fact in item.known
    }

    def test(item: Value) -> Value:
        if not isinstance(item, Data):
            return item
        learned = {fact for source, fact in tested if source in item.sources or source.framing is item.framing}
        return replace(item, known=item.known | learned)

    return each(join(first, second), test)


def _agreed(one: Parsed, other: Parsed) -> frozenset[Fact]:
    """The facts of both visits; one that saw nothing of a source says nothing about it."""
    if one.facts == other.facts:
        return one.facts
    seen = [(visit.facts, _sources_in(visit.value)) for visit in (one, other)]
    return frozenset(
        fact
        for fact in one.facts | other.facts
        if all(fact in facts or fact[0] not in sources for facts, sources in seen)
    )


def _sources_in(value: Value) -> set[Source]:
    return {source for item in alternatives(value) if isinstance(item, Data) for source in item.sources}
