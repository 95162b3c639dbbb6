"""Streams in pieces that are well cut: what the programs were written for, and print the right thing on."""

from __future__ import annotations

import itertools
import json
from collections.abc import Sequence

DOCUMENTS = [
    json.dumps(document, ensure_ascii=False)
    for document in ({"k": 1, "s": 'ü "{[}'}, {"k": 2, "n": {"a": [1, {}]}}, {"k": 3, "s": "東京\n"})
]


def pieces(pattern: str, last: str = "") -> list[bytes]:
    """Return each document as a piece of its own, written as the pattern says; `last` is one more piece."""
    made = [pattern.format(document).encode() for document in DOCUMENTS]
    return [*made, last.encode()] if last else made


STREAMS: dict[str, list[bytes]] = {
    "documents": pieces("{}"),
    "lines": pieces("{}\n"),
    "crlf lines": pieces("{}\r\n"),
    "records": pieces("{}\0"),
    "events": pieces("data: {}\n\n", "data: [DONE]\n\n"),
    "crlf events": pieces("data: {}\r\n\r\n", "data: [DONE]\r\n\r\n"),
    "events without end": pieces("data: {}\n\n"),
    "tight events": pieces("data:{}\n\n", "data:[DONE]\n\n"),
}


def offsets(parts: Sequence[bytes | str | None]) -> list[int]:
    """Return the offsets of the cuts between these parts."""
    return list(itertools.accumulate(len(part or b"") for part in parts))[:-1]
