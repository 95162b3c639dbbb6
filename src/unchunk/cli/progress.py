"""A progress bar for long work, on a terminal and nowhere else."""

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
    """Yield the items, with a bar of how many have come."""
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


def counted(items: Iterable[T], done: int, total: int, options: Options) -> Iterator[T]:
    """Give the items; a bar on a terminal shows how many of all are done, how fast, and how long it will take."""
    if options.quiet or not sys.stderr.isatty():
        yield from items
        return
    try:
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
    except ModuleNotFoundError:
        yield from items
        return
    rate = TextColumn("{task.fields[rate]}")
    columns = (BarColumn(), MofNCompleteColumn(), rate, TextColumn("left:"), TimeRemainingColumn())
    start = time.monotonic()
    with Progress(*columns, console=Console(stderr=True)) as progress:
        task = progress.add_task("", total=total, completed=done, rate="")
        for number, item in enumerate(items, 1):
            yield item
            progress.update(task, advance=1, rate=f"{number / (time.monotonic() - start):.1f}/s")
