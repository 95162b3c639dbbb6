"""File identity (mtime, ctime, size) used to detect changes."""

from __future__ import annotations

import stat

TYPE_CHECKING = False
if TYPE_CHECKING:
    from os import stat_result

FileStat = tuple[int, int, int]
"""When the file was changed, when its state was (which nobody can set), and its size."""


def file_stat(status: stat_result) -> FileStat | None:
    """Return a file's identity from its stat; None unless it is a regular file."""
    return (status.st_mtime_ns, status.st_ctime_ns, status.st_size) if stat.S_ISREG(status.st_mode) else None
