"""The tests of a run, each with its streams cut, and again with fewer cuts where it fails."""

from __future__ import annotations

import sys
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pytest
from _pytest.runner import check_interactive_exception, get_reraise_exceptions

from unchunk.testing import reporting
from unchunk.testing.failed_parses import FailedParse, note_raised, watched
from unchunk.testing.modes import Change, Mode, Replay, parse, with_seed
from unchunk.testing.patching import loaded, patched
from unchunk.testing.shrinking import smallest
from unchunk.testing.streams import Recorder, recording

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

MAX_RUNS = 200
"""How often a failing test is run to find the smallest set of cuts that still fails."""
MAX_SECONDS = 20.0


@dataclass(slots=True)
class Run:
    """One run of a test: setup, call and teardown.

    Attributes:
        streams: the streams and where they were cut.
        parses: the parse calls that failed.
        calls: what pytest knows of each phase, with its report.
        over: whether the fixtures of wider scopes were torn down as they are behind the last run.
    """

    streams: Recorder
    parses: list[FailedParse] = field(default_factory=list)
    calls: list[tuple[pytest.CallInfo[None], pytest.TestReport]] = field(default_factory=list)
    over: bool = False

    @property
    def failed(self) -> bool:
        return any(report.failed for _, report in self.calls)

    @property
    def failure(self) -> tuple[str, type[BaseException] | None] | None:
        """Return the first phase that failed and what it raised: two failures that share them are the same."""
        for call, report in self.calls:
            if report.failed:
                return call.when, call.excinfo.type if call.excinfo else None
        return None

    @property
    def changes(self) -> list[Change]:
        return list(self.streams.changes)


class Protocol:
    """Runs every test in the modes that are asked for."""

    def __init__(self, config: pytest.Config) -> None:
        self._sockets: bool = config.option.rechunk_sockets
        self._written = reporting.Findings(config)
        try:
            if config.option.rechunk is not None:
                config.option.rechunk = with_seed(config.option.rechunk)  # the workers of xdist are given the options
            self._modes = parse(config.option.rechunk) if config.option.rechunk else []
        except ValueError as error:
            raise pytest.UsageError(f"--rechunk: {error}") from error
        config.pluginmanager.register(self._written, "unchunk-rechunk-report")

    def pytest_report_header(self) -> str | None:
        return f"rechunk: {','.join(mode.name for mode in self._modes)}" if self._modes else None

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_protocol(self, item: pytest.Item, nextitem: pytest.Item | None) -> bool | None:
        modes = self._modes_of(item)
        if not modes or item.config.option.setupshow or item.config.option.setuponly:
            return None
        item.ihook.pytest_runtest_logstart(nodeid=item.nodeid, location=item.location)
        for call, report in _Rerun(item, nextitem, self._sockets).outcome(modes):
            item.ihook.pytest_runtest_logreport(report=report)
            if check_interactive_exception(call, report):
                item.ihook.pytest_exception_interact(node=item, call=call, report=report)
        item.ihook.pytest_runtest_logfinish(nodeid=item.nodeid, location=item.location)
        return True

    def _modes_of(self, item: pytest.Item) -> Sequence[Mode]:
        marker = item.get_closest_marker("rechunk")
        if marker is None:
            return self._modes
        if marker.args == (False,):
            return []
        if len(self._modes) == 1 and isinstance(self._modes[0], Replay):
            return self._modes
        try:
            return [mode for name in marker.args or ("all",) for mode in parse(name)]
        except (ValueError, AttributeError) as error:
            raise pytest.UsageError(f"{item.nodeid}: rechunk: {error}") from error


class _Rerun:
    """A test, run as often as it takes."""

    def __init__(self, item: pytest.Item, nextitem: pytest.Item | None, sockets: bool) -> None:
        self._item = item
        self._nextitem = nextitem
        self._sockets = sockets
        self._properties = len(item.user_properties)
        self._tries = 0
        self._until = 0.0

    def outcome(self, modes: Sequence[Mode]) -> list[tuple[pytest.CallInfo[None], pytest.TestReport]]:
        """Run the test and return what is to be reported of it."""
        mode, run = self._cut(modes)
        if run.failed and run.changes and not run.over:
            return self._explained(mode, run).calls
        return (run if run.over else self._run(mode)).calls

    def _cut(self, modes: Sequence[Mode]) -> tuple[Mode, Run]:
        """Run the test in one mode after the other, up to the one in which it fails; once if it has no streams."""
        for number, mode in enumerate(modes, 1):
            is_last = number == len(modes)

            def more(run: Run, is_last: bool = is_last) -> bool:
                return bool(run.changes) if run.failed else bool(run.streams.streams) and not is_last

            run = self._run(mode, more)
            if run.failed or not run.streams.streams:
                break
        return mode, run

    def _explained(self, mode: Mode, run: Run) -> Run:
        """Find the smallest set of cuts with which the test fails, and run it once more with those."""
        self._until = time.monotonic() + MAX_SECONDS
        whole = self._run(Replay(), lambda run: not run.failed)
        if whole.failed:
            return reporting.note(whole, "The test fails without any cut as well.")
        left: list[Change] = []
        if self._fails_alike(run.changes, run):
            left = smallest(run.changes, lambda changes: self._fails_alike(changes, run))
        last = self._run(Replay(left))
        if not last.failed:
            return reporting.note(run, f"The test failed in mode {mode.name}, and not when it was run again.")
        parses = {parse.places[0]: parse for parse in last.parses or run.parses if parse not in whole.parses}
        return reporting.explain(last, self._item, mode, [*parses.values()], self._sockets)

    def _fails_alike(self, changes: Sequence[Change], run: Run) -> bool:
        self._tries += 1
        if self._tries > MAX_RUNS or time.monotonic() > self._until:
            return False
        return self._run(Replay(changes), lambda run: True).failure == run.failure

    def _run(self, mode: Mode, more: Callable[[Run], bool] = lambda run: False) -> Run:
        """Run the test once.

        Args:
            mode: how its streams are cut.
            more: whether it is run again: then only its own fixtures are torn down.
        """
        clients, modules = loaded(self._sockets), len(sys.modules)
        item: Any = self._item
        self._forget()
        with watched() as parses, patched(clients), recording(Recorder(mode)) as streams:
            run = Run(streams, parses)
            try:
                if self._phase(run, "setup", item.ihook.pytest_runtest_setup):
                    self._phase(run, "call", item.ihook.pytest_runtest_call)
                is_new = len(sys.modules) > modules and loaded(self._sockets) != clients  # imported by the test itself
                again = is_new or more(run)
                run.over = not again
                stopped = item.session.shouldfail or item.session.shouldstop
                nextitem = item.parent if again else None if stopped else self._nextitem
                self._phase(run, "teardown", item.ihook.pytest_runtest_teardown, nextitem=nextitem)
            finally:
                if hasattr(item, "_request"):
                    item._request = False
                    item.funcargs = None
        return self._run(mode, more) if is_new else run

    def _forget(self) -> None:
        """Make the test as it was before its last run, as `_pytest.runner.runtestprotocol` does for reruns."""
        item: Any = self._item
        if hasattr(item, "_request") and not item._request:
            item._initrequest()
            del item.user_properties[self._properties :]
            item._report_sections.clear()

    def _phase(self, run: Run, when: Any, hook: Callable[..., None], **options: Any) -> bool:
        item = self._item
        call = pytest.CallInfo.from_call(
            lambda: hook(item=item, **options), when=when, reraise=get_reraise_exceptions(item.config)
        )
        report = item.ihook.pytest_runtest_makereport(item=item, call=call)
        run.calls.append((call, report))
        if report.failed and call.excinfo is not None:
            note_raised(run.parses, call.excinfo.value)
        return bool(report.passed)
