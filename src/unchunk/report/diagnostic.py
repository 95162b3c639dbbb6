"""The input of output formats: the entries of a run, in order, and what is needed to show them."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from unchunk.analysis.findings import Applicability, Finding, Span
from unchunk.analysis.visible import visible

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One line of the report.

    Attributes:
        span: lines from 1, columns from 0 in characters, as the engine counts; formats count in their own way.
        applicability: of the fix, if there is one.
        reason: why there is no fix, or why it waits for a person's eye.
        identity: stays the same while the code and what it stands in do, wherever they move in the file.
        finding: what the engine found; None for what is not about a parse call, such as an unused suppression.
    """

    code: str
    name: str
    path: str
    span: Span
    message: str
    applicability: Applicability | None = None
    reason: str | None = None
    identity: str = ""
    finding: Finding | None = None

    @property
    def fixable(self) -> bool:
        """Decide whether `unchunk fix` can fix it, if need be with `--unsafe-fixes`."""
        return self.applicability is not None


@dataclass(frozen=True, slots=True)
class Replacement:
    """A range of a file and its new text."""

    span: Span
    text: str


@dataclass(frozen=True, slots=True)
class Problem:
    """A file, or a place in one, that could not be checked."""

    path: str
    message: str
    line: int | None = None

    def __str__(self) -> str:
        place = self.path if self.line is None else f"{self.path}:{self.line}"
        return f"{place}: {self.message}"


@dataclass(frozen=True, slots=True)
class Report:
    """The outcome of a run.

    Attributes:
        entries: by path and place.
        problems: what could not be looked at.
        version: of unchunk.
        lines: the lines of a file, or of a cell of a notebook, without their ends, for source frames.
        fixes: for every file what `unchunk fix` would replace; only where the format asks for it.
        width: columns of the terminal; None where the output is none.
        color: whether it is written in colour.
        checked: how many files were looked at.
    """

    entries: Sequence[Diagnostic]
    problems: Sequence[Problem] = ()
    version: str = ""
    lines: Callable[[str, int | None], Sequence[str]] = lambda path, cell: ()
    fixes: Mapping[str, Sequence[Replacement]] = field(default_factory=dict)
    width: int | None = None
    color: bool = False
    checked: int = 0


def portable(path: str) -> str:
    """Return a path for readers on other machines, who read file names as UTF-8 whatever the locale here is."""
    return os.fsencode(path).decode("utf-8", "surrogateescape")


def place(entry: Diagnostic) -> str:
    """Return `path:line:column`, as editors and terminals link it, or `path:cell N:line:column`; columns count from
    1.
    """
    at = entry.span.cell or entry.span
    cell = f"cell {entry.span.cell.cell}:" if entry.span.cell else ""
    return f"{visible(entry.path)}:{cell}{at.line}:{at.column + 1}"
