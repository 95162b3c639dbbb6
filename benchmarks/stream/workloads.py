"""The streams that the speed of the runtime helper is measured on."""

from __future__ import annotations

import json
import random
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache

KIB = 1024
VOCABULARY = (
    "stream chunk value whole piece boundary document line event model token delta answer question server client "
    "buffer parse cut reader writer number string array object naïve café"
)
WORDS = VOCABULARY.split()


@dataclass(frozen=True)
class Workload:
    """One stream in chunks, beside the documents that are in it.

    Attributes:
        kind: what it is a stream of, which decides how it is read by hand: lines, events, joined documents, one
            document, one array.
        documents: the texts the reference parses, as if something had split them already.
        framing: what the helper is told about it.
        is_pushed: the helper's decoder is fed, and no loop is written.
    """

    name: str
    kind: str
    chunks: tuple[bytes, ...]
    documents: tuple[str, ...]
    framing: str = "auto"
    is_pushed: bool = False


def fixed(stream: bytes, size: int) -> tuple[bytes, ...]:
    return tuple(stream[start : start + size] for start in range(0, len(stream), size))


def varied(stream: bytes, smallest: int, largest: int) -> tuple[bytes, ...]:
    source = random.Random(7)
    chunks, start = [], 0
    while start < len(stream):
        end = start + source.randint(smallest, largest)
        chunks.append(stream[start:end])
        start = end
    return tuple(chunks)


def text(source: random.Random, words: int) -> str:
    return " ".join(source.choices(WORDS, k=words))


@cache
def records(count: int) -> tuple[str, ...]:
    """Return records of about 205 bytes."""
    source = random.Random(1)
    return tuple(
        json.dumps(
            {
                "id": 1_000_000 + number,
                "name": text(source, 3),
                "active": number % 3 == 0,
                "score": round(source.random() * 100, 3),
                "tags": source.choices(WORDS, k=3),
                "position": {"x": source.randint(0, 9999), "y": source.randint(0, 9999)},
                "note": text(source, 4),
            }
        )
        for number in range(count)
    )


@cache
def awkward_records(count: int) -> tuple[str, ...]:
    """Return records of about 205 bytes whose strings contain quotes, braces and backslashes."""
    source = random.Random(2)
    awkward = (
        'print("{}".format(name))',
        "C:\\Users\\reader",
        'say "hello"',
        '{"key": [1, 2]}',
        "if (x) { return y; }",
        "\\d+\\s*\\{",
        "{{ template }}",
    )
    return tuple(
        json.dumps(
            {
                "id": 1_000_000 + number,
                "name": text(source, 3),
                "code": " ".join(source.choices(awkward, k=4)),
                "more": {"text": f"{source.choice(awkward)} {text(source, 3)}"},
            }
        )
        for number in range(count)
    )


@cache
def completions(count: int) -> tuple[str, ...]:
    """Return what a chat API sends for each token: about 280 bytes."""
    source = random.Random(3)
    return tuple(
        json.dumps(
            {
                "id": "chatcmpl-9kQx7Zr2Lw5TnVbY3mHsUcEfGdJp1",
                "object": "chat.completion.chunk",
                "created": 1718000000,
                "model": "meta-llama/Meta-Llama-3.1-70B-Instruct-Turbo",
                "choices": [
                    {
                        "index": 0,
                        "delta": {"role": "assistant", "content": " " + source.choice(WORDS)},
                        "logprobs": None,
                        "finish_reason": None,
                    }
                ],
                "usage": None,
            },
            separators=(",", ":"),
        )
        for _ in range(count)
    )


def ndjson(documents: Iterable[str]) -> bytes:
    return "".join(document + "\n" for document in documents).encode()


def events(documents: Iterable[str]) -> bytes:
    return "".join(f"data: {document}\n\n" for document in documents).encode()


@cache
def large_document(size: int) -> str:
    """Return one document: an object that holds a long list of nested records and some long texts."""
    source = random.Random(4)
    count = size // 420
    return json.dumps(
        {
            "meta": {"made": "2024-06-01T00:00:00Z", "count": count},
            "rows": [
                {
                    "record": json.loads(record),
                    "text": text(source, 30),
                    "values": [source.randint(0, 999) for _ in range(4)],
                }
                for record in records(count)
            ],
        }
    )


def workloads() -> Iterator[Workload]:
    yield from small_documents()
    yield from server_sent_events()
    yield from large_values()


def small_documents() -> Iterator[Workload]:
    plain, awkward = records(5000), awkward_records(5000)
    lines, joined = ndjson(plain), "".join(plain).encode()
    for name, size in (("64 B", 64), ("256 B", 256), ("1 KiB", KIB), ("16 KiB", 16 * KIB), ("64 KiB", 64 * KIB)):
        yield Workload(f"NDJSON, {name}", "lines", fixed(lines, size), plain)
    yield Workload('NDJSON, 1 KiB, framing="lines"', "lines", fixed(lines, KIB), plain, "lines")
    yield Workload('NDJSON, 256 B, framing="lines"', "lines", fixed(lines, 256), plain, "lines")
    yield Workload("NDJSON, 1–64 B", "lines", varied(lines, 1, 64), plain)
    yield Workload("NDJSON with quotes and braces, 1 KiB", "lines", fixed(ndjson(awkward), KIB), awkward)
    yield Workload("NDJSON with quotes and braces, 1–64 B", "lines", varied(ndjson(awkward), 1, 64), awkward)
    yield Workload("concatenated, 1 KiB", "joined", fixed(joined, KIB), plain)


def server_sent_events() -> Iterator[Workload]:
    documents = completions(4000)
    stream = events(documents)
    one_each = tuple(events([document]) for document in documents)
    yield Workload("SSE, one event a chunk", "events", one_each, documents)
    yield Workload("SSE, 1–600 B", "events", varied(stream, 1, 600), documents)
    yield Workload("SSE, 64 B", "events", fixed(stream, 64), documents)
    yield Workload("SSE, 64 B, pushed", "events", fixed(stream, 64), documents, is_pushed=True)
    yield Workload("SSE, 1 KiB", "events", fixed(stream, KIB), documents)
    yield Workload("SSE, 16 KiB", "events", fixed(stream, 16 * KIB), documents)
    yield Workload("SSE, 16 B", "events", fixed(stream, 16), documents)


def large_values() -> Iterator[Workload]:
    document = large_document(10_000_000)
    stream = document.encode()
    yield Workload("one 10 MB document, 64 KiB", "document", fixed(stream, 64 * KIB), (document,))
    yield Workload("one 10 MB document, 1 KiB", "document", fixed(stream, KIB), (document,))
    yield Workload("one 10 MB document, 64 B", "document", fixed(stream, 64), (document,))
    elements = records(50_000)
    array = ("[" + ",".join(elements) + "]").encode()
    yield Workload("array of 50,000, 1 KiB", "array", fixed(array, KIB), elements, "array")
    yield Workload("array of 50,000, 64 KiB", "array", fixed(array, 64 * KIB), elements, "array")
