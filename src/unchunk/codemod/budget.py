"""Budget for planning the fixes of one file, so that none keeps the others waiting."""

from __future__ import annotations

import sys

MIN_LOOKS = 100_000
LOOKS_A_NODE = 20
"""Budget: average visits per node before planning stops."""
MAX_LOOKS = 1_000_000
MAX_STEPS = 1_000_000
"""Budget of statements and expressions run on made-up pieces, for all findings of a file."""


class TooMuch(Exception):
    """The budget of a file of this size is used up."""


class Budget:
    """The budget left for the file whose fixes are being planned.

    Attributes:
        looks: how often nodes were looked at.
        steps: how many statements and expressions were run.
    """

    __slots__ = ("looks", "most", "steps")

    def __init__(self) -> None:
        self.stop()

    def start(self) -> None:
        """Begin with another file."""
        self.looks = self.steps = 0
        self.most = MIN_LOOKS

    def stop(self) -> None:
        """Stop counting: the rewrite of a file is bounded by its fixes."""
        self.looks = self.steps = 0
        self.most = sys.maxsize

    def grant(self, nodes: int) -> None:
        """Allow for the size of a file."""
        self.most = min(self.most + LOOKS_A_NODE * nodes, MAX_LOOKS)

    def look(self, times: int = 1) -> None:
        """Charge for looking at nodes.

        Raises:
            TooMuch: that was done too often.
        """
        self.looks += times
        if self.looks > self.most:
            raise TooMuch

    def run(self, steps: int) -> None:
        """Charge for running code on made-up pieces.

        Raises:
            TooMuch: that is more than any file is worth.
        """
        self.steps += steps
        if self.steps > MAX_STEPS:
            raise TooMuch


budget = Budget()
"""That of the one file whose fixes this process is planning."""
