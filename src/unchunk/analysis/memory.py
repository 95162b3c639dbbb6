"""Python's cycle collector, kept out of the way while a program is looked at.

A tree of syntax is hundreds of thousands of small objects that live as long as the work on it. Each time enough new
ones have come up, the collector goes through all of them and finds nothing: three quarters of the time that parsing
takes.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

MOST_NEW_OBJECTS = 3_000_000
"""After how many objects that are still there a run over many files does collect: a few hundred megabytes."""


@contextmanager
def no_collections() -> Iterator[None]:
    """Collect nothing meanwhile; afterwards collection goes on as before."""
    if not gc.isenabled():
        yield
        return
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def collect_if_due() -> None:
    """Between two files of a run without collections: collect what has gathered, if it is much."""
    if not gc.isenabled() and gc.get_count()[0] > MOST_NEW_OBJECTS:
        gc.collect()
