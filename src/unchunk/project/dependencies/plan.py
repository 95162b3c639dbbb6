"""The plan for adding a dependency: the edits, the notes for people, and the obstacles."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Edit:
    """One dependency file before and after.

    Attributes:
        path: the file.
        before, after: its bytes; `after` is `before` with something put in, and nothing else.
        line: the line of `after` with the new entry, from 1.
        entry: what was added, such as `unchunk>=0.1.0`.
        where: the place in words, such as `[project] dependencies`.
    """

    path: Path
    before: bytes
    after: bytes
    line: int
    entry: str
    where: str


@dataclass(frozen=True, slots=True)
class Note:
    """Information or advice for a person; it blocks nothing.

    Attributes:
        command: what to run, where that is the point of the note (refreshing a lock file).
        folder: where to run it.
    """

    text: str
    path: Path | None = None
    command: str | None = None
    folder: Path | None = None


def out_of_date(path: Path, command: str, folder: Path) -> Note:
    """Return the note that a generated file has to be regenerated, by running `command` in `folder`."""
    return Note(f"out of date with this change: run `{command}`", path, command, folder)


@dataclass(frozen=True, slots=True)
class Refusal:
    """The reason why the dependency cannot be added for some files, whose sources must stay as they are.

    Attributes:
        sources: the files that would import what nothing declares.
        path, line: where the obstacle is.
        reason: what it is.
        advice: what to do by hand, with the very text to add.
    """

    sources: tuple[Path, ...]
    path: Path
    line: int | None
    reason: str
    advice: str

    def __str__(self) -> str:
        return self.at(self.path)

    def at(self, path: Path) -> str:
        """Return the refusal in words, with the file called `path`."""
        place = f"{path}:{self.line}" if self.line else str(path)
        return f"{place}: {self.reason}; {self.advice}"


@dataclass(frozen=True, slots=True)
class DependencyPlan:
    """All consequences of a set of changed files. Nothing has been written."""

    edits: tuple[Edit, ...] = ()
    notes: tuple[Note, ...] = ()
    refusals: tuple[Refusal, ...] = ()


class CannotEdit(Exception):
    """A file that declares dependencies, but not in a way that can be edited safely.

    Attributes:
        hint: what to add by hand where the needed requirement alone is not what to add; may contain `{requirement}`.
    """

    def __init__(self, path: Path, line: int | None, reason: str, hint: str | None = None) -> None:
        super().__init__(reason)
        self.path = path
        self.line = line
        self.reason = reason
        self.hint = hint
