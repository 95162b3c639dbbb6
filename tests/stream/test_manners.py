"""Manners of the generators: what they accept, what they close, how they are cancelled, what they show."""

from __future__ import annotations

import asyncio
import collections
import contextlib
import dataclasses
import gc
import logging
import pickle
import subprocess
import sys
import types
import typing
from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any

import pytest
import trio

import unchunk
from cuts import asynchronously
from unchunk import (
    DepthError,
    JSONStreamDecoder,
    JSONStreamError,
    MalformedJSONError,
    SizeLimitError,
    TruncatedError,
    aiter_json,
    aiter_partial,
    aiter_sse,
    arechunk,
    iter_json,
    iter_partial,
    iter_sse,
    rechunk,
)

SYNC: list[Callable[[Any], Iterator[Any]]] = [
    iter_json,
    iter_partial,
    iter_sse,
    lambda chunks: rechunk(chunks, at="document"),
]
ASYNC: list[Callable[[Any], Any]] = [
    aiter_json,
    aiter_partial,
    aiter_sse,
    lambda chunks: arechunk(chunks, at="document"),
]
CHUNKS = {0: [b"[1]\n", b"[2]\n"], 1: [b"[1", b",2]"], 2: [b"data: 1\n\n", b"data: 2\n\n"], 3: [b"[1]\n", b"[2]\n"]}


# What is taken


def test_none_and_empty_chunks_are_nothing() -> None:
    assert list(iter_json([None, b"", "", b"[1", None, "", b"]", bytearray(), memoryview(b"")])) == [[1]]


def test_bytes_and_text_may_be_mixed() -> None:
    assert list(iter_json([b'{"a": "', "ä", bytearray(b"b"), memoryview(b'"}'), "[1]"])) == [{"a": "äb"}, [1]]


@pytest.mark.parametrize("body", [b"[1] [2]", "[1] [2]", bytearray(b"[1] [2]"), memoryview(b"[1] [2]")])
def test_a_whole_body_is_one_chunk(body: Any) -> None:
    assert list(iter_json(body)) == [[1], [2]]


def test_values_pass_through_in_their_place() -> None:
    chunks = [b'{"a": 1}\n', {"b": 2}, [3], collections.OrderedDict(c=4), types.MappingProxyType({"d": 5}), b'{"e": 6}']
    assert list(iter_json(chunks)) == [{"a": 1}, {"b": 2}, [3], {"c": 4}, {"d": 5}, {"e": 6}]


def test_a_dict_is_passed_on_as_it_is() -> None:
    event: dict[str, Any] = {"a": []}
    assert next(iter_json([event])) is event


def test_a_value_between_the_pieces_of_a_document_overtakes_it() -> None:
    assert list(iter_json([b'{"a":', {"b": 2}, b" 1}"])) == [{"b": 2}, {"a": 1}]
    assert JSONStreamDecoder[Any]().feed({"b": 2}) == [{"b": 2}]


class WithModelDump:
    def model_dump(self) -> dict[str, Any]:
        return {"a": 1}


class WithToDict:
    def to_dict(self) -> dict[str, Any]:
        return {"a": 1}


class WithBoth(WithToDict):
    def model_dump(self, **options: Any) -> dict[str, Any]:
        return {"a": 1, "what the server did not send": None}


@pytest.mark.parametrize("kind", [WithModelDump, WithToDict, WithBoth])
def test_an_event_of_an_sdk_passes_as_plain_data(kind: type) -> None:
    assert list(iter_json([kind(), b"[2]"])) == [{"a": 1}, [2]]


def test_a_pydantic_event_passes_as_what_was_on_the_wire() -> None:
    pydantic = pytest.importorskip("pydantic")

    class Event(pydantic.BaseModel):  # type: ignore[name-defined,misc]
        kind: str = pydantic.Field(alias="type")
        error: str | None = None

    assert list(iter_json([Event(type="delta")])) == [{"type": "delta"}]


def test_an_event_of_openai_passes_as_what_was_on_the_wire() -> None:
    chat = pytest.importorskip("openai.types.chat")
    wire = {
        "id": "1",
        "object": "chat.completion.chunk",
        "created": 1,
        "model": "m",
        "choices": [{"index": 0, "delta": {"content": "a"}, "finish_reason": None}],
    }
    event = chat.ChatCompletionChunk.construct(**wire)
    assert list(iter_json([event])) == [wire]


@pytest.mark.parametrize("chunk", [1, 1.5, True, object(), (b"[1]", True), {1, 2}, dict, WithToDict])
@pytest.mark.parametrize("feed", [iter_json, lambda chunks: JSONStreamDecoder[Any]().feed(*chunks)])
def test_what_is_no_chunk_is_refused_by_name(chunk: Any, feed: Any) -> None:
    with pytest.raises(TypeError, match=type(chunk).__name__):
        list(feed([chunk]))


def test_the_pairs_of_aiohttp_get_a_hint() -> None:
    with pytest.raises(TypeError, match="take the first item"):
        list(iter_json([(b"[1]", True)]))


# Closing


@dataclasses.dataclass
class Source:
    """An iterable that is not its own iterator; tells what was closed."""

    chunks: list[bytes]
    closed: bool = False
    iterator_closed: bool = False

    def __iter__(self) -> Iterator[bytes]:
        try:
            yield from self.chunks
        finally:
            self.iterator_closed = True

    async def __aiter__(self) -> AsyncIterator[bytes]:
        try:
            for chunk in self.chunks:
                yield chunk
        finally:
            self.iterator_closed = True

    def close(self) -> None:
        self.closed = True

    async def aclose(self) -> None:
        self.closed = True


@pytest.mark.parametrize("number", range(4))
def test_stopping_closes_the_iterator_that_was_made_and_nothing_else(number: int) -> None:
    source = Source(CHUNKS[number])
    given = SYNC[number](source)
    next(given)
    given.close()  # type: ignore[attr-defined]
    assert (source.iterator_closed, source.closed) == (True, False)


@pytest.mark.parametrize("number", range(4))
def test_an_iterator_that_was_given_stays_open(number: int) -> None:
    chunks = (chunk for chunk in CHUNKS[number])
    given = SYNC[number](chunks)
    next(given)
    given.close()  # type: ignore[attr-defined]
    assert next(chunks) == CHUNKS[number][1]


@pytest.mark.parametrize("number", range(4))
def test_nothing_is_taken_before_the_first_value_is_asked_for(number: int) -> None:
    taken = []

    def chunks() -> Iterator[bytes]:
        for chunk in CHUNKS[number]:
            taken.append(chunk)
            yield chunk

    given = SYNC[number](chunks())
    assert taken == []
    next(given)
    assert taken == CHUNKS[number][:1]


@pytest.mark.parametrize("number", range(4))
def test_an_error_of_the_source_passes_through(number: int) -> None:
    def chunks() -> Iterator[bytes]:
        yield CHUNKS[number][0]
        raise OSError("connection lost")

    given = SYNC[number](chunks())
    with pytest.raises(OSError, match="connection lost"):
        list(given)


@pytest.mark.parametrize("run", [asyncio.run, trio.run])
@pytest.mark.parametrize("number", range(4))
def test_an_async_generator_that_is_closed_closes_what_it_made(number: int, run: Any) -> None:
    source = Source(CHUNKS[number])
    closed = []

    async def generator() -> AsyncIterator[bytes]:
        try:
            for chunk in CHUNKS[number]:
                yield chunk
        finally:
            closed.append(True)

    async def main() -> None:
        for chunks in (source, generator()):
            async with contextlib.aclosing(ASYNC[number](chunks)) as given:
                await anext(given)
        assert closed == [True]  # at once

    run(main) if run is trio.run else run(main())
    assert (source.iterator_closed, source.closed) == (True, False)


@pytest.mark.parametrize("number", range(4))
def test_an_async_generator_that_a_loop_has_left_can_be_read_on(number: int) -> None:
    async def main() -> bytes:
        chunks = asynchronously(CHUNKS[number])
        async for _ in ASYNC[number](chunks):
            break
        await asyncio.sleep(0)
        return await anext(chunks)

    assert asyncio.run(main()) == CHUNKS[number][1]


@pytest.mark.parametrize("number", range(4))
@pytest.mark.parametrize("close", [True, False])
def test_a_source_that_nobody_else_holds_is_closed_at_once(number: int, close: bool) -> None:
    source = Source(CHUNKS[number])
    given = SYNC[number](iter(source))
    next(given)
    if close:
        given.close()  # type: ignore[attr-defined]
    else:
        del given
    assert source.iterator_closed


async def stalling(chunks: list[bytes], reached: Callable[[], None], wait: Callable[[], Any]) -> AsyncIterator[bytes]:
    for chunk in chunks:
        yield chunk
    reached()
    await wait()


@pytest.mark.parametrize("number", range(4))
def test_a_cancelled_task_leaves_nothing_behind(number: int) -> None:
    async def main() -> list[Any]:
        started = asyncio.Event()
        source = stalling(CHUNKS[number], started.set, asyncio.Event().wait)
        values = []

        async def consume() -> None:
            async for value in ASYNC[number](source):
                values.append(value)

        task = asyncio.create_task(consume())
        await started.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert asyncio.all_tasks() == {asyncio.current_task()}
        return values

    assert len(asyncio.run(main())) >= 1


@pytest.mark.parametrize("number", range(4))
def test_a_cancelled_scope_of_trio_leaves_nothing_behind(number: int) -> None:
    async def main() -> list[Any]:
        values: list[Any] = []
        with trio.CancelScope() as scope:
            source = stalling(CHUNKS[number], scope.cancel, trio.sleep_forever)
            async for value in ASYNC[number](source):
                values.append(value)
        assert scope.cancelled_caught
        return values

    assert len(trio.run(main)) >= 1


def test_two_streams_know_nothing_of_each_other() -> None:
    one, other = JSONStreamDecoder[Any](), JSONStreamDecoder[Any]()
    assert [one.feed(b"[1"), other.feed(b"[2"), one.feed(b"]"), other.feed(b"]")] == [[], [], [[1]], [[2]]]


def test_no_cycle_keeps_a_stream_alive() -> None:
    gc.collect()
    gc.disable()
    try:
        for _ in range(3):
            list(iter_json([b"[1]\n"]))
            JSONStreamDecoder[Any]().feed(b"[1]")
        assert gc.collect() == 0
    finally:
        gc.enable()


# The decoder


def test_a_fault_behind_values_is_raised_by_the_next_call() -> None:
    decoder = JSONStreamDecoder[Any]()
    assert decoder.feed(b"[1] [2] x") == [[1], [2]]
    for _ in range(2):
        with pytest.raises(MalformedJSONError):
            decoder.feed(b"[3]")
    with pytest.raises(MalformedJSONError):
        decoder.close()


def test_a_decoder_counts_what_is_pending() -> None:
    decoder = JSONStreamDecoder[Any]()
    assert decoder.pending == 0
    assert (decoder.feed(b'{"a"'), decoder.pending) == ([], 4)
    assert (decoder.feed(b": 1} 12"), decoder.pending) == ([{"a": 1}], 2)
    assert (decoder.close(), decoder.pending) == ([12], 0)


def test_a_closed_decoder_gives_nothing_and_takes_nothing() -> None:
    decoder = JSONStreamDecoder[Any]()
    assert decoder.close() == []
    assert decoder.close() == []
    with pytest.raises(ValueError, match="closed"):
        decoder.feed(b"[1]")


def test_a_truncated_stream_raises_when_it_is_closed() -> None:
    decoder = JSONStreamDecoder[Any]()
    decoder.feed(b'{"a":')
    with pytest.raises(TruncatedError):
        decoder.close()


def test_a_decoder_ignores_what_follows_done() -> None:
    decoder = JSONStreamDecoder[Any]()
    assert decoder.feed(b"data: 1\n\ndata: [DONE]\n\ndata: x\n\n") == [1]
    assert decoder.feed(b"data: 2\n\n") == []
    assert decoder.close() == []


# Errors


def test_errors_are_what_handlers_expect() -> None:
    import json

    for kind in (MalformedJSONError, TruncatedError, SizeLimitError, DepthError):
        assert issubclass(kind, JSONStreamError)
        assert issubclass(kind, ValueError)
    assert issubclass(MalformedJSONError, json.JSONDecodeError)
    assert issubclass(TruncatedError, json.JSONDecodeError)
    assert not issubclass(SizeLimitError, json.JSONDecodeError)


def test_an_error_tells_where_and_what() -> None:
    with pytest.raises(MalformedJSONError) as caught:
        list(iter_json([b'{"a": 1}\n', b'{"b": 2,\n "c" 3}\n']))
    error = caught.value
    assert (error.offset, error.index) == (23, 1)
    assert (error.doc[: error.pos], error.lineno, error.colno) == ('{"b": 2,\n "c" ', 2, 6)
    assert '"c" 3}' in error.excerpt
    assert str(error).startswith("Expecting ':' delimiter: byte 23 of the stream, after 1 values, near ")


def test_an_excerpt_is_short_and_readable() -> None:
    with pytest.raises(MalformedJSONError) as caught:
        list(iter_json([b'["' + b"x" * 500 + b'\xff"]']))
    assert len(caught.value.excerpt) <= 80
    assert caught.value.excerpt.endswith('\\xff"]')


@pytest.mark.parametrize("stream", [b"[1] x", b"[1] [", b"[" * 100_000, b"[" + b"1," * 100])
def test_errors_survive_pickling(stream: bytes) -> None:
    with pytest.raises(JSONStreamError) as caught:
        list(iter_json([stream], max_size=200_000 if stream.startswith(b"[[") else 100))
    again = pickle.loads(pickle.dumps(caught.value))
    assert type(again) is type(caught.value)
    assert (str(again), again.__dict__) == (str(caught.value), caught.value.__dict__)


# Logging, import


def test_raw_chunks_are_shown_to_who_wants_them(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG, "unchunk"):
        list(iter_json([b"[1", b"]"]))
        asyncio.run(_collect())
        JSONStreamDecoder[Any]().feed(b"[3]")
    assert caplog.messages == ["chunk: b'[1'", "chunk: b']'", "chunk: b'[2]'", "chunk: b'[3]'"]


async def _collect() -> None:
    async for _ in aiter_json(asynchronously([b"[2]"])):
        pass


def test_nothing_is_shown_to_others(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, "unchunk"):
        list(iter_json([b"[1", b"]"]))
    assert caplog.messages == []


def test_importing_the_package_imports_nothing_else() -> None:
    program = "import sys; before = set(sys.modules); import unchunk; print(sorted(set(sys.modules) - before))"
    out = subprocess.run([sys.executable, "-S", "-c", program], capture_output=True, text=True, check=True, env=_path())
    assert out.stdout.strip() in ("['__future__', 'unchunk']", "['unchunk']")


def _path() -> dict[str, str]:
    from pathlib import Path

    return {"PYTHONPATH": str(Path(unchunk.__file__).parent.parent)}


def test_every_public_name_is_there() -> None:
    for name in unchunk.__all__:
        public = getattr(unchunk, name)
        assert typing.get_origin(public) or public.__doc__  # types for annotations have none
    assert set(unchunk.__all__) <= set(dir(unchunk))
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        unchunk.nothing  # noqa: B018
