"""unchunk's own runtime: whatever it hands out is whole."""

from __future__ import annotations

import json
from typing import Any

import pytest

import unchunk
from unchunk.analysis.catalog.dsl import Use

from .facts import BODY, CUTS, LINES, check, pieces, row

DOCUMENTS = [json.loads(line) for line in LINES]
CHUNKS = list(pieces(BODY, CUTS))


def fed(decoder: Any) -> list[Any]:
    return [*(value for chunk in CHUNKS for value in decoder.feed(chunk)), *decoder.close()]


@pytest.mark.parametrize(
    ("member", "got"),
    [
        ("iter_json", lambda: list(unchunk.iter_json(CHUNKS))),
        ("rechunk", lambda: [json.loads(piece) for piece in unchunk.rechunk(CHUNKS, at="line")]),
    ],
)
def test_what_it_hands_out_is_whole(member: str, got: Any) -> None:
    assert row("unchunk", member).use is Use.SAFE
    assert got() == DOCUMENTS


def test_a_decoder_hands_out_whole_values() -> None:
    assert row("unchunk.JSONStreamDecoder", "feed").use is Use.SAFE
    assert fed(unchunk.JSONStreamDecoder()) == DOCUMENTS


def test_the_data_of_an_event_is_whole() -> None:
    events = "".join(f"data: {line}\n\n" for line in LINES).encode()
    got = list(unchunk.iter_sse(events[start : start + 5] for start in range(0, len(events), 5)))
    check(got, "unchunk", "iter_sse")
    check([event.data for event in got], "unchunk.ServerSentEvent", "data")
