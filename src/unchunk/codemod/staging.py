"""Staging folders, in which new contents wait before they replace the old ones, and the clean-up after lost processes.

Such a folder stands at the top of the tree that is changed, where a later run finds it at a glance. It has a
`.gitignore` of its own, so that no `git add` takes what is in it, and that file is locked for as long as the process
lives: a folder whose lock is free belongs to nobody and is removed by the next run.
"""

from __future__ import annotations

import contextlib
import os
import re
import stat
import time
from os import link

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pathlib import Path

PREFIX = ".unchunk-"
"""Prefix of the folders' names."""

_OURS = re.compile(r"\.unchunk-[0-9a-f]+-[0-9a-f]{12}")
_INSIDE = re.compile(r"(?:new|old)-\d+")
_LOCK = ".gitignore"
_TAG = b"# Made by unchunk for files that are being replaced, and removed by its next run.\n*\n"
_TRIES = 5
_ABANDONED = 86_400
"""Seconds after which a folder belongs to nobody, on systems without locks."""


class Staging:
    """A folder of this process alone; `close` removes it with its contents.

    Raises:
        OSError: it cannot be made there.
    """

    def __init__(self, base: Path) -> None:
        self._count = 0
        self.path, self._lock = _made(base)

    def name(self, kind: str) -> Path:
        """Return a name in the folder that nothing has yet; the kind is `new` or `old`."""
        self._count += 1
        return self.path / f"{kind}-{self._count}"

    def close(self) -> None:
        """Remove the folder."""
        _empty(os.fspath(self.path))
        with contextlib.suppress(OSError):
            os.close(self._lock)


def sweep(base: str) -> None:
    """Remove the remains of processes that no longer run from a folder; what is not ours stays."""
    try:
        names = os.listdir(base or os.curdir)
    except OSError:
        return
    for name in names:
        if name.startswith(PREFIX) and _OURS.fullmatch(name):
            with contextlib.suppress(OSError):
                _sweep_one(os.path.join(base, name))


def _sweep_one(folder: str) -> None:
    status = os.lstat(folder)
    if not stat.S_ISDIR(status.st_mode) or (hasattr(os, "geteuid") and status.st_uid != os.geteuid()):
        return
    try:
        lock = os.open(os.path.join(folder, _LOCK), os.O_RDWR | getattr(os, "O_NOFOLLOW", 0))
    except FileNotFoundError:
        os.rmdir(folder)  # one that was made, and no more than that
        return
    try:
        is_ours = _TAG.startswith(os.read(lock, len(_TAG) + 1)) and _is_free(lock)
        if is_ours:
            _empty(folder)
    finally:
        os.close(lock)


def _is_free(lock: int) -> bool:
    """Take the lock, if no living process has it."""
    try:
        import fcntl
    except ImportError:
        return time.time() - os.fstat(lock).st_mtime > _ABANDONED
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def _made(base: Path) -> tuple[Path, int]:
    for _ in range(_TRIES):
        folder = base / f"{PREFIX}{os.getpid():x}-{os.urandom(6).hex()}"
        os.mkdir(folder, 0o700)
        try:
            lock = _appeared(folder) or os.open(folder / _LOCK, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
        except FileNotFoundError:
            continue  # swept away by another process before it could be locked
        try:
            _is_free(lock)
            if not os.fstat(lock).st_size:
                os.write(lock, _TAG)
            if os.path.exists(folder / _LOCK):
                return folder, lock
        except OSError:
            _empty(os.fspath(folder))
            os.close(lock)
            raise
        os.close(lock)
    raise OSError(f"{base}: no folder for new files can be kept")


def _appeared(folder: Path) -> int | None:
    """Create the lock file complete with its content, where the system can do that; else return None.

    Of a process that is killed between making and writing it git would take an empty one.
    """
    if not hasattr(os, "O_TMPFILE"):
        return None
    try:
        lock = os.open(folder, os.O_RDWR | os.O_TMPFILE, 0o600)
    except OSError:
        return None
    try:
        os.write(lock, _TAG)
        # The folder to look in is named, though it does not matter, so that the link is followed.
        link(f"/proc/self/fd/{lock}", folder / _LOCK, src_dir_fd=lock)
    except OSError:
        os.close(lock)
        return None
    return lock


def _empty(folder: str) -> None:
    """Remove our files from a folder, and then the folder if it is empty."""
    with contextlib.suppress(OSError):
        for name in os.listdir(folder):
            if _INSIDE.fullmatch(name):
                os.unlink(os.path.join(folder, name))
        os.unlink(os.path.join(folder, _LOCK))
        os.rmdir(folder)
