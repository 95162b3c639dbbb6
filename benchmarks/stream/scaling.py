"""Growth of CPU time with the size of one document, of memory, and of partial values."""

from __future__ import annotations

import gc
import json
import time
import tracemalloc
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import ijson
import jiter

from unchunk import iter_json, iter_partial

from .candidates import PARSERS
from .measure import Ratio, paired
from .workloads import KIB, fixed, large_document, records

Way = Callable[[tuple[bytes, ...]], Iterable[Any]]


def naive(chunks: tuple[bytes, ...]) -> Iterator[Any]:
    """Buffer and retry: what people write by hand."""
    buffer = b""
    for chunk in chunks:
        buffer += chunk
        try:
            value = json.loads(buffer)
        except json.JSONDecodeError:
            continue
        buffer = b""
        yield value


def by_unchunk(chunks: tuple[bytes, ...]) -> Iterator[Any]:
    return iter_json(iter(chunks))


def by_ijson(chunks: tuple[bytes, ...]) -> Iterator[Any]:
    backend = ijson.get_backend("yajl2_c")
    yield from backend.items(ijson.from_iter(iter(chunks)), "", multiple_values=True, use_float=True)


@dataclass(frozen=True)
class Curve:
    """CPU seconds by bytes, for one way to read one document in chunks of one size."""

    name: str
    chunk: int
    points: tuple[tuple[int, float], ...]


def best_seconds(work: Callable[[], Iterable[Any]], rounds: int) -> float:
    """Return the least CPU time of some rounds: noise only adds."""
    times = []
    for _ in range(rounds):
        gc.collect()
        gc.disable()
        start = time.process_time()
        for _ in work():
            pass
        times.append(time.process_time() - start)
        gc.enable()
    return min(times)


def curve(name: str, way: Way, chunk: int, sizes: Iterable[int], rounds: int) -> Curve:
    points = []
    for size in sizes:
        stream = large_document(size).encode()
        chunks = fixed(stream, chunk)
        points.append((len(stream), best_seconds(lambda chunks=chunks: way(chunks), rounds)))  # type: ignore[misc]
    return Curve(name, chunk, tuple(points))


def curves() -> list[Curve]:
    large = [2**power * KIB for power in range(6, 13)]
    return [
        curve("buffer and retry", naive, KIB, large[:4], 1),
        curve("buffer and retry", naive, 16, [16 * KIB, 32 * KIB, 64 * KIB, 128 * KIB], 1),
        curve("ijson", by_ijson, KIB, large, 3),
        curve("ijson", by_ijson, 16, large, 3),
        curve("unchunk", by_unchunk, KIB, large, 3),
        curve("unchunk", by_unchunk, 16, large, 3),
    ]


@dataclass(frozen=True)
class Growing:
    """The speed relative to jiter's partial mode, for each delta."""

    shape: str
    size: int
    deltas: int
    snapshots: Ratio
    live: Ratio
    microseconds: float
    microseconds_live: float


def written_file(size: int) -> str:
    """Return the arguments of a tool call that writes a file."""
    line = "    total = price * (1 + rate)  # what the customer has to pay\n"
    return json.dumps({"path": "src/shop/orders.py", "content": line * (size // len(line))})


def extracted_rows(size: int) -> str:
    """Return the structured output of a model that reads a table."""
    rows = [json.loads(record) for record in records(size // 194)]
    return json.dumps({"rows": rows})


GROWING_SHAPES = {"many small values": extracted_rows, "one long string": written_file}


def growing(shape: str, size: int) -> Growing:
    """Return one value in deltas of 4 characters."""
    text = GROWING_SHAPES[shape](size)
    deltas = [text[start : start + 4] for start in range(0, len(text), 4)]

    def by_jiter() -> Iterator[Any]:
        buffer = b""
        for delta in deltas:
            buffer += delta.encode()
            yield jiter.from_json(buffer, partial_mode="trailing-strings")

    ways = {"snapshots": lambda: iter_partial(deltas), "live": lambda: iter_partial(deltas, live=True)}
    ratios = paired(by_jiter, ways, seconds=1)
    each = {name: best_seconds(way, 3) / len(deltas) * 1e6 for name, way in ways.items()}
    return Growing(shape, len(text), len(deltas), ratios["snapshots"], ratios["live"], each["snapshots"], each["live"])


@dataclass(frozen=True)
class Peak:
    """The most memory in use while a document was read, in sizes of the document."""

    document: str
    parser: str
    chunk: int
    reading: float
    value: float


def peak(name: str, text: str, parser: str, chunk: int) -> Peak:
    """Memory beyond the chunk, as Python's own allocators count it, and that of the value alone."""
    stream = text.encode()

    def chunks() -> Iterator[bytes]:
        for start in range(0, len(stream), chunk):
            yield stream[start : start + chunk]

    gc.collect()
    tracemalloc.start()
    before = tracemalloc.get_traced_memory()[0]
    value = next(iter_json(chunks(), loads=None if parser == "json" else PARSERS[parser]))  # type: ignore[arg-type]
    after, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    del value
    return Peak(name, parser, chunk, (most - before) / len(stream), (after - before) / len(stream))


def peaks() -> list[Peak]:
    texts = {"one long string": json.dumps(["x" * 4_000_000]), "rows of records": large_document(4_000_000)}
    return [
        peak(name, text, parser, chunk)
        for name, text in texts.items()
        for parser in PARSERS
        for chunk in (16, KIB, 64 * KIB)
    ]
