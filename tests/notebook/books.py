"""Notebooks for the tests: cells as data, in every format and style of JSON that is met."""

from __future__ import annotations

import json
from typing import Any

Cell = dict[str, Any]

PYTHON = {"kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"}}


def code(source: str, **more: Any) -> Cell:
    return {"cell_type": "code", "execution_count": None, "metadata": {}, "outputs": [], "source": source, **more}


def markdown(source: str, **more: Any) -> Cell:
    return {"cell_type": "markdown", "metadata": {}, "source": source, **more}


def raw(source: str) -> Cell:
    return {"cell_type": "raw", "metadata": {}, "source": source}


def book(*cells: Cell, metadata: dict[str, Any] | None = None, minor: int = 5) -> dict[str, Any]:
    """Return a notebook of format 4 with the sources as one string each."""
    return {
        "cells": list(cells),
        "metadata": PYTHON if metadata is None else metadata,
        "nbformat": 4,
        "nbformat_minor": minor,
    }


def as_jupyter_writes(content: dict[str, Any]) -> bytes:
    """Write as nbformat does: lines as lists, indented by one blank, characters as they are, a line end at the end."""
    listed = json.loads(json.dumps(content), object_hook=_with_lines)
    return (json.dumps(listed, indent=1, ensure_ascii=False, sort_keys=True) + "\n").encode()


def as_string(content: dict[str, Any]) -> bytes:
    """Write as Colab and others do: sources as strings, two blanks, escapes, no line end at the end."""
    return json.dumps(content, indent=2).encode()


def on_one_line(content: dict[str, Any]) -> bytes:
    listed = json.loads(json.dumps(content), object_hook=_with_lines)
    return json.dumps(listed, ensure_ascii=False, separators=(",", ":")).encode()


STYLES = [as_jupyter_writes, as_string, on_one_line]


def _with_lines(value: dict[str, Any]) -> dict[str, Any]:
    for key in ("source", "input"):
        if isinstance(value.get(key), str):
            value[key] = value[key].splitlines(keepends=True)
    return value


def sources(data: bytes) -> list[str]:
    """Return the cells' sources, in all formats, by the standard library's own parser."""
    content = json.loads(data.decode("utf-8-sig"))
    cells = content.get("cells") or [cell for sheet in content["worksheets"] for cell in sheet["cells"]]
    return ["".join(cell.get("source", cell.get("input", ""))) for cell in cells]
