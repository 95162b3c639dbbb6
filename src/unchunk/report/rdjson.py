"""Reviewdog's diagnostic format, with suggestions.

https://github.com/reviewdog/reviewdog/tree/master/proto/rdf
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from unchunk.analysis.findings import Applicability
from unchunk.report.diagnostic import portable
from unchunk.report.rule_pages import url

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from unchunk.analysis.findings import Span
    from unchunk.report.diagnostic import Diagnostic, Report

NEEDS_FIXES = True


def render(report: Report) -> Iterator[str]:
    """Yield one object with all diagnostics."""
    diagnostics = list(_diagnostics(report))
    yield json.dumps({"source": {"name": "unchunk"}, "severity": "ERROR", "diagnostics": diagnostics}, indent=2) + "\n"


def _diagnostics(report: Report) -> Iterator[dict[str, Any]]:
    suggested: set[str] = set()
    for entry in report.entries:
        diagnostic = _diagnostic(entry, report)
        if entry.applicability is Applicability.SAFE and entry.path not in suggested:
            suggested.add(entry.path)
            lines = report.lines(entry.path, None)
            edits = report.fixes.get(entry.path, ())
            diagnostic["suggestions"] = [{"range": _range(edit.span, lines), "text": edit.text} for edit in edits]
        yield diagnostic


def _diagnostic(entry: Diagnostic, report: Report) -> dict[str, Any]:
    address = url(entry.code)
    return {
        "message": entry.message,
        "location": {"path": portable(entry.path), "range": _range(entry.span, report.lines(entry.path, None))},
        "code": {"value": entry.code} | ({"url": address} if address else {}),
    }


def _range(span: Span, lines: Sequence[str]) -> dict[str, Any]:
    return {
        "start": _position(span.line, span.column, lines),
        "end": _position(span.end_line, span.end_column, lines),
    }


def _position(line: int, column: int, lines: Sequence[str]) -> dict[str, int]:
    """Return a position as Reviewdog counts: columns in bytes of UTF-8, from 1."""
    text = lines[line - 1] if line <= len(lines) else ""
    return {"line": line, "column": len(text[:column].encode("utf-8", "surrogatepass")) + 1}
