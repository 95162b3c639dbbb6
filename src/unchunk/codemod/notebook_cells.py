"""Notebook cells in a joined module, with a marker line between them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

import libcst as cst

BORDER = re.compile(r"_unchunk_+cell_(?:magic_)?\d+")
"""The name that stands between two parts, or for what a part has to start with (see `unchunk.notebook.joined`)."""


def cell_of(source: str, line: int) -> int:
    """Return the number of a line's cell, from 0."""
    return sum(BORDER.fullmatch(text.strip()) is not None for text in source.splitlines()[: line - 1])


def cell_ranges(body: Sequence[cst.CSTNode]) -> list[range]:
    """Return the statements of each cell as ranges of indexes, without the marker lines."""
    borders = [index for index, line in enumerate(body) if is_border(line)]
    return [range(start + 1, end) for start, end in pairwise([-1, *borders, len(body)])]


def is_border(line: cst.CSTNode) -> bool:
    match line:
        case cst.SimpleStatementLine(body=[cst.Expr(value=cst.Name(value=name))]):
            return BORDER.fullmatch(name) is not None
    return False
