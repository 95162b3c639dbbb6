"""Every finding with the lines it is about: where the data comes from, how it gets to the parse call, what helps."""

from __future__ import annotations

import io
import textwrap
import unicodedata
from typing import TYPE_CHECKING

from unchunk.analysis.visible import visible
from unchunk.report.concise import mark
from unchunk.report.diagnostic import Diagnostic, Report, place
from unchunk.report.rule_pages import url

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from unchunk.analysis.findings import InCell, Span

_PLAIN_WIDTH = 100
_NARROWEST = 20

# A line of the output: pieces of text, each with the style that rich gives it on a terminal.
_Line = list[tuple[str, str]]
# For every line to be shown, by cell (0 where there are none) and number, what to underline and what to say.
_Stations = dict[tuple[int, int], list[tuple["Span | InCell", str]]]


def render(report: Report) -> Iterator[str]:
    """Yield a block a finding, with a blank line after each; in colour where the report goes to a terminal and rich is
    there.
    """
    lines = (line for entry in report.entries for line in [*_block(entry, report), []])
    yield from _coloured(lines, _width(report)) if report.color else _plain(lines)


def frame(entry: Diagnostic, report: Report) -> list[list[tuple[str, str]]]:
    """Return the lines of source that a finding is about, in pieces of text, each with its style."""
    return [list(line) for line in _frame(entry, report)]


def _plain(lines: Iterable[_Line]) -> Iterator[str]:
    for line in lines:
        yield "".join(text for text, _ in line).rstrip() + "\n"


def _coloured(lines: Iterable[_Line], width: int) -> Iterator[str]:
    try:
        from rich.console import Console
        from rich.text import Text
    except ModuleNotFoundError:
        yield from _plain(lines)
        return
    console = Console(file=io.StringIO(), force_terminal=True, width=width, highlight=False, legacy_windows=False)
    for line in lines:
        with console.capture() as captured:
            console.print(Text.assemble(*line), no_wrap=True, overflow="crop")
        yield captured.get()


def _block(entry: Diagnostic, report: Report) -> Iterator[_Line]:
    width = _width(report)
    first, *rest = textwrap.wrap(f"{entry.code} {mark(entry)}{entry.message}", width, break_on_hyphens=False)
    yield [(entry.code, "bold red"), (first.removeprefix(entry.code), "bold")]
    yield from ([(line, "bold")] for line in rest)
    yield [("--> ", "bold blue"), (_visible(place(entry)), "")]
    yield from _frame(entry, report)
    for note in _notes(entry):
        wrapped = textwrap.wrap(note, width - 4, break_on_hyphens=False)
        yield from ([("  = " if line is wrapped[0] else "    ", "bold blue"), (line, "")] for line in wrapped)


def _width(report: Report) -> int:
    return _PLAIN_WIDTH if report.width is None else max(report.width, _NARROWEST)


def _notes(entry: Diagnostic) -> Iterator[str]:
    if entry.reason:
        yield f"{'the fix wants a look' if entry.fixable else 'not fixed'}: {entry.reason}"
    page = url(entry.code)
    yield f"see {page}" if page else f"see `unchunk rule {entry.code}`"


def _frame(entry: Diagnostic, report: Report) -> Iterator[_Line]:
    """Yield the lines of the entry's own file, and then those of the other files on the data's way."""
    files = _stations(entry, report)
    gutter = max((len(str(number)) for stations in files.values() for _, number in stations), default=0)
    for path, stations in files.items():
        if path != entry.path:
            yield [("::: ", "bold blue"), (_visible(path), "")]
        if stations:
            yield from _frame_of_file(path, stations, gutter, report)


def _frame_of_file(path: str, stations: _Stations, gutter: int, report: Report) -> Iterator[_Line]:
    yield [(f"{'':{gutter}} |", "bold blue")]
    previous = min(stations)
    for cell, number in sorted(stations):
        if cell != previous[0]:
            yield [(f"... cell {cell}", "bold blue")]
        elif number > previous[1] + 1:
            yield [("...", "bold blue")]
        previous = cell, number
        line = report.lines(path, cell or None)[number - 1]
        yield [(f"{number:>{gutter}} | ", "bold blue"), (_visible(line.rstrip()), "")]
        for at, text in stations[cell, number]:
            room = None if report.width is None else _width(report) - gutter - len(" | ")
            for marked in _annotation(at, line, text, room):
                yield [(f"{'':{gutter}} | ", "bold blue"), (marked, "bold red")]
    yield [(f"{'':{gutter}} |", "bold blue")]


def _stations(entry: Diagnostic, report: Report) -> dict[str, _Stations]:
    """Return the spans to underline and their texts, by file."""
    words: dict[tuple[str, Span], str] = {(entry.path, entry.span): ""}
    finding = entry.finding
    if finding is not None:
        words.setdefault((finding.source_path or entry.path, finding.source), finding.source_name)
        words |= {(step.path or entry.path, step.span): step.text for step in finding.trace}
    files: dict[str, _Stations] = {}
    for (path, span), text in words.items():
        stations = files.setdefault(path, {})
        at, cell = span.cell or span, span.cell.cell if span.cell else 0
        if at.line <= len(report.lines(path, cell or None)):
            stations.setdefault((cell, at.line), []).append((at, text))
    return files


def _annotation(span: Span | InCell, line: str, text: str, room: int | None) -> Iterator[str]:
    """Yield the underline with its text behind it, or below it where a terminal has no room."""
    underline = _underline(span, line)
    if room is None or len(underline) + 1 + len(text) <= room:
        yield f"{underline} {text}"
        return
    yield underline
    start = len(underline) - len(underline.lstrip())
    indent = " " * max(min(start, room - len(text)), 0)
    yield from textwrap.wrap(text, max(room, 1), initial_indent=indent, break_on_hyphens=False)


def _underline(span: Span | InCell, line: str) -> str:
    end = span.end_column if span.end_line == span.line else len(line.rstrip())
    start = _columns(line[: span.column])
    return " " * start + "^" * max(_columns(line[:end]) - start, 1)


def _columns(text: str) -> int:
    """Return the terminal columns of a text: East Asian characters take two, combining ones none."""
    shown = _visible(text)
    wide = sum(unicodedata.east_asian_width(character) in "WF" for character in shown)
    return len(shown) + wide - sum(unicodedata.combining(character) != 0 for character in shown)


def _visible(text: str) -> str:
    """Return the text with tabs as blanks and without control characters, which would act on the terminal."""
    spaced = text.replace("\t", "    ")
    return "".join(character if visible(character) == character else "�" for character in spaced)
