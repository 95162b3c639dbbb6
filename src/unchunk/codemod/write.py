"""Writing changed files: byte for byte, whole at every moment, several together or not at all.

    write([Change(path, before, after), ...])

Each new content goes to a temporary file in the folder of its target, is flushed to the disk and then takes the
target's place in one step, so that a reader, an interruption or a lost process never meets half a file.

What a target is stays: its mode, its owner where the system lets us, its extended attributes, and a symbolic link goes
on pointing to it. A hard link to a name outside of the change is broken, not followed: package managers link files to
their caches, and the other name is not ours to edit. Names of one file that are changed together stay one file.
"""

from __future__ import annotations

import contextlib
import os
import stat
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from unchunk.analysis.system_errors import reason_of

from .interrupts import HeldInterrupts

PREFIX = ".unchunk-"
"""How the names of temporary files begin; a lost process leaves one behind at most for each file it was writing."""


class WriteError(Exception):
    """Nothing was written, for the reason given: `path: reason`."""

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(f"{path}: {reason}")
        self.path = path
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Change:
    """A file, the bytes that the change was worked out from (None: there must be no such file), and the new ones."""

    path: Path
    before: bytes | None
    after: bytes


def write(changes: Iterable[Change]) -> None:
    """Write all changes, or none of them.

    Raises:
        WriteError: a file is read-only, is no regular file, has changed since `before` was read, or could not be
            written. Whatever had been written by then has been put back.
    """
    with HeldInterrupts() as interrupts:
        with contextlib.ExitStack() as undo:
            staged = _stage_all(changes, undo, interrupts)
            for entry in staged:
                entry.check()
                interrupts.let_through()
            for entry in staged:
                entry.swap(undo)
                interrupts.let_through()
            undo.pop_all()
        for entry in staged:
            entry.settle()


def read(path: Path) -> bytes:
    """The bytes of a regular file. Raises OSError, also for pipes, devices and folders, which are never opened."""
    if not stat.S_ISREG(os.stat(path).st_mode):
        raise OSError(f"{path}: not a regular file")
    return path.read_bytes()


@dataclass(slots=True)
class _Staged:
    """A change whose new bytes are on the disk already, next to their target."""

    change: Change
    target: Path
    temporary: Path
    backup: Path | None = None

    def check(self) -> None:
        """Refuse if the target is not what the change was worked out from."""
        if _content(self.target) != self.change.before:
            raise WriteError(self.change.path, "changed on disk meanwhile, left as it is")

    def swap(self, undo: contextlib.ExitStack) -> None:
        """Put the new file in the target's place; `undo` gets the way back."""
        with _told(self.change.path):
            if self.change.before is None:
                undo.callback(_remove, self.target)
            else:
                self.backup = _spare_name(self.target.parent)
                undo.callback(_remove, self.backup)
                _link_or_copy(self.target, self.backup)
                undo.callback(_restore, self.backup, self.target)
            os.replace(self.temporary, self.target)

    def settle(self) -> None:
        """All is written: drop the way back and let the folder reach the disk."""
        if self.backup is not None:
            _remove(self.backup)
        _sync_folder(self.target.parent)


def _stage_all(changes: Iterable[Change], undo: contextlib.ExitStack, interrupts: HeldInterrupts) -> list[_Staged]:
    """Every change with its new bytes on the disk; names that lead to one file through links are one change."""
    by_target: dict[Path, Change] = {}
    for change in changes:
        _agree(by_target.setdefault(Path(os.path.realpath(change.path)), change), change)
    staged: list[_Staged] = []
    twins: dict[tuple[int, int], _Staged] = {}
    for target, change in by_target.items():
        interrupts.let_through()
        with _told(change.path):
            status = _status(change.path, target)
            key = (status.st_dev, status.st_ino) if status and status.st_nlink > 1 else None
            if key is not None and key in twins:
                _agree(twins[key].change, change)
                temporary = _linked(twins[key].temporary, target.parent, undo)
            else:
                temporary = _new_file(change, target, status, undo)
        staged.append(_Staged(change, target, temporary))
        if key is not None:
            twins.setdefault(key, staged[-1])
    return staged


def _agree(known: Change, change: Change) -> None:
    if (known.before, known.after) != (change.before, change.after):
        raise WriteError(change.path, f"is the same file as {known.path}, but is to become another")


def _status(path: Path, target: Path) -> os.stat_result | None:
    """What the system knows of the target, None for a new file. Refuses what must not be replaced."""
    try:
        status = os.stat(target)
    except FileNotFoundError:
        return None
    if not stat.S_ISREG(status.st_mode):
        raise WriteError(path, "is not a regular file")
    if not status.st_mode & (stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH) or not os.access(target, os.W_OK):
        raise WriteError(path, "is read-only")
    return status


@contextlib.contextmanager
def _told(path: Path) -> Iterator[None]:
    """Turn what the system says into an error about the file that the caller knows."""
    try:
        yield
    except OSError as error:
        raise WriteError(path, f"cannot be written: {reason_of(error)}") from error


def _content(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise WriteError(path, f"cannot be read: {reason_of(error)}") from error


def _new_file(change: Change, target: Path, status: os.stat_result | None, undo: contextlib.ExitStack) -> Path:
    """A temporary file next to `target`, with the new bytes on the disk and dressed like the old file."""
    if status is None:
        _make_folders(target.parent, undo)
    descriptor, name = tempfile.mkstemp(prefix=PREFIX, dir=target.parent)
    temporary = Path(name)
    undo.callback(_remove, temporary)
    with open(descriptor, "wb") as file:
        file.write(change.after)
        file.flush()
        os.fsync(descriptor)
    if status is None:
        os.chmod(temporary, 0o666 & ~_umask())
    else:
        _dress(temporary, target, status)
    return temporary


def _linked(temporary: Path, folder: Path, undo: contextlib.ExitStack) -> Path:
    name = _spare_name(folder)
    os.link(temporary, name)
    undo.callback(_remove, name)
    return name


def _dress(temporary: Path, target: Path, status: os.stat_result) -> None:
    """Give the new file what the old one has: owner and extended attributes where possible, and the mode always."""
    if hasattr(os, "chown"):
        with contextlib.suppress(OSError):
            os.chown(temporary, status.st_uid, status.st_gid)
    if hasattr(os, "listxattr"):
        with contextlib.suppress(OSError):
            for name in os.listxattr(target):
                os.setxattr(temporary, name, os.getxattr(target, name))
    os.chmod(temporary, stat.S_IMODE(status.st_mode))


def _make_folders(folder: Path, undo: contextlib.ExitStack) -> None:
    """The folders that a new file needs, outermost first."""
    for path in reversed([folder, *folder.parents]):
        if not path.exists():
            path.mkdir()
            undo.callback(_remove_folder, path)


def _spare_name(folder: Path) -> Path:
    return folder / f"{PREFIX}{os.getpid():x}-{os.urandom(6).hex()}"


def _link_or_copy(source: Path, copy: Path) -> None:
    """A second name for the old file, or a copy of it where the file system has no links."""
    try:
        os.link(source, copy)
    except OSError:
        import shutil

        shutil.copy2(source, copy)


def _restore(backup: Path, target: Path) -> None:
    with contextlib.suppress(FileNotFoundError):
        os.replace(backup, target)


def _remove(path: Path) -> None:
    with contextlib.suppress(OSError):
        os.unlink(path)


def _remove_folder(path: Path) -> None:
    with contextlib.suppress(OSError):
        os.rmdir(path)


def _sync_folder(folder: Path) -> None:
    """Let the new name reach the disk too. Not every system can open a folder."""
    with contextlib.suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _umask() -> int:
    """The process's umask, which can only be read by setting it."""
    mask = os.umask(0o077)
    os.umask(mask)
    return mask
