"""A GitLab Code Quality report, for `artifacts: reports: codequality`.

https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format
"""

from __future__ import annotations

import hashlib
import json
import os
from typing import TYPE_CHECKING, Any

from unchunk.report.diagnostic import portable
from unchunk.report.rule_pages import url

if TYPE_CHECKING:
    from collections.abc import Iterator

    from unchunk.report.diagnostic import Diagnostic, Report


def render(report: Report) -> Iterator[str]:
    """Yield a JSON list of issues."""
    seen: dict[str, int] = {}
    issues: list[dict[str, Any]] = []
    for entry in report.entries:
        key = f"{entry.path}\0{entry.identity}"
        seen[key] = seen.get(key, 0) + 1
        issues.append(_issue(entry, seen[key]))
    yield json.dumps(issues, indent=2) + "\n"


def _issue(entry: Diagnostic, occurrence: int) -> dict[str, Any]:
    issue = {
        "description": f"{entry.code} {entry.message}",
        "check_name": entry.code,
        "fingerprint": _fingerprint(entry, occurrence),
        "severity": "major",
        "location": {
            "path": _relative(entry.path),
            "positions": {
                "begin": {"line": entry.span.line, "column": entry.span.column + 1},
                "end": {"line": entry.span.end_line, "column": entry.span.end_column + 1},
            },
        },
    }
    page = url(entry.code)
    return issue | ({"content": {"body": page}} if page else {})


def _fingerprint(entry: Diagnostic, occurrence: int) -> str:
    """Return a fingerprint that stays when lines move, and differs between two equal calls in one file, as GitLab
    asks.
    """
    text = "\0".join((entry.code, _relative(entry.path), entry.identity, str(occurrence)))
    return hashlib.sha256(text.encode("utf-8", "surrogateescape")).hexdigest()


def _relative(path: str) -> str:
    """Return the path from the top of the project, which GitLab CI runs in."""
    relative = os.path.relpath(path, os.environ.get("CI_PROJECT_DIR") or os.curdir)
    return portable(path if relative.startswith(os.pardir) else relative).replace(os.sep, "/")
