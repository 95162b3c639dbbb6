"""Python code cells in every format of notebooks, and files that are none."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.notebook.books import PYTHON, STYLES, book, code, markdown, raw
from unchunk.notebook import Notebook, NotebookError
from unchunk.notebook.cells import Cell, code_cells


def numbers(content: dict[str, Any]) -> list[int]:
    return [cell.number for cell in code_cells(json.dumps(content).encode())]


def format_3(*cells: dict[str, Any], number: int = 3) -> dict[str, Any]:
    return {
        "metadata": {"name": "old"},
        "nbformat": number,
        "nbformat_minor": 0,
        "worksheets": [{"cells": list(cells), "metadata": {}}],
    }


def old_code(text: str, **more: Any) -> dict[str, Any]:
    return {
        "cell_type": "code",
        "collapsed": False,
        "input": text,
        "language": "python",
        "metadata": {},
        "outputs": [],
        **more,
    }


@pytest.mark.parametrize(
    "metadata",
    [
        {"kernelspec": {"display_name": "R", "language": "R", "name": "ir"}},
        {"kernelspec": {"name": "x"}, "language_info": {"name": "julia"}},
        {"language_info": {"name": "scala"}},
        {"language_info": {"name": "sage"}},
        {"jupytext": {"main_language": "R", "notebook_metadata_filter": "-all"}},
    ],
)
def test_notebooks_in_other_languages_have_no_cells_for_us(metadata: dict[str, Any]) -> None:
    assert numbers(book(code("x = 1"), metadata=metadata)) == []


@pytest.mark.parametrize(
    "metadata",
    [{}, PYTHON, {"language_info": {"name": "python"}}, {"kernelspec": {"name": "my-env"}}, {"language_info": 3}],
)
def test_a_notebook_is_python_unless_it_says_otherwise(metadata: dict[str, Any]) -> None:
    assert numbers(book(code("x = 1"), metadata=metadata)) == [1]


def test_markdown_and_raw_cells_and_other_languages_are_counted_and_left_out() -> None:
    basic = code("Console.WriteLine()", metadata={"vscode": {"languageId": "csharp"}})
    assert numbers(book(markdown("# import json"), raw("import json"), code("x"), basic, code(""))) == [3, 5]


@pytest.mark.parametrize("number", [2, 3])
def test_old_formats_keep_their_cells_in_worksheets(number: int) -> None:
    content = format_3(markdown("x"), old_code("import json"), old_code("puts 1", language="ruby"), number=number)
    content["worksheets"].append({"cells": [old_code("x = 1")], "metadata": {}})
    assert numbers(content) == [2, 4]


@pytest.mark.parametrize("style", STYLES)
def test_the_place_of_a_source_is_exact_in_bytes(style: Any) -> None:
    data = style(
        book(markdown("é😀"), code("print('é😀')\nx = 1", outputs=[{"output_type": "stream", "text": "😀"}]), code("y"))
    )
    cells = [cell for cell in code_cells(data) if isinstance(cell, Cell)]
    assert [cell.source.text for cell in cells] == ["print('é😀')\nx = 1", "y"]
    assert all(data[cell.start : cell.end].decode() == cell.source.written for cell in cells)


def test_a_byte_order_mark_is_no_part_of_the_notebook() -> None:
    cells = code_cells(b"\xef\xbb\xbf" + json.dumps(book(code("x"))).encode())
    assert [cell.number for cell in cells] == [1]


NOT_NOTEBOOKS = [
    (b"", None, "the file is empty"),
    (b" \n", None, "the file is empty"),
    (b"[]", 1, "expecting an object"),
    (b"{}", None, "does not tell its format"),
    (b'{"nbformat": "4"}', None, "does not tell its format"),
    (b'{"nbformat": 5, "cells": []}', None, "notebook format 5 is not known"),
    (b'{"nbformat": 1, "cells": []}', None, "notebook format 1 is not known"),
    (b'{"nbformat": 4, "cells": {}}', 1, "expecting an array"),
    (b'{"nbformat": 4, "cells": [3]}', 1, "expecting an object"),
    (b'{"nbformat": 4,\n "cells": [\n', 3, "expecting an object"),
    (b'{"nbformat": 4,\n "cells": []', 2, "expecting ',' delimiter"),
    (b'{"nbformat": 4,\n "cells": []} x', 2, "extra data"),
    (b'{"nbformat": 4,\n "metadata": "a\nb"}', 2, "invalid control character"),
    (b'{"nbformat": 4,\n\x00}', 2, "expecting a property name"),
    (b'{"nbformat": 4, "metadata": ' + b"[" * 200_000, None, "nested too deep"),
    ('{"nbformat": 4}'.encode("utf-16"), 1, "expecting an object"),
    (b"<<<<<<< HEAD\n{}", 1, "expecting an object"),
]


@pytest.mark.parametrize(("data", "line", "message"), NOT_NOTEBOOKS)
def test_what_is_no_notebook_is_told_with_the_reason(data: bytes, line: int | None, message: str) -> None:
    with pytest.raises(NotebookError, match=message) as raised:
        Notebook(data)
    assert raised.value.line == line


@pytest.mark.parametrize("style", STYLES)
def test_every_truncated_notebook_is_told(style: Any) -> None:
    data = style(book(markdown("# x"), code("x = 1\ny = 2", outputs=[])))
    for end in range(len(data) - 2):
        with pytest.raises(NotebookError):
            Notebook(data[:end])


def test_a_huge_output_is_passed_over() -> None:
    huge = {"output_type": "display_data", "data": {"image/png": "A" * 20_000_000}, "metadata": {}}
    data = json.dumps(book(code("x = 1", outputs=[huge]), code("y = 2"))).encode()
    assert [cell.number for cell in code_cells(data)] == [1, 2]
