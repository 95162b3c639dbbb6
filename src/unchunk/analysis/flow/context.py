"""The context of one analysis of one or several modules: state shared by all frames, and the results."""

from __future__ import annotations

import ast
from collections.abc import Callable, Hashable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from unchunk.analysis.findings import Framing
from unchunk.analysis.limits import note_limit

from .data import map_union, outliving_loop
from .modules import Module
from .state import TypestateFact
from .values import (
    SPLIT,
    UNKNOWN,
    Channel,
    Evidence,
    Function,
    Loop,
    Origin,
    Source,
    StreamData,
    UserClass,
    UserInstance,
    Value,
    affects_callee,
    can_be_reported,
    contains_stream_data,
    join,
    to_later_iterations,
    union_members,
)

if TYPE_CHECKING:
    from unchunk.analysis.catalog.index import Catalog, TypeInfo

    from .frames import Frame, TryGuard

_OF_PIECES = frozenset(Framing) - {Framing.WHOLE, Framing.OBJECT}
"""The framings that a finding can come of by themselves; an object has to be parsed as it is."""
ROUNDS = 4
"""Maximum number of rounds to the fixpoint: functions are analyzed again when shared state (an attribute, a global)
grew.
"""


@dataclass(slots=True, eq=False)
class ParseRecord:
    """One parse call in one call context, with all values ever parsed there.

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
    guards: tuple[TryGuard, ...]
    loop: Loop | None
    facts: frozenset[TypestateFact]
    ends_with_done: bool = False
    function: ast.AST | None = None
    spread: bool = False
    round: int = 0


TOO_DEEP = ast.Pass()
"""Stands among the functions that were not looked into for those that too many calls lead to."""


Variant = tuple[int, int]


@dataclass(slots=True, eq=False)
class Summary:
    """The result of one call of a function.

    Attributes:
        reads: what it has read that others may change.
        cut: the functions that were not looked into, being looked at already.
        depth: through how many calls it was come to.
        effect_count: something was noted that outlives the call.
        around: it rests on the loop or the `try` around the call.
    """

    value: Value
    reads: set[Any]
    cut: tuple[ast.AST, ...]
    depth: int
    effect_count: bool
    around: bool

    def holds(self, in_progress: set[ast.AST], depth: int) -> bool:
        """Tell if looking into it from there would find no more."""
        return all(node in in_progress if node is not TOO_DEEP else depth >= self.depth for node in self.cut)


@dataclass(slots=True, eq=False)
class AnalysisContext:
    """State shared by all frames.

    Attributes:
        budget: how many statements may still be looked at. looks: how many expressions may still be looked at.
        decoded: whether chunks that are decoded by themselves are of interest.
        everything: look also where no finding can come of it, to be able to say why.
        contexts: the parses of each call, one for each way it is come to.
        has_pieces: whether anything that hands out pieces was met so far. noted: how often something was noted that
            outlives the call in which it was met: parse calls, sources, what is kept on objects and in globals.
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
    visits_left: int = 0
    modules: dict[str, Module] = field(default_factory=dict)
    parses: dict[tuple[ast.Call, tuple[ast.AST, ...]], ParseRecord] = field(default_factory=dict)
    contexts: dict[ast.Call, list[ParseRecord]] = field(default_factory=dict)
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
    lineages: dict[ast.ClassDef, list[UserClass | TypeInfo]] = field(default_factory=dict)
    filled: set[tuple[ast.ClassDef, str]] = field(default_factory=set)
    guarded: set[ast.AST] = field(default_factory=set)
    called: set[ast.AST] = field(default_factory=set)
    asked: set[str] = field(default_factory=set)
    parsed_again: set[tuple[Loop | None, Source]] = field(default_factory=set)
    mended_splits: set[ast.AST] = field(default_factory=set)
    ends_with_done: dict[ast.AST, bool] = field(default_factory=dict)
    channels: dict[ast.AST, Value] = field(default_factory=dict)
    holding: set[ast.ClassDef] = field(default_factory=set)
    told: frozenset[tuple[ParseRecord, Source]] = frozenset()
    grown: set[Hashable] = field(default_factory=set)
    has_pieces: bool = False
    effect_count: int = 0
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
        """Decide whether any source was met so far."""
        return bool(self._sources)

    def consume_budget(self) -> bool:
        """Consume the budget of one statement. Return False once the budget, which is linear in the size of the file,
        is used up.
        """
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
        """Return the source at that node, always the same one for the same node."""
        if framing in _OF_PIECES:
            self.effect_count += 1
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
        self.effect_count += source.framing in _OF_PIECES
        key = (source, producer, step, target, single, announced, opened)
        found = self._origins.get(key)
        if found is None:
            found = self._origins[key] = Origin(source, producer, step, target, single, announced, opened)
        return found

    def parsing_names(self, dotted: str) -> frozenset[str]:
        """Return the names in another program module that lead to a parse call."""
        return frozenset() if self.names_that_parse is None else self.names_that_parse(dotted)

    def yielding_names(self, dotted: str) -> frozenset[str]:
        """Return the names in another program module that may return pieces."""
        return frozenset() if self.names_that_yield is None else self.names_that_yield(dotted)

    def may_parse(self, dotted: str, name: str) -> bool:
        """Decide whether a name of another program module leads to a parse call, re-exports included."""
        return self.parsing is not None and self.parsing(dotted, name)

    def has_module(self, dotted: str) -> bool:
        """Decide whether a dotted name is another program module, to which clients may be passed."""
        return self.owns is not None and self.owns(dotted)

    def may_yield(self, dotted: str, name: str) -> bool:
        """Decide whether a name of another program module may return pieces, re-exports included."""
        return self.yields is not None and self.yields(dotted, name)

    def resolve(self, dotted: str, *, with_data: bool = False) -> Value | None:
        """Return the value of a dotted name in another program module; None if it is outside the program.

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
        """Return the value of a name that a module's `from … import *` binds."""
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

    def record_escape(self, value: Value) -> None:
        """Record that a function stored a value where others find it."""
        if affects_callee(value):
            self.effect_count += 1

    def record(self, parse: ParseRecord) -> None:
        """Record a parse. Join all visits in one context from the latest round: earlier rounds knew less."""
        self.effect_count += can_be_reported(parse.value)
        self.looked_around += self.everything or contains_stream_data(parse.value)
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

    def summary_of(self, function: Function) -> Value:
        """Return the result of a function called without relevant arguments; UNKNOWN where it cannot be anything
        else.
        """
        from .reachability import reaches_source

        module = function.closure.frame.module
        if not (self.everything or reaches_source(function.node, module) or self.is_filled(function.bound)):
            return UNKNOWN
        return self.analyze_function(function)

    def is_filled(self, receiver: Value | None) -> bool:
        """Decide whether stream data, or something that leads to it, was stored in an instance from outside."""
        if not isinstance(receiver, UserInstance):
            return False
        found = False
        for cls in self.lineages.get(receiver.cls.node, [receiver.cls]):
            if isinstance(cls, UserClass):
                self.read_shared(cls.node)
                found = found or cls.node in self.holding
        return found

    def analyze_function(self, function: Function) -> Value:
        """Analyze a function on its own, once as long as none of its shared state changes."""
        from .functions import run_function

        return self.memoize((function.node, function.bound), lambda: run_function(function, None, self, {}))

    def memoize(self, key: Any, run: Callable[[], Value]) -> Value:
        """Memoize a computation until something changes that it has read."""
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
        """Return the result of a call, without analyzing the function again where it can only be the same.

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
        noted, cut, around = self.effect_count, len(self.cut), self.looked_around
        value = self._read_by(reads, run)
        left = tuple(set(self.cut[cut:]) - {node})
        known = Summary(value, reads, left, depth, self.effect_count > noted, self.looked_around > around)
        out = affects_callee(value)
        if shape is not None and not (out or known.effect_count or known.around or left):
            exact = shape
        self._summaries.setdefault(exact, {})[variant[0] if known.around else 0, variant[1] if out else 0] = known
        self._read_too(reads)
        return value

    def known_as(self, *parts: Hashable) -> int:
        """Return a number for a long key that is looked up again and again."""
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
        self.effect_count += known.effect_count
        self.looked_around += known.around
        self.cut += known.cut
        self._read_too(known.reads)

    def _read_too(self, reads: set[Any]) -> None:
        if self._readers:
            self._readers[-1] |= reads

    def _read_by(self, reads: set[Any], run: Callable[[], Value]) -> Value:
        """Run a computation while recording what it reads."""
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
        """Drop the results that depend on something changed since."""
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

    def write_attribute(self, cls: UserClass, name: str, value: Value) -> None:
        """Join a value into an attribute: `self.name = value` somewhere in a class."""
        key = (cls.node, name)
        known = self.attributes.get(key)
        joined = value if known is None else _kept(known, value)
        if joined != known:
            self.attributes[key] = joined
            self.record_escape(value)
            self.shared_changed(key)
        if cls.node not in self.holding and contains_stream_data(value):
            self.holding.add(cls.node)
            self.shared_changed(cls.node)

    def put(self, channel: Channel, value: Value) -> None:
        """Put a value into a queue."""
        known = self.channels.get(channel.node, UNKNOWN)
        joined = join(known, outliving_loop(value))
        if joined != known:
            self.channels[channel.node] = joined
            self.record_escape(value)
            self.shared_changed(channel.node)

    def take(self, channel: Channel) -> Value:
        """Return the join of everything ever put into a queue."""
        self.read_shared(channel.node)
        return self.channels.get(channel.node, UNKNOWN)

    def read_attribute(self, cls: UserClass, name: str) -> Value | None:
        """Return the join of everything that a class's methods ever stored in an attribute."""
        key = (cls.node, name)
        self.read_shared(key)
        known = self.attributes.get(key)
        if known is None:
            return None
        carried = self._carried.get(key)
        if carried is None or carried[0] is not known:
            carried = self._carried[key] = known, to_later_iterations(known)
        return carried[1]

    def _note_parsed_again(self) -> None:
        """Record the loops that parse data joined from several steps, and the splits of which a part went into it."""
        for parsed in self.parses.values():
            for value in union_members(parsed.value):
                if isinstance(value, StreamData) and value.buffered:
                    self.parsed_again.update((parsed.loop, source) for source in value.sources)
                    self.mended_splits.update(hop.node for hop in value.trace if hop.text == SPLIT)

    def release(self) -> None:
        """Break reference cycles so that the analysis is freed without a GC pass, which takes as long as the analysis
        of a large file. The run must not be used afterwards.
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

    def run_to_fixpoint(self, entries: Iterable[Callable[[], None]]) -> None:
        """Run the entry points to a fixpoint: again while shared state grew after it was read."""
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
    """Join the values of an attribute that is written at several places. Instances are not told apart, so a fact from
    any of these places counts.
    """
    tested = {
        (source, fact)
        for item in (*union_members(first), *union_members(second))
        if isinstance(item, StreamData)
        for source in item.sources
        for fact in item.known
    }

    def test(item: Value) -> Value:
        if not isinstance(item, StreamData):
            return item
        learned = {fact for source, fact in tested if source in item.sources or source.framing is item.framing}
        return replace(item, known=item.known | learned)

    return map_union(join(first, second), test)


def _agreed(one: ParseRecord, other: ParseRecord) -> frozenset[TypestateFact]:
    """Return the facts on which both visits agree; a visit that saw nothing of a source does not count for it."""
    if one.facts == other.facts:
        return one.facts
    seen = [(visit.facts, _sources_in(visit.value)) for visit in (one, other)]
    return frozenset(
        fact
        for fact in one.facts | other.facts
        if all(fact in facts or fact[0] not in sources for facts, sources in seen)
    )


def _sources_in(value: Value) -> set[Source]:
    return {source for item in union_members(value) if isinstance(item, StreamData) for source in item.sources}
