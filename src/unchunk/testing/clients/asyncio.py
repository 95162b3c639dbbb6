"""asyncio: `StreamReader.read`; lines and exact reads keep their promises from the reader's own buffer."""

from __future__ import annotations

import contextlib
from collections.abc import Awaitable, Callable, Iterator
from types import ModuleType
from typing import Any

from unchunk.testing.clients import Patch, replaced
from unchunk.testing.streams import current, inside

MODULE = "asyncio.streams"


def patches(module: ModuleType) -> Iterator[Patch]:
    """Cut what `read(n)` gives; what is cut off goes back into the buffer."""
    yield replaced(module.StreamReader, "read", _read)


def _read(original: Callable[..., Awaitable[bytes]]) -> Callable[..., Awaitable[bytes]]:
    async def read(self: Any, n: int = -1) -> bytes:
        recorder = current()
        if recorder is None or n <= 0:
            with inside():
                return await original(self, n)
        stream = recorder.stream(self, "asyncio StreamReader.read")
        with inside():
            data = await original(self, n)
            if len(data) < n and stream.joins(data):
                self._buffer[:0] = data  # where it stays if the wait is cancelled
                await _more(self, len(data))
                more = bytes(self._buffer[len(data) : n])
                del self._buffer[: len(data) + len(more)]
                data = stream.joined(data, more)
        size = stream.step(data)
        self._buffer[:0] = data[size:]
        return stream.handed_out(data[:size])

    return read


async def _more(reader: Any, there: int) -> None:
    """Wait until the buffer holds more than it does, or the stream ends; the next read raises what it ends with."""
    with contextlib.suppress(Exception):
        while len(reader._buffer) == there and not reader._eof:
            await reader._wait_for_data("read")
