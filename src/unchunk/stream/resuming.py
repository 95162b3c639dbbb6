"""Concatenated documents with recovery: a broken one is skipped up to the line that may begin the next."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from .documents import Documents
from .ends import DocumentEnds, next_line
from .errors import MalformedJSONError, TruncatedError
from .loaded_documents import LoadedDocuments
from .loading import LoadsAdapter
from .settings import Settings


def resuming(settings: Settings, loads: LoadsAdapter | None, offset: int) -> Documents:
    """Return a reader of documents that reports faults and goes on."""
    reader = ResumingDocuments(settings, offset) if loads is None else ResumingLoadedDocuments(settings, loads, offset)
    reader.settings = settings
    return reader


class ResumingDocuments(Documents):
    """A reader that continues behind a fault: at the first line of the broken document that begins with a bracket, else
    behind the line of the fault.
    """

    settings: Settings
    _spoilt = False  # up to the end of the line

    def take_back(self, most: int) -> bytes | None:
        """Return the beginning of a line to be read anew, if it is not skipped."""
        return None if self._spoilt else super().take_back(most)

    def _run(self, data: bytes | bytearray, final: bool = False) -> Iterator[Any]:
        while data:
            if self._spoilt:
                end = data.find(b"\n") + 1
                self._spoilt = not end
                self.at.offset += end or len(data)
                if not end:
                    return
                data = data[end:]
            base = self.at.offset
            try:
                yield from self._documents(data, final)
            except (MalformedJSONError, TruncatedError) as error:
                data = self._behind(error, bytes(data), base)
            else:
                return

    def _behind(self, error: MalformedJSONError | TruncatedError, data: bytes, base: int) -> bytes:
        """Report a fault in `data`; return what follows the place to go on at."""
        resume = _resume_at(data, base, error)
        self.at.offset = base + resume
        self.settings.fault(error, data[:resume])
        self._spoilt = data[resume - 1 : resume] != b"\n"
        return data[resume:]

    def check_open(self) -> Iterable[Any]:
        """Return the values of an open document that is too large, if it has ended after all, or what follows its
        fault.
        """
        if len(self.buffer) <= self.at.max_size:
            return super().check_open()
        data, base = bytes(self.buffer), self.at.offset
        try:
            return super().check_open()
        except MalformedJSONError as error:
            return self._run(self._behind(error, data, base))

    def _documents(self, data: bytes | bytearray, final: bool) -> Iterator[Any]:
        return super()._run(data, final)


class ResumingLoadedDocuments(ResumingDocuments, LoadedDocuments):
    """The same reader for a parser that does not report where a document ends."""


def _resume_at(data: bytes, base: int, error: MalformedJSONError | TruncatedError) -> int:
    """Return the place to continue in `data`, which begins at the offset `base`: behind a line end, or everything is
    spoilt.
    """
    fault = error.offset - base
    before = len(error.doc[: error.pos].encode("utf-8", "surrogatepass"))
    start = max(0, fault - before)
    if error.__cause__ is not None and (whole := DocumentEnds(data).find(start)[0]):
        return data.find(b"\n", max(whole, fault)) + 1 or len(data)  # a parser has refused it
    line = next_line.search(data, start, fault)
    return line.end() if line else data.find(b"\n", fault) + 1 or len(data)
