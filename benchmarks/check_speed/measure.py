"""CPU and wall time of child processes, and of functions in this one."""

from __future__ import annotations

import atexit
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

PYTHON = sys.executable
ROOT = Path(__file__).parents[2]
Command = Sequence[str]


@dataclass(frozen=True, slots=True)
class Time:
    """The time of a command, in seconds; `cpu` includes its children."""

    cpu: float
    wall: float


@dataclass(frozen=True, slots=True)
class Pair:
    """Two commands, measured one after the other again and again: the medians, and the medians of the ratios."""

    ours: Time
    theirs: Time
    cpu: float
    wall: float


def run(command: Command) -> Time:
    """Measure a command.

    Raises:
        SystemExit: it fails.
    """
    before, started = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    done = subprocess.run(command, capture_output=True, env=_environment(), check=False)
    if done.returncode not in (0, 1):
        raise SystemExit(f"{' '.join(command)} failed:\n{done.stderr.decode()}")
    wall = time.perf_counter() - started
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return Time(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, wall)


@cache
def _environment() -> dict[str, str]:
    """Byte code is kept, as it is for installed packages, in a folder of its own that the first run fills."""
    folder = tempfile.mkdtemp(prefix="check-speed-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    paths = os.pathsep.join((str(ROOT / "src"), str(ROOT)))
    return {**kept, "PYTHONPATH": paths, "PYTHONPYCACHEPREFIX": folder}


def pair(ours: Command, theirs: Command, runs: int) -> Pair:
    """Both commands, `runs` times in turn; the first pair only warms the caches."""
    run(ours)
    run(theirs)
    pairs = [(run(ours), run(theirs)) for _ in range(runs)]
    return Pair(
        _median([one for one, _ in pairs]),
        _median([other for _, other in pairs]),
        statistics.median(one.cpu / other.cpu for one, other in pairs),
        statistics.median(one.wall / other.wall for one, other in pairs),
    )


def _median(times: Sequence[Time]) -> Time:
    return Time(statistics.median(one.cpu for one in times), statistics.median(one.wall for one in times))


def cpu_of(work: Callable[[], object]) -> float:
    """CPU seconds of a function, the better of two runs."""
    return min(_once(work) for _ in range(2))


def _once(work: Callable[[], object]) -> float:
    started = time.process_time()
    work()
    return time.process_time() - started
