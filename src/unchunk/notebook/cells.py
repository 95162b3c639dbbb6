"""The code cells in the text of a notebook file, with the position of each one's source.

The text is the file's bytes as Latin-1, so that offsets count bytes and huge outputs cost a byte a character; what
is looked at is decoded for real.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from unchunk.notebook.literal import Literal
from unchunk.notebook.reader import Reader

_NEWEST = 4
_OLDEST = 2
_PYTHON = ("python", "ipython", "pyspark")
_BOM = b"\xef\xbb\xbf"


class NotebookError(Exception):
    """A file that is not a readable notebook.

    Attributes:
        message: why.
        line: where in the file, from 1, if it is about a place.
    """

    def __init__(self, message: str, line: int | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.line = line


@dataclass(frozen=True, slots=True)
class Cell:
    """A code cell in Python.

    Attributes:
        number: among all cells of the notebook, from 1.
        start, end: of the source in the file, in bytes.
        source: as written.
    """

    number: int
    start: int
    end: int
    source: Literal


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A code cell whose source violates the format."""

    number: int
    reason: str


@dataclass(slots=True)
class _Found:
    """The notebook as far as it has been read."""

    cells: list[dict[str, Any]]
    metadata: Any = None
    format: Any = None


def code_cells(data: bytes) -> list[Cell | Unreadable]:
    """Return the Python code cells, in order; none where the kernel speaks another language.

    Raises:
        NotebookError: it is no notebook, or one of a format that is not known.
    """
    if not data.strip():
        raise NotebookError("not a notebook: the file is empty")
    text = data.decode("latin-1")
    start = len(_BOM) if data.startswith(_BOM) else 0
    try:
        found = _read(Reader(text, start))
    except json.JSONDecodeError as error:
        raise NotebookError(f"not a notebook: {_plain(error)}", error.lineno) from error
    except RecursionError as error:
        raise NotebookError("not a notebook: nested too deep") from error
    _check_format(found.format)
    if not _speaks_python(found.metadata):
        return []
    return [_cell(text, number, cell) for number, cell in enumerate(found.cells, 1) if _is_python(cell)]


def _plain(error: json.JSONDecodeError) -> str:
    return error.msg[:1].lower() + error.msg[1:]


def _read(reader: Reader) -> _Found:
    found = _Found([])
    for key in reader.members():
        match key:
            case "cells":
                found.cells = list(_read_cells(reader))
            case "worksheets":
                found.cells = [cell for _ in reader.elements() for cell in _read_worksheet(reader)]
            case "metadata":
                found.metadata = reader.value()
            case "nbformat":
                found.format = reader.value()
            case _:
                reader.value()
    reader.end()
    return found


def _read_worksheet(reader: Reader) -> list[dict[str, Any]]:
    cells: list[dict[str, Any]] = []
    for key in reader.members():
        if key == "cells":
            cells = list(_read_cells(reader))
        else:
            reader.value()
    return cells


def _read_cells(reader: Reader) -> Iterator[dict[str, Any]]:
    """Yield the cells without their outputs, with the position of the source, which format 3 calls `input`."""
    for _ in reader.elements():
        cell: dict[str, Any] = {}
        for key in reader.members():
            start = reader.position
            value = reader.value()
            if key in ("source", "input"):
                cell["source"] = start, reader.position
            elif key != "outputs":
                cell[key] = value
        yield cell


def _check_format(number: Any) -> None:
    if type(number) is not int:
        raise NotebookError("not a notebook: it does not tell its format (`nbformat`)")
    if not _OLDEST <= number <= _NEWEST:
        raise NotebookError(f"notebook format {number} is not known; {_OLDEST} to {_NEWEST} are")


def _speaks_python(metadata: Any) -> bool:
    """Decide whether the kernel is a Python one, which is the default."""
    told = (("language_info", "name"), ("kernelspec", "language"), ("jupytext", "main_language"))
    return _names_python(next((name for keys in told if (name := _get(metadata, *keys))), None))


def _is_python(cell: dict[str, Any]) -> bool:
    """Decide whether a cell is Python code: format 3 and VS Code may name another language for a cell."""
    if cell.get("cell_type") != "code":
        return False
    return _names_python(cell.get("language")) and _names_python(_get(cell, "metadata", "vscode", "languageId"))


def _names_python(language: Any) -> bool:
    return not isinstance(language, str) or language.lower().startswith(_PYTHON)


def _get(value: Any, *keys: str) -> Any:
    for key in keys:
        value = value.get(key) if isinstance(value, dict) else None
    return value


def _cell(text: str, number: int, cell: dict[str, Any]) -> Cell | Unreadable:
    if "source" not in cell:
        return Unreadable(number, "it has no source")
    start, end = cell["source"]
    try:
        written = text[start:end].encode("latin-1").decode("utf-8")
    except UnicodeDecodeError:
        return Unreadable(number, "its source is not UTF-8")
    try:
        return Cell(number, start, end, Literal.read(written))
    except ValueError as error:
        return Unreadable(number, str(error))
