"""`iter_json` and `aiter_json`: JSON values from an iterable of chunks."""

from __future__ import annotations

from collections.abc import (
    AsyncGenerator,
    AsyncIterable,
    AsyncIterator,
    Callable,
    Coroutine,
    Generator,
    Iterable,
    Iterator,
)
from logging import DEBUG
from typing import Any, TypeVar, overload

from .chunks import Plain
from .decoder import FramingDetector, show_raw
from .errors import JSONStreamError
from .responses import body_of, body_of_async, framing_by_type, is_response, read_on, read_on_async
from .settings import DEFAULT_DONE, DEFAULT_MAX_SIZE, EndMarks, Framing, OnError, checked_settings, logger
from .sse_json import EventDocuments
from .values import EndOfStream
from .whole_lines import values_of

T = TypeVar("T")
_PlainGenerator = Generator[T, None, None]


@overload
def iter_json(
    chunks: Iterable[Any],
    *,
    framing: Framing | str | bytes = ...,
    loads: None = ...,
    max_size: int | None = ...,
    on_error: OnError = ...,
    done: EndMarks = ...,
    strict: bool = ...,
    embedded: bool = ...,
) -> Generator[Any, None, None]: ...
@overload
def iter_json(
    chunks: Iterable[Any],
    *,
    framing: Framing | str | bytes = ...,
    loads: Callable[[Any], T],
    max_size: int | None = ...,
    on_error: OnError = ...,
    done: EndMarks = ...,
    strict: bool = ...,
    embedded: bool = ...,
) -> Generator[T, None, None]: ...
def iter_json(
    chunks: Iterable[Any],
    *,
    framing: Framing | str | bytes = "auto",
    loads: Callable[[Any], Any] | None = None,
    max_size: int | None = DEFAULT_MAX_SIZE,
    on_error: OnError = "raise",
    done: EndMarks = DEFAULT_DONE,
    strict: bool = False,
    embedded: bool = False,
) -> Generator[Any, None, None]:
    """Yield the JSON values of a stream, however it is cut into chunks.

    Each value is given as soon as the chunk with its last byte is there (a number: with the byte after it).

    Args:
        chunks: pieces of bytes or text; `None` and empty ones are nothing. Mappings, lists and the event objects of
            SDKs among them are values already and are given as plain data. A whole body (one `bytes` or `str`) is one
            chunk. Or a response of requests, httpx, urllib3 or `http.client`, whose content type then tells the
            framing where it can.
        framing: `"auto"` tells server-sent events and RFC 7464 sequences by their first bytes and takes anything else
            for documents one after another, with or without newlines. `"lines"`: a document a line. `"concat"`:
            documents one after another. `"array"`: the elements of one big array. `"seq"`: RFC 7464. `"sse"`: the
            data of server-sent events. Anything else is a delimiter that no document holds: `b"\\0"`, `"\\x1e"`.
        loads: the parser, `json.loads` if none is given. It gets what the stream is made of, bytes or str, or the
            other if it refuses that with a TypeError. It gets whole documents only (a whole line with `"lines"`),
            unless it is known to refuse everything else: those of json, simplejson, orjson, msgspec, rapidjson, jiter
            and pydantic.
        max_size: the most bytes that one document may have; `None` for no limit.
        on_error: `"raise"`; or `"skip"`, to go on behind the next line, record or event and warn on the logger
            `unchunk`; or a function that is called with the error besides. With `"auto"` documents go on at the line
            of the fault or, within half a document, at the first line that begins with a bracket. Not for `"concat"`
            and `"array"`.
        done: what ends the stream in the place of a document, but for `"array"`: one mark, a collection of them, or
            None. What follows is ignored; behind the mark of events, and of a response, a little is read on, since a
            client uses a connection again only if it has seen the end of the body.
        strict: a line that is none of an event stream is malformed. Otherwise such text behind the last event is told
            on the logger `unchunk`.
        embedded: the documents, objects and arrays, stand in text: in Markdown fences, or behind a sentence.

    Raises:
        MalformedJSONError: what comes is no JSON.
        TruncatedError: the stream ends in the middle of a document.
        SizeLimitError: a document is larger than `max_size`.
        DepthError: a document is nested too deep.
        ValueError: `on_error` in a framing without a boundary, or an unknown option.
        TypeError: a chunk that is none of the above.

    Every value before a fault is given before it is raised. All of these errors are ValueErrors, and the first two are
    `json.JSONDecodeError`s; with `loads` they are of the parser's own kind, too, or just that where its class allows no
    other (pydantic's `ValidationError`). What `loads` raises that is neither passes through.

    Closing the generator early closes the iterator it has made of `chunks`, never `chunks` itself.
    """
    body = None
    if is_response(chunks):
        body = body_of(chunks)
        framing = _framing_of(chunks, framing)
    stream = FramingDetector(checked_settings(framing, loads, max_size, on_error, done, strict, embedded))
    return _values(chunks, stream, body)


def _framing_of(response: Any, framing: Framing | str | bytes) -> Framing | str | bytes:
    return (framing_by_type(response) or framing) if framing == "auto" else framing


def _is_body(stream: FramingDetector, body: object) -> bool:
    """Decide whether the stream is the body of an HTTP response, by what it was given as or since it is made of
    events.
    """
    return body is not None or isinstance(stream.reader, EventDocuments)


def _values(chunks: Iterable[Any], stream: FramingDetector, body: Iterable[Any] | None) -> Generator[Any, None, None]:
    given = iterator_of(chunks if body is None else body)
    source = shown(given) if logger.isEnabledFor(DEBUG) else given
    try:
        for chunk in source:
            data = chunk if type(chunk) is bytes else stream.normal(chunk)
            if isinstance(data, Plain):
                yield data.value
                continue
            yield from stream.feed(data)
            if stream.reader is not None:
                yield from values_of(source, stream.reader, stream.normal)
                return
        yield from stream.close()
    except EndOfStream:
        if _is_body(stream, body):
            read_on(source)
    except JSONStreamError as error:
        own = stream.outward(error)
        raise own from own.__cause__
    finally:
        if given is not chunks and (close := getattr(given, "close", None)):
            close()


def shown(source: Iterator[Any]) -> Iterator[Any]:
    """Yield the chunks, each logged at level DEBUG."""
    for chunk in source:
        show_raw(chunk)
        yield chunk


def iterator_of(chunks: Iterable[Any]) -> Iterator[Any]:
    """Return an iterator over the chunks; a whole body is one chunk."""
    if isinstance(chunks, (bytes, bytearray, memoryview, str)):
        return iter((chunks,))
    return iter(chunks)


@overload
def aiter_json(
    chunks: AsyncIterable[Any],
    *,
    framing: Framing | str | bytes = ...,
    loads: None = ...,
    max_size: int | None = ...,
    on_error: OnError = ...,
    done: EndMarks = ...,
    strict: bool = ...,
    embedded: bool = ...,
) -> AsyncGenerator[Any, None]: ...
@overload
def aiter_json(
    chunks: AsyncIterable[Any],
    *,
    framing: Framing | str | bytes = ...,
    loads: Callable[[Any], T],
    max_size: int | None = ...,
    on_error: OnError = ...,
    done: EndMarks = ...,
    strict: bool = ...,
    embedded: bool = ...,
) -> AsyncGenerator[T, None]: ...
def aiter_json(
    chunks: AsyncIterable[Any],
    *,
    framing: Framing | str | bytes = "auto",
    loads: Callable[[Any], Any] | None = None,
    max_size: int | None = DEFAULT_MAX_SIZE,
    on_error: OnError = "raise",
    done: EndMarks = DEFAULT_DONE,
    strict: bool = False,
    embedded: bool = False,
) -> AsyncGenerator[Any, None]:
    """Yield the values as `iter_json` does, of an async iterable of chunks, under asyncio, trio or any other loop.

    It awaits nothing but the next chunk, so a cancellation arrives there and nowhere else; the iterator it has made
    of `chunks` is closed then, `chunks` itself is not. `aclose()` closes `chunks`, too, if that is a generator.
    """
    body = None
    if is_response(chunks):
        body = body_of_async(chunks)
        framing = _framing_of(chunks, framing)
    stream = FramingDetector(checked_settings(framing, loads, max_size, on_error, done, strict, embedded))
    return ClosingAsync(_values_async(chunks, stream, body), chunks if body is None else body)


async def _values_async(
    chunks: AsyncIterable[Any], stream: FramingDetector, body: AsyncIterable[Any] | None
) -> AsyncGenerator[Any, None]:
    showing = logger.isEnabledFor(DEBUG)
    source: AsyncIterator[Any] = aiter(chunks if body is None else body)
    try:
        async for chunk in source:
            if showing:
                show_raw(chunk)
            data = chunk if type(chunk) is bytes else stream.normal(chunk)
            if isinstance(data, Plain):
                yield data.value
                continue
            for value in stream.feed(data):
                yield value
        for value in stream.close():
            yield value
    except EndOfStream:
        if _is_body(stream, body):
            await read_on_async(source)
    except JSONStreamError as error:
        own = stream.outward(error)
        raise own from own.__cause__
    finally:
        await close_async(source, chunks)


class Forwarding(Generator[T, None, None]):
    """A generator with attributes: loops read the plain one in it, at no cost."""

    __slots__ = ("_values",)

    def __init__(self, values: Generator[T, None, None]) -> None:
        self._values = values

    def __iter__(self) -> _PlainGenerator[T]:
        return self._values

    def __next__(self) -> T:
        return next(self._values)

    def send(self, value: None) -> T:
        return self._values.send(value)

    def throw(self, *error: Any) -> T:
        return self._values.throw(*error)

    def close(self) -> None:
        self._values.close()


class ClosingAsync(AsyncGenerator[T, None]):
    """An async generator that closes the generator it reads when it is closed itself, at once.

    Not when it is only let go of: whoever leaves a loop may read on.
    """

    __slots__ = ("_chunks", "_values")

    def __init__(self, values: AsyncGenerator[T, None], chunks: AsyncIterable[Any]) -> None:
        self._values = values
        self._chunks = chunks

    def __anext__(self) -> Coroutine[Any, Any, T]:
        return self._values.__anext__()

    def asend(self, value: None) -> Coroutine[Any, Any, T]:
        return self._values.asend(value)

    def athrow(self, *error: Any) -> Coroutine[Any, Any, T]:
        return self._values.athrow(*error)

    async def aclose(self) -> None:
        try:
            await self._values.aclose()
        finally:
            if isinstance(self._chunks, AsyncGenerator):
                await self._chunks.aclose()


async def close_async(source: AsyncIterator[Any], chunks: AsyncIterable[Any]) -> None:
    """Close an iterator that was created here; one that was given stays open."""
    if source is not chunks and (close := getattr(source, "aclose", None)):
        await close()
