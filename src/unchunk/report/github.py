"""Annotations of a GitHub Actions run, shown at the lines of a pull request.

https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from unchunk.report.diagnostic import Diagnostic, Report, place

if TYPE_CHECKING:
    from collections.abc import Iterator


def render(report: Report) -> Iterator[str]:
    """Yield one workflow command a finding. Its message names the place as well: the log shows the message only."""
    for entry in report.entries:
        span = entry.span
        properties = {
            "title": f"unchunk ({entry.code})",
            "file": entry.path,
            "line": span.line,
            "col": span.column + 1,
            "endLine": span.end_line,
            "endColumn": span.end_column + 1,
        }
        told = ",".join(f"{name}={_property(str(value))}" for name, value in properties.items())
        yield f"::error {told}::{_data(_message(entry))}\n"


def _message(entry: Diagnostic) -> str:
    return f"{place(entry)}: {entry.code} {entry.message}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
