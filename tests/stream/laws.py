"""Laws of `rechunk(at="document")` at every cut, for tests and the fuzzer."""

from __future__ import annotations

import re
from collections.abc import Sequence

_BLANK = b" \t\r\n"
_OPEN = {ord("{"): ord("}"), ord("["): ord("]")}
_string = re.compile(rb'"(?:[^"\\]|\\.)*"', re.DOTALL).match


def document_size(piece: bytes) -> int:
    """Count the bytes of a piece's document, by brackets and strings; all of them if none ends in it."""
    start = 1 if piece.startswith(b"\x1e") else 0
    if piece[start : start + 1] not in (b"{", b"[", b'"'):
        scalar = re.compile(rb"-?[0-9][-+.0-9eE]*|true|false|null|NaN|-?Infinity").match(piece, start)
        return scalar.end() if scalar else len(piece)
    opener, depth, at = piece[start], 0, start
    while at < len(piece):
        string = _string(piece, at) if piece[at : at + 1] == b'"' else None
        if string:
            at = string.end()
        else:
            depth += (piece[at] == opener) - (piece[at] == _OPEN.get(opener))
            at += 1
        if depth == 0:
            return at
    return len(piece)


def check_pieces(stream: bytes, whole: Sequence[bytes], pieces: Sequence[bytes]) -> None:
    """Assert that `pieces` are those of the whole stream, apart from cuts in tails and blanks."""
    assert b"".join(whole) == b"".join(pieces) == stream
    left = list(reversed(pieces))
    for piece in whole:
        first = left.pop()
        rest = piece[len(first) :]
        assert piece.startswith(first), (piece, first)
        if rest:
            assert not piece.strip(_BLANK) or len(first) >= document_size(piece), (piece, first)
        while rest:
            part = left.pop()
            assert rest.startswith(part), (piece, part)
            rest = rest[len(part) :]
    assert not left
