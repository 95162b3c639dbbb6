"""Executors of a campaign: on this machine, or on a Dask cluster that is there already."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

from unchunk.campaign import isolation
from unchunk.cli.pool import processors

_CONNECT = 30
"""Seconds for a scheduler to answer."""


class SchedulerError(Exception):
    """The scheduler does not answer."""


@dataclass(frozen=True, slots=True)
class Workplace:
    """Executor, and how many repositories it does at a time.

    Attributes:
        width: may change while a cluster grows or shrinks.
    """

    executor: Executor
    width: Callable[[], int]


@contextlib.contextmanager
def local(jobs: int | None = None) -> Iterator[Workplace]:
    """Work on this machine: a thread for each job, which does nothing but wait for a process of its own."""
    number = jobs or processors()
    executor = ThreadPoolExecutor(number)
    try:
        yield Workplace(executor, lambda: number)
    finally:
        isolation.close()
        executor.shutdown(cancel_futures=True)
        isolation.close()


@contextlib.contextmanager
def dask(address: str) -> Iterator[Workplace]:
    """Work on a cluster: its workers clone by themselves, each in processes of its own, and only records travel.

    Raises:
        SchedulerError: nothing answers at the address.
    """
    import distributed  # large, and not needed on one machine

    connect: Any = distributed.Client

    try:
        client: Any = connect(address, timeout=_CONNECT, set_as_default=False)
    except (OSError, ValueError) as error:
        raise SchedulerError(f"{address}: no scheduler answers: {error}") from error
    with client:
        executor = client.get_executor(pure=False)
        try:
            yield Workplace(executor, lambda: max(sum(client.nthreads().values()), 1))
        finally:
            executor.shutdown(wait=False)
