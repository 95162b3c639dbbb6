"""The strategies, one file each. Each has a `PRIORITY` (the lowest is asked first) and a function

    propose(case: Case) -> Fix | Refusal | None

that gives the rewrite, or says why this shape is not rewritten so, or None where the shape is another strategy's.
"""

from __future__ import annotations

import pkgutil
from functools import cache
from importlib import import_module
from typing import Protocol

from unchunk.codemod.edits import Fix, Refusal
from unchunk.codemod.rewrite_site import RewriteSite


class Strategy(Protocol):
    """The interface of a module in this package."""

    PRIORITY: int

    def propose(self, case: RewriteSite) -> Fix | Refusal | None: ...


@cache
def strategies() -> tuple[Strategy, ...]:
    """Return all strategies, the preferred one first."""
    modules = [import_module(f"{__name__}.{found.name}") for found in pkgutil.iter_modules(__path__)]
    return tuple(sorted(modules, key=lambda module: module.PRIORITY))
