"""Files as the engine reads them: Python as it is, a notebook as one module."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence

    from unchunk.analysis import Settings
    from unchunk.analysis.findings import Finding, Span
    from unchunk.report.diagnostic import Problem

NOTEBOOK = ".ipynb"


class Document(Protocol):
    """The shells' interface to a file.

    Attributes:
        source: the program in it.
        skipped: parts of it that cannot be looked into.
    """

    source: bytes
    skipped: Sequence[Problem]

    def span(self, span: Span) -> Span:
        """Map a span of the program to the file."""

    def line(self, span: Span) -> int:
        """Map a span of the file to a line of the program; the inverse of `span`.

        Raises:
            LookupError: there is no such line in the program.
        """

    def located(self, finding: Finding) -> Finding:
        """Map a finding of the program to the file's positions."""

    def rewritten(self, source: bytes) -> bytes:
        """Return the file with another program in it.

        Raises:
            SourceError: the program does not fit in the file.
        """


class PythonFile:
    """A Python file."""

    def __init__(self, data: bytes) -> None:
        self.source = data
        self.skipped: Sequence[Problem] = ()

    def span(self, span: Span) -> Span:
        """Return the span as it is."""
        return span

    def line(self, span: Span) -> int:
        """Return the line as it is."""
        return span.line

    def located(self, finding: Finding) -> Finding:
        """Return the finding as it is."""
        return finding

    def rewritten(self, source: bytes) -> bytes:
        """Return the program as it is."""
        return source


class NotebookFile:
    """A Jupyter notebook.

    Raises:
        SourceError: it is none.
    """

    def __init__(self, path: str, data: bytes) -> None:
        from unchunk.analysis import SourceError
        from unchunk.notebook import Notebook, NotebookError
        from unchunk.report.diagnostic import Problem

        try:
            self._notebook = Notebook(data)
        except NotebookError as error:
            raise SourceError(path, error.line, error.message) from error
        self._path = path
        self.source = self._notebook.source.encode()
        self.skipped: Sequence[Problem] = [
            Problem(f"{path}:cell {cell.cell}", f"skipped: {cell.reason}", cell.line) for cell in self._notebook.skipped
        ]

    def span(self, span: Span) -> Span:
        """Map a span to the file's JSON, and to its cell."""
        return self._notebook.span(span)

    def line(self, span: Span) -> int:
        """Map a span of a cell to a line of the module."""
        if span.cell is None:
            raise LookupError("in a notebook it takes a cell to name a line, as in `a.ipynb:cell 3:2`")
        return self._notebook.line(span.cell.cell, span.cell.line)

    def located(self, finding: Finding) -> Finding:
        """Map a finding to the file's JSON, and to its cell."""
        return self._notebook.located(finding)

    def rewritten(self, source: bytes) -> bytes:
        """Return the notebook with the changed cells; all its other bytes are the same.

        Raises:
            SourceError: a change reaches from one cell into another.
        """
        from unchunk.analysis import SourceError
        from unchunk.notebook import NotebookError

        try:
            return self._notebook.rewritten(source.decode())
        except NotebookError as error:
            raise SourceError(self._path, error.line, error.message) from error


def read(path: str, data: bytes) -> Document:
    """Return the file as a document.

    Raises:
        SourceError: it cannot be read as what its name says.
    """
    return NotebookFile(path, data) if path.endswith(NOTEBOOK) else PythonFile(data)


def cell_of(data: bytes, number: int) -> bytes:
    """Return the source of a cell of a notebook that has been read already, counted from 1 among all cells."""
    from unchunk.notebook import Notebook

    return Notebook(data).cells[number].encode()


def may_contain(path: str, data: bytes, settings: Settings | None) -> bool:
    """Decide whether a file has to be analyzed (see `unchunk.analysis.prefilter`).

    Of a notebook only the cells count, without the escapes of JSON; what is none is judged by its bytes.
    """
    from unchunk.analysis import prefilter

    return prefilter.may_contain(_cells(data) if path.endswith(NOTEBOOK) else data, settings)


def _cells(data: bytes) -> bytes:
    from unchunk.notebook import Notebook, NotebookError

    try:
        return "\n".join(Notebook(data).cells.values()).encode("utf-8", "surrogatepass")
    except NotebookError:
        return data
