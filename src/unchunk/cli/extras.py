"""Packages that only some commands need."""

from __future__ import annotations

from importlib.util import find_spec


def has(module: str) -> bool:
    """Decide whether a module is installed."""
    return find_spec(module) is not None
