"""Separated documents: lines, RFC 7464's sequences, and records with a delimiter between them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from .documents import decoded
from .ends import DocumentEnds, DocumentScanner
from .errors import JSONStreamError
from .loading import LoadsAdapter
from .settings import ErrorContext, Settings
from .values import BLANKS, EndOfStream, Incomplete, Malformed, document_in, is_cut_mark, value_at
from .whole_lines import NotByLines, Parse, PassedBy

LINE_FEED = ord("\n")
RECORD_SEPARATOR = 0x1E
_BLANKS_OF_RECORD = b" \t\r\n"
_FRESH, _OPEN, _GIVEN, _SPOILT = range(4)


class Records(PassedBy, DocumentScanner):
    """A reader of documents that are each bounded by a separator, so that a fault spoils one record only.

    A value is given when it is complete, not when its record is: what follows it in the record has to be blank.
    """

    __slots__ = ("_delimiter", "_loads", "_sequence", "_settings", "_state", "at", "separator")

    by_events = False

    def __init__(
        self,
        settings: Settings,
        loads: LoadsAdapter | None,
        offset: int = 0,
        delimiter: bytes = b"\n",
        *,
        sequence: bool = False,
    ) -> None:
        super().__init__(settings.max_size)
        self.at = ErrorContext(settings.max_size, offset)
        self._settings = settings
        self._loads = loads
        self.separator: int = delimiter[0]
        self._delimiter = delimiter
        self._sequence = sequence
        # Before its first separator a sequence has no record.
        self._state = _GIVEN if self._sequence else _FRESH

    @property
    def pending(self) -> int:
        return len(self.buffer)

    def feed(self, data: bytes) -> Iterable[Any]:
        """Return the values that end in `data`. To be exhausted before the next call."""
        if self._delimiter in data:
            return self._records(data)
        return self._part(data) if data else ()

    take_in = feed

    def close(self) -> Iterable[Any]:
        """Return the value that only the end of the stream ends; raise if it is incomplete."""
        return self._end_of_record(final=True)

    def _records(self, data: bytes) -> Iterator[Any]:
        """Take data with separators in it."""
        if self._state == _OPEN:
            # The record is read as one from its start: nothing of it was given.
            data = bytes(self.take()) + data
            self._state = _FRESH
        delimiter, size = self._delimiter, len(self._delimiter)
        if self._state != _FRESH:
            end = data.index(delimiter)
            yield from self._part(data[:end])
            yield from self._end_of_record()
            self.at.offset += size
            data = data[end + size :]
        *records, data = data.split(delimiter)
        if records:
            yield from self._whole_records(records)
            self.at.offset += size
        if data:
            yield from self._part(data)

    def _whole_records(self, records: list[bytes]) -> Iterator[Any]:
        """Yield the values of whole records; what is not simply one document is examined more closely."""
        at, parse, done = self.at, self.line_parser, 0
        size = len(self._delimiter)
        if parse is not None:
            for record in records:
                if len(record) > at.max_size:
                    break
                try:
                    value = parse(record)
                except Exception:  # noqa: BLE001 (loads is anybody's)
                    break
                done += 1
                at.index += 1
                at.offset += len(record) + size
                yield value
        for record in records[done:]:
            if record:
                yield from self._part(record, whole=True)
            yield from self._end_of_record()
            at.offset += size
        at.offset -= size  # the last one's is counted by the caller

    def take_back(self, most: int) -> bytes | None:
        """Return the beginning of a line to be read anew; None if its value is given, or it is spoilt or long."""
        if self._state not in (_FRESH, _OPEN) or len(self.buffer) > most:
            return None
        if self._loads is not None and not self._loads.is_direct:
            return None
        self._state = _FRESH
        return bytes(self.take())

    @property
    def line_parser(self) -> Parse | None:
        """Return the parser of a record that is simply one document, if there is one; it raises anything for others."""
        if self._delimiter != b"\n":
            return None
        if self._loads is None:
            return document_in
        return self._loads.function() if self._loads.is_strict else None

    def _part(self, data: bytes, *, whole: bool = False) -> Iterator[Any]:
        """Take a part of one record, without its separator."""
        if self._state == _FRESH:
            blank = len(data) - len(data.lstrip(_BLANKS_OF_RECORD))
            self.at.offset += blank
            if blank == len(data):
                return
            self.begin(data[blank:])
            self._state = _OPEN
            if not whole:
                yield from self._attempt(final=False)
        elif self._state == _OPEN:
            if self.ends_with(data):
                yield from self._attempt(final=False)
        elif self._state == _GIVEN:
            self._refuse_more(data)
        else:
            self.at.offset += len(data)
        yield from self.check_open()

    def check_open(self) -> Iterator[Any]:
        """Yield the value of an open record that is too large, if it has ended after all; else skip the record."""
        most = self.at.max_size
        if len(self.buffer) <= most or is_cut_mark(bytes(self.buffer), 0, self._settings.marks):
            return
        yield from self._attempt(final=False)
        if len(self.buffer) > most:
            self._spoil(self._given_up(bytes(self.buffer)))

    def _given_up(self, raw: bytes) -> JSONStreamError:
        text = raw.decode("utf-8", "replace")
        if self._loads is not None and not self._loads.is_strict and not self._sequence:
            return self.at.too_large(text)  # that it is broken is for its parser to say
        return self.at.given_up(text, 0, BLANKS)

    def _refuse_more(self, data: bytes) -> None:
        """Raise unless only blanks follow a record's value."""
        blank = len(data) - len(data.lstrip(_BLANKS_OF_RECORD))
        if blank < len(data):
            text = data.decode("utf-8", "replace")
            message = "Expecting a record separator" if self._sequence and not self.at.index else "Extra data"
            self._spoil(self.at.malformed(message, text, blank), data)
        self.at.offset += len(data)

    def _end_of_record(self, *, final: bool = False) -> Iterator[Any]:
        if self._state == _OPEN:
            yield from self._attempt(final=True, end_of_stream=final)
        self._state = _FRESH
        self._tried = 0

    def _attempt(self, *, final: bool, end_of_stream: bool = False) -> Iterator[Any]:
        """Yield the open record's document, if it is complete."""
        raw = bytes(self.buffer)
        try:
            value, end = self._document(raw, final)
        except Incomplete:
            if final:
                self._spoil(self._cut_short(raw.decode("utf-8", "replace"), end_of_stream))
            return
        except RecursionError:
            is_large = len(raw) > self.at.max_size
            self._spoil(self._given_up(raw) if is_large else self.at.too_deep(raw.decode("utf-8", "replace"), 0))
            return
        except Malformed as fault:
            if fault.__cause__ is None and len(raw) > self.at.max_size:
                self._spoil(self._given_up(raw))
                return
            error = self.at.malformed(fault.message, raw.decode("utf-8", "replace"), fault.pos)
            error.__cause__ = fault.__cause__
            if fault.__cause__ is None and self._loads is not None:
                error.__cause__ = self._loads.refusal(raw[: fault.pos + 1])
            self._spoil(error)
            return
        if end > self.at.max_size:
            self._spoil(self._given_up(raw))
            return
        self.take()
        self._state = _GIVEN
        self.at.offset += end
        self.at.index += 1
        yield value
        if end < len(raw):
            self._refuse_more(raw[end:])

    def _document(self, raw: bytes, final: bool) -> tuple[Any, int]:
        """Return the value of the document that `raw` begins with and the number of its bytes."""
        marks = self._settings.marks
        if raw.startswith(marks):
            raise EndOfStream
        if not final and is_cut_mark(raw, 0, marks):
            raise Incomplete
        # RFC 7464 §2.4: a number that touches the end of its record may have been cut off.
        final = final and not self._sequence
        if self._loads is not None:
            return self._loaded(self._loads, raw, final)
        text, _, bad = decoded(raw)
        try:
            value, end = value_at(text, 0, final=final and not bad, after_number=BLANKS)
        except Incomplete:
            if bad:
                raise Malformed("Invalid UTF-8", len(text)) from None
            raise
        return value, len(text[:end].encode("utf-8", "surrogatepass"))

    def _loaded(self, loads: LoadsAdapter, raw: bytes, final: bool) -> tuple[Any, int]:
        try:
            end = self._end(raw, final)
        except (Incomplete, Malformed):
            if loads.is_strict or self._sequence:
                raise
            if not final:
                raise Incomplete from None
            end = len(raw)  # the line is the document: let the parser see what it makes of it
        return (loads(raw[:end]) if end <= self.at.max_size else None), end

    def _end(self, raw: bytes, final: bool) -> int:
        if raw[0] not in b'{["':
            return value_at(raw.decode("latin-1"), 0, final=final, after_number=BLANKS)[1]
        end = DocumentEnds(raw).find(0)[0]
        if end is None:
            raise Incomplete
        return end

    def _cut_short(self, text: str, end_of_stream: bool) -> JSONStreamError:
        if end_of_stream:
            return self.at.truncated(text)
        return self.at.malformed("The record ends in the middle of a document", text, len(text))

    def _spoil(self, error: JSONStreamError, raw: bytes = b"") -> None:
        """Skip the record, up to its separator."""
        raw = raw or bytes(self.buffer)
        self.at.offset += len(self.take())
        self._state = _SPOILT
        self._settings.fault(error, raw)


class DelimitedRecords(NotByLines):
    """A reader of records with a delimiter of several bytes, which may itself be cut."""

    separator: int | None = None
    second_separator: int | None = None
    closer: int | None = None  # each chunk counts

    def __init__(self, settings: Settings, loads: LoadsAdapter | None, offset: int, delimiter: bytes) -> None:
        self._records = Records(settings, loads, offset, delimiter)
        self._delimiter = delimiter
        self._held = b""  # what may be the beginning of a delimiter
        self.at = self._records.at
        self.look: Callable[[bytes], object] = self._records.look
        self.limit = settings.max_size

    @property
    def buffer(self) -> bytearray:
        return self._records.buffer

    @property
    def pending(self) -> int:
        return self._records.pending + len(self._held)

    def check_open(self) -> Iterable[Any]:
        """Return the value of an open record that is too large, if it has ended after all; else skip the record."""
        return self._records.check_open()

    def feed(self, data: bytes) -> Iterable[Any]:
        """Return the values that end in `data`. To be exhausted before the next call."""
        data = self._held + data
        tail = data.split(self._delimiter)[-1]
        sizes = range(min(len(self._delimiter) - 1, len(tail)), 0, -1)
        held = next((size for size in sizes if tail.endswith(self._delimiter[:size])), 0)
        self._held = data[len(data) - held :]
        return self._records.feed(data[: len(data) - held])

    take_in = feed

    def close(self) -> Iterable[Any]:
        """Yield the value that only the end of the stream ends; raise if it is incomplete."""
        yield from self._records.feed(self._held)
        yield from self._records.close()
