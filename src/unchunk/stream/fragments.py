"""JSON that a model writes fragment by fragment, several documents interleaved: parallel tool calls."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from types import GenericAlias
from typing import TYPE_CHECKING, Any, Generic, TypeVar, overload

from .loading import LoadsAdapter
from .settings import DEFAULT_MAX_SIZE, ErrorContext, size_limit
from .values import BLANKS, Incomplete, Malformed, value_at

K = TypeVar("K", bound=Hashable)
E = TypeVar("E")
if TYPE_CHECKING:
    import typing_extensions

    V = typing_extensions.TypeVar("V", default=Any)
else:
    V = TypeVar("V")
_NO_ARGUMENTS = object()


class JSONFragments(Generic[K, V]):
    """Collects the fragments of several documents, each under its key, and parses each document once, when it is
    complete.

    OpenAI's tool calls: `add((choice.index, call.index), call.function.arguments)` for each delta, `finish_all()` at
    the `finish_reason`. Anthropic's: `add(event.index, event.delta.partial_json)`, `finish(event.index)` at
    `content_block_stop`.

    Args:
        loads: the parser, `json.loads` if none is given; it gets `str`, or bytes if it refuses that with a TypeError.
        max_size: the most characters that one document may have; `None` for no limit.

    An instance may be used from several threads only if they take turns.

    For type checkers it has two parameters, the keys and what `loads` gives: `JSONFragments[int]` is one of anything.
    """

    __slots__ = ("_loads", "_max_size", "_parts", "_sizes")

    if not TYPE_CHECKING:
        # One parameter will do before Python 3.13, too.
        __class_getitem__ = classmethod(GenericAlias)

    @overload
    def __init__(self: JSONFragments[K, Any], *, loads: None = ..., max_size: int | None = ...) -> None: ...
    @overload
    def __init__(self: JSONFragments[K, V], *, loads: Callable[[Any], V], max_size: int | None = ...) -> None: ...
    def __init__(self, *, loads: Callable[[Any], Any] | None = None, max_size: int | None = DEFAULT_MAX_SIZE) -> None:
        self._parts: dict[K, list[str]] = {}
        self._sizes: dict[K, int] = {}
        self._loads = None if loads is None else LoadsAdapter(loads)
        self._max_size = size_limit(max_size)
        if self._loads is not None:
            self._loads.prefer_text()

    def __contains__(self, key: object) -> bool:
        return key in self._parts

    def __len__(self) -> int:
        return len(self._parts)

    def text(self, key: K) -> str:
        """Return what has come for the key so far."""
        return "".join(self._parts.get(key, ()))

    def add(self, key: K, fragment: str | None, /) -> None:
        """Take the next fragment for the key. `None` and `""` are nothing, but make the key known.

        Raises:
            SizeLimitError: there is more than `max_size` for the key.
            TypeError: the fragment is no text.
        """
        parts = self._parts.setdefault(key, [])
        if not fragment:
            return
        if not isinstance(fragment, str):
            hint = ": it is parsed already" if isinstance(fragment, Mapping) else ""
            raise TypeError(f"a fragment must be str or None, not {type(fragment).__name__}{hint}")
        parts.append(fragment)
        size = self._sizes[key] = self._sizes.get(key, 0) + len(fragment)
        if size > self._max_size:
            raise self._position().too_large(self.text(key))

    @overload
    def finish(self, key: K, /) -> V: ...
    @overload
    def finish(self, key: K, /, *, empty: E) -> V | E: ...
    def finish(self, key: K, /, *, empty: Any = _NO_ARGUMENTS) -> Any:
        """Return the document of the key, which is forgotten.

        Args:
            empty: what to give if nothing but blanks came, or nothing at all; by default a new `{}`: a tool that
                takes no arguments is often called with none.

        Raises:
            TruncatedError: the document is not complete; `partial_text` is what came.
            MalformedJSONError: it is no JSON.
            DepthError: it is nested too deep.
        """
        text = self.text(key)
        self._parts.pop(key, None)
        self._sizes.pop(key, None)
        if not text.strip(BLANKS):
            return {} if empty is _NO_ARGUMENTS else empty
        return self._parsed(text)

    @overload
    def finish_all(self) -> dict[K, V]: ...
    @overload
    def finish_all(self, *, empty: E) -> dict[K, V | E]: ...
    def finish_all(self, *, empty: Any = _NO_ARGUMENTS) -> dict[K, Any]:
        """Return the documents of all keys in the order of their first fragments; all are forgotten.

        Raises:
            JSONStreamError: as `finish`, for the first that cannot be parsed; that one is forgotten, the others are
                kept.
        """
        values = {}
        for key in tuple(self._parts):
            parts, size = self._parts[key], self._sizes.get(key, 0)
            values[key] = self.finish(key, empty=empty)
            self._parts[key], self._sizes[key] = parts, size
        self._parts.clear()
        self._sizes.clear()
        return values

    def _position(self) -> ErrorContext:
        return ErrorContext(self._max_size, 0)

    def _parsed(self, text: str) -> Any:
        at = self._position()
        try:
            if self._loads is not None:
                return self._loads(text.encode("utf-8", "surrogatepass"))
            start = len(text) - len(text.lstrip(BLANKS))
            value, end = value_at(text, start, final=True)
        except Incomplete:
            raise at.truncated(text) from None
        except RecursionError:
            raise at.too_deep(text, 0) from None
        except Malformed as fault:
            raise self._refused(fault, text) from fault.__cause__
        if text[end:].strip(BLANKS):
            raise at.malformed("Extra data", text, end + len(text[end:]) - len(text[end:].lstrip(BLANKS)))
        return value

    def _refused(self, fault: Malformed, text: str) -> Exception:
        error = self._position().malformed(fault.message, text, fault.pos)
        if self._loads is None:
            return error
        error.__cause__ = fault.__cause__
        return self._loads.outward(error)
