"""Check and fix of a checked-out tree by the services of the command line, told as plain data."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from unchunk.campaign.record import Change
from unchunk.cli.checking import Lines
from unchunk.cli.commands import fix
from unchunk.cli.fixing import repair
from unchunk.cli.gather import Gathering
from unchunk.cli.parsing import Options, parse
from unchunk.cli.session import Session
from unchunk.report.diagnostic import Report
from unchunk.report.full import frame
from unchunk.report.json import as_object

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from unchunk.report.diagnostic import Diagnostic

FIXED, LEFT = "fixed", "left"


class _Kept(Session):
    """Session that keeps what it would tell."""

    def __init__(self, options: Options) -> None:
        super().__init__(options)
        self.notes: list[str] = []

    def problem(self, path: str, message: str, line: int | None) -> None:
        """Keep that something could not be done."""
        self.problems[path, line, " ".join(message.split())] = None

    def note(self, message: str) -> None:
        """Keep what is worth knowing."""
        self.notes.append(message)


@dataclass(frozen=True, slots=True)
class Fixed:
    """The result for a tree; see `Record` for the attributes."""

    findings: tuple[dict[str, Any], ...]
    changes: tuple[Change, ...]
    notes: tuple[str, ...]
    problems: tuple[str, ...]


def fix_here(options: Mapping[str, Any]) -> Fixed:
    """Fix the tree in the current folder.

    Args:
        options: of `unchunk fix`, by name, where they differ from its defaults.

    Raises:
        ValueError: the options cannot be meant.
    """
    session = _session(options, [], diff=False)
    gathering = Gathering(session)
    candidates = gathering.candidates()
    before = {candidate.path: candidate.data for candidate in candidates}
    done = repair(session, gathering, candidates)
    findings: list[dict[str, Any]] = []
    changes: list[Change] = []
    for one in done.values():
        after = before | {file.path: file.after for file in one.changed}
        findings += _told(one.fixed, FIXED, before)
        findings += _told(one.left, LEFT, after)
        fixed = {file.path for file in one.changed}
        copies = {entry["path"] for entry in one.around.data if "module" in entry}
        for change in one.changes:
            path = os.path.normpath(change.path)
            kind = "fix" if path in fixed else "copy" if path in copies else "dependency"
            changes.append(Change(path, kind))
    notes = dict.fromkeys([*session.notes, *(note for one in done.values() for note in one.around.notes)])
    return Fixed(tuple(findings), tuple(changes), tuple(notes), _problems(session))


def changed_again(options: Mapping[str, Any], paths: Sequence[str]) -> list[str]:
    """Return what a second run over changed files would change, or could not read: there should be nothing."""
    session = _session(options, paths, diff=True)
    gathering = Gathering(session)
    done = repair(session, gathering, gathering.candidates())
    return [*(str(change.path) for one in done.values() for change in one.changes), *_problems(session)]


def _session(options: Mapping[str, Any], paths: Sequence[str], *, diff: bool) -> _Kept:
    defaults = vars(parse(fix.OPTIONS, ()))
    return _Kept(Options(**defaults | dict(options) | {"paths": list(paths), "diff": diff, "quiet": True, "jobs": 1}))


def _told(entries: Sequence[Diagnostic], outcome: str, data: Mapping[str, bytes]) -> list[dict[str, Any]]:
    report = Report(entries, lines=Lines(data))
    return [as_object(entry) | {"outcome": outcome, "frame": frame(entry, report)} for entry in entries]


def _problems(session: Session) -> tuple[str, ...]:
    return tuple(
        f"{path}: {message}" if line is None else f"{path}:{line}: {message}"
        for path, line, message in session.problems
    )
