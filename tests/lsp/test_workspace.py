"""The client's open texts after any changes: the same text, in any units, with any line ends."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

pytest.importorskip("pygls", reason="pygls is not installed: pip install 'unchunk[lsp]'")

from lsprotocol import types
from pygls.workspace import PositionCodec

from tests.lsp.editor import UNITS
from unchunk.analysis.findings import Span
from unchunk.lsp.protocol import edits
from unchunk.lsp.workspace import Text, Workspace

CHARACTERS = st.text(alphabet="ab\n\r\f\u2028é😀 ", max_size=30)
ENCODINGS = st.sampled_from(sorted(UNITS))


def position(text: str, offset: int, encoding: str) -> types.Position:
    """Return an offset's position as the protocol counts."""
    lines = text[:offset].replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return types.Position(len(lines) - 1, UNITS[encoding](lines[-1]))


def between_line_ends(text: str, offset: int) -> bool:
    """Decide whether an offset is within a CRLF, which no position can express."""
    return text[offset - 1 : offset + 1] == "\r\n"


@given(CHARACTERS, CHARACTERS, ENCODINGS, st.data())
def test_a_change_of_a_range_is_what_it_says(old: str, new: str, encoding: str, data: st.DataObject) -> None:
    offsets = st.integers(0, len(old)).filter(lambda offset: not between_line_ends(old, offset))
    start, end = sorted((data.draw(offsets), data.draw(offsets)))
    codec = PositionCodec(types.PositionEncodingKind(encoding))
    place = types.Range(position(old, start, encoding), position(old, end, encoding))
    text = Text("file:///a.py", 1, old).changed(types.TextDocumentContentChangePartial(place, new), 2, codec)
    assert (text.text, text.version) == (old[:start] + new + old[end:], 2)


@given(CHARACTERS, st.integers(0, 99), st.integers(0, 99), st.integers(0, 99), st.integers(0, 99))
def test_any_range_is_taken_for_one_within_the_text(text: str, line: int, column: int, end: int, last: int) -> None:
    place = types.Range(types.Position(line, column), types.Position(end, last))
    change = types.TextDocumentContentChangePartial(place, "x")
    changed = Text("a", 1, text).changed(change, 2, PositionCodec()).text
    assert changed.count("x") == 1
    assert text.startswith(changed.partition("x")[0])
    assert text.endswith(changed.partition("x")[2])


@given(CHARACTERS, CHARACTERS, ENCODINGS)
def test_edits_make_a_text_another_one(old: str, new: str, encoding: str) -> None:
    codec = PositionCodec(types.PositionEncodingKind(encoding))
    before = Text("a", 1, old)
    text = before
    for edit in reversed(edits(before, new, codec)):
        text = text.changed(types.TextDocumentContentChangePartial(edit.range, edit.new_text), 1, codec)
    assert text.text == new


@given(CHARACTERS, ENCODINGS, st.data())
def test_a_span_is_told_in_the_units_of_the_client(text: str, encoding: str, data: st.DataObject) -> None:
    offset = data.draw(st.integers(0, len(text)).filter(lambda offset: not between_line_ends(text, offset)))
    lines = text[:offset].replace("\r\n", "\n").replace("\r", "\n").split("\n")
    span = Span(len(lines), len(lines[-1]), len(lines), len(lines[-1]))
    codec = PositionCodec(types.PositionEncodingKind(encoding))
    assert Text("a", 1, text).range(span, codec).start == position(text, offset, encoding)


def cells(*languages: str) -> tuple[list[types.NotebookCell], list[types.TextDocumentItem]]:
    kinds = [types.NotebookCellKind.Markup if each == "markdown" else types.NotebookCellKind.Code for each in languages]
    items = [types.TextDocumentItem(f"cell:{number}", each, 1, each) for number, each in enumerate(languages)]
    return [types.NotebookCell(kind, item.uri) for kind, item in zip(kinds, items, strict=True)], items


def opened(*languages: str) -> Workspace:
    texts = Workspace()
    found, items = cells(*languages)
    book = types.NotebookDocument("file:///a.ipynb", "jupyter-notebook", 1, found)
    texts.open_notebook(types.DidOpenNotebookDocumentParams(book, items))
    return texts


def numbers(texts: Workspace) -> list[tuple[int, str]]:
    subject = texts.subject("file:///a.ipynb")
    assert subject is not None
    return [(number, text.text) for number, text in subject.cells.items()]


def changed(texts: Workspace, change: types.NotebookDocumentCellChanges) -> None:
    document = types.VersionedNotebookDocumentIdentifier(2, "file:///a.ipynb")
    params = types.DidChangeNotebookDocumentParams(document, types.NotebookDocumentChangeEvent(cells=change))
    texts.change_notebook(params)


def test_only_code_cells_in_python_are_kept_by_their_numbers() -> None:
    texts = opened("markdown", "python", "csharp", "python")
    assert numbers(texts) == [(2, "python"), (4, "python")]
    assert texts.subject("cell:3") == texts.subject("file:///a.ipynb")
    assert [subject.is_notebook for subject in texts.subjects()] == [True]


def test_cells_come_go_and_change() -> None:
    texts = opened("python", "markdown", "python")
    new = types.TextDocumentItem("cell:9", "python", 1, "new")
    array = types.NotebookCellArrayChange(0, 1, [types.NotebookCell(types.NotebookCellKind.Code, "cell:9")])
    closed = types.TextDocumentIdentifier("cell:0")
    changed(
        texts,
        types.NotebookDocumentCellChanges(structure=types.NotebookDocumentCellChangeStructure(array, [new], [closed])),
    )
    assert numbers(texts) == [(1, "new"), (3, "python")]
    content = types.NotebookDocumentCellContentChanges(
        types.VersionedTextDocumentIdentifier(2, "cell:9"), [types.TextDocumentContentChangeWholeDocument("newer")]
    )
    changed(texts, types.NotebookDocumentCellChanges(text_content=[content]))
    assert numbers(texts) == [(1, "newer"), (3, "python")]
    markup = types.NotebookCell(types.NotebookCellKind.Markup, "cell:2")
    changed(texts, types.NotebookDocumentCellChanges(data=[markup]))
    assert numbers(texts) == [(1, "newer")]


def test_a_closed_notebook_leaves_nothing_behind() -> None:
    texts = opened("python", "python")
    identifiers = [types.TextDocumentIdentifier(f"cell:{number}") for number in (0, 1)]
    texts.close_notebook(
        types.DidCloseNotebookDocumentParams(types.NotebookDocumentIdentifier("file:///a.ipynb"), identifiers)
    )
    assert texts.subjects() == []
    assert texts.subject("cell:0") is None
