"""Server-sent events: the web platform's own cases, and what the peers' stream tests hold, at every cut."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest

from cuts import asynchronously, at_sizes, every_cut, every_cut_of_both
from shared import shared, shared_path
from unchunk import ServerSentEvent, SizeLimitError, aiter_sse, iter_json, iter_sse

E = ServerSentEvent


def web_platform_cases() -> list[Any]:
    path = shared_path("suites", "wpt-eventsource", "cases.json")
    if not path.exists():
        return [pytest.param({}, id="absent")]
    return [pytest.param(case, id=case["name"]) for case in json.loads(path.read_text())]


@pytest.mark.parametrize("case", web_platform_cases())
def test_web_platform_case(case: dict[str, Any]) -> None:
    shared("suites", "wpt-eventsource", "cases.json")
    stream = case["input_utf8"].encode()
    sizes = [at_sizes(stream, size) for size in (1, 2, 3, 7, 16)]
    for chunks in [*sizes, *every_cut(stream, two_way_up_to=300)]:
        assert [event.data for event in iter_sse(chunks)] == case["data"], chunks


# What httpx-sse's decoder tests and openai-python's stream tests demand, in our own words.
TABLE: list[tuple[str, str, list[ServerSentEvent]]] = [
    ("nothing", "", []),
    ("blank lines only", "\n\n\r\n\r\r", []),
    ("comment only", ": hello\n\n", []),
    ("event without data is none", "event: ping\n\n", []),
    ("data", "data: a\n\n", [E("message", "a")]),
    ("two events", "data: a\n\ndata: b\n\n", [E("message", "a"), E("message", "b")]),
    ("named event", "event: ping\ndata: {}\n\n", [E("ping", "{}")]),
    ("a name holds for its event only", "event: x\ndata: 1\n\ndata: 2\n\n", [E("x", "1"), E("message", "2")]),
    ("an empty name is no name", "event:\ndata: 1\n\n", [E("message", "1")]),
    ("data lines are joined", "data: {\ndata:   1\ndata: }\n\n", [E("message", "{\n  1\n}")]),
    ("empty data lines count", "data: {\ndata:\ndata: }\n\n", [E("message", "{\n\n}")]),
    ("an escaped line feed is none", 'data: {"a":\ndata: "x\\ny"}\n\n', [E("message", '{"a":\n"x\\ny"}')]),
    ("one space is taken off", "data:a\ndata: b\ndata:  c\n\n", [E("message", "a\nb\n c")]),
    ("a tab is not", "data:\ta\n\n", [E("message", "\ta")]),
    ("an id stays", "id: 1\ndata: a\n\ndata: b\n\n", [E("message", "a", "1"), E("message", "b", "1")]),
    ("an id alone stays too", "id: 1\n\ndata: b\n\n", [E("message", "b", "1")]),
    ("an empty id resets it", "id: 1\ndata: a\n\nid\ndata: b\n\n", [E("message", "a", "1"), E("message", "b", "")]),
    (
        "an id with NUL is ignored",
        "id: 1\ndata: a\n\nid: 2\x003\ndata: b\n\n",
        [E("message", "a", "1"), E("message", "b", "1")],
    ),
    ("retry is a number", "retry: 3000\ndata: a\n\n", [E("message", "a", "", 3000)]),
    ("of digits only", "retry: 1e3\ndata: a\n\n", [E("message", "a")]),
    ("and not of thousands", f"retry: {'1' * 5000}\ndata: a\n\n", [E("message", "a")]),
    ("not other digits", "retry: ٣\ndata: a\n\n", [E("message", "a")]),
    ("unknown fields are passed over", "foo: 1\nbar\n data: x\nData: y\ndata: a\n\n", [E("message", "a")]),
    ("an event at the end without its blank line is dropped", "data: a\n\ndata: b\n", [E("message", "a")]),
    ("CR", "data: a\r\rdata: b\r\r", [E("message", "a"), E("message", "b")]),
    ("CRLF", "data: a\r\n\r\ndata: b\r\n\r\n", [E("message", "a"), E("message", "b")]),
    ("all of them", "data: a\r\n\ndata: b\n\rdata: c\r\r\n", [E("message", "a"), E("message", "b"), E("message", "c")]),
    (
        "other line breaks are text",
        "data: a\u2028b\u2029c\x85d\x0be\x0cf\n\n",
        [E("message", "a\u2028b\u2029c\x85d\x0be\x0cf")],
    ),
    ("a mark is passed over", "\ufeffdata: a\n\n", [E("message", "a")]),
    ("one mark only", "\ufeff\ufeffdata: a\n\ndata: b\n\n", [E("message", "b")]),
    ("a colon in data is text", "data: a:b: c\n\n", [E("message", "a:b: c")]),
    ("text of any language", "data: известни 中文 \U0001f600\n\n", [E("message", "известни 中文 \U0001f600")]),
    ("[DONE] is an event", "data: [DONE]\n\n", [E("message", "[DONE]")]),
]


@pytest.mark.parametrize(("stream", "events"), [pytest.param(row[1], row[2], id=row[0]) for row in TABLE])
def test_events_at_every_cut(stream: str, events: list[ServerSentEvent]) -> None:
    for chunks in every_cut_of_both(stream.encode()):
        assert list(iter_sse(chunks)) == events, chunks


# What a client of a chat API relies on: the JSON in the data.
JSON_TABLE: list[tuple[str, str, list[Any]]] = [
    ("data only", 'event: completion\ndata: {"a":true}\n\n', [{"a": True}]),
    ("no event name", 'data: {"a":true}\n\n', [{"a": True}]),
    ("event without data", "event: ping\n\n", []),
    ("two events without data", "event: ping\n\nevent: completion\n\n", []),
    ("two events", 'event: p\ndata: {"a":1}\n\nevent: c\ndata: {"b":2}\n\n', [{"a": 1}, {"b": 2}]),
    ("several data lines", 'event: p\ndata: {\ndata: "a":\ndata: true}\n\n\n', [{"a": True}]),
    ("an empty data line", 'event: p\ndata: {\ndata: "a":\ndata: \ndata:\ndata: true}\n\n\n', [{"a": True}]),
    ("an escaped double line feed", 'event: p\ndata: {\ndata: "a":\ndata: "x\\n\\ny"}\n\n\n', [{"a": "x\n\ny"}]),
    (
        "line separators in a string",
        'data: {"c":"a\u2028b\u2029"}\n\ndata: {"c":"x"}\n\n',
        [{"c": "a\u2028b\u2029"}, {"c": "x"}],
    ),
    ("characters of several bytes", 'data: {"c":"известни"}\n\n', [{"c": "известни"}]),
    ("stops at [DONE]", 'data: {"a":1}\n\ndata: [DONE]\n\ndata: {"a":2}\n\n', [{"a": 1}]),
    ("[DONE] with blanks", 'data: {"a":1}\n\ndata:  [DONE] \n\n', [{"a": 1}]),
    ("[DONE] and more in its line", 'data: {"a":1}\n\ndata: [DONE]x\n\ndata: {"a":2}\n\n', [{"a": 1}]),
    ("an array that begins like [DONE]", 'data: ["DONE"]\n\n', [["DONE"]]),
    ("an error in the middle of a stream", 'event: error\ndata: {"error":{"m":"x"}}\n\n', [{"error": {"m": "x"}}]),
    ("an error spread over lines", 'data: {\ndata: "error": {"m": "x"}\ndata: }\n\n', [{"error": {"m": "x"}}]),
    ("no blank lines at all", 'data: {"a":1}\ndata: {"a":2}\ndata: [DONE]\n', [{"a": 1}, {"a": 2}]),
    ("last event without its blank line", 'data: {"a":1}\n\ndata: {"a":2}', [{"a": 1}, {"a": 2}]),
    ("comments between", ': ping\n\ndata: {"a":1}\n: x\n\n: ping\n\n', [{"a": 1}]),
]


@pytest.mark.parametrize(("stream", "values"), [pytest.param(row[1], row[2], id=row[0]) for row in JSON_TABLE])
def test_data_at_every_cut(stream: str, values: list[Any]) -> None:
    for variant in (stream, stream.replace("\n", "\r\n"), stream.replace("\n", "\r")):
        for chunks in every_cut_of_both(variant.encode()):
            assert list(iter_json(chunks, framing="sse")) == values, chunks
    if stream.startswith((":", "data", "event")):
        assert list(iter_json([stream])) == values


def test_bytes_that_are_no_utf8_become_replacement_characters() -> None:
    assert list(iter_sse([b"data: a\xffb\n\n"])) == [E("message", "a\ufffdb")]


def test_an_event_reads_its_data_as_json() -> None:
    assert E("message", '{"a": 1}').json() == {"a": 1}
    with pytest.raises(json.JSONDecodeError):
        E("message", "[DONE]").json()


@pytest.mark.parametrize("stream", [b"data: " + b"x" * 100, b"x" * 100, b"data: 1234567\n" * 10])
def test_an_event_beyond_the_limit_is_refused(stream: bytes) -> None:
    for chunks in every_cut(stream):
        with pytest.raises(SizeLimitError):
            list(iter_sse(chunks, max_size=50))


def test_events_pass_when_their_chunk_is_beyond_the_limit() -> None:
    assert len(list(iter_sse([b"data: 1234567\n\n" * 100], max_size=50))) == 100


@pytest.mark.parametrize("chunk", [{}, 1, ("data: 1\n\n",)])
def test_what_is_no_text_is_refused(chunk: Any) -> None:
    with pytest.raises(TypeError):
        list(iter_sse([chunk]))


@pytest.mark.parametrize(
    ("stream", "events", "last_event_id", "retry"),
    [
        (b"", 0, "", None),
        (b"data: 1\n\n", 1, "", None),
        (b"id: 5\n\n", 0, "5", None),
        (b"retry: 10\n\n", 0, "", 10),
        (b"id: 5\nretry: 10\ndata: 1\n\nid: 6\n\n: c\n\nretry: 20\n\n", 1, "6", 20),
        (b"id: 5\ndata: 1\n\nid: 6\n", 1, "5", None),
        (b"id: 5\n\nid\n\n", 0, "", None),
        (b"retry: soon\n\nid: a\0b\n\n", 0, "", None),
    ],
)
def test_what_a_reconnect_needs_is_kept(stream: bytes, events: int, last_event_id: str, retry: int | None) -> None:
    async def collect(chunks: list[bytes]) -> tuple[int, str, int | None]:
        given = aiter_sse(asynchronously(chunks))
        return len([event async for event in given]), given.last_event_id, given.retry

    for chunks in every_cut(stream):
        given = iter_sse(chunks)
        assert (len(list(given)), given.last_event_id, given.retry) == (events, last_event_id, retry), chunks
        assert asyncio.run(collect(chunks)) == (events, last_event_id, retry)


def test_an_event_tells_its_json() -> None:
    given = iter_sse([b'data: {"a":\ndata: 1}\n\n'])
    assert next(given).json() == {"a": 1}
    given.close()
    assert list(given) == []
