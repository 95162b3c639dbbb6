"""`rechunk` and `arechunk`: the same stream, cut at boundaries."""

from __future__ import annotations

from codecs import BOM_UTF8
from collections.abc import AsyncGenerator, AsyncIterable, Generator, Iterable, Iterator
from typing import Any, Literal, overload

from .boundaries import BlankLines, Cutter, Delimiters, Lines
from .errors import SizeLimitError, excerpt_of
from .iterate import ClosingAsync, close_async, iterator_of
from .settings import DEFAULT_MAX_SIZE, size_limit
from .whole_documents import WholeDocuments

Boundary = Literal["document", "line", "event"]
BytesLike = bytes | bytearray | memoryview


class Rechunker:
    """The pieces of one stream, in the type of its chunks."""

    __slots__ = ("_cutter", "_index", "_kept", "_mark", "_max_size", "_offset", "_skip_blank", "_text", "_undecided")

    def __init__(
        self, at: Boundary | bytes | str, max_size: int | None, skip_blank: bool = False, end: bytes | str | None = None
    ) -> None:
        self._max_size = size_limit(max_size)
        self._skip_blank = skip_blank
        self._kept = bytearray()
        self._mark = b""
        self._undecided: bytes | None = b"" if at == "document" else None
        self._offset = 0
        self._index = 0
        self._text: bool | None = None
        self._cutter: Cutter
        if end is not None and at != "document":
            raise ValueError(f'end tells what follows a document: it goes with at="document", not with at={at!r}')
        match at:
            case "document":
                self._cutter = WholeDocuments(self._delimiter(end) if end else b"", all_blanks=skip_blank)
            case "line":
                self._cutter = Lines()
            case "event":
                self._cutter = BlankLines()
            case b"" | "":
                raise ValueError("a delimiter cannot be empty")
            case bytes() | str():
                self._cutter = Delimiters(self._delimiter(at))
            case _:
                raise TypeError(f'at must be "document", "line", "event" or a delimiter, not {type(at).__name__}')

    def _delimiter(self, delimiter: bytes | str) -> bytes:
        self._text = isinstance(delimiter, str)
        return delimiter.encode("utf-8", "surrogatepass") if isinstance(delimiter, str) else delimiter

    def feed(self, chunk: Any) -> Iterator[Any]:
        """Yield the pieces that end in the chunk. To be exhausted before the next call."""
        data = self._bytes(chunk)
        if self._undecided is not None:
            data = self._after_mark(data)
        if not data:
            return
        if cuts := self._cutter.cuts(self._kept, data):
            yield from self._pieces(cuts, data)
        else:
            self._kept += data
        if len(self._kept) > self._max_size:
            self._check_size(len(self._kept))

    def close(self) -> Iterator[Any]:
        """Yield what came after the last boundary."""
        self._kept += self._undecided or b""
        yield from self._pieces(self._cutter.last_cuts(self._kept), b"")
        yield from self._piece(b"")

    def _after_mark(self, data: bytes) -> bytes:
        """Return what follows the byte order mark at the very beginning, which stays with the first piece."""
        begun = (self._undecided or b"") + data
        if len(begun) < len(BOM_UTF8) and BOM_UTF8.startswith(begun):
            self._undecided = begun
            return b""
        self._undecided = None
        if begun.startswith(BOM_UTF8):
            self._mark = BOM_UTF8
        return begun.removeprefix(BOM_UTF8)

    def _pieces(self, cuts: list[int], data: bytes) -> Iterator[Any]:
        if cuts and cuts[0] < 0:
            kept = len(self._kept)
            data, cuts = bytes(self._kept) + data, [kept + cut for cut in cuts]
            self._kept.clear()
        begin = 0
        for end in cuts:
            yield from self._piece(data[begin:end])
            begin = end
        self._kept += data[begin:]

    def _piece(self, end: bytes) -> Iterator[Any]:
        """Yield the piece with this end, unless it is one to leave out."""
        piece = bytes(self._kept) + end if self._kept else end
        if self._mark:
            piece, self._mark = self._mark + piece, b""
        if not piece:
            return
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
    chunks: Iterable[str],
    *,
    at: Boundary | str,
    skip_blank: bool = ...,
    end: str | None = ...,
    max_size: int | None = ...,
) -> Generator[str, None, None]: ...
@overload
def rechunk(
    chunks: Iterable[BytesLike | None],
    *,
    at: Boundary | bytes,
    skip_blank: bool = ...,
    end: bytes | None = ...,
    max_size: int | None = ...,
) -> Generator[bytes, None, None]: ...
@overload
def rechunk(
    chunks: Iterable[str | BytesLike | None],
    *,
    at: Boundary | bytes | str,
    skip_blank: bool = ...,
    end: bytes | str | None = ...,
    max_size: int | None = ...,
) -> Generator[str | bytes, None, None]: ...
def rechunk(
    chunks: Iterable[Any],
    *,
    at: Boundary | bytes | str,
    skip_blank: bool = False,
    end: bytes | str | None = None,
    max_size: int | None = DEFAULT_MAX_SIZE,
) -> Generator[Any, None, None]:
    """Cut a stream again, so that every piece ends at a boundary.

    Lossless: the pieces, joined, are the chunks, joined; only the cuts move. Each piece is given as soon as its
    boundary is there. The last one may lack its boundary when the stream ends without one. Nothing is parsed for its
    worth: what is broken is handed on as it came.

    Documents are given with their last byte, together with what follows them on their line if it is in the same chunk:
    blanks, a separator, the line end. What follows them later is a piece of its own, and so is every blank line, so
    that a piece that holds a document begins with it. Apart from that no piece depends on the chunks. What is no JSON
    ends with its line, or before the next object on it where documents do not have lines of their own; half a document
    ends before the next line that begins with a bracket. A byte order mark at the beginning stays with the first piece.

    Args:
        chunks: pieces of bytes (also bytearray, memoryview) or of str, not of both; the pieces given are bytes or str
            like them. `None` and empty chunks are nothing.
        at: `"document"`: after a JSON document (RFC 8259) and what follows it on its line. `"line"`: after LF, CRLF or
            a lone CR. `"event"`: after the blank line that ends a server-sent event. Or a delimiter of the chunks' own
            type.
        skip_blank: leave out pieces of nothing but white space, such as a line end that comes apart from its document:
            for loops that parse every piece they are given.
        end: with `at="document"`, what is known to follow each document (`"\n"`, `";"`): its piece waits for it, or for
            something else in its place. Where it always comes no piece depends on the chunks at all.
        max_size: the most bytes a piece may have; `None` for no limit.

    Raises:
        SizeLimitError: a piece is larger than `max_size`. TypeError: a chunk is neither bytes nor str, or not what the
        chunks before it and the delimiter are. ValueError: an empty delimiter, or an `end` without documents.

    See WHATWG HTML §9.2.5 for what ends a line and an event.
    """
    return _pieces(chunks, Rechunker(at, max_size, skip_blank, end))


def _pieces(chunks: Iterable[Any], recut: Rechunker) -> Generator[Any, None, None]:
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
    chunks: AsyncIterable[str],
    *,
    at: Boundary | str,
    skip_blank: bool = ...,
    end: str | None = ...,
    max_size: int | None = ...,
) -> AsyncGenerator[str, None]: ...
@overload
def arechunk(
    chunks: AsyncIterable[BytesLike | None],
    *,
    at: Boundary | bytes,
    skip_blank: bool = ...,
    end: bytes | None = ...,
    max_size: int | None = ...,
) -> AsyncGenerator[bytes, None]: ...
@overload
def arechunk(
    chunks: AsyncIterable[str | BytesLike | None],
    *,
    at: Boundary | bytes | str,
    skip_blank: bool = ...,
    end: bytes | str | None = ...,
    max_size: int | None = ...,
) -> AsyncGenerator[str | bytes, None]: ...
def arechunk(
    chunks: AsyncIterable[Any],
    *,
    at: Boundary | bytes | str,
    skip_blank: bool = False,
    end: bytes | str | None = None,
    max_size: int | None = DEFAULT_MAX_SIZE,
) -> AsyncGenerator[Any, None]:
    """Cut an async iterable of chunks as `rechunk` does."""
    return ClosingAsync(_pieces_async(chunks, Rechunker(at, max_size, skip_blank, end)), chunks)


async def _pieces_async(chunks: AsyncIterable[Any], recut: Rechunker) -> AsyncGenerator[Any, None]:
    source = aiter(chunks)
    try:
        async for chunk in source:
            for piece in recut.feed(chunk):
                yield piece
        for piece in recut.close():
            yield piece
    finally:
        await close_async(source, chunks)
