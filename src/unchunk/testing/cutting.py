"""Cuts of a body, for tests of one's own handler."""

from __future__ import annotations

import random
from itertools import takewhile
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from hypothesis.strategies import SearchStrategy

Body = TypeVar("Body", bytes, str)

MEANS = (1.5, 3.0, 8.0, 30.0)
"""Mean sizes of the pieces that random cuts are drawn from, by turns: many small ones, few large."""
_MAX_TWO_WAY = 2000


def recut(
    body: Body, *, two_way: bool = True, single: bool = True, random: int = 8, seed: int = 0
) -> Iterator[list[Body]]:
    """Cut a body in all the ways that tell right handlers from wrong ones; the pieces, joined, are the body.

    Args:
        body: the whole stream; `str` is cut between characters.
        two_way: every cut in two. A body longer than 2,000 is cut in two at about so many places only.
        single: byte by byte, or character by character.
        random: how many random cuts.
        seed: of the random cuts.
    """
    yield [body]
    if single:
        yield [body[at : at + 1] for at in range(len(body))]
    if two_way:
        yield from (at_offsets(body, [at]) for at in range(1, len(body), max(1, len(body) // _MAX_TWO_WAY)))
    for number in range(random):
        yield at_offsets(body, takewhile(len(body).__gt__, random_offsets(f"{seed}/{number}")))


def cuts(body: Body) -> SearchStrategy[list[Body]]:
    """Return a Hypothesis strategy of all cuts of a body, which shrinks to as few as still fail, as early as they do.

    Raises:
        ModuleNotFoundError: Hypothesis is not installed.
    """
    from hypothesis import strategies  # an extra of whoever uses it

    offsets = strategies.integers(1, len(body) - 1) if len(body) > 1 else strategies.nothing()
    return strategies.sets(offsets).map(lambda chosen: at_offsets(body, sorted(chosen)))


def at_offsets(body: Body, offsets: Iterable[int]) -> list[Body]:
    """Cut a body at the given offsets, in order; those at its ends are none."""
    ends: list[int] = [at for at in offsets if 0 < at < len(body)]
    return [body[start:end] for start, end in zip([0, *ends], [*ends, len(body)], strict=True)]


def random_offsets(seed: str) -> Iterator[int]:
    """Draw offsets without end."""
    source, at = random.Random(seed), 0
    while True:
        at += 1 + int(source.expovariate(1 / source.choice(MEANS)))
        yield at
