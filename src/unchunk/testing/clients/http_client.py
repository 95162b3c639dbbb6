"""http.client, and urllib.request, which hands out its responses."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from types import ModuleType
from typing import Any

from unchunk.testing.clients import Patch, replaced
from unchunk.testing.streams import current, inside

MODULE = "http.client"


def patches(module: ModuleType) -> Iterator[Patch]:
    """Cut what `read1`, and the last of `read(n)` and `readinto`, give."""
    yield replaced(module.HTTPResponse, "read1", _read1)
    yield replaced(module.HTTPResponse, "read", _read)
    yield replaced(module.HTTPResponse, "readinto", _readinto)


def _read1(original: Callable[..., bytes]) -> Callable[..., bytes]:
    def read1(self: Any, n: int = -1) -> bytes:
        recorder = current()
        if recorder is None or n == 0:
            return original(self, n)
        stream = recorder.stream(self, "http.client HTTPResponse.read1")
        stream.raise_held()
        with inside():
            there = _there(self, n)
            piece = original(self, stream.step(there) if there else n)
            if len(piece) == len(there) and stream.joins(piece) and len(piece) != n:
                room = n - len(piece) if n > 0 else -1
                piece = stream.joined(piece, stream.more(lambda: original(self, room)))
        return stream.handed_out(piece)

    return read1


def _there(response: Any, n: int) -> bytes:
    """Return what is there to be read, without reading it."""
    there: bytes = response.peek(n if n > 0 else 1)
    length = len(there) if response.chunked or response.length is None else response.length
    return there[: min(length, n) if n > 0 else length]


def _read(original: Callable[..., bytes]) -> Callable[..., bytes]:
    def read(self: Any, amt: int | None = None) -> bytes:
        recorder = current()
        with inside():
            data = original(self, amt)
        if recorder is None or amt is None or amt < 0:
            return data
        stream = recorder.stream(self, "http.client HTTPResponse.read")
        size = stream.step(data) if len(data) < amt else len(data)
        _put_back(self, data[size:])
        return stream.handed_out(data[:size])

    return read


def _readinto(original: Callable[..., int]) -> Callable[..., int]:
    def readinto(self: Any, b: Any) -> int:
        recorder = current()
        with inside():
            count = original(self, b)
        if recorder is None:
            return count
        stream = recorder.stream(self, "http.client HTTPResponse.readinto")
        data = bytes(memoryview(b).cast("B")[:count])
        size = stream.step(data) if count < memoryview(b).nbytes else count
        _put_back(self, data[size:])
        stream.handed_out(data[:size])
        return size

    return readinto


def _put_back(response: Any, rest: bytes) -> None:
    """Put bytes back into a response that has come to its end: they are what is left to be read of it."""
    if not rest:
        return
    if response.fp is not None:
        response.fp.close()
    response.fp = io.BufferedReader(io.BytesIO(rest))
    response.chunked = False
    response.length = len(rest)
