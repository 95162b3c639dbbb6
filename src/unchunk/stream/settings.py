"""Options of a stream, and the treatment of its faults."""

from __future__ import annotations

import inspect
import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Literal

from .errors import DepthError, JSONStreamError, MalformedJSONError, SizeLimitError, TruncatedError, also, excerpt_of
from .values import AFTER_NUMBER, BLANKS, DONE, Incomplete, Malformed, value_at

Framing = Literal["auto", "lines", "concat", "array", "seq", "sse"]
OnError = Literal["raise", "skip"] | Callable[[JSONStreamError], object]
EndMarks = str | bytes | Iterable[str | bytes] | None

FRAMINGS = ("auto", "lines", "concat", "array", "seq", "sse")
DEFAULT_DONE = DONE.decode()
DEFAULT_MAX_SIZE = 64 * 2**20
WITHOUT_BOUNDARY = ("concat", "array")
UNLIMITED = 2**63 - 1

_RAW_IN_LOG = 2000

logger = logging.getLogger("unchunk")


@dataclass(frozen=True)
class Settings:
    """The options of one stream.

    Attributes:
        framing: one of the names, or a delimiter.
        marks: what ends the stream where a document would begin.
        strict: lines that are none of an event stream are faults.
        embedded: the documents stand in text.
    """

    framing: Framing | bytes
    loads: Callable[[Any], Any] | None
    max_size: int
    on_error: OnError
    marks: tuple[bytes, ...] = (DONE,)
    strict: bool = False
    embedded: bool = False

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
    framing: Framing | str | bytes,
    loads: Callable[[Any], Any] | None,
    max_size: int | None,
    on_error: OnError,
    done: EndMarks = DEFAULT_DONE,
    strict: bool = False,
    embedded: bool = False,
) -> Settings:
    """Return the options; raise ValueError or TypeError for impossible ones."""
    known = checked_framing(framing)
    if loads is not None and not callable(loads):
        raise TypeError(f"loads must be a function, not {type(loads).__name__}")
    if inspect.iscoroutinefunction(loads):
        raise TypeError("loads must return the value; a coroutine function cannot")
    if on_error not in ("raise", "skip") and not callable(on_error):
        raise ValueError(f'on_error must be "raise", "skip" or a function, not {on_error!r}')
    if on_error != "raise":
        refuse_where_no_boundary(known)
    if embedded and framing != "auto":
        raise ValueError(f"embedded documents have no framing of their own, so it cannot be {framing!r}")
    marks = (DONE,) if done is DEFAULT_DONE else end_marks(done)
    return Settings(known, loads, size_limit(max_size), on_error, marks, strict, embedded)


def checked_framing(framing: object) -> Framing | bytes:
    """Return a framing by name, or the bytes of a delimiter: anything that is no word is one."""
    if isinstance(framing, str) and framing in FRAMINGS:
        return framing  # type: ignore[return-value]
    delimiter = framing.encode("utf-8", "surrogatepass") if isinstance(framing, str) else framing
    if not isinstance(delimiter, bytes) or not delimiter or (isinstance(framing, str) and framing.isidentifier()):
        raise ValueError(f"framing must be one of {', '.join(FRAMINGS)}, or a delimiter, not {framing!r}")
    return delimiter


def end_marks(done: EndMarks) -> tuple[bytes, ...]:
    """Return the marks that end a stream. None of them may pass for a document or the beginning of one."""
    given = () if done is None else (done,) if isinstance(done, (str, bytes)) else tuple(done)
    marks = tuple(mark.encode() if isinstance(mark, str) else bytes(mark) for mark in given)
    for mark in marks:
        try:
            value_at(mark.decode(), 0)
        except Malformed:
            if mark[:1].decode() not in BLANKS:
                continue
        except (Incomplete, UnicodeDecodeError, RecursionError):
            pass
        raise ValueError(f"done must be what no document begins with, not {mark.decode(errors='replace')!r}")
    return marks


def size_limit(max_size: int | None) -> int:
    """Return a limit in bytes; `None` is no limit."""
    if max_size is None:
        return UNLIMITED
    if max_size < 1:
        raise ValueError(f"max_size must be a number of bytes above 0, or None, not {max_size!r}")
    return max_size


def refuse_where_no_boundary(framing: str | bytes) -> None:
    """Raise ValueError where nothing marks the place to continue after a fault."""
    if framing in WITHOUT_BOUNDARY:
        raise ValueError(
            f"on_error cannot be honoured in framing {framing!r}: nothing marks where the next document begins "
            'after a fault; "lines", "seq" and "sse" have such marks'
        )


class ErrorContext:
    """The counts of what a stream has yielded, for the words of its errors."""

    __slots__ = ("index", "max_size", "offset")

    def __init__(self, max_size: int, offset: int) -> None:
        self.max_size = max_size
        self.offset = offset  # of the first byte that is not consumed yet
        self.index = 0  # values given

    def malformed(self, message: str, text: str, pos: int, start: int = 0) -> MalformedJSONError:
        """Return a fault at `pos` of `text`, in the document that begins at `start`; `text` begins at the offset."""
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
        """Return the error for bytes after `text` that are not UTF-8."""
        error = self.malformed("Invalid UTF-8", text, len(text), start)
        error.excerpt = (error.excerpt + excerpt_of(bad, 0))[-80:]
        both = also(error, UnicodeDecodeError("utf-8", bad, 0, 1, "invalid start or continuation byte"))
        both.__cause__ = None
        assert isinstance(both, MalformedJSONError)
        return both

    def is_beyond(self, text: str, start: int) -> bool:
        """Decide whether more than `max_size` bytes follow `start`."""
        most = self.max_size
        return len(text) - start > most // 4 and len(encoded(text[start : start + most + 1])) > most

    def given_up(self, text: str, start: int = 0, after_number: str = AFTER_NUMBER) -> JSONStreamError:
        """Return the error of a document that is too large, unless it is broken before the first excess byte."""
        head = encoded(text[start : start + self.max_size + 1])[: self.max_size + 1]
        try:
            value_at(head.decode("utf-8", "ignore"), 0, after_number=after_number)
        except Malformed as fault:
            return self.malformed(fault.message, text, start + fault.pos, start)
        except RecursionError:
            return self.too_deep(text, start)
        except Incomplete:
            pass
        return self.too_large(text, start)

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


def encoded(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


def _around(text: str, pos: int) -> tuple[int, str]:
    before = len(encoded(text[:pos]))
    return before, text[max(0, pos - 40) : pos + 40].encode("utf-8", "backslashreplace").decode()
