"""Errors of `loads` and `on_error`: still caught by who caught them before, and nothing around them is lost."""

from __future__ import annotations

import functools
import json
import pickle
from collections.abc import Callable
from typing import Any

import pytest

from cuts import every_cut
from unchunk import JSONFragments, JSONStreamDecoder, JSONStreamError, MalformedJSONError, TruncatedError, iter_json

VALUES = [{"a": 1}, [2], "x"]
STREAMS = {
    "auto": b'{"a": 1}\n%s\n"x"\n',
    "concat": b'{"a": 1}%s"x"',
    "lines": b'{"a": 1}\n%s\n"x"\n',
    "seq": b'\x1e{"a": 1}\n\x1e%s\n\x1e"x"\n',
    "array": b'[{"a": 1}, %s, "x"]',
    "sse": b'data: {"a": 1}\n\ndata: %s\n\ndata: "x"\n\n',
}
# What is no JSON, and ends nowhere, in the middle of a stream.
FAULTS = [b"oops", b"[2,]", b"{'b': 2}", b"\xff", b'["\xff"]', b"<html>"]


class ApplicationError(Exception):
    pass


class Picky(ValueError):
    def __init__(self, word: str, *, number: int) -> None:
        super().__init__(word, number)
        self.number = number


def parser(name: str, attribute: str) -> Callable[[Any], Any]:
    return getattr(pytest.importorskip(name), attribute)  # type: ignore[no-any-return]


def raised(framing: Any, stream: bytes, **options: Any) -> tuple[list[Any], Exception]:
    values: list[Any] = []
    try:
        values.extend(iter_json([stream], framing=framing, **options))
    except Exception as error:
        return values, error
    raise AssertionError("no error")


@pytest.mark.parametrize("framing", STREAMS)
@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize(
    ("module", "attribute", "kinds"),
    [
        ("json", "loads", (json.JSONDecodeError, UnicodeDecodeError)),
        ("orjson", "loads", ("JSONDecodeError",)),
        ("msgspec.json", "decode", ("DecodeError",)),
        ("simplejson", "loads", ("JSONDecodeError", UnicodeDecodeError)),
        ("rapidjson", "loads", ("JSONDecodeError", UnicodeDecodeError, ValueError)),
        ("pydantic_core", "from_json", (ValueError,)),
    ],
)
def test_errors_are_of_the_parsers_own_kind(
    framing: Any, fault: bytes, module: str, attribute: str, kinds: tuple[Any, ...]
) -> None:
    loads = parser(module, attribute)
    root = pytest.importorskip(module.partition(".")[0])
    own = tuple(getattr(root, kind) if isinstance(kind, str) else kind for kind in kinds)
    stream = STREAMS[framing] % fault
    for chunks in every_cut(stream, two_way_up_to=10):
        values: list[Any] = []
        with pytest.raises(own) as caught:
            values.extend(iter_json(chunks, framing=framing, loads=loads))
        assert values == [{"a": 1}]
        assert isinstance(caught.value, MalformedJSONError)
        assert caught.value.index == 1


@pytest.mark.parametrize("framing", STREAMS)
def test_an_error_that_no_class_can_be_made_from_is_raised_itself(framing: Any) -> None:
    pydantic = pytest.importorskip("pydantic")

    class Row(pydantic.BaseModel):  # type: ignore[name-defined,misc]
        a: int

    stream = STREAMS[framing] % b'{"a": "no number"}'
    adapter = pydantic.TypeAdapter(Row)
    for loads in (Row.model_validate_json, adapter.validate_json):
        for chunks in every_cut(stream, two_way_up_to=10):
            given = iter_json(chunks, framing=framing, loads=loads)
            assert next(given) == Row(a=1)
            with pytest.raises(pydantic.ValidationError) as caught:
                next(given)
            assert caught.value.errors()[0]["loc"] == ("a",)
        with pytest.raises(pydantic.ValidationError):
            list(iter_json([STREAMS[framing] % b"oops"], framing=framing, loads=loads))
        decoder = JSONStreamDecoder[Any](framing=framing, loads=loads)
        assert decoder.feed(stream) == [Row(a=1)]
        with pytest.raises(pydantic.ValidationError):
            decoder.feed(b"")
    if framing in ("lines", "seq", "sse"):
        skipping = iter_json([stream], framing=framing, loads=Row.model_validate_json, on_error="skip")
        assert list(skipping) == [Row(a=1)]


@pytest.mark.parametrize("loads", [None, json.loads])
def test_bytes_that_are_no_utf8_are_a_unicode_error(loads: Any) -> None:
    for stream in (b'[1]\n["\xff"]\n', b"[1]\n\xff", b'[1]\n["\xe4'):
        for chunks in every_cut(stream):
            given = iter_json(chunks, loads=loads)
            assert next(given) == [1]
            with pytest.raises(json.JSONDecodeError) as caught:
                list(given)
            assert isinstance(caught.value, (UnicodeDecodeError, TruncatedError)), (stream, chunks)


@pytest.mark.parametrize("framing", STREAMS)
def test_a_truncated_document_is_of_the_parsers_kind_too(framing: Any) -> None:
    orjson = pytest.importorskip("orjson")
    stream = STREAMS[framing].partition(b"%s")[0] + b'{"b": '
    for chunks in every_cut(stream):
        given = iter_json(chunks, framing=framing, loads=orjson.loads)
        assert next(given) == {"a": 1}
        with pytest.raises(orjson.JSONDecodeError) as caught:
            list(given)
        assert isinstance(caught.value, TruncatedError)


def test_such_errors_survive_pickling_and_say_where() -> None:
    orjson = pytest.importorskip("orjson")
    _, error = raised("auto", b"[1]\noops\n", loads=orjson.loads)
    again = pickle.loads(pickle.dumps(error))
    assert isinstance(again, orjson.JSONDecodeError)
    assert isinstance(again, MalformedJSONError)
    assert (str(again), again.__dict__) == (str(error), error.__dict__)
    assert str(error).startswith("Expecting value: byte 4 of the stream, after 1 values")
    assert isinstance(error.__cause__, orjson.JSONDecodeError)


@pytest.mark.parametrize("framing", STREAMS)
def test_an_error_with_a_constructor_of_its_own_keeps_what_it_knows(framing: Any) -> None:
    def loads(document: Any) -> Any:
        if (value := json.loads(document)) == [2]:
            raise Picky("no", number=7)
        return value

    values, error = raised(framing, STREAMS[framing] % b"[2]", loads=loads)
    assert values == [{"a": 1}]
    assert isinstance(error, Picky)
    assert isinstance(error, MalformedJSONError)
    assert error.number == 7


@pytest.mark.parametrize("framing", STREAMS)
def test_what_is_no_error_of_a_parser_passes_through(framing: Any) -> None:
    def loads(document: Any) -> Any:
        value = json.loads(document)
        return value if value != [2] else {}["missing"]

    for chunks in every_cut(STREAMS[framing] % b"[2]", two_way_up_to=20):
        given = iter_json(chunks, framing=framing, loads=loads)
        assert next(given) == {"a": 1}
        with pytest.raises(KeyError) as caught:
            next(given)
        assert type(caught.value) is KeyError
    if framing in ("lines", "seq", "sse"):
        with pytest.raises(KeyError):
            list(iter_json([STREAMS[framing] % b"[2]"], framing=framing, loads=loads, on_error="skip"))


def test_fragments_raise_the_parsers_own_kind() -> None:
    orjson = pytest.importorskip("orjson")
    fragments = JSONFragments[int](loads=orjson.loads)
    fragments.add(0, "[1")
    with pytest.raises(orjson.JSONDecodeError) as caught:
        fragments.finish(0)
    assert isinstance(caught.value, MalformedJSONError)


# The decoder loses nothing


@pytest.mark.parametrize("framing", STREAMS)
def test_a_decoder_raises_an_applications_error_in_its_place_and_goes_on(framing: Any) -> None:
    def loads(document: Any) -> Any:
        if (value := json.loads(document)) == [2]:
            raise ApplicationError
        return value

    for chunks in every_cut(STREAMS[framing] % b"[2]", two_way_up_to=30):
        decoder = JSONStreamDecoder[Any](framing=framing, loads=loads)
        given: list[Any] = []
        for step in [*(functools.partial(decoder.feed, chunk) for chunk in chunks), *[decoder.close] * 3]:
            try:
                given += step()
            except ApplicationError:
                given.append("raised")
        assert given == [{"a": 1}, "raised", "x"], chunks


def test_a_decoder_loses_nothing_when_on_error_raises() -> None:
    def stop(error: JSONStreamError) -> None:
        raise ApplicationError

    for chunks in every_cut(b"[1]\noops\n[2]\n\n!\n[3]\n"):
        decoder = JSONStreamDecoder[Any](framing="lines", on_error=stop)
        given: list[Any] = []
        for step in [*(functools.partial(decoder.feed, chunk) for chunk in chunks), *[decoder.close] * 5]:
            try:
                given += step()
            except ApplicationError:
                given.append("raised")
        assert given == [[1], "raised", [2], "raised", [3]], chunks


def test_an_error_that_is_raised_again_is_no_longer_for_it() -> None:
    decoder = JSONStreamDecoder[Any]()
    lengths = set()
    for _ in range(3):
        with pytest.raises(MalformedJSONError) as caught:
            decoder.feed(b"oops\n")
        lengths.add(len(caught.traceback))
    assert len(lengths) == 1


# A parser that takes fragments


@pytest.mark.parametrize("framing", STREAMS)
@pytest.mark.parametrize("document", [b'{"b": [1, 2]}', b'{\n"b":\n[1\n,2]\n}', b'"y"'])
def test_a_parser_that_takes_anything_gets_whole_documents(framing: Any, document: bytes) -> None:
    if framing == "lines" and b"\n" in document:
        return
    if framing == "sse":
        stream = STREAMS[framing] % document.replace(b"\n", b"\ndata: ")
    else:
        stream = STREAMS[framing] % document
    for chunks in every_cut(stream):
        given = list(iter_json(chunks, framing=framing, loads=bytes))
        assert [json.loads(text) for text in given] == [{"a": 1}, json.loads(document), "x"], chunks


# The end mark


@pytest.mark.parametrize("end", [b"", b"\n", b"\r\n", b"\n\n"])
@pytest.mark.parametrize("loads", [None, json.loads, bytes])
@pytest.mark.parametrize("framing", ["auto", "concat", "lines", "seq"])
def test_a_bare_end_mark_ends_the_stream(framing: Any, loads: Any, end: bytes) -> None:
    stream = STREAMS[framing] % b"[2]" + (b"\x1e" if framing == "seq" else b"") + b"[DONE]" + end
    for more in (b"", b"oops\n", b'{"late": 1}\n'):
        for chunks in every_cut(stream + more):
            given = list(iter_json(chunks, framing=framing, loads=loads))
            assert len(given) == 3, chunks
            if loads is not bytes:
                assert given == VALUES
            decoder = JSONStreamDecoder[Any](framing=framing, loads=loads)
            pushed = [value for chunk in chunks for value in decoder.feed(chunk)]
            assert pushed + decoder.close() == given


@pytest.mark.parametrize("stream", [b"[DONE]", b"[DONE]\n", b"\n[DONE]"])
def test_a_stream_may_hold_the_end_mark_only(stream: bytes) -> None:
    for chunks in every_cut(stream):
        assert list(iter_json(chunks)) == []
        assert list(iter_json(chunks, framing="lines", on_error="skip")) == []


@pytest.mark.parametrize(
    "stream", [b"[1]\n[DON", b"[1]\n[DONX]\n", b"[1]\n[D]\n", b"[1]\n[]DONE]\n", b'[1]\n["DONE]\n']
)
@pytest.mark.parametrize("framing", ["auto", "lines"])
def test_what_only_begins_like_the_end_mark_is_malformed(framing: Any, stream: bytes) -> None:
    outcomes = set()
    for chunks in every_cut(stream):
        with pytest.raises(JSONStreamError) as caught:
            list(iter_json(chunks, framing=framing))
        outcomes.add((type(caught.value), caught.value.message, caught.value.offset))
    assert len(outcomes) == 1


def test_the_end_mark_in_a_string_or_an_array_is_none() -> None:
    for chunks in every_cut(b'["[DONE]"]\n"[DONE]"\n[["DONE"]]\n'):
        assert list(iter_json(chunks)) == [["[DONE]"], "[DONE]", [["DONE"]]]


# Skipping where documents were found


@pytest.mark.parametrize(
    ("stream", "values", "faults"),
    [
        (b'{"error": {"code": 429}}', [{"error": {"code": 429}}], 0),
        (b'{\n "error": {\n  "code": 429\n }\n}\n', [{"error": {"code": 429}}], 0),
        (b"[1]\noops\n[2]\n", [[1], [2]], 1),
        (b'[1]\n{"half": "\n[2]\n', [[1], [2]], 1),
        (b'[1]\n{"half":\n[2]\n[3]\n', [[1], [2], [3]], 1),
        (b'[1]\n{"half":\n[2]\n', [[1], [2]], 1),
        (b'[1]\n{"b" 1}\r\n\n"\xff"\n[2]', [[1], [2]], 2),
        (b"[1] oops [2]\n[3]\n", [[1], [3]], 1),
        (b'[1]\n{\n"a": oops\n}\n[2]\n', [[1], [2]], 2),
        (b"<html>\n<b>\n", [], 2),
        (b'[1]\n{"a"', [[1]], 1),
    ],
)
@pytest.mark.parametrize("loads", [None, json.loads])
def test_documents_behind_a_broken_one_are_read_where_faults_are_skipped(
    stream: bytes, values: list[Any], faults: int, loads: Any
) -> None:
    for chunks in every_cut(stream):
        errors: list[JSONStreamError] = []
        assert list(iter_json(chunks, loads=loads, on_error=errors.append)) == values, chunks
        assert len(errors) == (faults if loads is None else min(faults, len(errors))), (chunks, errors)
