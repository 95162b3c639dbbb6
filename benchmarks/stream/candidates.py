"""The ways to read a workload that are measured against each other."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import httpx
import ijson
import orjson
from httpx_sse import EventSource

from unchunk import iter_json

from .workloads import Workload

Work = Callable[[], Iterable[Any]]
PARSERS: dict[str, Callable[[Any], Any]] = {"orjson": orjson.loads}


def reference(workload: Workload) -> Work:
    """`json.loads` on documents that are split already."""
    return lambda: map(json.loads, workload.documents)


def unchunk(workload: Workload) -> Work:
    loads = PARSERS.get(workload.loads)
    return lambda: iter_json(iter(workload.chunks), framing=workload.framing, loads=loads)  # type: ignore[arg-type]


def by_ijson(workload: Workload) -> Work:
    backend = ijson.get_backend("yajl2_c")
    path = "item" if workload.framing == "array" else ""

    def values() -> Iterator[Any]:
        pieces = ijson.from_iter(iter(workload.chunks))
        yield from backend.items(pieces, path, multiple_values=True, use_float=True)

    return values


class Chunks(httpx.SyncByteStream):
    def __init__(self, chunks: tuple[bytes, ...]) -> None:
        self.chunks = chunks

    def __iter__(self) -> Iterator[bytes]:
        return iter(self.chunks)


def by_httpx_sse(workload: Workload) -> Work:
    def values() -> Iterator[Any]:
        response = httpx.Response(200, headers={"content-type": "text/event-stream"}, stream=Chunks(workload.chunks))
        for event in EventSource(response).iter_sse():
            yield json.loads(event.data)

    return values


def peers(workload: Workload) -> dict[str, Work]:
    """What a workload is read with, ours first."""
    ours: dict[str, Work] = {"unchunk": unchunk(workload)}
    if workload.loads:
        return ours
    if workload.name.startswith("SSE"):
        return ours | {"httpx-sse": by_httpx_sse(workload)}
    return ours | {"ijson": by_ijson(workload)}
