"""The `source` of a cell as written in the file: a string, or a list of strings, in any style of JSON.

New text is written in the style of the old, and what stays the same keeps its very characters.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cached_property

# A part of a string's inside that ends after an escaped line feed, or where the string ends.
_LINE_INSIDE = re.compile(r"(?:[^\\]|\\.)*?\\n|(?:[^\\]|\\.)+\Z")
_CHARACTER = re.compile(r"\\u[dD][89abAB]..\\u[dD][c-fC-F]..|\\u....|\\.|.", re.DOTALL)
_ESCAPED_BEYOND_ASCII = re.compile(r"\\u(?!00[0-7])", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of the text.

    Attributes:
        gap: what stands before it: for the elements of a list the comma and white space, else nothing.
        inside: as written, without quotes.
        text: what it means.
    """

    gap: str
    inside: str
    text: str


@dataclass(frozen=True)
class Literal:
    """A cell's source as written.

    Attributes:
        written: the JSON value, a string or a list of strings.
        opening, closing: what stands before the first and after the last piece, but for the quotes of list elements.
    """

    written: str
    opening: str
    pieces: tuple[Piece, ...]
    closing: str

    @classmethod
    def read(cls, written: str) -> Literal:
        """Parse a JSON value that is known to be well-formed.

        Raises:
            ValueError: it is no string and no list of strings.
        """
        if written.startswith('"'):
            return cls(written, '"', tuple(_pieces_of_string(written[1:-1])), '"')
        value = json.loads(written)
        if not isinstance(value, list) or not all(isinstance(element, str) for element in value):
            raise ValueError("the source is neither a string nor a list of strings")
        pieces = list(_elements(written))
        if not pieces:
            return cls(written, "[", (), written[1:])
        opening, end = pieces[0].gap, written.rindex('"') + 1
        pieces[0] = Piece("", pieces[0].inside, pieces[0].text)
        return cls(written, opening, tuple(pieces), written[end:])

    @cached_property
    def text(self) -> str:
        """Return the decoded source."""
        return "".join(piece.text for piece in self.pieces)

    @property
    def is_list(self) -> bool:
        return not self.opening.startswith('"')

    def changed(self, text: str) -> str:
        """Return the same value with another text; unchanged parts keep their spelling."""
        old = [piece.text for piece in self.pieces]
        new = _lines(text) if old == _lines(self.text) else text.splitlines(keepends=True)
        kept: list[Piece] = []
        for operation, i, k, j, m in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
            kept += self.pieces[i:k] if operation == "equal" else map(self._new_piece, new[j:m])
        if not self.is_list:
            return "".join([self.opening, *(piece.inside for piece in kept), self.closing])
        if not kept:
            return "[]"
        written = [f'{piece.gap or self._gap}"{piece.inside}"' for piece in kept]
        written[0] = f'"{kept[0].inside}"'
        return "".join([self.opening, *written, self.closing])

    def offset(self, position: int) -> int:
        """Return the offset in `written` of the character at this position of the text; its end has one, too."""
        place = len(self.opening)
        for number, piece in enumerate(self.pieces):
            place += len(piece.gap) + self.is_list
            if position < len(piece.text) or (position == len(piece.text) and number == len(self.pieces) - 1):
                return place + _offset_inside(piece.inside, position)
            position -= len(piece.text)
            place += len(piece.inside) + self.is_list
        return place

    def _new_piece(self, text: str) -> Piece:
        return Piece("", json.dumps(text, ensure_ascii=self._escapes)[1:-1], text)

    @cached_property
    def _gap(self) -> str:
        """Return the separator of two elements, as far as it is known."""
        gaps = [piece.gap for piece in self.pieces[1:]]
        return gaps[0] if gaps else "," + (self.opening[1:] or " ")

    @cached_property
    def _escapes(self) -> bool:
        """Decide whether characters beyond ASCII are written as escapes."""
        return self.written.isascii() and _ESCAPED_BEYOND_ASCII.search(self.written) is not None


def _pieces_of_string(inside: str) -> Iterator[Piece]:
    for match in _LINE_INSIDE.finditer(inside):
        yield Piece("", match[0], json.loads(f'"{match[0]}"'))


def _elements(written: str) -> Iterator[Piece]:
    """Yield the strings of a list; the gap of the first is all text before it."""
    decode = json.JSONDecoder().raw_decode
    end = 0
    while (start := written.find('"', end)) >= 0:
        gap = written[end:start]
        text, end = decode(written, start)
        yield Piece(gap, written[start + 1 : end - 1], text)


def _offset_inside(inside: str, position: int) -> int:
    offset = 0
    for number, match in enumerate(_CHARACTER.finditer(inside)):
        if number == position:
            return match.start()
        offset = match.end()
    return offset


def _lines(text: str) -> list[str]:
    return re.findall(r"[^\n]*\n|[^\n]+", text)
