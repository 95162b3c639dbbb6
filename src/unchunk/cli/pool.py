"""Does the same to many files, in several processes where that pays."""

from __future__ import annotations

import os
import signal
import sys
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from multiprocessing.context import BaseContext

# Below this a second process costs more than it saves: starting one takes about as long as looking into this many
# bytes.
_WORTH_A_PROCESS = 200_000

T = TypeVar("T")
R = TypeVar("R")


def each(function: Callable[[T], R], tasks: Sequence[T], sizes: Sequence[int], jobs: int | None = None) -> Iterable[R]:
    """The results in the order of the tasks, as they come.

    Args:
        function: importable by name, as are its argument and its result.
        sizes: the work in each task, in bytes of source.
        jobs: the most processes to use; None for as many as this process may run on.
    """
    processes = min(jobs or processors(), len(tasks), sum(sizes) // _WORTH_A_PROCESS)
    if processes < 2:
        return map(function, tasks)
    return _in_processes(function, tasks, sizes, processes)


def processors() -> int:
    """How many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _in_processes(function: Callable[[T], R], tasks: Sequence[T], sizes: Sequence[int], processes: int) -> Iterable[R]:
    import multiprocessing
    from concurrent.futures import ProcessPoolExecutor

    largest_first = sorted(range(len(tasks)), key=lambda index: -sizes[index])
    with ProcessPoolExecutor(
        processes, mp_context=_context(), initializer=_leave_interruptions_to_the_parent
    ) as executor:
        futures = {index: executor.submit(function, tasks[index]) for index in largest_first}
        try:
            for index in range(len(tasks)):
                yield futures[index].result()
        except BaseException:
            executor.shutdown(wait=False, cancel_futures=True)
            for worker in multiprocessing.active_children():  # what they are at is of no use any more
                worker.terminate()
            raise


def _leave_interruptions_to_the_parent() -> None:
    """A worker that dies of Ctrl-C may take a lock with it that the others wait for; the parent ends them in order."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _context() -> BaseContext:
    """Forking starts at once with all that is imported already; where it is not safe, a fresh interpreter is
    started.
    """
    import multiprocessing

    return multiprocessing.get_context("fork" if sys.platform == "linux" else "spawn")
