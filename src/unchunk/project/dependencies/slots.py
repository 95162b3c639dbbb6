"""Slots: the places of a project that can take a dependency. Formats find them, `choose` picks among them."""

from __future__ import annotations

import enum
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from unchunk.project.dependencies.plan import CannotEdit
from unchunk.project.dependencies.requirement import Entry, Needed
from unchunk.project.dependencies.text import Document, Insertion


class Kind(enum.Enum):
    """The consumer of a slot's dependencies."""

    PACKAGE = "package"
    """Installed with the package."""
    ENVIRONMENT = "environment"
    """Installed next to the program to run it."""


class Role(enum.IntEnum):
    """The audience of a slot; the lower of two fits the tests better."""

    TEST = 0
    DEVELOPMENT = 1
    RUNTIME = 2
    OPTIONAL = 3


@dataclass(frozen=True, slots=True)
class DependencyTarget:
    """A place for a dependency.

    Attributes:
        document: the file it is in.
        where: the place in words, such as `[project] dependencies`.
        name: that of the group, the extra or the environment; empty for the program's own list.
        entries: what it declares, with what it includes from other places.
        adding: the insertions that add a requirement here; raises Obstacle where that is not possible.
        limits: what narrows versions without declaring anything (constraint files).
        included: the files that it includes, itself not counted.
        installs_project: whether it lists the project itself, and so all that the package declares.
        python: the project's `requires-python`, where it says one.
        python_binds: whether nothing can be installed at all if a dependency lacks one of these versions.
        line_of: the line of an entry; 0 for one from elsewhere.
    """

    document: Document
    kind: Kind
    role: Role
    where: str
    entries: tuple[Entry, ...]
    adding: Callable[[Needed], Sequence[Insertion]]
    name: str = ""
    limits: tuple[Entry, ...] = ()
    included: frozenset[Path] = frozenset()
    installs_project: bool = False
    python: str | None = None
    python_binds: bool = False
    line_of: Callable[[Entry], int] = field(default=lambda entry: entry.line)

    @property
    def path(self) -> Path:
        """Return the file it is in."""
        return self.document.path


@dataclass(frozen=True, slots=True)
class Unwritable:
    """A place that declares dependencies for a role, but cannot be edited."""

    obstacle: CannotEdit
    kind: Kind
    role: Role = Role.RUNTIME

    @property
    def path(self) -> Path:
        """Return the file it is in."""
        return self.obstacle.path


Place = DependencyTarget | Unwritable

_TEST_WORDS = frozenset({"test", "tests", "testing"})
_DEVELOPMENT_WORDS = frozenset({"dev", "devel", "develop", "development", "local"})
_OTHER_WORDS = frozenset(
    {"doc", "docs", "documentation"}
    | {"lint", "linting", "linters", "format", "style", "check", "checks", "typing", "types", "mypy"}
    | {"ci", "tox", "nox", "build", "release", "publish", "tools"}
    | {"cov", "coverage", "bench", "benchmark", "benchmarks"}
)


def _words(name: str) -> set[str]:
    return set(re.split(r"[-_.\s]+", name.lower())) - {""}


def role_of_group(name: str) -> Role:
    """Return the role of a group (or a file) by the words in its name; no name means runtime."""
    words = _words(name)
    if words & _TEST_WORDS:
        return Role.TEST
    return Role.DEVELOPMENT if words & _DEVELOPMENT_WORDS else Role.OPTIONAL


def is_tooling(name: str) -> bool:
    """Decide whether a group (or a file) of this name is for work on the project and never installed with it."""
    return bool(_words(name) & (_TEST_WORDS | _DEVELOPMENT_WORDS | _OTHER_WORDS))


def fit_for_tests(slot: DependencyTarget) -> tuple[bool, Role, int]:
    """Rank a slot for the tests, the lower the better.

    `test` before `unit-tests`, those before `dev`, and that before `docs-tests`, which is for one kind of test only.
    """
    words = _words(slot.name)
    return bool(words & _OTHER_WORDS), slot.role, len(words)
