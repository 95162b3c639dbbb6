"""`iter_sse` and `aiter_sse`: server-sent events from an iterable of chunks."""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterable, Generator, Iterable
from typing import Any

from .chunks import Plain, normal
from .iterate import ClosingAsync, Forwarding, close_async, iterator_of
from .settings import DEFAULT_MAX_SIZE, size_limit
from .sse_parser import Events, ServerSentEvent


class _ReconnectState:
    """Last event id and retry time that the stream has set so far."""

    __slots__ = ()

    _events: Events

    @property
    def last_event_id(self) -> str:
        return self._events.last_event_id

    @property
    def retry(self) -> int | None:
        return self._events.retry


class EventStream(_ReconnectState, Forwarding[ServerSentEvent]):
    """The events of `iter_sse`, and what a reconnect needs, also from blocks that have no data.

    Attributes:
        last_event_id: the last event id that the stream has set, for the header `Last-Event-ID`; `""` if none. retry:
            the last reconnection time that it has set, in milliseconds; None if none.
    """

    __slots__ = ("_events",)

    def __init__(self, values: Generator[ServerSentEvent, None, None], events: Events) -> None:
        super().__init__(values)
        self._events = events


class AsyncEventStream(_ReconnectState, ClosingAsync[ServerSentEvent]):
    """`EventStream` for `aiter_sse`."""

    __slots__ = ("_events",)

    def __init__(
        self, values: AsyncGenerator[ServerSentEvent, None], chunks: AsyncIterable[Any], events: Events
    ) -> None:
        super().__init__(values, chunks)
        self._events = events


def iter_sse(chunks: Iterable[Any], *, max_size: int | None = DEFAULT_MAX_SIZE) -> EventStream:
    """Yield the events of a stream of server-sent events, by the rules of WHATWG HTML §9.2.6.

    Comments and unknown fields are passed over; bytes that are no UTF-8 become U+FFFD; an event that lacks its blank
    line when the stream ends is dropped, as the standard demands. `[DONE]` is an event like any other. For the JSON
    in the data, `iter_json`.

    Args:
        chunks: pieces of bytes or str, cut anywhere; `None` and empty ones are nothing.
        max_size: the most bytes an event may have; `None` for no limit.

    Returns:
        The events; `last_event_id` and `retry` of it tell what the stream has set so far.

    Raises:
        SizeLimitError: an event is larger than `max_size`.
        TypeError: a chunk is neither bytes nor str.
    """
    events = Events(size_limit(max_size))
    return EventStream(_events(chunks, events), events)


def _events(chunks: Iterable[Any], events: Events) -> Generator[ServerSentEvent, None, None]:
    source = iterator_of(chunks)
    try:
        for chunk in source:
            yield from events.feed(_bytes(chunk))
    finally:
        if source is not chunks and (close := getattr(source, "close", None)):
            close()


def aiter_sse(chunks: AsyncIterable[Any], *, max_size: int | None = DEFAULT_MAX_SIZE) -> AsyncEventStream:
    """Yield the events as `iter_sse` does, of an async iterable of chunks."""
    events = Events(size_limit(max_size))
    return AsyncEventStream(_events_async(chunks, events), chunks, events)


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
