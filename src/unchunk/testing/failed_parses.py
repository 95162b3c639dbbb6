"""Parse calls that failed while a test ran, also those whose error the program has caught."""

from __future__ import annotations

import contextlib
import json
import linecache
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from types import CodeType, FrameType, TracebackType
from typing import Any

# What stands between a program and its parser, or runs its tests: not the program's own code.
_NOT_THE_PROGRAM = sys.stdlib_module_names | {
    "_pytest",
    "aiohttp",
    "anyio",
    "httpx",
    "httpx2",
    "hypothesis",
    "pluggy",
    "pytest",
    "pytest_asyncio",
    "requests",
    "simplejson",
    "unchunk",
    "urllib3",
}


_MAX_COUNT = 1_000
_MAX_LENGTH = 200


@dataclass(frozen=True, slots=True)
class Place:
    """A call in the program: lines from 1, columns from 0; without columns where Python does not tell them."""

    path: str
    line: int
    end_line: int
    column: int | None = None
    end_column: int | None = None


@dataclass(frozen=True, slots=True)
class FailedParse:
    """A parse call that failed.

    Attributes:
        error: what it raised, in words.
        places: the parse call, and the calls of the program that led there.
        text: the start of what it was given, if that is known: what tells it from what fails in every run.
    """

    error: str
    places: tuple[Place, ...]
    text: str = ""


@contextlib.contextmanager
def watched() -> Iterator[list[FailedParse]]:
    """Note every `JSONDecodeError` that is made, for the length of a block."""
    failed: list[FailedParse] = []
    original = json.JSONDecodeError.__init__

    def __init__(self: json.JSONDecodeError, *args: Any, **options: Any) -> None:
        original(self, *args, **options)
        if len(failed) < _MAX_COUNT:
            _note(failed, self, _calling(sys._getframe(1)))

    json.JSONDecodeError.__init__ = __init__  # type: ignore[method-assign]
    try:
        yield failed
    finally:
        json.JSONDecodeError.__init__ = original  # type: ignore[method-assign]


def note_raised(failed: list[FailedParse], error: BaseException | None) -> None:
    """Add the failed parse calls in the chain of what a test has raised: those of errors that are not json's."""
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        if isinstance(error, ValueError) and error.__traceback__ is not None:
            _note(failed, error, _raising(error.__traceback__))
        error = error.__cause__ or error.__context__


def _note(failed: list[FailedParse], error: ValueError, frames: Iterator[tuple[FrameType, int]]) -> None:
    own = tuple(_place(frame.f_code, at) for frame, at in frames if _is_program(frame))
    if own:
        known = FailedParse(f"{type(error).__name__}: {error}", own, str(getattr(error, "doc", ""))[:_MAX_LENGTH])
        if known not in failed[-1:]:  # an error that json has made is raised afterwards
            failed.append(known)


def _calling(frame: FrameType | None) -> Iterator[tuple[FrameType, int]]:
    while frame is not None:
        yield frame, frame.f_lasti
        frame = frame.f_back


def _raising(raised: TracebackType) -> Iterator[tuple[FrameType, int]]:
    steps = []
    step: TracebackType | None = raised
    while step is not None:
        steps.append((step.tb_frame, step.tb_lasti))
        step = step.tb_next
    yield from reversed(steps)


def _is_program(frame: FrameType) -> bool:
    name = str(frame.f_globals.get("__name__", ""))
    return name.partition(".")[0] not in _NOT_THE_PROGRAM and not frame.f_code.co_filename.startswith("<")


def _place(code: CodeType, instruction: int) -> Place:
    line, end_line, column, end_column = _position(code, instruction)
    path = code.co_filename
    return Place(path, line, end_line, _characters(path, line, column), _characters(path, end_line, end_column))


def _characters(path: str, line: int, column: int | None) -> int | None:
    """Return a column in characters; Python counts the bytes of UTF-8."""
    return None if column is None else len(linecache.getline(path, line).encode()[:column].decode("utf-8", "replace"))


def _position(code: CodeType, instruction: int) -> tuple[int, int, int | None, int | None]:
    if sys.version_info >= (3, 11):
        found = next(islice(code.co_positions(), instruction // 2, None))
        if found[0] is not None and found[1] is not None:
            return found[0], found[1], found[2], found[3]
    line = next((number for start, end, number in code.co_lines() if start <= instruction < end and number), 1)
    return line, line, None, None
