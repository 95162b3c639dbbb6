"""The second half of `fix`, for candidates."""

from __future__ import annotations

import dataclasses
import sys
from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING

from unchunk.analysis.findings import Applicability
from unchunk.cli import diff, fix_report, output
from unchunk.cli.arguments import STDIN
from unchunk.cli.checked_scope import CheckedScope
from unchunk.cli.checking import examine_all, task_of
from unchunk.cli.copies import copy_for, roots_with_copies
from unchunk.cli.extras import has
from unchunk.cli.filters import Filters
from unchunk.cli.fix_file import FixedFile, FixTask, fix_file
from unchunk.cli.fix_report import RootResult
from unchunk.cli.pool import parallel_map
from unchunk.cli.project_edits import ProjectEdits, project_edits
from unchunk.codemod.atomic_write import Change, WriteError, write
from unchunk.project.git import top_of
from unchunk.project.links import leads_out
from unchunk.project.rule_selection import RuleSelector
from unchunk.report import concise
from unchunk.report.diagnostic import Diagnostic, Report

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from unchunk.cli.gather import Candidate, Gathering
    from unchunk.cli.session import Session


_MAX_ATTEMPTS = 5
"""Maximum number of attempts, each leaving out what blocked the one before."""
_LEADS_OUT = "is a link that leads out of the tree"
_NO_END = "other files could not be written"


def fix(session: Session, gathering: Gathering, candidates: Sequence[Candidate]) -> int:
    """Fix, write, report, and return the exit status."""
    if STDIN in session.options.paths:
        return _to_stdout(session, candidates, _planned(session, gathering, candidates))
    done = repair(session, gathering, candidates)
    if session.options.diff and session.options.output_format == "text":
        changes = {change.path: change for one in done.values() for change in one.changes}
        diff.show(changes.values(), session.options.color)
    return fix_report.tell(session, candidates, done)


def repair(session: Session, gathering: Gathering, candidates: Sequence[Candidate]) -> dict[str, RootResult]:
    """Repair what can be repaired and write it; return what became of each root.

    Raises:
        ValueError: what the user asked for does not exist; says what.
    """
    files, users = _planned(session, gathering, candidates), gathering.users
    roots = list(dict.fromkeys([*(candidate.root for candidate in candidates), *roots_with_copies(session), *users]))
    return {
        root: _finish(session, root, [files[c.path] for c in candidates if c.root == root], users.get(root, ()))
        for root in roots
    }


def _planned(session: Session, gathering: Gathering, candidates: Sequence[Candidate]) -> dict[str, FixedFile]:
    """Look into the candidates, and return each as it is to be, by path."""
    selector, filters = RuleSelector(session.options), Filters(session)
    entries = examine_all(session, selector, candidates)
    kept = filters.keep(entries)
    filters.tell_stale(CheckedScope(session, gathering, selector))
    return _mended(session, selector, candidates, entries, kept)


def _mended(
    session: Session,
    selector: RuleSelector,
    candidates: Sequence[Candidate],
    entries: Sequence[Diagnostic],
    kept: Sequence[Diagnostic],
) -> dict[str, FixedFile]:
    """Return every candidate's result by path; those without anything to fix unchanged."""
    by_path: dict[str, list[Diagnostic]] = defaultdict(list)
    for entry in kept:
        by_path[entry.path].append(entry)
    repairs = [
        _repair(session, selector, candidate, entries, by_path[candidate.path])
        for candidate in candidates
        if any(_repairable(entry, _unsafe(session, candidate)) for entry in by_path[candidate.path])
    ]
    if repairs and not has("libcst"):
        raise ValueError("fix needs the packages of unchunk[fix]: pip install 'unchunk[fix]'")
    files = {
        candidate.path: FixedFile(candidate.path, candidate.data, candidate.data, left=tuple(by_path[candidate.path]))
        for candidate in candidates
    }
    for file in parallel_map(fix_file, repairs, [len(repair.task.data) for repair in repairs], session.options.jobs):
        if file.problem is not None:
            session.problem(file.problem.path, file.problem.message, file.problem.line)
            file = dataclasses.replace(file, left=files[file.path].left)
        files[file.path] = file
    return files


def _repair(
    session: Session,
    selector: RuleSelector,
    candidate: Candidate,
    entries: Sequence[Diagnostic],
    kept: Sequence[Diagnostic],
) -> FixTask:
    visible = {id(entry) for entry in kept}
    hidden = [entry for entry in entries if entry.path == candidate.path and id(entry) not in visible]
    return FixTask(
        task_of(session.options, selector, candidate),
        hidden=tuple((entry.code, entry.identity) for entry in hidden),
        unsafe=_unsafe(session, candidate),
        module=copy_for(candidate.path, session) or "unchunk",
    )


def _repairable(entry: Diagnostic, unsafe: bool) -> bool:
    return entry.applicability is Applicability.SAFE or (unsafe and entry.fixable)


def _unsafe(session: Session, candidate: Candidate) -> bool:
    return bool(session.options.unsafe_fixes or (candidate.config and candidate.config.unsafe_fixes))


def _finish(session: Session, root: str, files: Sequence[FixedFile], users: Sequence[str]) -> RootResult:
    """Write the files of one root with what belongs to them, all or nothing, without the blocked ones."""
    blocked = {Path(file.path): _LEADS_OUT for file in files if file.changed and leads_out(file.path, root)}
    told: set[str] = set()
    for attempt in range(_MAX_ATTEMPTS):
        _tell_blocked(session, blocked)
        told.update(blocked.values())
        files = [_left_alone(file) if Path(file.path) in blocked else file for file in files]
        changed = [file for file in files if file.changed]
        around = project_edits(changed, users, root, session)
        around = dataclasses.replace(around, notes=tuple(note for note in around.notes if note not in told))
        changes = _all_changes(changed, around)
        blocked = _refused(changed, around) or _written(session, root, changed, changes)
        if not blocked:
            return RootResult(changed, [file for file in files if not file.changed], around, changes)
        if not changed:
            break
        if attempt == _MAX_ATTEMPTS - 2:  # something else each time: nothing is to be gained by going on
            blocked = dict.fromkeys((Path(file.path) for file in changed), _NO_END) | blocked
    _tell_blocked(session, blocked)
    return RootResult([], list(files), ProjectEdits(), [])


def _tell_blocked(session: Session, blocked: Mapping[Path, str]) -> None:
    for path, reason in blocked.items():
        session.problem(str(path), f"left as it is: {reason}", None)


def _all_changes(changed: Sequence[FixedFile], around: ProjectEdits) -> list[Change]:
    repaired = {Path(file.path): Change(Path(file.path), file.before, file.after) for file in changed}
    return list((repaired | {change.path: change for change in around.changes}).values())


def _refused(changed: Sequence[FixedFile], around: ProjectEdits) -> dict[Path, str]:
    own = {Path(file.path) for file in changed}
    return {path: reason for path, reason in around.refused.items() if path in own}


def _written(session: Session, root: str, changed: Sequence[FixedFile], changes: Sequence[Change]) -> dict[Path, str]:
    """Write the changes, or return the files that block them, with the reason."""
    own = {Path(file.path) for file in changed}
    # What is imported goes before what imports it: a run may be lost half way.
    ordered = sorted(changes, key=lambda change: change.path in own)
    around = (change.path for change in ordered if change.path not in own)
    out = {path: _LEADS_OUT for path in around if leads_out(str(path), root)}
    try:
        if out:
            raise WriteError(*next(iter(out.items())), out)
        if not session.options.diff:
            write(ordered, Path(top_of(root)))
    except WriteError as error:
        if not own or (not error.is_general and error.reasons.keys() <= own):
            return error.reasons
        return dict.fromkeys(own, str(error))
    return {}


def _left_alone(file: FixedFile) -> FixedFile:
    """Return a file that is not written after all, its findings unfixed."""
    return dataclasses.replace(file, after=file.before, fixed=(), left=(*file.fixed, *file.left))


def _to_stdout(session: Session, candidates: Sequence[Candidate], files: dict[str, FixedFile]) -> int:
    """Print the fixed standard input to standard output, and words to standard error."""
    for candidate in candidates:
        file = files[candidate.path]
        if session.options.diff:
            diff.show([Change(Path(file.path), file.before, file.after)], session.options.color)
        else:
            output.write_bytes(file.after)
        sys.stderr.writelines(concise.render(Report(file.left)))
        changes = session.options.diff and file.changed
        return session.status(len(file.left) + changes)
    return session.status(0)
