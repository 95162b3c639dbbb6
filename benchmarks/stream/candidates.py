"""The ways to read a workload that are measured against each other."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from itertools import chain
from typing import Any

import httpx
import ijson
import msgspec
import orjson
from httpx_sse import EventSource

from unchunk import JSONStreamDecoder, iter_json

from .workloads import Workload

Work = Callable[[], Iterable[Any]]
Loads = Callable[[Any], Any]
PARSERS: dict[str, Loads] = {"json": json.loads, "orjson": orjson.loads, "msgspec": msgspec.json.decode}
UNCHUNK, BY_HAND = "unchunk", "by hand"


def reference(workload: Workload) -> Work:
    """`json.loads` on documents that are split already."""
    return lambda: map(json.loads, workload.documents)


def unchunk(workload: Workload, parser: str) -> Work:
    """Return the helper, as it is for `json` and with `loads` for the others."""
    options: Any = {"framing": workload.framing, "loads": None if parser == "json" else PARSERS[parser]}
    if not workload.is_pushed:
        return lambda: iter_json(iter(workload.chunks), **options)

    def pushed() -> Iterator[Any]:
        decoder = JSONStreamDecoder[Any](**options)
        for chunk in workload.chunks:
            yield from decoder.feed(chunk)
        yield from decoder.close()

    return pushed


def by_hand(workload: Workload, parser: str) -> Work | None:
    """Return the loop that a person writes; None where there is none for this parser."""
    loads, chunks = PARSERS[parser], workload.chunks
    match workload.kind:
        case "lines":
            return lambda: lines_by_hand(chunks, loads)
        case "events":
            return lambda: events_by_hand(chunks, loads)
        case "document":
            return lambda: [loads(b"".join(chunks))]
        case "array":
            return lambda: loads(b"".join(chunks))
        case _:
            return (lambda: joined_by_hand(chunks)) if parser == "json" else None


def lines_by_hand(chunks: Iterable[bytes], loads: Loads) -> Iterator[Any]:
    rest = b""
    for chunk in chunks:
        *lines, rest = (rest + chunk).split(b"\n")
        for line in lines:
            if line:
                yield loads(line)
    if rest.strip():
        yield loads(rest)


def events_by_hand(chunks: Iterable[bytes], loads: Loads) -> Iterator[Any]:
    rest = b""
    for chunk in chunks:
        *events, rest = (rest + chunk).split(b"\n\n")
        for event in events:
            for line in event.split(b"\n"):
                if line.startswith(b"data: "):
                    data = line[6:]
                    if data == b"[DONE]":
                        return
                    yield loads(data)


def joined_by_hand(chunks: Iterable[bytes]) -> Iterator[Any]:
    """Documents with nothing between them, by `raw_decode` on what has come."""
    raw_decode, rest = json.JSONDecoder().raw_decode, ""
    for chunk in chunks:
        rest += chunk.decode()
        start = 0
        while start < len(rest):
            try:
                value, start = raw_decode(rest, start)
            except json.JSONDecodeError:
                break
            yield value
        rest = rest[start:]


def by_ijson(workload: Workload) -> Work:
    backend = ijson.get_backend("yajl2_c")
    path = "item" if workload.kind == "array" else ""

    def values() -> Iterator[Any]:
        chunks: Iterable[bytes] = workload.chunks
        if workload.kind == "events":  # it knows no events: give it their data, as the loop by hand has it
            chunks = chain.from_iterable((data, b"\n") for data in events_by_hand(workload.chunks, bytes))
        yield from backend.items(ijson.from_iter(iter(chunks)), path, multiple_values=True, use_float=True)

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


def candidates(workload: Workload) -> dict[tuple[str, str], Work]:
    """Return the readers of a workload, by way and parser."""
    ways: dict[tuple[str, str], Work] = {}
    for parser in PARSERS:
        ways[UNCHUNK, parser] = unchunk(workload, parser)
        if (hand := by_hand(workload, parser)) is not None:
            ways[BY_HAND, parser] = hand
    ways["ijson", ""] = by_ijson(workload)
    if workload.kind == "events":
        ways["httpx-sse", ""] = by_httpx_sse(workload)
    return ways
