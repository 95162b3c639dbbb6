"""A list of objects, one a finding. Lines and columns count from 1, columns in characters; the end is exclusive."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from unchunk.report.diagnostic import portable
from unchunk.report.rule_pages import url

if TYPE_CHECKING:
    from collections.abc import Iterator

    from unchunk.analysis.findings import Finding, Span
    from unchunk.report.diagnostic import Diagnostic, Report


def render(report: Report) -> Iterator[str]:
    """Yield the list, one object a line, so that a diff of two reports is readable."""
    opening = "[\n"
    for entry in report.entries:
        yield f"{opening}  {json.dumps(as_object(entry))}"
        opening = ",\n"
    yield "\n]\n" if report.entries else "[]\n"


def as_object(entry: Diagnostic) -> dict[str, Any]:
    """Return an entry as plain data."""
    return {
        "path": portable(entry.path),
        **_span(entry.span),
        "code": entry.code,
        "name": entry.name,
        "message": entry.message,
        "fixable": entry.fixable,
        "applicability": entry.applicability.value if entry.applicability else None,
        "reason": entry.reason,
        "url": url(entry.code),
        **(_flow(entry.finding) if entry.finding else {}),
    }


def _flow(finding: Finding) -> dict[str, Any]:
    return {
        "framing": finding.framing.value,
        "source": {
            "path": portable(finding.source_path or finding.path),
            **_span(finding.source),
            "name": finding.source_name,
        },
        "trace": [
            {"path": portable(step.path or finding.path), **_span(step.span), "text": step.text}
            for step in finding.trace
        ],
    }


def _span(span: Span) -> dict[str, int | None]:
    """Return the position: in a notebook the one in its cell, which counts from 1 among all cells; `cell` is null
    elsewhere.
    """
    at = span.cell or span
    return {
        "cell": span.cell.cell if span.cell else None,
        "line": at.line,
        "column": at.column + 1,
        "end_line": at.end_line,
        "end_column": at.end_column + 1,
    }
