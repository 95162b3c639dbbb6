"""Files that `check` writes instead of a report: a baseline, or `# noqa` comments."""

from __future__ import annotations

import os
from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING

from unchunk.checker import encoding_of
from unchunk.cli.document import read
from unchunk.codemod.atomic_write import Change, WriteError, write
from unchunk.project import baseline
from unchunk.project.baseline import Baseline
from unchunk.project.links import leads_out
from unchunk.project.noqa_comments import with_noqa

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from unchunk.analysis.findings import Span
    from unchunk.cli.checked_scope import CheckedScope
    from unchunk.cli.session import Session
    from unchunk.report.diagnostic import Diagnostic


def record_baseline(
    session: Session, path: str, entries: Sequence[Diagnostic], scope: CheckedScope
) -> list[Diagnostic]:
    """Write the baseline, and return the entries that are not in it.

    A new file takes in all entries. A file that exists loses what is gone and takes in nothing: delete it to start
    anew.

    Raises:
        BaselineError: the file exists, but is no baseline of this version.
    """
    before = None
    if os.path.exists(path):
        known = baseline.load(path)
        before = Path(path).read_bytes()
        left = [entry for entry in entries if not known.covers(entry.path, entry.code, entry.identity)]
        stale = known.stale(scope.files, scope.rules)
        kept = known.without(stale)
        session.note(f"{path}: {len(stale)} dropped, {len(kept)} kept, {len(left)} new not taken in")
    else:
        empty = Baseline(path)
        kept = Baseline(path, [empty.known(entry.path, entry.code, entry.identity) for entry in entries])
        left = []
        session.note(f"{path}: {len(kept)} recorded")
    _write(session, [Change(Path(path), before, kept.dump().encode())])
    return left


def add_noqa(session: Session, data: Mapping[str, bytes], entries: Sequence[Diagnostic]) -> None:
    """Silence every entry by a comment in its file."""
    by_path: defaultdict[str, list[tuple[Span, str]]] = defaultdict(list)
    for entry in entries:
        by_path[entry.path].append((entry.span, entry.code))
    for path, findings in by_path.items():
        document = read(path, data[path])
        encoding = encoding_of(document.source)
        lines = [(document.line(span), code) for span, code in findings]
        text = with_noqa(document.source.decode(encoding), lines)
        after = document.rewritten(text.encode(encoding))
        if _write(session, [Change(Path(path), data[path], after)]):
            session.note(f"{path}: {len(findings)} silenced")


def _write(session: Session, changes: list[Change]) -> bool:
    for change in changes:
        if leads_out(str(change.path), os.curdir):
            session.problem(str(change.path), "left as it is: is a link that leads out of the tree", None)
            return False
    try:
        write(changes)
    except WriteError as error:
        session.problem(str(error.path), error.reason, None)
        return False
    return True
