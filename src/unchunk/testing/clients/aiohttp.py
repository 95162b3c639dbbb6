"""aiohttp: `iter_any`, `iter_chunked` and `iter_chunks`, and the reads they are made of."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from types import ModuleType
from typing import Any

from unchunk.testing.clients import Patch, replaced
from unchunk.testing.streams import Stream, current, inside

MODULE = "aiohttp.streams"


def patches(module: ModuleType) -> Iterator[Patch]:
    """Cut what `read(n)`, `readany` and `readchunk` give; what is cut off goes back into the buffer."""
    yield replaced(module.StreamReader, "read", _read)
    yield replaced(module.StreamReader, "readany", _readany)
    yield replaced(module.StreamReader, "readchunk", _readchunk)
    yield replaced(module.StreamReader, "readexactly", _readexactly)


def _read(original: Callable[..., Awaitable[bytes]]) -> Callable[..., Awaitable[bytes]]:
    async def read(self: Any, n: int = -1) -> bytes:
        recorder = current()
        if recorder is None or n <= 0:
            with inside():
                return await original(self, n)
        stream = recorder.stream(self, "aiohttp StreamReader.read")
        stream.raise_held()
        with inside():
            data = await original(self, n)
            if len(data) < n and stream.joins(data):
                data = await _joined(self, stream, data, lambda: original(self, n - len(data)))
        return _cut(self, stream, data)

    return read


def _readany(original: Callable[..., Awaitable[bytes]]) -> Callable[..., Awaitable[bytes]]:
    async def readany(self: Any) -> bytes:
        recorder = current()
        if recorder is None:
            return await original(self)
        stream = recorder.stream(self, "aiohttp StreamReader.readany")
        stream.raise_held()
        with inside():
            data = await original(self)
            if stream.joins(data):
                data = await _joined(self, stream, data, lambda: original(self))
        return _cut(self, stream, data)

    return readany


def _readchunk(original: Callable[..., Awaitable[tuple[bytes, bool]]]) -> Callable[..., Awaitable[tuple[bytes, bool]]]:
    async def readchunk(self: Any) -> tuple[bytes, bool]:
        recorder = current()
        with inside():
            data, is_end = await original(self)
        if recorder is None or not data:
            return data, is_end
        stream = recorder.stream(self, "aiohttp StreamReader.readchunk")
        size = stream.step(data)
        if size < len(data) and is_end:
            self._http_chunk_splits.insert(0, self._cursor)  # a deque, or a list before 3.13
        _put_back(self, data[size:])
        return stream.handed_out(data[:size]), is_end and size == len(data)

    return readchunk


def _readexactly(original: Callable[..., Awaitable[bytes]]) -> Callable[..., Awaitable[bytes]]:
    async def readexactly(self: Any, n: int) -> bytes:
        with inside():
            return await original(self, n)

    return readexactly


async def _joined(reader: Any, stream: Stream, data: bytes, read: Callable[[], Awaitable[bytes]]) -> bytes:
    """Return a piece and the one behind it; where the wait is cancelled the first goes back."""
    try:
        more = await stream.more_async(read)
    except BaseException:
        _put_back(reader, data)
        raise
    return stream.joined(data, more)


def _cut(reader: Any, stream: Stream, data: bytes) -> bytes:
    size = stream.step(data)
    _put_back(reader, data[size:])
    return stream.handed_out(data[:size])


def _put_back(reader: Any, rest: bytes) -> None:
    """Put bytes back to the head of the buffer, as `unread_data` does, which is deprecated."""
    if not rest:
        return
    if reader._buffer_offset:
        reader._buffer[0] = reader._buffer[0][reader._buffer_offset :]
        reader._buffer_offset = 0
    reader._buffer.appendleft(rest)
    reader._size += len(rest)
    reader._cursor -= len(rest)
    reader._eof_counter = 0
