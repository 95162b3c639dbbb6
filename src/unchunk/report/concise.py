"""One line a finding: `path:line:column: CODE message`, as flake8 and compilers write it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from unchunk.analysis.findings import Applicability
from unchunk.analysis.visible import visible
from unchunk.report.diagnostic import Diagnostic, Report, place

if TYPE_CHECKING:
    from collections.abc import Iterator


_BOLD_RED = "\x1b[1;31m"
_RESET = "\x1b[0m"


def render(report: Report) -> Iterator[str]:
    """Yield the lines."""
    for entry in report.entries:
        code = f"{_BOLD_RED}{entry.code}{_RESET}" if report.color else entry.code
        yield f"{place(entry)}: {code} {mark(entry)}{visible(entry.message)}\n"


def mark(entry: Diagnostic) -> str:
    """Return Ruff's star for a finding that `unchunk fix` fixes safely."""
    match entry.applicability:
        case Applicability.SAFE:
            return "[*] "
        case _:
            return ""
