"""Reading several values at a time, or where they lie, gives what one at a time gives."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from itertools import pairwise
from typing import Any

import msgspec
import orjson
import pytest

from unchunk import JSONStreamDecoder, JSONStreamError, iter_json

ELEMENTS = [
    *(
        '{"id": 1, "a": {"id": 2}}',
        '{"id": 2, "a": [{"id": 3}, {"id": 4}]}',
        '{"id": "}, {\\"id\\""}',
        "{}",
        '{"b": "}"}',
    ),
    *("[1, 2]", "[[{}], []]", '"a, b"', '"\\\\"', "12", "-1.5e3", "true", "null", '["],["]', '{ "id" : 7 }'),
]
BROKEN = ['{"id" 1}', "tru", "1.", '{"id": 1,}', '"\x01"', "", "[1 2]", "\ufeff"]
PARSERS = [None, json.loads, orjson.loads, msgspec.json.decode]


def array(source: random.Random) -> bytes:
    alike = source.random() < 0.5
    elements = source.choices(ELEMENTS[:3] if alike else ELEMENTS, k=source.choice((1, 3, 20, 400)))
    if source.random() < 0.4:
        elements.insert(source.randrange(len(elements) + 1), source.choice(BROKEN))
    between = source.choice((",", ", ", " ,\n", ",\r\n "))
    return f"[{between.join(elements)}]".encode()[: None if source.random() < 0.8 else source.randrange(2000) + 1]


def lines(source: random.Random) -> bytes:
    ends = source.choice(("\n", "\r\n", "\n\n", "\n \n", "", " "))
    documents = source.choices(ELEMENTS, k=source.choice((1, 3, 20, 400)))
    if source.random() < 0.3:
        documents.insert(source.randrange(len(documents) + 1), source.choice(BROKEN))
    return "".join(document + ends for document in documents).encode()


def events(source: random.Random) -> bytes:
    before = source.choice(("data: ", "data:", "event: x\ndata: ", "id: 1\r\ndata: ", ": c\n\ndata: "))
    ends = source.choice(("\n\n", "\n\n", "\r\n\r\n", "\n", "\n\n\n"))
    documents = source.choices(
        [*ELEMENTS, "[DONE]"] if source.random() < 0.3 else ELEMENTS, k=source.choice((1, 3, 200))
    )
    if source.random() < 0.3:
        documents.insert(source.randrange(len(documents) + 1), source.choice(BROKEN))
    return "".join(before + document + ends for document in documents).encode()


def cut(stream: bytes, source: random.Random) -> list[bytes]:
    size = source.choice((1, 7, 64, 300, 5000, 100_000))
    places = [0, *sorted(source.choices(range(len(stream) + 1), k=len(stream) // size)), len(stream)]
    return [stream[start:end] for start, end in pairwise(places)]


def told(error: JSONStreamError) -> tuple[str, int, int]:
    return error.message, error.offset, error.index


def outcome(chunks: list[bytes], framing: Any, parser: Any) -> list[Any]:
    values: list[Any] = []
    try:
        for value in iter_json(chunks, framing=framing, loads=parser):
            values.append(repr(value))
    except JSONStreamError as error:
        values.append(told(error))
    return values


def pushed(chunks: list[bytes], framing: Any, parser: Any) -> list[Any]:
    decoder = JSONStreamDecoder[Any](framing=framing, loads=parser)
    values: list[Any] = []
    try:
        for chunk in chunks:
            values += map(repr, decoder.feed(chunk))
        values += map(repr, decoder.close())
        values += map(repr, decoder.close())
    except JSONStreamError as error:
        values.append(told(error))
    return values


@pytest.mark.parametrize("parser", PARSERS, ids=["default", "json", "orjson", "msgspec"])
@pytest.mark.parametrize(("framing", "made"), [("array", array), ("auto", lines), ("lines", lines), ("auto", events)])
def test_outcome_is_that_of_single_bytes(
    framing: str, made: Callable[[random.Random], bytes], parser: Callable[[Any], Any] | None
) -> None:
    source = random.Random(18)
    for _ in range(12):
        stream = made(source)
        expected = outcome([bytes((byte,)) for byte in stream], framing, parser)
        for _ in range(4):
            chunks = cut(stream, source)
            assert outcome(chunks, framing, parser) == expected, chunks
            assert pushed(chunks, framing, parser) == expected, chunks


@pytest.mark.parametrize("parser", PARSERS[1:], ids=["json", "orjson", "msgspec"])
@pytest.mark.parametrize("behind", [b"", b"\n", b'{"a": 2}', b'\n{"a": 2}\n', b" }", b",", b"[DONE]"])
def test_a_large_document_where_it_lies(parser: Callable[[Any], Any], behind: bytes) -> None:
    stream = b'{"a": ["' + b"x} {" * 40_000 + b'"]}' + behind
    expected = outcome([stream[:10], stream[10:]], "auto", parser)
    for size in (1000, 65536, 100_000):
        chunks = [stream[start : start + size] for start in range(0, len(stream), size)]
        assert outcome(chunks, "auto", parser) == expected


def test_a_string_that_a_backslash_cuts_off_goes_on() -> None:
    seen: list[bytes] = []

    def lenient(document: bytes) -> Any:
        seen.append(document)
        return document

    assert list(iter_json([b'{"a": "\x01}\\', b'"}\n'], framing="lines", loads=lenient)) == [b'{"a": "\x01}\\"}']


@pytest.mark.parametrize("stream", [b"data: null  -1.", b"data: null-", b"event: x\ndata: null  []  -1."])
def test_a_last_line_that_does_not_end_is_truncated_however_it_is_cut(stream: bytes) -> None:
    whole = outcome([stream], "sse", None)
    assert whole[-1][0] == "The stream ended in the middle of a document"
    for place in range(len(stream)):
        assert outcome([stream[:place], stream[place:]], "sse", None) == whole


def test_an_end_mark_in_the_first_chunk_that_is_pushed() -> None:
    decoder = JSONStreamDecoder[Any](framing="sse")
    assert decoder.feed(b"data: [DONE]") == decoder.feed(b'\n\ndata: {"a": 1}\n\n') == decoder.close() == []
