"""Responses of HTTP clients as chunks, recognized by their methods, so that no client is imported."""

from __future__ import annotations

from collections.abc import AsyncIterable, AsyncIterator, Callable, Iterable, Iterator
from time import monotonic
from typing import Any

from .settings import Framing

_READ_SIZE = 65536
_FRAMINGS: dict[str, Framing] = {
    "text/event-stream": "sse",
    "application/json-seq": "seq",
    **dict.fromkeys(
        ("application/x-ndjson", "application/ndjson", "application/jsonl", "application/x-jsonlines"), "lines"
    ),
}
# How much may follow an end mark, and for how many seconds it may come.
_MOST_BEHIND_END = 65536
_MAX_BEHIND_END = 1.0


def framing_by_type(response: Any) -> Framing | None:
    """Return the framing by the content type of a response, or None."""
    kind = str(response.headers.get("content-type") or "")
    return _FRAMINGS.get(kind.partition(";")[0].strip().lower())


def is_response(chunks: Any) -> bool:
    """Decide whether an object has headers and a method to read a body."""
    return hasattr(chunks, "headers") and any(
        hasattr(chunks, name) for name in ("iter_bytes", "iter_content", "read1", "stream", "content")
    )


def body_of(response: Any) -> Iterable[Any]:
    """Return the body of a response in chunks as they come: of requests, httpx, urllib3, `http.client`.

    Raises:
        TypeError: it can only be read asynchronously.
    """
    if hasattr(response, "iter_bytes"):
        return response.iter_bytes()  # type: ignore[no-any-return]
    raw = getattr(response, "raw", None)
    if hasattr(response, "iter_content"):
        is_read = getattr(response, "_content_consumed", False)
        if is_read or getattr(raw, "chunked", True) or not hasattr(raw, "read1"):
            return response.iter_content(None)  # type: ignore[no-any-return]
        # Without chunks of its own that would wait for the whole body.
        return _reads(raw)
    if hasattr(response, "read1"):
        return _reads(response)
    if hasattr(response, "stream"):
        return response.stream(_READ_SIZE)  # type: ignore[no-any-return]
    raise TypeError(f"the body of {type(response).__name__} is read asynchronously: aiter_json(response)")


def _reads(response: Any) -> Iterator[bytes]:
    """Yield the chunks of a urllib3 or `http.client` response as they come."""
    if hasattr(response, "read_chunked"):
        if response.closed:  # urllib3 has read it already
            yield response.data
        elif response.chunked:
            yield from response.stream(_READ_SIZE)
        else:
            yield from iter(lambda: response.read1(_READ_SIZE, decode_content=True), b"")
    else:
        yield from iter(lambda: response.read1(_READ_SIZE), b"")
        response.read()  # some versions of Python do not see the end before


def body_of_async(response: Any) -> AsyncIterable[Any]:
    """Return the body of an asynchronous response: of httpx, aiohttp.

    Raises:
        TypeError: it can only be read synchronously.
    """
    if hasattr(response, "aiter_bytes"):
        return response.aiter_bytes()  # type: ignore[no-any-return]
    iter_any: Callable[[], AsyncIterable[Any]] | None = getattr(response.content, "iter_any", None)
    if iter_any is None:
        raise TypeError(f"the body of {type(response).__name__} is read synchronously: iter_json(response)")
    return iter_any()


class Behind:
    """A limit on reading behind an end mark, where a client looks for the end of the body.

    A connection whose body is not read to its end is not used again. What is there at once is read, up to a limit; but
    only once is it waited for something, which is most likely the end.
    """

    def __init__(self) -> None:
        self._left = _MOST_BEHIND_END
        self._until = monotonic() + _MAX_BEHIND_END

    def is_enough(self, chunk: Any) -> bool:
        """Decide whether to stop reading behind this chunk."""
        self._left -= len(chunk) if isinstance(chunk, (bytes, bytearray, str)) else _MOST_BEHIND_END
        return self._left < 0 or monotonic() > self._until


def read_on(source: Iterator[Any]) -> None:
    """Read to the end of a body behind its end mark, if that is near, ignoring what is wrong there."""
    behind = Behind()
    try:
        for chunk in source:
            if behind.is_enough(chunk):
                return
    except Exception:  # noqa: BLE001, S110 (a client may raise anything)
        pass


async def read_on_async(source: AsyncIterator[Any]) -> None:
    """Read on as `read_on` does, from an async iterator."""
    behind = Behind()
    try:
        async for chunk in source:
            if behind.is_enough(chunk):
                return
    except Exception:  # noqa: BLE001, S110
        pass
