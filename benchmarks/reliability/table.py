"""The table of trials and faults."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Row:
    """An experiment: how often it was tried, and how often each fault was seen."""

    name: str
    trials: int
    faults: Mapping[str, int]

    def __str__(self) -> str:
        told = ", ".join(f"{name} {count}" for name, count in self.faults.items())
        return f"| {self.name} | {self.trials} | {told} |"


HEADING = "| experiment | trials | faults |\n|---|---|---|"
