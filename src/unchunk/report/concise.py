"""One line a finding: `path:line:column: CODE message`, as flake8 and compilers write it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from unchunk.analysis.findings import Applicability
from unchunk.analysis.visible import visible
from unchunk.report.entry import Entry, Report, place

if TYPE_CHECKING:
    from collections.abc import Iterator


def render(report: Report) -> Iterator[str]:
    """The lines."""
    for entry in report.entries:
        yield f"{place(entry)}: {entry.code} {mark(entry)}{visible(entry.message)}\n"


def mark(entry: Entry) -> str:
    """A star where `unchunk fix` repairs it, as Ruff marks it."""
    match entry.applicability:
        case Applicability.SAFE:
            return "[*] "
        case _:
            return ""
