"""Streams simulated with the runtime helper itself: as they were cut by their author, and cut elsewhere."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Hashable, Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from itertools import pairwise
from typing import Any, TypeAlias

from unchunk.codemod.boundaries import Boundary
from unchunk.codemod.symbolic.outcomes import Events
from unchunk.codemod.symbolic.runs import End
from unchunk.stream.iterate import iter_json
from unchunk.stream.rechunk import rechunk
from unchunk.stream.settings import Framing

Chunks: TypeAlias = tuple[Any, ...]


@lru_cache(maxsize=4096)
def recuts(pieces: Chunks, boundary: Boundary) -> tuple[frozenset[Chunks], Chunks]:
    """Return the other cuts that recutting may make of a stream, and the pieces that are late in its own cut."""
    cut = {tuple(rechunk(chunks, **boundary.arguments)) for chunks in _cuts(pieces)}
    return frozenset(cut - {pieces}), _late(pieces, boundary)


@lru_cache(maxsize=4096)
def values_of(pieces: Chunks, framing: Framing) -> frozenset[Events]:
    """Return what the runtime helper may make of a stream, however it is cut."""
    return frozenset(tuple(_iterated(chunks, framing)) for chunks in _cuts(pieces))


def _iterated(chunks: Sequence[Any], framing: Framing) -> list[Hashable]:
    found: list[Hashable] = []
    with _unlogged():
        try:
            found.extend(("value", json.dumps(value)) for value in iter_json(chunks, framing=framing))
        except ValueError:
            found.append(End.ERROR)
    return found


@contextmanager
def _unlogged() -> Iterator[None]:
    """Silence the helper's warnings about made-up streams."""
    logger = logging.getLogger("unchunk")
    disabled, logger.disabled = logger.disabled, True
    try:
        yield
    finally:
        logger.disabled = disabled


def _late(pieces: Chunks, boundary: Boundary) -> Chunks:
    """Return the pieces of a well-cut stream that are still held back when its next piece is requested."""
    size: Callable[[Any], int] = _letters if boundary.skip_blank else len
    handed_out = arrived = 0
    late = []

    def source() -> Iterator[Any]:
        nonlocal arrived
        for piece in pieces:
            arrived += size(piece)
            yield piece
            if handed_out < arrived:
                late.append(piece)

    for piece in rechunk(source(), **boundary.arguments):
        handed_out += size(piece)
    return tuple(late)


def _letters(piece: Any) -> int:
    """Return the length of a piece without its blanks."""
    return sum(map(len, piece.split()))


def _cuts(pieces: Sequence[Any]) -> Iterator[list[Any]]:
    """Yield a stream as it was cut, in one piece, cut behind each byte, in the middle of each piece, and beside each
    end.
    """
    yield list(pieces)
    whole = pieces[0][:0].join(pieces)
    yield [whole]
    yield [whole[at : at + 1] for at in range(len(whole))]
    yield [half for piece in pieces for half in (piece[: len(piece) // 2], piece[len(piece) // 2 :]) if half]
    for shift in (-1, 1):
        ends = [0]
        for piece in pieces:
            ends.append(ends[-1] + len(piece))
        places = [0, *(min(max(end + shift, 0), len(whole)) for end in ends[1:-1]), len(whole)]
        yield [whole[begin:end] for begin, end in pairwise(places) if begin < end]
