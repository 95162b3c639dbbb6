"""Limits of the analysis, noted for the user: no file may keep the others waiting."""

from __future__ import annotations

from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_REACHED: ContextVar[dict[str, None] | None] = ContextVar("reached", default=None)


@contextmanager
def limits() -> Iterator[dict[str, None]]:
    """Collect every limit that is reached meanwhile, each once."""
    reached: dict[str, None] = {}
    token = _REACHED.set(reached)
    try:
        yield reached
    finally:
        _REACHED.reset(token)


def note_limit(limit: str) -> None:
    """Record that a limit was reached, and what that means for the findings."""
    noted = _REACHED.get()
    if noted is not None:
        noted[limit] = None
