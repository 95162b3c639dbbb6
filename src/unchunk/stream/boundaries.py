"""Boundaries that bytes alone show: line ends, blank lines, delimiters."""

from __future__ import annotations

import json
import re
from typing import Protocol

_field = re.compile(rb"(?:\xef\xbb\xbf)?(?:(?:data|event|id|retry)[:\r\n]|:)")
_eol = re.compile(rb"\r\n|\n|\r(?=[^\n])")


class Cutter(Protocol):
    """A search for cuts, as offsets from the start of `data`; negative ones are in what was kept before."""

    def cuts(self, kept: bytearray, data: bytes) -> list[int]: ...
    def last_cuts(self, kept: bytearray) -> list[int]:
        """Return the cuts in what is kept when the stream ends, as offsets from its end."""
        ...


class _AtBytes:
    """A cutter for which the end of the stream changes nothing."""

    def last_cuts(self, kept: bytearray) -> list[int]:
        return []


class Lines(_AtBytes):
    """Cuts after LF, CRLF, or a CR that no LF follows. A CR at the end of a chunk waits for the next byte."""

    def cuts(self, kept: bytearray, data: bytes) -> list[int]:
        found = [match.end() for match in _eol.finditer(data)]
        if kept.endswith(b"\r") and not data.startswith(b"\n"):
            found.insert(0, 0)
        return found


class BlankLines:
    """Cuts after the blank line that ends an event (WHATWG HTML §9.2.5); further blank lines are pieces of their own.

    Some servers end events with one line end. A `data:` line that holds a whole JSON object, array or string, and is
    the first of its event, is an event of its own if another `data:` line or a comment follows, and so are these up to
    a blank line, whatever they hold. A stream that begins with no line of an event stream, such as an error page, is
    cut at its lines.
    """

    def __init__(self) -> None:
        self._lines = Lines()
        self._begun = 0  # how many bytes of the line that is open came before
        self._only: bytes | None = None  # the only data line of the event, so far, or the comment that it begins with
        self._has_data = False
        self._by_line = False  # whether one line end has ended the event before
        self._is_none = False  # no event stream
        self._told = False  # whether it is one

    def cuts(self, kept: bytearray, data: bytes) -> list[int]:
        ends = self._lines.cuts(kept, data)
        if self._is_none:
            return ends
        found: list[int] = []
        begin = -self._begun
        for end in ends:
            line = bytes(kept[len(kept) + begin :]) + data[:end] if begin < 0 else data[begin:end]
            is_blank = not line.strip(b"\r\n")
            if not is_blank and not self._told:
                self._told = True
                self._is_none = _field.match(line) is None
            if self._is_none:
                found.append(end)
            elif not is_blank:
                if self._begins_event(line):
                    found.append(begin)
            else:
                self._has_data, self._by_line, self._only = False, False, None
                found.append(end)
            begin = end
        self._begun = len(data) - begin
        return found

    def last_cuts(self, kept: bytearray) -> list[int]:
        begun = self._begun
        return [-begun] if begun and self._begins_event(bytes(kept[-begun:])) else []

    def _begins_event(self, line: bytes) -> bool:
        """Decide whether a line belongs to a new event, though no blank line has ended the one before."""
        is_comment = line.startswith(b":")
        if not is_comment and not line.startswith(b"data:"):
            return False
        self._by_line = self._only is not None and (self._by_line or _is_whole(self._only))
        if self._by_line or not is_comment:
            self._only = None if self._has_data and not self._by_line else line
            self._has_data = True
        return self._by_line


def _is_whole(line: bytes) -> bool:
    """Decide whether a line is a comment, or a `data:` line with all of a JSON object, array or string, or the end
    mark.
    """
    payload = line[5:].strip()
    if line.startswith(b":") or payload == b"[DONE]":
        return True
    if not payload.startswith((b"{", b"[", b'"')) or not payload.endswith((b"}", b"]", b'"')):
        return False
    try:
        json.loads(payload)
    except (ValueError, RecursionError):
        return False
    return True


class Delimiters(_AtBytes):
    """Cuts after each delimiter, which may itself be cut. Delimiters do not overlap: the first one found counts."""

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
