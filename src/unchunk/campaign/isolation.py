"""One repository in a process of its own, with limits; importable by name, so that any executor can run it.

    executor.submit(done_apart, task)

Processes are used again, since starting one takes longer than most repositories do, but each has one repository at a
time. One that crashes, takes too long or needs too much memory becomes a record.
"""

from __future__ import annotations

import atexit
import os
import shutil
import signal
import stat
import tempfile
import threading
import time
from concurrent.futures import CancelledError
from typing import TYPE_CHECKING

from unchunk.campaign.locks import Lock, Locked
from unchunk.campaign.processes import Worker
from unchunk.campaign.record import OUT_OF_MEMORY, Record, failed

if TYPE_CHECKING:
    from unchunk.campaign.record import Limits, Task

_MAX_TASKS = 200
"""Number of tasks after which a process is replaced, so that its memory does not grow for ever."""
_ATTEMPTS = 2
"""A process that was killed from outside says nothing about its repository, so that is tried once more."""
_PREFIX = "unchunk-campaign-"
_FRESH = 60
"""Seconds in which a folder may be one that has no lock yet."""


class _Place:
    """Worker with its scratch folder, which is locked as long as this process lives."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.owner = os.getpid()
        self._closing = threading.Lock()
        self._closed = False
        self._scratch = tempfile.mkdtemp(prefix=_PREFIX, dir=limits.scratch)
        self._lock = Lock(os.path.join(self._scratch, "lock"))
        os.mkdir(os.path.join(self._scratch, "work"))
        self.worker = Worker(os.path.join(self._scratch, "work"), limits.megabytes)

    def close(self) -> None:
        """End the worker and remove what it made."""
        self.worker.close()
        shutil.rmtree(os.path.join(self._scratch, "work"), ignore_errors=True)
        with self._closing:
            if not self._closed:
                self._lock.release()
            self._closed = True
        shutil.rmtree(self._scratch, ignore_errors=True)


_all: list[_Place] = []
_idle: list[_Place] = []
_guard = threading.Lock()


def done_apart(task: Task) -> Record:
    """Do one repository in another process, and say what came of it, whatever happens."""
    for attempt in range(1, _ATTEMPTS + 1):
        try:
            place = _taken(task.limits)
        except OSError as error:
            return failed("system", f"no process for it: {error.strerror}")
        answer = place.worker.ask(task.to_json(), task.limits.seconds)
        if answer is not None:
            record = Record.from_json(answer)
            _give_back(place, used_up=record.error_kind == OUT_OF_MEMORY)
            return record
        place.close()
        if not _left(place):
            raise CancelledError
        if place.worker.overdue:
            return failed("timeout", f"took longer than {task.limits.seconds:g} seconds")
        if "MemoryError" in place.worker.last_words:
            return failed(OUT_OF_MEMORY, f"needs more than {task.limits.megabytes} MB")
        if attempt == _ATTEMPTS:
            return failed("crash", _end(place.worker))
    raise AssertionError("unreachable")


def close() -> None:
    """End all processes, also those that are at work: what they were at is cancelled."""
    with _guard:
        places = [place for place in _all if place.owner == os.getpid()]
        _all.clear()
        _idle.clear()
    for place in places:
        place.close()


atexit.register(close)


def sweep(folder: str | None = None) -> None:
    """Remove what processes that were killed have left in a folder for scratch."""
    top = folder or tempfile.gettempdir()
    for name in os.listdir(top):
        path = os.path.join(top, name)
        if name.startswith(_PREFIX) and _is_left_over(path):
            _sweep_one(path)


def _is_left_over(path: str) -> bool:
    """Tell whether a folder is this user's, and not just being made."""
    try:
        status = os.lstat(path)
    except OSError:
        return False
    is_own = not hasattr(os, "getuid") or status.st_uid == os.getuid()
    return stat.S_ISDIR(status.st_mode) and is_own and time.time() - status.st_mtime > _FRESH


def _sweep_one(path: str) -> None:
    try:
        lock = Lock(os.path.join(path, "lock"))
    except (Locked, OSError):
        return
    lock.release()
    shutil.rmtree(path, ignore_errors=True)


def _taken(limits: Limits) -> _Place:
    """Take a process that waits for work under the same limits, or start one."""
    with _guard:
        for place in _idle:
            if place.limits == limits and place.owner == os.getpid():
                _idle.remove(place)
                return place
    place = _Place(limits)
    with _guard:
        _all.append(place)
    return place


def _left(place: _Place) -> bool:
    """Strike out a process that has ended; tell whether that was not by `close`."""
    with _guard:
        known = place in _all
        if known:
            _all.remove(place)
    return known


def _give_back(place: _Place, *, used_up: bool) -> None:
    if place.worker.done < _MAX_TASKS and not used_up:
        with _guard:
            if place in _all:
                _idle.append(place)
        return
    _left(place)
    place.close()


def _end(worker: Worker) -> str:
    status = worker.status or 0
    how = f"ended with status {status}"
    if status < 0:
        try:
            how = f"was ended by {signal.Signals(-status).name}"
        except ValueError:
            how = f"was ended by signal {-status}"
    return f"its process {how}{': ' if worker.last_words else ''}{worker.last_words}"
