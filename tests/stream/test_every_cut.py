"""The output never depends on the cuts: every framing, bytes and text, values and errors."""

from __future__ import annotations

import json
from typing import Any

import pytest

from cuts import as_types, every_cut, every_cut_of_both, one_at_a_time
from unchunk import JSONStreamDecoder, JSONStreamError, iter_json

VALUES: list[Any] = [
    {"id": 1, "text": 'quotes " and \\ and {braces} and [brackets]', "more": {"list": [1, [2, {"x": "}"}]]}},
    [],
    {},
    'a string, äöü, 中文, \U0001f600, \u2028, \\"',
    [1, 2.5, -3e-7, True, False, None, "x"],
    0,
    -12.5,
    True,
    None,
    "",
    {"": {"": []}},
]

NDJSON = "".join(json.dumps(value, ensure_ascii=False) + "\n" for value in VALUES)
CRLF = NDJSON.replace("\n", "\r\n")
BLANK_LINES = NDJSON.replace("\n", "\n\n \t\n")
PRETTY = "\n".join(json.dumps(value, indent=2) for value in VALUES)
JOINED = '{"a":1}{"a":{"b":"}"}}[1,[2]]"x""y"[]{}truefalsenull 12 3{"z":0}'
SEQUENCE = "".join("\x1e" + json.dumps(value) + "\n" for value in VALUES)
ARRAY = json.dumps(VALUES, indent=1)
EVENTS = "".join(f"data: {json.dumps(value, ensure_ascii=False)}\n\n" for value in VALUES)
FULL_EVENTS = ": hello\n\nretry: 10\n\n" + "".join(
    f"event: delta\nid: {number}\ndata:{json.dumps(value)}\n: note\n\n" for number, value in enumerate(VALUES)
)
MULTI_LINE_EVENTS = "".join(
    "".join(f"data: {line}\n" for line in json.dumps(value, indent=1).split("\n")) + "\n" for value in VALUES
)
JOINED_VALUES = [{"a": 1}, {"a": {"b": "}"}}, [1, [2]], "x", "y", [], {}, True, False, None, 12, 3, {"z": 0}]

STREAMS = [
    pytest.param("auto", NDJSON, VALUES, id="ndjson"),
    pytest.param("auto", CRLF, VALUES, id="ndjson-crlf"),
    pytest.param("auto", BLANK_LINES, VALUES, id="blank-lines"),
    pytest.param("auto", PRETTY, VALUES, id="pretty"),
    pytest.param("auto", "\ufeff" + NDJSON, VALUES, id="byte-order-mark"),
    pytest.param("auto", " \n " + NDJSON, VALUES, id="blanks-first"),
    pytest.param("auto", NDJSON.rstrip(), VALUES, id="no-last-newline"),
    pytest.param("auto", JOINED, JOINED_VALUES, id="joined"),
    pytest.param("concat", JOINED, JOINED_VALUES, id="concat"),
    pytest.param("auto", "12", [12], id="one-number"),
    pytest.param("auto", "", [], id="nothing"),
    pytest.param("auto", " \n\t ", [], id="blanks-only"),
    pytest.param("lines", NDJSON, VALUES, id="lines"),
    pytest.param("lines", CRLF, VALUES, id="lines-crlf"),
    pytest.param("lines", BLANK_LINES, VALUES, id="lines-blank-lines"),
    pytest.param("lines", NDJSON.rstrip(), VALUES, id="lines-no-last-newline"),
    pytest.param("lines", "", [], id="lines-nothing"),
    pytest.param("auto", SEQUENCE, VALUES, id="auto-seq"),
    pytest.param("seq", SEQUENCE, VALUES, id="seq"),
    pytest.param("seq", "\x1e\x1e[1]\x1e\n\x1e2\n", [[1], 2], id="seq-empty-records"),
    pytest.param("array", ARRAY, VALUES, id="array"),
    pytest.param("array", json.dumps(VALUES, separators=(",", ":")), VALUES, id="array-compact"),
    pytest.param("array", " [ ] \n", [], id="array-empty"),
    pytest.param("array", '[{"a":1}\n,\r\n{"a":2}\n]\n', [{"a": 1}, {"a": 2}], id="array-gemini"),
    pytest.param("array", "[1,22,[3]]", [1, 22, [3]], id="array-numbers"),
    pytest.param("auto", EVENTS, VALUES, id="auto-sse"),
    pytest.param("sse", EVENTS, VALUES, id="sse"),
    pytest.param("sse", EVENTS.replace("\n", "\r\n"), VALUES, id="sse-crlf"),
    pytest.param("sse", EVENTS.replace("\n", "\r"), VALUES, id="sse-cr"),
    pytest.param("auto", FULL_EVENTS, VALUES, id="auto-sse-fields"),
    pytest.param("auto", "\ufeff" + FULL_EVENTS.replace("\n", "\r\n"), VALUES, id="auto-sse-fields-crlf"),
    pytest.param("sse", MULTI_LINE_EVENTS, VALUES, id="sse-multi-line"),
    pytest.param("sse", MULTI_LINE_EVENTS.replace("\n", "\r\n"), VALUES, id="sse-multi-line-crlf"),
    pytest.param("auto", EVENTS + "data: [DONE]\n\n", VALUES, id="sse-done"),
    pytest.param("auto", EVENTS + "data:[DONE]", VALUES, id="sse-done-without-blank-line"),
    pytest.param("auto", EVENTS + "data: [DONE]\n\ndata: no json\n\n", VALUES, id="sse-done-and-more"),
    pytest.param("sse", EVENTS.rstrip(), VALUES, id="sse-last-event-without-blank-line"),
    pytest.param("auto", "data: 1\n\nevent: x\ndata\n\nid: 7\n\ndata:\n\ndata: 2", [1, 2], id="sse-without-data"),
    pytest.param("sse", "data: []\ndata: {}\n\ndata: [1]\n\n", [[], {}, [1]], id="sse-missing-blank-line"),
    pytest.param("auto", "data\n\n: x\n\n", [], id="sse-bare-field"),
]


@pytest.mark.parametrize(("framing", "stream", "values"), STREAMS)
def test_values_are_the_same_at_every_cut(framing: Any, stream: str, values: list[Any]) -> None:
    for chunks in every_cut_of_both(stream.encode()):
        assert list(iter_json(chunks, framing=framing)) == values, chunks


@pytest.mark.parametrize(("framing", "stream", "values"), STREAMS)
def test_a_parser_of_the_caller_sees_the_same_documents(framing: Any, stream: str, values: list[Any]) -> None:
    for chunks in every_cut(stream.encode(), two_way_up_to=300):
        assert list(iter_json(chunks, framing=framing, loads=json.loads)) == values, chunks


@pytest.mark.parametrize(("framing", "stream", "values"), STREAMS)
def test_the_push_decoder_gives_what_the_generator_gives(framing: Any, stream: str, values: list[Any]) -> None:
    for chunks in every_cut(stream.encode(), two_way_up_to=300):
        decoder = JSONStreamDecoder[Any](framing=framing)
        given = [value for chunk in chunks for value in decoder.feed(chunk)]
        assert given + decoder.close() == values
        assert decoder.pending == 0


def test_every_kind_of_bytes_is_taken() -> None:
    for chunks in as_types(one_at_a_time(NDJSON.encode())):
        assert list(iter_json(chunks)) == VALUES


# framing, stream, values before the fault, error, message, byte offset
FAULTS = [
    ("auto", '{"a":1}\nnot json\n{"b":2}\n', 1, "MalformedJSONError", "Expecting value", 8),
    ("auto", '{"a":1} {"b" 2} {"c":3}', 1, "MalformedJSONError", "Expecting ':' delimiter", 13),
    ("auto", '{"a":1}{"b":[1,}]}', 1, "MalformedJSONError", "Expecting value", 15),
    ("auto", "[1]]", 1, "MalformedJSONError", "Expecting value", 3),
    ("auto", '1"x"', 0, "MalformedJSONError", "Extra data", 1),
    ("auto", "3true ", 0, "MalformedJSONError", "Extra data", 1),
    ("auto", "01 ", 0, "MalformedJSONError", "Extra data", 1),
    ("auto", "1. ", 0, "MalformedJSONError", "Extra data", 1),
    ("auto", "[1.5] -\n", 1, "MalformedJSONError", "Expecting value", 6),
    ("auto", "nulll ", 1, "MalformedJSONError", "Expecting value", 4),
    ("auto", "trux", 0, "MalformedJSONError", "Expecting value", 0),
    ("auto", '["a\nb"]', 0, "MalformedJSONError", "Invalid control character at", 3),
    ("auto", '["\\x"]', 0, "MalformedJSONError", "Invalid \\escape", 2),
    ("auto", '{"ä":1}{"ä":x}', 1, "MalformedJSONError", "Expecting value", 14),
    ("auto", '{"a":1}{"b":', 1, "TruncatedError", "The stream ended in the middle of a document", 12),
    ("auto", '{"a":1}"b', 1, "TruncatedError", "The stream ended in the middle of a document", 9),
    ("auto", '{"a":1} [1.', 1, "TruncatedError", "The stream ended in the middle of a document", 11),
    ("auto", '{"a":1} [tru', 1, "TruncatedError", "The stream ended in the middle of a document", 12),
    ("auto", '{"a":1} tru', 1, "TruncatedError", "The stream ended in the middle of a document", 11),
    ("auto", '{"a":1} -', 1, "TruncatedError", "The stream ended in the middle of a document", 9),
    ("auto", '["\\u12', 0, "TruncatedError", "The stream ended in the middle of a document", 6),
    ("auto", '["a\\', 0, "TruncatedError", "The stream ended in the middle of a document", 4),
    ("auto", '{"a":1}{tru', 1, "MalformedJSONError", "Expecting property name enclosed in double quotes", 8),
    ("auto", "[1 tru", 0, "MalformedJSONError", "Expecting ',' delimiter", 3),
    ("auto", '["\\uZZZZ", "\\u12', 0, "MalformedJSONError", "Invalid \\uXXXX escape", 3),
    ("lines", '{"a":1}\n{"b":\n2}\n', 1, "MalformedJSONError", "The record ends in the middle of a document", 13),
    ("lines", '{"a":1} {"b":2}\n', 1, "MalformedJSONError", "Extra data", 8),
    ("lines", '{"a":1}\n{"b":', 1, "TruncatedError", "The stream ended in the middle of a document", 13),
    ("seq", "x\x1e[1]\n", 0, "MalformedJSONError", "Expecting a record separator", 0),
    ("seq", "\x1e[1]\n\x1e12\x1e[2]\n", 1, "MalformedJSONError", "The record ends in the middle of a document", 8),
    ("seq", "\x1e[1]\n\x1e12", 1, "TruncatedError", "The stream ended in the middle of a document", 8),
    ("array", '{"a":1}', 0, "MalformedJSONError", "Expecting '['", 0),
    ("array", "[1 2]", 1, "MalformedJSONError", "Expecting ',' delimiter", 3),
    ("array", "[1,]", 1, "MalformedJSONError", "Expecting value", 3),
    ("array", "[,1]", 0, "MalformedJSONError", "Expecting value", 1),
    ("array", "[1] [2]", 1, "MalformedJSONError", "Extra data", 4),
    ("array", "[1,2", 1, "TruncatedError", "The stream ended in the middle of a document", 4),
    ("array", "[[1],", 1, "TruncatedError", "The stream ended in the middle of a document", 5),
    ("sse", 'data: 1\n\ndata: {"b":\n\n', 1, "MalformedJSONError", "The event ends in the middle of a document", 20),
    ("sse", 'data: {"a":1}\n\ndata: hello\n\n', 1, "MalformedJSONError", "Expecting value", 21),
    ("sse", 'data: {"a":1}\r\n\r\ndata: {"b":\r\ndata:x}\r\n\r\n', 1, "MalformedJSONError", "Expecting value", 35),
    ("auto", '{"a": "longer"}\n[1]}', 2, "MalformedJSONError", "Expecting value", 19),
    ("array", '[{"a": "longer"}, {"b": 1}}', 2, "MalformedJSONError", "Expecting ',' delimiter", 26),
    ("sse", 'data: {"b":\r\ndata: 1}]\n\n', 1, "MalformedJSONError", "Expecting value", 21),
    ("sse", 'data: {"a":1}\n\ndata: {"b":', 1, "TruncatedError", "The stream ended in the middle of a document", 26),
    ("sse", 'data: {"a":1}\n\ndata: {"b":\n', 1, "TruncatedError", "The stream ended in the middle of a document", 26),
]


@pytest.mark.parametrize(("framing", "stream", "before", "kind", "message", "offset"), FAULTS)
def test_a_fault_is_named_the_same_at_every_cut(
    framing: Any, stream: str, before: int, kind: str, message: str, offset: int
) -> None:
    for chunks in every_cut_of_both(stream.encode()):
        values: list[Any] = []
        with pytest.raises(JSONStreamError) as caught:
            values.extend(iter_json(chunks, framing=framing))
        error = caught.value
        assert (len(values), error.index) == (before, before), chunks
        assert (type(error).__name__, error.message) == (kind, message), chunks
        assert error.offset == offset, chunks


@pytest.mark.parametrize(
    ("stream", "offset"), [(b'{"a":1}\n{"b":"\xff"}\n', 14), (b'{"a":1}\xff', 7), (b'{"a":1}["\xe4\xb8"]', 9)]
)
def test_bytes_that_are_no_utf8_are_named_at_every_cut(stream: bytes, offset: int) -> None:
    for chunks in every_cut(stream):
        values = iter_json(chunks)
        assert next(values) == {"a": 1}
        with pytest.raises(JSONStreamError, match="Invalid UTF-8") as caught:
            list(values)
        assert caught.value.offset == offset, chunks


def test_a_number_that_touches_what_is_no_utf8_is_none() -> None:
    for chunks in every_cut(b"[1] 3\xe92"):
        values: list[Any] = []
        with pytest.raises(JSONStreamError, match="Invalid UTF-8"):
            values.extend(iter_json(chunks))
        assert values == [[1]], chunks
