"""`iter_partial`: after each fragment what a tolerant parser makes of the fragments so far, without parsing again."""

from __future__ import annotations

import contextlib
import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cuts import at_sizes, every_cut, every_cut_of_both, one_at_a_time, with_empty_pieces
from unchunk import DepthError, MalformedJSONError, SizeLimitError, TruncatedError, iter_partial
from unchunk.stream import partial

# prefix, what is shown for it ("nothing" where nothing is shown yet)
NOTHING: Any = object()
PREFIXES: list[tuple[str, Any]] = [
    ("", NOTHING),
    (" \n", NOTHING),
    ("{", {}),
    ("[", []),
    ('"', ""),
    ('"he', "he"),
    ('"he\\', "he"),
    ('"he\\n', "he\n"),
    ('"he\\u00e', "he"),
    ('"he\\u00e9', "heé"),
    ('"he\\ud83d', "he"),
    ('"he\\ud83d\\', "he"),
    ('"he\\ud83d\\ude0', "he"),
    ('"he\\ud83d\\ude00', "he\U0001f600"),
    ('{"a', {}),
    ('{"a"', {}),
    ('{"a":', {}),
    ('{"a": "', {"a": ""}),
    ('{"a": "x', {"a": "x"}),
    ('{"a": "x"', {"a": "x"}),
    ('{"a": "x", ', {"a": "x"}),
    ('{"a": "x", "b', {"a": "x"}),
    ('{"a": 1', {"a": 1}),
    ('{"a": 12.', {}),
    ('{"a": 12.5', {"a": 12.5}),
    ('{"a": 12.5e', {}),
    ('{"a": -', {}),
    ('{"a": t', {}),
    ('{"a": true', {"a": True}),
    ('{"a": nul', {}),
    ('{"a": {"b": [1, {"c": "d', {"a": {"b": [1, {"c": "d"}]}}),
    ("[1, 2", [1, 2]),
    ("[1, 2.", [1]),
    ("[1, 2]", [1, 2]),
    ("[[], {}, [", [[], {}, []]),
    ("12", 12),
    ("tru", NOTHING),
    ("true", True),
    ('{"a": 1, "a": "', {"a": ""}),
]


@pytest.mark.parametrize(("prefix", "shown"), PREFIXES)
def test_what_is_shown_for_a_prefix_does_not_depend_on_its_cuts(prefix: str, shown: Any) -> None:
    for chunks in every_cut_of_both(prefix.encode()):
        assert last(chunks) == shown, chunks


def last(fragments: list[Any]) -> Any:
    shown = [NOTHING]
    with contextlib.suppress(TruncatedError):
        shown.extend(iter_partial(fragments))
    return shown[-1]


DOCUMENT = json.dumps(
    {
        "path": "src/\U0001f600.py",
        "content": 'print("{}\\n")\t' + "é" * 20,
        "edits": [{"line": 1, "to": -2.5e3, "ok": True}, [], {}, None, ["a", ["b"]]],
        "": {"nested": {"deep": ["er", False]}},
    }
)


@pytest.mark.parametrize("text", [DOCUMENT, json.dumps(json.loads(DOCUMENT), ensure_ascii=False, indent=2)])
def test_every_snapshot_is_what_jiter_gives_for_the_prefix(text: str) -> None:
    jiter = pytest.importorskip("jiter")
    for fragments in (one_at_a_time(text), at_sizes(text, 4), at_sizes(text, 7)):
        prefix = ""
        for fragment, shown in zip(fragments, iter_partial(fragments), strict=True):
            prefix += fragment
            assert shown == jiter.from_json(prefix.encode(), partial_mode="trailing-strings"), prefix


VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**70), 2**70)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(codec="utf-8"), max_size=8),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.text(st.characters(codec="utf-8"), max_size=4), inner, max_size=4)
    ),
    max_leaves=10,
)


@settings(max_examples=200, deadline=None)
@given(VALUES, st.booleans(), st.integers(1, 9))
def test_snapshots_of_any_document_are_what_jiter_gives(value: Any, ascii_only: bool, size: int) -> None:
    jiter = pytest.importorskip("jiter")
    text = json.dumps(value, ensure_ascii=ascii_only)
    prefix, given = "", iter_partial(at_sizes(text, size))
    shown = NOTHING
    for fragment in at_sizes(text, size):
        prefix += fragment
        try:
            expected = jiter.from_json(prefix.encode(), partial_mode="trailing-strings")
        except ValueError:
            continue  # nothing to show yet
        shown = next(given)
        assert shown == expected, prefix
    assert shown == value
    assert list(given) == []


def test_the_last_snapshot_is_the_document_at_every_cut() -> None:
    for chunks in every_cut(DOCUMENT.encode(), two_way_up_to=200):
        *_, final = iter_partial(chunks)
        assert final == json.loads(DOCUMENT)


def test_there_is_one_snapshot_for_each_fragment_once_there_is_a_value() -> None:
    assert list(iter_partial([" ", '{"a', '":', " 1", "2", "}", " "])) == [
        {},
        {},
        {"a": 1},
        {"a": 12},
        {"a": 12},
        {"a": 12},
    ]
    assert len(list(iter_partial(with_empty_pieces(["[", "1", "]"])))) == 3


def test_snapshots_stay_what_they_were() -> None:
    shown = list(iter_partial(one_at_a_time('{"a": ["x", {"b": "yz"}]}')))
    again = [json.loads(json.dumps(value)) for value in shown]
    assert shown[7] == {"a": [""]}
    assert shown == again
    assert shown[-1] == {"a": ["x", {"b": "yz"}]}


def test_a_live_value_is_one_and_the_same() -> None:
    shown = list(iter_partial(one_at_a_time('{"a": ["x"]}'), live=True))
    assert all(value is shown[0] for value in shown)
    assert shown[0] == {"a": ["x"]}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("x", "Expecting value"),
        ("]", "Expecting value"),
        ("{]", "Expecting property name"),
        ("{1", "Expecting property name"),
        ('{"a" 1', "Expecting ':'"),
        ('{"a": 1 "b"', "Expecting ','"),
        ('{"a": 1,}', "Expecting property name"),
        ("[1,]", "Expecting value"),
        ("[1}", "Expecting ','"),
        ("[1 2", "Expecting ','"),
        ("[01", "Extra data"),
        ("[1.5.", "Extra data"),
        ("[tru,", "Expecting value"),
        ("[trux", "Expecting value"),
        ('["a\n', "Invalid control character"),
        ('["\\x', "Invalid .escape"),
        ('["\\u12g4', "Invalid .escape"),
        ("{} x", "Extra data"),
        ("[1] [2]", "Extra data"),
        ("1 2", "Extra data"),
    ],
)
def test_what_is_no_json_is_refused_at_every_cut(text: str, message: str) -> None:
    for chunks in every_cut(text):
        with pytest.raises(MalformedJSONError, match=message):
            list(iter_partial(chunks))


@pytest.mark.parametrize("text", ["{", '{"a": "b', "[1, 2", '"a', "tru", "-", '{"a"', "[1."])
def test_fragments_that_end_too_soon_raise_after_the_last_snapshot(text: str) -> None:
    for chunks in every_cut(text):
        with pytest.raises(TruncatedError):
            list(iter_partial(chunks))


def test_no_fragments_give_nothing() -> None:
    assert list(iter_partial([])) == []
    assert list(iter_partial([None, "", " "])) == []


def test_more_than_the_limit_is_refused() -> None:
    with pytest.raises(SizeLimitError):
        list(iter_partial(['["', "x" * 20], max_size=10))


@pytest.mark.parametrize("fragment", [1, {"a": 1}, ["x"]])
def test_what_is_no_text_is_refused(fragment: Any) -> None:
    with pytest.raises(TypeError, match=type(fragment).__name__):
        list(iter_partial([fragment]))


class CountingText(str):
    """Counts the characters that are looked at one by one."""

    __slots__ = ()
    looked_at = 0

    def __getitem__(self, key: Any) -> str:
        part = super().__getitem__(key)
        CountingText.looked_at += len(part)
        return part


@pytest.mark.parametrize("kind", ["string", "array", "objects", "escapes"])
def test_work_grows_with_the_text_and_not_with_its_square(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    parses = searched = 0
    value_at, search = partial.value_at, partial._string_run

    def counted_value(text: str, start: int, **options: Any) -> Any:
        nonlocal parses
        parses += len(text)
        return value_at(text, start, **options)

    def counted_search(text: str, start: int) -> Any:
        nonlocal searched
        found = search(text, start)
        searched += found.end() - start
        return found

    monkeypatch.setattr(partial, "value_at", counted_value)
    monkeypatch.setattr(partial, "_string_run", counted_search)
    work = []
    for size in (2_000, 8_000):
        parses = searched = CountingText.looked_at = 0
        text = document(kind, size)
        for _ in iter_partial(map(CountingText, at_sizes(text, 4))):
            pass
        work.append((parses + searched + CountingText.looked_at) / len(text))
    assert max(work) < 8, work
    assert work[1] < work[0] * 1.1, work


def document(kind: str, size: int) -> str:
    match kind:
        case "string":
            return json.dumps({"path": "a.py", "content": "plain words " * (size // 12)})
        case "array":
            return json.dumps(list(range(size // 5)))
        case "objects":
            return json.dumps([{"a": number, "b": ["x", None]} for number in range(size // 30)])
        case _:
            return json.dumps({"a": 'é"\\\n' * (size // 12)})


@pytest.mark.parametrize("stream", [b'"a\xffb"', b"{}\xc3", b'["\xe4\xb8', b"\xff"])
def test_bytes_that_are_no_utf8_are_malformed_at_every_cut(stream: bytes) -> None:
    offset = len(stream.decode("utf-8", "ignore").partition("b")[0])
    for chunks in every_cut(stream):
        with pytest.raises(MalformedJSONError) as caught:
            list(iter_partial(chunks))
        assert isinstance(caught.value, UnicodeDecodeError)
        assert caught.value.offset == offset, chunks


def test_a_byte_order_mark_is_passed_over() -> None:
    for chunks in every_cut_of_both(b"\xef\xbb\xbf[1]"):
        assert last(chunks) == [1]
    with pytest.raises(MalformedJSONError):
        list(iter_partial(["\ufeff\ufeff1"]))


def test_lone_surrogates_are_text_in_bytes_too() -> None:
    for chunks in every_cut('"a\ud800b"'.encode("utf-8", "surrogatepass")):
        assert last(chunks) == "a\ud800b"


def test_nesting_beyond_the_parser_is_a_depth_error() -> None:
    given = iter_partial(["["] * 8000)
    assert next(given) == []
    with pytest.raises(DepthError):
        for _ in given:
            pass
