"""Fuzz the runtime helper for a bounded time: `python tests/fuzz/stream_cuts.py --seconds 60 [--atheris]`.

Whatever the bytes and wherever they are cut, the outcome is one: the same values and then the same error, at the same
offset; a re-cut loses nothing; and a growing value ends as what `json.loads` gives. Without `--atheris` inputs are
made by mutating streams at random; with it, by coverage (`pip install atheris`). The first input that breaks a rule is
printed and ends the run.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import time
from collections.abc import Sequence
from typing import Any

from unchunk import JSONStreamDecoder, JSONStreamError, iter_json, iter_partial, rechunk

FRAMINGS = ("auto", "concat", "lines", "seq", "array", "sse")
PLACES = ("document", "line", "event", b"\n\n", b"}")
SEEDS = [
    b'{"a": [1, 2.5e3, null, true, {"b": "x}"}]}\n[]\n"\\u00e9\\"{"\n' * 3,
    b'data: {"a": "}"}\n\ndata: {"b":\r\ndata: [1]}\r\n\r\nevent: x\nid: 1\n: c\n\ndata: [DONE]\n\n',
    b'[{"a": "\\\\"}, [], "}", 1, -0.0, {}, [[{}]], "]"]',
    b'\x1e{"a": 1}\n\x1e12\n\x1e"x"\n',
    '\ufeff{"ключ": "é中\U0001f600"}{"a": {}}{"b": "}{"}'.encode() * 4,
    (b'{"code": "print(\\"{}\\".format(x)) }} ; }", "more": {"text": "\\\\}"}}\n' * 30) + b"{}\n[]{}\n",
]
TOKENS = [*b"""{ } [ ] " \\ , : \x1e 1 tru \xff data:""".split(), b"\n", b"\r\n", b"data: ", b" "]


def outcome(chunks: list[bytes], framing: Any) -> Any:
    values: list[Any] = []
    try:
        values.extend(iter_json(chunks, framing=framing))
    except JSONStreamError as error:
        return repr(values), type(error), error.message, error.offset, error.index
    return (repr(values),)


def pushed(chunks: list[bytes], framing: Any) -> Any:
    decoder = JSONStreamDecoder[Any](framing=framing)
    values: list[Any] = []
    try:
        for chunk in chunks:
            values += decoder.feed(chunk)
        values += decoder.close()
        decoder.close()  # raises what came behind the last values
    except JSONStreamError as error:
        return repr(values), type(error), error.message, error.offset, error.index
    return (repr(values),)


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
    mean = source.choice((1, 4, 20, 100, 1000))
    chunks, start = [], 0
    while start < len(stream):
        end = start + 1 + int(source.expovariate(1 / mean))
        chunks.append(stream[start:end])
        start = end
    return chunks


def check(stream: bytes, source: random.Random) -> None:
    """Raise AssertionError if a rule is broken."""
    framing, place, chunks = source.choice(FRAMINGS), source.choice(PLACES), cut(stream, source)
    whole = outcome([stream], framing)
    # Of two faults in one document, one of them bytes that are no UTF-8, either may be the one that is named.
    named = 5 if is_utf8(stream) else 2
    assert outcome(chunks, framing)[:named] == whole[:named], (framing, chunks)
    assert pushed(chunks, framing)[:named] == whole[:named], (framing, chunks, "pushed")
    assert b"".join(rechunk(chunks, at=place)) == stream, (place, chunks)  # type: ignore[type-var]
    try:
        value = repr(json.loads(stream.decode()))
    except (ValueError, RecursionError):
        return
    assert grown(chunks) == value, (chunks, "grown")


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


def by_chance(seconds: float, seed: int) -> int:
    source, stop, count = random.Random(seed), time.monotonic() + seconds, 0
    while time.monotonic() < stop:
        check(mutated(source), source)
        count += 1
    return count


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
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--atheris", action="store_true", help="by coverage; has to be installed")
    arguments = parser.parse_args(argv)
    if arguments.atheris:
        by_coverage(arguments.seconds)
        return 0
    count = by_chance(arguments.seconds, arguments.seed)
    print(f"{count} inputs in {arguments.seconds:g} s, one outcome each")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
