"""The smallest set of changes that still fails: delta debugging (Zeller and Hildebrandt, 2002)."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

Item = TypeVar("Item")


def smallest(items: Sequence[Item], fails: Callable[[Sequence[Item]], bool]) -> list[Item]:
    """Return a part of the items that fails and of which no single one can be left out.

    Args:
        items: a set that fails.
        fails: whether a part does; one that says no without a try ends the search early, with what is smallest by then.
    """
    left, parts = list(items), 2
    while len(left) > 1:
        smaller = next((part for part in _parts(left, parts) if fails(part)), None)
        if smaller is not None:
            parts = 2 if len(smaller) <= -(-len(left) // parts) else max(parts - 1, 2)
            left = smaller
        elif parts >= len(left):
            return left
        else:
            parts = min(len(left), parts * 2)
    return left


def _parts(items: list[Item], count: int) -> Iterator[list[Item]]:
    """Yield each of so many parts, and then, of more than two, all but each."""
    size = -(-len(items) // count)
    starts = range(0, len(items), size)
    yield from (items[start : start + size] for start in starts)
    if count > 2:
        yield from (items[:start] + items[start + size :] for start in starts)
