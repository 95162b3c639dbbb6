"""Reading of files of unknown kind, each with its stat from just before.

Nothing is waited for, and nothing is read that is longer than it may be.
"""

from __future__ import annotations

import errno
import os
import stat

from unchunk.analysis.file_stats import file_stat

TYPE_CHECKING = False
if TYPE_CHECKING:
    from unchunk.analysis.file_stats import FileStat

MAX_SIZE = 200_000_000
"""Bytes of a program or notebook."""
MAX_SETTINGS_SIZE = 1_000_000
"""Bytes of what a project declares."""

_FLAGS = os.O_RDONLY | getattr(os, "O_BINARY", 0) | getattr(os, "O_NONBLOCK", 0)
"""A named pipe would otherwise wait to be opened until somebody writes to it."""
_PIECE = 1_048_576


def read_regular(path: str, limit: int = MAX_SIZE) -> tuple[bytes, FileStat] | None:
    """Return the bytes of a file and its stamp before they were read; None for what is no regular file.

    Raises:
        OSError: it cannot be read, or is longer than `limit`.
    """
    file = os.open(path, _FLAGS)
    try:
        status = os.fstat(file)
        if stat.S_ISDIR(status.st_mode):
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), path)
        stamp = file_stat(status)
        if stamp is None:
            return None
        _check(status.st_size, limit, path)
        data = os.read(file, status.st_size + 1)
        return (data if len(data) == status.st_size else _rest(file, data, limit, path)), stamp
    finally:
        os.close(file)


def read_whole(path: str, limit: int) -> bytes:
    """Return the bytes of a regular file.

    Raises:
        OSError: it is none, cannot be read, or is longer than `limit`.
    """
    read = read_regular(path, limit)
    if read is None:
        raise OSError(errno.EINVAL, "not a regular file", path)
    return read[0]


def _rest(file: int, data: bytes, limit: int, path: str) -> bytes:
    """Return what remains of a file that has grown, or comes in parts."""
    pieces, size = [data], len(data)
    while piece := os.read(file, _PIECE):
        pieces.append(piece)
        size += len(piece)
        _check(size, limit, path)
    return b"".join(pieces)


def _check(size: int, limit: int, path: str) -> None:
    if size > limit:
        raise OSError(errno.EFBIG, f"larger than {limit:,} bytes", path)
