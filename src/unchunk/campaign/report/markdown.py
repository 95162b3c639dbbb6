"""Report of a campaign as Markdown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from unchunk.campaign.pull_request import escaped
from unchunk.campaign.report.overview import overview, reasons, shown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from unchunk.campaign.ledger import Ledger
    from unchunk.campaign.report.overview import Shown, Total

_UNINTERESTING = ("clean", "empty", "pending")


def render(ledger: Ledger) -> Iterator[str]:
    """Write it piece by piece."""
    figures = overview(ledger)
    yield f"# Campaign\n\n{figures.repositories} repositories, {figures.fixed} findings fixed, {figures.left} left.\n"
    yield "\n| state | repositories | |\n|---|---|---|\n"
    yield from (f"| {state} | {count} | {meaning} |\n" for state, meaning, count in figures.states)
    yield from _totals("rule", figures.rules)
    yield from _totals("client library", figures.clients)
    found = reasons(ledger)
    if found:
        yield "\n| left because | findings |\n|---|---|\n"
        yield from (f"| {escaped(reason) or 'no reason given'} | {count} |\n" for reason, count in found)
    yield "\n| repository | state | fixed | left | |\n|---|---|---|---|---|\n"
    for one in shown(ledger):
        if one.row.record.state not in _UNINTERESTING:
            yield _line(one)


def _totals(heading: str, totals: list[Total]) -> Iterator[str]:
    if totals:
        yield f"\n| {heading} | repositories | fixed | left |\n|---|---|---|---|\n"
    for total in totals:
        yield f"| {escaped(f'{total.word} {total.title}')} | {total.repositories} | {total.fixed} | {total.left} |\n"


def _line(one: Shown) -> str:
    record = one.row.record
    told = f"{record.error_kind}: {escaped(record.error)}" if record.error_kind else ", ".join(one.codes)
    return f"| {escaped(one.row.name)} | {record.state.value} | {one.fixed} | {one.left} | {told} |\n"
