"""Insertion of `# noqa: CODE` comments, so that today's findings are silent and tomorrow's are not."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING

from unchunk.project.suppression import Kind, Suppressions

if TYPE_CHECKING:
    from collections.abc import Iterable

    from unchunk.project.suppression import Comment

_LINE_ENDS = "\r\n"


def with_noqa(source: str, findings: Iterable[tuple[int, str]]) -> str:
    """Return the source with every finding (line and code) silenced; everything else stays as it is.

    A comment goes to the end of the finding's line, or of the lines that a multi-line string or a backslash joins to
    it, which is where flake8 looks for it. Codes are added to a `# noqa: …` that is there already.
    """
    comments = Suppressions(source)
    codes: defaultdict[int, list[str]] = defaultdict(list)
    for line, code in findings:
        last = comments.joined.get(line, range(line, line + 1)).stop - 1
        if code not in codes[last]:
            codes[last].append(code)
    lines = _lines(source)
    there = {comment.line: comment for comment in comments.comments if comment.kind is Kind.NOQA and comment.codes}
    for number, missing in codes.items():
        lines[number - 1] = _silenced(lines[number - 1], missing, there.get(number))
    return "".join(lines)


def _silenced(line: str, codes: list[str], comment: Comment | None) -> str:
    added = ",".join(codes)
    if comment is not None:
        end = comment.column + len(line[comment.column : comment.end_column].rstrip(", \t"))
        return f"{line[:end]},{added}{line[end:]}"
    body = line.rstrip(" \t\f\r\n")
    return f"{body}  # noqa: {added}{line[len(line.rstrip(_LINE_ENDS)) :]}"


def _lines(source: str) -> list[str]:
    """Return the lines with their own ends; a form feed or another control character ends none."""
    return re.findall(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+\Z", source)
