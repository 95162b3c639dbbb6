"""The streams that the example programs read, as a server would send them, and where they are well cut."""

from __future__ import annotations

import itertools
import json
from typing import Any

CITIES: list[dict[str, Any]] = [
    {"city": "Zürich", "note": 'lake, "old" town {1}'},
    {"city": "São Paulo", "people": 11_451_245},
    {"city": "東京", "wards": [23, "特別区"]},
]

DOCUMENTS = [json.dumps(city, ensure_ascii=False) for city in CITIES]


def ndjson() -> list[bytes]:
    """Return one document a line; every piece is a whole line."""
    return [document.encode() + b"\n" for document in DOCUMENTS]


def chat_events(contents: list[str]) -> list[bytes]:
    """Server-sent events of an OpenAI-compatible chat completion, `[DONE]` included; every piece is a whole event."""
    return [*(_event(_chunk(content)) for content in ["", *contents]), b"data: [DONE]\n\n"]


def well_cut(pieces: list[bytes]) -> list[int]:
    """Return the offsets between the pieces, as `CuttingServer` takes them."""
    return list(itertools.accumulate(map(len, pieces)))[:-1]


def _event(payload: dict[str, Any]) -> bytes:
    return b"data: " + json.dumps(payload, ensure_ascii=False).encode() + b"\n\n"


def _chunk(content: str) -> dict[str, Any]:
    choice = {"index": 0, "delta": {"role": "assistant", "content": content}, "finish_reason": None}
    return {"id": "chat-1", "object": "chat.completion.chunk", "created": 0, "model": "m", "choices": [choice]}
