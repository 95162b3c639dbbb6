"""`iter_sse` and `aiter_sse`: server-sent events from an iterable of chunks."""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterable, Generator, Iterable
from typing import Any

from .chunks import Plain, normal
from .events import Events, ServerSentEvent
from .iterate import ClosingAsync, close_async, iterator_of
from .settings import DEFAULT_MAX_SIZE, size_limit


def iter_sse(
    chunks: Iterable[Any], *, max_size: int | None = DEFAULT_MAX_SIZE
) -> Generator[ServerSentEvent, None, None]:
    """The events of a stream of server-sent events, by the rules of WHATWG HTML §9.2.6.

    Comments and unknown fields are passed over; bytes that are no UTF-8 become U+FFFD; an event that lacks its blank
    line when the stream ends is dropped, as the standard demands. `[DONE]` is an event like any other. For the JSON
    in the data, `iter_json`.

    Args:
        chunks: pieces of bytes or str, cut anywhere; `None` and empty ones are nothing.
        max_size: the most bytes an event may have; `None` for no limit.

    Raises:
        SizeLimitError: an event is larger than `max_size`.
        TypeError: a chunk is neither bytes nor str.
    """
    return _events(chunks, Events(size_limit(max_size)))


def _events(chunks: Iterable[Any], events: Events) -> Generator[ServerSentEvent, None, None]:
    source = iterator_of(chunks)
    try:
        for chunk in source:
            yield from events.feed(_bytes(chunk))
    finally:
        if source is not chunks and (close := getattr(source, "close", None)):
            close()


def aiter_sse(
    chunks: AsyncIterable[Any], *, max_size: int | None = DEFAULT_MAX_SIZE
) -> AsyncGenerator[ServerSentEvent, None]:
    """`iter_sse` for an async iterable of chunks."""
    return ClosingAsync(_events_async(chunks, Events(size_limit(max_size))), chunks)


async def _events_async(chunks: AsyncIterable[Any], events: Events) -> AsyncGenerator[ServerSentEvent, None]:
    source = aiter(chunks)
    try:
        async for chunk in source:
            for event in events.feed(_bytes(chunk)):
                yield event
    finally:
        await close_async(source, chunks)


def _bytes(chunk: Any) -> bytes:
    data = normal(chunk)
    if isinstance(data, Plain):
        raise TypeError(f"a chunk must be bytes or str, not {type(chunk).__name__}")
    return data
