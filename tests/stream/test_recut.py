"""`rechunk`: lossless at every cut, cut where it says, and right for the bodies people write."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from test_every_cut import STREAMS

from cuts import as_types, every_cut, every_cut_of_both, one_at_a_time
from unchunk import SizeLimitError, rechunk

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
    (b"\n\n", "a\n\nb\n\nc", ["a\n\n", "b\n\n", "c"]),
    (b"\n\n", "a\n\n\nb", ["a\n\n", "\nb"]),
    (b"\n\n", "a\n\n\n\nb", ["a\n\n", "\n\n", "b"]),
    (b"\0", "a\0b\0", ["a\0", "b\0"]),
    (b"aab", "aaabaab", ["aaab", "aab"]),
    ("é".encode(), "aébéc", ["aé", "bé", "c"]),
]


@pytest.mark.parametrize(("at", "stream", "pieces"), ROWS)
def test_pieces_are_the_same_at_every_cut(at: Any, stream: str, pieces: list[str]) -> None:
    for chunks in every_cut(stream.encode()):
        assert list(rechunk(chunks, at=at)) == [piece.encode() for piece in pieces], chunks
    for chunks in every_cut(stream):
        assert list(rechunk(chunks, at=at.decode() if isinstance(at, bytes) else at)) == pieces, chunks


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
        # What may be left out is a last line end that came in a chunk of its own.
        assert forwarded == stream.encode() or (at == "document" and forwarded.strip() == stream.encode().strip())


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
        (b'"a\nb" 1', [b'"a\nb" ', b"1"]),
        (b'{"a": 1}{"b":', [b'{"a": 1}', b'{"b":']),
        (b"data: [DONE]", [b"data: [DONE]"]),
        # Without line ends what is no JSON ends before the next object.
        (b'hello{"b": 2}', [b"hello", b'{"b": 2}']),
        (b'{"a": 1}hello{"b": 2}{"c": 3}', [b'{"a": 1}', b"hello", b'{"b": 2}', b'{"c": 3}']),
        (b'{"a": 1} he{} [llo { "b": 2}', [b'{"a": 1}', b"he", b"{}", b'[llo { "b": 2}']),
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
    """What was read while chunks happened to be whole is read at every cut."""
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
        pieces = list(rechunk(chunks, at="document"))
        assert [
            json.loads(str(piece, "utf-8").strip("\x1e") if isinstance(piece, bytes) else piece.strip("\x1e"))
            for piece in pieces
            if piece.strip()
        ] == [{"a": 1}, {"b": 2}]
