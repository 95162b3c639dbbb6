"""The client's open documents and notebooks, and positions in the client's units.

Lines end where the protocol and Python say, at `\\n`, `\\r\\n` and `\\r`; a form feed or U+2028 is a character like
others, which it is not to `str.splitlines` and what is built on it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from lsprotocol import types
from pygls.uris import to_fs_path
from pygls.workspace import PositionCodec

from unchunk.analysis.findings import Span

_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+")


@dataclass(frozen=True)
class Text:
    """A document, or a cell of a notebook, in one version.

    Attributes:
        version: None where the client does not count.
    """

    uri: str
    version: int | None
    text: str

    @cached_property
    def lines(self) -> list[str]:
        """Return the lines with their ends; the last one is empty if the text ends with a line end."""
        lines: list[str] = _LINE.findall(self.text)
        return lines if lines and not lines[-1].endswith(("\n", "\r")) else [*lines, ""]

    def range(self, span: Span, codec: PositionCodec) -> types.Range:
        """Convert a span to the client's units."""
        start = self._position(span.line - 1, span.column, codec)
        return types.Range(start, self._position(span.end_line - 1, span.end_column, codec))

    def changed(self, change: types.TextDocumentContentChangeEvent, version: int | None, codec: PositionCodec) -> Text:
        """Return the text after a change."""
        if not isinstance(change, types.TextDocumentContentChangePartial):
            return Text(self.uri, version, change.text)
        start = self._offset(change.range.start, codec)
        end = max(self._offset(change.range.end, codec), start)
        return Text(self.uri, version, self.text[:start] + change.text + self.text[end:])

    def _position(self, line: int, column: int, codec: PositionCodec) -> types.Position:
        line = min(line, len(self.lines) - 1)
        return types.Position(line, codec.client_num_units(self.lines[line][:column]))

    def _offset(self, position: types.Position, codec: PositionCodec) -> int:
        """Convert a client's position to an offset; one beyond the end of its line is the end of the line."""
        if position.line >= len(self.lines):
            return len(self.text)
        line = self.lines[position.line].rstrip("\r\n")
        column = units = 0
        while column < len(line) and units < position.character:
            units += codec.client_num_units(line[column])
            column += 1
        return sum(map(len, self.lines[: position.line])) + column


@dataclass(frozen=True)
class Subject:
    """A document or a notebook in one version, to be checked as a whole.

    Attributes:
        cells: the texts of the code cells by their numbers among all cells, from 1; of a document, itself by 0.
    """

    uri: str
    version: int | None
    cells: dict[int, Text]

    @property
    def is_notebook(self) -> bool:
        return 0 not in self.cells

    @property
    def path(self) -> str:
        """Return the file's path; the part behind the scheme if the address is no file's."""
        return to_fs_path(self.uri) or self.uri.partition(":")[2]


@dataclass(slots=True)
class _Notebook:
    version: int
    cells: list[types.NotebookCell]


class Workspace:
    """The open texts, in step with the client. Every method that changes something returns its subject."""

    def __init__(self) -> None:
        self.codec = PositionCodec()
        self._texts: dict[str, Text] = {}
        self._notebooks: dict[str, _Notebook] = {}
        self._notebook_of: dict[str, str] = {}

    def subject(self, uri: str) -> Subject | None:
        """Return the document or notebook of this address, or the notebook containing the cell of this address."""
        uri = self._notebook_of.get(uri, uri)
        if (notebook := self._notebooks.get(uri)) is not None:
            cells = enumerate(notebook.cells, 1)
            code = {number: cell.document for number, cell in cells if cell.kind is types.NotebookCellKind.Code}
            texts = {number: self._texts[document] for number, document in code.items() if document in self._texts}
            return Subject(uri, notebook.version, texts)
        text = self._texts.get(uri)
        return None if text is None else Subject(uri, text.version, {0: text})

    def subjects(self) -> list[Subject]:
        """Return all open subjects."""
        uris = [*self._notebooks, *(uri for uri in self._texts if uri not in self._notebook_of)]
        return [subject for uri in uris if (subject := self.subject(uri)) is not None]

    def open(self, document: types.TextDocumentItem) -> None:
        self._texts[document.uri] = Text(document.uri, document.version, document.text)

    def change(self, params: types.DidChangeTextDocumentParams) -> None:
        self._change(params.text_document, params.content_changes)

    def close(self, uri: str) -> None:
        self._texts.pop(uri, None)

    def open_notebook(self, params: types.DidOpenNotebookDocumentParams) -> None:
        notebook = params.notebook_document
        self._notebooks[notebook.uri] = _Notebook(notebook.version, list(notebook.cells))
        for document in params.cell_text_documents:
            self._open_cell(document, notebook.uri)

    def change_notebook(self, params: types.DidChangeNotebookDocumentParams) -> None:
        notebook = self._notebooks[params.notebook_document.uri]
        notebook.version = params.notebook_document.version
        cells = params.change.cells
        if cells is None:
            return
        if (structure := cells.structure) is not None:
            start, count = structure.array.start, structure.array.delete_count
            notebook.cells[start : start + count] = structure.array.cells or []
            for document in structure.did_open or []:
                self._open_cell(document, params.notebook_document.uri)
            for closed in structure.did_close or []:
                self._close_cell(closed.uri)
        for content in cells.text_content or []:
            self._change(content.document, content.changes)
        kinds = {cell.document: cell.kind for cell in cells.data or []}
        for cell in notebook.cells:
            cell.kind = kinds.get(cell.document, cell.kind)

    def close_notebook(self, params: types.DidCloseNotebookDocumentParams) -> None:
        self._notebooks.pop(params.notebook_document.uri, None)
        for document in params.cell_text_documents:
            self._close_cell(document.uri)

    def _open_cell(self, document: types.TextDocumentItem, notebook: str) -> None:
        if document.language_id == "python":
            self.open(document)
        self._notebook_of[document.uri] = notebook

    def _close_cell(self, uri: str) -> None:
        self.close(uri)
        self._notebook_of.pop(uri, None)

    def _change(
        self,
        document: types.VersionedTextDocumentIdentifier,
        changes: Sequence[types.TextDocumentContentChangeEvent],
    ) -> None:
        text = self._texts.get(document.uri)
        if text is None:
            return
        for change in changes:
            text = text.changed(change, document.version, self.codec)
        self._texts[document.uri] = replace(text, version=document.version)
