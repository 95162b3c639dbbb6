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
import tempfile
import threading
from typing import TYPE_CHECKING

from unchunk.campaign.locks import Lock, Locked
from unchunk.campaign.processes import Worker
from unchunk.campaign.record import Record, failed

if TYPE_CHECKING:
    from unchunk.campaign.record import Limits, Task

_MOST_TASKS = 200
"""What a process does before another one takes its place: what it keeps in memory does not grow for ever."""
_ATTEMPTS = 2
"""A process that was killed from outside says nothing about its repository, so that is tried once more."""
_PREFIX = "unchunk-campaign-"


class _Place:
    """Worker with its scratch folder, which is locked as long as this process lives."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.owner = os.getpid()
        self._scratch = tempfile.mkdtemp(prefix=_PREFIX, dir=limits.scratch)
        self._lock = Lock(os.path.join(self._scratch, "lock"))
        os.mkdir(os.path.join(self._scratch, "work"))
        self.worker = Worker(os.path.join(self._scratch, "work"), limits.megabytes)

    def close(self) -> int:
        """End the worker and remove what it made."""
        status = self.worker.close()
        shutil.rmtree(os.path.join(self._scratch, "work"), ignore_errors=True)
        self._lock.release()
        shutil.rmtree(self._scratch, ignore_errors=True)
        return status


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
            _give_back(place)
            return Record.from_json(answer)
        status = place.close()
        words, overdue = place.worker.last_words(), place.worker.overdue
        place.worker.forget()
        if overdue:
            return failed("timeout", f"took longer than {task.limits.seconds:g} seconds")
        if "MemoryError" in words:
            return failed("out-of-memory", f"needs more than {task.limits.megabytes} MB")
        if attempt == _ATTEMPTS:
            return failed("crash", _end(status, words))
    raise AssertionError("unreachable")


def close() -> None:
    """End the processes that wait for work."""
    with _guard:
        places = [place for place in _idle if place.owner == os.getpid()]
        _idle.clear()
    for place in places:
        place.close()
        place.worker.forget()


atexit.register(close)


def sweep(folder: str | None = None) -> None:
    """Remove what processes that were killed have left in a folder for scratch."""
    top = folder or tempfile.gettempdir()
    for name in os.listdir(top):
        path = os.path.join(top, name)
        if name.startswith(_PREFIX) and not os.path.islink(path) and os.stat(path).st_uid == os.getuid():
            _sweep_one(path)


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
    return _Place(limits)


def _give_back(place: _Place) -> None:
    if place.worker.done < _MOST_TASKS:
        with _guard:
            _idle.append(place)
        return
    place.close()
    place.worker.forget()


def _end(status: int, words: str) -> str:
    how = f"ended with status {status}"
    if status < 0:
        try:
            how = f"was ended by {signal.Signals(-status).name}"
        except ValueError:
            how = f"was ended by signal {-status}"
    return f"its process {how}{': ' if words else ''}{words}"
