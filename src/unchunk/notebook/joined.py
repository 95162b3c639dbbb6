"""Cells of a notebook as one Python module, in the order they run."""

from __future__ import annotations

import ast
import re
import warnings
from bisect import bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from unchunk.analysis.findings import InCell, Span
from unchunk.notebook import magics

_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+")
_COOKIE = re.compile(r"[ \t\f]*#.*?coding[:=]")


class BorderError(ValueError):
    """A change crosses the border of two cells, so that its lines belong to neither."""


@dataclass(frozen=True, slots=True)
class Skipped:
    """A code cell that is left out because it is not valid Python.

    Attributes:
        cell: its number among all cells, from 1.
        line: within the cell, from 1, if it is about a place.
    """

    cell: int
    line: int | None
    reason: str


@dataclass(frozen=True, slots=True)
class _Part:
    """A cell as a part of the module.

    Attributes:
        cell: its number.
        first: the line of the module that it starts at.
        text: as it stands in the module.
        lines: for each of its lines there the line in the cell.
        ended: whether a line end was added to its last line.
    """

    cell: int
    first: int
    text: str
    lines: tuple[int, ...]
    ended: bool


class Joined:
    """Code cells as one module.

    A cell that has a cell magic for another language is left out, magics are names, and a line with a name stands
    between two cells; columns stay what they are.

    Args:
        cells: the texts of the code cells, in order, by their numbers.

    Attributes:
        source: the module.
        skipped: the cells that are left out because they cannot be read.
    """

    def __init__(self, cells: Mapping[int, str]) -> None:
        self._magics: list[str] = []
        self._unread: list[str] = []
        self._mark = _mark(cells)
        self._heading = _heading(cells)
        self.skipped: list[Skipped] = []
        self._parts = list(self._read(cells))
        self._firsts = [part.first for part in self._parts]
        self._ending = self._uses()
        self.source = "".join([self._heading, *self._texts(), self._ending])

    def place(self, span: Span) -> InCell:
        """Map a span of the module to the notebook."""
        part, line = self._place(span.line)
        end_part, end_line = self._place(span.end_line)
        if end_part is not part:
            end_line = part.lines[-1]
        return InCell(part.cell, line, span.column, end_line, span.end_column)

    def line(self, cell: int, line: int) -> int:
        """Map a line of a cell to the module.

        Raises:
            LookupError: the cell is not in the module, or not that long.
        """
        for part in self._parts:
            if part.cell == cell and 1 <= line <= part.lines[-1]:
                return part.first + bisect_right(part.lines, line) - 1
        raise LookupError(f"cell {cell} has no line {line} of Python")

    def changed(self, source: str) -> dict[int, str]:
        """Return the new texts of the cells that a change of the module changes, by their numbers.

        Raises:
            BorderError: it cannot be told any more which line belongs to which cell.
        """
        texts = dict(zip((part.cell for part in self._parts), self._taken_apart(source), strict=True))
        return {
            part.cell: self._cell_text(part, texts[part.cell]) for part in self._parts if texts[part.cell] != part.text
        }

    def _read(self, cells: Mapping[int, str]) -> Iterator[_Part]:
        line = 1 + self._heading.count("\n")
        for number, cell in cells.items():
            text = self._python(number, cell)
            if text is not None:
                part = self._part(number, line, text)
                yield part
                line += len(part.lines) + 1

    def _python(self, number: int, text: str) -> str | None:
        """Return the part of a cell that is Python in the notebook's own namespace, or None."""
        if not text.strip():
            return None
        if magics.is_foreign(text):
            self._unread.append(text)
            return None
        error = _syntax_error(text)
        if isinstance(error, SyntaxError):
            text = magics.masked(text, self._name_of_magic)
            error = _syntax_error(text)
        if error is None:
            return text
        self._unread.append(text)
        line = error.lineno if isinstance(error, SyntaxError) else None
        self.skipped.append(Skipped(number, line, _reason(error)))
        return None

    def _name_of_magic(self, magic: str) -> str:
        self._magics.append(magic)
        kind = "cell_magic" if magic.startswith("%%") else "magic"
        return f"{self._mark}{kind}_{len(self._magics) - 1}"

    def _part(self, number: int, first: int, text: str) -> _Part:
        ended = not text.endswith(("\n", "\r"))
        text += "\n" * ended
        lines: list[int] = []
        line = 1
        for written in _LINE.findall(text):
            lines.append(line)
            line += len(_LINE.findall(self._with_magics(written)))
        return _Part(number, first, text, tuple(lines), ended)

    def _with_magics(self, text: str) -> str:
        if self._mark not in text:
            return text
        return re.sub(rf"{self._mark}(?:cell_)?magic_(\d+)", lambda match: self._magics[int(match[1])], text)

    def _uses(self) -> str:
        """Return a line that uses the imports which magics and skipped cells may need, so that they stay."""
        words = {word for text in [*self._magics, *self._unread] for word in re.findall(r"\w+", text)}
        used = words and words & {name for part in self._parts for name in _imported(part.text)}
        return f"{self._mark}end, {', '.join(sorted(used))}\n" if used else ""

    def _texts(self) -> Iterator[str]:
        for part in self._parts:
            yield part.text if part is self._parts[0] else f"{self._border(part)}{part.text}"

    def _border(self, part: _Part) -> str:
        return f"{self._mark}cell_{part.cell}\n"

    def _place(self, line: int) -> tuple[_Part, int]:
        """Return the part with a line of the module, and the line in the cell."""
        part = self._parts[bisect_right(self._firsts, line) - 1]
        return part, part.lines[min(line - part.first, len(part.lines) - 1)]

    def _taken_apart(self, source: str) -> Iterator[str]:
        """Split the changed module by cells."""
        rest = source.removeprefix(self._heading).removesuffix(self._ending)
        for part in self._parts[1:]:
            text, border, rest = rest.partition(self._border(part))
            if not border or text[-1:] not in ("\n", "\r", ""):
                raise BorderError(f"the fix reaches over the border before cell {part.cell}")
            yield text
        if self._parts:
            yield rest

    def _cell_text(self, part: _Part, text: str) -> str:
        """Return the changed text of a part, as the cell has it."""
        if not part.text[:1].isspace():
            text = text.lstrip("\r\n")
        if part.ended:
            text = text.rstrip("\r\n")
        return self._with_magics(text)


def _mark(cells: Mapping[int, str]) -> str:
    """Return a prefix for generated names that nothing in the notebook uses."""
    mark = "_unchunk_"
    while any(mark in text for text in cells.values()):
        mark += "_"
    return mark


def _heading(cells: Mapping[int, str]) -> str:
    """Return lines that keep a comment of the first cell from acting as the module's encoding declaration."""
    first = next(iter(cells.values()), "")
    return "\n\n" if any(map(_COOKIE.match, first.splitlines()[:2])) else ""


def _imported(text: str) -> Iterator[str]:
    """Yield the names that imports bind."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            yield from ((alias.asname or alias.name).split(".")[0] for alias in node.names)


def _syntax_error(text: str) -> Exception | None:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        return error
    return None


def _reason(error: Exception) -> str:
    match error:
        case SyntaxError(msg=message):
            return message
        case UnicodeEncodeError():
            return "a character in it is half of a surrogate pair"
        case ValueError():
            return str(error)
    return "nested too deep"
