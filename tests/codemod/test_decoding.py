"""Decoding that differs from the helper's strict UTF-8, and is therefore kept."""

from __future__ import annotations

import textwrap

import pytest

from .rewrites import check_noop, check_transformed

PROGRAM = """
import json
{}
UTF = "utf-8"
ANSI = "cp1252"

def f(response):
    for chunk in {}:
        {}
"""
PIECES = """
from unchunk import rechunk
"""


def program(body: str, stream: str = "response.iter_content(None)", imports: str = "") -> str:
    return PROGRAM.format(imports, stream, textwrap.indent(body, " " * 8).lstrip())


@pytest.mark.parametrize(
    "body",
    [
        'print(json.loads(chunk.decode("latin-1")))',
        'text = chunk.decode("utf-8", errors="replace")\nprint(json.loads(text))',
    ],
)
def test_lines_are_decoded_as_they_were(body: str) -> None:
    check_noop(program(body, "response.iter_lines()"))


STRICT = [
    "chunk.decode()",
    'chunk.decode("utf-8")',
    'chunk.decode("UTF8", "strict")',
    'chunk.decode(encoding="ascii", errors="strict")',
    'str(chunk, "utf-8")',
]


@pytest.mark.parametrize("text", STRICT)
def test_strict_utf_8_is_what_the_helper_does(text: str) -> None:
    before = program(f"print(json.loads({text}))")
    after = program("print(data)", "iter_json(response.iter_content(None))").replace("for chunk", "for data")
    check_transformed(before, after.replace("import json\n", "from unchunk import iter_json\n"))


ITS_OWN = [
    'chunk.decode("utf-8", "ignore")',
    'chunk.decode("utf-8", errors="replace")',
    'chunk.decode(errors="backslashreplace")',
    'chunk.decode("latin-1")',
    'str(chunk, "utf-8", "ignore")',
    'str(chunk, encoding="utf-8", errors="surrogateescape")',
    "chunk.decode(ANSI)",
]


@pytest.mark.parametrize("text", ITS_OWN)
@pytest.mark.parametrize("body", ["print(json.loads({}))", "text = {}\nprint(json.loads(text))"])
def test_another_way_stays_as_it_is_written(text: str, body: str) -> None:
    body = body.format(text)
    after = program(body, 'rechunk(response.iter_content(None), at="document", skip_blank=True)', PIECES)
    check_transformed(program(body), after)


def test_comprehension_that_overlooks_errors_keeps_its_pieces() -> None:
    before = """
        import json

        def f(response):
            return [
                json.loads(chunk.decode("utf-8", "ignore"))
                for chunk in response.iter_content()
            ]
    """
    after = """
        import json

        from unchunk import rechunk

        def f(response):
            return [
                json.loads(chunk.decode("utf-8", "ignore"))
                for chunk in rechunk(response.iter_content(), at="document", skip_blank=True)
            ]
    """
    check_transformed(before, after)
