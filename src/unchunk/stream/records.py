"""One document a record, where a byte that JSON never holds separates the records: lines, and RFC 7464's sequences."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from .documents import decoded
from .ends import DocumentEnds, OpenDocument
from .errors import JSONStreamError
from .loading import Loads
from .settings import Position, Settings
from .values import BLANKS, DONE, CutShort, EndOfStream, Fault, scan_once, value_at

LINE_FEED = ord("\n")
RECORD_SEPARATOR = 0x1E
_BLANKS_OF_RECORD = b" \t\r\n"
_FRESH, _OPEN, _GIVEN, _SPOILT = range(4)


class Records(OpenDocument):
    """Documents that are each bounded by a separator, so that a fault spoils one record only.

    A value is given when it is complete, not when its record is: what follows it in the record has to be blank.
    """

    __slots__ = ("_expected", "_loads", "_mark", "_sequence", "_settings", "_state", "at", "separator")

    def __init__(self, settings: Settings, loads: Loads | None, offset: int = 0, separator: int = LINE_FEED) -> None:
        super().__init__(settings.max_size)
        self.at = Position(settings.max_size, offset)
        self._settings = settings
        self._loads = loads
        self.separator: int = separator
        self._mark = bytes((separator,))
        self._sequence = separator == RECORD_SEPARATOR
        # Before its first separator a sequence has no record.
        self._state = _GIVEN if self._sequence else _FRESH

    @property
    def pending(self) -> int:
        return len(self.buffer)

    def feed(self, data: bytes) -> Iterable[Any]:
        """The values that end in `data`. To be exhausted before the next call."""
        if self.separator in data:
            return self._records(data)
        return self._part(data) if data else ()

    take_in = feed

    def close(self) -> Iterable[Any]:
        """The value that only the end of the stream ends; an error if it is incomplete."""
        return self._end_of_record(final=True)

    def _records(self, data: bytes) -> Iterator[Any]:
        """Take data with separators in it."""
        if self._state == _OPEN:
            # The record is read as one from its start: nothing of it was given.
            data = bytes(self.take()) + data
            self._state = _FRESH
        mark = self._mark
        if self._state != _FRESH:
            end = data.index(mark)
            yield from self._part(data[:end])
            yield from self._end_of_record()
            self.at.offset += 1
            data = data[end + 1 :]
        whole = data.rfind(mark)
        if whole >= 0:
            yield from self._whole_records(data[:whole])
            self.at.offset += 1
            data = data[whole + 1 :]
        if data:
            yield from self._part(data)

    def _whole_records(self, block: bytes) -> Iterator[Any]:
        """Records in place: what is not simply one document is looked at more closely."""
        if self._loads is not None:
            yield from self._whole_records_loaded(block, self._loads)
            return
        try:
            text = block.decode("utf-8", "surrogatepass")
        except UnicodeDecodeError:
            yield from self._separate_records(block)
            return
        done = 0
        at = self.at
        for record in text.split(self._mark.decode()):
            try:
                value, end = scan_once(record, 0)
            except (ValueError, StopIteration, RecursionError):
                break
            if end < len(record):
                if record[end:].strip(BLANKS):
                    break
            elif self._sequence and type(value) in (int, float):
                break
            if len(block) > at.max_size:
                break
            at.index += 1
            yield value
            done += len(record) + 1
        yield from self._separate_rest(block, len(text[:done].encode("utf-8", "surrogatepass")))

    def _whole_records_loaded(self, block: bytes, loads: Loads) -> Iterator[Any]:
        done = 0
        for record in block.split(self._mark):
            if len(record) > self.at.max_size or self._sequence or DONE in record or not loads.is_strict:
                break
            try:
                value = loads(record)
            except (Fault, RecursionError):
                break
            self.at.index += 1
            yield value
            done += len(record) + 1
        yield from self._separate_rest(block, done)

    def _separate_rest(self, block: bytes, done: int) -> Iterator[Any]:
        if done > len(block):
            self.at.offset += len(block)
            return
        self.at.offset += done
        yield from self._separate_records(block[done:])

    def _separate_records(self, block: bytes) -> Iterator[Any]:
        """Records one by one; the last one's separator is counted by the caller."""
        first = True
        for record in block.split(self._mark):
            if not first:
                self.at.offset += 1
            first = False
            if record:
                yield from self._part(record, whole=True)
            yield from self._end_of_record()

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
        self.check_open()

    def check_open(self) -> None:
        """Give up an open record that is too large."""
        if len(self.buffer) > self.at.max_size:
            self._spoil(self.at.too_large(self.buffer.decode("utf-8", "replace")))

    def _refuse_more(self, data: bytes) -> None:
        """Only blanks may follow a record's value."""
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
        """Read the open record's document, if it is complete."""
        raw = bytes(self.buffer)
        try:
            value, end = self._document(raw, final)
        except CutShort:
            if final:
                self._spoil(self._cut_short(raw.decode("utf-8", "replace"), end_of_stream))
            return
        except RecursionError:
            self._spoil(self.at.too_deep(raw.decode("utf-8", "replace"), 0))
            return
        except Fault as fault:
            error = self.at.malformed(fault.message, raw.decode("utf-8", "replace"), fault.pos)
            error.__cause__ = fault.__cause__
            if fault.__cause__ is None and self._loads is not None:
                error.__cause__ = self._loads.refusal(raw[: fault.pos + 1])
            self._spoil(error)
            return
        if end > self.at.max_size:
            self._spoil(self.at.too_large(raw.decode("utf-8", "replace")))
            return
        self.take()
        self._state = _GIVEN
        self.at.offset += end
        self.at.index += 1
        yield value
        if end < len(raw):
            self._refuse_more(raw[end:])

    def _document(self, raw: bytes, final: bool) -> tuple[Any, int]:
        """The value of the document that `raw` begins with and the number of its bytes."""
        if raw.startswith(DONE):
            raise EndOfStream
        if not final and DONE.startswith(raw):
            raise CutShort
        # RFC 7464 §2.4: a number that touches the end of its record may have been cut off.
        final = final and not self._sequence
        if self._loads is not None:
            return self._loaded(self._loads, raw, final)
        text, _, bad = decoded(raw)
        try:
            value, end = value_at(text, 0, final=final and not bad, after_number=BLANKS)
        except CutShort:
            if bad:
                raise Fault("Invalid UTF-8", len(text)) from None
            raise
        return value, len(text[:end].encode("utf-8", "surrogatepass"))

    def _loaded(self, loads: Loads, raw: bytes, final: bool) -> tuple[Any, int]:
        try:
            end = self._end(raw, final)
        except (CutShort, Fault):
            if loads.is_strict or self._sequence:
                raise
            if not final:
                raise CutShort from None
            end = len(raw)  # the line is the document: let the parser see what it makes of it
        return loads(raw[:end]), end

    def _end(self, raw: bytes, final: bool) -> int:
        if raw[0] not in b'{["':
            return value_at(raw.decode("latin-1"), 0, final=final, after_number=BLANKS)[1]
        end = DocumentEnds(raw).find(0)[0]
        if end is None:
            raise CutShort
        return end

    def _cut_short(self, text: str, end_of_stream: bool) -> JSONStreamError:
        if end_of_stream:
            return self.at.truncated(text)
        return self.at.malformed("The record ends in the middle of a document", text, len(text))

    def _spoil(self, error: JSONStreamError, raw: bytes = b"") -> None:
        """Give the record up, up to its separator."""
        raw = raw or bytes(self.buffer)
        self.at.offset += len(self.take())
        self._state = _SPOILT
        self._settings.fault(error, raw)
