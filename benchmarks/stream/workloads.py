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
        target: what the ratio to `json.loads` on the split documents should reach.
        documents: the texts the reference parses, as if something had split them already.
        framing: of the stream.
        loads: the parser to use instead of `json`'s, by name.
    """

    name: str
    target: float
    chunks: tuple[bytes, ...]
    documents: tuple[str, ...]
    framing: str = "auto"
    loads: str = ""


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
    """Records of about 205 bytes."""
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
    """Records of about 205 bytes whose strings hold quotes, braces and backslashes."""
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
    """What a chat API sends for each token: about 280 bytes."""
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
    """One document: an object that holds a long list of nested records and some long texts."""
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
    yield from other_parsers()


def small_documents() -> Iterator[Workload]:
    plain, awkward = records(5000), awkward_records(5000)
    lines, joined = ndjson(plain), "".join(plain).encode()
    yield Workload("NDJSON, 1 KiB", 1.10, fixed(lines, KIB), plain)
    yield Workload("NDJSON, 16 KiB", 1.25, fixed(lines, 16 * KIB), plain)
    yield Workload("NDJSON, 64 KiB", 1.15, fixed(lines, 64 * KIB), plain)
    yield Workload("NDJSON, 1–64 B", 0.60, varied(lines, 1, 64), plain)
    yield Workload("NDJSON with quotes and braces, 1 KiB", 1.00, fixed(ndjson(awkward), KIB), awkward)
    yield Workload("NDJSON with quotes and braces, 1–64 B", 0.40, varied(ndjson(awkward), 1, 64), awkward)
    yield Workload("concatenated, 1 KiB", 0.95, fixed(joined, KIB), plain)


def server_sent_events() -> Iterator[Workload]:
    documents = completions(4000)
    stream = events(documents)
    one_each = tuple(events([document]) for document in documents)
    yield Workload("SSE, one event a chunk", 0.95, one_each, documents)
    yield Workload("SSE, 1–600 B", 0.85, varied(stream, 1, 600), documents)
    yield Workload("SSE, 16 KiB", 1.15, fixed(stream, 16 * KIB), documents)
    yield Workload("SSE, 16 B", 0.35, fixed(stream, 16), documents)


def large_values() -> Iterator[Workload]:
    document = large_document(10_000_000)
    stream = document.encode()
    yield Workload("one 10 MB document, 64 KiB", 0.95, fixed(stream, 64 * KIB), (document,))
    yield Workload("one 10 MB document, 1 KiB", 0.78, fixed(stream, KIB), (document,))
    yield Workload("one 10 MB document, 16 B", 0.45, fixed(stream, 16), (document,))
    elements = records(100_000)
    array = ("[" + ",".join(elements) + "]").encode()
    yield Workload("array of 100,000, 1 KiB", 0.95, fixed(array, KIB), elements, "array")
    yield Workload("array of 100,000, 64 KiB", 0.95, fixed(array, 64 * KIB), elements, "array")


def other_parsers() -> Iterator[Workload]:
    plain, documents = records(5000), completions(4000)
    yield Workload("NDJSON, 16 KiB, orjson", 2.2, fixed(ndjson(plain), 16 * KIB), plain, loads="orjson")
    yield Workload("SSE, 16 KiB, orjson", 1.5, fixed(events(documents), 16 * KIB), documents, loads="orjson")
