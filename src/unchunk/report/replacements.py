"""Replaced ranges between a file before and after a fix."""

from __future__ import annotations

import difflib
import re

from unchunk.analysis.findings import Span
from unchunk.report.diagnostic import Replacement

_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+\Z")


def replacements(before: str, after: str) -> list[Replacement]:
    """Return the whole lines to replace, in order and disjoint; applied to `before` they give `after`."""
    old, new = _LINE.findall(before), _LINE.findall(after)
    matcher = difflib.SequenceMatcher(None, old, new, autojunk=False)
    return [
        Replacement(_span(old, first, last), "".join(new[new_first:new_last]))
        for tag, first, last, new_first, new_last in matcher.get_opcodes()
        if tag != "equal"
    ]


def _span(lines: list[str], first: int, last: int) -> Span:
    """Return the span from the beginning of one line to that of another; the last line of a file may have no next
    one.
    """
    return Span(*_start(lines, first), *_start(lines, last))


def _start(lines: list[str], index: int) -> tuple[int, int]:
    if index < len(lines) or not lines or lines[-1].endswith(("\r", "\n")):
        return index + 1, 0
    return len(lines), len(lines[-1])
