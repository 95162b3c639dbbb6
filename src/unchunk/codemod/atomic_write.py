"""Atomic writing of changed files: byte for byte, whole at every moment, several together or not at all.

    write([Change(path, before, after), ...])

Each new content goes to a file beside the tree's own ones (see `staging`), is flushed to the disk and then changes
places with its target in one step, so that a reader, an interruption or a lost process never meets half a file, and an
edit that another program makes at the last moment is seen and put back.

What a target is stays: its mode, its owner where the system lets us, its extended attributes, and a symbolic link goes
on pointing to it. A hard link to a name outside of the change is broken, not followed: package managers link files to
their caches, and the other name is not ours to edit. Names of one file that are changed together stay one file.
"""

from __future__ import annotations

import contextlib
import errno
import os
import stat
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from unchunk.analysis.os_errors import reason_of

from .exchange import exchange
from .interrupts import ENDINGS, HeldInterrupts, stop_if_interrupted
from .staging import PREFIX, Staging, sweep

__all__ = ["PREFIX", "Change", "WriteError", "read", "write"]

_GENERAL = frozenset({errno.ENOSPC, errno.EROFS, errno.EIO, getattr(errno, "EDQUOT", errno.ENOSPC)})
"""Errors of a file system rather than of one file."""
_MEANWHILE = "changed on disk meanwhile, left as it is"


class WriteError(Exception):
    """Nothing was written, for the reason given: `path: reason`.

    Attributes:
        reasons: all files that stand in the way, as far as could be told.
        is_general: whether no other file could be written either.
    """

    def __init__(
        self, path: Path, reason: str, others: dict[Path, str] | None = None, *, is_general: bool = False
    ) -> None:
        super().__init__(f"{path}: {reason}")
        self.path = path
        self.reason = reason
        self.reasons = {path: reason, **(others or {})}
        self.is_general = is_general


@dataclass(frozen=True, slots=True)
class Change:
    """A file, the bytes that the change was computed from (None: there must be no such file), and the new ones."""

    path: Path
    before: bytes | None
    after: bytes


def write(changes: Iterable[Change], base: Path | None = None) -> None:
    """Write all changes, or none of them; one after the other in the order given.

    Args:
        base: where new contents wait; each beside its target if it is None, or if nothing can be kept there.

    Raises:
        WriteError: a file is read-only, is no regular file, has changed since `before` was read, or could not be
            written. Whatever had been written by then has been put back.
    """
    with HeldInterrupts(ENDINGS) as interrupts, contextlib.ExitStack() as folders, contextlib.ExitStack() as cleanup:
        stop_if_interrupted()
        with contextlib.ExitStack() as undo:
            staged = _stage_all(changes, _Stagings(base, cleanup), folders, interrupts)
            _refuse({entry.change.path: _MEANWHILE for entry in staged if entry.is_outdated()})
            for entry in staged:
                interrupts.let_through()
                entry.swap(undo)
            interrupts.let_through()
            _refuse({entry.change.path: _MEANWHILE for entry in staged if entry.is_overtaken()})
            undo.pop_all()
            folders.pop_all()
        for folder in dict.fromkeys(entry.target.parent for entry in staged):
            _sync_folder(folder)


def _refuse(reasons: dict[Path, str]) -> None:
    """Raise WriteError if there are reasons to."""
    for path, reason in reasons.items():
        raise WriteError(path, reason, reasons)


def read(path: Path) -> bytes:
    """Return the bytes of a regular file. Raises OSError, also for pipes, devices and folders, which are never
    opened.
    """
    if not stat.S_ISREG(os.stat(path).st_mode):
        raise OSError(f"{path}: not a regular file")
    return path.read_bytes()


class _Stagings:
    """The staging folders, each on the file system of its targets, which a rename cannot leave."""

    def __init__(self, base: Path | None, cleanup: contextlib.ExitStack) -> None:
        self._base = base
        self._cleanup = cleanup
        self._made: dict[Path, Staging | None] = {}

    def for_file(self, target: Path) -> Staging:
        """Return the folder for a file."""
        if self._base is not None and _device(self._base) == _device(target.parent):
            staging = self._of(self._base)
            if staging is not None:
                return staging
        if target.parent not in self._made:
            sweep(os.fspath(target.parent))
            self._made[target.parent] = self._new(target.parent)
        staging = self._made[target.parent]
        assert staging is not None
        return staging

    def _of(self, base: Path) -> Staging | None:
        if base not in self._made:
            sweep(os.fspath(base))
            try:
                self._made[base] = self._new(base)
            except OSError as error:
                if error.errno in _GENERAL:
                    raise
                self._made[base] = None
        return self._made[base]

    def _new(self, base: Path) -> Staging:
        staging = Staging(base)
        self._cleanup.callback(staging.close)
        return staging


def _device(folder: Path) -> int | None:
    try:
        return os.stat(folder).st_dev
    except OSError:
        return None


@dataclass(slots=True)
class _Staged:
    """A change whose new bytes are on the disk already."""

    change: Change
    target: Path
    temporary: Path
    staging: Staging
    old: Path | None = None

    def is_outdated(self) -> bool:
        """Decide whether the target is no longer what the change was computed from."""
        return _content(self.target) != self.change.before

    def swap(self, undo: contextlib.ExitStack) -> None:
        """Put the new file in the target's place; push the way back on `undo`."""
        with _told(self.change.path):
            if self.change.before is None:
                _put(self.temporary, self.target)
                undo.callback(_remove, self.target)
                return
            self.old = self._exchanged()
            undo.callback(_restore, self.old, self.target)
        _refuse({self.change.path: _MEANWHILE} if self.is_overtaken() else {})

    def is_overtaken(self) -> bool:
        """Decide whether another program has changed the old file since it was last looked at."""
        return self.old is not None and _content(self.old) != self.change.before

    def _exchanged(self) -> Path:
        """Swap the files and return the old one's present name."""
        if exchange(self.temporary, self.target):
            return self.temporary
        old = self.staging.name("old")
        _link_or_copy(self.target, old)
        os.replace(self.temporary, self.target)
        return old


def _stage_all(
    changes: Iterable[Change], stagings: _Stagings, folders: contextlib.ExitStack, interrupts: HeldInterrupts
) -> list[_Staged]:
    """Stage every change with its new bytes on the disk; links to one file are one change."""
    by_target: dict[Path, Change] = {}
    for change in changes:
        _agree(by_target.setdefault(Path(os.path.realpath(change.path)), change), change)
    statuses = _statuses(by_target)
    staged: list[_Staged] = []
    twins: dict[tuple[int, int], _Staged] = {}
    for target, change in by_target.items():
        interrupts.let_through()
        status = statuses[target]
        key = (status.st_dev, status.st_ino) if status and status.st_nlink > 1 else None
        with _told(change.path):
            if status is None:
                _make_folders(target.parent, folders)
            staging = stagings.for_file(target)
            temporary = staging.name("new")
            if key is not None and key in twins:
                _agree(twins[key].change, change)
                os.link(twins[key].temporary, temporary)
            else:
                _fill(temporary, change, target, status)
        staged.append(_Staged(change, target, temporary, staging))
        if key is not None:
            twins.setdefault(key, staged[-1])
    return staged


def _agree(known: Change, change: Change) -> None:
    if (known.before, known.after) != (change.before, change.after):
        raise WriteError(change.path, f"is the same file as {known.path}, but is to become another")


def _statuses(by_target: dict[Path, Change]) -> dict[Path, os.stat_result | None]:
    """Return the stat of every target, None for a new file. Raise WriteError for all that must not be replaced at
    once.
    """
    statuses: dict[Path, os.stat_result | None] = {}
    reasons: dict[Path, str] = {}
    for target, change in by_target.items():
        try:
            statuses[target] = _status(target)
        except OSError as error:
            reasons[change.path] = str(error) if error.errno is None else f"cannot be written: {reason_of(error)}"
    _refuse(reasons)
    return statuses


def _status(target: Path) -> os.stat_result | None:
    """Return the stat of a target. Raises OSError for what must not, or cannot, be replaced."""
    try:
        status = os.stat(target)
    except FileNotFoundError:
        return None
    if not stat.S_ISREG(status.st_mode):
        raise OSError("is not a regular file")
    if not status.st_mode & (stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH) or not os.access(target, os.W_OK):
        raise OSError("is read-only")
    if not os.access(target.parent, os.W_OK):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
    return status


@contextlib.contextmanager
def _told(path: Path) -> Iterator[None]:
    """Turn system errors into errors about the file that the caller knows."""
    try:
        yield
    except OSError as error:
        reason = f"cannot be written: {reason_of(error)}"
        raise WriteError(path, reason, is_general=error.errno in _GENERAL) from error


def _content(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise WriteError(path, f"cannot be read: {reason_of(error)}") from error


def _fill(temporary: Path, change: Change, target: Path, status: os.stat_result | None) -> None:
    """Create a file with the new bytes, synced to disk, with the old file's metadata."""
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o600)
    with open(descriptor, "wb") as file:
        file.write(change.after)
        file.flush()
        os.fsync(descriptor)
    if status is None:
        os.chmod(temporary, 0o666 & ~_umask())
    else:
        _dress(temporary, target, status)


def _put(temporary: Path, target: Path) -> None:
    """Put a new file in its place, unless something has come there meanwhile."""
    try:
        os.link(temporary, target)
    except FileExistsError as error:
        raise WriteError(target, _MEANWHILE) from error
    except OSError:  # no links on this file system
        os.replace(temporary, target)


def _dress(temporary: Path, target: Path, status: os.stat_result) -> None:
    """Copy the old file's metadata: owner and extended attributes where possible, and the mode always."""
    if hasattr(os, "chown"):
        with contextlib.suppress(OSError):
            os.chown(temporary, status.st_uid, status.st_gid)
    if hasattr(os, "listxattr"):
        with contextlib.suppress(OSError):
            for name in os.listxattr(target):
                os.setxattr(temporary, name, os.getxattr(target, name))
    os.chmod(temporary, stat.S_IMODE(status.st_mode))


def _make_folders(folder: Path, undo: contextlib.ExitStack) -> None:
    """Create the folders that a new file needs, outermost first."""
    for path in reversed([folder, *folder.parents]):
        if not path.exists():
            path.mkdir()
            undo.callback(_remove_folder, path)


def _link_or_copy(source: Path, copy: Path) -> None:
    """Keep the old file under a second name, as a copy where the file system has no links."""
    try:
        os.link(source, copy)
    except OSError:
        import shutil

        shutil.copy2(source, copy)


def _restore(old: Path, target: Path) -> None:
    with contextlib.suppress(FileNotFoundError):
        os.replace(old, target)


def _remove(path: Path) -> None:
    with contextlib.suppress(OSError):
        os.unlink(path)


def _remove_folder(path: Path) -> None:
    with contextlib.suppress(OSError):
        os.rmdir(path)


def _sync_folder(folder: Path) -> None:
    """Sync a folder, so that the new name reaches the disk too. Not every system can open a folder."""
    with contextlib.suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _umask() -> int:
    """Return the process's umask, which can only be read by setting it."""
    mask = os.umask(0o077)
    os.umask(mask)
    return mask
