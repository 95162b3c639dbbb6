"""The rule of soundness: a rewrite is faithful if no observation changes.

The code between a step and its parser is run, symbolically, on made-up streams that it takes without an error:
documents of all sorts in every framing that the code may be for, with what may come between them (`trial.samples`).
A rewrite is simulated with the runtime helper itself, on the same streams as they are and cut elsewhere. What is
parsed, what is handed to anything unknown, what is kept for later and how the loop is left has to be equal, in order,
on every one of them; on the stream as it was cut by its author nothing may come later than it did.

`docs/semantics.md` states the rule for users.
"""

from __future__ import annotations

import ast
import enum
import re
from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TypeAlias, cast

from unchunk.codemod.boundaries import Boundary
from unchunk.codemod.rewrite_site import RewriteSite
from unchunk.codemod.symbolic.cuts import Chunks, recuts, values_of
from unchunk.codemod.symbolic.outcomes import Events, Ways, differing, joined, outcome_of, without_errors
from unchunk.codemod.symbolic.runner import UNKNOWN, End, Policy, SymbolicRunner, Trace
from unchunk.codemod.symbolic.runs import Forwarded, document_value, is_whole
from unchunk.codemod.symbolic.samples import (
    BLANKS,
    BYTE_ORDER_MARK,
    DOCUMENT,
    ELEMENTS,
    ERROR_LINES,
    HALF,
    LED,
    MALFORMED,
    OTHER_LINES,
    PRETTY,
    SPACED,
    UNUSUAL,
    Shape,
    bodies,
    documents,
    others,
    shapes,
)
from unchunk.codemod.syntax import walk
from unchunk.codemod.vocabulary import vocabulary
from unchunk.codemod.watched import watched
from unchunk.stream.settings import Framing

_MAX_POLICIES = 40
_OPENS = frozenset("{[")
_OTHER = '{"k": 9}'
_SENDS = re.compile("send.*|write|writelines|drain")

Pieces: TypeAlias = tuple[str, ...]


class Verdict(enum.IntEnum):
    """The effect of a rewrite on a stream: nothing observable; the same later than it came; the same documents later
    though their end marks have come; or something else.
    """

    EQUAL = 0
    LATE = 1
    OVERDUE = 2
    DIFFERENT = 3


@dataclass(frozen=True, slots=True)
class Level:
    """Streams in the framings that code is assumed to accept.

    Attributes:
        streams: well-formed ones.
        malformed: what an ill server may send instead, of which nothing need come in time.
        doubtful: those with a piece that the code takes if tests of it that cannot be told come to that.
    """

    streams: tuple[Pieces, ...]
    malformed: tuple[Pieces, ...]
    doubtful: tuple[Pieces, ...] = ()


@dataclass(frozen=True, slots=True)
class Samples:
    """The streams that a body accepts.

    Attributes:
        all: every one of them.
        named: those whose pieces end as the code says that they do; all, if it says nothing.
        lines: those whose pieces end with a line end.
        spaced: those with a blank line behind each document, if the code names no end and takes no events.
        unusual: framings that are none by the standard, but are met with.
    """

    all: Level
    named: Level
    lines: Level
    spaced: Level
    unusual: tuple[Pieces, ...]


class Soundness:
    """The observations of the code around a step, and whether a rewrite preserves them."""

    def __init__(self, case: RewriteSite, kind: type[str] | type[bytes], probe: SymbolicRunner | None = None) -> None:
        self.case = case
        self.kind = kind
        self._probe = (probe or case.probe()).watching(watched(case))
        self._runs: dict[str | bytes, list[Trace]] = {}
        self._policies: dict[tuple[Policy, str | bytes], tuple[Trace, tuple[ast.AST, ...]]] = {}
        self._verdicts: dict[tuple[Boundary, Pieces, bool], Verdict] = {}
        self.vocabulary = vocabulary(case)

    # What the code makes of a piece

    def runs(self, piece: str | bytes) -> list[Trace]:
        found = self._runs.get(piece)
        if found is None:
            found = self._runs[piece] = self._probe.runs(piece)
        return found

    def accepts(self, piece: str) -> bool:
        """Decide whether the code surely parses the document in a piece, and nothing else."""
        return self._probe.accepts(self.spelled(piece))

    def spelled(self, piece: str) -> str | bytes:
        if self.kind is str:
            return piece
        codec = self.vocabulary.codec
        return piece.encode(codec, "replace") if codec else piece.encode("utf-8", "surrogateescape")

    def outcome(self, pieces: Sequence[str | bytes]) -> frozenset[Events] | None:
        """Return all possible observations of pieces that come one by one; None if there are too many."""
        return outcome_of(self._ways(pieces))

    def _ways(self, pieces: Sequence[str | bytes]) -> list[Ways]:
        """Return the possible observations of each piece, up to one that is surely the last, without idle ones."""
        found = []
        for piece in pieces:
            ways = frozenset((tuple(run.events), run.end) for run in self.runs(piece))
            if ways != {((), End.QUIET)}:
                found.append(ways)
            if all(end is not End.QUIET for _, end in ways):
                break
        return found

    # Which streams the code is for

    @cached_property
    def _taken(self) -> list[Shape]:
        found = [shape for shape in shapes(self.vocabulary) if self.accepts(shape.piece(DOCUMENT))]
        if self.accepts(LED.piece(DOCUMENT)) and self._is_told_from(LED.piece(DOCUMENT), DOCUMENT):
            found.append(LED)
        # What pieces are split at stands behind documents if it may, and only else before them.
        behind = {shape.after for shape in found if not shape.before} & set(self.vocabulary.splits)
        return [shape for shape in found if shape.before not in behind]

    @cached_property
    def samples(self) -> Samples:
        taken = self._taken
        named = [shape for shape in taken if shape.named]
        known = [shape for shape in UNUSUAL if self.takes_events or not shape.event]
        unusual = [shape for shape in known if self.accepts(shape.piece(DOCUMENT))]
        of_one_line = tuple(stream for shape in unusual if shape.event for stream in self._of_one_line(shape))
        malformed = (*self._malformed(named or taken), *of_one_line)
        lines = [shape for shape in taken if shape.line_end and not shape.event]
        return Samples(
            Level(self._streams(taken), malformed, self._doubtful(taken)),
            Level(self._streams(named or taken), malformed, self._doubtful(named or taken)),
            Level(self._streams(lines), (*self._malformed(lines), *of_one_line), self._doubtful(lines)),
            Level((self._documents(SPACED),) if self._may_be_spaced(named) else (), ()),
            tuple(self._documents(shape) for shape in unusual),
        )

    def _may_be_spaced(self, named: Sequence[Shape]) -> bool:
        """Decide whether the code leaves open that a blank line comes behind each document."""
        return not self.takes_events and not named and self.accepts(SPACED.piece(DOCUMENT))

    def _is_told_from(self, piece: str, other: str) -> bool:
        """Decide whether a piece is handled otherwise than one that differs in blanks only."""
        one, two = (
            {(tuple(map(_without_blanks, run.events)), run.end) for run in self.runs(self.spelled(text))}
            for text in (piece, other)
        )
        return one != two

    def _streams(self, taken: Sequence[Shape]) -> tuple[Pieces, ...]:
        return tuple(dict.fromkeys(stream for shape in taken for stream in self._streams_of(shape)))

    def _malformed(self, taken: Sequence[Shape]) -> tuple[Pieces, ...]:
        return tuple(dict.fromkeys(stream for shape in taken for stream in self._malformed_of(shape)))

    def _doubtful(self, taken: Sequence[Shape]) -> tuple[Pieces, ...]:
        return tuple(
            (shape.piece(DOCUMENT), other, shape.piece(_OTHER))
            for shape in taken
            for other in others(shape, self.vocabulary)
            if _OPENS.isdisjoint(other) and self._is_doubtful(other)
        )

    def _streams_of(self, shape: Shape) -> Iterator[Pieces]:
        yield self._documents(shape)
        for pair in dict.fromkeys((shape.piece(DOCUMENT) + shape.piece(_OTHER), shape.piece(DOCUMENT + _OTHER))):
            if self._takes_both(pair):
                yield (pair, shape.piece(DOCUMENT))
        if self.accepts(marked := BYTE_ORDER_MARK + shape.piece(DOCUMENT)):
            yield (marked, shape.piece(DOCUMENT))
        for elements in ELEMENTS:
            if all(map(self.accepts, elements)) and not any(map(self._fails, elements)):
                yield elements
        led = (f"[{DOCUMENT}", f",\r\n{DOCUMENT}")
        if all(map(self._surely_digests, led)) and self._is_taken("]"):
            yield (*led, "]")
        around = ("[\n", f"{DOCUMENT}\n", "]\n")
        if self._surely_digests(around[1]) and self._is_taken(around[0]) and self._is_taken(around[2]):
            yield around
        lines = ("[\n", f"{DOCUMENT},\n", f"{DOCUMENT}\n", "]\n")
        if (
            "," in map(str.strip, self.vocabulary.ends)
            and all(map(self._surely_digests, lines[1:3]))
            and not any(map(self._fails, lines))
        ):
            yield lines
        for document in documents(self.vocabulary):
            # One that is broken for the code, and is dealt with.
            if not self.accepts(shape.piece(document)) and not self._fails(shape.piece(document)):
                yield (shape.piece(DOCUMENT), shape.piece(document), shape.piece(DOCUMENT))
        if not shape.before and shape.after.strip("\r\n") == "" and self.accepts(shape.piece(PRETTY)):
            yield (shape.piece(PRETTY), shape.piece(PRETTY))
        first, last = shape.piece(DOCUMENT), shape.piece(_OTHER)
        for other in others(shape, self.vocabulary):
            if self._is_taken(other):
                yield (first, other, last)
                yield (other, first)
                if not shape.line_end and self._is_taken(shape.piece("[1, 2]")):
                    yield (first, other, shape.piece("[1, 2]"), other, last)

    def _may_parse(self, piece: str) -> bool:
        return any(run.parsed for run in self.runs(self.spelled(piece)))

    def _documents(self, shape: Shape) -> Pieces:
        pieces = [shape.piece(document) for document in documents(self.vocabulary)]
        return (*filter(self.accepts, pieces), shape.piece(DOCUMENT))

    def _malformed_of(self, shape: Shape) -> Iterator[Pieces]:
        document = shape.piece(DOCUMENT)
        if shape.after and not shape.event:
            yield (document, shape.piece(MALFORMED), document)
            yield from ((document, shape.piece(word), document) for word in self.vocabulary.compared)
        if (end := shape.line_end) and not shape.event:
            words = (
                f"{word.strip()}{end}" for word in ("", *self.vocabulary.words) if not word.startswith(("{", "[", '"'))
            )
            told = (word for word in words if self._is_taken(word) and self._is_told_apart(word))
            yield from ((document, shape.piece(HALF), word, document) for word in told)
        for body in bodies(shape):
            yield (body,)

    def _of_one_line(self, shape: Shape) -> Iterator[Pieces]:
        """Yield streams of events that end with one line end, with what may come between them."""
        document = shape.piece(DOCUMENT)
        yield self._documents(shape)
        yield self._documents(shape)[-2::-1]
        if self.case.is_next:
            return  # what is behind the first piece goes on as it is
        # A blank line that is told apart from nothing may as well be the end of the event before it.
        others = [other for other in ("\n", ": comment\n\n") if self._is_taken(other) and self._is_told_apart(other)]
        yield from ((document, other, document) for other in others)

    def _is_told_apart(self, piece: str) -> bool:
        """Decide whether a piece is more than passed on as it came, which would join what was cut again."""
        return any(
            not run.idle
            and not (run.end is End.QUIET and run.events and all(isinstance(event, Forwarded) for event in run.events))
            for run in self.runs(self.spelled(piece))
        )

    def _surely_digests(self, piece: str) -> bool:
        """Decide whether the document in a piece is parsed whatever unknown tests answer."""
        runs = self.runs(self.spelled(piece))
        return self.accepts(piece) and all(DOCUMENT in str(run.parsed) for run in runs)

    def _is_idle(self, piece: str | bytes) -> bool:
        return all(run.idle for run in self.runs(piece))

    def _fails(self, piece: str) -> bool:
        return any(run.end is End.ERROR for run in self.runs(self.spelled(piece)))

    def _is_taken(self, piece: str) -> bool:
        """Decide whether a piece is handled on purpose: it raises nothing, and is not dropped as unparsable.

        That a blank piece raises an error of the program's own is no more on purpose than that the parser raises one,
        or takes what is put around it for a document.
        """
        return not any(_is_accident(run, piece) for run in self.runs(self.spelled(piece)))

    def _is_doubtful(self, piece: str) -> bool:
        """Decide whether a piece is handled on purpose if an unknown test of it answers so."""
        runs = self.runs(self.spelled(piece))
        dealt_with = (run for run in runs if not _is_accident(run, piece))
        return not self._is_taken(piece) and any(run.doubted and not _does_nothing(run) for run in dealt_with)

    @cached_property
    def ends(self) -> tuple[str, ...]:
        """Return the piece ends among the code's constants."""
        return tuple(end for end in self.vocabulary.ends if any(shape.after.startswith(end) for shape in self._taken))

    @cached_property
    def lines_are_assumed(self) -> bool:
        """Decide whether only the text before a document says that it has a line of its own."""
        return any(shape.assumed for shape in self._taken)

    @cached_property
    def takes_no_lines(self) -> bool:
        """Decide whether the code is for documents with nothing between them, or with line ends in front of them."""
        return LED in self._taken or self._takes_both(DOCUMENT + _OTHER)

    def _takes_both(self, pair: str) -> bool:
        """Decide whether both documents of a piece are parsed."""
        return self.accepts(pair) and all("9" in str(run.parsed) for run in self.runs(self.spelled(pair)))

    @cached_property
    def speaks_of_lines(self) -> bool:
        """Decide whether the code names a line end, or calls its pieces lines."""
        named = any("\n" in word for word in (*self.vocabulary.words, *self.vocabulary.splits))
        return named or any("line" in name.lower() for name in self.case.bound_names)

    @cached_property
    def takes_events(self) -> bool:
        """Decide whether pieces may be server-sent events."""
        return any(shape.event for shape in self._taken)

    # Whether a rewrite keeps what can be observed

    def recut(self, boundary: Boundary, stream: Pieces, doubtful: bool = False) -> Verdict:
        """Compare the observations of a stream with those of the same stream recut.

        Of a doubtful one those ways count on which the code takes it without an error.
        """
        found = self._verdicts.get((boundary, stream, doubtful))
        if found is None:
            found = self._verdicts[boundary, stream, doubtful] = self._recut(boundary, stream, doubtful)
        return found

    def changes(self, boundary: Boundary, level: Level) -> Iterator[Pieces]:
        """Yield the streams that recutting changes, or delays if they are well-formed."""
        yield from (stream for stream in level.streams if self.recut(boundary, stream) >= Verdict.OVERDUE)
        yield from (stream for stream in level.malformed if self.recut(boundary, stream) is Verdict.DIFFERENT)
        yield from (stream for stream in level.doubtful if self.recut(boundary, stream, True) >= Verdict.OVERDUE)

    def verdict(self, boundary: Boundary, level: Level) -> Verdict:
        """Return the worst effect of recutting on the streams of a level."""
        if any(True for _ in self.changes(boundary, level)):
            return Verdict.DIFFERENT
        certain = (self.recut(boundary, stream) for stream in level.streams)
        doubtful = (self.recut(boundary, stream, True) for stream in level.doubtful)
        return max((*certain, *doubtful), default=Verdict.EQUAL)

    def _recut(self, boundary: Boundary, stream: Pieces, doubtful: bool) -> Verdict:
        pieces = tuple(map(self.spelled, stream))
        others, late = recuts(pieces, boundary)
        held = [piece for piece in late if not self._is_idle(piece)]
        if held and self.answers:
            return Verdict.DIFFERENT
        if any(self._compared(pieces, cut, doubtful) is Verdict.DIFFERENT for cut in others):
            return Verdict.DIFFERENT
        behind = boundary.behind or self.spelled("\n")
        if any(piece.endswith(behind) for piece in held) and all(map(self.accepts, stream)):
            return Verdict.OVERDUE
        return Verdict.LATE if held else Verdict.EQUAL

    @cached_property
    def answers(self) -> bool:
        """Decide whether the code that reads a connection also sends something, which the other side may wait for."""
        loop = self.case.loop
        if loop is not None and not any(isinstance(node, ast.Lambda) for node in ast.walk(loop.iter)):
            return False
        body = list(walk(list(self.case.body())))
        # Who takes what is handed out may answer before asking for more, anywhere in the module.
        hands_out = any(isinstance(node, (ast.Yield, ast.YieldFrom)) for node in body)
        calls = (node for node in (walk(self.case.tree.module) if hands_out else body) if isinstance(node, ast.Call))
        return any(isinstance(call.func, ast.Attribute) and _SENDS.fullmatch(call.func.attr) for call in calls)

    def _compared(self, pieces: Chunks, cut: Chunks, doubtful: bool) -> Verdict:
        """Compare the observations of pieces with those of another cut of the same stream."""
        if self.is_counted:
            return Verdict.DIFFERENT
        wanted, got = self.outcome(pieces), self.outcome(cut)
        if wanted is None or got is None:
            wanted, got = map(outcome_of, differing(self._ways(pieces), self._ways(cut)))
        if wanted is not None and got is not None and doubtful:
            wanted, got = without_errors(wanted), without_errors(got)
        if wanted is not None and wanted == got:
            return Verdict.EQUAL
        if any(self._probe.gives_up(self.runs(piece)) for piece in (*pieces, *cut)):
            return self._compared_by_policies(pieces, cut)
        return Verdict.DIFFERENT

    def _compared_by_policies(self, pieces: Chunks, cut: Chunks) -> Verdict:
        """Compare where there are too many paths: only those on which a test always answers the same."""
        pending = [Policy(False), Policy(True)]
        done: set[Policy] = set()
        while pending:
            policy = pending.pop()
            if policy in done:
                continue
            if len(done) == _MAX_POLICIES:
                return Verdict.DIFFERENT
            done.add(policy)
            (wanted, tests), (got, others) = self._outcome_by(policy, pieces), self._outcome_by(policy, cut)
            if wanted != got:
                return Verdict.DIFFERENT
            pending += [Policy(otherwise, test) for test in tests | others for otherwise in (False, True)]
            if len(tests | others) > _MAX_POLICIES // 2:
                return Verdict.DIFFERENT
        return Verdict.EQUAL

    def _outcome_by(self, policy: Policy, pieces: Chunks) -> tuple[Events, frozenset[ast.AST]]:
        events: list[Hashable] = []
        tests: set[ast.AST] = set()
        for piece in pieces:
            if (policy, piece) not in self._policies:
                self._policies[policy, piece] = self._probe.run_by(policy, piece)
            run, met = self._policies[policy, piece]
            events += run.events
            tests.update(met)
            if run.end is not End.QUIET:
                events.append(run.end)
                break
        return joined(tuple(events)), frozenset(tests)

    def values(self, stream: Pieces, framing: Framing = "auto") -> bool:
        """Decide whether the values of a stream are what the code parses, one after another, and end as it ends."""
        pieces = tuple(map(self.spelled, stream))
        wanted = self._parsed(pieces)
        return wanted is not None and values_of(pieces, framing) == {tuple(wanted)}

    def line_values(self, framing: Framing) -> bool:
        """Decide whether the data of an event stream is what the code parses of its lines, wherever it accepts a line.

        Lines that make it raise are what is to be mended.
        """
        for end in ("", "\n"):
            first, second = f"data: {DOCUMENT}{end}", f'data: {{"k": 9}}{end}'
            if not self.accepts(first):
                continue
            inside, instead = (
                [line + end for line in lines if self._is_taken(line + end)] for lines in (OTHER_LINES, ERROR_LINES)
            )
            # A slice of a field that holds no data may happen to be a document; that is not what the code is for.
            inside = [line for line in inside if not self._may_parse(line)]
            streams = [(first, second), *((first, line, second) for line in inside), *((line,) for line in instead)]
            for stream in streams:
                wanted = self._parsed([self.spelled(line) for line in stream])
                body = "".join(line if end else f"{line}\n\n" for line in stream)
                if wanted is None or values_of((body,), framing) != {tuple(wanted)}:
                    return False
        return True

    def _parsed(self, pieces: Sequence[str | bytes]) -> list[Hashable] | None:
        """Return the values parsed of pieces and how that ends; None where something else happens before."""
        found: list[Hashable] = []
        for piece in pieces:
            runs = self.runs(piece)
            if any(run.early_effects or run.early_guess or UNKNOWN in run.parsed for run in runs):
                return None
            values = {tuple(document_value(value) for value in run.parsed if is_whole(value)) for run in runs}
            if len(values) != 1:
                return None
            found += values.pop()
            fails = [run.end is End.ERROR or not all(map(is_whole, run.parsed)) for run in runs]
            if all(fails):
                return [*found, End.ERROR]
            if not runs[0].parsed and any(run.end is not End.QUIET for run in runs):
                return found
        return found

    @cached_property
    def is_counted(self) -> bool:
        """Decide whether the number of pieces matters: they are numbered or zipped, or only the first few are read."""
        producer = self.case.site.producer
        if self.case.counts:
            return True
        return takes_some(getattr(producer, "iter", None))


def of_one_line(level: Level) -> Level:
    """Keep the streams of a level whose documents do not go over several lines."""
    kept = tuple(stream for stream in level.streams if not any(PRETTY in piece for piece in stream))
    return Level(kept, level.malformed, level.doubtful)


def _without_blanks(value: Hashable) -> Hashable:
    """Return an event without the blanks around its texts, and without its numbers."""
    match value:
        case tuple():
            return tuple(map(_without_blanks, value))
        case str() | bytes():
            return value.strip()
        case Forwarded(place=place, text=text):
            return (place, text.strip())
        case int() | float():
            return None
    return value


def _is_accident(run: Trace, piece: str) -> bool:
    """Decide whether a run fails, or drops the piece as unparsable."""
    blank = not piece.strip(BLANKS)
    return (
        run.end in ({End.ERROR, End.RAISED} if blank else {End.ERROR})
        or (blank and bool(run.parsed))
        or any(value is not UNKNOWN and not is_whole(value) for value in run.parsed)
    )


def _does_nothing(run: Trace) -> bool:
    return not run.effects and run.end is End.QUIET and not run.events


def takes_some(iterated: ast.expr | None) -> bool:
    """Decide whether only the first few pieces are read, or each together with something else."""
    return isinstance(iterated, ast.Call) and any(
        isinstance(node, ast.Name | ast.Attribute)
        and (node.id if isinstance(node, ast.Name) else node.attr) in ("islice", "zip", "takewhile")
        for node in ast.walk(iterated)
    )


def soundness_of(case: RewriteSite, probe: SymbolicRunner | None = None) -> Soundness | None:
    """Return what a case's code accepts, in its type of pieces; None if that is nothing we know."""
    return next((sound for sound in soundness_by_kind(case, probe) if sound.samples.all.streams), None)


def soundness_by_kind(case: RewriteSite, probe: SymbolicRunner | None = None) -> Sequence[Soundness]:
    """Return what the code does with pieces of each possible type; computed once for the case's own runner."""
    if probe is not None:
        return [Soundness(case, kind, probe) for kind in case.kinds()]
    if "soundness" not in case.memo:
        case.memo["soundness"] = [Soundness(case, kind) for kind in case.kinds()]
    return cast("Sequence[Soundness]", case.memo["soundness"])
