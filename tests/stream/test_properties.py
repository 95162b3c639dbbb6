"""Properties that hold for any documents and any cuts."""

from __future__ import annotations

import asyncio
import json
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from cuts import asynchronously
from unchunk import (
    JSONStreamDecoder,
    JSONStreamError,
    aiter_json,
    aiter_sse,
    arechunk,
    iter_json,
    iter_sse,
    rechunk,
)

TEXT = st.text(
    st.one_of(st.sampled_from('"\\{}[],:\n\r \u2028\x1eé中\U0001f600'), st.characters(codec="utf-8")), max_size=12
)
SCALARS = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False, allow_infinity=False), TEXT)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(TEXT, inner, max_size=4)),
    max_leaves=12,
)
BLANKS = st.sampled_from(["\n", "\r\n", "\n\n", " ", "\n \t", " \n"])


@st.composite
def cut_anywhere(draw: st.DrawFn, stream: bytes) -> list[bytes]:
    """Draw the stream in chunks, some of them empty."""
    places = sorted(draw(st.lists(st.integers(0, len(stream)), max_size=12)))
    return [stream[start:end] for start, end in zip([0, *places], [*places, len(stream)], strict=True)]


def written(draw: st.DrawFn, value: Any) -> str:
    return json.dumps(value, ensure_ascii=draw(st.booleans()), indent=draw(st.sampled_from([None, 1])))


def one_line(draw: st.DrawFn, value: Any) -> str:
    return json.dumps(value, ensure_ascii=draw(st.booleans()))


@st.composite
def streams(draw: st.DrawFn) -> tuple[str, bytes, list[Any]]:
    """Draw a framing, a stream in it, and its values."""
    values = draw(st.lists(VALUES, max_size=6))
    framing = draw(st.sampled_from(["auto", "concat", "lines", "seq", "array", "sse"]))
    match framing:
        case "auto" | "concat":
            text = "".join(written(draw, value) + draw(BLANKS) for value in values)
        case "lines":
            text = "".join(one_line(draw, value) + draw(st.sampled_from(["\n", "\r\n", "\n\n"])) for value in values)
        case "seq":
            text = "".join("\x1e" + written(draw, value) + "\n" for value in values)
        case "array":
            text = "[" + ",\n".join(written(draw, value) for value in values) + "]"
        case _:
            text = "".join(event(draw, value) for value in values)
            text = text.replace("\n", draw(st.sampled_from(["\n", "\r\n", "\r"])))
    return framing, text.encode("utf-8", "surrogatepass"), values


def event(draw: st.DrawFn, value: Any) -> str:
    before = draw(st.sampled_from(["", "event: x\n", ": note\n\n", "id: 1\nretry: 5\n"]))
    space = draw(st.sampled_from(["", " "]))
    lines = "".join(f"data:{space}{line}\n" for line in written(draw, value).split("\n"))
    return before + lines + draw(st.sampled_from(["", "id\n"])) + "\n"


@settings(max_examples=400, deadline=None)
@given(st.data())
def test_values_do_not_depend_on_the_cuts(data: st.DataObject) -> None:
    framing, stream, values = data.draw(streams())
    chunks = data.draw(cut_anywhere(stream))
    assert list(iter_json(chunks, framing=framing)) == values  # type: ignore[call-overload]
    assert list(iter_json(chunks, framing=framing, loads=json.loads)) == values  # type: ignore[call-overload]


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_each_value_comes_with_the_chunk_that_completes_it(data: st.DataObject) -> None:
    framing, stream, values = data.draw(streams())
    decoder = JSONStreamDecoder[Any](framing=framing)  # type: ignore[call-overload]
    given_at: list[int] = []
    for place in range(len(stream)):
        given_at += [place] * len(decoder.feed(stream[place : place + 1]))
    given_at += [len(stream)] * len(decoder.close())
    # A value cannot be told complete sooner than its last byte, and is given no later than with it.
    for number, (place, value) in enumerate(zip(given_at, values, strict=True)):
        before = JSONStreamDecoder[Any](framing=framing)  # type: ignore[call-overload]
        assert len(before.feed(stream[:place])) == number
        if isinstance(value, (dict, list, str)) and place < len(stream):
            assert stream[place : place + 1] in (b"}", b"]", b'"')
        if isinstance(value, bool) or value is None:
            assert stream[place : place + 1] in (b"e", b"l")


@settings(max_examples=300, deadline=None)
@given(st.data(), st.binary(max_size=40) | st.text('{}[]",:\\ \ndat1e[DONE]\x1e', max_size=40).map(str.encode))
def test_garbage_has_one_outcome_whatever_the_cuts(data: st.DataObject, stream: bytes) -> None:
    framing = data.draw(st.sampled_from(["auto", "concat", "lines", "seq", "array", "sse"]))
    chunks = data.draw(cut_anywhere(stream))
    assert outcome([stream], framing) == outcome(chunks, framing)


def outcome(chunks: list[bytes], framing: Any) -> Any:
    values: list[Any] = []
    try:
        values.extend(iter_json(chunks, framing=framing))
    except JSONStreamError as error:
        return repr(values), type(error), error.message, error.offset, error.index
    return repr(values)


@settings(max_examples=300, deadline=None)
@given(st.data(), st.binary(max_size=60) | st.text('{}[]",: \r\ndat1\x1e', max_size=60).map(str.encode))
def test_a_re_cut_loses_nothing(data: st.DataObject, stream: bytes) -> None:
    chunks = data.draw(cut_anywhere(stream))
    at = data.draw(st.sampled_from(["document", "line", "event", b"\n\n", b"a"]))
    assert b"".join(rechunk(chunks, at=at)) == stream


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_the_async_twins_give_the_same(data: st.DataObject) -> None:
    framing, stream, values = data.draw(streams())
    chunks = data.draw(cut_anywhere(stream))

    async def collect() -> tuple[list[Any], list[Any], list[Any]]:
        return (
            [value async for value in aiter_json(asynchronously(chunks), framing=framing)],  # type: ignore[call-overload]
            [piece async for piece in arechunk(asynchronously(chunks), at="line")],
            [event async for event in aiter_sse(asynchronously(chunks))],
        )

    assert asyncio.run(collect()) == (values, list(rechunk(chunks, at="line")), list(iter_sse(chunks)))
