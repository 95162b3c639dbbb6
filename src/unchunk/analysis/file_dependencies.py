"""File dependencies of an analysis: the files that its imports lead to, or could."""

from __future__ import annotations

import os
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING

from .file_stats import file_stat

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .file_stats import FileStat as FileStat

Dependencies = dict[str, "FileStat | None"]
"""Files that were asked for: their stamps, or None where there is no such file."""
_PROBES: ContextVar[Dependencies | None] = ContextVar("probes", default=None)


@contextmanager
def recorded_dependencies() -> Iterator[Dependencies]:
    """Record every file asked for meanwhile: the findings depend on these, and on nothing else in the file system."""
    noted: Dependencies = {}
    token = _PROBES.set(noted)
    try:
        yield noted
    finally:
        _PROBES.reset(token)


def recorded_stat(path: str) -> FileStat | None:
    """Return the stat of a file; None if there is none. The engine asks for file states only here, and keeps no answer
    from one program to the next.
    """
    stamp = stat_at(path)
    noted = _PROBES.get()
    if noted is not None:
        noted.setdefault(path, stamp)
    return stamp


def stat_at(path: str) -> FileStat | None:
    """Return the stat of a file, or None, without recording the question."""
    try:
        return file_stat(os.stat(path))
    except OSError:
        return None
