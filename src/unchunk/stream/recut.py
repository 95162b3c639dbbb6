"""`rechunk` and `arechunk`: the same stream, cut where its parts end."""

from __future__ import annotations

import re
from collections.abc import AsyncGenerator, AsyncIterable, Generator, Iterable, Iterator
from typing import Any, Literal, Protocol, TypeVar, overload

from .ends import OpenDocument, document_end
from .errors import SizeLimitError, excerpt_of
from .iterate import close_async, iterator_of
from .settings import DEFAULT_MAX_SIZE, size_limit

Boundary = Literal["document", "line", "event"]
Chunk = TypeVar("Chunk", bytes, str)

_eol = re.compile(rb"\r\n|\n|\r(?=[^\n])")
_blank_run = re.compile(rb"[ \t\r\n]*")
_leading = re.compile(rb"[ \t\r\n\x1e]*")
_object = re.compile(rb'\{[ \t]{0,8}["}]')
_may_be_object = re.compile(rb"\{[ \t]{0,8}\Z")
_LONGEST_BRACE = 9


class Cutter(Protocol):
    """Finds the places to cut at: in `data`, as offsets from its start, given what was not cut off before.

    A first one may be negative: in what was not cut off.
    """

    def cuts(self, kept: bytearray, data: bytes) -> list[int]: ...


class Lines:
    """After LF, CRLF, or a CR that no LF follows. A CR at the end of a chunk waits for the next byte."""

    def cuts(self, kept: bytearray, data: bytes) -> list[int]:
        found = [match.end() for match in _eol.finditer(data)]
        if kept.endswith(b"\r") and not data.startswith(b"\n"):
            found.insert(0, 0)
        return found


class BlankLines:
    """After the blank line that ends an event (WHATWG HTML §9.2.5) and the blank lines behind it in the chunk."""

    def __init__(self) -> None:
        self._lines = Lines()
        self._line_is_empty = True

    def cuts(self, kept: bytearray, data: bytes) -> list[int]:
        found: list[int] = []
        begin = 0
        for end in self._lines.cuts(kept, data):
            blank = self._line_is_empty and not data[begin:end].strip(b"\r\n")
            if blank and found and found[-1] == begin:
                found[-1] = end
            elif blank:
                found.append(end)
            self._line_is_empty = True
            begin = end
        if data[begin:].strip(b"\r"):
            self._line_is_empty = False
        return found


class Delimiters:
    """After each delimiter, which may itself be cut."""

    def __init__(self, delimiter: bytes) -> None:
        self._delimiter = delimiter

    def cuts(self, kept: bytearray, data: bytes) -> list[int]:
        delimiter = self._delimiter
        overlap = bytes(kept[-len(delimiter) + 1 :]) if len(delimiter) > 1 else b""
        text = overlap + data
        found = []
        at = text.find(delimiter)
        while at >= 0:
            at += len(delimiter)
            found.append(at - len(overlap))
            at = text.find(delimiter, at)
        return found


class WholeDocuments:
    """After each JSON document and the blanks that follow it in the chunk. What is no JSON is cut at the end of its
    line, or before the next object on it unless the document before had a line of its own.

    Without line ends all that follows would be lost together with what is no JSON. In a stream of lines an object on a
    line of text is a part of that text.

    Documents are judged by their brackets and strings alone: one that is broken inside is handed on for its parser to
    refuse.
    """

    def __init__(self) -> None:
        self._open = OpenDocument()
        self._line_ends_documents = False
        self._awaits_line_end = False
        self._garbage = False
        self._brace = b""  # the end of what is no JSON, where an object may begin with it
        self._began = False

    def cuts(self, kept: bytearray, data: bytes) -> list[int]:
        if self._awaits_line_end:
            return self._after_document(kept, data)
        if self._garbage:
            return self._after_garbage(data)
        if not self._open.buffer:
            return self._from(data, 0, 0)
        if not self._open.ends_with(data):
            return []
        whole = bytes(self._open.take())
        # Behind a fault a document may turn out to have ended in an earlier chunk: what follows it is cut here first.
        return [cut for cut in self._from(whole, 0, len(whole) - len(data)) if cut >= 0]

    def _from(self, data: bytes, start: int, shift: int) -> list[int]:
        """The cuts in `data` from `start` on, where a document may begin, less `shift`."""
        text = data.decode("latin-1")  # one character a byte: only the places count
        found: list[int] = []
        while True:
            begin = _leading.match(data, start).end()  # type: ignore[union-attr]
            if self._began and b"\n" in data[start:begin]:
                self._line_ends_documents = True  # that of the last document came apart from it
            if begin == len(data):
                return found
            self._began = True
            end = document_end(text, data, begin)
            if end is None:
                self._open.begin(data[begin:])
                return found
            if end == begin:
                garbage_end = self._garbage_end(data, begin)
                if garbage_end is None:
                    return found
                start = garbage_end
                found.append(start - shift)
                continue
            start = _blank_run.match(data, end).end()  # type: ignore[union-attr]
            has_line_end = b"\n" in data[end:start]
            if start == len(data) and not has_line_end and self._line_ends_documents:
                self._awaits_line_end = True
                return found
            if start < len(data) or has_line_end:
                self._line_ends_documents = has_line_end
            found.append(start - shift)

    def _after_document(self, kept: bytearray, data: bytes) -> list[int]:
        """A document has ended, and all before it had a line end behind them: this one's is on its way."""
        start = _blank_run.match(data).end()  # type: ignore[union-attr]
        has_line_end = b"\n" in data[:start]
        if start == len(data) and not has_line_end:
            return []
        self._awaits_line_end = False
        self._line_ends_documents = has_line_end
        return [start, *self._from(data, start, 0)]

    def _after_garbage(self, data: bytes) -> list[int]:
        earlier = len(self._brace)
        data = self._brace + data
        end = self._garbage_end(data, 0)
        if end is None:
            return []
        return [end - earlier, *self._from(data, end, earlier)]

    def _garbage_end(self, data: bytes, begin: int) -> int | None:
        """Where what is no JSON ends, from `begin` on; None if that is not there yet."""
        line_end = data.find(b"\n", begin) + 1 or None
        found = brace = None
        if not self._line_ends_documents:
            found = _object.search(data, begin, line_end or len(data))
            brace = _may_be_object.search(data, max(begin, len(data) - _LONGEST_BRACE))
        end = line_end if found is None else found.start()
        self._garbage = end is None
        self._brace = brace[0] if end is None and brace is not None else b""
        return end


class Recut:
    """The pieces of one stream, in the type of its chunks."""

    __slots__ = ("_cutter", "_index", "_kept", "_max_size", "_offset", "_skip_blank", "_text")

    def __init__(self, at: Boundary | bytes | str, max_size: int | None, skip_blank: bool = False) -> None:
        self._max_size = size_limit(max_size)
        self._skip_blank = skip_blank
        self._kept = bytearray()
        self._offset = 0
        self._index = 0
        self._text: bool | None = None
        self._cutter: Cutter
        match at:
            case "document":
                self._cutter = WholeDocuments()
            case "line":
                self._cutter = Lines()
            case "event":
                self._cutter = BlankLines()
            case b"" | "":
                raise ValueError("a delimiter cannot be empty")
            case bytes():
                self._cutter, self._text = Delimiters(at), False
            case str():
                self._cutter, self._text = Delimiters(at.encode("utf-8", "surrogatepass")), True
            case _:
                raise TypeError(f'at must be "document", "line", "event" or a delimiter, not {type(at).__name__}')

    def feed(self, chunk: Any) -> Iterator[Any]:
        """The pieces that end in the chunk. To be exhausted before the next call."""
        data = self._bytes(chunk)
        if not data:
            return
        begin = 0
        for end in self._cutter.cuts(self._kept, data):
            if end < 0:
                rest = self._kept[end:]
                del self._kept[end:]
                yield from self._piece(b"")
                self._kept += rest
                continue
            yield from self._piece(data[begin:end])
            begin = end
        self._kept += data[begin:]
        self._check_size(len(self._kept))

    def close(self) -> Iterator[Any]:
        """What came after the last boundary."""
        if self._kept:
            yield from self._piece(b"")

    def _piece(self, end: bytes) -> Iterator[Any]:
        """The piece that ends so, unless it is one to leave out."""
        piece = bytes(self._kept) + end if self._kept else end
        self._check_size(len(piece))
        self._kept.clear()
        self._offset += len(piece)
        self._index += 1
        if not (self._skip_blank and piece.isspace()):
            yield piece.decode("utf-8", "surrogatepass") if self._text else piece

    def _check_size(self, size: int) -> None:
        if size > self._max_size:
            raise SizeLimitError(
                f"A piece is larger than max_size={self._max_size} bytes",
                offset=self._offset,
                index=self._index,
                excerpt=excerpt_of(bytes(self._kept[:80]), 0),
            )

    def _bytes(self, chunk: Any) -> bytes:
        if chunk is None or chunk == "":
            return b""
        is_text = isinstance(chunk, str)
        if not is_text and not isinstance(chunk, (bytes, bytearray, memoryview)):
            raise TypeError(f"a chunk must be bytes or str, not {type(chunk).__name__}")
        if not len(chunk):
            return b""
        if self._text is None:
            self._text = is_text
        if self._text is not is_text:
            wanted = "str" if self._text else "bytes"
            raise TypeError(f"this stream and its delimiter are {wanted}; a chunk is {type(chunk).__name__}")
        return chunk.encode("utf-8", "surrogatepass") if isinstance(chunk, str) else bytes(chunk)


@overload
def rechunk(
    chunks: Iterable[str], *, at: Boundary | str, skip_blank: bool = ..., max_size: int | None = ...
) -> Generator[str, None, None]: ...
@overload
def rechunk(
    chunks: Iterable[Any], *, at: Boundary | bytes, skip_blank: bool = ..., max_size: int | None = ...
) -> Generator[bytes, None, None]: ...
@overload
def rechunk(
    chunks: Iterable[Any], *, at: Boundary | bytes | str, skip_blank: bool = ..., max_size: int | None = ...
) -> Generator[Any, None, None]: ...
def rechunk(
    chunks: Iterable[Any],
    *,
    at: Boundary | bytes | str,
    skip_blank: bool = False,
    max_size: int | None = DEFAULT_MAX_SIZE,
) -> Generator[Any, None, None]:
    """Cut a stream again, so that every piece ends at a boundary.

    Lossless: the pieces, joined, are the chunks, joined; only the cuts move. Each piece is given as soon as its
    boundary is there. The last one may lack its boundary when the stream ends without one. Nothing is parsed for its
    worth: what is broken is handed on as it came.

    Args:
        chunks: pieces of bytes (also bytearray, memoryview) or of str, not of both; the pieces given are bytes or str
            like them. `None` and empty chunks are nothing.
        at: `"document"`: after a JSON document and the blanks behind it (what is no JSON: after its
            line, or before the next object on it unless the document before had a line of its own). `"line"`:
            after LF, CRLF or a lone CR. `"event"`: after the blank line that ends a server-sent event. Or a delimiter
            of the chunks' own type.
        skip_blank: leave out pieces of nothing but white space, such as a line end that comes apart from the last
            document: for loops that parse every piece they are given.
        max_size: the most bytes a piece may have; `None` for no limit.

    Raises:
        SizeLimitError: a piece is larger than `max_size`.
        TypeError: a chunk is neither bytes nor str, or not what the chunks before it and the delimiter are.

    See WHATWG HTML §9.2.5 for what ends a line and an event.
    """
    return _pieces(chunks, Recut(at, max_size, skip_blank))


def _pieces(chunks: Iterable[Any], recut: Recut) -> Generator[Any, None, None]:
    source = iterator_of(chunks)
    try:
        for chunk in source:
            yield from recut.feed(chunk)
        yield from recut.close()
    finally:
        if source is not chunks and (close := getattr(source, "close", None)):
            close()


@overload
def arechunk(
    chunks: AsyncIterable[str], *, at: Boundary | str, skip_blank: bool = ..., max_size: int | None = ...
) -> AsyncGenerator[str, None]: ...
@overload
def arechunk(
    chunks: AsyncIterable[Any], *, at: Boundary | bytes, skip_blank: bool = ..., max_size: int | None = ...
) -> AsyncGenerator[bytes, None]: ...
@overload
def arechunk(
    chunks: AsyncIterable[Any], *, at: Boundary | bytes | str, skip_blank: bool = ..., max_size: int | None = ...
) -> AsyncGenerator[Any, None]: ...
def arechunk(
    chunks: AsyncIterable[Any],
    *,
    at: Boundary | bytes | str,
    skip_blank: bool = False,
    max_size: int | None = DEFAULT_MAX_SIZE,
) -> AsyncGenerator[Any, None]:
    """`rechunk` for an async iterable of chunks."""
    return _pieces_async(chunks, Recut(at, max_size, skip_blank))


async def _pieces_async(chunks: AsyncIterable[Any], recut: Recut) -> AsyncGenerator[Any, None]:
    source = aiter(chunks)
    try:
        async for chunk in source:
            for piece in recut.feed(chunk):
                yield piece
        for piece in recut.close():
            yield piece
    finally:
        await close_async(source, chunks)
