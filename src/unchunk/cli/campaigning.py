"""Actions of `unchunk campaign`."""

from __future__ import annotations

import contextlib
import dataclasses
import json
import os
import shlex
import sys
import time
from typing import TYPE_CHECKING

from unchunk.analysis.visible import visible
from unchunk.campaign import driver, executors, isolation
from unchunk.campaign.commit import author_here
from unchunk.campaign.ledger import Ledger, LedgerError, Writer, is_begun
from unchunk.campaign.locks import Locked
from unchunk.campaign.record import MEANINGS, Limits, Settings, State
from unchunk.campaign.report import data
from unchunk.campaign.report.overview import Shown, overview, shown
from unchunk.campaign.sources import as_kept, below, listed_in
from unchunk.cli import output
from unchunk.cli.progress import counted
from unchunk.project.git import GitError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from unchunk.campaign.ledger import Row
    from unchunk.campaign.record import Record
    from unchunk.cli.parsing import Options

_DECIDED = ("message", "branch", "verify", "verify_limit")
_OF_FIX = ("unsafe_fixes", "vendor", "no_dependency", "select", "extend_select", "ignore", "exclude", "isolated")
_BAD_STATE = "no state or kind of error"


class _Refused(Exception):
    """The action cannot be done; says why."""


def act(options: Options) -> int:
    """Do the action that the command line names, and give the exit status."""
    action, *words = options.words or [""]
    known = _actions()
    try:
        if action not in known:
            raise _Refused(f"there is no action {action!r}: {', '.join(known)}")
        return known[action](options, words)
    except (_Refused, LedgerError, driver.Stopped, executors.SchedulerError, GitError) as error:
        return _refuse(str(error))
    except Locked as error:
        return _refuse(f"{options.ledger}: {error} is at work on it")
    except OSError as error:
        return _refuse(f"{error.filename or options.ledger}: {error.strerror}")


def _actions() -> dict[str, Callable[[Options, list[str]], int]]:
    return {
        "run": _run,
        "status": _status,
        "show": _show,
        "export": _export,
        "push": _push,
        "pr-text": _pr_text,
        "report": _report,
    }


def _refuse(message: str) -> int:
    print(visible(f"unchunk: {' '.join(message.split())}"), file=sys.stderr)
    return 2


def _run(options: Options, words: list[str]) -> int:
    sources = [as_kept(source) for source in _sources(options, words)]
    settings = None if is_begun(options.ledger) else _settings(options, Settings(date=_now()))
    if settings is not None and not sources:
        raise _Refused("name repositories, a --repos-file or a --root")
    limits = Limits(options.time_limit or 900, options.memory_limit or 2048, options.scratch)
    isolation.sweep(limits.scratch)
    with Writer(options.ledger, settings) as ledger:
        if settings is None and _settings(options, ledger.settings) != ledger.settings:
            raise _Refused(f"{options.ledger}: was begun with other settings; begin another ledger for these")
        ledger.add(sources)
        if options.retry:
            ledger.again(_known_states(options.retry))
        total = sum(ledger.counts().values())
        waiting = ledger.counts().get(State.PENDING, 0)
        with _workplace(options) as place:
            for row, record in counted(driver.run(ledger, place, limits), total - waiting, total, options):
                _tell_one(row, record, options)
        if not options.quiet:
            output.write(_counts(ledger))
        return int(ledger.counts().get(State.FAILED, 0) > 0)


def _now() -> int:
    """Return the date of the commits (https://reproducible-builds.org/specs/source-date-epoch)."""
    return int(os.environ.get("SOURCE_DATE_EPOCH") or time.time())


def _sources(options: Options, words: list[str]) -> Iterator[str]:
    yield from words
    for path in options.repos_file:
        yield from listed_in(path)
    for root in options.root:
        if not os.path.isdir(root):
            raise _Refused(f"{root}: there is no such folder")
        yield from below(root)


def _settings(options: Options, known: Settings) -> Settings:
    """Return the settings that the command line asks for, where it says nothing those that are known."""
    given = {name: getattr(options, name) for name in _DECIDED if getattr(options, name) is not None}
    if "verify" in given:
        try:
            shlex.split(given["verify"])
        except ValueError as error:
            raise _Refused(f"--verify {given['verify']}: {error}") from error
    fixing = {name: getattr(options, name) for name in _OF_FIX if getattr(options, name)}
    return dataclasses.replace(known, **given, options=fixing or known.options, author=known.author or author_here())


def _known_states(words: list[str]) -> list[str]:
    for word in words:
        if not word.replace("-", "").isalpha():
            raise _Refused(f"--retry {word}: {_BAD_STATE}")
    return words


@contextlib.contextmanager
def _workplace(options: Options) -> Iterator[executors.Workplace]:
    with executors.dask(options.scheduler) if options.scheduler else executors.local(options.jobs) as place:
        yield place


def _tell_one(row: Row, record: Record, options: Options) -> None:
    if record.state is State.FAILED:
        print(visible(f"unchunk: {row.name}: {record.error_kind}: {record.error}"), file=sys.stderr)
    elif not options.quiet and record.commit:
        print(visible(f"{row.name}: {record.state.value}"), file=sys.stderr)


def _counts(ledger: Ledger) -> Iterator[str]:
    for state, count in ledger.counts().items():
        yield f"{count:>7} {state.value:<13} {MEANINGS[state]}\n"


def _status(options: Options, words: list[str]) -> int:
    with _ledger(options, words) as ledger:
        figures = overview(ledger)
        if options.output_format == "json":
            output.write([json.dumps(data.of_figures(figures), indent=2) + "\n"])
        else:
            output.write(_counts(ledger))
            output.write([f"{figures.fixed} findings fixed, {figures.left} left\n"])
        return int(any(state == State.FAILED.value for state, _, _ in figures.states))


def _show(options: Options, words: list[str]) -> int:
    with Ledger(options.ledger) as ledger:
        one = _shown(ledger, _only(words))
        if options.output_format == "json":
            output.write([json.dumps(data.of_repository(one), indent=2) + "\n"])
        else:
            output.write(_as_text(one))
        return 0


def _as_text(one: Shown) -> Iterator[str]:
    record = one.row.record
    yield visible(f"{one.row.name}: {record.state.value}, {MEANINGS[record.state]}") + "\n"
    if record.error_kind:
        yield visible(f"{record.error_kind}: {record.error}") + "\n"
    for finding in one.findings:
        reason = f" ({finding['reason']})" if finding["reason"] else ""
        place = f"{finding['path']}:{finding['line']}:{finding['column']}"
        yield visible(f"{place}: {finding['code']} {finding['outcome']}: {finding['message']}{reason}") + "\n"
    for note in (*record.notes, *record.problems):
        yield visible(note) + "\n"
    if record.patch:
        yield "\n" + record.patch.decode("utf-8", "surrogateescape")


def _export(options: Options, words: list[str]) -> int:
    with _ledger(options, words) as ledger:
        if options.patches:
            os.makedirs(options.patches, exist_ok=True)
            for row in ledger.rows(State.FIXED, State.PARTLY_FIXED):
                name = f"{row.id:05}-{_file_name(row.name)}.patch"
                with open(os.path.join(options.patches, name), "wb") as file:
                    file.write(row.record.patch)
            return 0
        output.write(json.dumps(data.of_repository(one)) + "\n" for one in shown(ledger))
        return 0


def _file_name(name: str) -> str:
    return "".join(letter if letter.isalnum() or letter in "-_." else "-" for letter in name)[-80:].strip("-.")


def _push(options: Options, words: list[str]) -> int:
    from unchunk.campaign.push import PUSHED, UP_TO_DATE, push

    path, words = (words[0], words[1:]) if words and os.path.isfile(words[0]) else (options.ledger, words)
    failures = 0
    with Writer(path) as ledger:
        rows = [ledger.find(word) for word in words] if words else ledger.rows(State.FIXED, State.PARTLY_FIXED)
        for row in rows:
            if not row.record.patch:
                raise _Refused(f"{row.name}: there is nothing to push")
            done = push(row, ledger.settings, options.time_limit or 900, dry_run=options.dry_run)
            if not options.dry_run:
                ledger.keep_push(row, done)
            failed = done.state not in (PUSHED, UP_TO_DATE, "would-push")
            failures += failed
            if failed or not options.quiet:
                words_of = f": {done.error}" if done.error else f" {done.commit[:12]}"
                output.write([visible(f"{row.name}: {done.branch} {done.state}{words_of}") + "\n"])
    return int(failures > 0)


def _pr_text(options: Options, words: list[str]) -> int:
    from unchunk.campaign.pull_request import body, title

    with Ledger(options.ledger) as ledger:
        one = _shown(ledger, _only(words))
        if not one.row.record.commit:
            raise _Refused(f"{one.row.name}: nothing was changed: {one.row.record.state.value}")
        subject, text = (make(one.row, one.findings, ledger.settings) for make in (title, body))
        if options.output_format == "json":
            output.write([json.dumps({"title": subject, "body": text}, indent=2) + "\n"])
        else:
            output.write([f"{subject}\n" if options.title else text])
        return 0


def _report(options: Options, words: list[str]) -> int:
    with _ledger(options, words) as ledger:
        if options.html:
            from unchunk.campaign.report import html

            output.write(html.render(ledger), options.html)
        elif options.output_format == "json":
            repositories = [data.of_repository(one) for one in shown(ledger)]
            output.write([json.dumps(data.of_figures(overview(ledger)) | {"all": repositories}, indent=2) + "\n"])
        else:
            from unchunk.campaign.report import markdown

            output.write(markdown.render(ledger))
        return 0


def _ledger(options: Options, words: list[str]) -> Ledger:
    if len(words) > 1:
        raise _Refused(f"one ledger at a time, not {' '.join(words)}")
    return Ledger(words[0] if words else options.ledger)


def _shown(ledger: Ledger, word: str) -> Shown:
    row = ledger.find(word)
    return Shown(row, ledger.findings(row), ledger.push_of(row))


def _only(words: list[str]) -> str:
    if len(words) != 1:
        raise _Refused("name one repository")
    return words[0]
