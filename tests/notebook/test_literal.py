"""A cell's source as written: what stays the same keeps its very characters."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from unchunk.notebook.literal import Literal

TEXTS = st.text(alphabet='ab\n\r\t"\\/ é😀\x0c\u2028\u0000', max_size=40)


def written(text: str, *, as_list: bool, ascii: bool, indent: int | None) -> str:
    value = text.splitlines(keepends=True) if as_list else text
    return json.dumps(value, ensure_ascii=ascii, indent=indent)


WRITTEN = st.builds(
    lambda text, as_list, ascii, indent: (text, written(text, as_list=as_list, ascii=ascii, indent=indent)),
    TEXTS, st.booleans(), st.booleans(), st.sampled_from([None, 1, 4]),
)  # fmt: skip


@given(WRITTEN)
def test_the_text_is_what_json_makes_of_it(case: tuple[str, str]) -> None:
    text, value = case
    assert Literal.read(value).text == text


@given(WRITTEN)
def test_no_change_changes_nothing(case: tuple[str, str]) -> None:
    text, value = case
    assert Literal.read(value).changed(text) == value


@given(WRITTEN, TEXTS)
def test_a_changed_text_comes_back_in_the_same_form(case: tuple[str, str], new: str) -> None:
    _, value = case
    changed = Literal.read(value).changed(new)
    assert "".join(json.loads(changed)) == new
    assert type(json.loads(changed)) is type(json.loads(value))


@given(WRITTEN)
def test_every_character_has_its_place_in_the_file(case: tuple[str, str]) -> None:
    text, value = case
    literal = Literal.read(value)
    for position, character in enumerate(text):
        place = literal.offset(position)
        rest = value[place : place + 12]
        assert any(json.loads(f'"{rest[:end]}"') == character for end in (1, 2, 6, 12) if _is_json(f'"{rest[:end]}"'))


def _is_json(text: str) -> bool:
    try:
        json.loads(text)
    except ValueError:
        return False
    return True


@pytest.mark.parametrize(
    ("value", "new", "expected"),
    [
        ('["a\\n", "b"]', "a\nc", '["a\\n", "c"]'),
        ('["a\\n","b"]', "a\nx\nb", '["a\\n","x\\n","b"]'),
        ('[\n   "a\\n",\n   "b"\n  ]', "x\na\nb", '[\n   "x\\n",\n   "a\\n",\n   "b"\n  ]'),
        ('[\n   "a"\n  ]', "a\nb", '[\n   "a\\n",\n   "b"\n  ]'),
        ('["\\u00e9\\n", "\\/b\\n", "c"]', "é\n/b\né", '["\\u00e9\\n", "\\/b\\n", "\\u00e9"]'),
        ('"\\u00e9\\na\\nb"', "é\nx\nb", '"\\u00e9\\nx\\nb"'),
        ('"a\\u000ab\\nc"', "a\nb\nd", '"a\\nb\\nd"'),
        ('[ "a" ]', "", "[]"),
        ("[]", "a\nb", '["a\\n", "b"]'),
        ('""', "a", '"a"'),
        ('["one\\ntwo\\n", "three"]', "one\ntwo\n3", '["one\\n", "two\\n", "3"]'),
        ('["a\\n" ,\n "b\\n","c"]', "a\nb\nd", '["a\\n" ,\n "b\\n" ,\n "d"]'),
        ('["a\\n", "\\f b\\n", "c"]', "a\n\f b\nd", '["a\\n", "\\f b\\n", "d"]'),
    ],
)
def test_new_lines_are_written_in_the_style_of_the_old(value: str, new: str, expected: str) -> None:
    assert Literal.read(value).changed(new) == expected


@pytest.mark.parametrize("value", ["null", "3", "{}", "[1]", '["a", null]', '["a", ["b"]]', "true"])
def test_what_is_no_text_is_refused(value: str) -> None:
    with pytest.raises(ValueError, match="the source is"):
        Literal.read(value)
