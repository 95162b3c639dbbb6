"""For people: `full` on a terminal, `concise` in a file or a pipe, in colour or not."""

from __future__ import annotations

from typing import TYPE_CHECKING

from unchunk.report import concise, full

if TYPE_CHECKING:
    from collections.abc import Iterator

    from unchunk.report.diagnostic import Report


def render(report: Report) -> Iterator[str]:
    """Yield the report in the form that suits its destination."""
    yield from concise.render(report) if report.width is None else full.render(report)
