"""The loop that reads a stream: what a person writes by hand, with the reader for all that such a loop forgets.

Lines that are documents, or events whose data is one, are parsed as they are. As soon as something else comes, or a
value is due before its line ends, the reader gets what is left, and all that follows until it waits for nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Generator, Iterable
from typing import Any, Protocol

from .chunks import Plain
from .settings import ErrorContext

_NEWLINE, _RETURN, _CLOSES, _QUOTE = b'\n\r}"'
_BACKSLASH = ord("\\")
# Where an object may end before its line does: what follows begins another document, or is still to come.
_may_end = re.compile(rb"\}(?=[ \t\r]*(?:[{\[\"0-9tfnNI-]|\Z))").search
_DATA = b"data:"
_DATA_OBJECT = b"data: {"
_DATA_BLANK = b"data: "
_BETWEEN_EVENTS = b"\n\ndata: "
_OTHER_LINES = (b"event:", b"id:", b"retry:", b":")
# How many bytes of an open line may be parsed in vain.
_BUDGET = 4096
# Lines that grow longer are for the reader, which adds up no copies.
_LONG = 8192
# Of how many bytes on it is faster to split events at one go than line by line.
_MANY = 1024

Parse = Callable[[bytes], Any]


class Reader(Protocol):
    """The interface of a framing's reader.

    `feed` does it all. Where each call counts: while `closer` is not None, a chunk that holds neither separator, and
    in which there is no `closer` or `look` finds nothing, completes nothing. It may simply be added to the `buffer`, if
    `check_open` is asked for values when that grows beyond the `limit`. Other chunks are for `take_in`.

    Attributes:
        by_events: the lines are those of events.
        line_parser: gives the value of a line, or the data of one, that is one document, and raises anything for
            others; None if there is no such parser.
    """

    @property
    def at(self) -> ErrorContext: ...
    @property
    def pending(self) -> int: ...
    @property
    def buffer(self) -> bytearray: ...
    @property
    def closer(self) -> int | None: ...
    @property
    def look(self) -> Callable[[bytes], object]: ...
    @property
    def separator(self) -> int | None: ...
    @property
    def second_separator(self) -> int | None: ...
    @property
    def limit(self) -> int: ...
    @property
    def by_events(self) -> bool: ...
    @property
    def line_parser(self) -> Parse | None: ...
    def check_open(self) -> Iterable[Any]: ...
    def feed(self, data: bytes) -> Iterable[Any]: ...
    def take_in(self, data: bytes) -> Iterable[Any]: ...
    def close(self) -> Iterable[Any]: ...
    def take_back(self, most: int) -> bytes | None:
        """Return the beginning of a line that the reader has got, to be read anew; None if it has to go on with it."""
        ...

    def passed_by(self, size: int, count: int) -> None:
        """Count the bytes and values that were read without the reader."""
        ...


class PassedBy:
    """A reader that counts by its position."""

    __slots__ = ()

    at: ErrorContext

    def passed_by(self, size: int, count: int) -> None:
        """Count the bytes and values that were read without the reader."""
        self.at.offset += size
        self.at.index += count


class NotByLines:
    """A reader that is not passed by."""

    __slots__ = ()

    by_events = False
    line_parser: Parse | None = None

    def take_back(self, most: int) -> bytes | None:
        """None: it has to go on with what it has got."""
        return None

    def passed_by(self, size: int, count: int) -> None:
        """Count nothing."""


class Paused:
    """In the place of a value: what was pushed is read, and this many bytes of it are kept in the loop."""

    __slots__ = ("size",)

    def __init__(self) -> None:
        self.size = 0


def _vain(parse: Parse, line: bytes, start: int, begin: int) -> int:
    """Return how many bytes are parsed in vain to see that no object from `start` on ends behind `begin` in an open
    line.

    More than the budget if one does, or it cannot be told within that.
    """
    spent = 0
    while found := _may_end(line, begin):
        begin = found.end()
        if _ends_in_string(line, start, begin):
            continue
        try:
            parse(line[start:begin])
        except Exception:  # noqa: BLE001
            spent += begin
            if spent <= _BUDGET:
                continue
        return _BUDGET + 1
    return spent


def _ends_in_string(line: bytes, start: int, end: int) -> bool:
    """Tell if the object that begins at `start` is in the middle of a string at `end`."""
    if _BACKSLASH in line:
        line = line[start:end].replace(b"\\\\", b"").replace(b'\\"', b"")
        return line.count(_QUOTE) & 1 == 1
    return line.count(_QUOTE, start, end) & 1 == 1


def _whole_events(text: bytes) -> tuple[list[bytes], bytes, bytes] | None:
    """Return the data of events that have one line each, what ends the last one, and what is behind that; None for
    others.

    The text is `_DATA_BLANK`, the data with `_BETWEEN_EVENTS` between them, the end, and the rest.
    """
    if not text.startswith(_DATA_BLANK):
        return None
    found = text[len(_DATA_BLANK) :].split(_BETWEEN_EVENTS)
    last = found.pop()
    match text.count(b"\n") - 2 * len(found):
        case 0 if found:
            return found, b"\n\n", _DATA_BLANK + last
        case 1 if last.endswith(b"\n"):
            return [*found, last[:-1]], b"\n", b""
        case 2:
            document, between, rest = last.partition(b"\n\n")
            if between:
                return [*found, document], between, rest
    return None


def values_of(
    source: Iterable[Any], reader: Reader, normal: Callable[[Any], bytes | Plain], paused: Paused | None = None
) -> Generator[Any, None, None]:
    """Yield the values of a stream whose framing is known. With `paused`, that is given whenever a chunk has been read.

    One function, since each call and each layer of generators in it would cost as much as all the rest.
    """
    max_size, by_events = reader.at.max_size, reader.by_events
    most = min(_LONG, max_size)
    separator, second = reader.separator, reader.second_separator
    closer, look, limit, buffer = reader.closer, reader.look, reader.limit, reader.buffer
    parse: Any = reader.line_parser
    rest = None if parse is None else reader.take_back(most)  # of the line, if the reader has nothing of it
    size = given = 0  # since the reader has counted
    spent = 0  # in vain, on the line that is open
    is_open = False  # it is known to begin with an object
    opens, begin_of_line, between = (_DATA_OBJECT, _DATA_BLANK, _BETWEEN_EVENTS) if by_events else (b"{", b"", b"\n")
    skip, end_of_line = len(begin_of_line), b"\n"
    for chunk in source:
        if type(chunk) is not bytes:
            chunk = normal(chunk)
            if isinstance(chunk, Plain):
                yield chunk.value
                continue
        if rest is None:
            if (
                closer is None
                or (separator is not None and separator in chunk)
                or (second is not None and second in chunk)
                or (closer in chunk and look(chunk) is not None)
            ):
                del buffer  # not to keep it alive while its document is parsed
                values = reader.take_in(chunk)
            else:
                buffer += chunk
                if len(buffer) <= limit:
                    if paused is not None:
                        yield paused
                    continue
                values = reader.check_open()
        else:
            rest += chunk
            length = len(rest)
            if _NEWLINE not in chunk:
                if (
                    (is_open or (is_open := rest.startswith(opens)) or opens.startswith(rest))
                    and length <= most
                    and (
                        _CLOSES not in chunk
                        or _may_end(rest, length - len(chunk)) is None
                        or (spent := spent + _vain(parse, rest, skip, length - len(chunk))) <= _BUDGET
                    )
                ):
                    if paused is not None:
                        paused.size = length
                        yield paused
                    continue
            elif length <= max_size:
                size += length
                spent = 0
                is_plain, is_open = True, False
                if not by_events:
                    documents = rest.split(b"\n")
                    rest = documents.pop()
                elif _RETURN in rest:
                    documents, is_plain = [], False
                elif length > _MANY and (events := _whole_events(rest)) is not None:
                    documents, end_of_line, rest = events
                else:
                    documents = rest.split(b"\n")
                    rest = documents.pop()
                    each = iter(documents)
                    documents = []
                    for line in each:
                        if line[:5] == _DATA:
                            try:
                                value = parse(line[5:])
                            except Exception:  # noqa: BLE001
                                is_plain = False
                            else:
                                given += 1
                                yield value
                                continue
                        elif line and not line.startswith(_OTHER_LINES):
                            is_plain = False
                        if not is_plain:
                            rest = b"\n".join((line, *each, rest))
                            break
                each = iter(documents)
                given += len(documents)
                for document in each:
                    if document:
                        try:
                            value = parse(document)
                        except Exception:  # noqa: BLE001 (loads is anybody's; the reader finds it again)
                            left = (document, *each)
                            given -= len(left)
                            rest = begin_of_line + between.join(left) + end_of_line + rest
                            is_plain = False
                            break
                        yield value
                    else:
                        given -= 1
                size -= len(rest)
                if is_plain and (
                    not rest
                    or (
                        (is_open := rest.startswith(opens))
                        and (
                            _CLOSES not in rest
                            or _may_end(rest) is None
                            or (spent := _vain(parse, rest, skip, skip)) <= _BUDGET
                        )
                    )
                    or opens.startswith(rest)
                ):
                    if paused is not None:
                        paused.size = len(rest)
                        yield paused
                    continue
            reader.passed_by(size, given)
            values = reader.feed(rest)
        if values:
            yield from values
        del values
        closer, look, limit, buffer = reader.closer, reader.look, reader.limit, reader.buffer
        if (parse := reader.line_parser) is not None:
            # A line that the reader has begun it reads to its end.
            rest = reader.take_back(most if _NEWLINE in chunk else 0)
            size = given = spent = 0
            is_open = False
        if paused is not None:
            paused.size = len(rest or b"")
            yield paused
    if rest is not None:
        reader.passed_by(size, given)
        yield from reader.feed(rest)
    yield from reader.close()
