"""Positions: from those of `ast` in the text to those of the concrete tree."""

from __future__ import annotations

import re

from unchunk.codemod.edits import Position

_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n|\Z)")


class RewriteError(Exception):
    """A fix does not fit the concrete tree; nothing was changed."""


def split_lines(text: str) -> list[str]:
    """Split text into lines with their ends, as Python does: not at form feeds."""
    return [line for line in _LINE.findall(text) if line]


class Positions:
    """A converter from positions of `ast` in the text to positions of the concrete tree."""

    def __init__(self, source: str, code: str) -> None:
        self._source = split_lines(source)
        self._code = split_lines(code)

    def start(self, place: Position) -> tuple[int, int]:
        return place.line, self._column(place.line, place.column)

    def whole(self, place: Position) -> tuple[int, int, int, int]:
        return (*self.start(place), place.end_line, self._column(place.end_line, place.end_column))

    def _column(self, line: int, column: int) -> int:
        """Convert a column to characters; the tree drops form feeds before a statement, `ast` does not."""
        text = self._source[line - 1]
        characters = len(text.encode()[:column].decode())
        kept = self._code[line - 1] if line <= len(self._code) else text
        return characters - (len(text) - len(kept)) if text.endswith(kept) else characters
