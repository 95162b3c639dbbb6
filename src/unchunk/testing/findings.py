"""Parse calls that failed, as findings in the formats of `unchunk check`."""

from __future__ import annotations

import ast
import os
from typing import TYPE_CHECKING, Any, NamedTuple

from unchunk import __version__
from unchunk.analysis import Settings, SourceError, check_source
from unchunk.analysis.findings import Span
from unchunk.analysis.rules import all_rules, default_codes
from unchunk.report.diagnostic import Diagnostic, Report
from unchunk.report.formats import load

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from unchunk.analysis.findings import Finding

SEEN_ONLY = "seen when a test ran; unchunk check does not report this call"
SEEN_TOO = "seen when a test ran, too"
SEEN_OPT_IN = "seen when a test ran; unchunk check reports this call with --extend-select {}"
# The rules of what only a run has shown: a piece that was parsed, and one that was decoded.
_PARSED = ("UNC101", "chunk-parse")
_DECODED = ("UNC202", "chunk-decode")
_CERTAIN = Settings(select=frozenset(rule.CODE for rule in all_rules() if not rule.CODE.startswith("UNC9")))


class _Place(NamedTuple):
    path: str
    line: int
    end_line: int
    column: int | None
    end_column: int | None


def write(failed: Iterable[dict[str, Any]], path: str) -> None:
    """Write the report of a run to a file.

    Args:
        failed: the failed parse calls, as plain data.
        path: of the report; SARIF where it ends with `.sarif`, else JSON.
    """
    sources = _Sources()
    entries = {(entry.path, entry.span): entry for entry in map(sources.entry, failed)}
    report = Report(
        [entries[key] for key in sorted(entries)],
        version=__version__,
        lines=lambda name, cell: sources.text(name).splitlines(),
    )
    text = load("sarif" if path.endswith(".sarif") else "json").render(report)
    with open(path, "w", encoding="utf-8", errors="surrogateescape", newline="\n") as file:
        file.writelines(text)


class _Sources:
    """The files that parse, with what the engine finds in them."""

    def __init__(self) -> None:
        self._texts: dict[str, str] = {}
        self._found: dict[str, list[Finding]] = {}

    def text(self, path: str) -> str:
        """Return the text of a file; an empty one where it cannot be read."""
        if path not in self._texts:
            try:
                with open(path, encoding="utf-8") as file:
                    self._texts[path] = file.read()
            except (OSError, UnicodeDecodeError):
                self._texts[path] = ""
        return self._texts[path]

    def entry(self, failed: dict[str, Any]) -> Diagnostic:
        """Return the finding that a failed parse call is: the engine's own if it has one there."""
        places = [_Place(*place) for place in failed["places"]]
        told = f"{failed['test']} fails with {failed['error']}; {failed['cut']}"
        known = self._finding(places)
        path = _shown(places[0].path)
        if known is not None:
            reason = SEEN_TOO if known.code in default_codes() else SEEN_OPT_IN.format(known.code)
            message, place = f"{known.message} ({reason}: {told})", _shown(known.path)
            return Diagnostic(known.code, known.name, place, known.span, message, reason=reason, finding=known)
        code, name = _DECODED if failed["error"].startswith("UnicodeDecodeError") else _PARSED
        message = f"a piece of a stream is taken for something whole ({SEEN_ONLY}: {told})"
        return Diagnostic(code, name, path, self._span(places[0]), message, reason=SEEN_ONLY)

    def _finding(self, places: Sequence[_Place]) -> Finding | None:
        """Return the engine's finding at the parse call, or at a call that led there from another file."""
        found = [
            finding
            for place in places
            for finding in self._findings(place.path)
            if finding.span.line <= place.end_line and place.line <= finding.span.end_line
        ]
        return next((finding for finding in found if finding.code in default_codes()), found[0] if found else None)

    def _findings(self, path: str) -> list[Finding]:
        if path not in self._found:
            try:
                self._found[path] = check_source(self.text(path), _shown(path), settings=_CERTAIN, follow_imports=True)
            except SourceError:
                self._found[path] = []
        return self._found[path]

    def _span(self, place: _Place) -> Span:
        if place.column is not None and place.end_column is not None:
            return Span(place.line, place.column, place.end_line, place.end_column)
        return self._first_call(place)

    def _first_call(self, place: _Place) -> Span:
        """Return the first call on a line, for versions of Python that do not tell columns."""
        for node in ast.walk(ast.parse(self.text(place.path))):
            if isinstance(node, ast.Call) and node.lineno == place.line:
                return Span(node.lineno, node.col_offset, node.end_lineno or node.lineno, node.end_col_offset or 0)
        return Span(place.line, 0, place.end_line, 0)


def _shown(path: str) -> str:
    """Return a path below the current folder as `unchunk check` names it."""
    relative = os.path.relpath(path)
    return path if relative.startswith(os.pardir) else relative
