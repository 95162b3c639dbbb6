"""Figures of a campaign, and its repositories one by one, as the reports show them."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from unchunk.campaign.ledger import client_of
from unchunk.campaign.record import MEANINGS, State
from unchunk.report.rule_pages import page

if TYPE_CHECKING:
    from collections.abc import Iterator

    from unchunk.campaign.ledger import Ledger, Push, Row


@dataclass(frozen=True, slots=True)
class Total:
    """Findings of one rule or client library.

    Attributes:
        title: the name of a rule; empty for a library.
    """

    word: str
    repositories: int
    fixed: int
    left: int
    title: str = ""


@dataclass(frozen=True, slots=True)
class Overview:
    """Figures of a campaign.

    Attributes:
        states: state, its meaning, and how many repositories are in it.
    """

    states: list[tuple[str, str, int]]
    rules: list[Total]
    clients: list[Total]

    @property
    def repositories(self) -> int:
        """Return the number of entries."""
        return sum(count for _, _, count in self.states)

    @property
    def fixed(self) -> int:
        """Return the number of fixed findings."""
        return sum(total.fixed for total in self.rules)

    @property
    def left(self) -> int:
        """Return the number of remaining findings."""
        return sum(total.left for total in self.rules)


@dataclass(frozen=True, slots=True)
class Shown:
    """Repository as a report shows it."""

    row: Row
    findings: list[dict[str, Any]]
    push: Push | None

    @property
    def fixed(self) -> int:
        """Return the number of fixed findings."""
        return sum(finding["outcome"] == "fixed" for finding in self.findings)

    @property
    def left(self) -> int:
        """Return the number of remaining findings."""
        return len(self.findings) - self.fixed

    @property
    def codes(self) -> list[str]:
        """Return the rules of its findings."""
        return sorted({finding["code"] for finding in self.findings})

    @property
    def clients(self) -> list[str]:
        """Return the client libraries of its findings."""
        return sorted({client_of(finding) for finding in self.findings})

    @property
    def seconds(self) -> float:
        """Return the elapsed time."""
        return sum(self.row.record.timings.values())


def overview(ledger: Ledger) -> Overview:
    """Count what is in a ledger."""
    return Overview(
        [(state.value, MEANINGS[state], count) for state, count in ledger.counts().items()],
        [Total(*values, _title(values[0])) for values in ledger.totals("code")],
        [Total(*values) for values in ledger.totals("client")],
    )


def shown(ledger: Ledger) -> Iterator[Shown]:
    """Read the repositories one by one, those with something to tell first."""
    first = (State.PARTLY_FIXED, State.FIXED, State.NOT_FIXED, State.FAILED)
    for states in (first, tuple(state for state in State if state not in first)):
        for row in ledger.rows(*states):
            yield Shown(row, ledger.findings(row), ledger.push_of(row))


def reasons(ledger: Ledger) -> list[tuple[str, int]]:
    """Count the reasons for which findings are left, the most frequent first."""
    found: Counter[str] = Counter()
    for row in ledger.rows(State.PARTLY_FIXED, State.NOT_FIXED):
        found.update(each["reason"] or "" for each in ledger.findings(row) if each["outcome"] == "left")
    return found.most_common()


def _title(code: str) -> str:
    known = page(code)
    return known.name if known else ""
