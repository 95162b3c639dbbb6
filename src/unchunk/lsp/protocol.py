"""Findings in the protocol's types: diagnostics, hovers, and edits."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from typing import TYPE_CHECKING

from lsprotocol import types

from unchunk.report.rule_pages import page, url

if TYPE_CHECKING:
    from pygls.workspace import PositionCodec

    from unchunk.analysis.findings import Finding
    from unchunk.lsp.checks import Check
    from unchunk.lsp.workspace import Text

SOURCE = "unchunk"


def diagnostics(
    look: Check, codec: PositionCodec, findings: Sequence[Finding] | None = None
) -> dict[str, list[types.Diagnostic]]:
    """Return the diagnostics of every checked text by its address; for all findings, or for some."""
    told: dict[str, list[types.Diagnostic]] = {text.uri: [] for text in look.subject.cells.values()}
    for finding in look.findings if findings is None else findings:
        text, span = look.place(finding.span)
        told[text.uri].append(
            types.Diagnostic(
                range=text.range(span, codec),
                message=look.messages.get(id(finding), finding.message),
                severity=types.DiagnosticSeverity.Warning,
                code=finding.code,
                code_description=_description(finding.code),
                source=SOURCE,
                related_information=list(_related(look, finding, codec)),
            )
        )
    return told


def findings_at(look: Check, uri: str, range: types.Range, codec: PositionCodec) -> Iterator[Finding]:
    """Yield the findings that a range of a text touches."""
    for finding in look.findings:
        text, span = look.place(finding.span)
        if text.uri == uri and _touches(text.range(span, codec), range):
            yield finding


def hover(look: Check, uri: str, position: types.Position, codec: PositionCodec) -> types.Hover | None:
    """Return the messages at a position, with the pages of their rules."""
    found = list(findings_at(look, uri, types.Range(position, position), codec))
    if not found:
        return None
    text, span = look.place(found[0].span)
    parts = [f"{look.messages.get(id(finding), finding.message)}\n\n---\n\n{_page(finding.code)}" for finding in found]
    content = types.MarkupContent(types.MarkupKind.Markdown, "\n\n---\n\n".join(parts))
    return types.Hover(content, text.range(span, codec))


def edits(text: Text, new: str, codec: PositionCodec) -> list[types.TextEdit]:
    """Return the edits that turn a text into another one, line by line."""
    after = text.changed(types.TextDocumentContentChangeWholeDocument(new), None, codec)
    changes: list[types.TextEdit] = []
    for kind, start, end, first, last in SequenceMatcher(None, text.lines, after.lines, autojunk=False).get_opcodes():
        if kind != "equal":
            range = types.Range(_line_start(text, start, codec), _line_start(text, end, codec))
            changes.append(types.TextEdit(range, "".join(after.lines[first:last])))
    return changes


def _line_start(text: Text, line: int, codec: PositionCodec) -> types.Position:
    """Return the start of a line; for the one after the last, the end of the text."""
    if line < len(text.lines):
        return types.Position(line, 0)
    return types.Position(len(text.lines) - 1, codec.client_num_units(text.lines[-1]))


def _related(look: Check, finding: Finding, codec: PositionCodec) -> Iterator[types.DiagnosticRelatedInformation]:
    """Yield the data's way to the parse call, as far as it is in this document or notebook."""
    for step in finding.trace:
        if step.path in (None, finding.path) and step.span != finding.span:
            text, span = look.place(step.span)
            location = types.Location(text.uri, text.range(span, codec))
            yield types.DiagnosticRelatedInformation(location, step.text)


def _description(code: str) -> types.CodeDescription | None:
    address = url(code)
    return types.CodeDescription(address) if address else None


def _page(code: str) -> str:
    text = page(code)
    return text.markdown if text else code


def _touches(one: types.Range, other: types.Range) -> bool:
    return _before(one.start, other.end) and _before(other.start, one.end)


def _before(one: types.Position, other: types.Position) -> bool:
    return (one.line, one.character) <= (other.line, other.character)
