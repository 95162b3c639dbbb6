"""Cells joined to a module and taken apart again: positions, what is left out, and every other byte untouched."""

from __future__ import annotations

import ast
import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.notebook.books import STYLES, as_jupyter_writes, as_string, book, code, markdown, raw, sources
from unchunk.analysis.findings import Finding, Framing, InCell, Span, TraceStep
from unchunk.notebook import Notebook, NotebookError

Style = Callable[[dict[str, Any]], bytes]

MIXED = book(
    markdown("# A notebook 😀", attachments={"a.png": {"image/png": "iVBORw0KGgo="}}, id="m1"),
    code("%matplotlib inline\nimport json\nimport requests", id="c1"),
    code("%%bash\nimport json\nls\n", id="c2"),
    raw("import json"),
    code("x = = 1\n", id="c3"),
    code("\n%%time\nresponse = requests.get('é😀', stream=True)\n!ls \\\n  -l\nfiles = !ls\n", id="c4"),
    code("", id="c5"),
    code("for chunk in response.iter_content(None):\n    print(json.loads(chunk))", id="c6"),
    code("await f()\nresponse?\nget_ipython().system('ls')", id="c7"),
)


def notebook(style: Style = as_jupyter_writes, content: dict[str, Any] = MIXED) -> Notebook:
    return Notebook(style(content))


def place(book: Notebook, text: str) -> Span:
    """Return the span of a text that occurs once in the module."""
    line = next(number for number, line in enumerate(book.source.splitlines(), 1) if text in line)
    column = book.source.splitlines()[line - 1].index(text)
    return Span(line, column, line, column + len(text))


def test_the_module_is_python() -> None:
    names = {node.id for node in ast.walk(ast.parse(notebook().source)) if isinstance(node, ast.Name)}
    assert {"response", "json", "files"} <= names


def test_cells_of_other_languages_and_magics_are_not_in_the_module() -> None:
    module = notebook().source
    assert not any(word in module for word in ("%", "!", "?", "ls \n", "= ="))


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("import requests", InCell(2, 3, 0, 3, 15)),
        ("stream=True", InCell(6, 3, 30, 3, 41)),
        ("files", InCell(6, 6, 0, 6, 5)),
        ("json.loads", InCell(8, 2, 10, 2, 20)),
        ("f()", InCell(9, 1, 6, 1, 9)),
        ("'ls'", InCell(9, 3, 21, 3, 25)),
    ],
)
def test_positions_are_those_of_the_cell(style: Style, text: str, expected: InCell) -> None:
    book = notebook(style)
    assert book.span(place(book, text)).cell == expected


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("text", ["import requests", "stream=True", "files", "json.loads", "print"])
def test_positions_in_the_file_are_those_of_its_text(style: Style, text: str) -> None:
    book = notebook(style)
    span = book.span(place(book, text))
    lines = style(MIXED).decode().splitlines(keepends=True)
    assert span.line == span.end_line
    assert lines[span.line - 1][span.column : span.end_column] == text


def test_a_finding_is_told_in_cells_with_all_its_stations() -> None:
    book = notebook()
    source, parse = place(book, "requests.get"), place(book, "json.loads")
    steps = (
        TraceStep(source, "here"),
        TraceStep(Span(1, 0, 1, 1), "there", path="other.py"),
        TraceStep(parse, "parsed"),
    )
    finding = Finding("UNC101", "chunk-parse", "a.ipynb", parse, "m", source, Framing.CHUNK, "s", steps)
    located = book.located(finding)
    cells = [
        span.cell and span.cell.cell for span in (located.span, located.source, *(step.span for step in located.trace))
    ]
    assert cells == [8, 6, 6, None, 8]


def test_cells_that_cannot_be_read_are_told_and_the_others_are_there() -> None:
    cells = [
        code("import json"),
        code("x = (\n"),
        code("y = 1\0"),
        code("s = '\ud83d'"),
        code("(" * 5000),
        code("z = 1"),
        code("w") | {"source": 3},
    ]
    book_ = notebook(as_string, book(*cells))
    assert "z = 1" in book_.source
    assert [(skipped.cell, skipped.line) for skipped in book_.skipped][:1] == [(2, 1)]
    assert [skipped.cell for skipped in book_.skipped] == [2, 3, 4, 5, 7]


@pytest.mark.parametrize(
    "hidden", ["%time json.dumps(1)", "%%px\njson.dumps(1)", "json.dumps(1) = 2", "x = !echo {json.dumps(1)}"]
)
def test_what_is_left_out_still_uses_its_imports(hidden: str) -> None:
    book_ = notebook(as_string, book(code("import json"), code(hidden), code("import os")))
    names = {node.id for node in ast.walk(ast.parse(book_.source)) if isinstance(node, ast.Name)}
    assert "json" in names
    assert "os" not in names
    assert book_.rewritten(book_.source) == as_string(book(code("import json"), code(hidden), code("import os")))


@pytest.mark.parametrize("style", STYLES)
def test_no_change_changes_no_byte(style: Style) -> None:
    book = notebook(style)
    assert book.rewritten(book.source) == style(MIXED)


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("end", ["", "\n", "\r\n"])
def test_only_the_changed_cells_are_written_anew(style: Style, end: str) -> None:
    data = style(MIXED) + end.encode()
    book = Notebook(data)
    changed = book.rewritten(book.source.replace("json.loads(chunk)", "chunk").replace("import json\n", ""))
    expected = [
        text.replace("json.loads(chunk)", "chunk")
        if number == 7
        else text.replace("import json\n", "")
        if number == 1
        else text
        for number, text in enumerate(sources(data))
    ]
    assert sources(changed) == expected
    assert changed.endswith(end.encode())


def test_magics_stay_in_cells_that_change() -> None:
    book = notebook()
    changed = book.rewritten(book.source.replace("stream=True", "stream=False"))
    assert sources(changed)[5] == "\n%%time\nresponse = requests.get('é😀', stream=False)\n!ls \\\n  -l\nfiles = !ls\n"


def test_a_notebook_in_format_3_is_rewritten_in_its_input() -> None:
    old = {"cell_type": "code", "collapsed": False, "input": ["x = 1\n", "y = 2"], "language": "python", "outputs": []}
    data = json.dumps(
        {"nbformat": 3, "nbformat_minor": 0, "worksheets": [{"cells": [old]}], "metadata": {}}, indent=1
    ).encode()
    book = Notebook(data)
    assert book.rewritten(book.source.replace("y", "z")) == data.replace(b'"y = 2"', b'"z = 2"')


@pytest.mark.parametrize(
    "wrong",
    [
        ("_unchunk_cell_6\n", ""),
        ("_unchunk_cell_6\n", "    _unchunk_cell_6\n"),
        ("_unchunk_cell_6", "f(_unchunk_cell_6)"),
    ],
)
def test_a_change_across_the_border_of_cells_is_refused(wrong: tuple[str, str]) -> None:
    book = notebook()
    assert wrong[0] in book.source
    with pytest.raises(NotebookError, match="before cell 6"):
        book.rewritten(book.source.replace(*wrong))


def test_names_that_are_put_in_are_nobodys() -> None:
    content = book(code("_unchunk_magic_0 = 1\n!ls"), code("_unchunk_cell_2 = 2\nprint('x')"))
    book_ = notebook(as_string, content)
    changed = book_.rewritten(book_.source.replace("'x'", "'y'").replace("= 1", "= 3"))
    assert sources(changed) == ["_unchunk_magic_0 = 3\n!ls", "_unchunk_cell_2 = 2\nprint('y')"]


LINES = [
    "import json",
    "x = 1",
    "!ls",
    "y = !ls",
    "foo?",
    '"""',
    "if x:",
    "    pass",
    "# é😀",
    "",
    "%%time",
    "%%bash",
    "x = (",
    ")",
    "\f",
    "\r",
]
CELLS = st.lists(
    st.tuples(st.sampled_from(["code", "markdown"]), st.lists(st.sampled_from(LINES)).map("\n".join)), max_size=5
)


@given(CELLS, st.sampled_from(STYLES))
def test_any_notebook_comes_back_byte_for_byte(cells: list[tuple[str, str]], style: Style) -> None:
    data = style(book(*(code(text) if kind == "code" else markdown(text) for kind, text in cells)))
    book_ = Notebook(data)
    ast.parse(book_.source)
    assert book_.rewritten(book_.source) == data


@given(CELLS, st.sampled_from(STYLES))
def test_every_line_of_the_module_is_the_line_of_its_cell(cells: list[tuple[str, str]], style: Style) -> None:
    data = style(book(*(code(text) if kind == "code" else markdown(text) for kind, text in cells)))
    book_ = Notebook(data)
    for number, line in enumerate(book_.source.replace("\r\n", "\n").replace("\r", "\n").split("\n")[:-1], 1):
        if "_unchunk_" in line:
            continue
        place = book_.span(Span(number, 0, number, len(line))).cell
        assert place is not None
        assert cells[place.cell - 1][1].replace("\r\n", "\n").replace("\r", "\n").split("\n")[place.line - 1] == line


@given(CELLS)
def test_a_change_in_one_cell_stays_there(cells: list[tuple[str, str]]) -> None:
    data = as_jupyter_writes(book(*(code(text) for _, text in cells), code("marker = 1")))
    book_ = Notebook(data)
    changed = book_.rewritten(book_.source.replace("marker = 1", "marker = 2"))
    assert changed == data.replace(b"marker = 1", b"marker = 2")
