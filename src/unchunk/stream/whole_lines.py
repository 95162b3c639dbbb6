"""The loop that reads line by line: what a person writes by hand, with the reader for all that such a loop forgets.

Lines that are documents, or events whose data is one, are parsed as they are. As soon as something else comes, or a
value is due before its line ends, the reader gets what is left, and all that follows until it waits for nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any, Protocol

from .chunks import Plain

_NEWLINE, _RETURN, _OPENS, _CLOSES = b"\n\r{}"
# Where an object may end before its line does: what follows begins another document, or is still to come.
_may_end = re.compile(rb"\}(?=[ \t\r]*(?:[{\[\"0-9tfnNI-]|\Z))").finditer
_DATA = b"data:"
_DATA_OBJECT = b"data: {"
_OTHER_LINES = (b"event:", b"id:", b"retry:", b":")
# How many bytes of an open line may be parsed in vain.
_BUDGET = 4096
# Lines that grow longer are for the reader, which adds up no copies.
_LONG = 8192

Loop = Callable[..., Iterator[Any]]


class LineReader(Protocol):
    """A reader that can be passed by.

    Attributes:
        line_parser: gives the value of a line that is one document, and raises anything for others; None if there is
            no such parser.
    """

    @property
    def line_parser(self) -> Callable[[bytes], Any] | None: ...
    def take_back(self, most: int) -> bytes | None:
        """The beginning of a line that the reader has got, to be read anew; None if it has to go on with it."""
        ...

    def passed_by(self, size: int, count: int) -> None:
        """Count the bytes and values that were read without the reader."""
        ...

    def feed(self, data: bytes) -> Iterable[Any]: ...


def _vain(parse: Callable[[bytes], Any] | None, line: bytes, start: int = 0, begin: int = 0) -> int:
    """The bytes that were parsed to see that no object from `start` on ends behind `begin` in an open line.

    More than the budget if one does, or it cannot be told within that.
    """
    spent = 0
    for found in _may_end(line, begin):
        try:
            parse(line[start : found.end()])  # type: ignore[misc]
        except Exception:  # noqa: BLE001
            spent += found.end()
            if spent <= _BUDGET:
                continue
        return _BUDGET + 1
    return spent


def documents_by_line(
    source: Iterable[Any], reader: LineReader, normal: Callable[[Any], bytes | Plain], max_size: int
) -> Iterator[Any]:
    """The values of a stream whose lines are documents."""
    most = min(_LONG, max_size)
    parse, rest = reader.line_parser, reader.take_back(most)
    size = given = 0  # since the reader has counted
    spent = 0  # in vain, on the line that is open
    for chunk in source:
        if type(chunk) is not bytes:
            chunk = normal(chunk)
            if isinstance(chunk, Plain):
                yield chunk.value
                continue
        if rest is not None:
            rest += chunk
            if _NEWLINE not in chunk:
                begin = len(rest) - len(chunk)
                if not rest or (
                    rest[0] == _OPENS
                    and len(rest) <= most
                    and (_CLOSES not in chunk or (spent := spent + _vain(parse, rest, 0, begin)) <= _BUDGET)
                ):
                    continue
            elif len(rest) <= max_size:
                size += len(rest)
                spent = 0
                lines = rest.split(b"\n")
                rest = lines.pop()
                given += len(lines)
                each = iter(lines)
                for line in each:
                    if not line:
                        given -= 1
                        continue
                    try:
                        value = parse(line)  # type: ignore[misc]
                    except Exception:  # noqa: BLE001 (loads is anybody's; the reader finds it again)
                        left = [line, *each]
                        given -= len(left)
                        rest = b"\n".join((*left, rest))
                        break
                    yield value
                else:
                    if not rest or (
                        rest[0] == _OPENS and (_CLOSES not in rest or (spent := _vain(parse, rest)) <= _BUDGET)
                    ):
                        size -= len(rest)
                        continue
                size -= len(rest)
            reader.passed_by(size, given)
        yield from reader.feed(chunk if rest is None else rest)
        # A line that the reader has begun it reads to its end.
        parse, rest = reader.line_parser, reader.take_back(most if _NEWLINE in chunk else 0)
        size = given = spent = 0
    if rest is not None:
        reader.passed_by(size, given)
        yield from reader.feed(rest)


def documents_by_event(
    source: Iterable[Any], reader: LineReader, normal: Callable[[Any], bytes | Plain], max_size: int
) -> Iterator[Any]:
    """The values of a stream of events with a document in each data line."""
    most = min(_LONG, max_size)
    parse, rest = reader.line_parser, reader.take_back(most)
    size = given = spent = 0
    for chunk in source:
        if type(chunk) is not bytes:
            chunk = normal(chunk)
            if isinstance(chunk, Plain):
                yield chunk.value
                continue
        if rest is not None:
            rest += chunk
            if _NEWLINE not in chunk:
                begin = len(rest) - len(chunk)
                if (
                    (rest[:7] == _DATA_OBJECT or _DATA_OBJECT.startswith(rest))
                    and len(rest) <= most
                    and (_CLOSES not in chunk or (spent := spent + _vain(parse, rest, len(_DATA), begin)) <= _BUDGET)
                ):
                    continue
            elif len(rest) <= max_size and _RETURN not in rest:
                size += len(rest)
                spent = 0
                lines = rest.split(b"\n")
                rest = lines.pop()
                each = iter(lines)
                for line in each:
                    if line[:5] == _DATA:
                        try:
                            value = parse(line[5:])  # type: ignore[misc]
                        except Exception:  # noqa: BLE001
                            rest = b"\n".join((line, *each, rest))
                            break
                        given += 1
                        yield value
                    elif line and not line.startswith(_OTHER_LINES):
                        rest = b"\n".join((line, *each, rest))
                        break
                else:
                    if (
                        rest[:7] == _DATA_OBJECT
                        and (_CLOSES not in rest or (spent := _vain(parse, rest, len(_DATA))) <= _BUDGET)
                    ) or _DATA_OBJECT.startswith(rest):
                        size -= len(rest)
                        continue
                size -= len(rest)
            reader.passed_by(size, given)
        yield from reader.feed(chunk if rest is None else rest)
        # A line that the reader has begun it reads to its end.
        parse, rest = reader.line_parser, reader.take_back(most if _NEWLINE in chunk else 0)
        size = given = spent = 0
    if rest is not None:
        reader.passed_by(size, given)
        yield from reader.feed(rest)
