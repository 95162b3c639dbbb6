"""Line diff: the new lines of a text, by the shortest edit script (Myers, 1986)."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

MAX_EDITS = 1_000
"""Lines added and deleted. Time and memory grow with the square; beyond it all between the first and the last
difference counts as changed.
"""


def changed_lines(before: bytes, after: bytes) -> list[range]:
    """List the stretches of lines (from 1) that are new; an empty one stands where lines are gone.

    A carriage return at the end of a line does not count: git may have changed it at checkout.
    """
    old, new = _lines(before), _lines(after)
    start, end = _same_ends(old, new)
    matched = _matched(old[start : len(old) - end], new[start : len(new) - end])
    kept = [(at, at) for at in range(start)]
    kept += [(start + i, start + j) for i, j in matched]
    kept += [(len(old) - at, len(new) - at) for at in range(end, 0, -1)]
    ranges: list[range] = []
    last_old = last_new = -1
    for i, j in [*kept, (len(old), len(new))]:
        if (i, j) != (last_old + 1, last_new + 1):
            ranges.append(range(last_new + 2, j + 1))
        last_old, last_new = i, j
    return ranges


def _lines(text: bytes) -> list[bytes]:
    return [line.removesuffix(b"\r") for line in text.split(b"\n")]


def _same_ends(old: Sequence[bytes], new: Sequence[bytes]) -> tuple[int, int]:
    """Return how many lines are the same at the start, and then at the end."""
    most = min(len(old), len(new))
    start = next((at for at in range(most) if old[at] != new[at]), most)
    end = next((at for at in range(most - start) if old[-1 - at] != new[-1 - at]), most - start)
    return start, end


def _matched(old: Sequence[bytes], new: Sequence[bytes]) -> list[tuple[int, int]]:
    """Return the pairs of lines that stay in a shortest edit script; none if that is too long to search for."""
    furthest = {1: 0}
    rounds: list[dict[int, int]] = []
    for edits in range(min(len(old) + len(new), MAX_EDITS) + 1):
        rounds.append(furthest.copy())
        for diagonal in range(-edits, edits + 1, 2):
            down = diagonal == -edits or (diagonal != edits and furthest[diagonal - 1] < furthest[diagonal + 1])
            i = furthest[diagonal + 1] if down else furthest[diagonal - 1] + 1
            j = i - diagonal
            while i < len(old) and j < len(new) and old[i] == new[j]:
                i, j = i + 1, j + 1
            furthest[diagonal] = i
            if diagonal == len(old) - len(new) and i >= len(old):
                return _walked_back(rounds, len(old), len(new))
    return []


def _walked_back(rounds: Sequence[dict[int, int]], i: int, j: int) -> list[tuple[int, int]]:
    pairs: list[tuple[int, int]] = []
    for edits in range(len(rounds) - 1, -1, -1):
        furthest, diagonal = rounds[edits], i - j
        down = diagonal == -edits or (diagonal != edits and furthest[diagonal - 1] < furthest[diagonal + 1])
        above = diagonal + 1 if down else diagonal - 1
        from_i = furthest[above]
        from_j = from_i - above
        while i > max(from_i, 0) and j > max(from_j, 0):
            i, j = i - 1, j - 1
            pairs.append((i, j))
        i, j = from_i, from_j
    return pairs[::-1]
