"""What a caller asks of a stream, and what is done about a fault in it."""

from __future__ import annotations

import inspect
import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from .errors import DepthError, JSONStreamError, MalformedJSONError, SizeLimitError, TruncatedError, also, excerpt_of

Framing = Literal["auto", "lines", "concat", "array", "seq", "sse"]
OnError = Literal["raise", "skip"] | Callable[[JSONStreamError], object]

FRAMINGS = ("auto", "lines", "concat", "array", "seq", "sse")
DEFAULT_MAX_SIZE = 64 * 2**20
WITHOUT_BOUNDARY = ("concat", "array")
UNLIMITED = 2**63 - 1

_RAW_IN_LOG = 2000

logger = logging.getLogger("unchunk")


@dataclass(frozen=True)
class Settings:
    """The options of one stream."""

    framing: Framing
    loads: Callable[[Any], Any] | None
    max_size: int
    on_error: OnError

    @property
    def raises(self) -> bool:
        return self.on_error == "raise"

    def fault(self, error: JSONStreamError, raw: bytes) -> None:
        """Raise the error, or report it and let the caller go on behind the next boundary."""
        if self.on_error == "raise":
            raise error
        logger.warning("skipped: %s; raw: %r", error, raw[:_RAW_IN_LOG])
        if callable(self.on_error):
            self.on_error(error)


def checked_settings(
    framing: Framing, loads: Callable[[Any], Any] | None, max_size: int | None, on_error: OnError
) -> Settings:
    """The options, or ValueError/TypeError for what cannot be done."""
    if framing not in FRAMINGS:
        raise ValueError(f"framing must be one of {', '.join(FRAMINGS)}, not {framing!r}")
    if loads is not None and not callable(loads):
        raise TypeError(f"loads must be a function, not {type(loads).__name__}")
    if inspect.iscoroutinefunction(loads):
        raise TypeError("loads must return the value; a coroutine function cannot")
    if on_error not in ("raise", "skip") and not callable(on_error):
        raise ValueError(f'on_error must be "raise", "skip" or a function, not {on_error!r}')
    if on_error != "raise":
        refuse_where_no_boundary(framing)
    return Settings(framing, loads, size_limit(max_size), on_error)


def size_limit(max_size: int | None) -> int:
    """A limit in bytes; `None` is no limit."""
    if max_size is None:
        return UNLIMITED
    if max_size < 1:
        raise ValueError(f"max_size must be a number of bytes above 0, or None, not {max_size!r}")
    return max_size


def refuse_where_no_boundary(framing: str) -> None:
    """ValueError where nothing marks the place to go on at after a fault."""
    if framing in WITHOUT_BOUNDARY:
        raise ValueError(
            f"on_error cannot be honoured in framing {framing!r}: nothing marks where the next document begins "
            'after a fault; "lines", "seq" and "sse" have such marks'
        )


class Position:
    """Counts what a stream has given, and words its errors."""

    __slots__ = ("index", "max_size", "offset")

    def __init__(self, max_size: int, offset: int) -> None:
        self.max_size = max_size
        self.offset = offset  # of the first byte that is not consumed yet
        self.index = 0  # values given

    def malformed(self, message: str, text: str, pos: int, start: int = 0) -> MalformedJSONError:
        """A fault at `pos` of `text`, in the document that begins at `start`; `text` begins at the offset."""
        before, raw = _around(text, pos)
        return MalformedJSONError(
            message,
            offset=self.offset + before,
            index=self.index,
            excerpt=raw,
            doc=text[start:],
            pos=pos - start,
        )

    def not_utf8(self, text: str, start: int, bad: bytes) -> MalformedJSONError:
        """The bytes after `text` are no UTF-8."""
        error = self.malformed("Invalid UTF-8", text, len(text), start)
        error.excerpt = (error.excerpt + excerpt_of(bad, 0))[-80:]
        both = also(error, UnicodeDecodeError("utf-8", bad, 0, 1, "invalid start or continuation byte"))
        both.__cause__ = None
        assert isinstance(both, MalformedJSONError)
        return both

    def truncated(self, text: str, start: int = 0) -> TruncatedError:
        before, raw = _around(text, len(text))
        return TruncatedError(
            "The stream ended in the middle of a document",
            offset=self.offset + before,
            index=self.index,
            excerpt=raw,
            doc=text[start:],
            pos=len(text) - start,
        )

    def too_deep(self, text: str, start: int) -> DepthError:
        before, raw = _around(text, start)
        return DepthError(
            "A document nests deeper than the parser can follow",
            offset=self.offset + before,
            index=self.index,
            excerpt=raw,
        )

    def too_large(self, text: str, start: int = 0) -> SizeLimitError:
        before, raw = _around(text, start)
        return SizeLimitError(
            f"A document is larger than max_size={self.max_size} bytes",
            offset=self.offset + before,
            index=self.index,
            excerpt=raw,
        )


def _around(text: str, pos: int) -> tuple[int, str]:
    before = len(text[:pos].encode("utf-8", "surrogatepass"))
    return before, text[max(0, pos - 40) : pos + 40].encode("utf-8", "backslashreplace").decode()
