"""One line a finding: `path:line:column: CODE message`, as flake8 and compilers write it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from unchunk.analysis.findings import Applicability
from unchunk.analysis.visible import visible
from unchunk.report.entry import Entry, Report, place

if TYPE_CHECKING:
    from collections.abc import Iterator


_BOLD_RED = "\x1b[1;31m"
_RESET = "\x1b[0m"


def render(report: Report) -> Iterator[str]:
    """The lines."""
    for entry in report.entries:
        code = f"{_BOLD_RED}{entry.code}{_RESET}" if report.color else entry.code
        yield f"{place(entry)}: {code} {mark(entry)}{visible(entry.message)}\n"


def mark(entry: Entry) -> str:
    """A star where `unchunk fix` repairs it, as Ruff marks it."""
    match entry.applicability:
        case Applicability.SAFE:
            return "[*] "
        case _:
            return ""
