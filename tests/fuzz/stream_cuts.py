"""Fuzz the runtime helper for a bounded time: `python tests/fuzz/stream_cuts.py --seconds 60 [--atheris]`.

Whatever the bytes and wherever they are cut, the outcome is one: the same values and then the same error, at the same
offset, in every mode of dealing with errors and for parsers of the caller's own; a re-cut loses nothing and cuts by the
bytes; and a growing value ends as what `json.loads` gives. Without `--atheris` inputs are made by mutating streams at
random and by breaking them: cut off, with garbage in them, with mixed line ends, in the wrong framing; with it, by
coverage (`pip install atheris`). The first input that breaks a rule is printed and ends the run.
"""

from __future__ import annotations

import argparse
import ast
import json
import logging
import random
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import orjson

from unchunk import JSONStreamDecoder, iter_json, iter_partial, iter_sse, rechunk

sys.path.append(str(Path(__file__).parent.parent / "stream"))
from laws import check_pieces

FRAMINGS = ("auto", "concat", "lines", "seq", "array", "sse")
SKIPPING = ("auto", "lines", "seq", "sse")
DELIMITERS = (b"\0", b"\x1e", b"\r\n", b"<END>", b";", b"\n\n")
PLACES: tuple[Any, ...] = ("document", "document", "line", "event", b"\n\n", b"}", b"aa")
ENDS = (None, None, b"\n", b";", b"<END>", b"\r\n")
SEEDS = [
    b'{"a": [1, 2.5e3, null, true, {"b": "x}"}]}\n[]\n"\\u00e9\\"{"\n' * 3,
    b'data: {"a": "}"}\n\ndata: {"b":\r\ndata: [1]}\r\n\r\nevent: x\nid: 1\n: c\n\ndata: [DONE]\n\n',
    b'[{"a": "\\\\"}, [], "}", 1, -0.0, {}, [[{}]], "]"]',
    b'\x1e{"a": 1}\n\x1e12\n\x1e"x"\n',
    '\ufeff{"ключ": "é中\U0001f600"}{"a": {}}{"b": "}{"}'.encode() * 4,
    (b'{"code": "print(\\"{}\\".format(x)) }} ; }", "more": {"text": "\\\\}"}}\n' * 30) + b"{}\n[]{}\n",
]
TOKENS = [*b"""{ } [ ] " \\ , : \x1e 1 tru \xff data:""".split(), b"\n", b"\r\n", b"data: ", b" "]
DOCUMENTS = [
    b'{"a": 1}',
    b'{"b": "x} {", "c": [1, {"d": null}]}',
    '["é", "\U0001f600", "\\u00e9"]'.encode(),
    b'{\n "a": {\n  "b": [1]\n }\n}',
    b'[\n{"a": 1},\n{"b": 2}\n]',
    b'"text"',
    b"12",
    b"-1.5e3",
    b"true",
    b"null",
    b"{}",
    b"[]",
]
BROKEN = [
    *(
        b'{"a": 1,}',
        b"{'a': 1}",
        b'{"a" 1}',
        b'{"a": "x',
        b'{"a":',
        b"[1,",
        b"{",
        b'"x',
        b"tru",
        b"-",
        b"01",
        b"1.",
        b"}",
    ),
    *(
        b"oops",
        b"<html>{}</html>",
        b'["\xff"]',
        b"\xe4\xb8",
        b'["\\uZZZZ"]',
        b'["\\u12"]',
        b'["\\x"]',
        b"[DONE",
        b"[1 2]",
    ),
    *(b'{"error": {"message": "overloaded"}}', b"ping", b"[DONE]", b"\xef\xbb\xbf", b'["a\tb"]', b"1" * 4400),
]
BETWEEN = [
    b"\n",
    b"\n",
    b"\n",
    b"\r\n",
    b"\r",
    b"",
    b" ",
    b",",
    b";",
    b"\0",
    b"\x1e",
    b"<END>",
    b"\n\n",
    b"\r\r",
    b"\r\n\r\n",
]
BEFORE = [b"", b"", b"", b"data: ", b"data:", b"\x1e", b"event: x\ndata: ", b": note\n\n", b"id: 1\n", b"  "]


# Ways to cut each stream: what it gives whole is worked out once.
_CUTS = 10


class Refused(Exception):
    """An error of the application's own."""


def picky(document: bytes) -> Any:
    value = json.loads(document)
    if value == {}:
        raise Refused("empty")
    if value == []:
        raise ValueError("empty list")
    return value


# `orjson` is one of those that are known to be strict, and is asked before a document's end is known.
PARSERS: tuple[Callable[[Any], Any] | None, ...] = (
    None,
    None,
    json.loads,
    picky,
    bytes,
    ast.literal_eval,
    orjson.loads,
)


def told(error: Exception) -> tuple[Any, ...]:
    """Return the content of an error: its kinds, and its position."""
    kinds = tuple(kind.__name__ for kind in type(error).__mro__)
    return kinds, getattr(error, "message", ""), getattr(error, "offset", -1), getattr(error, "index", -1)


def outcome(chunks: list[bytes], options: dict[str, Any]) -> list[Any]:
    """Return the values, the handled errors in their places, and the error that ended the stream."""
    values: list[Any] = []
    if options["on_error"] == "collect":
        options = options | {"on_error": lambda error: values.append(told(error))}
    try:
        for value in iter_json(chunks, **options):
            values.append(repr(value))
    except Exception as error:  # noqa: BLE001 (all of them are compared)
        values.append(told(error))
    return values


def pushed(chunks: list[bytes], options: dict[str, Any]) -> list[Any]:
    """Return the same by the decoder, up to the first error."""
    values: list[Any] = []
    if options["on_error"] == "collect":
        options = options | {"on_error": lambda error: values.append(told(error))}
    decoder = JSONStreamDecoder[Any](**options)
    try:
        for chunk in chunks:
            values += map(repr, decoder.feed(chunk))
        for _ in range(3):
            values += map(repr, decoder.close())
    except Exception as error:  # noqa: BLE001
        values.append(told(error))
    return values


def grown(chunks: list[bytes]) -> Any:
    snapshot = None
    try:
        for snapshot in iter_partial(chunks):  # noqa: B007 (the last one counts)
            pass
    except ValueError:
        return None
    return repr(snapshot)


def is_utf8(stream: bytes) -> bool:
    try:
        stream.decode()
    except UnicodeDecodeError:
        return False
    return True


def cut(stream: bytes, source: random.Random) -> list[bytes]:
    mean = source.choice((1, 4, 20, 100, 1000) if len(stream) < 500 else (30, 100, 1000))
    chunks, start = [], 0
    while start < len(stream):
        end = start + 1 + int(source.expovariate(1 / mean))
        chunks.append(stream[start:end])
        start = end
    return chunks


def options_of(source: random.Random) -> dict[str, Any]:
    on_error: Any = source.choice(("raise", "raise", "skip", "collect"))
    framing = source.choice(FRAMINGS if on_error == "raise" else SKIPPING)
    options = {"framing": framing, "on_error": on_error, "loads": source.choice(PARSERS)}
    match source.randrange(8):
        case 0:
            options["max_size"] = source.choice((3, 8, 20, 50))
        case 1:
            options["done"] = source.choice((None, "oops", ("ping", b"[DONE]"), "<html>"))
        case 2:
            options["framing"] = source.choice(DELIMITERS)
        case 3:
            options["strict"] = True
        case 4 if on_error == "raise":
            options |= {"framing": "auto", "embedded": True}
    return options


def comparable(told_of: list[Any], *, exact: bool) -> list[Any]:
    """Normalize two faults in one document, one of them invalid UTF-8: either may be reported."""
    return told_of if exact else [each if isinstance(each, str) else "error" for each in told_of]


def check(stream: bytes, source: random.Random, cuts: int = 1) -> None:
    """Raise AssertionError if a rule is broken for one of some ways to cut a stream."""
    options = options_of(source)
    exact = is_utf8(stream)
    whole = comparable(outcome([stream], options), exact=exact)
    events = list(iter_sse([stream]))
    value = None
    # A growing number is shown while it is short.
    if b"1" * 1000 not in stream:
        with suppress(ValueError, RecursionError):
            value = repr(json.loads(stream.decode()))
    for _ in range(cuts):
        chunks = cut(stream, source)
        assert comparable(outcome(chunks, options), exact=exact) == whole, (options, chunks)
        if options["on_error"] != "collect":
            assert comparable(pushed(chunks, options), exact=exact) == whole, (options, chunks, "pushed")
        if source.random() < 0.3:
            check_re_cut(stream, chunks, source)
            assert list(iter_sse(chunks)) == events, (chunks, "events")
        assert value is None or grown(chunks) == value, (chunks, "grown")


def check_re_cut(stream: bytes, chunks: list[bytes], source: random.Random) -> None:
    place = source.choice(PLACES)
    if place != "document":
        pieces = list(rechunk(chunks, at=place))
        assert b"".join(pieces) == stream, (place, chunks)
        assert place == "event" or pieces == list(rechunk([stream], at=place)), (place, chunks)
        return
    end = source.choice(ENDS)
    if stream.rstrip(b" \t").endswith(b"{"):
        # A mark that may turn into an object at the very end is cut off there, if its chunk begins before.
        stream, chunks = stream + b"\n", [*chunks, b"\n"]
    whole = list(rechunk([stream], at="document", end=end))
    try:
        check_pieces(stream, whole, list(rechunk(chunks, at="document", end=end)))
    except AssertionError as error:
        raise AssertionError((end, chunks, whole)) from error
    spared = list(rechunk(chunks, at="document", end=end, skip_blank=True))
    assert b"".join(b"".join(spared).split()) == b"".join(stream.split()), (end, chunks)
    assert all(map(bytes.strip, spared)), (end, chunks)


def mutated(source: random.Random) -> bytes:
    stream = source.choice(SEEDS)
    for _ in range(source.choice((0, 1, 1, 2, 5))):
        at, to = sorted(source.choices(range(len(stream) + 1), k=2))
        match source.randrange(5):
            case 0:
                stream = stream[:at] + stream[to:]
            case 1:
                stream = stream[:at] + source.choice(TOKENS) + stream[at:]
            case 2:
                stream = stream[:to] + stream[at:to][:200] + stream[to:]
            case 3:
                stream += source.choice(SEEDS)
            case _:
                stream = stream[:at] + source.choice(TOKENS) + stream[at + 1 :]
    return stream


def broken(source: random.Random) -> bytes:
    """Return a stream of documents in some framing or a mixture, a few of them broken, perhaps cut off."""
    before, between = source.choice(BEFORE), source.choice(BETWEEN)
    mixed = source.random() < 0.3
    stream = b""
    for _ in range(source.choice((1, 2, 3, 5, 9))):
        if mixed:
            before, between = source.choice(BEFORE), source.choice(BETWEEN)
        stream += before + source.choice(BROKEN if source.random() < 0.25 else DOCUMENTS) + between
        if before.startswith((b"data", b"event")) and source.random() < 0.9:
            stream += between
    if source.random() < 0.2:
        stream = stream[: source.randrange(len(stream) + 1)]
    return stream


def by_chance(seconds: float, seed: int, count: int, *, cuts: int = _CUTS, goes_on: bool = False) -> int:
    """Check streams until the time is over or so many are done, each cut in some ways; return how many were."""
    source, stop, done = random.Random(seed), time.monotonic() + seconds, 0
    while time.monotonic() < stop and (not count or done < count):
        try:
            check(source.choice((mutated, broken, broken))(source), source, cuts)
        except AssertionError as error:
            if not goes_on:
                raise
            print("differs:", error, flush=True)
        done += 1
    return done


def by_coverage(seconds: float) -> None:
    import atheris

    atheris.instrument_all()

    def one_input(data: bytes) -> None:
        check(data[4:], random.Random(data[:4]))

    atheris.Setup([sys.argv[0], f"-max_total_time={int(seconds)}", "-max_len=600"], one_input)
    atheris.Fuzz()


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--count", type=int, default=0, help="stop after so many streams")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--cuts", type=int, default=_CUTS, help=f"ways to cut each stream (default: {_CUTS})")
    parser.add_argument("--keep-going", action="store_true", help="print what breaks a rule, and go on")
    parser.add_argument("--atheris", action="store_true", help="by coverage; has to be installed")
    arguments = parser.parse_args(argv)
    logging.getLogger("unchunk").setLevel(logging.CRITICAL)
    if arguments.atheris:
        by_coverage(arguments.seconds)
        return 0
    start, cuts = time.monotonic(), arguments.cuts
    count = by_chance(arguments.seconds, arguments.seed, arguments.count, cuts=cuts, goes_on=arguments.keep_going)
    print(f"{count} streams, each cut in {cuts} ways, in {time.monotonic() - start:.0f} s")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
