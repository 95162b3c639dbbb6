"""What the findings of a program depend on besides its own text: the files that its imports lead to, or could."""

from __future__ import annotations

import os
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING

from .stamps import stamp_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .stamps import Stamp as Stamp

Probes = dict[str, "Stamp | None"]
"""Files that were asked for: their stamps, or None where there is no such file."""
_PROBES: ContextVar[Probes | None] = ContextVar("probes", default=None)


@contextmanager
def probes() -> Iterator[Probes]:
    """Meanwhile note every file that is asked for: what is found depends on these, and on nothing else that is in the
    file system.
    """
    noted: Probes = {}
    token = _PROBES.set(noted)
    try:
        yield noted
    finally:
        _PROBES.reset(token)


def probe(path: str) -> Stamp | None:
    """The stamp of a file; None where there is none. The engine asks for the state of files by this and nothing else,
    and keeps no answer from one program to the next.
    """
    stamp = stamp_at(path)
    noted = _PROBES.get()
    if noted is not None:
        noted.setdefault(path, stamp)
    return stamp


def stamp_at(path: str) -> Stamp | None:
    """The stamp of a file, or None, without noting that it was asked for."""
    try:
        return stamp_of(os.stat(path))
    except OSError:
        return None
