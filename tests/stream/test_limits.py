"""Sizes, depths and digits beyond the limits; and work and memory that grow with the stream only."""

from __future__ import annotations

import gc
import json
import sys
import tracemalloc
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from cuts import at_sizes, every_cut
from unchunk import DepthError, JSONStreamDecoder, JSONStreamError, MalformedJSONError, SizeLimitError, iter_json
from unchunk.stream import array, documents, ends, sse_json, values

DOCUMENT = '{"a": "äöü", "b": [1, 2, {"c": "}"}]}'
SIZE = len(DOCUMENT.encode())


@pytest.mark.parametrize(
    ("framing", "stream"),
    [
        ("auto", DOCUMENT * 3),
        ("auto", f"{DOCUMENT}\n" * 3),
        ("lines", f"{DOCUMENT}\n" * 3),
        ("seq", f"\x1e{DOCUMENT}\n" * 3),
        ("array", f"[{DOCUMENT}, {DOCUMENT},{DOCUMENT}]"),
        ("sse", f"data:{DOCUMENT}\n\n" * 3),
    ],
)
@pytest.mark.parametrize("loads", [None, json.loads])
def test_a_document_of_the_size_allowed_passes_and_one_byte_more_does_not(
    framing: Any, stream: str, loads: Any
) -> None:
    for chunks in every_cut(stream.encode(), two_way_up_to=100):
        # A line of an event may be refused for its field's name, too: that is not part of the document.
        assert len(list(iter_json(chunks, framing=framing, loads=loads, max_size=SIZE + 5))) == 3
        given = iter_json(chunks, framing=framing, loads=loads, max_size=SIZE - 1)
        with pytest.raises(SizeLimitError) as caught:
            list(given)
        assert caught.value.index == 0
        assert list(iter_json(chunks, framing=framing, loads=loads, max_size=None)) == [json.loads(DOCUMENT)] * 3


@pytest.mark.parametrize("framing", ["auto", "lines", "seq", "array", "sse"])
def test_a_document_that_never_ends_is_given_up_at_the_limit(framing: Any) -> None:
    start = {"seq": b'\x1e["', "array": b'[["', "sse": b'data: ["'}.get(framing, b'["')
    taken = 0

    def endless() -> Iterator[bytes]:
        nonlocal taken
        yield start
        while True:
            taken += 1000
            yield b"x" * 1000

    with pytest.raises(SizeLimitError):
        list(iter_json(endless(), framing=framing, max_size=50_000))
    assert taken < 60_000


def test_a_line_that_is_no_data_is_not_kept() -> None:
    def chatty() -> Iterator[bytes]:
        yield b": "
        for _ in range(100):
            yield b"x" * 1000
        yield b"\n\ndata: 1\n\n"

    assert list(iter_json(chatty(), framing="sse", max_size=2000)) == [1]


def test_that_a_document_is_broken_is_said_rather_than_that_it_is_large() -> None:
    for chunks in ([b'{"a" 1' + b"x" * 100], [b'{"', b'a" 1', b"x" * 100]):
        with pytest.raises(MalformedJSONError, match="Expecting ':' delimiter"):
            list(iter_json(chunks, max_size=50))


@pytest.mark.parametrize("framing", ["auto", "lines", "seq", "array", "sse"])
def test_nesting_beyond_the_parser_is_a_depth_error(framing: Any) -> None:
    deep = b"[" * 100_000 + b"]" * 100_000
    start = {"seq": b"\x1e", "array": b"[", "sse": b"data: "}.get(framing, b"")
    end = {"array": b"]", "sse": b"\n\n"}.get(framing, b"\n")
    for size in (1000, 10**6):
        with pytest.raises(DepthError) as caught:
            list(iter_json(at_sizes(start + deep + end, size), framing=framing))
        assert caught.value.index == 0


@pytest.mark.skipif(not hasattr(sys, "get_int_max_str_digits"), reason="this Python has no limit for digits")
def test_integers_beyond_the_limit_for_digits_are_malformed() -> None:
    digits = "1" * 5000
    for text in (f"[{digits}]", f"[{digits}] ", digits, f'{{"a": {digits}}}'):
        for chunks in (at_sizes(text.encode(), 4500), at_sizes(text.encode(), 7), [text.encode()]):
            with pytest.raises(MalformedJSONError, match="digits"):
                list(iter_json(chunks))


def test_a_long_number_that_becomes_a_float_is_none_of_them() -> None:
    text = b"[" + b"1" * 5000 + b"e-5000]"
    for size in (4500, 1000, 7, 10**6):
        assert list(iter_json(at_sizes(text, size))) == [json.loads(text)]


# Work


class Counter:
    """The number of characters that the parsers and scanners have read."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.characters = 0
        scan_once = values.scan_once

        def counting(text: str, start: int) -> tuple[Any, int]:
            try:
                value, end = scan_once(text, start)
            except json.JSONDecodeError as error:
                # What the parser had read: up to the fault, or all of a string that does not end.
                self.characters += len(text) - start if "Unterminated" in error.msg else error.pos - start
                raise
            except StopIteration:
                self.characters += len(text) - start
                raise
            self.characters += end - start
            return value, end

        for module in (values, documents, array, sse_json):
            monkeypatch.setattr(module, "scan_once", counting)
        self._wrap(monkeypatch, "_scan", lambda document: len(document.buffer) - document._scanned)
        look_back = ends.opened_inside

        def counted_look(tail: bytes, opener: int, closer: int) -> bool:
            self.characters += len(tail)
            return look_back(tail, opener, closer)

        for module in (ends, sse_json):
            monkeypatch.setattr(module, "opened_inside", counted_look)

    def _wrap(self, monkeypatch: pytest.MonkeyPatch, name: str, cost: Callable[[Any], int]) -> None:
        plain = getattr(ends.DocumentScanner, name)

        def counting(document: ends.DocumentScanner, closer: int) -> bool:
            self.characters += cost(document)
            return bool(plain(document, closer))

        monkeypatch.setattr(ends.DocumentScanner, name, counting)


def adversaries(size: int) -> dict[str, tuple[str, bytes]]:
    """Streams of about `size` bytes that are hard for one way of reading or another."""
    row = b'{"text": "plain words", "list": [1, 2, {"x": null}], "more": {}}'
    return {
        "one large object": ("auto", b'{"rows": [' + b", ".join([row] * (size // len(row))) + b"]}"),
        "one large array": ("auto", b"[" + b",\n".join([row] * (size // len(row))) + b"]"),
        "elements": ("array", b"[" + b",\n".join([row] * (size // len(row))) + b"]"),
        "lines": ("lines", (row + b"\n") * (size // len(row))),
        "events": ("sse", (b"data: " + row + b"\n\n") * (size // len(row))),
        "one event": ("sse", b'data: {"rows": [' + b", ".join([row] * (size // len(row))) + b"]}\n\n"),
        "an event of many lines": ("sse", b"data: [1\n" + b"data: ,1\n" * (size // 9) + b"data: ]\n\n"),
        "escapes": ("auto", b'{"a": "' + rb"\"\\" * (size // 4) + b'"}'),
        "backslashes": ("auto", b'["' + b"\\\\" * (size // 2) + b'"]'),
        "braces in strings": ("auto", b'{"a": "' + b"{}} " * (size // 4) + b'"}'),
        "closers in strings": ("auto", b'{"a": "' + b"} " * (size // 2) + b'"}'),
        "ends in strings": ("auto", b'{"a": [' + b",".join([b'"}"'] * (size // 4)) + b"]}"),
        "tiny documents": ("auto", b"{} " * (size // 3)),
        "tiny documents, joined": ("auto", b"{}" * (size // 2)),
        "small after large": ("auto", b'{"a": "' + b"x" * (size // 2) + b'"}' + b'{"b": 1}' * (size // 16)),
        "large after small": ("auto", b'{"b": 1}' * (size // 16) + b'{"a": [' + b"{}, " * (size // 8) + b"0]}"),
        "one string": ("auto", b'"' + b"x" * size + b'"'),
        "one string of quotes": ("auto", b'"' + b'\\"' * (size // 2) + b'"'),
        "one number": ("auto", b"0." + b"1" * size + b" "),
        "blanks": ("auto", b"[1]" + b" " * size + b"[2]"),
        "blanks inside": ("auto", b"[1," + b" \n" * (size // 2) + b"2]"),
        "blanks behind brackets": ("auto", b'{"a": [' + b"{}   \n, " * (size // 8) + b"0]}"),
        "numbers": ("auto", b"[" + b"1, " * (size // 3) + b"1]"),
        "nested": ("auto", b'{"a":' * 300 + b'"' + b"x" * size + b'"' + b"}" * 300),
        "nested again and again": ("auto", (b'{"a":' * 200 + b"1" + b"}" * 200) * (size // 1200)),
        "nested in an array": ("auto", b"[" + b",".join([b"[" * 200 + b"]" * 200] * (size // 400)) + b"]"),
        "records of one byte": ("lines", b"1\n" * (size // 2)),
        "blanks before data": ("sse", b"data:" + b" " * size + b"{}\n\n"),
        "comments": ("sse", b": " + b"x" * size + b"\n\ndata: 1\n\n"),
    }


NAMES = sorted(adversaries(1000))


@pytest.mark.parametrize("chunk", [8, 64, 1024, 16384])
@pytest.mark.parametrize("name", NAMES)
def test_work_grows_with_the_stream_and_not_with_its_square(
    name: str, chunk: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    counter = Counter(monkeypatch)
    work = []
    for size in (100_000, 400_000):
        framing, stream = adversaries(size)[name]
        counter.characters = 0
        list(iter_json(at_sizes(stream, chunk), framing=framing, max_size=None))  # type: ignore[call-overload]
        work.append(counter.characters / len(stream))
    # Each byte is looked at a few times: by the parser, for the document's end, in attempts that came too early.
    assert max(work) < 12, work
    assert work[1] < work[0] * 1.5 + 1, work


def test_partial_chunks_cost_no_copy_of_what_came_before(monkeypatch: pytest.MonkeyPatch) -> None:
    decoder = JSONStreamDecoder[Any]()
    decoder.feed(b'{"a": "')
    decoder.feed(b"0" * 10_000)  # more than the longest line that is added up
    buffer = decoder._stream.reader.buffer  # type: ignore[union-attr]
    for _ in range(1000):
        decoder.feed(b"0123456789")
    assert decoder._stream.reader.buffer is buffer  # type: ignore[union-attr]
    assert decoder.pending == 20_007


@pytest.mark.parametrize("chunk", [16, 1024, 65536])
@pytest.mark.parametrize(("start", "end"), [(b'["', b'"]'), (b'data: ["', b'"]\n\n'), (b'"', b'"'), (b'[["', b'"]]')])
def test_memory_stays_below_three_times_the_largest_document(start: bytes, end: bytes, chunk: int) -> None:
    size = 2_000_000

    def chunks() -> Iterator[bytes]:
        yield start
        for _ in range(size // chunk):
            yield b"x" * chunk
        yield end

    framing = "array" if start.startswith(b"[[") else "auto"
    gc.collect()
    tracemalloc.start()
    try:
        before = tracemalloc.get_traced_memory()[0]
        for value in iter_json(chunks(), framing=framing):  # type: ignore[call-overload]
            del value
        peak = tracemalloc.get_traced_memory()[1] - before
    finally:
        tracemalloc.stop()
    assert peak < 3 * size + chunk + 100_000, peak / size


def test_errors_do_not_hold_on_to_the_stream() -> None:
    with pytest.raises(JSONStreamError) as caught:
        list(iter_json([b"[1]" * 100_000 + b"x"]))
    assert len(caught.value.doc) < 100  # type: ignore[attr-defined]
    assert len(caught.value.excerpt) <= 80


def test_blanks_before_data_are_looked_at_once() -> None:
    decoder = JSONStreamDecoder[Any](framing="sse")
    decoder.feed(b"data:")
    for _ in range(65_000):
        decoder.feed(b" ")
        assert decoder.pending <= len(b"data: ")
    assert decoder.feed(b"{}\n\n") == [{}]


@pytest.mark.parametrize("on_error", ["skip", lambda error: None])
def test_a_lone_cr_ends_lines_of_events_in_small_chunks(on_error: Any) -> None:
    for chunks in every_cut(b'data: {"a":1\r\rdata: 0\r\rdata: 2\r\r'):
        assert list(iter_json(chunks, framing="sse", on_error=on_error)) == [0, 2], chunks


class Strict:
    """A parser that is known to be strict, and counts what it is given."""

    def __init__(self) -> None:
        self.characters = 0
        self.values = 0

    def loads(self, document: bytes) -> Any:
        self.characters += len(document)
        value = json.loads(document)
        self.values += 1
        return value


Strict.loads.__module__ = "orjson"


@pytest.mark.parametrize("chunk", [64, 1024, 65536])
@pytest.mark.parametrize(
    "name",
    ["one large object", "one large array", "lines", "events", "one event", "blanks inside"],
)
def test_a_document_is_parsed_once(name: str, chunk: int) -> None:
    framing, stream = adversaries(400_000)[name]
    parser = Strict()
    given = sum(1 for _ in iter_json(at_sizes(stream, chunk), framing=framing, loads=parser.loads))  # type: ignore[call-overload]
    assert parser.values <= given * 1.1 + 1
    # Attempts in vain read a part of a document only.
    assert parser.characters < 2.2 * len(stream)


@pytest.mark.parametrize("chunk", [64, 1024])
@pytest.mark.parametrize("name", [*NAMES, "lines of ends in strings", "lines of arrays"])
def test_work_of_the_callers_parser_grows_with_the_stream(name: str, chunk: int) -> None:
    work = []
    for size in (100_000, 400_000):
        lines = {
            "lines of ends in strings": b'{"a": [' + b",".join([b'"}"'] * 1500) + b"]}\n",
            "lines of arrays": b"[" + b'{"a": "}"}, ' * 500 + b"0]\n",
        }
        if name in lines:
            framing, stream = "auto", lines[name] * (size // len(lines[name]))
        else:
            framing, stream = adversaries(size)[name]
        # Only once the parser has taken a document are lines read without the reader.
        stream = {"auto": b"{}\n", "lines": b"{}\n", "sse": b"data: {}\n\n"}.get(framing, b"") + stream
        parser = Strict()
        list(iter_json(at_sizes(stream, chunk), framing=framing, max_size=None, loads=parser.loads))  # type: ignore[call-overload]
        work.append(parser.characters / len(stream))
    assert max(work) < 12, work
    assert work[1] < work[0] * 1.5 + 1, work


@pytest.mark.parametrize("chunk", [1024, 65536])
@pytest.mark.parametrize("loads", [None, Strict().loads])
def test_memory_is_one_document_beyond_its_value(chunk: int, loads: Any) -> None:
    stream = json.dumps(["x" * 2_000_000]).encode()
    gc.collect()
    tracemalloc.start()
    try:
        value = next(iter_json((stream[at : at + chunk] for at in range(0, len(stream), chunk)), loads=loads))
        after, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    del value
    # `json.loads` decodes bytes into a text of its own.
    assert peak - after < (1.3 if loads is None else 2.3) * len(stream) + 3 * chunk
