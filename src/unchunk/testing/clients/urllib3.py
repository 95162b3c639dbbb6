"""urllib3 2 and 1.26, and requests, botocore and others that are built on it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from types import ModuleType
from typing import Any

from unchunk.testing.clients import Patch, replaced
from unchunk.testing.streams import current, cut_pieces, inside

MODULE = "urllib3.response"


def patches(module: ModuleType) -> Iterator[Patch]:
    """Cut what `stream`, `read_chunked` and `read1`, and the last of `read(n)`, give."""
    response = module.HTTPResponse
    yield replaced(response, "stream", cut_stream)
    yield replaced(response, "read_chunked", cut_stream)
    yield replaced(response, "read", _read)
    if hasattr(response, "read1"):  # since 2
        yield replaced(response, "read1", _read1)
    closed = response.closed
    yield Patch(response, "closed", closed, property(lambda self: not _has_pending(self) and closed.fget(self)))


def _has_pending(response: Any) -> bool:
    recorder = current()
    return recorder is not None and recorder.has_pending(response)


def cut_stream(original: Callable[..., Iterator[bytes]]) -> Callable[..., Iterator[bytes]]:
    """Return a method that cuts what a generator of pieces of up to `amt` bytes gives."""

    def stream(self: Any, *args: Any, **options: Any) -> Iterator[bytes]:
        recorder = current()
        pieces = original(self, *args, **options)
        if recorder is None:
            return pieces
        amt = args[0] if args else options.get("amt")
        known = recorder.stream(self, f"{_package(original)} {original.__qualname__}")
        return cut_pieces(known, pieces, amt if amt and amt > 0 else None)

    return stream


def _package(method: Callable[..., Any]) -> str:
    return method.__module__.partition(".")[0]


def _read(original: Callable[..., bytes]) -> Callable[..., bytes]:
    def read(self: Any, amt: int | None = None, *args: Any, **options: Any) -> bytes:
        recorder = current()
        limit = amt if amt is not None and amt >= 0 else None
        if recorder is None or limit == 0:
            return original(self, amt, *args, **options)
        if limit is None and not recorder.has_pending(self):
            with inside():
                return original(self, amt, *args, **options)
        stream = recorder.stream(self, "urllib3 HTTPResponse.read")
        before, stream.pending = stream.pending, b""
        if not (before and stream.ended) and (limit is None or len(before) < limit):
            asked = amt if limit is None else limit - len(before)
            with inside():
                data = original(self, asked, *args, **options)
            # A response closes itself when it is read behind its end, so that has to wait until the rest is taken.
            stream.ended = limit is not None and len(data) < limit - len(before)
            before += data
        if limit is None or len(before) == limit:
            return stream.handed_out(before)
        stream.pending = before
        return stream.take(limit)

    return read


def _read1(original: Callable[..., bytes]) -> Callable[..., bytes]:
    def read1(self: Any, amt: int | None = None, decode_content: bool | None = None) -> bytes:
        recorder = current()
        limit = amt if amt is not None and amt >= 0 else None
        if recorder is None or limit == 0:
            return original(self, amt, decode_content)
        stream = recorder.stream(self, "urllib3 HTTPResponse.read1")
        stream.raise_held()
        if not stream.is_pending:
            with inside():
                stream.pending = original(self, amt, decode_content)
                if stream.joins(stream.pending) and len(stream.pending) != limit:
                    more = stream.more(lambda: original(self, amt, decode_content))
                    stream.pending = stream.joined(stream.pending, more)
        return stream.take(limit)

    return read1
