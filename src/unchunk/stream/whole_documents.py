"""Boundaries of JSON documents: behind each document, and behind what stands between them.

The bytes alone say which pieces there are. Where a chunk ends may cut a piece in two behind its document's last byte,
since a document is never held back for what may follow it, and blanks anywhere; nothing else.
"""

from __future__ import annotations

import re

from .ends import QUOTE, DocumentEnds, DocumentScanner, next_line
from .records import LINE_FEED, RECORD_SEPARATOR
from .values import AFTER_NUMBER, Incomplete, Malformed, value_at

_BLANK = b" \t\r\n"
_blanks = re.compile(rb"[ \t\r\n]*").match
# What may follow a document on its line: blanks, and characters that begin no document, letters and digits aside.
_TAIL = rb"(?:[\x00-\x09\x0b-\x1f !#-,./:;<=>?@\\\]^_`|}~\x7f]|-(?=[^0-9I]))"
_tail = re.compile(_TAIL + b"*").match
_begins_tail = re.compile(_TAIL).match
_begins_word = re.compile(rb"[0-9A-Za-z\x80-\xff]").match
# Where text ends: with its line, or before an object.
_OBJECT = rb'(?=\{[ \t]{0,8}["}])'
_text_end = re.compile(rb"\n|" + _OBJECT).search
_line_of_text_end = re.compile(rb"\n|(?<=[0-9A-Za-z\x80-\xff])" + _OBJECT).search
_may_be_object = re.compile(rb"\{[ \t]{0,8}\Z").search
# A word in brackets, `[info]`, is text; the end mark of event streams and what may be a list of constants are not.
_bracketed_word = re.compile(
    rb"\[[ \t]{0,8}(?!(?:DONE|true|false|null|None|True|False|NaN|Infinity)\b)[A-Za-z_]{1,32}(?=[^A-Za-z_])"
).match
_MAX_BRACKETED_WORD = 42
_MAX_BRACE = 10  # with the byte before it
# How many blanks there may be between a document and what is known to follow it.
_BLANKS_BEFORE_END = rb"[ \t\r\n]{0,64}"
# How many bytes an open document's byte allows to read again, to see whether it is broken.
_READ_AGAIN = 8


class WholeDocuments:
    """Cuts after each JSON document and its tail: what follows it up to and including its line end, as far as it is
    there.

    Blank lines are pieces, too. Text is cut at the end of its line, or before the next object on it unless the document
    before had a line of its own; there only an object that touches a word ends it. Documents are judged by brackets and
    strings alone, so that one that is broken inside is handed on for its parser to refuse; one that is broken and does
    not end ends before the next line that begins with a bracket, or with its line if it is a string.

    Args:
        end: what is known to follow each document, whose piece waits for it.
        all_blanks: all blanks that follow a document are part of its tail.
    """

    def __init__(self, end: bytes = b"", *, all_blanks: bool = False) -> None:
        self._all_blanks = all_blanks
        self._open = DocumentScanner()
        self._read_again = 0
        self._held = b""  # what was kept and has to be looked at again
        self._text = b""  # the end of a piece of text that is open
        self._own_lines = LINE_FEED in end  # the last document had a line end behind it
        self._behind = False  # a document has ended on this line
        self._waits = False  # for its end
        self._after_number = AFTER_NUMBER + end[:1].decode("latin-1")
        begun = b"|".join(re.escape(end[:size]) for size in range(len(end) - 1, 0, -1))
        self._end = re.compile(_BLANKS_BEFORE_END + b"?" + re.escape(end)).match if end else None
        self._end_begun = re.compile(_BLANKS_BEFORE_END + b"(?:" + begun + rb")?\Z").match

    def cuts(self, kept: bytearray, data: bytes) -> list[int]:
        if not self._open.buffer:
            whole = (self._text or self._held) + data
            self._held = b""
            found = self._from(whole)
        elif (
            self._open.ends_with(data)
            or self._is_text(len(data))
            or ((LINE_FEED in data or data[0] in b"{[") and self._is_broken(len(data)))
        ):
            whole = bytes(self._open.take())
            found = self._from(whole, len(whole))
        else:
            return []
        earlier = len(whole) - len(data)
        return [cut - earlier for cut in found]

    def last_cuts(self, kept: bytearray) -> list[int]:
        """Return the last cuts. Half a document that only the end of the stream reveals spoils its lines only, if
        documents have lines.
        """
        whole = bytes(self._open.take())
        found = self._from(whole) if whole else []
        if self._own_lines and self._open.buffer:
            found += [match.end() for match in next_line.finditer(whole, found[-1] if found else 0)]
        return [cut - len(whole) for cut in found]

    def _is_text(self, added: int) -> bool:
        """Decide whether what seemed to be an open document turns out to be text with the bytes that were added."""
        buffer = self._open.buffer
        return len(buffer) - added <= _MAX_BRACKETED_WORD and _bracketed_word(buffer) is not None

    def _is_broken(self, added: int) -> bool:
        """Decide whether the open document is not JSON, and a line that may be one begins in the bytes that were
        added.
        """
        buffer = self._open.buffer
        if buffer[0] == QUOTE:
            return buffer.find(LINE_FEED, max(0, len(buffer) - added)) >= 0  # none can stand in a string
        if next_line.search(buffer, max(0, len(buffer) - added - 1)) is None:
            return False
        if self._read_again >= _READ_AGAIN * len(buffer):
            return False
        self._read_again += len(buffer)
        try:
            value_at(buffer.decode("latin-1"), 0)
        except Malformed:
            return True
        except (Incomplete, RecursionError):
            return False
        return True

    def _from(self, data: bytes, window: int = 4096) -> list[int]:
        found: list[int] = []
        ends = DocumentEnds(data, by_lines=True, after_number=self._after_number, window=window)
        start = 0
        if self._text:
            start = self._in_text(data, 0, found)
        elif self._waits:
            start = self._behind_document(data, 0, ends, found)
        while start < len(data):
            start = self._next(data, start, ends, found)
        return found

    def _next(self, data: bytes, start: int, ends: DocumentEnds, found: list[int]) -> int:
        """Take the next piece from `start` on; return where it ends."""
        if data[start] in _BLANK:
            return self._in_blanks(data, start, found)
        if self._behind and _begins_tail(data, start):
            return self._cut_tail(data, start, ends, found)
        begin = start + (data[start] == RECORD_SEPARATOR)
        if begin == len(data):
            self._held = data[start:]
            return begin
        if _bracketed_word(data, begin):
            return self._in_text(data, start, found)
        end, is_whole = ends.find(begin)
        if end is None:
            self._open.begin(data[begin:])
            self._read_again = 0
            return len(data)
        if end == begin:
            return self._in_text(data, start, found)
        if not is_whole:
            self._end_line()
            found.append(end)
            return end
        if self._behind:
            self._own_lines = False
        self._behind = True
        return self._behind_document(data, end, ends, found)

    def _end_line(self) -> None:
        if self._behind:
            self._own_lines = True
            self._behind = False

    def _in_blanks(self, data: bytes, start: int, found: list[int]) -> int:
        end = _blanks(data, start).end()  # type: ignore[union-attr]
        stop = end
        if end == len(data) and data.endswith(b"\r"):
            stop -= 1  # its line feed may follow
            self._held = b"\r"
        line_end = data.find(b"\n", start, stop) + 1
        if line_end:
            self._end_line()
        while line_end and not self._all_blanks:
            found.append(line_end)
            start = line_end
            line_end = data.find(b"\n", start, stop) + 1
        if start < stop:
            found.append(stop)
        return end

    def _behind_document(self, data: bytes, start: int, ends: DocumentEnds, found: list[int]) -> int:
        """Cut a document off that ends at `start`, unless what is known to follow it is on its way."""
        self._waits = False
        if self._end is not None:
            if end := self._end(data, start):
                if LINE_FEED in end[0]:
                    self._end_line()
                return self._cut_tail(data, end.end(), ends, found)
            if self._end_begun(data, start):
                self._waits = True
                self._held = data[start:]
                return len(data)
        return self._cut_tail(data, start, ends, found)

    def _cut_tail(self, data: bytes, start: int, ends: DocumentEnds, found: list[int]) -> int:
        """Cut behind what follows a document from `start` on."""
        end = start
        if self._behind:
            end = _tail(data, start).end()  # type: ignore[union-attr]
            if data[end : end + 1] == b"\n":
                end += 1
                self._end_line()
            elif start < end and data[end - 1] not in _BLANK and _begins_word(data, end) and ends.find(end)[0] == end:
                return self._in_text(data, end, found, is_tail=True)
        if self._all_blanks:
            blank = _blanks(data, end).end()  # type: ignore[union-attr]
            if data.find(b"\n", end, blank) >= 0:
                self._end_line()
            end = blank
        found.append(end)
        return end

    def _in_text(self, data: bytes, start: int, found: list[int], *, is_tail: bool = False) -> int:
        """Go through text from `start` on, which may have begun earlier. As a tail it is not held back."""
        match = (_line_of_text_end if self._own_lines else _text_end)(data, start)
        if match is None:
            self._text = data[max(start, len(data) - _MAX_BRACE) :]
            if is_tail:
                brace = _may_be_object(data, max(start, len(data) - _MAX_BRACE))
                found.append(brace.start() if brace else len(data))
            return len(data)
        self._text = b""
        if match[0]:
            self._end_line()
        found.append(match.end())
        return match.end()
