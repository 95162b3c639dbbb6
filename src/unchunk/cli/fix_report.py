"""The report of `fix`."""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from unchunk.analysis.findings import Applicability
from unchunk.analysis.visible import visible
from unchunk.cli import diff, output
from unchunk.cli.checking import Lines
from unchunk.report import text
from unchunk.report.diagnostic import Report
from unchunk.report.json import as_object

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from unchunk.cli.fix_file import FixedFile
    from unchunk.cli.gather import Candidate
    from unchunk.cli.project_edits import ProjectEdits
    from unchunk.cli.session import Session
    from unchunk.codemod.atomic_write import Change
    from unchunk.report.diagnostic import Diagnostic


@dataclass(frozen=True, slots=True)
class RootResult:
    """The result for the files of one root.

    Attributes:
        changed, unchanged: its files.
        around: what goes with those that changed.
        changes: all that was written, or would be.
    """

    changed: list[FixedFile]
    unchanged: list[FixedFile]
    around: ProjectEdits
    changes: list[Change]

    @property
    def fixed(self) -> list[Diagnostic]:
        """Return the findings that are gone."""
        return [entry for file in self.changed for entry in file.fixed]

    @property
    def left(self) -> list[Diagnostic]:
        """Return the findings that are still there."""
        return [entry for file in (*self.changed, *self.unchanged) for entry in file.left]


def tell(session: Session, candidates: Sequence[Candidate], done: Mapping[str, RootResult]) -> int:
    """Report in the format asked for, and return the exit status."""
    options = session.options
    if options.output_format == "json":
        output.write([json.dumps(_as_data(done, options.diff), indent=2) + "\n"])
    elif options.diff:
        sys.stderr.writelines(_summary(done, would=True))
    else:
        _tell_people(session, candidates, done)
    for note in dict.fromkeys(note for one in done.values() for note in one.around.notes):
        session.note(note)
    left = 0 if options.fix_only else sum(len(one.left) for one in done.values())
    pending = options.diff and any(one.changes for one in done.values())
    return session.status(left + pending)


def _tell_people(session: Session, candidates: Sequence[Candidate], done: Mapping[str, RootResult]) -> None:
    left = [] if session.options.fix_only else [entry for one in done.values() for entry in one.left]
    changed = {file.path: file.after for one in done.values() for file in one.changed}
    lines = Lines({candidate.path: changed.get(candidate.path, candidate.data) for candidate in candidates})
    width, color = output.terminal_width(sys.stdout), output.in_color(sys.stdout, session.options.color)
    output.write(text.render(Report(left, lines=lines, width=width, color=color)))
    if not session.options.quiet:
        output.write(_actions(done))
        if session.options.fix_only or any(one.changes or one.left for one in done.values()):
            output.write(_summary(done, would=False))
        else:
            session.tell_clean()


def _actions(done: Mapping[str, RootResult]) -> Iterator[str]:
    for one in done.values():
        for file in one.changed:
            yield f"{visible(file.path)}: {len(file.fixed)} fixed\n"
        for path, words in one.around.told:
            yield f"{visible(str(path))}: {words}\n"


def _summary(done: Mapping[str, RootResult], *, would: bool) -> Iterator[str]:
    """Yield a line, or with several roots a line for each with something to report."""
    for root, one in done.items():
        if one.fixed or one.left:
            yield f"{visible(root)}: {_counts(one, would)}\n" if len(done) > 1 else f"{_counts(one, would)}\n"


def _counts(one: RootResult, would: bool) -> str:
    files = len(one.changed)
    unsafe = sum(entry.applicability is Applicability.UNSAFE for entry in one.left)
    fixed = f"{len(one.fixed)} {'would be ' if would else ''}fixed in {files} {'file' if files == 1 else 'files'}"
    words = f"{fixed}, {len(one.left)} left" if one.fixed else f"{len(one.left)} left"
    return f"{words} ({unsafe} of them with --unsafe-fixes)" if unsafe else words


def _as_data(done: Mapping[str, RootResult], as_diff: bool) -> dict[str, Any]:
    """Return what was done, or with `--diff` would be, as plain data."""
    changes = {change.path: change for one in done.values() for change in one.changes}
    shown = {"diff": diff.text(changes.values())} if as_diff else {}
    return {
        **shown,
        "fixed": [as_object(entry) for one in done.values() for entry in one.fixed],
        "left": [as_object(entry) for one in done.values() for entry in one.left],
        "changed": [str(change.path) for one in done.values() for change in one.changes],
        "dependencies": [edit for one in done.values() for edit in one.around.data],
        "notes": [note for one in done.values() for note in one.around.notes],
    }
