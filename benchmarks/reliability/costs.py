"""Measuring what programs cost that are made to be dear."""

from __future__ import annotations

import os
import resource
import time
from collections.abc import Iterator

from unchunk.analysis import Settings
from unchunk.cli.check_file import Task, check_file

from .shapes import Shape, shapes
from .table import Row

SECONDS = 10
MEGABYTES = 500
GIVEN_UP = 60
"""Seconds of CPU after which a program is not waited for."""


def costs(size: int) -> Iterator[Row]:
    """Look into a program of every shape, each in a process of its own."""
    faults = {f"over {SECONDS} s": 0, f"over {MEGABYTES} MB": 0, "killed or internal error": 0}
    trials = 0
    dearest = 0.0
    for trials, (name, shape) in enumerate(shapes(), 1):  # noqa: B007 - the last number is told
        seconds, megabytes, told = _measured(shape, size)
        dearest = max(dearest, seconds)
        found = (seconds > SECONDS, megabytes > MEGABYTES, told != "")
        for fault, is_met in zip(faults, found, strict=True):
            faults[fault] += is_met
        if any(found):
            yield Row(f"{name}: {seconds:.1f} s, {megabytes} MB {told}", 1, {"over": 1})
    yield Row(f"dear shapes of {size:,} bytes (dearest {dearest:.1f} s of CPU)", trials, faults)


def program(shape: Shape, size: int) -> str:
    """Make a program of a shape that is no longer than that."""
    low, high = 1, 4
    while len(shape(high)) <= size and high < size:
        low, high = high, high * 4
    while high - low > max(1, low // 20):
        middle = (low + high) // 2
        low, high = (middle, high) if len(shape(middle)) <= size else (low, middle)
    return shape(low)


def _measured(shape: Shape, size: int) -> tuple[float, int, str]:
    """CPU seconds, megabytes, and what went wrong."""
    reading, writing = os.pipe()
    process = os.fork()
    if process == 0:
        try:
            source = program(shape, size).encode()
            spent = int(time.process_time())
            resource.setrlimit(resource.RLIMIT_CPU, (spent + GIVEN_UP, spent + GIVEN_UP))
            start = time.process_time()
            outcome = check_file(Task("dear.py", source, Settings()))
            seconds = time.process_time() - start
            peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
            is_fault = outcome.problem is not None and "internal error" in outcome.problem.message
            os.write(writing, f"{seconds} {peak} {'internal error' if is_fault else ''}".encode())
        finally:
            os._exit(0)
    os.close(writing)
    with open(reading) as pipe:
        told = pipe.read().split(" ", 2)
    os.waitpid(process, 0)
    return (float(told[0]), int(told[1]), told[2]) if len(told) == 3 else (float(GIVEN_UP), 0, "killed")
