"""CPU time of two ways to do the same work, back to back, many times: the median of the ratios."""

from __future__ import annotations

import gc
import statistics
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Ratio:
    """The speed relative to the reference: median and quartiles of the paired rounds."""

    median: float
    low: float
    high: float
    rounds: int

    @classmethod
    def of(cls, ratios: list[float]) -> Ratio:
        if len(ratios) < 2:
            return cls(ratios[0], ratios[0], ratios[0], len(ratios))
        low, median, high = statistics.quantiles(ratios, n=4, method="inclusive")
        return cls(median, low, high, len(ratios))


def cpu_seconds(work: Callable[[], Iterable[Any]]) -> float:
    """Return the CPU time to take all values, each released before the next; without the garbage collector's rounds."""
    gc.collect()
    gc.disable()
    try:
        start = time.process_time()
        for _ in work():
            pass
        return time.process_time() - start
    finally:
        gc.enable()


def paired(
    reference: Callable[[], Iterable[Any]], candidates: dict[str, Callable[[], Iterable[Any]]], *, seconds: float
) -> dict[str, Ratio]:
    """Return the ratio of each candidate to the reference, measured in rounds for about so many seconds."""
    ratios: dict[str, list[float]] = {name: [] for name in candidates}
    stop = time.monotonic() + seconds
    cpu_seconds(reference)
    while True:
        for name, candidate in candidates.items():
            # The reference runs right before each candidate: a slow phase of the machine hits both.
            ratios[name].append(cpu_seconds(reference) / cpu_seconds(candidate))
        rounds = len(next(iter(ratios.values())))
        if rounds >= 3 and time.monotonic() > stop:
            return {name: Ratio.of(values) for name, values in ratios.items()}
