"""Fingerprints of findings, stable under changes of the file: the code and its surroundings, never a line number."""

from __future__ import annotations

import ast
import hashlib
from bisect import bisect_left
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from unchunk.analysis.findings import Finding, Span


def fingerprints(findings: Sequence[Finding], lines: Sequence[str]) -> Iterator[str]:
    """Yield a short text for every finding that stays while the parse call, its source and the function around them do.

    Blanks do not count, so that formatting the file or indenting the code keeps it. Two equal calls in one function
    share it.
    """
    for finding in findings:
        own_file = finding.source_path in (None, finding.path)
        parts = (
            finding.code,
            _enclosing(finding),
            _squeezed(finding.span, lines),
            _squeezed(finding.source, lines) if own_file else f"{finding.source_path}:{finding.source_name}",
        )
        yield hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:16]


def _squeezed(span: Span, lines: Sequence[str]) -> str:
    """Return the text of a span without blanks."""
    covered = list(lines[span.line - 1 : span.end_line])
    if not covered:
        return ""
    covered[-1] = covered[-1][: span.end_column]
    covered[0] = covered[0][span.column :]
    return "".join("".join(covered).split())


def _enclosing(finding: Finding) -> str:
    """Return the names of the classes and functions around a finding, such as `Client.events`."""
    if finding.site is None:
        return ""
    names: list[str] = []
    block: ast.AST | None = finding.site.tree
    while block is not None:
        if isinstance(block, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            names.append(block.name)
        block = next((inner for inner in _blocks(block, finding.span.line) if _holds(inner, finding.span.line)), None)
    return ".".join(names)


def _blocks(block: ast.AST, line: int) -> Iterator[ast.AST]:
    """Yield the statements of a block that may contain a line: of each list the first that does not end before it."""
    for field in ("body", "orelse", "finalbody", "handlers", "cases"):
        inner = getattr(block, field, None)
        if isinstance(inner, list):
            cases = field == "cases"
            at = 0 if cases else bisect_left(inner, line, key=lambda statement: statement.end_lineno or 0)
            yield from inner if cases else inner[at : at + 1]


def _holds(block: ast.AST, line: int) -> bool:
    if isinstance(block, ast.match_case):
        return any(_holds(statement, line) for statement in block.body)
    return isinstance(block, (ast.stmt, ast.ExceptHandler)) and block.lineno <= line <= (
        block.end_lineno or block.lineno
    )
