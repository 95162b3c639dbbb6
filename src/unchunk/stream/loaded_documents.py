"""Concatenated documents, for a parser that does not report where a document ends."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

from .documents import Documents
from .ends import LAST_BRACKET, DocumentEnds
from .errors import JSONStreamError
from .loading import LoadsAdapter
from .settings import Settings
from .values import EndOfStream, Incomplete, Malformed, is_cut_mark
from .whole_lines import Parse

_BLANK = b" \t\r\n"
_skip_blanks = re.compile(rb"[ \t\n\r]*").match
_CLOSER_OF = {ord("{"): ord("}"), ord("["): ord("]")}
_REFUSED = object()
_LARGE = 65536
_BLANKS_BEHIND = 64


class LoadedDocuments(Documents):
    """A reader like `Documents`, with `loads`.

    A parser that is known to refuse everything but whole documents is asked where one seems to end; the others only
    get what a scanner has found the end of.
    """

    __slots__ = ("_byte_marks", "_loads")

    def __init__(self, settings: Settings, loads: LoadsAdapter, offset: int = 0) -> None:
        super().__init__(settings, offset)
        self._byte_marks = settings.marks
        self._loads = loads

    def take_back(self, most: int) -> bytes | None:
        """Return the beginning of a line to be read anew; None if a document goes on in it, or it is long."""
        return super().take_back(most) if self._loads.is_direct else None

    @property
    def line_parser(self) -> Parse | None:
        """Return the parser of a line that is one document, if there is one; it raises anything for others."""
        return self._loads.function() if self._loads.is_strict else None

    def take_in(self, data: bytes) -> Iterable[Any]:
        """Take `data` as `feed` does, if the open document may end in it by the look of it."""
        if not self.buffer:
            return self._run(data)
        if self.ends_with(data, self._expected):
            return self._run(self.take())
        return self.check_open()

    def _run(self, data: bytes | bytearray, final: bool = False) -> Iterator[Any]:
        start, at = 0, self.at
        if len(data) > _LARGE and (value := self._alone(data)) is not _REFUSED:
            self._expect(len(data))
            at.offset += len(data)
            at.index += 1
            del data
            yield value
            return
        data = bytes(data)
        parse = self.line_parser if len(data) <= at.max_size else None
        # Lines that are documents, as they mostly are, need no search for their ends.
        while parse is not None and (end := data.find(b"\n", start)) >= 0:
            try:
                # A large document is not copied.
                value = parse(data if start == 0 and end == len(data) - 1 else data[start:end])
            except Exception:  # noqa: BLE001 (loads is anybody's)
                if data[start:end].strip(_BLANK):
                    break
                start = end + 1
                continue
            self._expect(end - start)
            at.index += 1
            start = end + 1
            yield value
        yield from self._separate(data, start, final)

    def _alone(self, data: bytes | bytearray) -> Any:
        """Return the value of a large document with nothing behind it, which is neither copied nor searched; `_REFUSED`
        if it is none, or the parser takes no `bytearray`.
        """
        closer, parse = _CLOSER_OF.get(data[0]), self.line_parser
        if parse is None or data[-_BLANKS_BEHIND:].rstrip(_BLANK)[-1:] != bytes((closer or 0,)):
            return _REFUSED
        try:
            return parse(data) if len(data) <= self.at.max_size else _REFUSED  # type: ignore[arg-type]
        except Exception:  # noqa: BLE001 (loads is anybody's)
            return _REFUSED

    def _separate(self, data: bytes, start: int, final: bool) -> Iterator[Any]:
        """Yield the documents in data from `start` on, however they follow each other."""
        ends = DocumentEnds(data)
        start = _skip_blanks(data, start).end()  # type: ignore[union-attr]
        while start < len(data):
            if data.startswith(self._byte_marks, start):
                raise EndOfStream
            if not final and is_cut_mark(data, start, self._byte_marks):
                break
            value, end = self._guessed(data, start)
            if value is _REFUSED:
                found = self._end(ends, data, start, final)
                if found is None:
                    break
                value, end = self._loaded(data[start:found], start), found
            self._expect(end - start)
            start = _skip_blanks(data, end).end()  # type: ignore[union-attr]
            self.at.index += 1
            yield value
        self.at.offset += start
        if start < len(data):
            if final:
                raise self.at.truncated(data[start:].decode("utf-8", "replace"))
            self.begin(data[start:])
            del data
            yield from self.check_open()

    def _guessed(self, data: bytes, start: int) -> tuple[Any, int]:
        """Return the value of an object or array that ends where it looks so, and its end; `_REFUSED` if it does not.

        What a strict parser takes ends there: no beginning of an object is one.
        """
        closer = _CLOSER_OF.get(data[start])
        if closer is None or not self._loads.is_strict:
            return _REFUSED, start
        found = LAST_BRACKET[closer](data, start)
        end = data.index(closer, found.start()) + 1 if found else start
        if not found or end - start > self.at.max_size:
            return _REFUSED, start
        try:
            whole = start == 0 and end == len(data)
            return self._loads.function()(data if whole else data[start:end]), end
        except Exception:  # noqa: BLE001 (loads is anybody's)
            return _REFUSED, start

    def _end(self, ends: DocumentEnds, data: bytes, begin: int, final: bool) -> int | None:
        """Return the end of the document at `begin`, None if it does not end; raise if there is none."""
        if data[begin] in b'{["':
            if not final and len(data) - begin < self._expected:
                text = data[begin:].decode("latin-1")
                if text[0] != '"' and self._surely_open(text, 0, text[0]):
                    return None
            return ends.find(begin)[0]
        try:
            return ends.parsed(begin, final=final)
        except Incomplete:
            return None
        except Malformed as fault:
            own = self._loads.refusal(data[begin : fault.pos + 1])
            raise self._fault(fault.message, data[begin:], fault.pos - begin, begin) from own

    def _loaded(self, document: bytes, begin: int) -> Any:
        if len(document) > self.at.max_size:
            self.at.offset += begin
            raise self._given_up(document)
        try:
            return self._loads(document)
        except RecursionError:
            self.at.offset += begin
            raise self.at.too_deep(document.decode("utf-8", "replace"), 0) from None
        except Malformed as fault:
            raise self._fault(fault.message, document, fault.pos, begin) from fault.__cause__

    def _fault(self, message: str, document: bytes, pos: int, begin: int) -> JSONStreamError:
        self.at.offset += begin
        text = document.decode("utf-8", "replace")
        return self.at.given_up(text) if len(document) > self.at.max_size else self.at.malformed(message, text, pos)

    def _given_up(self, document: bytes | bytearray) -> JSONStreamError:
        text = document.decode("utf-8", "replace")
        # That a document is broken is for a parser to say that takes more than JSON.
        return self.at.given_up(text) if self._loads.is_strict else self.at.too_large(text)
