"""The end of a document that arrives in pieces, found by reading each byte once.

A document is prefix-free but for numbers: an object ends with the `}` that matches its first byte, whatever follows. To
find that byte it is enough to know which braces stand outside of strings, so the pieces are reduced to a skeleton of
quotes and of the one kind of bracket the document began with (`bytes.translate` does that at C speed). The skeleton
judges nothing: what it takes for the end of a document is the end or lies behind a fault that the parser will name.
"""

from __future__ import annotations

import re
from itertools import accumulate

from .values import AFTER_NUMBER, Incomplete, Malformed, value_at

# Single bytes are looked for as numbers: `125 in data` is ten times as fast as `b"}" in data`.
QUOTE = ord('"')
_BACKSLASH = ord("\\")
_CLOSERS = {ord("{"): ord("}"), ord("["): ord("]"), QUOTE: QUOTE}
_OPENERS = {ord("}"): ord("{"), ord("]"): ord("[")}
_NOT_SKELETON = {
    closer: bytes(byte for byte in range(256) if byte not in (opener, closer, QUOTE))
    for closer, opener in _OPENERS.items()
}
_BYTES = {byte: bytes((byte,)) for pair in _OPENERS.items() for byte in pair}
_NUMBER_BYTES = b"0123456789+-.eE"
# For a piece no longer than this a skeleton costs more than it saves.
_SMALL_PIECE = 256
_STEP = 65536
_CANCELLATIONS = 3
_REDUCTIONS = 32
# How far to look back for the opening bracket, and how many bytes of that a byte of the document allows.
_WINDOWS = (512, 4096, 32768)
_LOOK_BACK = 8

# Inside a document a closing bracket is followed by another one or by a comma: what differs may be its end.
LAST_BRACKET = {
    ord("}"): re.compile(rb"\}[ \t\r\n]*(?:[^,}\] \t\r\n]|\Z)").search,
    ord("]"): re.compile(rb"\][ \t\r\n]*(?:[^,}\] \t\r\n]|\Z)").search,
    QUOTE: re.compile(rb'"').search,
}
# Where strings hold many brackets it pays to look twice: before its end stands that of a value (or what people take for
# one), and behind it another document.
_BEFORE = rb"(?<![^\w\]}\"',:\s]%s)(?<![^\w\]}\"',:\s][ ]%s)"
_BEHIND = rb"[ \t\r\n]*(?:[{\[\"0-9tfnNI-]|\Z)"
LAST_BRACE_BY_BOTH_SIDES = rb"\}" + _BEFORE.replace(b"%s", rb"\}") + _BEHIND
LAST_BRACKET_BY_BOTH_SIDES = {
    ord("}"): re.compile(LAST_BRACE_BY_BOTH_SIDES).search,
    ord("]"): re.compile(rb"\]" + _BEFORE.replace(b"%s", rb"\]") + _BEHIND).search,
    QUOTE: re.compile(rb'"').search,
}
# A line feed cannot stand in a string, so this bracket does not either.
closes_line = re.compile(rb"[}\]][ \t\r]*\n").search
# For an element of an array a comma may follow.
ANY_BRACKET = {closer: re.compile(re.escape(bytes((closer,)))).search for closer in LAST_BRACKET}
_nothing_to_look_for = LAST_BRACKET[QUOTE]
_matters_to_quotes = re.compile(rb'\\["\\]').search


def lowest_depth(brackets: bytes, opener: int, closer: int) -> int:
    """Return how far below its start the nesting falls: 0 if no bracket is closed that was open before."""
    pair = bytes((opener, closer))
    for _ in range(_CANCELLATIONS):
        if pair not in brackets:
            break
        brackets = brackets.replace(pair, b"")
    if opener not in brackets:
        return -len(brackets)
    # '{' and '}' (and '[' and ']') are two apart, so the byte between them tells +1 from -1.
    between = opener + 1
    return min(0, min(accumulate(map(between.__sub__, brackets)), default=0))


def opened_inside(tail: bytes, opener: int, closer: int) -> bool:
    """Decide whether the bracket that `tail` ends with, assumed to be outside of strings, is opened in `tail`."""
    if _BACKSLASH in tail and _matters_to_quotes(tail):
        tail = tail.replace(b"\\\\", b"").replace(b'\\"', b"")
    parts = tail.translate(None, _NOT_SKELETON[closer]).split(b'"')
    # Strings and gaps alternate, and the last part is no string.
    brackets = b"".join(parts[(len(parts) - 1) % 2 :: 2])[:-1]
    pair = bytes((opener, closer))
    for _ in range(_REDUCTIONS):
        if pair not in brackets:
            break
        brackets = brackets.replace(pair, b"")
    return brackets.endswith(bytes((opener,)))


class DocumentScanner:
    """One document that has begun: collects its bytes and says when it may have ended.

    Attributes:
        buffer: its bytes so far; empty if no document is open.
        closer: the byte it cannot end without; None if there is none to look for.
        limit: the number of bytes at which somebody has to be asked, see `Reader`.
        look: finds what may be its last byte, if there is a closer.
    """

    __slots__ = (
        "_depth",
        "_in_string",
        "_looked_back",
        "_misled",
        "_scanned",
        "_tried",
        "buffer",
        "closer",
        "limit",
        "look",
    )

    # What besides the closer has to be looked at when it comes.
    separator: int | None = None
    second_separator: int | None = None
    # Whether the document may end in a piece that holds its closer.
    _may_end = LAST_BRACKET

    def __init__(self, limit: int = 0) -> None:
        self.buffer = bytearray()
        self.closer: int | None = None
        self.limit = limit
        self.look = _nothing_to_look_for
        self._scanned = 0  # how far the skeleton was made; 0 if it was not begun
        self._depth = 0
        self._in_string = False
        self._looked_back = 0
        self._tried = 0  # the length at which it was last taken for ended
        self._misled = False  # what looked like an end was none: this stream's strings hold brackets

    def begin(self, head: bytes | bytearray) -> None:
        """Start with `head`, whose first byte is the document's first and which is known not to end it.

        A bytearray is not copied.
        """
        self.buffer = head if isinstance(head, bytearray) else bytearray(head)
        closer = self.closer = _CLOSERS.get(head[0])
        if closer is not None:
            self.look = self._may_end[closer]
        self._scanned = self._looked_back = 0

    def ends_in(self, text: bytes) -> bool:
        """Decide whether the document that begins with the first byte ends in the text, or is broken there.

        To be asked while none is open.
        """
        self.begin(text)
        ended = self.closer is None or self._scan(self.closer)
        self.take()
        return ended

    def take(self) -> bytearray:
        """Return the collected bytes; nothing is open any more."""
        buffer, self.buffer = self.buffer, bytearray()
        self.closer = None
        return buffer

    def ends_with(self, data: bytes, expected: int = 0) -> bool:
        """Add `data`; return True if the document may have ended in it (or is broken), False if it surely has not.

        Whoever gets True parses, and if the document turns out to be open still, begins it again. `expected` is the
        length of the last document, 0 if there was none.

        Just to parse costs least where that mostly succeeds: where the chunk is large for the document, or where a
        bracket stands that looks like the last one. Attempts in vain cost no more than the chunk or half the document.
        """
        self.buffer += data
        if self.closer is None:
            # A literal is over with its last letter and never long; a number needs the byte after it.
            return self.buffer[0] not in _NUMBER_BYTES or bool(data.translate(None, _NUMBER_BYTES))
        return self.look(data) is not None and self.has_ended(data, expected)

    def has_ended(self, data: bytes, expected: int) -> bool:
        """Decide the same if `data` was added already and something in it looks like the last bracket."""
        total, closer = len(self.buffer), self.closer
        if closer is None or (expected and total >= expected and 2 * len(data) >= total):
            return True
        if closer == QUOTE or self._misled:
            return self._scan(closer)
        if total <= 2 * expected:
            return self._try(total) or self._scan(closer)
        found = self.look(data)
        if found is None or found.end() < len(data):
            return self._scan(closer)
        # The first one that looks like it is the only one: it ends the buffer.
        if self._closes_inner(closer):
            return False
        return self._try(total) or self._scan(closer)

    def _try(self, total: int) -> bool:
        """Decide whether it is not too early for another attempt."""
        if total < 2 * self._tried:
            return False
        self._misled = self._tried > 0
        self._tried = total
        return True

    def _closes_inner(self, closer: int) -> bool:
        """Decide whether the bracket that the buffer ends with surely closes another than the document's first.

        If it did end the document it would stand outside of strings; and if so, and it is opened nearby, it does not.
        """
        buffer = self.buffer
        allowed = _LOOK_BACK * len(buffer) - self._looked_back
        for window in _WINDOWS:
            if window > allowed or window >= len(buffer):
                break
            self._looked_back += window
            if opened_inside(bytes(buffer[-window:]), _OPENERS[closer], closer):
                return True
        return False

    def _scan(self, closer: int) -> bool:
        """Scan the bytes not scanned yet, each once; return whether the document ends in them."""
        if not self._scanned:
            self._scanned = 1
            self._depth = 1
            self._in_string = False
        if len(self.buffer) - self._scanned <= _SMALL_PIECE:
            return self._scan_few(closer)
        # Large parts are read in steps, so that no copy of a large document is made.
        while self._scanned < len(self.buffer) - _STEP:
            if self._scan_to(self._scanned + _STEP, closer):
                return True
        return self._scan_to(len(self.buffer), closer)

    def _scan_few(self, closer: int) -> bool:
        """Scan a few bytes, which costs less by taking the strings out than by making a skeleton."""
        piece = bytes(self.buffer[self._scanned :])
        self._scanned = len(self.buffer)
        if _BACKSLASH in piece:
            piece = piece.replace(b"\\\\", b"").replace(b'\\"', b"")
            if piece[-1:] == b"\\":
                self._scanned -= 1  # it escapes the byte that is still to come
        if closer == QUOTE:
            return QUOTE in piece
        parts = piece.split(b'"')
        outside = b"".join(parts[self._in_string :: 2])
        if not len(parts) & 1:
            self._in_string = not self._in_string
        opener = _BYTES[_OPENERS[closer]]
        if closer not in outside:
            self._depth += outside.count(opener)
            return False
        *closed, rest = outside.split(_BYTES[closer])
        depth = self._depth
        for part in closed:
            depth += part.count(opener) - 1
            if depth <= 0:
                return True
        self._depth = depth + rest.count(opener)
        return False

    def _scan_to(self, end: int, closer: int) -> bool:
        piece = bytes(self.buffer[self._scanned : end])
        self._scanned = end
        if _BACKSLASH in piece:
            if _matters_to_quotes(piece):
                piece = piece.replace(b"\\\\", b"").replace(b'\\"', b"")
            if piece.endswith(b"\\"):
                self._scanned -= 1  # it escapes the byte that is still to come
        if closer == QUOTE:
            return QUOTE in piece
        # Two quotes side by side are a string without brackets in it, or the gap between two strings: either way what
        # is around them stays inside or outside as it was.
        parts = piece.translate(None, _NOT_SKELETON[closer]).replace(b'""', b"").split(b'"')
        outside = b"".join(parts[self._in_string :: 2])
        if not len(parts) & 1:
            self._in_string = not self._in_string
        if closer not in outside:
            self._depth += len(outside)
            return False
        return self._closes(outside, closer)

    def _closes(self, brackets: bytes, closer: int) -> bool:
        """Decide whether the document's first bracket is closed among these, which are outside of strings."""
        opener = _OPENERS[closer]
        closers = brackets.count(closer)
        if closers >= self._depth and self._depth + lowest_depth(brackets, opener, closer) <= 0:
            return True
        self._depth += len(brackets) - 2 * closers
        return False


_token = {
    opener: re.compile(rb'"(?:[^"\\]|\\.)*(?:"|\\?\Z)|[' + brackets + rb"]", re.DOTALL).finditer
    for opener, brackets in ((ord("{"), rb"{}"), (ord("["), rb"\[\]"))
}
_string = re.compile(rb'"(?:[^"\\]|\\.)*"', re.DOTALL).match
# The end of a line before one that begins as most documents do.
next_line = re.compile(rb"\n(?=[{\[])")
_WINDOW = 4096
_LARGER = 4


class DocumentEnds:
    """The ends of the documents in some bytes, asked for one after another.

    The parser reads a window only, as its errors count the lines before them. A document need not be right inside:
    brackets and strings tell where it ends.

    Args:
        by_lines: a document that is broken and does not end before a line that begins with a bracket ends there; one
            that is a string ends with its line.
        after_number: what may follow a number.
        window: about how many bytes the first document has.
    """

    __slots__ = ("_after_number", "_base", "_by_lines", "_data", "_line", "_text")

    def __init__(
        self, data: bytes, *, by_lines: bool = False, after_number: str = AFTER_NUMBER, window: int = _WINDOW
    ) -> None:
        self._data = data
        self._after_number = after_number
        self._by_lines = by_lines
        self._base = 0
        self._text = data[:window].decode("latin-1")  # one character a byte: only the places count
        self._line = 0  # the last line that was looked for begins here

    def find(self, begin: int) -> tuple[int | None, bool]:
        """Return the end of the document at `begin`: `begin` itself if there is none, None if it is not there yet.

        False with it if what ends there is only the beginning of one.
        """
        try:
            return self.parsed(begin), True
        except Incomplete:
            return None, True
        except RecursionError:
            return self._closed(begin, len(self._data)), True
        except Malformed as fault:
            # The digits of a number may be too many for Python; such a fault has no place.
            if not self._by_lines or fault.pos <= begin:
                return self._closed(begin, len(self._data)), True
        line = self._next_line(begin)
        end = self._closed(begin, line or len(self._data))
        return (line, False) if end is None and line else (end, True)

    def parsed(self, begin: int, *, final: bool = False) -> int:
        """Return the end of the document at `begin`, by the parser.

        Raises:
            CutShort, Fault, RecursionError.
        """
        if begin - self._base >= _WINDOW:
            self._move(begin, _WINDOW)
        while True:
            end = self._base + len(self._text)
            try:
                is_final = final and end == len(self._data)
                start, after = begin - self._base, self._after_number
                return self._base + value_at(self._text, start, final=is_final, after_number=after)[1]
            except Incomplete:
                if end == len(self._data):
                    raise
            except Malformed as fault:
                fault.pos += self._base
                raise
            self._move(begin, max(_WINDOW, _LARGER * (end - begin)))

    def _move(self, begin: int, size: int) -> None:
        self._base = begin
        self._text = self._data[begin : begin + size].decode("latin-1")

    def _next_line(self, begin: int) -> int | None:
        if self._data[begin] == QUOTE:  # a line feed cannot stand in a string
            return self._data.find(b"\n", begin) + 1 or None
        if self._line <= begin:
            found = next_line.search(self._data, begin)
            self._line = found.end() if found else len(self._data) + 1
        return self._line if self._line <= len(self._data) else None

    def _closed(self, begin: int, limit: int) -> int | None:
        """Return the same by brackets and strings, up to the limit alone."""
        data = self._data
        first = data[begin]
        if first == QUOTE:
            match = _string(data, begin, limit)
            return match.end() if match else None
        if first not in _token:
            return begin
        depth = 0
        for token in _token[first](data, begin, limit):
            byte = data[token.start()]
            if byte != QUOTE:
                depth += 1 if byte == first else -1
                if depth == 0:
                    return token.end()
        return None
