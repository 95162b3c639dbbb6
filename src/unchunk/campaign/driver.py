"""Driver of a campaign: hands out what is left to do, and keeps each record as it comes."""

from __future__ import annotations

from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, CancelledError, Future, wait
from typing import TYPE_CHECKING

from unchunk.campaign.isolation import done_apart
from unchunk.campaign.record import Record, State, Task, failed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from unchunk.campaign.executors import Workplace
    from unchunk.campaign.ledger import Row, Writer
    from unchunk.campaign.record import Limits

_AHEAD = 2
"""Repositories handed out for each that is worked on, so that no process waits for the ledger."""


class Stopped(Exception):
    """The executor takes no more work; what it was given last is left to the next run."""


def run(ledger: Writer, place: Workplace, limits: Limits) -> Iterator[tuple[Row, Record]]:
    """Do what is left to do; give each repository with its record, which is in the ledger by then.

    No more is kept in memory than what is being worked on, however many repositories there are.

    Raises:
        Stopped: see there.
    """
    settings = ledger.settings
    pending = ledger.rows(State.PENDING)
    running: dict[Future[Record], Row] = {}
    try:
        while True:
            for row in _some(pending, place.width() * _AHEAD - len(running)):
                running[place.executor.submit(done_apart, Task(row.source, settings, limits))] = row
            if not running:
                return
            for future in wait(running, return_when=FIRST_COMPLETED).done:
                row = running.pop(future)
                record = _record(future)
                ledger.keep(row, record)
                yield row, record
    finally:
        for future in running:
            future.cancel()


def _some(rows: Iterator[Row], number: int) -> Iterator[Row]:
    for _ in range(number):
        row = next(rows, None)
        if row is None:
            return
        yield row


def _record(future: Future[Record]) -> Record:
    try:
        return future.result()
    except (BrokenExecutor, CancelledError) as error:
        raise Stopped(f"the executor takes no more work: {error or type(error).__name__}") from error
    except Exception as error:  # what a cluster says of a repository that ended several of its workers
        return failed("crash", f"{type(error).__name__}: {error}")
