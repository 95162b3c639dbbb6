"""The report of a run: the cut that broke a test, how to repeat it, and findings at the parse calls that failed."""

from __future__ import annotations

import os
import shlex
from typing import TYPE_CHECKING, Any

import pytest

from unchunk.testing.cutting import recut as recut_body

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from unchunk.testing.failed_parses import FailedParse
    from unchunk.testing.modes import Change, Mode
    from unchunk.testing.protocol import Run

_MAX_SHOWN = 10
_SIDE = 40
_TITLE = "rechunk"


def explain(run: Run, item: pytest.Item, mode: Mode, parses: Sequence[FailedParse], sockets: bool) -> Run:
    """Add to the report of a failing run what its smallest set of cuts is, and how to repeat it."""
    folder = item.config.invocation_params.dir
    lines = [*_explanation(run, mode), *(_failed_parse(parse, folder) for parse in parses)]
    lines.append(f"Repeat it: {_command(item, run.streams.mode.name, sockets)}")
    note(run, "\n".join(lines))
    found = [_as_object(parse, item, lines[1].strip()) for parse in parses]
    run.explained = True
    for report in run.reports:
        if report.failed:
            report.rechunk = found  # type: ignore[attr-defined]  # goes from a worker to its controller with the report
            break
    return run


def note(run: Run, text: str) -> Run:
    """Add a section to the reports of the phases that failed."""
    for report in run.reports:
        if report.failed:
            add_section(report, text)
    return run


def fails_whole(whole: Run, run: Run, mode: Mode) -> Run:
    """Note that a test fails without any cut, and where it fails otherwise than it did, what that may mean."""
    if whole.failure == run.failure:
        return note(whole, "The test fails without any cut as well.")
    return note(
        whole,
        f"The test failed in mode {mode.name}, and otherwise when it was run again without any cut: "
        "either it fails in any case, or it cannot be run twice.",
    )


def passes_once(run: Run) -> Run:
    """Note that a test passes when it runs for the first time only, so that not every mode was tried."""
    for _, report in run.calls:
        if report.when == "call":
            report.rechunk_once = True  # type: ignore[attr-defined]
    return run


def add_section(report: pytest.TestReport, text: str) -> None:
    """Add a section to a report, so that it is shown with or without captured output."""
    if hasattr(report.longrepr, "addsection"):
        report.longrepr.addsection(_TITLE, text)  # type: ignore[union-attr]
    else:
        report.sections.append((_TITLE, text))


def _explanation(run: Run, mode: Mode) -> Iterator[str]:
    changes = run.changes
    what = "one change" if len(changes) == 1 else f"{len(changes)} changes"
    yield f"The test passes as its streams come, and fails with {what} (mode {mode.name}):"
    for change in changes[:_MAX_SHOWN]:
        yield f"  {_sides(run, change)}"
    if len(changes) > _MAX_SHOWN:
        yield f"  … and {len(changes) - _MAX_SHOWN} more"


def _sides(run: Run, change: Change) -> str:
    before, behind = run.streams.changes[change]
    what = "two pieces joined" if change.joined else "cut"
    mark = " + " if change.joined else " | "
    name = run.streams.streams[change.stream - 1].name
    return f"stream {change.stream} ({name}) {what} at byte {change.offset}: {before!r}{mark}{behind!r}"


def _failed_parse(parse: FailedParse, folder: Path) -> str:
    place = parse.places[0]
    return f"The parse call that failed: {os.path.relpath(place.path, folder)}:{place.line}: {parse.error}"


def _command(item: pytest.Item, replay: str, sockets: bool) -> str:
    options = [f"--rechunk={replay}", *(["--rechunk-sockets"] if sockets else [])]
    path, *names = str(item.nodeid).split("::", 1)
    path = os.path.relpath(item.config.rootpath / path, item.config.invocation_params.dir)
    return shlex.join(["pytest", "::".join([path, *names]), *options])


def _as_object(parse: FailedParse, item: pytest.Item, cut: str) -> dict[str, Any]:
    """Return a failed parse call as plain data, which reports carry between processes."""
    places = [(each.path, each.line, each.end_line, each.column, each.end_column) for each in parse.places]
    return {"test": item.nodeid, "error": parse.error, "cut": cut, "places": places}


def told_recut(item: pytest.Item) -> Callable[..., Iterator[list[Any]]]:
    """Return `recut` that adds the cut it has handed out last to the report of a test that fails."""
    sections: list[tuple[str, str, str]] = item._report_sections

    def recut(body: Any, **options: Any) -> Iterator[list[Any]]:
        for pieces in recut_body(body, **options):
            told = ("call", "recut", _told(pieces))
            sections.append(told)
            yield pieces
            sections.remove(told)

    return recut


def _told(pieces: Sequence[bytes | str]) -> str:
    if len(pieces) == 2:
        before, behind = pieces
        return f"the body was cut at {len(before)}: {before[-_SIDE:]!r} | {behind[:_SIDE]!r}"
    shown = " | ".join(repr(piece[:_SIDE]) for piece in pieces[:_MAX_SHOWN])
    return f"the body came in {len(pieces)} pieces: {shown}{' | …' if len(pieces) > _MAX_SHOWN else ''}"


class Findings:
    """The parse calls that failed, written as findings at the end of a run."""

    def __init__(self, config: pytest.Config) -> None:
        self._folder = config.invocation_params.dir
        self._path = config.option.rechunk_report and self._folder / config.option.rechunk_report
        if self._path and self._path.is_dir():
            raise pytest.UsageError(f"--rechunk-report: {self._path} is a folder")
        self._is_worker = hasattr(config, "workerinput")
        self._failed: list[dict[str, Any]] = []
        self._once: list[str] = []

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        self._failed += getattr(report, "rechunk", ())
        if hasattr(report, "rechunk_once"):
            self._once.append(report.nodeid)

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        if self._once:
            terminalreporter.section(_TITLE)
            terminalreporter.line("Not tried in every mode, because they pass the first time only:")
            for nodeid in self._once:
                terminalreporter.line(f"  {nodeid}")

    def pytest_sessionfinish(self) -> None:
        if self._path and not self._is_worker:
            from unchunk.testing.findings import write  # the engine starts here, where it is asked for

            self._path.parent.mkdir(parents=True, exist_ok=True)
            os.chdir(self._folder)  # where a test has left is not where the report's paths begin
            write(self._failed, str(self._path))
