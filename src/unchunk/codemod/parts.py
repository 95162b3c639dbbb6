"""A module in parts: the cells of a notebook, between which a line with a name stands."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

import libcst as cst

BORDER = re.compile(r"_unchunk_+cell_(?:magic_)?\d+")
"""The name that stands between two parts, or for what a part has to start with (see `unchunk.notebook.joined`)."""


def part_of(source: str, line: int) -> int:
    """The number of the part that a line of a module is in, from 0."""
    return sum(BORDER.fullmatch(text.strip()) is not None for text in source.splitlines()[: line - 1])


def parts(body: Sequence[cst.CSTNode]) -> list[range]:
    """The statements of every part, as ranges of indexes; the borders are in none."""
    borders = [index for index, line in enumerate(body) if is_border(line)]
    return [range(start + 1, end) for start, end in pairwise([-1, *borders, len(body)])]


def is_border(line: cst.CSTNode) -> bool:
    match line:
        case cst.SimpleStatementLine(body=[cst.Expr(value=cst.Name(value=name))]):
            return BORDER.fullmatch(name) is not None
    return False
