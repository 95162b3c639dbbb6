"""A progress bar for work that takes its time, on a terminal and nowhere else."""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from unchunk.cli.parsing import Options

_PATIENCE = 1.0
"""Seconds before a bar appears: most runs are over by then."""

T = TypeVar("T")


def shown(items: Iterable[T], total: int, options: Options) -> Iterator[T]:
    """The items; a bar tells how many have come."""
    if options.quiet or total < 2 or not sys.stderr.isatty():
        yield from items
        return
    start = time.monotonic()
    iterator = iter(items)
    done = 0
    for item in iterator:
        yield item
        done += 1
        if time.monotonic() - start > _PATIENCE:
            break
    yield from _with_bar(iterator, done, total)


def _with_bar(items: Iterator[T], done: int, total: int) -> Iterator[T]:
    try:
        from rich.console import Console
        from rich.progress import Progress
    except ModuleNotFoundError:
        yield from items
        return
    with Progress(console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("checking", total=total, completed=done)
        for item in items:
            yield item
            progress.advance(task)
