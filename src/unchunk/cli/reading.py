"""Reads files of which it is not known what they are, each with its stamp as of just before."""

from __future__ import annotations

import errno
import os
import stat

from unchunk.analysis.stamps import stamp_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from unchunk.analysis.stamps import Stamp

_FLAGS = os.O_RDONLY | getattr(os, "O_BINARY", 0) | getattr(os, "O_NONBLOCK", 0)
"""A named pipe would otherwise wait to be opened until somebody writes to it."""
_PIECE = 1_048_576


def read_regular(path: str) -> tuple[bytes, Stamp] | None:
    """The bytes of a file and its stamp before they were read; None for what is no regular file.

    Raises:
        OSError: it cannot be read.
    """
    file = os.open(path, _FLAGS)
    try:
        status = os.fstat(file)
        if stat.S_ISDIR(status.st_mode):
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), path)
        stamp = stamp_of(status)
        if stamp is None:
            return None
        data = os.read(file, status.st_size + 1)
        return (data if len(data) == status.st_size else data + _rest(file)), stamp
    finally:
        os.close(file)


def _rest(file: int) -> bytes:
    """What follows in a file that is not as long as it was, or does not come at once."""
    pieces = []
    while piece := os.read(file, _PIECE):
        pieces.append(piece)
    return b"".join(pieces)
