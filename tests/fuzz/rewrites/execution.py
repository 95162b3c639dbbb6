"""Runs a program on a stream, in this process, and notes everything that can be seen from outside."""

from __future__ import annotations

import builtins
import json
from dataclasses import dataclass
from types import CodeType
from typing import Any

import msgspec

from .fakes import MAKERS, Endless, Feed, module

_import = builtins.__import__


@dataclass(frozen=True, slots=True)
class Effect:
    """Something that the program did, and how many pieces it had asked for by then."""

    taken: int
    shown: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """The outcome of a run: effects in order, the bytes it passed on, and the error that ended it."""

    effects: tuple[Effect, ...]
    sent: tuple[tuple[int, Any], ...]
    error: BaseException | None
    parsed: int = 0

    @property
    def values(self) -> tuple[str, ...]:
        return tuple(effect.shown for effect in self.effects)

    def joined(self) -> bytes:
        return b"".join(_bytes(piece) for _, piece in self.sent)

    def told(self) -> str:
        lines = [f"{effect.taken}: {effect.shown}" for effect in self.effects]
        if self.sent:
            lines.append(f"sent {self.joined()!r}")
        if self.error is not None:
            lines.append(f"{type(self.error).__name__}: {str(self.error)[:90]}")
        return " | ".join(lines)


def execute(code: CodeType, pieces: list[bytes], sizes: list[int]) -> Outcome:
    """Run the program on the pieces; `sizes` are those of the well-cut ones."""
    feed = Feed(pieces, sizes)
    effects: list[Effect] = []
    sent: list[tuple[int, Any]] = []

    def note(*values: Any, **_: Any) -> None:
        effects.append(Effect(feed.taken, " ".join(map(repr, values))))
        if len(effects) > 1000:
            raise Endless

    def send(piece: Any) -> None:
        sent.append((feed.taken, piece))

    parsed = 0

    def probe(text: Any) -> Any:
        nonlocal parsed
        value = json.loads(text)
        parsed += 1
        return value

    def load(name: str, globals_: Any = None, locals_: Any = None, fromlist: Any = (), level: int = 0) -> Any:
        if name in MAKERS:
            made = module(name, feed)
            if name == "app":
                made.__dict__.update(send=send)
            return made
        return _import(name, globals_, locals_, fromlist, level)

    names = {**vars(builtins), "__import__": load, "print": note, "probe": probe}
    error: BaseException | None = None
    try:
        exec(code, {"__name__": "program", "__builtins__": names})
    except (Exception, Endless) as raised:
        raised.__traceback__ = None
        error = raised
    return Outcome(tuple(effects), tuple(sent), error, parsed)


def same(expected: Outcome, got: Outcome, *, timed: bool) -> str:
    """Return the difference, or "". On well-cut pieces (`timed`) nothing may come later than it did, either."""
    if expected.values != got.values:
        return "effects"
    if not _end_alike(expected.error, got.error):
        return "error"
    if not _sent_alike(expected.joined(), got.joined()):
        return "sent"
    if timed and any(new.taken > old.taken for old, new in zip(expected.effects, got.effects, strict=True)):
        return "time"
    if timed and any(_sent_by(got, taken) < _sent_by(expected, taken) for taken, _ in expected.sent):
        return "time"
    return ""


def _end_alike(expected: BaseException | None, got: BaseException | None) -> bool:
    """Decide whether both runs end, or both with an error of what is read.

    An error that gets here is one that no clause of the program caught. Its type may be another then: what is malformed
    raises the helper's `MalformedJSONError` or `TruncatedError` (docs/semantics.md, "What changes"). Clauses that know
    the parser's own type are parts of the grammar, in the loop, around it, and in its caller: what they do is seen by
    their effects.
    """
    if expected is None or got is None:
        return expected is got
    return isinstance(got, type(expected)) or (_is_of_data(expected) and _is_of_data(got))


def _sent_alike(expected: bytes, got: bytes) -> bool:
    """Decide whether the same bytes were passed on.

    The line end of the last document may be left out where it comes apart from it (docs/semantics.md, note 1), but not
    that of an event, without which no client dispatches it.
    """
    return expected == got or (b"data:" not in expected and expected.rstrip(b"\r\n") == got.rstrip(b"\r\n"))


def _is_of_data(error: BaseException) -> bool:
    return isinstance(error, (ValueError, msgspec.DecodeError))


def _sent_by(outcome: Outcome, taken: int) -> int:
    return sum(len(_bytes(piece)) for at, piece in outcome.sent if at <= taken)


def _bytes(piece: Any) -> bytes:
    if isinstance(piece, str):
        return piece.encode("utf-8", "surrogatepass")
    return bytes(piece) if isinstance(piece, (bytes, bytearray, memoryview)) else repr(piece).encode()
