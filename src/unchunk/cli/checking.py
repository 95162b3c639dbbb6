"""The second half of `check`, for candidates, or where more than findings is asked for."""

from __future__ import annotations

import os
import sys
from dataclasses import replace
from typing import TYPE_CHECKING

from unchunk import __version__
from unchunk.analysis import Settings
from unchunk.analysis.findings import Applicability
from unchunk.analysis.memory import paused_gc
from unchunk.analysis.os_errors import reason_of
from unchunk.analysis.visible import visible
from unchunk.checker import encoding_of, lines_of
from unchunk.cli import output, recording
from unchunk.cli.check_file import Task, check_file
from unchunk.cli.checked_scope import CheckedScope
from unchunk.cli.document import cell_of
from unchunk.cli.extras import has
from unchunk.cli.filters import Filters
from unchunk.cli.pool import parallel_map
from unchunk.cli.progress import shown
from unchunk.project.rule_selection import RuleSelector
from unchunk.report import formats
from unchunk.report.diagnostic import Diagnostic, Problem, Report
from unchunk.report.replacements import replacements

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from unchunk.cli.cache import Cache
    from unchunk.cli.gather import Candidate, Gathering
    from unchunk.cli.parsing import Options
    from unchunk.cli.session import Session
    from unchunk.report.diagnostic import Replacement


def check(session: Session, gathering: Gathering, candidates: Sequence[Candidate], cache: Cache | None = None) -> int:
    """Analyze the candidates, report, and return the exit status.

    Raises:
        ValueError: what the user asked for does not exist; says what.
    """
    options = session.options
    if options.output_file:
        output.check_target(options.output_file, gathering.paths)
    format = formats.load("full" if options.explain else options.output_format)
    selector, filters = RuleSelector(options), Filters(session)
    entries = filters.keep(examine_all(session, selector, candidates, cache))
    data = {candidate.path: candidate.data for candidate in candidates}
    if options.add_noqa:
        recording.add_noqa(session, data, entries)
        return session.status(0)
    scope = CheckedScope(session, gathering, selector)
    if options.write_baseline:
        entries = recording.record_baseline(session, options.write_baseline, entries, scope)
    filters.tell_stale(scope)
    report = Report(
        entries=entries,
        problems=[Problem(path, message, line) for path, line, message in session.problems],
        version=__version__,
        lines=Lines(data),
        fixes=_fixes(session, selector, candidates, entries) if formats.needs_fixes(format) else {},
        width=None if options.output_file else output.terminal_width(sys.stdout),
        color=not options.output_file and output.in_color(sys.stdout, options.color),
    )
    try:
        output.write(format.render(report), options.output_file)
    except OSError as error:
        session.problem(options.output_file or "standard output", f"cannot be written: {reason_of(error)}", None)
    _tell_counts(options, gathering, entries)
    if not options.output_file:
        _tell_summary(session, entries)
    return session.status(len(entries))


def examine_all(
    session: Session, selector: RuleSelector, candidates: Sequence[Candidate], cache: Cache | None = None
) -> list[Diagnostic]:
    """Return the entries of all candidates; report the problems, and store clean files in the cache."""
    tasks = [task_of(session.options, selector, candidate, probing=cache is not None) for candidate in candidates]
    sizes = [len(candidate.data) for candidate in candidates]
    entries: list[Diagnostic] = []
    with paused_gc():
        for outcome in shown(parallel_map(check_file, tasks, sizes, session.options.jobs), len(tasks), session.options):
            if outcome.problem is not None:
                session.problem(outcome.problem.path, outcome.problem.message, outcome.problem.line)
            for skipped in outcome.skipped:
                session.note(str(skipped))
            if cache is not None and outcome.probes is not None:
                cache.settle(outcome.path, outcome.probes)
            entries += sorted(outcome.entries, key=lambda entry: (entry.span, entry.code))
    return entries


def task_of(options: Options, selector: RuleSelector, candidate: Candidate, *, probing: bool = False) -> Task:
    """Return the task for a candidate; with `probing` it also reports the dependencies of a clean file."""
    known = candidate.config.settings if candidate.config else Settings()
    return Task(
        path=candidate.path,
        data=candidate.data,
        settings=replace(known, select=selector.codes(candidate.path, candidate.config)),
        suppressions=not options.disable_noqa,
        unused=getattr(options, "report_unused_ignores", False),
        probing=probing,
    )


def _fixes(
    session: Session, selector: RuleSelector, candidates: Sequence[Candidate], entries: Sequence[Diagnostic]
) -> dict[str, Sequence[Replacement]]:
    """Return what `unchunk fix` would replace in each file that it can fix."""
    repairable = {entry.path for entry in entries if entry.applicability is Applicability.SAFE}
    if repairable and not has("libcst"):
        session.note("the report is without fixes: they need the packages of unchunk[fix]")
        return {}
    if not repairable:
        return {}
    from unchunk.cli.fix_file import FixTask, fix_file

    repairs = [FixTask(task_of(session.options, selector, c)) for c in candidates if c.path in repairable]
    mended = parallel_map(fix_file, repairs, [len(repair.task.data) for repair in repairs], session.options.jobs)
    return {file.path: replacements(_text(file.before), _text(file.after)) for file in mended if file.changed}


def _text(data: bytes) -> str:
    return data.decode(encoding_of(data))


def _tell_counts(options: Options, gathering: Gathering, entries: Sequence[Diagnostic]) -> None:
    """Print counts: with the findings for people, beside them where a program reads the output."""
    for_people = options.output_format in output.HUMAN and not options.output_file
    if options.statistics:
        lines = list(output.statistics(entries))
        if for_people:
            output.write(lines)
        else:
            sys.stderr.writelines(lines)
    folders = [root for root in gathering.roots if os.path.isdir(root)]
    if len(folders) > 1 and not options.quiet:
        for root in folders:
            paths = set(gathering.roots[root])
            count = sum(entry.path in paths for entry in entries)
            print(f"{visible(root)}: {_counted(count, 'finding')} in {_counted(len(paths), 'file')}", file=sys.stderr)


def _tell_summary(session: Session, entries: Sequence[Diagnostic]) -> None:
    if not entries:
        session.tell_clean()
    elif session.tells_people:
        output.write(output.summary(entries))


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


class Lines:
    """The lines of files, split on demand."""

    def __init__(self, data: Mapping[str, bytes]) -> None:
        self._data = data
        self._lines: dict[tuple[str, int | None], list[str]] = {}

    def __call__(self, path: str, cell: int | None = None) -> Sequence[str]:
        """Return the lines of one file, or of a cell of a notebook, without their ends."""
        if (path, cell) not in self._lines:
            data = self._data[path] if path in self._data else _read(path)
            self._lines[path, cell] = lines_of(data if cell is None else cell_of(data, cell))
        return self._lines[path, cell]


def _read(path: str) -> bytes:
    """Return a file on the data's way; nothing if it is gone."""
    try:
        with open(path, "rb") as file:
            return file.read()
    except OSError:
        return b""
