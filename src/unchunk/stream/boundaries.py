"""Places to cut a stream at that bytes alone tell: line ends, blank lines, delimiters."""

from __future__ import annotations

import re
from typing import Protocol

_eol = re.compile(rb"\r\n|\n|\r(?=[^\n])")


class Cutter(Protocol):
    """Finds the places to cut at, as offsets from the start of `data`; negative ones are in what was kept before."""

    def cuts(self, kept: bytearray, data: bytes) -> list[int]: ...
    def last_cuts(self) -> list[int]:
        """The places in what is kept when the stream ends, as offsets from its end."""
        ...


class _AtBytes:
    """A cutter for which the end of the stream changes nothing."""

    def last_cuts(self) -> list[int]:
        return []


class Lines(_AtBytes):
    """After LF, CRLF, or a CR that no LF follows. A CR at the end of a chunk waits for the next byte."""

    def cuts(self, kept: bytearray, data: bytes) -> list[int]:
        found = [match.end() for match in _eol.finditer(data)]
        if kept.endswith(b"\r") and not data.startswith(b"\n"):
            found.insert(0, 0)
        return found


class BlankLines(_AtBytes):
    """After the blank line that ends an event (WHATWG HTML §9.2.5) and the blank lines behind it in the chunk."""

    def __init__(self) -> None:
        self._lines = Lines()
        self._line_is_empty = True

    def cuts(self, kept: bytearray, data: bytes) -> list[int]:
        found: list[int] = []
        begin = 0
        for end in self._lines.cuts(kept, data):
            blank = self._line_is_empty and not data[begin:end].strip(b"\r\n")
            if blank and found and found[-1] == begin:
                found[-1] = end
            elif blank:
                found.append(end)
            self._line_is_empty = True
            begin = end
        if data[begin:].strip(b"\r"):
            self._line_is_empty = False
        return found


class Delimiters(_AtBytes):
    """After each delimiter, which may itself be cut. Delimiters do not overlap: the first one found counts."""

    def __init__(self, delimiter: bytes) -> None:
        self._delimiter = delimiter

    def cuts(self, kept: bytearray, data: bytes) -> list[int]:
        delimiter = self._delimiter
        overlap = bytes(kept[-len(delimiter) + 1 :]) if len(delimiter) > 1 else b""
        text = overlap + data
        found = []
        at = text.find(delimiter)
        while at >= 0:
            at += len(delimiter)
            found.append(at - len(overlap))
            at = text.find(delimiter, at)
        return found
