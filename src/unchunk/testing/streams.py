"""The streams of a run: their positions, and their cuts."""

from __future__ import annotations

import contextlib
import threading
import weakref
from collections import deque
from contextvars import ContextVar
from typing import TYPE_CHECKING

from .modes import Change, Replay

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, Iterator

    from .modes import Mode

_SIDE = 40


class Stream:
    """One stream of a run.

    Attributes:
        number: from 1, in the order of first pieces.
        name: the client's class and method.
        position: how many bytes were handed out.
        ended: whether the client has given less than it was asked for, so that nothing comes behind what is pending.
        held: an error that came instead of a piece to join: the next call raises it.
    """

    def __init__(self, number: int, name: str, run: Recorder) -> None:
        self.number = number
        self.name = name
        self.position = 0
        self.ended = False
        self.held: Exception | None = None
        self._run = run
        self._planned: deque[int] = deque()
        self._planned_to = 0
        self._tail = b""
        self._taken = b""
        self._used = 0

    @property
    def pending(self) -> bytes:
        """Bytes that were taken from the client and not handed out yet, where the client cannot take them back."""
        return self._taken[self._used :]

    @pending.setter
    def pending(self, data: bytes) -> None:
        self._taken, self._used = data, 0

    @property
    def is_pending(self) -> bool:
        return self._used < len(self._taken)

    def step(self, data: bytes, start: int = 0, stop: int | None = None) -> int:
        """Return how many of the bytes that are there, or of a part of them, are to be handed out now."""
        there = (len(data) if stop is None else stop) - start
        if self._run.closed:
            return there
        end = self.position + there
        if end > self._planned_to:
            # What was put back may come with more behind it: then there may be a cut where it ended, too.
            self._planned.extend(self._run.mode.cuts(self.number, max(self._planned_to - 1, self.position), end))
            self._planned_to = end
        while self._planned and self._planned[0] <= self.position:
            self._planned.popleft()
        if not self._planned or self._planned[0] >= end:
            return there
        size = self._planned[0] - self.position
        at = start + size
        behind = data[at : min(at + _SIDE, start + there)]
        self._run.note(Change(self.number, self._planned[0]), self._tail + data[max(at - _SIDE, start) : at], behind)
        return size

    def joins(self, piece: bytes) -> bool:
        """Return whether a piece that comes next is to be joined to the one behind it."""
        if self._run.closed or not piece:
            return False
        return self._run.mode.joins(self.number, self.position + len(piece))

    def joined(self, piece: bytes, more: bytes) -> bytes:
        """Return two pieces as one."""
        if more and not self._run.closed:
            self._run.note(Change(self.number, self.position + len(piece), True), piece, more)
        return piece + more

    def more(self, read: Callable[[], bytes]) -> bytes:
        """Read the piece to join; nothing where there is an error instead."""
        try:
            return read()
        except Exception as error:
            self.held = error
            return b""

    async def more_async(self, read: Callable[[], Awaitable[bytes]]) -> bytes:
        """Read the piece to join from an asynchronous client."""
        try:
            return await read()
        except Exception as error:
            self.held = error
            return b""

    def raise_held(self) -> None:
        """Raise the error that came instead of a piece to join, once what came before it is handed out."""
        if self.held is not None and not self.is_pending:
            error, self.held = self.held, None
            raise error

    def handed_out(self, piece: bytes) -> bytes:
        """Note a piece on its way to the program."""
        self.position += len(piece)
        self._tail = (self._tail + piece[-_SIDE:])[-_SIDE:]
        return piece

    def take(self, limit: int | None = None) -> bytes:
        """Take the next piece off what is pending."""
        start, stop = self._used, len(self._taken)
        self._used += self.step(self._taken, start, stop if limit is None else min(stop, start + limit))
        return self.handed_out(self._taken[start : self._used])


class Recorder:
    """The streams of one run of a test.

    Attributes:
        mode: how they are cut.
        changes: where they were, in order, with up to 40 bytes of each side.
        streams: those that gave a piece.
        closed: whether the run is over; what outlives it is not cut any more.
    """

    def __init__(self, mode: Mode | None = None) -> None:
        self.mode: Mode = mode or Replay()
        self.changes: dict[Change, tuple[bytes, bytes]] = {}
        self.streams: list[Stream] = []
        self.closed = False
        self._owners: dict[int, tuple[Callable[[], object], Stream]] = {}
        self._whole: dict[int, Callable[[], object]] = {}
        self._lock = threading.Lock()

    def stream(self, owner: object, name: str) -> Stream:
        """Return the stream of a response or reader."""
        with self._lock:
            known = self._owners.get(id(owner))
            if known is not None and known[0]() is owner:
                return known[1]
            stream = Stream(len(self.streams) + 1, name, self)
            self.streams.append(stream)
            self._owners[id(owner)] = (_reference(owner), stream)
            return stream

    def note(self, change: Change, before: bytes, behind: bytes) -> None:
        """Note where a stream was changed, and what stands there."""
        self.changes[change] = (before[-_SIDE:], behind[:_SIDE])

    def has_pending(self, owner: object) -> bool:
        """Return whether a response has still something to hand out, though its client is done with it."""
        known = self._owners.get(id(owner))
        return known is not None and known[0]() is owner and known[1].is_pending

    def note_whole(self, owner: object) -> None:
        """Note a response that the program has read whole; what it iterates over afterwards is no stream."""
        self._whole[id(owner)] = _reference(owner)

    def is_whole(self, owner: object) -> bool:
        """Return whether a response was noted as whole."""
        return self._whole.get(id(owner), lambda: None)() is owner


def _reference(owner: object) -> Callable[[], object]:
    """Refer to an object, weakly where its class allows it, so that it is not kept from being closed."""
    try:
        return weakref.ref(owner)
    except TypeError:
        return lambda: owner


# The run whose streams are cut, for all threads of the process; and whether a client is calling itself, so that a
# stream is cut once, where the program takes it.
_current: Recorder | None = None
_INSIDE: ContextVar[bool] = ContextVar("unchunk_inside", default=False)


@contextlib.contextmanager
def recording(recorder: Recorder) -> Iterator[Recorder]:
    """Make a recorder the one that patched clients ask, for the length of a block."""
    global _current
    before, _current = _current, recorder
    try:
        yield recorder
    finally:
        recorder.closed = True
        _current = before


def current() -> Recorder | None:
    """Return the recorder to ask, or None where the call is to be passed on as it is."""
    return None if _INSIDE.get() else _current


@contextlib.contextmanager
def inside() -> Iterator[None]:
    """Mark what a client calls of itself."""
    token = _INSIDE.set(True)
    try:
        yield
    finally:
        _INSIDE.reset(token)


class _Cutter:
    """Pieces on their way through a generator.

    Args:
        stream: whose they are.
        limit: how long one may be at most.
        exact: whether the client promises pieces of that length: those that have it stay as they are.
    """

    def __init__(self, stream: Stream, limit: int | None, exact: bool) -> None:
        self._stream = stream
        self._limit = limit
        self._exact = exact
        self._held = b""

    def feed(self, piece: bytes) -> Iterator[bytes]:
        """Yield what a piece makes; nothing where it waits for the next to be joined to."""
        if self._exact and len(piece) == self._limit:
            yield self._stream.handed_out(piece)
        elif self._held:
            piece, self._held = self._stream.joined(self._held, piece), b""
            yield from self._cut(piece)
        elif self._stream.joins(piece):
            self._held = piece
        elif piece:
            yield from self._cut(piece)
        else:
            yield piece

    def rest(self) -> Iterator[bytes]:
        """Yield what was left by an earlier reader, or waits for a piece that does not come."""
        held, self._held = self._held, b""
        yield from self._cut(self._stream.pending + held)

    def _cut(self, piece: bytes) -> Iterator[bytes]:
        self._stream.pending = piece
        while self._stream.is_pending:
            yield self._stream.take(self._limit)


def cut_pieces(
    stream: Stream, pieces: Iterator[bytes], limit: int | None = None, *, exact: bool = False
) -> Iterator[bytes]:
    """Cut the pieces of a generator that a client has made."""
    cutter, pieces = _Cutter(stream, limit, exact), iter(pieces)
    yield from cutter.rest()
    try:
        while True:
            try:
                with inside():
                    piece = next(pieces)
            except StopIteration:
                break
            except Exception:
                yield from cutter.rest()
                raise
            yield from cutter.feed(piece)
        yield from cutter.rest()
    finally:
        if hasattr(pieces, "close"):
            with inside():
                pieces.close()


async def cut_pieces_async(
    stream: Stream, pieces: AsyncIterator[bytes], limit: int | None = None, *, exact: bool = False
) -> AsyncIterator[bytes]:
    """Cut the pieces of an asynchronous generator that a client has made."""
    cutter, pieces = _Cutter(stream, limit, exact), aiter(pieces)
    for piece in cutter.rest():
        yield piece
    try:
        while True:
            try:
                with inside():
                    taken = await anext(pieces)
            except StopAsyncIteration:
                break
            except Exception:
                for piece in cutter.rest():
                    yield piece
                raise
            for piece in cutter.feed(taken):
                yield piece
        for piece in cutter.rest():
            yield piece
    finally:
        if hasattr(pieces, "aclose"):
            with inside():
                await pieces.aclose()
