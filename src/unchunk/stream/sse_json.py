"""The JSON in the data of server-sent events (WHATWG HTML §9.2)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from .documents import Documents
from .ends import LAST_BRACKET, opened_inside
from .errors import JSONStreamError, MalformedJSONError, TruncatedError, excerpt_of
from .loaded_documents import LoadedDocuments
from .loading import LoadsAdapter
from .settings import Settings, logger
from .values import EndOfStream, scan_once
from .whole_lines import Parse

_event_line_end = re.compile(rb"\r\n?|\n").search
_DATA = b"data:"
_BLANK_BYTES = b" \t\r\n"
# The last byte of a JSON value, by its first.
_LAST_BYTES = {ord(first): ord(last) for first, last in ("{}", "[]", '""', "te", "fe", "nl")}
_LF, _CR = 0x0A, 0x0D
_OPENER, _BRACE = 0x7B, 0x7D
# How many bytes to look back for the opening brace of one that ends a chunk, for a byte of the chunk.
_BACK = 8
_NEVER = -1
_VALUE_ENDS = "".join(map(chr, _LAST_BYTES.values()))
_SMALL = 4096
_LONG_LINE = 65536
# What the other lines of an event stream begin with; comments have no name.
_OTHERS = (b"event:", b"id:", b"retry:", b":")
_OTHERS_TEXT = tuple(field.decode() for field in _OTHERS)
_NAMES = (b"data", b"event", b"id", b"retry", b"")
_EXCERPT = 80


class EventDocuments:
    """A reader of the JSON documents in the data of server-sent events.

    The data lines of an event are documents one after another, as a rule one. A value is given when it is complete:
    that its line or its event is complete too is not waited for. `[DONE]` ends the stream. Unlike the events themselves
    the last value does not need its blank line, and bytes that are no UTF-8 are a fault.

    A whole line with a whole document is read in place; everything else goes through `Documents` as it comes.
    """

    __slots__ = (
        "_documents",
        "_inside",
        "_joint",
        "_last_byte",
        "_loads",
        "_max_size",
        "_offset",
        "_passing",
        "_seams",
        "_settings",
        "_skip_lf",
        "_small",
        "_spoilt",
        "_stray",
        "at",
        "buffer",
        "closer",
        "limit",
        "look",
    )

    by_events = True
    separator = _LF
    second_separator = _CR

    def __init__(self, settings: Settings, loads: LoadsAdapter | None, offset: int = 0) -> None:
        self._settings = settings
        self._max_size = settings.max_size
        # A line that grows longer is passed on as it comes.
        self.limit = min(_LONG_LINE, settings.max_size)
        self._small = min(_SMALL, settings.max_size)
        self._loads = loads
        self._documents = Documents(settings) if loads is None else LoadedDocuments(settings, loads)
        self.at = self._documents.at
        self.buffer = bytearray()  # the line that is not complete
        self.closer: int | None = None  # what its data cannot end without
        self.look = LAST_BRACKET[_BRACE]
        self._last_byte: int | None = None  # the same, for any value; None until the line's data has begun
        self._passing = False  # that line is a data line, and its data is passed on as it comes
        self._joint = False  # a data line has ended inside of a document
        self._spoilt = False  # the event is given up
        self._inside = False  # the same, or in the middle of a document
        self._skip_lf = False  # the last byte was a CR
        self._offset = offset  # of the line
        self._seams: list[tuple[int, int]] = []
        self._stray = b""  # text that is no line of an event stream, since the last data

    def take_back(self, most: int) -> bytes | None:
        """Return the beginning of a line to be read anew; None if a document goes on in it, or it is long."""
        if self._passing or self._inside or self._skip_lf or len(self.buffer) > most:
            return None
        return self._take_line() if self._loads is None or self._loads.is_direct else None

    @property
    def line_parser(self) -> Parse | None:
        """Return the parser of a line's data."""
        return self._documents.line_parser

    def passed_by(self, size: int, count: int) -> None:
        """Count the bytes and values that were read without the reader."""
        self._offset += size
        self.at.index += count
        if count:
            self._stray = b""

    @property
    def pending(self) -> int:
        return len(self.buffer) + self._documents.pending

    def feed(self, data: bytes) -> Iterable[Any]:
        """Return the values that end in `data`. To be exhausted before the next call."""
        if _LF in data:
            if self._passing or self._skip_lf or self._inside or self._loads is not None:
                return self._block(data)
            return self._few_lines(data)
        if _CR in data or self._skip_lf:
            return self._block(data)
        if not data:
            return ()
        if self._passing:
            return self._pass_on(data)
        buffer, last = self.buffer, data[-1]
        buffer += data
        if len(buffer) <= self.limit:
            if self._last_byte not in (None, last) and last not in _BLANK_BYTES:
                return ()
            if last == self.closer and self._closes_inner(data):
                return ()
        return self._open_line()

    take_in = feed

    def _closes_inner(self, data: bytes) -> bool:
        """Decide whether only the last byte of `data` looks like the last brace, and is opened a few bytes before."""
        found, line = self.look(data), self.buffer
        if found is not None and found.end() < len(data):
            return False
        start = max(len(line) - _BACK * len(data), line.find(_OPENER) + 1)
        return opened_inside(bytes(line[start:]), _OPENER, _BRACE)

    def check_open(self) -> Iterable[Any]:
        """Return the values of an incomplete line that grows long."""
        return self._open_line()

    def close(self) -> Iterable[Any]:
        """Yield the last event's value, if the event is whole but for its blank line."""
        line = self._take_line()
        if line.startswith(_DATA):
            yield from self._data(line[len(_DATA) :], self._offset + len(_DATA), is_whole=False)
        elif _is_stray(line):
            self._note_stray(line, self._offset)
        yield from self._end_of_event(final=True)
        if self._stray:
            logger.warning("text of no event, after %d values: %r", self.at.index, self._stray)

    # A line that is not complete

    def _take_line(self) -> bytes:
        line = bytes(self.buffer)
        self.buffer.clear()
        self.closer = self._last_byte = None
        return line

    def _open_line(self) -> Iterable[Any]:
        """Look at the incomplete line: its value may be whole, or it is none, or it is too long."""
        line = self.buffer
        if not line.startswith(_DATA):
            if not _DATA.startswith(line):
                self._pass_over(line)
            return ()
        if self._last_byte is None and not self._inside:
            head = line[len(_DATA) :].lstrip(_BLANK_BYTES)
            if not head and len(line) <= self.limit:
                # Blanks before the data are not looked at again.
                self._offset += len(line) - len(_DATA)
                line[:] = _DATA
                return ()
            self._last_byte = _LAST_BYTES.get(head[0], _NEVER) if head else _NEVER
            if head.startswith(b"{"):
                self.closer = _BRACE
        # A document that began in another line may end with any byte.
        if not self._inside and len(line) <= self.limit and line[-1] not in (self._last_byte, *_BLANK_BYTES):
            return ()
        if _CR in line:
            return self._odd_block(self._take_line())
        payload = self._take_line()[len(_DATA) :]
        if payload.lstrip(_BLANK_BYTES).startswith(self._settings.marks) and not self._inside:
            raise EndOfStream
        self._stray = b""
        self._passing = True
        self._offset += len(_DATA)
        self._mark_seam(self._offset)
        return self._pass_on(payload)

    def _pass_over(self, line: bytearray) -> None:
        """Keep only as much of a line that is no data as shows what it is."""
        is_stray = _is_stray(line)
        if is_stray and len(line) < _EXCERPT:
            return
        if is_stray:
            self._note_stray(bytes(line), self._offset)
        elif b":" not in line:
            return
        self._offset += len(line) - 1
        line[:] = b":"  # whatever field it is, it is not read

    def _note_stray(self, line: bytes, offset: int) -> None:
        """Record a line that no event stream has."""
        if not self._settings.strict:
            self._stray = (self._stray + line + b"\n")[:_EXCERPT]
            return
        text = line[:_EXCERPT].decode("utf-8", "replace")
        message = "Expecting a line of an event stream"
        error = MalformedJSONError(message, offset=offset, index=self.at.index, excerpt=excerpt_of(line, 0), doc=text)
        self._settings.fault(error, line)

    def _pass_on(self, data: bytes) -> Iterable[Any]:
        offset = self._offset
        self._offset += len(data)
        return self._documents_in(data, offset)

    # Whole lines

    def _block(self, data: bytes) -> Iterator[Any]:
        """Take data that may have line ends in it."""
        if self._skip_lf and data:
            self._skip_lf = False
            if data.startswith(b"\n"):
                data = data[1:]
                self._offset += 1
        if self._passing:
            found = _event_line_end(data)
            end, after = found.span() if found else (len(data), len(data))
            yield from self._pass_on(data[:end])
            if found is None:
                return
            yield from self._end_of_line()
            self._passing = False
            self._offset += after - end
            self._skip_lf = after == len(data) and data.endswith(b"\r")
            data = data[after:]
        if not data:
            return
        data = self._take_line() + data
        if _CR in data or (self._loads is not None and not self._loads.is_strict):
            yield from self._odd_block(data)
        elif self._loads is not None:
            yield from self._lines_loaded(data, self._loads.function())
        else:
            yield from self._text_lines(data)

    def _text_lines(self, data: bytes) -> Iterable[Any]:
        try:
            text = data.decode()
        except UnicodeDecodeError:
            return self._odd_block(data)
        return self._lines(text, data)

    def _odd_block(self, data: bytes) -> Iterator[Any]:
        """Take data that starts with a line, and has any line ends, or bytes that are not UTF-8."""
        whole = max(data.rfind(b"\n"), data.rfind(b"\r")) + 1
        if whole:
            self._skip_lf = data[whole - 1] == _CR and whole == len(data)
            yield from self._odd_lines(data[:whole])
        self.buffer += data[whole:]
        yield from self._open_line()

    def _few_lines(self, data: bytes) -> Iterable[Any]:
        """Take data that begins in a line and has line ends in it, at less cost than a generator's.

        As long as it is little and what most servers send.
        """
        buffer = self.buffer
        try:
            if buffer:
                buffer += data
                text = buffer.decode()
            else:
                text = data.decode()
        except UnicodeDecodeError:
            return self._odd_block(self._take_line() or data)
        if "\r" in text or len(text) > self._small:
            return self._lines(text, data)
        values: list[Any] = []
        start, end, length = 0, text.find("\n"), len(text)
        while end >= 0:
            if text[start : start + 7] == "data: {":
                try:
                    value, stop = scan_once(text, start + 6)
                except (ValueError, StopIteration, RecursionError):
                    break
                if stop != end:
                    break
                values.append(value)
                end += 1
                start = end + 1 if text[end : end + 1] == "\n" else end  # the blank line has nothing to end
            elif start == end or text.startswith(_OTHERS_TEXT, start):
                start = end + 1
            else:
                break
            end = text.find("\n", start) if start < length else -1
        if values:
            self.at.index += len(values)
            self._stray = b""
        if end >= 0:
            return self._and_more(values, self._lines(text, data, start))
        if start < length:
            return self._keep_line(values, text, start, data)
        self._offset += len(buffer) or len(data)
        buffer.clear()
        self.closer = self._last_byte = None
        return values

    def _keep_line(self, values: list[Any], text: str, start: int, data: bytes) -> Iterable[Any]:
        """Keep the incomplete line that begins at `start` of the text that ends with `data`."""
        buffer = self.buffer
        size = start if text.isascii() else len(text[:start].encode())
        self._offset += size
        if buffer:
            del buffer[:size]
        else:
            buffer += data[size:]
        if text[start : start + 7] == "data: {":
            self.closer = self._last_byte = _BRACE
            looks_ended = text[-1] == "}"
        else:
            self.closer = self._last_byte = None
            looks_ended = text[-1] in _VALUE_ENDS
        return self._and_more(values, self._begun()) if looks_ended else values

    def _lines(self, text: str, data: bytes, start: int = 0) -> Iterator[Any]:
        """Yield the values of the lines from `start` on, in the text that ends with `data`."""
        if "\r" in text:
            return self._odd_block(self._take_line() or data)
        whole = text.rfind("\n") + 1
        size = whole if text.isascii() else len(text[:whole].encode())
        if self.buffer:
            del self.buffer[:size]
            self.closer = self._last_byte = None
        else:
            self.buffer += data[size:]
        return self._many_lines(text, start, size)

    def _and_more(self, values: list[Any], more: Iterator[Any]) -> Iterator[Any]:
        yield from values
        yield from more

    def _begun(self) -> Iterator[Any]:
        yield from self._open_line()

    def _many_lines(self, text: str, start: int, size: int) -> Iterator[Any]:
        """Yield the values of lines that end with LF, `size` bytes of them; what follows them in the text is in the
        buffer.
        """
        base, at = self._offset, self.at
        fits, is_ascii, length = size <= self._max_size, text.isascii(), text.rfind("\n") + 1
        in_place = fits and not self._inside
        self._offset = base + size
        while start < length:
            end = text.find("\n", start)
            if in_place and text[start : start + 7] == "data: {":
                try:
                    value, stop = scan_once(text, start + 6)
                except (ValueError, StopIteration, RecursionError):
                    stop = -1
                if stop == end:
                    at.index += 1
                    self._stray = b""
                    yield value
                    # The blank line behind it has nothing to end.
                    start = end + 2 if text[end + 1 : end + 2] == "\n" else end + 1
                    continue
            if end > start or self._inside:
                offset = base + (start if is_ascii else len(text[:start].encode()))
                yield from self._whole_line(text[start:end].encode(), offset)
                in_place = fits and not self._inside
            start = end + 1
        if self.buffer:
            yield from self._open_line()

    def _lines_loaded(self, data: bytes, loads: Callable[[bytes], Any]) -> Iterator[Any]:
        """Yield the same for a parser that does not report where a document ends."""
        base, start = self._offset, 0
        whole = data.rfind(b"\n") + 1
        self.buffer += data[whole:]
        self._offset = base + whole
        at, fits = self.at, whole <= self._max_size
        in_place = fits and not self._inside
        while start < whole:
            end = data.find(_LF, start)
            if in_place and data.startswith(b"data: {", start):
                try:
                    value = loads(data[start + 6 : end])
                except Exception:  # noqa: BLE001, S110 (loads is anybody's)
                    pass  # looked at more closely below
                else:
                    at.index += 1
                    self._stray = b""
                    yield value
                    start = end + 2 if data.startswith(b"\n", end + 1) else end + 1
                    continue
            if end > start or self._inside:
                yield from self._whole_line(data[start:end], base + start)
                in_place = fits and not self._inside
            start = end + 1
        yield from self._open_line()

    def _odd_lines(self, block: bytes) -> Iterator[Any]:
        """Yield the values of whole lines with any line ends, or bytes that are not UTF-8."""
        base, start = self._offset, 0
        while start < len(block):
            found = _event_line_end(block, start)
            end, after = found.span() if found else (len(block), len(block))
            yield from self._whole_line(block[start:end], base + start)
            start = after
        self._offset = base + len(block)

    def _whole_line(self, line: bytes, offset: int) -> Iterator[Any]:
        if not line:
            yield from self._end_of_event()
        elif line.startswith(_DATA):
            yield from self._data(line[len(_DATA) :], offset + len(_DATA))
        elif _is_stray(line, whole=True):
            self._note_stray(line, offset)

    def _data(self, payload: bytes, offset: int, *, is_whole: bool = True) -> Iterator[Any]:
        """Yield the data of a line."""
        if not self._inside and payload.lstrip(_BLANK_BYTES).startswith(self._settings.marks):
            raise EndOfStream
        self._stray = b""
        self._mark_seam(offset)
        yield from self._documents_in(payload, offset)
        if is_whole:
            yield from self._end_of_line()

    def _end_of_line(self) -> Iterator[Any]:
        documents = self._documents
        if not documents.buffer:
            return
        if documents.closer:
            self._joint = True
        else:
            yield from self._documents_in(b"\n", documents.at.offset)

    # Documents

    def _mark_seam(self, offset: int) -> None:
        """Note where a document continues in another line, for the offsets of errors."""
        documents = self._documents
        if not documents.buffer:
            self._seams.clear()
            self._joint = False
            return
        if self._joint:
            documents.buffer += b"\n"
            self._joint = False
        self._seams.append((documents.at.offset + len(documents.buffer), offset))

    def _documents_in(self, data: bytes, offset: int) -> Iterator[Any]:
        documents = self._documents
        if self._spoilt:
            return
        if not documents.buffer:
            documents.at.offset = offset
            self._seams.clear()
        try:
            yield from documents.feed(data)
            self._inside = bool(documents.buffer)
        except JSONStreamError as error:
            self._spoil(error)

    def _end_of_event(self, *, final: bool = False) -> Iterator[Any]:
        if not self._spoilt:
            try:
                yield from self._documents.close()
            except JSONStreamError as error:
                self._spoil(error if final or not isinstance(error, TruncatedError) else _incomplete(error))
        self._spoilt = self._inside = False

    def _spoil(self, error: JSONStreamError) -> None:
        """Skip the event, up to its blank line."""
        for joined, offset in reversed(self._seams):
            if joined <= error.offset:
                error.offset += offset - joined
                break
        self._documents.take()
        self._seams.clear()
        self._spoilt = self._inside = True
        self._settings.fault(error, getattr(error, "doc", error.excerpt).encode("utf-8", "replace"))


def _is_stray(line: bytes | bytearray, *, whole: bool = False) -> bool:
    """Decide whether no line of an event stream begins so, or is that if it is whole."""
    name, colon, _ = line.partition(b":")
    if colon or whole:
        return name not in _NAMES
    return not any(known.startswith(name) for known in _NAMES)


def _incomplete(error: TruncatedError) -> MalformedJSONError:
    return MalformedJSONError(
        "The event ends in the middle of a document",
        offset=error.offset,
        index=error.index,
        excerpt=error.excerpt,
        doc=error.doc,
        pos=error.pos,
    )
