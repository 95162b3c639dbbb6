"""By what a file is told from what it was before, without reading it."""

from __future__ import annotations

import stat

TYPE_CHECKING = False
if TYPE_CHECKING:
    from os import stat_result

Stamp = tuple[int, int, int]
"""When the file was changed, when its state was (which nobody can set), and its size."""


def stamp_of(status: stat_result) -> Stamp | None:
    """The stamp of a file by its state; None for what is no regular file."""
    return (status.st_mtime_ns, status.st_ctime_ns, status.st_size) if stat.S_ISREG(status.st_mode) else None
