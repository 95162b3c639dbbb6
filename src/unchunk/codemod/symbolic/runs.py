"""One run through a body, and its end."""

from __future__ import annotations

import ast
import enum
import json
from collections.abc import Hashable, Iterable
from dataclasses import dataclass, field
from typing import Any, Final


class _Unknown:
    def __repr__(self) -> str:
        return "UNKNOWN"


UNKNOWN: Final = _Unknown()


class End(enum.Enum):
    """The end of the run through a body."""

    QUIET = "went on to the next piece"
    BREAK = "left the loop"
    RETURN = "left the function"
    ERROR = "failed"
    RAISED = "raised an error of its own"
    TOO_LONG = "was given up"


@dataclass(frozen=True, slots=True)
class Forwarded:
    """Text or bytes that are passed on at a place of the code."""

    place: ast.expr
    text: str | bytes


@dataclass(slots=True)
class Trace:
    """One path through a body.

    Attributes:
        parsed: what the parser was given, in order; UNKNOWN where it could not be computed.
        effects: whether something happened that only a real run can tell (a call, an unknown assignment target).
        early_effects: whether that was before the first parse.
        guessed: whether an unknown test was taken one way.
        early_guess: whether that was before the first parse.
        doubted: whether such a test asked about the piece.
        assigned: the places where names were assigned.
        handed_on: the texts that were handed to something unknown, kept outside of names, given back or yielded; not
            those that only a person is told.
        asked_inside: whether a test asked for something that stands inside of documents.
        events: everything that could be observed, in order: what was parsed, and what was handed to anything unknown.
    """

    parsed: list[Any] = field(default_factory=list)
    effects: bool = False
    early_effects: bool = False
    guessed: bool = False
    early_guess: bool = False
    doubted: bool = False
    assigned: set[ast.AST] = field(default_factory=set)
    handed_on: list[str | bytes] = field(default_factory=list)
    asked_inside: bool = False
    events: list[Hashable] = field(default_factory=list)
    end: End = End.QUIET

    @property
    def reached(self) -> bool:
        return bool(self.parsed)

    @property
    def idle(self) -> bool:
        """Decide whether nothing was done with the piece, other than trying it and finding no document."""
        handed_on = any(value is UNKNOWN or is_whole(value) for value in self.parsed)
        return not handed_on and not self.effects and not self.guessed and self.end is End.QUIET


def observed(values: Iterable[Any]) -> Hashable:
    """Return values in comparable form; two documents are equal if `json.loads` makes equal values of them."""
    return tuple(_frozen(value) for value in values)


def _frozen(value: Any) -> Hashable:
    match value:
        case list() | tuple():
            return tuple(_frozen(part) for part in value)
        case dict():
            return tuple((_frozen(key), _frozen(part)) for key, part in value.items())
        case bytearray() | memoryview():
            return bytes(value)
        case bool() | int() | float():
            return (type(value).__name__, value)
        case str() | bytes() | None:
            return value
        case frozenset():
            return tuple(sorted(map(repr, value)))
    return repr(type(value))


def document_value(text: Any) -> Hashable:
    """Return the value of a parsed text as `json.loads` would print it; the text itself where it is none."""
    # Printed rather than compared as objects: 1, 1.0 and True are equal in Python, and are three documents.
    return ("value", json.dumps(json.loads(text))) if is_whole(text) else _frozen(text)


def is_whole(value: Any) -> bool:
    """Decide whether a value is one whole JSON document."""
    if not isinstance(value, (str, bytes, bytearray)):
        return False
    try:
        json.loads(value)
    except ValueError:
        return False
    return True


class Raised(Exception):
    """The body raises what Python would raise; `kind` is that error's type."""

    def __init__(self, kind: type[BaseException], end: End = End.ERROR) -> None:
        self.kind = kind
        self.end = end


class Jump(Exception):
    """A `break`, `continue` or `return`, to be handled by the surrounding code."""

    def __init__(self, end: End) -> None:
        self.end = end


class Returned(Exception):
    """The return value of a function that was run."""

    def __init__(self, value: Any) -> None:
        self.value = value
