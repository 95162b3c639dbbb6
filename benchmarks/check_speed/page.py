"""The measurements, as the page `docs/check-speed.md`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

INTRODUCTION = """\
# Speed of the linter

Written by `python -m benchmarks.check_speed`. The figures are those of one machine at one time; the ratios should hold
on others.
"""


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of the table; `limit` is what it is to stay at or below, in the unit of `value`."""

    what: str
    ours: str
    theirs: str
    value: float
    limit: float
    unit: str = ""

    @property
    def met(self) -> bool:
        return self.value <= self.limit

    def row(self) -> str:
        """Return the line as Markdown."""
        judged = "met" if self.met else "missed"
        value, limit = f"{self.value:.2f}{self.unit}", f"{self.limit:.2f}{self.unit}"
        return f"| {self.what} | {self.ours} | {self.theirs} | {value} | {limit} | {judged} |"


def page(circumstances: str, figures: Sequence[Figure], notes: Sequence[str]) -> str:
    """Return the whole page."""
    return "\n".join(_lines(circumstances, figures, notes))


def _lines(circumstances: str, figures: Sequence[Figure], notes: Sequence[str]) -> Iterator[str]:
    yield INTRODUCTION
    yield f"{circumstances}\n"
    yield "| what | unchunk | beside it | figure | limit | |"
    yield "|---|---|---|---|---|---|"
    yield from (figure.row() for figure in figures)
    yield ""
    yield from (f"- {note}" for note in notes)
    yield ""
