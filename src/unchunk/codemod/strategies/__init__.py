"""One file a strategy. Each has a `PRIORITY` (the lowest is asked first) and a function

    propose(case: Case) -> Fix | Refusal | None

that gives the rewrite, or says why this shape is not rewritten so, or None where the shape is another strategy's.
"""

from __future__ import annotations

import pkgutil
from functools import cache
from importlib import import_module
from typing import Protocol

from unchunk.codemod.case import Case
from unchunk.codemod.edits import Fix, Refusal


class Strategy(Protocol):
    """What a module of this package offers."""

    PRIORITY: int

    def propose(self, case: Case) -> Fix | Refusal | None: ...


@cache
def strategies() -> tuple[Strategy, ...]:
    """All strategies, the one to be preferred first."""
    modules = [import_module(f"{__name__}.{found.name}") for found in pkgutil.iter_modules(__path__)]
    return tuple(sorted(modules, key=lambda module: module.PRIORITY))
