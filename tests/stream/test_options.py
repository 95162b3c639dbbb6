"""`loads`, `on_error`, and what else a caller may ask for or get wrong."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from cuts import every_cut
from unchunk import JSONStreamDecoder, JSONStreamError, MalformedJSONError, TruncatedError, iter_json

STREAMS = {
    "auto": b'{"a": 1}\n[2]\n"x"\n',
    "concat": b'{"a": 1}[2]"x"',
    "lines": b'{"a": 1}\n[2]\n"x"\n',
    "seq": b'\x1e{"a": 1}\n\x1e[2]\n\x1e"x"\n',
    "array": b'[{"a": 1}, [2], "x"]',
    "sse": b'data: {"a": 1}\n\ndata: [2]\n\ndata: "x"\n\n',
}
VALUES = [{"a": 1}, [2], "x"]


def parser(name: str, attribute: str) -> Callable[[Any], Any]:
    return getattr(pytest.importorskip(name), attribute)  # type: ignore[no-any-return]


# loads


@pytest.mark.parametrize("framing", STREAMS)
@pytest.mark.parametrize(
    ("module", "attribute"),
    [
        ("json", "loads"),
        ("orjson", "loads"),
        ("jiter", "from_json"),
        ("msgspec.json", "decode"),
        ("simplejson", "loads"),
        ("ujson", "loads"),
        ("rapidjson", "loads"),
        ("pydantic_core", "from_json"),
    ],
)
def test_any_parser_does(framing: Any, module: str, attribute: str) -> None:
    loads = parser(module, attribute)
    for chunks in every_cut(STREAMS[framing]):
        assert list(iter_json(chunks, framing=framing, loads=loads)) == VALUES
    assert list(iter_json([STREAMS[framing].decode()], framing=framing, loads=loads)) == VALUES


@pytest.mark.parametrize("framing", STREAMS)
def test_loads_gets_what_the_stream_is_made_of(framing: Any) -> None:
    seen: set[type] = set()

    def loads(document: Any) -> Any:
        seen.add(type(document))
        return json.loads(document)

    assert list(iter_json([STREAMS[framing]], framing=framing, loads=loads)) == VALUES
    assert seen == {bytes}
    seen.clear()
    assert list(iter_json([STREAMS[framing].decode()], framing=framing, loads=loads)) == VALUES
    assert seen == {str}


@pytest.mark.parametrize("framing", STREAMS)
@pytest.mark.parametrize("wanted", [bytes, str])
def test_loads_gets_the_other_type_if_it_refuses_that(framing: Any, wanted: type) -> None:
    def picky(document: Any) -> Any:
        if type(document) is not wanted:
            raise TypeError(f"not {wanted}")
        return json.loads(document)

    for stream in (STREAMS[framing], STREAMS[framing].decode()):
        assert list(iter_json([stream], framing=framing, loads=picky)) == VALUES


def test_a_parser_that_takes_neither_type_has_its_error_passed_on() -> None:
    def never(document: Any) -> Any:
        raise TypeError("no thanks")

    with pytest.raises(TypeError, match="no thanks"):
        list(iter_json([b"[1]\n"], loads=never))


def test_values_are_what_loads_makes_of_them() -> None:
    def exact(document: Any) -> Any:
        return json.loads(document, parse_float=Decimal)

    assert list(iter_json([b'{"a": 1.10}\n1.5\n'], loads=exact)) == [{"a": Decimal("1.10")}, Decimal("1.5")]


@pytest.mark.parametrize("framing", STREAMS)
def test_what_loads_refuses_is_malformed_and_its_own_error_is_the_cause(framing: Any) -> None:
    class Refused(ValueError):
        pass

    def choosy(document: Any) -> Any:
        if (value := json.loads(document)) == [2]:
            raise Refused("not this one")
        return value

    for chunks in every_cut(STREAMS[framing], two_way_up_to=50):
        given = iter_json(chunks, framing=framing, loads=choosy)
        assert next(given) == {"a": 1}
        with pytest.raises(MalformedJSONError, match="not this one") as caught:
            next(given)
        assert isinstance(caught.value.__cause__, Refused)
        assert caught.value.index == 1


@pytest.mark.parametrize("framing", STREAMS)
def test_json_that_is_no_json_is_malformed_for_every_parser(framing: Any) -> None:
    stream = STREAMS[framing].replace(b"[2]", b"[2,]")
    for chunks in every_cut(stream, two_way_up_to=50):
        with pytest.raises(MalformedJSONError) as caught:
            list(iter_json(chunks, framing=framing, loads=json.loads))
        assert caught.value.index == 1


def test_loads_that_has_to_be_awaited_is_refused() -> None:
    async def later(document: Any) -> Any:
        return json.loads(document)

    with pytest.raises(TypeError, match="coroutine"):
        iter_json([], loads=later)
    with pytest.raises(TypeError, match="awaited"):
        list(iter_json([b"[1]\n"], loads=lambda document: later(document)))


def test_loads_that_is_no_function_is_refused() -> None:
    with pytest.raises(TypeError, match="loads must be a function"):
        iter_json([], loads="orjson")  # type: ignore[call-overload]


# on_error

BROKEN = {
    "lines": b'{"a": 1}\nnot json\n{"b": 2\n[2]\n{"c": 3} x\n"\xff"\n"x"\n',
    "seq": b'\x1e{"a": 1}\n\x1enot json\n\x1e{"b": 2\n\x1e[2]\n\x1e{"c": 3} x\n\x1e12\x1e"\xff"\n\x1e"x"\n',
    "sse": b'data: {"a": 1}\n\ndata: not json\n\nevent: x\ndata: {"b": 2\n\ndata: [2]\n\ndata: {"c": 3} x\ndata: 5\n\n'
    b'data: "\xff"\n\ndata: "x"\n\n',
}


@pytest.mark.parametrize("framing", BROKEN)
@pytest.mark.parametrize("loads", [None, json.loads])
def test_a_fault_spoils_no_more_than_its_record(framing: Any, loads: Any, caplog: pytest.LogCaptureFixture) -> None:
    for chunks in every_cut(BROKEN[framing]):
        caplog.clear()
        errors: list[JSONStreamError] = []
        given = list(iter_json(chunks, framing=framing, loads=loads, on_error=errors.append))
        assert given == [{"a": 1}, [2], {"c": 3}, "x"], chunks
        assert len(errors) == (5 if framing == "seq" else 4)
        assert [error.index for error in errors][:3] == [1, 1, 3]
        assert list(iter_json(chunks, framing=framing, loads=loads, on_error="skip")) == given


@pytest.mark.parametrize("framing", BROKEN)
def test_what_is_skipped_is_logged_raw(framing: Any, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING, "unchunk"):
        list(iter_json([BROKEN[framing]], framing=framing, on_error="skip"))
    assert {record.name for record in caplog.records} == {"unchunk"}
    assert "not json" in caplog.messages[0]
    assert "Expecting value" in caplog.messages[0]


def test_server_sent_events_that_were_detected_can_be_skipped() -> None:
    for chunks in every_cut(BROKEN["sse"], two_way_up_to=100):
        assert list(iter_json(chunks, on_error="skip")) == [{"a": 1}, [2], {"c": 3}, "x"]


def test_an_exception_of_the_callers_own_function_ends_the_stream() -> None:
    class Stop(Exception):
        pass

    def stop(error: JSONStreamError) -> None:
        raise Stop

    given = iter_json([BROKEN["lines"]], framing="lines", on_error=stop)
    assert next(given) == {"a": 1}
    with pytest.raises(Stop):
        next(given)


def test_a_truncated_last_record_is_reported_too() -> None:
    errors: list[JSONStreamError] = []
    assert list(iter_json([b'[1]\n{"a":'], framing="lines", on_error=errors.append)) == [[1]]
    assert [type(error) for error in errors] == [TruncatedError]


def test_a_record_that_is_too_large_is_skipped() -> None:
    stream = b"[1]\n[" + b"1," * 100 + b"1]\n[2]\n"
    for chunks in every_cut(stream):
        assert list(iter_json(chunks, framing="lines", on_error="skip", max_size=50)) == [[1], [2]]


@pytest.mark.parametrize("framing", ["concat", "array"])
def test_skipping_is_refused_where_nothing_marks_the_place_to_go_on(framing: Any) -> None:
    with pytest.raises(ValueError, match="nothing marks"):
        iter_json([], framing=framing, on_error="skip")


# Other options


@pytest.mark.parametrize(
    "options",
    [{"framing": "ndjson"}, {"on_error": "ignore"}, {"on_error": None}, {"max_size": 0}, {"max_size": -1}],
)
def test_options_that_mean_nothing_are_refused_at_once(options: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="must be"):
        iter_json([], **options)
    with pytest.raises(ValueError, match="must be"):
        JSONStreamDecoder(**options)


# Delimiters


@pytest.mark.parametrize("delimiter", [b"\0", b"\x1e", b";", b"\r\n", b"\n\n", b"<END>", b"aa", b"\n"])
@pytest.mark.parametrize("loads", [None, json.loads, bytes])
def test_a_delimiter_is_a_framing(delimiter: bytes, loads: Any) -> None:
    documents = [b'{"a": 1}', b"[2]", b'"x"', b"-12", b"true"]
    for end in (b"", delimiter, delimiter + b" "):
        for chunks in every_cut(delimiter.join(documents) + end, two_way_up_to=40):
            given = list(iter_json(chunks, framing=delimiter, loads=loads))
            assert given == (documents if loads is bytes else [{"a": 1}, [2], "x", -12, True]), chunks
    text, framing = delimiter.join(documents).decode(), delimiter.decode()
    assert list(iter_json([text], framing=delimiter if framing.isidentifier() else framing)) == [
        {"a": 1},
        [2],
        "x",
        -12,
        True,
    ]


@pytest.mark.parametrize("delimiter", [b"\0", b"<END>", b"\r\n"])
def test_a_fault_between_delimiters_spoils_nothing_else(delimiter: bytes) -> None:
    stream = delimiter.join([b"[1]", b"oops", b"[2] x", b'{"a":', b"", b"[3]", b"{"])
    outcomes = set()
    for chunks in every_cut(stream):
        errors: list[JSONStreamError] = []
        assert list(iter_json(chunks, framing=delimiter, on_error=errors.append)) == [[1], [2], [3]], chunks
        outcomes.add(tuple((type(error), error.message, error.offset, error.index) for error in errors))
    assert len(outcomes) == 1
    assert [kind for kind, *_ in outcomes.pop()] == [MalformedJSONError] * 3 + [TruncatedError]


def test_documents_between_delimiters_may_have_lines() -> None:
    for chunks in every_cut(b'{\n "a": 1\n}\n\0\n[\n]\0\0'):
        assert list(iter_json(chunks, framing=b"\0")) == [{"a": 1}, []]


@pytest.mark.parametrize("framing", ["", b"", "ndjson", None, 3])
def test_what_is_no_delimiter_is_refused(framing: Any) -> None:
    with pytest.raises(ValueError, match="framing must be"):
        iter_json([], framing=framing)


# End marks


@pytest.mark.parametrize("loads", [None, json.loads, bytes])
@pytest.mark.parametrize(
    ("done", "mark"), [("END", b"END"), ("[END]", b"[END]"), (["[DONE]", b"<eos>"], b"<eos>"), (b"==", b"==")]
)
@pytest.mark.parametrize("framing", ["auto", "lines", "seq", "sse", b"\0"])
def test_other_end_marks(framing: Any, done: Any, mark: bytes, loads: Any) -> None:
    stream = STREAMS.get(framing, b'{"a": 1}\0[2]\0"x"\0')
    before = {"sse": b"data: ", "seq": b"\x1e"}.get(framing, b"")
    stream += before + mark + b"\n\noops"
    for chunks in every_cut(stream, two_way_up_to=30):
        given = list(iter_json(chunks, framing=framing, done=done, loads=loads))
        assert len(given) == 3, chunks
        for size in (1, 2, 3):  # also if it is larger than a document may be
            list(iter_json([before + mark[:1], mark[1:]], framing=framing, done=done, loads=loads, max_size=size))


@pytest.mark.parametrize("framing", ["auto", "lines", "sse"])
@pytest.mark.parametrize("done", [None, (), "END"])
def test_done_is_no_end_mark_if_another_is(framing: Any, done: Any) -> None:
    stream = b"data: 1\n\ndata: [DONE]\n\n" if framing == "sse" else b"1\n[DONE]\n"
    for chunks in every_cut(stream):
        given = iter_json(chunks, framing=framing, done=done)
        assert next(given) == 1
        with pytest.raises(MalformedJSONError):
            next(given)


def test_an_array_has_no_end_mark() -> None:
    for chunks in every_cut(b"[1, [DONE]]"):
        with pytest.raises(MalformedJSONError):
            list(iter_json(chunks, framing="array"))


@pytest.mark.parametrize("done", ["", " END", "{}", '{"done": true}', "tru", "nullify", "[", '"', ["END", "1"]])
def test_an_end_mark_that_may_be_a_document_is_refused(done: Any) -> None:
    with pytest.raises(ValueError, match="done must be"):
        iter_json([], done=done)


# Bodies that are no event stream

NO_EVENTS = [
    b"<html>\n<body>Bad gateway</body>\n</html>\n",
    b'{"error": {"message": "overloaded"}}',
    b"upstream connect error" + b"x" * 200,
    b"error: not found\n\n",
    b"\n\nUnauthorized\r\n",
]


@pytest.mark.parametrize("body", NO_EVENTS)
@pytest.mark.parametrize("before", [b"", b'data: {"a": 1}\n\n', b"event: x\ndata:[2]\r\n\r\n"])
@pytest.mark.parametrize("loads", [None, json.loads])
def test_text_among_events_is_told_or_refused(
    before: bytes, body: bytes, loads: Any, caplog: pytest.LogCaptureFixture
) -> None:
    begin = body.split()[0]
    offset = len(before) + body.index(begin)
    for chunks in every_cut(before + body, two_way_up_to=100):
        caplog.clear()
        values = list(iter_json(chunks, framing="sse", loads=loads))
        assert len(values) == bool(before)
        assert [record.levelname for record in caplog.records] == ["WARNING"]
        assert begin.decode() in caplog.messages[0]
        given = iter_json(chunks, framing="sse", loads=loads, strict=True)
        with pytest.raises(MalformedJSONError, match="a line of an event stream") as caught:
            values.extend(given)
        assert len(values) == 2 * bool(before)
        assert caught.value.excerpt.startswith(begin.decode())
        assert caught.value.offset == offset, chunks


@pytest.mark.parametrize(
    "stream",
    [
        b"",
        b"\n\n",
        b": note\n\nevent: x\nid: 1\nid\nretry: 5\ndata: 1\n\ndata\n\n:\n\n",
        b"data: 1\r\n\r\nid: 2\r\n\r\n",
        b"data: 1\r\rev",
        b"data:1\nretry",
        b"data: 1\n\ndata: [DONE]\n\noops",
    ],
)
def test_event_streams_pass(stream: bytes, caplog: pytest.LogCaptureFixture) -> None:
    for chunks in every_cut(stream):
        list(iter_json(chunks, framing="sse", strict=True))
        list(iter_json(chunks, framing="sse"))
    assert not caplog.records


def test_text_is_told_only_if_no_event_follows(caplog: pytest.LogCaptureFixture) -> None:
    for chunks in every_cut(b"oops\n\ndata: 1\n\n", two_way_up_to=20):
        for loads in (None, json.loads):
            assert list(iter_json(chunks, framing="sse", loads=loads)) == [1]
    assert not caplog.records


def test_strict_lines_can_be_skipped() -> None:
    for chunks in every_cut(b"oops\n\ndata: 1\n\noops\ndata: 2\n\n"):
        errors: list[JSONStreamError] = []
        given = list(iter_json(chunks, framing="sse", strict=True, on_error=errors.append))
        assert (given, [error.offset for error in errors]) == ([1, 2], [0, 15]), chunks
