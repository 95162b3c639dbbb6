"""For every cut: all the ways a stream may arrive in chunks, written once for all tests."""

from __future__ import annotations

import random
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Sequence
from typing import Any, TypeVar

Piece = TypeVar("Piece", bytes, str)

RANDOM_SEEDS = range(8)


def at_sizes(stream: Piece, size: int) -> list[Piece]:
    """Cut the stream into chunks of one size."""
    return [stream[start : start + size] for start in range(0, len(stream), size)]


def one_at_a_time(stream: Piece) -> list[Piece]:
    """Cut the stream byte by byte, or character by character."""
    return at_sizes(stream, 1)


def two_way(stream: Piece) -> Iterator[list[Piece]]:
    """Yield every way to cut the stream in two, an empty part included."""
    for at in range(len(stream) + 1):
        yield [stream[:at], stream[at:]]


def halvings(stream: Piece) -> Iterator[list[Piece]]:
    """Yield the stream in halves, in quarters, and so on down to single bytes."""
    size = len(stream)
    while size > 1:
        size = (size + 1) // 2
        yield at_sizes(stream, size)


def at_random(stream: Piece, seed: int) -> list[Piece]:
    """Cut the stream at random places, chosen by the seed."""
    source = random.Random(seed)
    mean = source.choice((1.5, 3, 8, 30, 100))
    chunks, start = [], 0
    while start < len(stream):
        end = start + 1 + int(source.expovariate(1 / mean))
        chunks.append(stream[start:end])
        start = end
    return chunks


def with_empty_pieces(chunks: Sequence[Piece]) -> list[Piece | None]:
    """Add empty chunks and None before, between and behind the chunks."""
    pieces: list[Piece | None] = [None]
    for chunk in chunks:
        pieces += [chunk, chunk[:0], None]
    return pieces


def every_cut(stream: Piece, *, two_way_up_to: int = 2000) -> Iterator[list[Any]]:
    """Yield the stream whole, one byte at a time, in every two parts, in halvings, at random, and with empty chunks
    between.

    A stream longer than `two_way_up_to` is cut in two at about so many places only.
    """
    yield [stream]
    yield one_at_a_time(stream)
    yield with_empty_pieces(one_at_a_time(stream))
    yield with_empty_pieces([stream])
    step = max(1, len(stream) // two_way_up_to)
    for number, cut in enumerate(two_way(stream)):
        if number % step == 0:
            yield cut
    yield from halvings(stream)
    for seed in RANDOM_SEEDS:
        chunks = at_random(stream, seed)
        yield chunks
        yield with_empty_pieces(chunks)


def every_cut_of_both(stream: bytes) -> Iterator[list[Any]]:
    """Yield every cut of the bytes and every cut of their text."""
    yield from every_cut(stream)
    yield from every_cut(stream.decode())


def as_types(chunks: Iterable[bytes]) -> list[list[Any]]:
    """Return the same chunks as bytes, bytearray and memoryview, and the three mixed."""
    kinds: list[Callable[[bytes], Any]] = [bytes, bytearray, memoryview]
    given = list(chunks)
    same = [[kind(chunk) for chunk in given] for kind in kinds]
    return [*same, [kinds[number % 3](chunk) for number, chunk in enumerate(given)]]


async def asynchronously(chunks: Iterable[Any]) -> AsyncIterator[Any]:
    """Yield the chunks from an async generator."""
    for chunk in chunks:
        yield chunk
