"""The decoder: it detects the framing of a stream and passes its chunks to the framing's reader."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from logging import DEBUG
from typing import Any, Generic, TypeVar, overload

from .array import Elements
from .chunks import Plain, normal
from .documents import Documents
from .embedded import EmbeddedDocuments
from .errors import JSONStreamError
from .loaded_documents import LoadedDocuments
from .loading import LoadsAdapter, Raised
from .records import RECORD_SEPARATOR, DelimitedRecords, Records
from .resuming import resuming
from .settings import (
    DEFAULT_DONE,
    DEFAULT_MAX_SIZE,
    EndMarks,
    Framing,
    OnError,
    Settings,
    checked_settings,
    logger,
)
from .sse_json import EventDocuments
from .values import EndOfStream
from .whole_lines import Paused, Reader, values_of

T = TypeVar("T")

_MARK = b"\xef\xbb\xbf"
_BLANK = b" \t\r\n"
_FIELDS = (b"data", b"event", b"id", b"retry")


def detected(head: bytes) -> Framing | None:
    """Return the framing of a stream that begins with `head` (no mark, no blanks before); None if more has to be
    seen.
    """
    if not head:
        return None
    if head[0] == RECORD_SEPARATOR:
        return "seq"
    if head.startswith(b":"):
        return "sse"
    for field in _FIELDS:
        if head.startswith(field) and head[len(field) : len(field) + 1] in (b":", b"\r", b"\n"):
            return "sse"
        if field.startswith(head):
            return None
    return "concat"


class FramingDetector:
    """One stream: `feed` takes its bytes, and is replaced by the reader's own once the framing is known."""

    __slots__ = ("_head", "_loads", "_offset", "_settings", "feed", "reader")

    def __init__(self, settings: Settings, *, carries_errors: bool = False) -> None:
        self._settings = settings
        self._loads = None if settings.loads is None else LoadsAdapter(settings.loads, carries_errors=carries_errors)
        self._head = b""
        self._offset = 0
        self.reader: Reader | None = None
        self.feed: Callable[[bytes], Iterable[Any]] = self._start

    @property
    def pending(self) -> int:
        return len(self._head) + (self.reader.pending if self.reader else 0)

    def outward(self, error: JSONStreamError) -> Exception:
        """Return the error to raise: with `loads` it is of the parser's own kind, too."""
        return error if self._loads is None else self._loads.outward(error)

    def normal(self, chunk: Any) -> bytes | Plain:
        """Return a chunk as bytes, or as data that passes through."""
        if self._loads is not None and isinstance(chunk, str):
            self._loads.prefer_text()
        return normal(chunk)

    def close(self) -> Iterable[Any]:
        """Return the values that only the end of the stream ends."""
        if self.reader is not None:
            return self.reader.close()
        if not self._head.strip(_BLANK):
            self._head = b""
            return ()
        self._read(self._settings.framing if self._settings.framing != "auto" else "concat")
        return self._rest()

    def _rest(self) -> Iterable[Any]:
        yield from self.feed(self._head)
        self._head = b""
        assert self.reader is not None
        yield from self.reader.close()

    def _start(self, data: bytes) -> Iterable[Any]:
        """Take what comes before the framing is known."""
        head = self._head + data
        if self._offset == 0:
            if len(head) < len(_MARK) and _MARK.startswith(head):
                self._head = head
                return ()
            self._offset = len(head)
            head = head.removeprefix(_MARK)
            self._offset -= len(head)
        framing: Framing | bytes | None = self._settings.framing
        if framing == "auto" and not self._settings.embedded:
            head, framing = self._detect(head)
        if framing is None:
            self._head = head
            return ()
        self._head = b""
        self._read(framing)
        return self.feed(head)

    def _detect(self, head: bytes) -> tuple[bytes, Framing | None]:
        # Of the blanks before the first document only the last counts: a field of an event begins its line.
        text = head.lstrip(_BLANK)
        kept = head[max(0, len(head) - len(text) - 1) :]
        self._offset += len(head) - len(kept)
        framing = detected(text)
        if framing == "sse" and kept[:1] in (b" ", b"\t"):
            framing = "concat"
        return kept, framing

    def _read(self, framing: Framing | bytes) -> None:
        settings, loads, offset = self._settings, self._loads, self._offset
        match framing:
            case "lines":
                self.reader = Records(settings, loads, offset)
            case "seq":
                self.reader = Records(settings, loads, offset, bytes((RECORD_SEPARATOR,)), sequence=True)
            case bytes():
                kind = Records if len(framing) == 1 else DelimitedRecords
                self.reader = kind(settings, loads, offset, framing)
            case "array":
                self.reader = Elements(settings, loads, offset)
            case "sse":
                self.reader = EventDocuments(settings, loads, offset)
            case _ if settings.embedded:
                self.reader = EmbeddedDocuments(settings, loads, offset)
            case _ if not settings.raises:
                self.reader = resuming(settings, loads, offset)
            case _:
                self.reader = Documents(settings, offset) if loads is None else LoadedDocuments(settings, loads, offset)
        self.feed = self.reader.feed


def show_raw(chunk: object) -> None:
    """Log a raw chunk at level DEBUG."""
    logger.debug("chunk: %r", chunk)


class JSONStreamDecoder(Generic[T]):
    """Takes the chunks of a stream, cut anywhere, and returns the JSON values that have become complete.

    For code that is handed chunks (`Protocol.data_received`, callbacks); for loops there are `iter_json` and
    `aiter_json`, whose options these are. One instance reads one stream; it may be used from several threads only if
    they take turns.

    Attributes:
        pending: how many bytes wait for the rest of their document.
    """

    __slots__ = ("_carries", "_closed", "_error", "_loop", "_paused", "_pushed", "_shows", "_stream", "_values")

    @overload
    def __init__(
        self: JSONStreamDecoder[Any],
        *,
        framing: Framing | str | bytes = ...,
        loads: None = ...,
        max_size: int | None = ...,
        on_error: OnError = ...,
        done: EndMarks = ...,
        strict: bool = ...,
        embedded: bool = ...,
    ) -> None: ...
    @overload
    def __init__(
        self: JSONStreamDecoder[T],
        *,
        framing: Framing | str | bytes = ...,
        loads: Callable[[Any], T],
        max_size: int | None = ...,
        on_error: OnError = ...,
        done: EndMarks = ...,
        strict: bool = ...,
        embedded: bool = ...,
    ) -> None: ...
    def __init__(
        self,
        *,
        framing: Framing | str | bytes = "auto",
        loads: Callable[[Any], Any] | None = None,
        max_size: int | None = DEFAULT_MAX_SIZE,
        on_error: OnError = "raise",
        done: EndMarks = DEFAULT_DONE,
        strict: bool = False,
        embedded: bool = False,
    ) -> None:
        values: list[Any] = []
        settings = checked_settings(framing, loads, max_size, on_error, done, strict, embedded)
        if callable(on_error):
            settings = replace(settings, on_error=_carrying(on_error, values))
        self._stream = FramingDetector(settings, carries_errors=True)
        self._carries = loads is not None or callable(on_error)
        self._values = values  # what was not given yet
        self._error: Exception | None = None
        self._shows = logger.isEnabledFor(DEBUG)
        self._pushed: list[bytes | None] = []
        self._paused = Paused()
        self._loop: Iterator[Any] | None = None  # reads what is pushed, once the framing is known
        self._closed = False

    @property
    def pending(self) -> int:
        return self._stream.pending + self._paused.size

    def feed(self, chunk: Any, /) -> list[T]:
        """Return the values that `chunk` completes, in order.

        If `chunk` holds values and then a fault, the values are returned and the next call raises. An exception of
        `loads` or `on_error` that is none of ours is raised in its place among the values, and ends nothing: the chunk
        of the call that raises it is taken, and what follows comes with the next call.

        Raises:
            JSONStreamError: as `iter_json`; every later call raises it again.
            TypeError: the chunk is none.
            ValueError: the decoder is closed.
        """
        if self._closed:
            raise ValueError("the decoder is closed")
        if self._error is None:
            if self._shows:
                show_raw(chunk)
            data = chunk if type(chunk) is bytes else self._stream.normal(chunk)
            if isinstance(data, Plain):
                self._values.append(data.value)
            elif self._loop is not None:
                self._pushed.append(data)
                self._collect(self._loop.__iter__)
            else:
                self._collect(self._stream.feed, data)
                if self._loop is None and (reader := self._stream.reader) is not None:
                    self._loop = values_of(iter(self._pushed.pop, None), reader, self._stream.normal, self._paused)
        return self._given() if self._values or self._error is not None else []

    def close(self) -> list[T]:
        """Return the values that only the end of the stream ends (a number). Closing again returns nothing.

        Raises:
            TruncatedError: the stream ended in the middle of a document.
            JSONStreamError: as `feed`.
        """
        if self._error is None and not self._closed:
            self._closed = True
            self._pushed.append(None)
            self._collect(self._stream.close if self._loop is None else self._loop.__iter__)
            self._paused.size = 0
        return self._given()

    def _collect(self, step: Callable[..., Iterable[T | Paused]], *data: bytes) -> None:
        """Take the values of a step; those before an error stay."""
        values, paused = self._values, self._paused
        try:
            for value in step(*data):
                if value is paused:
                    break
                values.append(value)
        except EndOfStream:
            self._loop = iter(())
            self._stream.reader = None
            self._paused.size = 0
        except JSONStreamError as error:
            self._error = self._stream.outward(error)

    def _given(self) -> list[T]:
        """Return the collected values up to an exception raised in between; raise it if it comes first."""
        values = self._values
        if not values:
            if self._error is not None:
                raise self._error.with_traceback(None) from self._error.__cause__
            return []
        end = len(values)
        if self._carries:
            end = next((place for place, value in enumerate(values) if type(value) is Raised), end)
            if end == 0 and values:
                raise values.pop(0).error
        given = values[:end]
        del values[:end]
        return given


def _carrying(on_error: Callable[[JSONStreamError], object], values: list[Any]) -> Callable[[JSONStreamError], None]:
    """Wrap `on_error` so that its own exceptions are put among the values."""

    def call(error: JSONStreamError) -> None:
        try:
            on_error(error)
        except Exception as own:  # noqa: BLE001 (it is raised in its place)
            values.append(Raised(own))

    return call
