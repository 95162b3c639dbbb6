"""The ways to cut a stream, as `--rechunk=…` and `@pytest.mark.rechunk(…)` take them."""

from __future__ import annotations

import random
import re
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple, Protocol

from .cutting import random_offsets

BYTEWISE = 65_536
"""Bytes of a stream that mode `byte` cuts one by one; behind them it cuts at every 1,021st."""
_FARTHER = 1_021


class Change(NamedTuple):
    """A place where a stream was cut, or where two of its pieces were joined.

    Attributes:
        stream: its number, from 1 in the order in which the streams of a test gave their first piece.
        offset: in bytes from the start of the stream.
        joined: whether two pieces that met here were made one.
    """

    stream: int
    offset: int
    joined: bool = False


class Mode(Protocol):
    """A way to cut streams."""

    @property
    def name(self) -> str:
        """Return the mode as the option takes it."""

    def cuts(self, stream: int, start: int, end: int) -> Iterable[int]:
        """Return the offsets, in order, at which a piece from `start` to `end` is cut."""

    def joins(self, stream: int, at: int) -> bool:
        """Return whether the piece that ends at an offset is joined to the next."""


@dataclass(frozen=True, slots=True)
class Byte:
    """Byte by byte."""

    name: str = "byte"

    def cuts(self, stream: int, start: int, end: int) -> Iterator[int]:
        yield from range(start + 1, min(end, BYTEWISE))
        farther = max(start + 1, BYTEWISE)
        yield from range(-(-farther // _FARTHER) * _FARTHER, end, _FARTHER)

    def joins(self, stream: int, at: int) -> bool:
        return False


@dataclass(frozen=True, slots=True)
class Half:
    """Every piece in two."""

    name: str = "half"

    def cuts(self, stream: int, start: int, end: int) -> list[int]:
        return [(start + end) // 2] if end - start > 1 else []

    def joins(self, stream: int, at: int) -> bool:
        return False


@dataclass(frozen=True, slots=True)
class Coalesce:
    """Every two pieces in one."""

    name: str = "coalesce"

    def cuts(self, stream: int, start: int, end: int) -> list[int]:
        return []

    def joins(self, stream: int, at: int) -> bool:
        return True


class Random:
    """At random places, the same ones for the same seed in every run, wherever the pieces of a stream begin."""

    def __init__(self, seed: int) -> None:
        self.name = f"random:{seed}"
        self._seed = seed
        self._offsets: dict[int, tuple[Iterator[int], list[int]]] = {}

    def cuts(self, stream: int, start: int, end: int) -> list[int]:
        if stream not in self._offsets:
            self._offsets[stream] = (random_offsets(f"{self._seed}/{stream}"), [0])
        more, drawn = self._offsets[stream]
        while drawn[-1] < end:
            drawn.append(next(more))
        return _between(drawn, start, end)

    def joins(self, stream: int, at: int) -> bool:
        return False


class Replay:
    """At the places that were told, and nowhere else; without any the streams stay as they come."""

    def __init__(self, changes: Iterable[Change] = ()) -> None:
        self.changes = sorted(set(changes))
        self._cuts: dict[int, list[int]] = defaultdict(list)
        for change in self.changes:
            if not change.joined:
                self._cuts[change.stream].append(change.offset)
        self._joins = {(change.stream, change.offset) for change in self.changes if change.joined}

    @property
    def name(self) -> str:
        streams: dict[int, list[str]] = defaultdict(list)
        for change in self.changes:
            streams[change.stream].append(f"{'+' if change.joined else ''}{change.offset}")
        return "replay:" + "/".join(f"{number}@{','.join(places)}" for number, places in streams.items())

    def cuts(self, stream: int, start: int, end: int) -> list[int]:
        return _between(self._cuts.get(stream, []), start, end)

    def joins(self, stream: int, at: int) -> bool:
        return (stream, at) in self._joins


def _between(offsets: list[int], start: int, end: int) -> list[int]:
    return offsets[bisect_right(offsets, start) : bisect_left(offsets, end)]


_STREAM = re.compile(r"(\d+)@(\+?\d+(?:,\+?\d+)*)")


def parse(text: str) -> list[Mode]:
    """Read what the option was given: one mode, several with commas between them, or `all`.

    Raises:
        ValueError: there is no such mode; says which there are.
    """
    if text.startswith("replay:"):
        return [_replay(text)]
    return [mode for name in text.split(",") for mode in _named(name.strip())]


def with_seed(text: str) -> str:
    """Write a seed into `random` and `all` that have none, so that every process of a run draws the same cuts."""
    named = [mode.name for mode in parse(text)]
    return ",".join(named)


def _named(name: str) -> list[Mode]:
    seed = random.SystemRandom().randrange(1_000_000)
    match name.split(":"):
        case ["byte"]:
            return [Byte()]
        case ["half"]:
            return [Half()]
        case ["coalesce"]:
            return [Coalesce()]
        case ["random"]:
            return [Random(seed)]
        case ["random", number] if number.isdecimal():
            return [Random(int(number))]
        case ["all"]:
            return [Byte(), Half(), Coalesce(), Random(seed)]
    raise ValueError(f"there is no mode {name!r} (there are byte, half, coalesce, random, random:SEED, all, replay:…)")


def _replay(text: str) -> Replay:
    changes: list[Change] = []
    for part in filter(None, text.removeprefix("replay:").split("/")):
        match = _STREAM.fullmatch(part)
        if match is None:
            raise ValueError(f"{text!r} is not what a report has printed: replay:STREAM@OFFSET,…/STREAM@OFFSET,…")
        stream, places = int(match[1]), match[2].split(",")
        changes += [Change(stream, int(place), place.startswith("+")) for place in places]
    return Replay(changes)
