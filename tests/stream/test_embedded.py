"""JSON in a model's text: in fences, or behind a sentence; whole and while it is written."""

from __future__ import annotations

import json
from typing import Any

import pytest

from cuts import every_cut
from unchunk import JSONStreamError, MalformedJSONError, TruncatedError, aiter_partial, iter_json, iter_partial

A: dict[str, Any] = {"a": [1, {"b": "}```{"}]}
TEXT = json.dumps(A)
# Text, and the values in it.
PROSE: list[tuple[str, list[Any]]] = [
    ("No JSON here, {neither} [this](link) [1] nor - [ ] that `{` ``", []),
    ("", []),
    (TEXT, [A]),
    (f"```json\n{TEXT}\n```", [A]),
    (f"``` JSON\n{TEXT}```", [A]),
    (f"```\n{TEXT}\n```\n", [A]),
    (f"Here is the result you asked for: {TEXT} Anything else?", [A]),
    (f"Sure, see [1]:\n\n```json\n{TEXT}\n```\nHope it helps {{really}}!\n", [A]),
    (f'```python\nprint({{"no": 1}})\n```\nprints\n```json\n{TEXT}\n```', [A]),
    (f"First {TEXT}, then [1, 2], [[]] and [true, null] – done.", [A, [1, 2], [[]], [True, None]]),
    ('“é” {"ключ": "é😀"} “{” {}', [{"ключ": "é😀"}, {}]),
    ('[{"a": 1}, {"b": [2]}] ok', [[{"a": 1}, {"b": [2]}]]),
]
# What stays an error, and where.
BROKEN: list[tuple[str, type[JSONStreamError], int]] = [
    ('so: {"a": 1,}', MalformedJSONError, 12),
    ('```json\n{"a": "line\nbreak"}\n```', MalformedJSONError, 19),
    ('```json\n{"a": [1,\n```\nOnce more: {"b": 2}', MalformedJSONError, 17),
    ('Here: {"a": [1, ', TruncatedError, 16),
]


@pytest.mark.parametrize(("text", "values"), PROSE)
def test_values_are_found_in_text(text: str, values: list[Any]) -> None:
    for chunks in every_cut(text.encode(), two_way_up_to=60):
        assert list(iter_json(chunks, embedded=True)) == values, chunks
        assert list(iter_json(chunks, embedded=True, loads=json.loads)) == values, chunks


@pytest.mark.parametrize(("text", "kind", "offset"), BROKEN)
def test_broken_documents_in_text_are_errors(text: str, kind: type[JSONStreamError], offset: int) -> None:
    for chunks in every_cut(text.encode(), two_way_up_to=40):
        with pytest.raises(kind) as caught:
            list(iter_json(chunks, embedded=True))
        assert (type(caught.value), caught.value.offset, caught.value.index) == (kind, offset, 0), chunks


def test_a_broken_document_spoils_its_fence_only() -> None:
    for chunks in every_cut(BROKEN[2][0].encode()):
        errors: list[JSONStreamError] = []
        assert list(iter_json(chunks, embedded=True, on_error=errors.append)) == [{"b": 2}], chunks
        assert len(errors) == 1


def test_a_document_in_text_is_given_with_its_last_byte() -> None:
    fragments = iter(["Here: {", '"a": 1', "}", " and", " so on"])
    assert next(iter_json(fragments, embedded=True)) == {"a": 1}
    assert list(fragments) == [" and", " so on"]


def test_a_document_in_text_may_be_too_large() -> None:
    with pytest.raises(JSONStreamError, match="max_size=5"):
        list(iter_json(["a sentence before it ", '{"a": 1}'], embedded=True, max_size=5))
    assert list(iter_json(["a sentence before it ", '{"a": 1}'], embedded=True, max_size=8)) == [{"a": 1}]
    assert list(iter_partial(["a sentence before it ", '{"a": 1}'], embedded=True, max_size=8)) == [{"a": 1}]


def test_text_has_no_framing() -> None:
    with pytest.raises(ValueError, match="embedded"):
        iter_json([], embedded=True, framing="lines")


# While it is written


@pytest.mark.parametrize(("text", "values"), PROSE)
def test_the_first_value_in_text_grows(text: str, values: list[Any]) -> None:
    for chunks in every_cut(text.encode(), two_way_up_to=60):
        snapshots = list(iter_partial(chunks, embedded=True))
        assert snapshots[-1:] == values[:1], chunks
    snapshots = list(iter_partial(text, embedded=True))
    assert snapshots == values[:1]


def test_fences_around_a_growing_value_are_passed_over() -> None:
    fragments = ["Here:\n``", '`json\n{"a": "x', 'y", "b"', ": [1", "]}\n``", '`\nbye {"c": 1}']
    assert list(iter_partial(fragments, embedded=True)) == [
        {"a": "x"},
        {"a": "xy"},
        {"a": "xy", "b": [1]},
        {"a": "xy", "b": [1]},
    ]
    with pytest.raises(MalformedJSONError):
        list(iter_partial(fragments))


# Which parts are complete


def test_the_path_tells_what_is_being_written() -> None:
    growing = iter_partial(['{"rows": [{"a": "x', 'y", "b', '": 1', "2}, ", '{"a": tr', 'ue}], "n": 3', "}"])
    paths = []
    for _ in growing:
        paths.append((growing.path, growing.is_complete("rows", 0), growing.is_complete("rows"), growing.is_complete()))
    assert paths == [
        (("rows", 0, "a"), False, False, False),
        (("rows", 0), False, False, False),
        (("rows", 0, "b"), False, False, False),
        (("rows",), True, False, False),
        (("rows", 1, "a"), True, False, False),
        (("n",), True, True, False),
        (None, True, True, True),
    ]


@pytest.mark.parametrize("text", ['"text"', "12", "true", "[]", "{}"])
def test_a_document_of_one_part_is_complete_at_its_end(text: str) -> None:
    growing = iter_partial([text[:1], text[1:], " "])
    assert growing.path == ()
    assert not growing.is_complete()
    for _ in growing:
        pass
    assert growing.path is None
    assert growing.is_complete()


def test_a_part_that_is_complete_does_not_change() -> None:
    text = json.dumps({"rows": [{"id": 1, "tags": ["a", "b"]}, {"id": 22, "tags": []}, "end", None], "n": -1.5})

    def parts(value: Any, path: tuple[Any, ...] = ()) -> Any:
        yield path, value
        inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
        for key, part in inner:
            yield from parts(part, (*path, key))

    whole = dict(parts(json.loads(text)))
    growing = iter_partial(list(text))
    for snapshot in growing:
        for path, part in parts(snapshot):
            if growing.is_complete(*path):
                assert part == whole[path], (path, snapshot)


def test_the_asynchronous_twin_tells_the_same() -> None:
    import asyncio

    async def fragments() -> Any:
        for text in ('so: {"a": [1', "], "):
            yield text

    async def told() -> list[Any]:
        growing = aiter_partial(fragments(), embedded=True)
        paths: list[Any] = []
        try:
            async for _ in growing:
                paths.append((growing.path, growing.is_complete("a")))
        except TruncatedError:
            paths.append("truncated")
        return paths

    assert asyncio.run(told()) == [(("a", 0), False), ((), True), "truncated"]
