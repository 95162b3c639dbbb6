"""JSONTestSuite: each file, whole, byte by byte and in every two parts, has the outcome of `json.loads` on it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from cuts import one_at_a_time, two_way
from shared import shared, shared_path
from unchunk import DepthError, iter_json

# Where a stream is more liberal than a document, or less: name, why, and what a stream gives (None: it refuses).
DIFFERENT: dict[str, tuple[str, list[Any] | None]] = {
    "n_single_space.json": ("a stream may hold no document", []),
    "n_structure_no_data.json": ("a stream may hold no document", []),
    "n_structure_UTF8_BOM_no_data.json": ("a stream may hold no document, its mark is passed over", []),
    "n_structure_double_array.json": ("a stream may hold several documents", [[], []]),
    "n_structure_object_with_trailing_garbage.json": ("a stream may hold several documents", [{"a": True}, "x"]),
    "i_string_UTF-16LE_with_BOM.json": ("RFC 8259 §8.1: JSON between systems is UTF-8", None),
    "i_string_utf16BE_no_BOM.json": ("RFC 8259 §8.1: JSON between systems is UTF-8", None),
    "i_string_utf16LE_no_BOM.json": ("RFC 8259 §8.1: JSON between systems is UTF-8", None),
}
# Cutting these in every two parts would take hours: they are cut at about so many places.
PLACES = 2000


def outcome(chunks: list[bytes]) -> Any:
    """Return the values, or None for a refusal."""
    try:
        return list(iter_json(chunks))
    except ValueError:
        return None


def of_the_whole(text: bytes) -> Any:
    try:
        return [json.loads(text)]
    except (ValueError, RecursionError):
        return None


def files() -> list[str]:
    folder = shared_path("suites", "JSONTestSuite", "test_parsing")
    return sorted(path.name for path in folder.glob("*.json")) or ["absent"]


@pytest.fixture(scope="module")
def suite() -> Path:
    return shared("suites", "JSONTestSuite", "test_parsing")


@pytest.mark.parametrize("name", files())
def test_the_outcome_is_that_of_json_loads_on_the_whole(suite: Path, name: str) -> None:
    text = (suite / name).read_bytes()
    expected = DIFFERENT[name][1] if name in DIFFERENT else of_the_whole(text)
    step = max(1, len(text) // PLACES)
    cuts = [[text], one_at_a_time(text), *(cut for number, cut in enumerate(two_way(text)) if number % step == 0)]
    for chunks in cuts:
        assert repr(outcome(chunks)) == repr(expected), chunks[:2]  # repr: NaN is NaN, 1 is not 1.0


@pytest.mark.parametrize("name", ["n_structure_100000_opening_arrays.json", "n_structure_open_array_object.json"])
def test_nesting_beyond_what_the_parser_can_follow_is_a_depth_error(suite: Path, name: str) -> None:
    text = (suite / name).read_bytes()
    for chunks in ([text], [text[:1000], text[1000:]]):
        with pytest.raises(DepthError):
            list(iter_json(chunks))


@pytest.mark.parametrize("name", DIFFERENT)
def test_every_exception_is_one(suite: Path, name: str) -> None:
    assert of_the_whole((suite / name).read_bytes()) != DIFFERENT[name][1]
