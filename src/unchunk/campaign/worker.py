"""Worker process of a campaign: reads tasks from standard input, writes records to standard output.

    python -m unchunk.campaign.worker SCRATCH MEGABYTES

It ends with whoever started it: at the end of its input it takes itself and all that it has started away at once, in
the middle of whatever it is doing.
"""

from __future__ import annotations

import os
import queue
import shutil
import signal
import sys
import threading
from typing import TYPE_CHECKING

from unchunk.campaign.record import Task
from unchunk.campaign.repository import process

if TYPE_CHECKING:
    from typing import BinaryIO

_OWN_CONFIGURATION = "unchunk.toml"


def main(scratch: str, megabytes: int) -> None:
    """Work until the input ends."""
    tasks: queue.Queue[bytes] = queue.Queue()
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever prints is not to speak between the records
    threading.Thread(target=_read, args=(sys.stdin.buffer, tasks, scratch), daemon=True).start()
    _limit_memory(megabytes)
    # What lies above the scratch folder, in a place where others may write, rules nothing here.
    with open(os.path.join(scratch, _OWN_CONFIGURATION), "w", encoding="ascii"):
        pass
    number = 0
    while True:
        line = tasks.get()
        number += 1
        folder = os.path.join(scratch, str(number))
        os.mkdir(folder)
        record = process(Task.from_json(line.decode()), folder)
        answers.write(record.to_json().encode() + b"\n")
        answers.flush()
        shutil.rmtree(folder, onerror=_force)


def _read(stdin: BinaryIO, tasks: queue.Queue[bytes], scratch: str) -> None:
    for line in stdin:
        tasks.put(line)
    shutil.rmtree(scratch, ignore_errors=True)
    if hasattr(os, "killpg") and os.getpgid(0) == os.getpid():
        os.killpg(0, signal.SIGKILL)
    os._exit(0)


def _limit_memory(megabytes: int) -> None:
    """Bound what is allocated, where the system can: here and in each program that is started."""
    try:
        import resource
    except ModuleNotFoundError:
        return
    most = megabytes * 1_000_000
    _, hard = resource.getrlimit(resource.RLIMIT_DATA)
    if hard == resource.RLIM_INFINITY or hard > most:
        resource.setrlimit(resource.RLIMIT_DATA, (most, most))


def _force(function: object, path: str, _: object) -> None:
    """Remove what a command has left without permission to remove it."""
    try:
        os.chmod(os.path.dirname(path), 0o700)
        os.chmod(path, 0o700)
        os.unlink(path) if os.path.islink(path) or not os.path.isdir(path) else shutil.rmtree(path, ignore_errors=True)
    except OSError:
        pass


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
