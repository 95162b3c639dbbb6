"""Errors of JSON streams, with their positions."""

from __future__ import annotations

from functools import lru_cache
from json import JSONDecodeError
from typing import Any, ClassVar, TypeGuard

_EXCERPT = 80
_RECORDING = "unchunk.testing.tap(chunks, path) records the chunks of a stream; replay(path) makes a test of them"


class JSONStreamError(ValueError):
    """A stream that cannot be read any further.

    Attributes:
        offset: where in the stream, in bytes from its start (a stream of `str` counts as its UTF-8 bytes).
        index: how many values the stream had given before.
        excerpt: up to 80 characters of the raw data around the fault; bytes that are no UTF-8 show as `\\xNN`.
    """

    # Of a class made by `also`: what it is made of.
    _pair: ClassVar[tuple[type[JSONStreamError], type[Exception]] | None] = None

    def __init__(self, message: str, *, offset: int, index: int, excerpt: str = "") -> None:
        self.message = message
        self.offset = offset
        self.index = index
        self.excerpt = excerpt
        self.__notes__ = [_RECORDING]
        ValueError.__init__(self, message)

    def __str__(self) -> str:
        near = f", near {self.excerpt!r}" if self.excerpt else ""
        return f"{self.message}: byte {self.offset} of the stream, after {self.index} values{near}"

    def __reduce__(self) -> tuple[Any, ...]:
        return _restore, (*(self._pair or (type(self), None)), self.message, self.__dict__.copy())


class _UnreadableDocument(JSONStreamError, JSONDecodeError):
    """A fault inside one document: also a `json.JSONDecodeError`, so that handlers written for `json.loads` see it.

    `doc` is the text of the document as far as it is known and `pos` the place in it.
    """

    def __init__(
        self, message: str, *, offset: int, index: int, excerpt: str = "", doc: str = "", pos: int = 0
    ) -> None:
        JSONStreamError.__init__(self, message, offset=offset, index=index, excerpt=excerpt)
        self.msg = message
        self.doc = doc
        self.pos = pos
        self.lineno = doc.count("\n", 0, pos) + 1
        self.colno = pos - doc.rfind("\n", 0, pos)

    @property
    def partial_text(self) -> str:
        """Return the text of the document as far as it came."""
        return self.doc


class MalformedJSONError(_UnreadableDocument):
    """The text at `offset` cannot be part of a JSON document (RFC 8259)."""


class TruncatedError(_UnreadableDocument):
    """The stream ended in the middle of a document."""


class SizeLimitError(JSONStreamError):
    """A document is larger than `max_size` bytes."""


class DepthError(JSONStreamError):
    """A document nests deeper than the parser can follow."""


def is_about_a_document(error: JSONStreamError) -> TypeGuard[_UnreadableDocument]:
    return isinstance(error, _UnreadableDocument)


def also(error: JSONStreamError, own: Exception) -> Exception:
    """Return an error that is also of the other's type, so that handlers written for that see it.

    The other itself where its class allows no other.
    """
    error.__cause__ = own
    if isinstance(error, type(own)):
        return error
    try:
        both = _both(type(error), type(own))  # type: ignore[arg-type]
        made = both.__new__(both, *own.args)
        if isinstance(own, UnicodeDecodeError):
            UnicodeDecodeError.__init__(made, *own.args)  # type: ignore[arg-type]
        made.__dict__.update({**getattr(own, "__dict__", {}), **error.__dict__})
    except Exception:  # noqa: BLE001 (whatever its class does when it is made)
        return own
    made.__cause__ = own
    return made


@lru_cache(maxsize=64)
def _both(kind: type[JSONStreamError], own: type[Exception]) -> type[JSONStreamError]:
    names = {"__module__": kind.__module__, "__doc__": kind.__doc__, "_pair": (kind, own)}
    return type(kind.__name__, (kind, own), names)


def _restore(
    kind: type[JSONStreamError], own: type[Exception] | None, message: str, state: dict[str, Any]
) -> JSONStreamError:
    if own is not None:
        kind = _both(kind, own)  # type: ignore[arg-type]
    error = kind.__new__(kind, message)
    ValueError.__init__(error, message)
    error.__dict__.update(state)
    return error


def excerpt_of(data: bytes, at: int) -> str:
    """Return up to 80 bytes of `data` around `at`, readable."""
    start = max(0, at - _EXCERPT // 2)
    return data[start : start + _EXCERPT].decode("utf-8", "backslashreplace")[:_EXCERPT]
