"""Counts the work of planning the fixes of one file, so that none keeps the others waiting."""

from __future__ import annotations

import sys

LEAST_LOOKS = 100_000
LOOKS_A_NODE = 20
"""How often, on average, a node may be looked at before planning lets go."""
MOST_LOOKS = 1_000_000
MOST_STEPS = 1_000_000
"""How many statements and expressions may be run on made-up pieces for all findings of a file."""


class TooMuch(Exception):
    """More would have to be looked at than a file of this size is worth."""


class Budget:
    """What may still be spent on the file whose fixes are being planned.

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
        self.most = LEAST_LOOKS

    def stop(self) -> None:
        """Count no more: what is done to a file that is rewritten is bounded by its fixes."""
        self.looks = self.steps = 0
        self.most = sys.maxsize

    def grant(self, nodes: int) -> None:
        """Allow for the size of a file."""
        self.most = min(self.most + LOOKS_A_NODE * nodes, MOST_LOOKS)

    def look(self, times: int = 1) -> None:
        """Pay for looking at nodes.

        Raises:
            TooMuch: that was done too often.
        """
        self.looks += times
        if self.looks > self.most:
            raise TooMuch

    def run(self, steps: int) -> None:
        """Pay for running code on made-up pieces.

        Raises:
            TooMuch: that is more than any file is worth.
        """
        self.steps += steps
        if self.steps > MOST_STEPS:
            raise TooMuch


budget = Budget()
"""That of the one file whose fixes this process is planning."""
