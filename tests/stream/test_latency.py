"""Every value is out with the chunk that carries its last byte, in streams long enough to be learned from."""

from __future__ import annotations

import collections
import json
import random
from collections.abc import Iterator
from typing import Any

import pytest

from cuts import at_random, at_sizes, two_way
from unchunk import JSONStreamDecoder, JSONStreamError, iter_json

PLAIN = {"id": 1, "name": "reader", "active": True, "position": {"x": 1, "y": 2}, "tags": ["a", "b"], "note": "x"}
# What strings may hold that looks like JSON, or like the end of it.
AWKWARD = [
    'print("{}".format(name))',
    "C:\\Users\\",
    'say "}" and "]"',
    '{"key": [1, 2]}',
    "if (x) { return y; }",
    "\\d+\\}",
    "{{ template }}",
    '"}',
    "}\n{",
    '\\"} ',
    "é}中",
]
EMPTY: list[Any] = [{}, [], [{}], {"": {}}, [[]]]


def awkward(source: random.Random) -> Any:
    text = " ".join(source.choices(AWKWARD, k=3))
    return source.choice([{"code": text, "more": {"text": text}}, [text, [text], {}], {text: 1, "b": [{}]}])


def documents(kind: str) -> list[Any]:
    source = random.Random(kind)
    plain, strings = [PLAIN] * 40, [awkward(source) for _ in range(60)]
    match kind:
        case "plain":
            return plain * 2
        case "strings that hold brackets":
            return strings
        case "empty ones among them":
            return [each for string in strings for each in (string, source.choice(EMPTY))]
        case "all lengths":
            return [[each] * source.choice((0, 1, 1, 2, 30)) for each in plain + strings]
        case "one way, then the other":
            return strings + plain + strings
        case _:
            return [each for string in strings for each in (string, "x}", {}, string)]


KINDS = [
    "plain",
    "strings that hold brackets",
    "empty ones among them",
    "all lengths",
    "one way, then the other",
    "strings between them",
]
# framing, what stands before each document, what behind it, how it is indented
SHAPES = {
    "lines": ("auto", "", "\n", None),
    "lines of any length": ("lines", "", "\r\n", None),
    "nothing between": ("concat", "", "", None),
    "blanks between": ("auto", "", "  ", None),
    "many lines each": ("auto", "", "\n", 2),
    "elements": ("array", "", ", ", None),
    "elements side by side": ("array", "", ",", None),
    "sequence": ("seq", "\x1e", "\n", None),
    "events": ("sse", "data: ", "\n\n", None),
    "events of several fields": ("auto", "event: message\nid: 7\ndata:", "\n\n", None),
    "events and comments": ("auto", ": ping\r\n\r\ndata: ", "\r\n\r\n", None),
}


def stream_of(shape: str, values: list[Any]) -> tuple[str, bytes, list[int]]:
    """Return a framing, a stream in it, and the offsets at which values end."""
    framing, before, behind, indent = SHAPES[shape]
    stream, ends = b"[" if framing == "array" else b"", []
    for value in values:
        stream += before.encode() + json.dumps(value, indent=indent, ensure_ascii=False).encode()
        ends.append(len(stream))
        stream += behind.encode()
    if framing == "array":
        stream = stream[: ends[-1]] + b"]"
    return framing, stream, ends


def cuts(stream: bytes) -> Iterator[list[bytes]]:
    for size in (1, 2, 7, 16, 100, 1000, 5000):
        yield at_sizes(stream, size)
    for seed in range(4):
        yield at_random(stream, seed)


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("kind", KINDS)
def test_each_value_is_out_before_the_next_chunk_is_asked_for(kind: str, shape: str) -> None:
    values = documents(kind)
    framing, stream, ends = stream_of(shape, values)
    for chunks in cuts(stream):
        given: list[Any] = []
        late: list[int] = []

        def source(chunks: list[bytes] = chunks, given: list[Any] = given, late: list[int] = late) -> Iterator[bytes]:
            arrived = 0
            for chunk in chunks:
                yield chunk
                arrived += len(chunk)
                if len(given) != sum(end <= arrived for end in ends):
                    late.append(arrived)

        for value in iter_json(source(), framing=framing):  # type: ignore[call-overload]
            given.append(value)
        assert given == values
        assert not late, (len(chunks), late[:3])


@pytest.mark.parametrize("shape", SHAPES)
def test_a_decoder_is_as_prompt(shape: str) -> None:
    values = documents("empty ones among them")
    framing, stream, ends = stream_of(shape, values)
    for chunks in cuts(stream):
        decoder = JSONStreamDecoder[Any](framing=framing)  # type: ignore[call-overload]
        arrived, count = 0, 0
        for chunk in chunks:
            arrived += len(chunk)
            count += len(decoder.feed(chunk))
            assert count == sum(end <= arrived for end in ends), arrived
        assert decoder.close() == []


def test_documents_that_share_a_line_of_data_are_out_with_the_line() -> None:
    stream = b'data: {"a": {"b": 1}}{}{"c": {"d": "}"}, "e": {}}[]"}"{}\n\ndata: {}\n\n'
    line = stream.index(b"\n") + 1
    for chunks in [[stream[:line]], *cuts(stream[:line]), *two_way(stream[:line])]:
        decoder = JSONStreamDecoder[Any](framing="sse")
        assert sum(len(decoder.feed(chunk)) for chunk in chunks) == 6, chunks


# A fault is not waited out either, where strings have held brackets before: within a few documents, or 4 KiB.
@pytest.mark.parametrize("fault", ["}", "x", "{'a': 1}\n", '{"a": 1,}\n', '{"a": 1};\n', "{a: f()}\n", '{"a": tru}\n'])
def test_a_fault_is_found_long_before_the_stream_ends(fault: str) -> None:
    values = documents("strings that hold brackets")
    framing, stream, _ = stream_of("lines", values)
    for size in (7, 16, 100, 1000):
        decoder = JSONStreamDecoder[Any](framing=framing)  # type: ignore[call-overload]
        for chunk in at_sizes(stream, size):
            decoder.feed(chunk)
        broken = at_sizes(fault.encode() * 3000, size)[: 10_000 // size]
        with pytest.raises(JSONStreamError):
            collections.deque(map(decoder.feed, broken))
