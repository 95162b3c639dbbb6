"""The output formats: every module of this package that has a `render` is one, named after itself.

A format module has

- a docstring: its first line is what `--help` says of it;
- `render(report) -> Iterator[str]`: the output in pieces;
- `NEEDS_FIXES = True` if it shows the edits themselves, which have to be worked out.
"""

from __future__ import annotations

import importlib
import importlib.util
import pkgutil
from typing import TYPE_CHECKING, Protocol, cast

import unchunk.report as package

if TYPE_CHECKING:
    from collections.abc import Iterator

    from unchunk.report.diagnostic import Report


class Format(Protocol):
    """A module that turns a report into text."""

    __doc__: str | None

    def render(self, report: Report) -> Iterator[str]: ...


def load(name: str) -> Format:
    """Return the format of that name.

    Raises:
        ValueError: there is none; says which there are.
    """
    if name.isidentifier() and importlib.util.find_spec(f"unchunk.report.{name}") is not None:
        module = importlib.import_module(f"unchunk.report.{name}")
        if hasattr(module, "render"):
            return cast("Format", module)
    raise ValueError(f"there is no output format {name!r} (there are {', '.join(names())})")


def names() -> list[str]:
    """Return the names of all formats."""
    modules = [module.name for module in pkgutil.iter_modules(package.__path__)]
    return sorted(name for name in modules if hasattr(importlib.import_module(f"unchunk.report.{name}"), "render"))


def needs_fixes(format: Format) -> bool:
    """Decide whether the format shows the edits themselves."""
    return bool(getattr(format, "NEEDS_FIXES", False))
