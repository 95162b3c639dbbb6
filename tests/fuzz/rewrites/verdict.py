"""Judges the fix of one program: right, refused or wrong, and at which stream and cut."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from contextlib import redirect_stderr
from dataclasses import dataclass, replace
from functools import lru_cache
from types import CodeType
from typing import Literal

from unchunk.codemod import fix_source

from .execution import Outcome, execute, same
from .grammar import Choice
from .parts import GUARDED_DOCUMENTS, GUARDED_PIECES, PROBE
from .sources import SOURCES
from .streams import DOCUMENTS, NOTHING_BEHIND, WITHOUT_LINES, cuts, well_cut
from .texts import comments, render

Kind = Literal["no program", "not found", "refused", "right", "wrong", "crash"]

AT_EVENT = re.compile("at=['\"]event['\"]")


@dataclass(frozen=True, slots=True)
class Fixed:
    """A program's fix as the library makes it."""

    kind: Literal["not found", "refused", "fixed", "crash"]
    source: str = ""
    safe: bool = True
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Failure:
    """A difference between the fixed program and the original on well-cut pieces."""

    what: str
    pieces: list[bytes]
    well_cut: list[bytes]
    expected: Outcome
    got: Outcome


@dataclass(frozen=True, slots=True)
class Verdict:
    kind: Kind
    buggy: bool = False
    fixed: Fixed | None = None
    failure: Failure | None = None

    @property
    def safe(self) -> bool:
        return self.fixed is not None and self.fixed.safe

    @property
    def name(self) -> str:
        if self.kind in ("right", "wrong"):
            return f"{self.kind}, {'safe' if self.safe else 'unsafe'}"
        return self.kind


@lru_cache(maxsize=20_000)
def fix(source: str) -> Fixed:
    """Return the program as `unchunk fix --unsafe-fixes` leaves it."""
    try:
        with redirect_stderr(io.StringIO()):
            result = fix_source(source, "program.py", unsafe=True)
    except Exception as error:
        return Fixed("crash", reason=f"{type(error).__name__}: {error}")
    reasons = " | ".join(dict.fromkeys(entry.reason for entry in (*result.fixed, *result.left) if entry.reason))
    if not result.fixed:
        return Fixed("refused" if result.left else "not found", reason=reasons)
    return Fixed("fixed", result.source, all(entry.safe for entry in result.fixed), reasons)


@lru_cache(maxsize=2000)
def compiled(source: str) -> CodeType:
    return compile(source, "program.py", "exec", dont_inherit=True)


def pieces_of(choice: Choice, *, flaw: str = "") -> list[bytes]:
    return well_cut(choice.framing, DOCUMENTS[choice.documents], flaw, choice.codec)


def meaningful(choice: Choice) -> bool:
    """Decide whether the program works on its own stream: its documents reach the parser, and are parsed.

    What a handler catches besides, an end mark say, is its author's business.
    """
    try:
        pieces = pieces_of(choice)
    except UnicodeEncodeError:
        return False
    sizes = [*map(len, pieces)]
    if not _ends_well(execute(compiled(render(choice)), pieces, sizes)):
        return False
    probed = execute(compiled(render(replace(choice, parser=PROBE, closure="", flaw=""))), pieces, sizes)
    return _ends_well(probed) and 2 * probed.parsed >= min(3, len(DOCUMENTS[choice.documents]))


def _ends_well(outcome: Outcome) -> bool:
    return outcome.error is None or isinstance(outcome.error, ConnectionError)  # which is raised at the end, on purpose


def judge(choice: Choice, seed: int = 0) -> Verdict:
    """Fix the program and run it on its stream, on the stream that goes wrong if there is one, at every cut."""
    source = render(choice)
    original = compiled(source)
    if not meaningful(choice):
        return Verdict("no program")
    buggy = _fails_at_cuts(choice, original, seed)
    fixed = fix(source)
    if fixed.kind != "fixed":
        return Verdict(fixed.kind, buggy, fixed)
    try:
        program = compiled(fixed.source)
    except SyntaxError as error:
        return Verdict("crash", buggy, replace(fixed, reason=f"SyntaxError: {error}"))
    if lost := [comment for comment in comments(source) if comment not in fixed.source]:
        nothing = Outcome((), (), None)
        return Verdict("wrong", buggy, fixed, Failure(f"comments are lost: {lost}", [], [], nothing, nothing))
    for failure in _failures(choice, original, program, seed):
        if not _excused(choice, fixed, failure.what):
            return Verdict("wrong", buggy, fixed, failure)
    return Verdict("right", buggy, fixed)


def _fails_at_cuts(choice: Choice, original: CodeType, seed: int) -> bool:
    """Decide whether the program is really buggy: other cuts of its stream change what it does."""
    pieces = pieces_of(choice)
    sizes = [*map(len, pieces)]
    expected = execute(original, pieces, sizes)
    for number, cut in enumerate(_cuts(choice, pieces, seed)):
        if same(expected, execute(original, cut, sizes), timed=False):
            return True
        if number == 6:
            break
    return False


def _cuts(choice: Choice, pieces: list[bytes], seed: int) -> Iterator[list[bytes]]:
    return cuts(pieces, seed, SOURCES[choice.source].kind != "bytes")


def _excused(choice: Choice, fixed: Fixed, what: str) -> bool:
    """Decide whether an unsafe fix announces the difference.

    These are all that is permitted (docs/semantics.md, "Shapes that are unsafe"): a fix that is no safe one may ask
    something of the stream, or of what is done with the pieces, in its note.
    """
    if choice.framing.startswith("events, one line end") and AT_EVENT.search(fixed.source):
        # docs/semantics.md, "What changes": against the standard, one line end ends an event. Only the next one tells
        # that it has ended; two lines of numbers, or of anything behind a broken first one, are one by the standard.
        first_is_broken = choice.flaw and choice.documents == "one"
        return what == "time" or choice.documents == "numbers" or bool(first_is_broken)
    if fixed.safe:
        return False
    note = fixed.reason
    if "handled when the stream has ended" in note and choice.flaw:
        # What has come before a stream breaks is not handled then: the note says that all is, at its end.
        return True
    if "line of its own" in note and choice.framing in WITHOUT_LINES:
        # The note asks whether documents have lines of their own, and here they have none.
        return True
    # The note says what comes late: what has nothing behind it.
    return "is handed out when the next begins" in note and what == "time" and choice.framing in NOTHING_BEHIND


def _streams(choice: Choice, original: CodeType) -> Iterator[tuple[list[bytes], bool]]:
    """Yield the well-cut streams that the program is judged by, and whether the time of its effects counts.

    The end of a stream that went wrong is no boundary: what it lacks may be waited for. Arguments of calls are "handled
    after the loop" (docs/semantics.md, "The rewrites").
    """
    timed = SOURCES[choice.source].kind != "tools"
    yield pieces_of(choice), timed
    for guard in choice.guards:
        pieces = _guarded(choice, guard)
        if pieces and _ends_well(execute(original, pieces, [*map(len, pieces)])):
            yield pieces, timed
    if choice.flaw:
        yield pieces_of(choice, flaw=choice.flaw), False


def _guarded(choice: Choice, guard: str) -> list[bytes]:
    """Return the stream with what the test is there for, behind its first document."""
    first, *rest = DOCUMENTS[choice.documents]
    if guard in GUARDED_DOCUMENTS:
        return well_cut(choice.framing, [first, GUARDED_DOCUMENTS[guard], *rest], codec=choice.codec)
    has_lines = choice.framing not in WITHOUT_LINES or (choice.framing == "concatenated" and guard != "no comment")
    if guard in GUARDED_PIECES and has_lines and SOURCES[choice.source].kind not in ("sdk", "tools"):
        pieces = pieces_of(choice)
        at = next(at for at, piece in enumerate(pieces, 1) if first.encode(choice.codec) in piece or at == len(pieces))
        return [*pieces[:at], GUARDED_PIECES[guard].encode(choice.codec), *pieces[at:]]
    return []


def _failures(choice: Choice, original: CodeType, program: CodeType, seed: int) -> Iterator[Failure]:
    for pieces, timed in _streams(choice, original):
        sizes = [*map(len, pieces)]
        expected = execute(original, pieces, sizes)
        got = execute(program, pieces, sizes)
        if what := same(expected, got, timed=timed):
            yield Failure(f"{what}, well cut" if what != "time" else what, pieces, pieces, expected, got)
        for cut in _cuts(choice, pieces, seed):
            got = execute(program, cut, sizes)
            if what := same(expected, got, timed=False):
                yield Failure(what, cut, pieces, expected, got)
