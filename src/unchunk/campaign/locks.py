"""Lock files that say who holds them; let go of by the system when their process ends, however it does."""

from __future__ import annotations

import contextlib
import json
import os
import socket

try:
    import fcntl
except ModuleNotFoundError:  # Windows
    fcntl = None  # type: ignore[assignment]


class Locked(Exception):
    """Another process holds the lock; says which."""


class Lock:
    """Lock file, held from when it is made until it is released.

    Raises:
        Locked: another process holds it.
        OSError: the file cannot be written.
    """

    def __init__(self, path: str) -> None:
        self._path = path
        self._file = os.open(path, os.O_RDWR | os.O_CREAT | getattr(os, "O_CLOEXEC", 0), 0o600)
        try:
            _lock(self._file)
        except OSError as error:
            holder = os.read(self._file, 10_000)
            os.close(self._file)
            raise Locked(_told(holder)) from error
        os.ftruncate(self._file, 0)
        os.write(self._file, json.dumps({"process": os.getpid(), "host": socket.gethostname()}).encode())

    def release(self) -> None:
        """Let others have it."""
        os.close(self._file)


def _lock(file: int) -> None:
    if fcntl is not None:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        return
    import msvcrt

    os.lseek(file, 1 << 30, os.SEEK_SET)  # far behind what is read by others
    msvcrt.locking(file, msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined,unused-ignore]
    os.lseek(file, 0, os.SEEK_SET)


def _told(holder: bytes) -> str:
    with contextlib.suppress(ValueError, KeyError, TypeError):
        known = json.loads(holder)
        return f"process {known['process']} on {known['host']}"
    return "another process"
