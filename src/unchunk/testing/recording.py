"""Recordings of raw chunks with their boundaries, so that a failure in production becomes a test.

A recording is a text file of JSON, a line a chunk. Bytes are read as UTF-8; those that are none are surrogate escapes
(PEP 383), so that nothing is lost and a person can read what came.
"""

from __future__ import annotations

import json
from collections.abc import AsyncGenerator, AsyncIterable, AsyncIterator, Generator, Iterable, Iterator
from typing import TYPE_CHECKING, Any, TypeVar, overload

if TYPE_CHECKING:
    from os import PathLike
    from typing import TextIO

Chunk = TypeVar("Chunk")


@overload
def tap(chunks: AsyncIterable[Chunk], path: str | PathLike[str]) -> AsyncIterator[Chunk]: ...
@overload
def tap(chunks: Iterable[Chunk], path: str | PathLike[str]) -> Iterator[Chunk]: ...
def tap(chunks: Any, path: str | PathLike[str]) -> Any:
    """Hand on chunks as they are and record them in a file, each before it is handed on.

    Asynchronous chunks give an asynchronous iterator. An existing file is overwritten.

    Raises:
        TypeError: a chunk is neither bytes nor str.
    """
    return _tap_async(chunks, path) if isinstance(chunks, AsyncIterable) else _tap(chunks, path)


def _tap(chunks: Iterable[Chunk], path: str | PathLike[str]) -> Iterator[Chunk]:
    with open(path, "w", encoding="ascii", newline="\n") as file:
        try:
            for chunk in chunks:
                _write(file, chunk)
                yield chunk
        finally:
            if isinstance(chunks, Generator):  # as it would be without the tap
                chunks.close()


async def _tap_async(chunks: AsyncIterable[Chunk], path: str | PathLike[str]) -> AsyncIterator[Chunk]:
    with open(path, "w", encoding="ascii", newline="\n") as file:  # noqa: ASYNC230 (a line is short)
        try:
            async for chunk in chunks:
                _write(file, chunk)
                yield chunk
        finally:
            if isinstance(chunks, AsyncGenerator):
                await chunks.aclose()


def _write(file: TextIO, chunk: object) -> None:
    file.write(json.dumps(_as_object(chunk)) + "\n")
    file.flush()  # what breaks the program afterwards must be in the file


def _as_object(chunk: object) -> dict[str, str | None]:
    match chunk:
        case bytes() | bytearray() | memoryview():
            return {"bytes": bytes(chunk).decode("utf-8", "surrogateescape")}
        case str():
            return {"str": chunk}
        case None:
            return {"str": None}
    raise TypeError(f"tap records bytes and str, not {type(chunk).__name__}")


def replay(path: str | PathLike[str]) -> Iterator[Any]:
    """Return the chunks of a recording, cut as they were.

    A last line that a killed program left unfinished is left out.

    Raises:
        ValueError: the file is no recording.
    """
    with open(path, encoding="utf-8", errors="surrogateescape") as file:  # ASCII, unless a person has edited it
        for number, line in enumerate(file, 1):
            if not line.endswith("\n"):
                return
            yield _chunk(line, f"{path}:{number}")


def _chunk(line: str, place: str) -> bytes | str | None:
    try:
        match json.loads(line):
            case {"bytes": str(text)}:
                return text.encode("utf-8", "surrogateescape")
            case {"str": str() | None as text}:
                return text
    except ValueError:
        pass
    raise ValueError(f"{place}: not a chunk that unchunk.testing.tap has recorded")
