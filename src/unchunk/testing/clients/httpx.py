"""httpx: text and lines are made of what `iter_bytes` and `aiter_bytes` give.

A response that was made of its content is cut as well: it is what mocks answer. One that the program has read is not:
it hands out its content whole.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from types import ModuleType
from typing import Any

from unchunk.testing.clients import Patch, replaced
from unchunk.testing.streams import current, cut_pieces, cut_pieces_async, inside

MODULE = "httpx"


def patches(module: ModuleType) -> Iterator[Patch]:
    """Cut what the iterators of bytes give."""
    response = module.Response
    yield replaced(response, "read", _read)
    yield replaced(response, "aread", _aread)
    for name in ("iter_bytes", "iter_raw"):
        yield replaced(response, name, _pieces)
        yield replaced(response, f"a{name}", _apieces)


def _pieces(original: Callable[..., Iterator[bytes]]) -> Callable[..., Iterator[bytes]]:
    def pieces(self: Any, chunk_size: int | None = None) -> Iterator[bytes]:
        recorder, given = current(), original(self, chunk_size)
        if recorder is None or recorder.is_whole(self):
            return given
        return cut_pieces(recorder.stream(self, _name(self, original)), given, chunk_size, exact=True)

    return pieces


def _apieces(original: Callable[..., AsyncIterator[bytes]]) -> Callable[..., AsyncIterator[bytes]]:
    def pieces(self: Any, chunk_size: int | None = None) -> AsyncIterator[bytes]:
        recorder, given = current(), original(self, chunk_size)
        if recorder is None or recorder.is_whole(self):
            return given
        return cut_pieces_async(recorder.stream(self, _name(self, original)), given, chunk_size, exact=True)

    return pieces


def _name(response: Any, method: Callable[..., Any]) -> str:
    return f"{type(response).__module__} Response.{method.__name__}"


def _read(original: Callable[..., bytes]) -> Callable[..., bytes]:
    def read(self: Any) -> bytes:
        _note(self)
        with inside():
            return original(self)

    return read


def _aread(original: Callable[..., Awaitable[bytes]]) -> Callable[..., Awaitable[bytes]]:
    async def aread(self: Any) -> bytes:
        _note(self)
        with inside():
            return await original(self)

    return aread


def _note(response: Any) -> None:
    recorder = current()
    # A response made of its content reads itself, before it is complete.
    if recorder is not None and hasattr(response, "_num_bytes_downloaded"):
        recorder.note_whole(response)
