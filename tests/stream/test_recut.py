"""`rechunk`: lossless at every cut, cut where it says, and right for the bodies people write."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from laws import check_pieces
from test_every_cut import STREAMS

from cuts import as_types, at_sizes, every_cut, every_cut_of_both, one_at_a_time
from unchunk import SizeLimitError, rechunk
from unchunk.stream import ends, whole_documents
from unchunk.stream.rechunk import Rechunker

ROWS = [
    # at, stream, pieces
    ("line", "", []),
    ("line", "a", ["a"]),
    ("line", "a\nb\n", ["a\n", "b\n"]),
    ("line", "a\r\nb\r\n", ["a\r\n", "b\r\n"]),
    ("line", "a\rb\r", ["a\r", "b\r"]),
    ("line", "a\n\r\n\rb", ["a\n", "\r\n", "\r", "b"]),
    ("line", "a\x0bb\x85c\u2028d\n", ["a\x0bb\x85c\u2028d\n"]),
    ("event", "data: 1\n\ndata: 2\n\n", ["data: 1\n\n", "data: 2\n\n"]),
    ("event", "data: 1\r\n\r\ndata: 2\r\n\r\n", ["data: 1\r\n\r\n", "data: 2\r\n\r\n"]),
    ("event", "data: 1\r\rdata: 2\r\r", ["data: 1\r\r", "data: 2\r\r"]),
    ("event", "data: 1\n\r\ndata: 2\r\n\ndata: 3\r\n", ["data: 1\n\r\n", "data: 2\r\n\n", "data: 3\r\n"]),
    (
        "event",
        "event: a\ndata: {\ndata: }\n\n: note\n\ndata: x",
        ["event: a\ndata: {\ndata: }\n\n", ": note\n\n", "data: x"],
    ),
    # Some servers end an event with one line end.
    ("event", 'data: {"a":1}\ndata: [2]\ndata: {"c":3}', ['data: {"a":1}\n', "data: [2]\n", 'data: {"c":3}']),
    ("event", 'data: {"a":1}\r\ndata: {"b":2}\r\n', ['data: {"a":1}\r\n', 'data: {"b":2}\r\n']),
    ("event", "data: 1\ndata: 2\n\n", ["data: 1\ndata: 2\n\n"]),
    ("event", ': c\ndata: {"a":1}\n\n', [': c\ndata: {"a":1}\n\n']),
    ("event", "data: {\n: c\ndata: }\n\n", ["data: {\n: c\ndata: }\n\n"]),
    ("event", 'data: {"a":1}\n: c\n\ndata: [2]\n', ['data: {"a":1}\n', ": c\n\n", "data: [2]\n"]),
    ("event", 'data: {"a":1}\n: c\ndata: [2]\n', ['data: {"a":1}\n', ": c\n", "data: [2]\n"]),
    ("event", 'data: "a"\ndata: oops\ndata: 3\n\n', ['data: "a"\n', "data: oops\n", "data: 3\n\n"]),
    ("event", 'data: "a"\ndata: 2\n\ndata: 3\ndata: 4', ['data: "a"\n', "data: 2\n\n", "data: 3\ndata: 4"]),
    ("event", 'data: [\ndata: {"a":1}\ndata: ]\n\n', ['data: [\ndata: {"a":1}\ndata: ]\n\n']),
    ("event", 'data: {"a":1}\nid: 1\n\ndata: {}\n\n', ['data: {"a":1}\nid: 1\n\n', "data: {}\n\n"]),
    (b"\n\n", "a\n\nb\n\nc", ["a\n\n", "b\n\n", "c"]),
    (b"\n\n", "a\n\n\nb", ["a\n\n", "\nb"]),
    (b"\n\n", "a\n\n\n\nb", ["a\n\n", "\n\n", "b"]),
    (b"\0", "a\0b\0", ["a\0", "b\0"]),
    (b"aab", "aaabaab", ["aaab", "aab"]),
    (b"aa", "aaaaa", ["aa", "aa", "a"]),
    (b"abab", "abababab", ["abab", "abab"]),
    (b"<END>", "a<EN<END>b<END>c", ["a<EN<END>", "b<END>", "c"]),
    ("\u2028".encode(), "a\u2028b\u2029c\u2028", ["a\u2028", "b\u2029c\u2028"]),
    ("\U0001f600中".encode(), "\U0001f600a\U0001f600中b", ["\U0001f600a\U0001f600中", "b"]),
    ("é".encode(), "aébéc", ["aé", "bé", "c"]),
]


@pytest.mark.parametrize(("at", "stream", "pieces"), ROWS)
def test_pieces_are_the_same_at_every_cut(at: Any, stream: str, pieces: list[str]) -> None:
    for chunks in every_cut(stream.encode()):
        assert list(rechunk(chunks, at=at)) == [piece.encode() for piece in pieces], chunks
    for chunks in every_cut(stream):
        assert list(rechunk(chunks, at=at.decode() if isinstance(at, bytes) else at)) == pieces, chunks


def test_string_that_is_not_closed_ends_with_its_line() -> None:
    pieces = [b'"a"\n', b'"b\\\n', b'"}{"\n', b'{"c": 1}\n', b'"d\n', b"[2]\n"]
    for chunks in every_cut(b"".join(pieces)):
        assert list(rechunk(chunks, at="document", end=b"\n")) == pieces, chunks


@pytest.mark.parametrize(("framing", "stream", "values"), STREAMS)
@pytest.mark.parametrize("at", ["document", "line", "event", b"\n\n", b"}"])
def test_nothing_is_lost_in_any_framing(at: Any, framing: str, stream: str, values: list[Any]) -> None:
    for chunks in every_cut(stream.encode(), two_way_up_to=100):
        assert b"".join(rechunk(chunks, at=at)) == stream.encode()


# Bodies that are right for well-cut chunks: what they make of a chunk, the stream, and how to cut it.
def event_by_slice(chunk: bytes) -> Iterator[Any]:
    yield json.loads(chunk.decode()[6:])


def event_by_split(chunk: bytes) -> Iterator[Any]:
    for part in chunk.split(b"\n\n"):
        if part.startswith(b"data: "):
            yield json.loads(part[6:])


def event_by_data(chunk: bytes) -> Iterator[Any]:
    for part in chunk.split(b"data: "):
        if part.strip():
            yield json.loads(part)


def event_by_lines(chunk: bytes) -> Iterator[Any]:
    for line in chunk.decode().splitlines():
        if line.startswith("data:"):
            yield json.loads(line.removeprefix("data:"))


def document(chunk: bytes) -> Iterator[Any]:
    yield json.loads(chunk)


def lines(chunk: bytes) -> Iterator[Any]:
    for line in chunk.decode().split("\n"):
        if line:
            yield json.loads(line)


def zero_ended(chunk: bytes) -> Iterator[Any]:
    for part in chunk.split(b"\0"):
        if part:
            yield json.loads(part)


VALUES = [{"a": 'x} "y" \\ {'}, {"b": [1, {"c": "äö中"}]}, {"d": None}]
TEXTS = [json.dumps(value, ensure_ascii=False) for value in VALUES]
EVENTS = "".join(f"data: {text}\n\n" for text in TEXTS)
BODIES: list[tuple[Callable[[bytes], Iterator[Any]], Any, str]] = [
    (event_by_slice, "event", EVENTS),
    (event_by_split, "event", EVENTS),
    (event_by_data, "event", EVENTS),
    (event_by_data, b"\n\n", EVENTS),
    (event_by_lines, "event", EVENTS),
    (event_by_lines, "line", EVENTS),
    (event_by_lines, "event", EVENTS.replace("\n", "\r\n")),
    (event_by_lines, "line", EVENTS.replace("\n", "\r\n")),
    (document, "document", "".join(text + "\n" for text in TEXTS)),
    (document, "document", "".join(text + "\r\n" for text in TEXTS)),
    (document, "document", "".join(TEXTS)),
    (document, "document", "\n".join(TEXTS)),
    (document, "document", " ".join(TEXTS)),
    (document, "document", "\n".join(json.dumps(value, indent=2) for value in VALUES)),
    (document, "document", "1 " + " ".join(TEXTS) + ' "x" true null 2'),
    (document, "line", "".join(text + "\n" for text in TEXTS)),
    (lines, "line", "".join(text + "\n" for text in TEXTS)),
    (lines, "line", "\n".join(TEXTS)),
    (zero_ended, b"\0", "".join(text + "\0" for text in TEXTS)),
]


@pytest.mark.parametrize(("body", "at", "stream"), BODIES)
def test_a_body_that_is_right_for_well_cut_chunks_is_right_at_every_cut(
    body: Callable[[bytes], Iterator[Any]], at: Any, stream: str
) -> None:
    expected = [1, *VALUES, "x", True, None, 2] if stream.startswith("1 ") else VALUES
    for chunks in every_cut(stream.encode()):
        forwarded, values = b"", []
        for chunk in rechunk(chunks, at=at, skip_blank=at == "document"):
            forwarded += chunk
            values.extend(body(chunk))
        assert values == expected, chunks
        if at != "document":
            assert forwarded == stream.encode()


@pytest.mark.parametrize("end", ["\n", "\r\n", "\n\n", ";", ",", "\0", "\x1e", "<END>", ", \n", "é", "aab"])
def test_what_is_known_to_follow_documents_comes_with_them_at_every_cut(end: str) -> None:
    """Nothing depends on the cuts, whatever stands in the strings."""
    texts = [*TEXTS, json.dumps({"e": f"a{end}b", "f": [1, {}]}, indent=1, ensure_ascii=False), "12", '"x"']
    stream = "".join(text + end for text in texts)
    for chunks in every_cut(stream):
        assert list(rechunk(chunks, at="document", end=end)) == [text + end for text in texts], chunks
    for chunks in every_cut(stream.encode(), two_way_up_to=100):
        assert b"".join(rechunk(chunks, at="document", end=end.encode())) == stream.encode(), chunks


def test_heartbeats_are_pieces_at_every_cut_where_line_ends_are_known_to_follow() -> None:
    for end in ("\n", "\r\n"):
        pieces = [TEXTS[0] + end, end, TEXTS[1] + end, end, end, '{\n "c": 1\n}' + end]
        for chunks in every_cut("".join(pieces)):
            assert list(rechunk(chunks, at="document", end=end)) == pieces, chunks


@pytest.mark.parametrize("separator", ["", " ", "\n", "; ", ";"])
def test_documents_without_what_was_to_follow_come_before_the_next(separator: str) -> None:
    stream = "".join(text + separator for text in TEXTS)
    for chunks in every_cut(stream):
        pieces = list(rechunk(chunks, at="document", end="\0"))
        assert "".join(pieces) == stream
        assert [piece.rstrip("; \n") for piece in pieces if piece.strip("; \n")] == TEXTS, chunks


@pytest.mark.parametrize("at", ["line", "event", b";"])
def test_an_end_without_documents_is_refused_at_once(at: Any) -> None:
    with pytest.raises(ValueError, match="goes with"):
        rechunk([], at=at, end=b";")


@pytest.mark.parametrize("separator", ["\n", "\r\n", "", " "])
def test_documents_after_the_first_are_whole_without_skipping_blank_pieces(separator: str) -> None:
    stream = "".join(text + separator for text in TEXTS)
    for chunks in every_cut(stream.encode()):
        pieces = list(rechunk(chunks, at="document"))
        assert b"".join(pieces) == stream.encode()
        assert [json.loads(piece) for piece in pieces if piece.strip()] == VALUES


def test_nothing_is_lost_where_a_fault_hides_the_end_of_a_document() -> None:
    stream = b'{"": {"": ""}}[""]}]\n9\\'
    for chunks in every_cut(stream):
        assert b"".join(rechunk(chunks, at="document")) == stream, chunks


def test_a_document_is_given_with_its_last_byte() -> None:
    for stream in (b'{"a": 1}', b"[1]", b'"x"', b"true"):
        given = rechunk(iter([*one_at_a_time(stream), b"!"]), at="document")
        assert next(given) == stream


@pytest.mark.parametrize(
    ("stream", "pieces"),
    [
        (b'{"a": 1}\n<html>no json</html>\n{"b": 2}\n', [b'{"a": 1}\n', b"<html>no json</html>\n", b'{"b": 2}\n']),
        (b'{"a" 1}{"b": 2}', [b'{"a" 1}', b'{"b": 2}']),
        (b'{"a": [1}{"b": 2}', [b'{"a": [1}', b'{"b": 2}']),
        (b'["\xff"][2]', [b'["\xff"]', b"[2]"]),
        (b'"a\nb" 1', [b'"a\n', b'b" 1']),  # no string has a line feed inside: its line is spoiled, not the next
        (b'{"a": 1}{"b":', [b'{"a": 1}', b'{"b":']),
        (b"data: [DONE]", [b"data: [DONE]"]),
        # Without line ends what is no JSON ends before the next object.
        (b'hello{"b": 2}', [b"hello", b'{"b": 2}']),
        (b'{"a": 1}hello{"b": 2}{"c": 3}', [b'{"a": 1}', b"hello", b'{"b": 2}', b'{"c": 3}']),
        (b'{"a": 1} he{} [llo { "b": 2}', [b'{"a": 1}', b"he", b"{}", b"[llo", b'{ "b": 2}']),
        (b'a {b} {\tc: {} {\n"d": 4}', [b"a {b} {\tc: ", b"{}", b'{\n"d": 4}']),
        (b'he{ { {  "b": 2}{"c": 3', [b"he{ { ", b'{  "b": 2}', b'{"c": 3']),
        (b'hello\n{"b": 2}\nerror {"c": 3}\n{"d": 4}', [b"hello", b'{"b": 2}', b'error {"c": 3}', b'{"d": 4}']),
    ],
)
def test_what_is_no_json_is_handed_on_for_the_body_to_refuse(stream: bytes, pieces: list[bytes]) -> None:
    for chunks in every_cut(stream):
        given = list(rechunk(chunks, at="document"))
        assert b"".join(given) == stream
        assert [piece.strip() for piece in given if piece.strip()] == [piece.strip() for piece in pieces], chunks


@pytest.mark.parametrize("end", ["", " ", "\n", "\r\n"])
def test_documents_behind_one_that_is_none_are_not_lost_to_a_body_that_skips_it(end: str) -> None:
    """Read at every cut what was read while chunks happened to be whole."""
    chunks = ["hello", *TEXTS, "ping", TEXTS[0]]
    stream = "".join(chunk + end for chunk in chunks)
    for cut in every_cut(stream.encode()):
        values = []
        for piece in rechunk(cut, at="document"):
            try:
                values.append(json.loads(piece))
            except ValueError:
                continue
        assert values == [*VALUES, VALUES[0]], cut


def test_object_on_a_line_of_text_is_no_document_where_documents_have_lines() -> None:
    stream = b'{"a": 1}\nrefused: {"b": 2}\n{"c": 3}\n'
    for chunks in every_cut(stream):
        pieces = [piece for piece in rechunk(chunks, at="document") if piece.strip()]
        assert [piece.strip() for piece in pieces] == stream.strip().split(b"\n"), chunks


def test_pieces_are_bytes_for_every_kind_of_bytes() -> None:
    for chunks in as_types(one_at_a_time(b"a\nb")):
        pieces = list(rechunk(chunks, at="line"))
        assert pieces == [b"a\n", b"b"]
        assert {type(piece) for piece in pieces} == {bytes}


def test_lone_surrogates_in_text_survive() -> None:
    for chunks in every_cut("\ud800a\n\udc00"):
        assert list(rechunk(chunks, at="line")) == ["\ud800a\n", "\udc00"]


@pytest.mark.parametrize(
    ("chunks", "at"),
    [([b"a", "b"], "line"), (["a", b"b"], "line"), ([b"a"], "x"), (["a"], b"x"), ([{}], "line"), ([1], "line")],
)
def test_chunks_of_another_type_are_refused(chunks: list[Any], at: Any) -> None:
    with pytest.raises(TypeError):
        list(rechunk(chunks, at=at))


@pytest.mark.parametrize(("at", "error"), [("", ValueError), (b"", ValueError), (None, TypeError), (1, TypeError)])
def test_what_is_no_boundary_is_refused_at_once(at: Any, error: type[Exception]) -> None:
    with pytest.raises(error):
        rechunk([], at=at)


def test_pieces_before_one_that_is_too_large_are_given() -> None:
    for chunks in every_cut(b"a\nb\n" + b"c" * 50):
        given = rechunk(chunks, at="line", max_size=10)
        assert [next(given), next(given)] == [b"a\n", b"b\n"]
        with pytest.raises(SizeLimitError) as caught:
            next(given)
        assert (caught.value.offset, caught.value.index) == (4, 2)


def test_every_document_of_a_mixed_stream_is_cut_off_whatever_the_cuts() -> None:
    for chunks in every_cut_of_both(b'{"a":1}\x1e{"b":2}\n'):
        texts = [str(piece, "utf-8") if isinstance(piece, bytes) else piece for piece in rechunk(chunks, at="document")]
        stripped = [text.strip("\x1e\n") for text in texts]
        assert [json.loads(text) for text in stripped if text] == [{"a": 1}, {"b": 2}], chunks


# Documents: what one chunk gives. Other chunks cut behind a document's last byte and in blanks, and nowhere else.

DOCUMENTS: list[tuple[bytes, list[bytes]]] = [
    (b"", []),
    (b'{"a":1}', [b'{"a":1}']),
    (b'{"a":1}\n{"b":2}\n', [b'{"a":1}\n', b'{"b":2}\n']),
    (b'{"a":1}\r\n{"b":2}\r\n', [b'{"a":1}\r\n', b'{"b":2}\r\n']),
    (b'{"a":1} {"b":2}', [b'{"a":1} ', b'{"b":2}']),
    (b"1 [2]true null\n-3", [b"1 ", b"[2]", b"true ", b"null\n", b"-3"]),
    # Blank lines
    (b'\n{"a":1}\n\n \n{"b":2}\n\n', [b"\n", b'{"a":1}\n', b"\n", b" \n", b'{"b":2}\n', b"\n"]),
    (b'{"a":1}\n  {"b":2}', [b'{"a":1}\n', b"  ", b'{"b":2}']),
    (b'\r\n{"a":1}\r\n\r\n', [b"\r\n", b'{"a":1}\r\n', b"\r\n"]),
    # What separates documents stays with the one before
    (b"{},", [b"{},"]),
    (b"{},{},[1]", [b"{},", b"{},", b"[1]"]),
    (b'{};\n{} , "x";', [b"{};\n", b"{} , ", b'"x";']),
    (b"{}\0{}\0", [b"{}\0", b"{}\0"]),
    (b"{}\x1e{}\x1e", [b"{}\x1e", b"{}\x1e"]),
    (b"\x1e{}\n\x1e[1]\n", [b"\x1e{}\n", b"\x1e[1]\n"]),
    (b'{"a":1}<END>{"b":2}<END>', [b'{"a":1}<END>', b'{"b":2}<END>']),
    (b'{"a":1}|0001\n{"b":2}|0002\n', [b'{"a":1}|0001\n', b'{"b":2}|0002\n']),
    (b"{};-1 {}-{}", [b"{};", b"-1 ", b"{}-", b"{}"]),
    # Text
    (b'ping{"a":1}{"b":2}ping{"c":3}', [b"ping", b'{"a":1}', b'{"b":2}', b"ping", b'{"c":3}']),
    (b'{"a":1}\nping{"b":2}\nping\n{"c":3}', [b'{"a":1}\n', b"ping", b'{"b":2}\n', b"ping\n", b'{"c":3}']),
    (b'{"a":1}\nx: {"b":2}\n{"c":3}\n', [b'{"a":1}\n', b'x: {"b":2}\n', b'{"c":3}\n']),
    (b'{"a":1} text\n{"b":2}', [b'{"a":1} ', b"text\n", b'{"b":2}']),
    (b"<html>{}\n</html>", [b"<html>", b"{}\n", b"</html>"]),
    (b'{"a":1}\n[DONE]\n', [b'{"a":1}\n', b"[DONE]\n"]),
    (b'trash {"a":1}', [b"trash ", b'{"a":1}']),
    # A word in brackets is no document, constants are.
    (b'[info] {"a":1}\n{"b":2}\n', [b"[info] ", b'{"a":1}\n', b'{"b":2}\n']),
    (b'{"b":2}\n[info] {"a":1}\n[1]\n', [b'{"b":2}\n', b'[info] {"a":1}\n', b"[1]\n"]),
    (b"{}\n[warn a\n[] \n", [b"{}\n", b"[warn a\n", b"[] \n"]),
    (b"[true][None, 1][DONE][]", [b"[true]", b"[None, 1]", b"[DONE]", b"[]"]),
    # Broken inside
    (b"{'a': 1}\n{'b': {}}\n", [b"{'a': 1}\n", b"{'b': {}}\n"]),
    (b'{"a": 1,}{"b": None}', [b'{"a": 1,}', b'{"b": None}']),
    (b'{\n "a": 1,\n}\n{"b": 2}', [b'{\n "a": 1,\n}\n', b'{"b": 2}']),
    # Half documents
    (b'{"a":1}\n{"b": "x\n{"c":3}\n{"d":4}\n', [b'{"a":1}\n', b'{"b": "x\n', b'{"c":3}\n', b'{"d":4}\n']),
    (b'{"a":1}\n{"b": \n{"c":3}\n{"d":4}\n', [b'{"a":1}\n', b'{"b": \n', b'{"c":3}\n', b'{"d":4}\n']),
    (b'{"a":1}\n{"b": \n{"c":3}\n', [b'{"a":1}\n', b'{"b": \n', b'{"c":3}\n']),
    (b'{"b": [1,\r\n[3]\r\n[4]\r\n', [b'{"b": [1,\r\n', b"[3]\r\n", b"[4]\r\n"]),
    (b'{"a":1}\n{"b\noops\n{"c":3}\n', [b'{"a":1}\n', b'{"b\noops\n', b'{"c":3}\n']),
    (b'{"a":1}\n{"b": "x', [b'{"a":1}\n', b'{"b": "x']),
    (b'"x\n{"a":1}\n', [b'"x\n', b'{"a":1}\n']),
    # Those that only look so are whole
    (b'[\n{"a":1},\n{"b":2}\n]\n{}', [b'[\n{"a":1},\n{"b":2}\n]\n', b"{}"]),
    (b'{"a":\n{"b":2},\n"c":\n[3]}', [b'{"a":\n{"b":2},\n"c":\n[3]}']),
    (b'{"a":1}\n[\n{"b":2},\n{"c":3', [b'{"a":1}\n', b"[\n", b'{"b":2},\n', b'{"c":3']),
]


@pytest.mark.parametrize(("stream", "pieces"), DOCUMENTS)
def test_documents_and_what_stands_between_them(stream: bytes, pieces: list[bytes]) -> None:
    assert list(rechunk([stream], at="document")) == pieces
    for chunks in every_cut(stream):
        given = list(rechunk(chunks, at="document"))
        check_pieces(stream, pieces, given)
    for texts in every_cut(stream.decode()):
        assert "".join(rechunk(texts, at="document")) == stream.decode()


@pytest.mark.parametrize(("stream", "pieces"), DOCUMENTS)
def test_without_blank_pieces_the_documents_are_the_same(stream: bytes, pieces: list[bytes]) -> None:
    expected = [piece.strip() for piece in pieces if piece.strip()]
    assert [piece.strip() for piece in rechunk([stream], at="document", skip_blank=True)] == expected
    for chunks in every_cut(stream):
        given = list(rechunk(chunks, at="document", skip_blank=True))
        assert all(piece.strip() for piece in given)
        check_pieces(b"".join(given), list(given), given)
        assert b"".join(b"".join(given).split()) == b"".join(stream.split()), chunks


def test_no_piece_begins_with_what_belongs_to_the_document_before() -> None:
    for chunks in ([b"{}", b"\n{}", b"\n{}\n"], [b"\n\n{}\n", b" {}"], [b"{}", b",{}", b",{}"], [b"{}\r", b"\n{}"]):
        assert b"{}" in [piece.strip() for piece in rechunk(chunks, at="document")]
        for piece in rechunk(chunks, at="document"):
            assert piece.startswith(b"{}") or b"{}" not in piece, chunks


@pytest.mark.parametrize(
    ("chunks", "pieces"),
    [
        ([b'{"hello":1}\n', b'{"n":1}', b'{"n":2}'], None),
        ([b'{"a":1}\n', b"\n", b"\n", b'{"b":2}\n', b" ", b'{"c":3}'], None),
        ([b'{"a":1};', b'{"b":2};'], None),
        ([b'{"a":1}<END>', b'{"b":2}<END>'], None),
        ([b'{"a":1}\n\n', b'{"b":2}\n\n'], [[b'{"a":1}\n', b"\n"], [b'{"b":2}\n', b"\n"]]),
        ([b"text\n", b'{"a":1}', b"text", b'{"b":2}'], [[b"text\n"], [b'{"a":1}'], [], [b"text", b'{"b":2}']]),
        (
            [b"[1]\n", b'{"half": "\n', b'{"b":2}', b'\n{"c":3}'],
            [[b"[1]\n"], [], [b'{"half": "\n', b'{"b":2}'], [b"\n", b'{"c":3}']],
        ),
    ],
)
def test_pieces_come_with_the_chunk_that_ends_them(chunks: list[bytes], pieces: list[list[bytes]] | None) -> None:
    recut = Rechunker("document", None)
    given = [list(recut.feed(chunk)) for chunk in chunks]
    assert given == (pieces or [[chunk] for chunk in chunks])
    assert list(recut.close()) == []


@pytest.mark.parametrize(
    "stream",
    [
        b"{'a': 1}\n" * 30_000,
        b"{'a': 1}" * 30_000,
        b'{"a": \n' * 30_000,
        b'{"a": "\n' * 30_000,
        b"x{}" * 60_000,
        b"\n" * 200_000,
        b"{}," * 60_000,
        b"{" * 200_000,
        b'{"a":1}\n' + b'[{"b":\n' * 20_000,
        b"[1]" + b" " * 200_000,
        b"[\n" + b'{"a": 1},\n' * 20_000 + b"{}]",
    ],
)
def test_work_grows_with_the_stream_and_not_with_its_square(stream: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    read = 0
    value_at = ends.value_at

    def counting(text: str, start: int, **options: Any) -> Any:
        nonlocal read
        try:
            value, end = value_at(text, start, **options)
        except ends.Malformed as fault:
            read += max(fault.pos, start)  # its line is counted from the start of the text
            raise
        except Exception:
            read += len(text) - start
            raise
        read += end - start
        return value, end

    monkeypatch.setattr(ends, "value_at", counting)
    monkeypatch.setattr(whole_documents, "value_at", counting)
    ratios = []
    for part in (stream[: len(stream) // 4], stream):
        for size in (len(part), 1000, 50):
            read = 0
            assert b"".join(rechunk(at_sizes(part, size), at="document")) == part
            ratios.append(read / len(part))
    assert all(later <= 1.6 * first + 2 for first, later in zip(ratios[:3], ratios[3:], strict=True)), ratios


MARKED = '\ufeff{"a": 1}\n{"b": "\ufeff"}\n'


@pytest.mark.parametrize("size", [1, 2, 3, 4, 5, 100])
def test_a_byte_order_mark_stays_with_the_first_document(size: int) -> None:
    body = MARKED.encode()
    for whole in (body, MARKED):
        pieces = list(
            rechunk([whole[at : at + size] for at in range(0, len(whole), size)], at="document", skip_blank=True)
        )
        assert [piece.strip() for piece in pieces] == [line.strip() for line in whole.splitlines()]


@pytest.mark.parametrize("part", ["\ufeff", "\ufeff\n", ""])
def test_a_stream_of_a_byte_order_mark_loses_nothing(part: str) -> None:
    data = part.encode()
    for size in range(len(data) + 1):
        assert b"".join(rechunk([data[:size], data[size:]], at="document")) == data
        assert b"".join(rechunk([data[:size]], at="document")) == data[:size]
