"""Continuation lines: expressions of several lines stay aligned with their bracket when they move sideways.

for line in rechunk(client.build(path=".",
                                 tag="latest"), at="line"):
"""

from __future__ import annotations

import io
import tokenize
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

from unchunk.codemod.edits import Fix, Position
from unchunk.codemod.positions import split_lines

_OPENING, _CLOSING = ("(", "[", "{"), (")", "]", "}")


def realign(source: str, code: str, fixes: Iterable[Fix]) -> str:
    """Return `code`, which fixes made of `source`, with the kept multi-line expressions aligned as they were."""
    lines = split_lines(source)
    holes = {hole for fix in fixes for edit in fix.edits for hole in getattr(edit, "holes", ())}
    for hole in sorted(holes):
        if hole.line == hole.end_line or code.count(text := _text_at(hole, lines)) != 1:
            continue
        before, after = code.split(text)
        was = _column(lines[hole.line - 1], hole.column)
        now = len(before) - (before.rfind("\n") + 1)
        code = f"{before}{_shifted(text, was, now - was)}{after}"
    return code


@dataclass(frozen=True, slots=True)
class _Bracket:
    """An open bracket: its line, and the column of what follows it on that line, if anything does."""

    line: int
    column: int | None


def _shifted(text: str, start: int, by: int) -> str:
    """Shift the lines that are aligned with a bracket which has moved; the text began in column `start`."""
    lines = split_lines(text)
    moved = {0}
    for number, bracket in _open_brackets(text, start).items():
        line = lines[number]
        indent = len(line) - len(line.lstrip(" "))
        hangs_from_later_line = bracket.column is None and bracket.line > 0
        if bracket.line in moved and (bracket.column == indent or hangs_from_later_line) and indent + by >= 0:
            moved.add(number)
            lines[number] = " " * (indent + by) + line[indent:]
    return "".join(lines)


def _open_brackets(text: str, start: int) -> dict[int, _Bracket]:
    """Return the innermost bracket open at the start of each line, except for lines starting inside a string."""
    found: dict[int, _Bracket] = {}
    brackets: list[_Bracket] = []
    last = -1
    try:
        tokens = list(tokenize.generate_tokens(io.StringIO(f"({text})").readline))[1:]
    except (tokenize.TokenError, SyntaxError):  # line ends that it does not know
        return found
    for token, following in pairwise(tokens):
        line = token.start[0] - 1
        if line != last and line and brackets:
            found[line] = brackets[-1]
        last = token.end[0] - 1
        shift = start - 1 if line == 0 else 0  # the first line lacks what stood before it, and has a bracket of ours
        if token.string in _OPENING and token.type == tokenize.OP:
            hangs = following.type in (tokenize.NL, tokenize.COMMENT)
            brackets.append(_Bracket(line, None if hangs else following.start[1] + shift))
        elif token.string in _CLOSING and token.type == tokenize.OP and brackets:
            brackets.pop()
    return found


def _text_at(place: Position, lines: list[str]) -> str:
    first, *others = lines[place.line - 1 : place.end_line]
    *between, last = others
    return "".join([first[_column(first, place.column) :], *between, last[: _column(last, place.end_column)]])


def _column(line: str, column: int) -> int:
    """Convert a column in bytes to one in characters."""
    return len(line.encode()[:column].decode())
