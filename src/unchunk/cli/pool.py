"""A map over many files, in several processes where that pays."""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import threading
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from multiprocessing.context import BaseContext
    from multiprocessing.synchronize import Event
    from typing import Any

# Below this a second process costs more than it saves: starting one takes about as long as looking into this many
# bytes.
_WORTH_A_PROCESS = 200_000
# Files that lie beside each other import the same modules, which are read once a process; several stretches for each,
# so that none waits long for the last one.
_BLOCKS_A_PROCESS = 6

T = TypeVar("T")
R = TypeVar("R")


def parallel_map(
    function: Callable[[T], R], tasks: Sequence[T], sizes: Sequence[int], jobs: int | None = None
) -> Iterable[R]:
    """Yield the results in the order of the tasks, as they come.

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
    """Return the number of processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _in_processes(function: Callable[[T], R], tasks: Sequence[T], sizes: Sequence[int], processes: int) -> Iterable[R]:
    from concurrent.futures import ProcessPoolExecutor

    context = _context()
    stopped = context.Event()
    blocks = list(_blocks(sizes, sum(sizes) // (processes * _BLOCKS_A_PROCESS)))
    largest_first = sorted(blocks, key=lambda block: -sum(sizes[index] for index in block))
    with ProcessPoolExecutor(
        processes, mp_context=context, initializer=_start, initargs=(function, tasks, stopped)
    ) as executor:
        with _interrupts_waiting():
            futures = {block: executor.submit(_do, block) for block in largest_first}
        try:
            for block in blocks:
                yield from futures[block].result()
        except BaseException:
            stopped.set()
            executor.shutdown(wait=False, cancel_futures=True)
            raise


def _blocks(sizes: Sequence[int], most: int) -> Iterator[range]:
    """Yield the tasks in ranges of about that size."""
    start = size = 0
    for index, more in enumerate(sizes):
        if index > start and size + more > most:
            yield range(start, index)
            start, size = index, 0
        size += more
    yield range(start, len(sizes))


class _Work:
    """The state of a worker process."""

    function: Callable[[Any], Any]
    tasks: Sequence[Any]
    stopped: Event


def _start(function: Callable[[T], R], tasks: Sequence[T], stopped: Event) -> None:
    """Turn a process into a worker.

    The tasks come with the process, by a fork at no cost; what is sent later is no more than a number. Interruptions
    are the parent's: a worker that is ended half way through a message, or with a lock, leaves the others waiting for
    ever, so each finishes the file it is at. A parent that is no more takes its workers with it at once: they hold its
    output open.
    """
    for name, handler in (("SIGINT", signal.SIG_IGN), ("SIGHUP", signal.SIG_IGN), ("SIGTERM", signal.SIG_DFL)):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), handler)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    _Work.function = staticmethod(function)
    _Work.tasks = tasks
    _Work.stopped = stopped


@contextlib.contextmanager
def _interrupts_waiting() -> Iterator[None]:
    """Block Ctrl-C while workers start, which could not ignore it from their first moment on."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _end_with_parent() -> None:
    from multiprocessing import parent_process  # by now it is there anyway

    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _do(block: range) -> list[Any]:
    return [None if _Work.stopped.is_set() else _Work.function(_Work.tasks[index]) for index in block]


def _context() -> BaseContext:
    """Return the start method: fork, which starts at once with all imports, or spawn where forking is not safe."""
    import multiprocessing

    return multiprocessing.get_context("fork" if sys.platform == "linux" else "spawn")
