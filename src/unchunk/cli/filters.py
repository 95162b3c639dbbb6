"""Filters for known findings: unchanged lines, and the baseline."""

from __future__ import annotations

from typing import TYPE_CHECKING

from unchunk.project import baseline
from unchunk.project.changed_lines import ChangedLines, UnknownRevisionError
from unchunk.project.git import GitError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from unchunk.cli.checked_scope import CheckedScope
    from unchunk.cli.session import Session
    from unchunk.project.baseline import Baseline
    from unchunk.report.diagnostic import Diagnostic


class Filters:
    """The filters of one run.

    Raises:
        BaselineError: the baseline of the command line cannot be used.
    """

    def __init__(self, session: Session) -> None:
        options = session.options
        self._session = session
        self._changed = ChangedLines(options.diff_base, options.paths) if options.diff_base else None
        self._everywhere = baseline.load(options.baseline) if options.baseline else None
        self._recording = bool(getattr(options, "write_baseline", None))
        self._by_path: dict[str, Baseline | None] = {}

    def keep(self, entries: Iterable[Diagnostic]) -> list[Diagnostic]:
        """Return the new entries."""
        unknown = [entry for entry in entries if not self._is_known(entry)]  # every entry, or the rest would seem stale
        return [entry for entry in unknown if self._is_changed(entry)]

    def baselines(self) -> list[Baseline]:
        """Return the baselines in use."""
        if self._everywhere is not None:
            return [self._everywhere]
        return [known for known in self._by_path.values() if known is not None]

    def tell_stale(self, scope: CheckedScope) -> None:
        """Report baseline entries without a finding, though they were looked for."""
        for known in self.baselines():
            stale = known.stale(scope.files, scope.rules)
            if stale:
                places = ", ".join(sorted({f"{entry.path} ({entry.code})" for entry in stale})[:5])
                self._session.note(
                    f"{known.path}: {len(stale)} stale {'entry' if len(stale) == 1 else 'entries'}, no longer found: "
                    f"{places}; `--write-baseline {known.path}` drops what is gone"
                )

    def _is_changed(self, entry: Diagnostic) -> bool:
        if self._changed is None:
            return True
        try:
            return self._changed.touch(entry.path, _stretches(entry))
        except UnknownRevisionError as error:  # everything would look changed
            self._session.problem("--diff-base", str(error), None)
            return False
        except GitError as error:
            self._session.problem("--diff-base", str(error), None)
            return True

    def _is_known(self, entry: Diagnostic) -> bool:
        known = self._of_config(entry.path) if self._everywhere is None else self._everywhere
        return known is not None and known.covers(entry.path, entry.code, entry.identity)

    def _of_config(self, path: str) -> Baseline | None:
        config = None if self._recording else self._session.config_for(path)
        name = config.baseline if config else None
        if name is None:
            return None
        if name not in self._by_path:
            self._by_path[name] = self._load(name)
        return self._by_path[name]

    def _load(self, name: str) -> Baseline | None:
        """Load a baseline. A broken one affects its folders, not the run."""
        try:
            return baseline.load(name)
        except baseline.BaselineError as error:
            self._session.problem(error.path, error.reason, None)
            return None


def _stretches(entry: Diagnostic) -> Iterator[tuple[int, int]]:
    """Yield the line ranges that a finding depends on: the parse call, and the data's way to it."""
    yield entry.span.line, entry.span.end_line
    finding = entry.finding
    if finding is None:
        return
    if finding.source_path in (None, finding.path):
        yield finding.source.line, finding.source.end_line
    for step in finding.trace:
        if step.path in (None, finding.path):
            yield step.span.line, step.span.end_line
