"""Notebook files: the module made of the cells, and the file with the module's changes in its cells."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cached_property

from unchunk.analysis.findings import Finding, Span
from unchunk.notebook.cells import Cell, NotebookError, Unreadable, code_cells
from unchunk.notebook.joined import BorderError, Joined, Skipped

_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+")


class Notebook:
    """A notebook file.

    Args:
        data: its bytes.

    Raises:
        NotebookError: it is no notebook, or one of a format that is not known.
    """

    def __init__(self, data: bytes) -> None:
        self._data = data
        cells = code_cells(data)
        self._unreadable = [cell for cell in cells if isinstance(cell, Unreadable)]
        self._cells = {cell.number: cell for cell in cells if isinstance(cell, Cell)}

    @property
    def cells(self) -> dict[int, str]:
        """Return the sources of the code cells, by their numbers among all cells."""
        return {number: cell.source.text for number, cell in self._cells.items()}

    @property
    def source(self) -> str:
        """Return the module made of the cells."""
        return self._joined.source

    @property
    def skipped(self) -> list[Skipped]:
        """Return the code cells that are left out because they cannot be read."""
        skipped = [Skipped(cell.number, None, cell.reason) for cell in self._unreadable]
        return sorted([*skipped, *self._joined.skipped], key=lambda one: one.cell)

    def located(self, finding: Finding) -> Finding:
        """Map a finding of the module to the positions of the file, and of its cells."""
        if finding.source_path in (None, finding.path):
            finding = replace(finding, source=self.span(finding.source))
        trace = tuple(step if step.path else replace(step, span=self.span(step.span)) for step in finding.trace)
        return replace(finding, span=self.span(finding.span), trace=trace)

    def span(self, span: Span) -> Span:
        """Map a span of the module to the file, and to its cell."""
        place = self._joined.place(span)
        cell = self._cells[place.cell]
        start = self._file_place(cell, place.line, place.column)
        return Span(*start, *self._file_place(cell, place.end_line, place.end_column), cell=place)

    def line(self, cell: int, line: int) -> int:
        """Map a line of a cell to the module.

        Raises:
            LookupError: it is in no cell of Python, or not in that one.
        """
        return self._joined.line(cell, line)

    def rewritten(self, source: str) -> bytes:
        """Return the bytes of the file with the module's changes in the cells.

        Raises:
            NotebookError: it cannot be told any more which line belongs to which cell.
        """
        try:
            changed = self._joined.changed(source)
        except BorderError as error:
            raise NotebookError(str(error)) from error
        pieces: list[bytes] = []
        end = 0
        for number, text in changed.items():
            cell = self._cells[number]
            pieces += [self._data[end : cell.start], cell.source.changed(text).encode()]
            end = cell.end
        return b"".join([*pieces, self._data[end:]])

    @cached_property
    def _joined(self) -> Joined:
        return Joined(self.cells)

    def _file_place(self, cell: Cell, line: int, column: int) -> tuple[int, int]:
        position = sum(map(len, _LINE.findall(cell.source.text)[: line - 1])) + column
        before = cell.source.written[: cell.source.offset(position)].encode()
        offset = cell.start + len(before)
        start = self._data.rfind(b"\n", 0, offset) + 1
        return self._data.count(b"\n", 0, start) + 1, len(self._data[start:offset].decode("utf-8", "replace"))
