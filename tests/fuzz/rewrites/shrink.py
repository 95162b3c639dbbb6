"""Makes failing programs small, and puts those together that need the same parts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from .grammar import Choice, smaller


def shrink(choice: Choice, fails: Callable[[Choice], bool]) -> Choice:
    """Return the smallest choice that still fails, by leaving out one part after the other."""
    while True:
        for candidate in smaller(choice):
            if fails(candidate):
                choice = candidate
                break
        else:
            return choice


@dataclass
class Group:
    """Programs that fail for the same parts."""

    smallest: Choice
    count: int = 0
    safe: int = 0
