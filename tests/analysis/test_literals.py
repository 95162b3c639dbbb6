"""Programs without their comments and without strings that name nothing."""

from __future__ import annotations

import pytest

from unchunk.analysis.literals import strip_comments_and_strings


@pytest.mark.parametrize(
    ("source", "code"),
    [
        (b"x = 1", b"x = 1"),
        (b"x = 1  # one\ny = '#'", b"x = 1  \ny = ''"),
        (b'"""a\nb"""\nx', b'""\n\nx'),
        (b'x = """a\r\nb"""\ry', b'x = ""\n\ry'),
        (b"x = \"it's\"  # it's\ny = 'a\\'#'", b"x = \"it's\"  \ny = ''"),
        (b'x = ""\ny = 1 # ""', b'x = ""\ny = 1 '),
        (b"x = 'a \\\r\nb'\ny", b"x = ''\n\ny"),
        (b"x = 'a'  # b\ry", b"x = 'a'  \ry"),
    ],
)
def test_comments_and_texts_are_no_code(source: bytes, code: bytes) -> None:
    assert strip_comments_and_strings(source) == code


@pytest.mark.parametrize(
    "source",
    [
        b"getattr(response, 'iter_content')",
        b'event["choices"]',
        b"x: 'requests.Response'",
        b"x: 'list[Response | None]'",
        b"x: 'Union[Response, None]'",
        b"x: \"Optional['Response']\"",
        "x: 'Größe'".encode(),
    ],
)
def test_strings_that_may_name_something_stay(source: bytes) -> None:
    assert strip_comments_and_strings(source) == source


@pytest.mark.parametrize("text", [b"could not read", b"re-read", b"%s.read", b"read" + b".read" * 50])
def test_texts_go_though_there_are_names_in_them(text: bytes) -> None:
    assert strip_comments_and_strings(b"log('%b')" % text) == b"log('')"


@pytest.mark.parametrize(
    ("source", "code"),
    [
        (b'x = f"could not {read(9)} it"', b'x = f"" {read(9)} '),
        (b"x = rf'''{y!r:>{n}} and\nmore'''", b"x = rf'' {y!r:>{n}} \n"),
        (b"x = f'{{read}} {y}'", b"x = f'' {y} "),
        (b'x = "{read} of it"', b'x = ""'),
    ],
)
def test_of_strings_that_are_put_together_the_code_stays(source: bytes, code: bytes) -> None:
    assert strip_comments_and_strings(source) == code


@pytest.mark.parametrize(
    "source", [b'x = f"{a["b c"]} of {json.loads(d["e f"])}"', b"x = f'{ {1: {2: {}}} }'", b'f"{x!r:{"> 3"}}" # y']
)
def test_where_such_a_string_does_not_end_where_it_seems_to_all_stays(source: bytes) -> None:
    assert strip_comments_and_strings(source) == source
