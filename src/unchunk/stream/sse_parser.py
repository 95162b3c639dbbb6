"""Server-sent events (WHATWG HTML §9.2), by the letter of the standard."""

from __future__ import annotations

from collections.abc import Iterator
from json import loads
from typing import Any, NamedTuple

from .errors import SizeLimitError, excerpt_of

# In digits; some hundred million years. Python refuses to read very long ones.
_MAX_RETRY = 20
BYTE_ORDER_MARK = b"\xef\xbb\xbf"


class ServerSentEvent(NamedTuple):
    """One event of a stream of server-sent events.

    Attributes:
        event: its type, `"message"` where the server names none.
        data: its `data` lines, joined with line feeds.
        id: the last event id the stream has set, `""` if none.
        retry: the reconnection time in milliseconds if this event sets it.
    """

    event: str
    data: str
    id: str = ""
    retry: int | None = None

    def json(self) -> Any:
        """Return the data as JSON. Raises `json.JSONDecodeError` as `json.loads` does."""
        return loads(self.data)


class Events:
    """A parser of events by the rules of WHATWG HTML §9.2.6; an event that lacks its blank line is dropped."""

    __slots__ = (
        "_buffer",
        "_data",
        "_event",
        "_id",
        "_max_size",
        "_offset",
        "_retry",
        "_size",
        "_skip_lf",
        "_start",
        "last_event_id",
        "retry",
    )

    def __init__(self, max_size: int) -> None:
        self._buffer = bytearray()  # the line that is not complete yet
        self._max_size = max_size
        self._offset = 0
        self._skip_lf = False
        self._start = True
        self._id = ""
        self.last_event_id = ""
        self.retry: int | None = None
        self._data: list[str] = []
        self._event = ""
        self._retry: int | None = None
        self._size = 0

    def feed(self, data: bytes) -> Iterator[ServerSentEvent]:
        """Yield the events that end in `data`. To be exhausted before the next call."""
        self._offset += len(data)
        for line in self._lines(data):
            if line:
                self._field(line)
                self._check_size(self._size)
            elif (event := self._dispatch()) is not None:
                yield event
        self._check_size(self._size + len(self._buffer))

    def _check_size(self, size: int) -> None:
        if size > self._max_size:
            raise SizeLimitError(
                f"An event is larger than max_size={self._max_size} bytes",
                offset=self._offset,
                index=0,
                excerpt=excerpt_of(bytes(self._buffer), 0),
            )

    def _lines(self, data: bytes) -> list[bytes]:
        if self._start and not (data := self._without_mark(data)):
            return []
        if self._skip_lf and data:
            data = data[data.startswith(b"\n") :]
            self._skip_lf = False
        if b"\r" in data:
            self._skip_lf = data.endswith(b"\r")
            data = data.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
        if b"\n" not in data:
            self._buffer += data
            return []
        lines = data.split(b"\n")
        if self._buffer:
            lines[0] = bytes(self._buffer) + lines[0]
        self._buffer = bytearray(lines.pop())
        return lines

    def _without_mark(self, data: bytes) -> bytes:
        """Return the stream without its byte order mark; nothing until it is known whether there is one."""
        data = bytes(self._buffer) + data
        if len(data) < len(BYTE_ORDER_MARK) and BYTE_ORDER_MARK.startswith(data):
            self._buffer = bytearray(data)
            return b""
        self._start = False
        self._buffer = bytearray()
        return data.removeprefix(BYTE_ORDER_MARK)

    def _field(self, line: bytes) -> None:
        name, _, value = line.decode("utf-8", "replace").partition(":")
        value = value.removeprefix(" ")
        match name:
            case "data":
                self._data.append(value)
                self._size += len(line)
            case "event":
                self._event = value
            case "id" if "\0" not in value:
                self._id = value
            case "retry" if value.isascii() and value.isdigit() and len(value) <= _MAX_RETRY:
                self.retry = self._retry = int(value)

    def _dispatch(self) -> ServerSentEvent | None:
        event = None
        self.last_event_id = self._id
        if self._data:
            event = ServerSentEvent(self._event or "message", "\n".join(self._data), self._id, self._retry)
        self._data = []
        self._event = ""
        self._retry = None
        self._size = 0
        return event
