"""Parsers other than `json`'s: their argument types, and their errors."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from inspect import isawaitable
from types import BuiltinFunctionType, FunctionType, ModuleType, NoneType
from typing import Any

from .errors import JSONStreamError, also, is_about_a_document
from .values import Malformed

# The packages whose parsers take nothing but whole documents, and whose errors are about those.
_STRICT = frozenset(("json", "simplejson", "orjson", "msgspec", "rapidjson", "jiter", "pydantic", "pydantic_core"))


# Their functions that take a document and no type.
_PLAIN = ("loads", "json_decode", "decode", "from_json")


class Raised:
    """A placeholder for a value: an exception of `loads` or `on_error`, to be raised when it is its turn."""

    __slots__ = ("error",)

    def __init__(self, error: Exception) -> None:
        self.error = error


class LoadsAdapter:
    """A caller's `loads`, given the type it wants.

    It gets what the stream is made of, bytes or str; if it refuses that with a TypeError it gets the other.

    Args:
        carries_errors: an exception that is no error of a parser is given as `Raised`, in the place of the value.

    Attributes:
        is_strict: whether the parser is known to refuse everything but whole documents. Others are never asked.
    """

    __slots__ = ("_carries_errors", "_checked", "_function", "_wants_text", "is_strict")

    def __init__(self, function: Callable[[Any], Any], *, carries_errors: bool = False) -> None:
        self._carries_errors = carries_errors
        self._function = function
        self.is_strict = _package_of(function) in _STRICT
        self._wants_text = False
        self._checked = False

    def prefer_text(self) -> None:
        """Try `str` first: the stream is made of it."""
        if not self._checked:
            self._wants_text = True

    @property
    def is_direct(self) -> bool:
        """True if the parser takes bytes as they are: it has taken some, or is known."""
        return (self._checked or self.is_strict) and not self._wants_text

    def function(self) -> Callable[[bytes], Any]:
        """Return the most direct function to a document's value; it may raise anything."""
        return self._function if self.is_direct else self

    def of_lists(self) -> Callable[[bytes], Any] | None:
        """Return a function that parses several documents as one array; None if the parser may do more with one.

        A method, a `partial` or a function of another name may be bound to a type, or see what is an array.
        """
        function = self._function
        if not self.is_direct or not self.is_strict or getattr(function, "__name__", "") not in _PLAIN:
            return None
        if not isinstance(function, (FunctionType, BuiltinFunctionType)):
            return None
        return function if isinstance(getattr(function, "__self__", None), (ModuleType, NoneType)) else None

    def __call__(self, document: bytes) -> Any:
        """Return the value of one whole document.

        Raises:
            Fault: the parser refused it; its own error is the cause.
            TypeError: the parser takes neither type, or gives something that is no value.
            Exception: whatever else it raises that is no error of a parser.
        """
        try:
            if self._checked:
                return self._function(_text(document) if self._wants_text else document)
            return self._first(document)
        except Exception as error:
            if not _is_refusal(error):
                if self._carries_errors and not isinstance(error, (RecursionError, MemoryError)):
                    return Raised(error)
                raise
            raise Malformed(_wording(error), _position(error)) from error

    def outward(self, error: JSONStreamError) -> Exception:
        """Return the error as the caller's handlers know it: also of the parser's own type, or just itself."""
        own = error.__cause__
        if own is None and is_about_a_document(error):
            own = self.refusal(error.doc[: error.pos + 1].encode("utf-8", "surrogatepass"))
        return also(error, own) if isinstance(own, Exception) else error

    def refusal(self, broken: bytes) -> Exception | None:
        """Return what a strict parser raises for the beginning of a broken document."""
        if not self.is_strict:
            return None
        try:
            self(broken)
        except Malformed as fault:
            return fault.__cause__ if isinstance(fault.__cause__, Exception) else None
        except Exception:  # noqa: BLE001 (loads is anybody's)
            return None
        return None

    def _first(self, document: bytes) -> Any:
        try:
            value = self._function(_text(document) if self._wants_text else document)
        except TypeError as error:
            self._wants_text = not self._wants_text
            try:
                value = self._function(_text(document) if self._wants_text else document)
            except TypeError:
                raise error from None
        if isawaitable(value):
            close = getattr(value, "close", None)
            if close is not None:
                close()
            raise TypeError(f"loads gave {type(value).__name__}, which has to be awaited; it must return the value")
        self._checked = True
        return value


def _text(document: bytes) -> str:
    return document.decode("utf-8", "surrogatepass")


def _wording(error: Exception) -> str:
    return str(getattr(error, "msg", error)) or type(error).__name__


def _position(error: Exception) -> int:
    pos = getattr(error, "pos", 0)
    return pos if isinstance(pos, int) else 0


def _package_of(function: Callable[..., Any]) -> str:
    """Return the package of a function, a method, or a partial of one."""
    while isinstance(function, partial):
        function = function.func
    module = getattr(function, "__module__", None) or type(getattr(function, "__self__", None)).__module__
    return str(module).partition(".")[0]


def _is_refusal(error: Exception) -> bool:
    return isinstance(error, ValueError) or type(error).__module__.partition(".")[0] in _STRICT
