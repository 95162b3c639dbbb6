"""vcrpy: the responses that it plays back to requests, urllib3 and http.client are its own."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from types import ModuleType
from typing import Any

from unchunk.testing.clients import Patch, replaced
from unchunk.testing.clients.urllib3 import cut_stream
from unchunk.testing.streams import current, inside

MODULE = "vcr.stubs"


def patches(module: ModuleType) -> Iterator[Patch]:
    """Cut what `stream` and `read1`, and the last of `read(n)`, give; what is cut off is read again."""
    yield replaced(module.VCRHTTPResponse, "stream", cut_stream)
    yield replaced(module.VCRHTTPResponse, "read", _read)
    yield replaced(module.VCRHTTPResponse, "read1", _read1)


def _read(original: Callable[..., bytes]) -> Callable[..., bytes]:
    def read(self: Any, amt: int | None = None, **options: Any) -> bytes:
        with inside():
            data = original(self, amt, **options)
        return data if amt is None or amt < 0 or len(data) == amt else _cut(self, data, "read")

    return read


def _read1(original: Callable[..., bytes]) -> Callable[..., bytes]:
    def read1(self: Any, *args: Any) -> bytes:
        with inside():
            data = original(self, *args)
        return _cut(self, data, "read1")

    return read1


def _cut(response: Any, data: bytes, method: str) -> bytes:
    recorder = current()
    if recorder is None or not data:
        return data
    stream = recorder.stream(response, f"vcr VCRHTTPResponse.{method}")
    size = stream.step(data)
    response._content.seek(size - len(data), os.SEEK_CUR)
    return stream.handed_out(data[:size])
