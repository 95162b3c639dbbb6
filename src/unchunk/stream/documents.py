"""Concatenated documents, with or without blanks or newlines between them."""

from __future__ import annotations

import re
from codecs import utf_8_decode
from collections.abc import Iterable, Iterator
from typing import Any

from .ends import LAST_BRACKET_BY_BOTH_SIDES, DocumentEnds, DocumentScanner, closes_line
from .errors import JSONStreamError
from .settings import ErrorContext, Settings
from .values import (
    AFTER_NUMBER,
    BLANKS,
    EndOfStream,
    Incomplete,
    Malformed,
    document_in,
    failure,
    is_cut_mark,
    scan_once,
    skip_blanks,
    value_at,
)
from .whole_lines import Parse, PassedBy

# What stands in a text where a document may end: see `ends`.
_last_brace = re.compile(r"\}[ \t\r\n]*(?:[^,}\] \t\r\n]|\Z)").search
_last_bracket = re.compile(r"\][ \t\r\n]*(?:[^,}\] \t\r\n]|\Z)").search
_empty = re.compile(rb"[\[{][ \t\r\n]*[\]}]").match
LINE_FEED = ord("\n")
_CLOSER = {"{": "}", "[": "]", '"': '"'}
# Up to so many bytes a list of values costs less than a generator.
_SMALL = 4096


def decoded(data: bytes | bytearray) -> tuple[str, bytes, bytes]:
    """Return the text of some UTF-8, the bytes of a code point that is cut off at its end, and the bytes that are not
    UTF-8.
    """
    try:
        text, used = utf_8_decode(data, "surrogatepass", False)
    except UnicodeDecodeError as error:
        return data[: error.start].decode("utf-8", "surrogatepass"), b"", bytes(data[error.start :])
    return text, (b"" if used == len(data) else bytes(data[used:])), b""


def looks_ended(text: str, start: int, opener: str) -> bool:
    """Decide whether a bracket looks like the last one of the object or array that begins at `start`."""
    return (_last_brace if opener == "{" else _last_bracket)(text, start) is not None


class Documents(PassedBy, DocumentScanner):
    """A reader of concatenated JSON values. A number needs a blank, `{`, `[` or the stream's end behind it."""

    __slots__ = ("_expected", "_failures", "_marks", "_small", "_usual", "at")

    by_events = False
    _after_number = AFTER_NUMBER
    _may_end_by_both_sides = LAST_BRACKET_BY_BOTH_SIDES

    def __init__(self, settings: Settings, offset: int = 0) -> None:
        super().__init__(settings.max_size)
        self.at = ErrorContext(settings.max_size, offset)
        self._marks = tuple(mark.decode() for mark in settings.marks)
        self._expected = 0  # the length of the last document
        self._failures = 0  # how many of them seemed to have ended and had not
        self._small = min(_SMALL, settings.max_size)
        self._usual = 0  # documents up to this length are like the last one

    @property
    def pending(self) -> int:
        return len(self.buffer)

    def feed(self, data: bytes) -> Iterable[Any]:
        """Return the values that end in `data`. To be exhausted before the next call."""
        if self.closer is None or self.look(data) is not None:
            return self.take_in(data)
        self.buffer += data
        return self.check_open() if len(self.buffer) > self.limit else ()

    def take_in(self, data: bytes) -> Iterable[Any]:
        """Take `data` as `feed` does, if the open document may end in it by the look of it."""
        buffer = self.buffer
        if not buffer:
            return self._run(data)
        closer = self.closer
        if closer is None:
            return self._run(self.take()) if self.ends_with(data) else ()
        buffer += data
        total = len(buffer)
        if total <= self._usual:
            if self._misled:
                ended = self._ends_line(data, total) or self._scan(closer)
            else:
                ended = total >= self._expected or data[-1] != closer or self._scan(closer)
            if ended:
                return self._one()
        elif self.has_ended(data, self._expected):
            return self._several() if total <= self._small else self._run(self.take())
        return self.check_open() if total > self.limit else ()

    def _ends_line(self, data: bytes, total: int) -> bool:
        """Decide whether a line ends here like one with a document: that says more than a bracket, at less than a
        scan.
        """
        if total < 2 * self._tried or closes_line(data) is None:
            return False
        self._tried = total
        return True

    @property
    def line_parser(self) -> Parse | None:
        """Return the parser of a line that is one document, if there is one; it raises anything for others."""
        return document_in

    def take_back(self, most: int) -> bytes | None:
        """Return the beginning of a line to be read anew; None if a document goes on in it, or it is long."""
        buffer = self.buffer
        return None if len(buffer) > most or LINE_FEED in buffer else bytes(self.take())

    def begin(self, head: bytes | bytearray) -> None:
        """Start with `head`, and look twice at brackets where strings contain many: as long as the document may be
        usual.

        Behind a fault nothing looks like an end, and the fault is to be found though.
        """
        super().begin(head)
        if self._misled and self.closer is not None:
            self.look = self._may_end_by_both_sides[self.closer]
            self.limit = min(self.at.max_size, max(4 * self._expected, _SMALL))

    def _one(self) -> Iterable[Any]:
        """Return the value in a buffer with one and the beginning of the next: `_run` at less cost."""
        buffer, at = self.buffer, self.at
        try:
            text = buffer.decode()
            value, end = scan_once(text, 0)
        except (ValueError, StopIteration, RecursionError) as error:
            return self._none_yet(error)
        start = end + 1 if text[end : end + 1] == "\n" else end
        rest, length = text[start : start + 1], len(text)
        if rest and (length - start >= end or rest != text[0] or text.find(_CLOSER[rest], start) >= 0):
            return self._several(value, end)
        size = start if length == len(buffer) else len(text[:start].encode())
        del buffer[:size]
        at.index += 1
        at.offset += size
        if end > self._usual or 2 * end < self._expected:
            self._expect(end)
        self._scanned = self._looked_back = self._tried = 0
        if not rest:
            self.closer = None
        return (value,)

    def _none_yet(self, error: Exception) -> Iterable[Any]:
        return () if self._misjudged(error) and self._goes_on() else self._run(self.take())

    def _misjudged(self, error: Exception) -> bool:
        """Decide whether the document that seemed to have ended in the buffer is cut short, and remember that."""
        if isinstance(error, (UnicodeDecodeError, RecursionError)):
            return False
        assert isinstance(error, (ValueError, StopIteration))
        if not isinstance(failure(error, self.buffer.decode()), Incomplete):
            return False
        self._failures += 1
        self._misled = self._failures > 8 + self.at.index // 32
        return True

    def _several(self, first: Any = None, begin: int = 0) -> Iterable[Any]:
        """Return the values in a small buffer; the first of them if that is read already, up to `begin`."""
        values, start, end, expected = [first] if begin else [], begin, begin, begin or self._expected
        buffer, is_open = self.buffer, False
        try:
            text = buffer.decode()
            length = len(text)
            begin = 0
            while start < length:
                char = text[start]
                if char == "{" or char == "[":
                    if length - start < expected and values and (self._misled or not looks_ended(text, start, char)):
                        is_open = True
                        break
                    value, end = scan_once(text, start)
                    values.append(value)
                    begin, start = start, end
                elif char == "\n":
                    start += 1
                else:
                    break
        except UnicodeDecodeError:
            return self._run(self.take())
        except (ValueError, StopIteration, RecursionError) as error:
            is_open = self._misjudged(error)
        size = start if length == len(buffer) else len(text[:start].encode())
        del buffer[:size]
        if values:
            self._tried = 0
            self._expect(end - begin)
        self.at.index += len(values)
        self.at.offset += size
        if is_open and self._goes_on():
            return values
        self.take()
        return self._and_more(values, buffer) if buffer else values

    def _goes_on(self) -> bool:
        """Go on with the buffer's present content; return False if its document may have ended already."""
        buffer = self.buffer
        self.begin(buffer)
        closer = self.closer
        # Where strings hold brackets, what looks open has to be looked at.
        if not self._misled or closer is None or (self.look(buffer) is None and _empty(buffer) is None):
            return True
        return not self._scan(closer)

    def _and_more(self, values: list[Any], rest: bytearray) -> Iterator[Any]:
        yield from values
        yield from self._run(rest)

    def _expect(self, length: int) -> None:
        """Expect the next document to be as long as this one."""
        self._expected = length
        self._usual = min(2 * length, self._small)

    def close(self) -> Iterable[Any]:
        """Return the number that only the end of the stream ends; raise if a document is incomplete."""
        return self._run(self.take(), final=True)

    def _run(self, data: bytes | bytearray, final: bool = False) -> Iterator[Any]:
        size = len(data)
        text, rest, bad = decoded(data)
        del data
        length = len(text)
        careful = size > self.at.max_size
        at = self.at
        expected = self._expected
        start = 0
        while start < length:
            char = text[start]
            if char == "\n":
                start += 1
                continue
            if char == "{" or char == "[":
                if length - start < expected and not final and self._surely_open(text, start, char):
                    break
                try:
                    value, end = scan_once(text, start)
                except (ValueError, StopIteration, RecursionError) as error:
                    if self._is_cut_short(error, text, start, final):
                        break
                    raise
                expected = end - start
            elif char in BLANKS:
                start = skip_blanks(text, start).end()  # type: ignore[union-attr]
                continue
            else:
                try:
                    value, end = value_at(text, start, final=final and not bad)
                except (Incomplete, Malformed) as error:
                    if self._is_cut_short(error, text, start):
                        break
                    raise
            if careful:
                self._check_size(text, start, end)
            start = end
            at.index += 1
            yield value
        self._expect(expected)
        yield from self._keep(size, text, start, rest, bad, final)

    def _surely_open(self, text: str, start: int, opener: str) -> bool:
        """Decide whether the object or array that begins at `start` certainly does not end in the text."""
        if not looks_ended(text, start, opener):
            return True
        return self._misled and not self.ends_in(text[start:].encode("utf-8", "surrogatepass"))

    def _is_cut_short(self, error: Exception, text: str, start: int, final: bool = False) -> bool:
        """Decide whether more text may complete the document; raise the error otherwise, or `EndOfStream`."""
        if text.startswith(self._marks, start):
            raise EndOfStream
        if not final and is_cut_mark(text, start, self._marks):
            return True
        if isinstance(error, (ValueError, StopIteration)):
            error = failure(error, text)
        if isinstance(error, Incomplete):
            return True
        if self.at.is_beyond(text, start):
            raise self.at.given_up(text, start, self._after_number) from None
        if isinstance(error, Malformed):
            raise self.at.malformed(error.message, text, max(error.pos, start), start) from None
        raise self.at.too_deep(text, start) from None

    def _check_size(self, text: str, start: int, end: int) -> None:
        if len(text[start:end].encode("utf-8", "surrogatepass")) > self.at.max_size:
            raise self.at.too_large(text, start)

    def _keep(self, size: int, text: str, start: int, rest: bytes, bad: bytes, final: bool) -> Iterable[Any]:
        """Keep what follows the last value for the next chunk; at the end of the stream nothing may be left."""
        if bad:
            raise self.at.not_utf8(text, start, bad)
        if start == len(text) and not rest:
            self.at.offset += size
            return ()
        if final:
            raise self.at.truncated(text, start) if start < len(text) else self.at.not_utf8(text, start, rest)
        tail = text[start:].encode("utf-8", "surrogatepass") + rest
        self.at.offset += size - len(tail)
        if start:
            self._tried = 0
        self.begin(tail)
        return self.check_open()

    def check_open(self) -> Iterable[Any]:
        """Return the values of an open document that is too large, if it has ended after all; raise otherwise.

        If it is only larger than most, look at every bracket.
        """
        most = self.at.max_size
        if len(self.buffer) > most and not is_cut_mark(self.buffer.decode("latin-1"), 0, self._marks):
            data = self.take()
            if DocumentEnds(bytes(data[: most + 1])).find(0)[0]:
                return self._run(data)
            raise self._given_up(data)
        if len(self.buffer) > self.limit:
            self.limit = self.at.max_size
            if self.closer is not None:
                self.look = self._may_end[self.closer]
        return ()

    def _given_up(self, document: bytes | bytearray) -> JSONStreamError:
        return self.at.given_up(document.decode("utf-8", "replace"), 0, self._after_number)
