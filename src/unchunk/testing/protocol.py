"""The tests of a run, each with its streams cut, and again with fewer cuts where it fails."""

from __future__ import annotations

import contextlib
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pytest
from _pytest.runner import check_interactive_exception, get_reraise_exceptions

from unchunk.testing import reporting
from unchunk.testing.failed_parses import FailedParse, note_raised, watched
from unchunk.testing.modes import Change, Mode, Replay, parse, with_seed
from unchunk.testing.patching import patched
from unchunk.testing.shrinking import smallest
from unchunk.testing.streams import Recorder, current, recording

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator, Sequence

    Shared = list[tuple[pytest.FixtureDef[Any], Any]]

MAX_RUNS = 200
"""Maximum number of runs in search of the smallest set of cuts that still fails."""
MAX_SECONDS = 20.0

try:
    from _pytest.subtests import failed_subtests_key
except ImportError:  # before pytest 9
    failed_subtests_key = None  # type: ignore[assignment]


@dataclass(slots=True)
class Run:
    """One run of a test: setup, call and teardown.

    Attributes:
        streams: the streams and where they were cut.
        parses: the parse calls that failed.
        calls: what pytest knows of each phase, with its report.
        logged: what others have logged meanwhile: the reports of subtests.
        over: whether the fixtures of wider scopes were torn down as they are behind the last run.
        explained: whether the report tells the cut that broke the test.
    """

    streams: Recorder
    parses: list[FailedParse] = field(default_factory=list)
    calls: list[tuple[pytest.CallInfo[None], pytest.TestReport]] = field(default_factory=list)
    logged: list[pytest.TestReport] = field(default_factory=list)
    over: bool = False
    explained: bool = False

    @property
    def reports(self) -> list[pytest.TestReport]:
        return [*self.logged, *(report for _, report in self.calls)]

    @property
    def failed(self) -> bool:
        return any(report.failed for report in self.reports)

    @property
    def failure(self) -> tuple[str, type[BaseException] | None] | None:
        """Return the first phase that failed and what it raised: two failures that share them are the same."""
        for call, report in self.calls:
            if report.failed:
                return call.when, call.excinfo.type if call.excinfo else None
        return ("subtest", None) if self.failed else None

    @property
    def changes(self) -> list[Change]:
        return list(self.streams.changes)


class Protocol:
    """Runs every test in the modes that are asked for."""

    def __init__(self, config: pytest.Config) -> None:
        self._sockets: bool = config.option.rechunk_sockets
        self._written = reporting.Findings(config)
        self._shared: Shared = []
        self._timeout: tuple[pytest.Item, Any] | None = None
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
        try:
            modes = self._modes_of(item)
        except ValueError:
            return None  # setup tells it
        if not modes or item.config.option.setupshow or item.config.option.setuponly:
            return None
        item.ihook.pytest_runtest_logstart(nodeid=item.nodeid, location=item.location)
        timeout = self._timeout[1] if self._timeout is not None and self._timeout[0] is item else None
        run = _Rerun(item, nextitem, self._sockets, self._shared, timeout).outcome(modes)
        if run.failed and not run.explained and _is_rerun_by_others(item):
            return None
        for call, report in run.calls:
            if call.when == "call":
                for each in run.logged:
                    item.ihook.pytest_runtest_logreport(report=each)
            item.ihook.pytest_runtest_logreport(report=report)
            if check_interactive_exception(call, report):
                item.ihook.pytest_exception_interact(node=item, call=call, report=report)
        item.ihook.pytest_runtest_logfinish(nodeid=item.nodeid, location=item.location)
        return True

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_setup(self, item: pytest.Item) -> None:
        """Tell what is wrong with a marker, at its test: a worker of xdist cannot end the run."""
        try:
            self._modes_of(item)
        except ValueError as error:
            pytest.fail(f"@pytest.mark.rechunk: {error}", pytrace=False)

    @pytest.hookimpl(wrapper=True)
    def pytest_fixture_setup(
        self, fixturedef: pytest.FixtureDef[Any], request: pytest.FixtureRequest
    ) -> Generator[None, object, object]:
        """Note a fixture of a wider scope that reads a stream: it belongs to one run of one test."""
        recorder = current()
        before = len(recorder.streams) if recorder is not None else 0
        try:
            return (yield)
        finally:
            if recorder is not None and len(recorder.streams) > before and fixturedef.scope != "function":
                self._shared.append((fixturedef, request))

    @pytest.hookimpl(optionalhook=True, tryfirst=True)
    def pytest_timeout_set_timer(self, item: pytest.Item, settings: Any) -> None:
        """Note the time that pytest-timeout allows a test, and leave the rest to it."""
        if not settings.func_only:
            self._timeout = (item, settings)

    def _modes_of(self, item: pytest.Item) -> Sequence[Mode]:
        marker = item.get_closest_marker("rechunk")
        if marker is None:
            return self._modes
        if marker.kwargs or not (marker.args == (False,) or all(isinstance(name, str) for name in marker.args)):
            raise ValueError("its arguments are modes, as in rechunk('byte'), or False")
        if marker.args == (False,):
            return []
        if len(self._modes) == 1 and isinstance(self._modes[0], Replay):
            return self._modes
        return [mode for name in marker.args or ("all",) for mode in parse(name)]


def _is_rerun_by_others(item: pytest.Item) -> bool:
    """Return whether pytest-rerunfailures or flaky want to run a failing test again."""
    return bool(item.config.getoption("reruns", 0) or item.get_closest_marker("flaky"))


class _Rerun:
    """A test, run as often as it takes.

    Args:
        item: the test.
        nextitem: the one behind it.
        sockets: whether sockets are cut as well.
        shared: fixtures of wider scopes that have read a stream, as they are noted.
        timeout: of pytest-timeout, for a run.
    """

    def __init__(
        self, item: pytest.Item, nextitem: pytest.Item | None, sockets: bool, shared: Shared, timeout: Any
    ) -> None:
        self._item = item
        self._nextitem = nextitem
        self._sockets = sockets
        self._shared = shared
        self._timeout = timeout
        self._runs = 0
        self._properties = len(item.user_properties)
        self._tries = 0
        self._until = 0.0

    def outcome(self, modes: Sequence[Mode]) -> Run:
        """Run the test in one mode after the other, up to the one in which it fails, and return what is to be reported.

        A test without streams is run once.
        """
        passed: Run | None = None
        for number, mode in enumerate(modes, 1):
            is_last = number == len(modes)

            def more(run: Run, is_last: bool = is_last) -> bool:
                return bool(run.changes) if run.failed else bool(run.streams.streams) and not is_last

            run = self._run(mode, more)
            if run.failed and run.changes:
                return self._explained(mode, run, passed)
            if run.failed:
                return reporting.passes_once(passed) if passed is not None else run
            if not run.streams.streams:
                break
            passed = run
        return run

    def _explained(self, mode: Mode, run: Run, passed: Run | None) -> Run:
        """Find the smallest set of cuts with which the test fails, and run it once more with those.

        Args:
            mode: in which it failed.
            run: the one that failed.
            passed: the one before it, in another mode, where there is one.
        """
        self._until = time.monotonic() + MAX_SECONDS
        whole = self._run(Replay(), lambda run: not run.failed)
        if whole.failed and passed is not None:
            return reporting.passes_once(passed)
        if whole.failed:
            return reporting.fails_whole(whole, run, mode)
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
        item: Any = self._item
        self._forget()
        with (
            watched() as parses,
            patched(self._sockets),
            recording(Recorder(mode)) as streams,
            _logged_later(item.session) as logged,
        ):
            run = Run(streams, parses, logged=logged)
            try:
                if self._phase(run, "setup", item.ihook.pytest_runtest_setup):
                    self._phase(run, "call", item.ihook.pytest_runtest_call)
                again = more(run)
                run.over = not again
                stopped = item.session.shouldfail or item.session.shouldstop
                nextitem = item.parent if again else None if stopped else self._nextitem
                self._phase(run, "teardown", self._teardown, nextitem=nextitem)
            finally:
                if hasattr(item, "_request"):
                    item._request = False
                    item.funcargs = None
        return run

    def _teardown(self, item: pytest.Item, nextitem: pytest.Item | None) -> None:
        """Tear down a test, and what its run has read from streams for others as well."""
        try:
            item.ihook.pytest_runtest_teardown(item=item, nextitem=nextitem)
        finally:
            while self._shared:
                fixture, request = self._shared.pop()
                fixture.finish(request)

    def _forget(self) -> None:
        """Make the test as it was before its last run, as `_pytest.runner.runtestprotocol` does for reruns."""
        item: Any = self._item
        if hasattr(item, "_request") and not item._request:
            item._initrequest()
            del item.user_properties[self._properties :]
            item._report_sections.clear()
        vars(item).pop("_excinfo", None)  # of unittest, where a run had more errors than phases
        if failed_subtests_key is not None:
            item.config.stash[failed_subtests_key].clear()
        self._runs += 1
        if self._timeout is not None and self._runs > 1:
            item.ihook.pytest_timeout_cancel_timer(item=item)
            item.ihook.pytest_timeout_set_timer(item=item, settings=self._timeout)

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


@contextlib.contextmanager
def _logged_later(session: pytest.Session) -> Iterator[list[pytest.TestReport]]:
    """Keep the reports that a run logs itself, as subtests do, until it is known whether it counts."""
    reports: list[pytest.TestReport] = []
    original = session.gethookproxy
    session.gethookproxy = lambda path: _Hooks(original(path), reports)  # type: ignore
    try:
        yield reports
    finally:
        del session.gethookproxy


class _Hooks:
    """The hooks of a test, but for the one that logs a report."""

    def __init__(self, hooks: Any, reports: list[pytest.TestReport]) -> None:
        self._hooks = hooks
        self._reports = reports

    def __getattr__(self, name: str) -> Any:
        return getattr(self._hooks, name)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        self._reports.append(report)
