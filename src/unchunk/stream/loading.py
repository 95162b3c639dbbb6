"""Parsers other than `json`'s: what they take, and what their errors become."""

from __future__ import annotations

from collections.abc import Callable
from inspect import isawaitable
from typing import Any

from .values import Fault


class Loads:
    """A caller's `loads`, given the type it wants.

    It gets what the stream is made of, bytes or str; if it refuses that with a TypeError it gets the other.
    """

    __slots__ = ("_checked", "_function", "_wants_text")

    def __init__(self, function: Callable[[Any], Any]) -> None:
        self._function = function
        self._wants_text = False
        self._checked = False

    def prefer_text(self) -> None:
        """The stream is made of `str`."""
        if not self._checked:
            self._wants_text = True

    def function(self) -> Callable[[bytes], Any]:
        """What gives the value of a document most directly; it may raise anything."""
        return self._function if self._checked and not self._wants_text else self

    def __call__(self, document: bytes) -> Any:
        """The value of one whole document.

        Raises:
            Fault: the parser refused it; its own error is the cause.
            TypeError: the parser takes neither type, or gives something that is no value.
        """
        try:
            if self._checked:
                return self._function(_text(document) if self._wants_text else document)
            return self._first(document)
        except (RecursionError, MemoryError, TypeError):
            raise
        except Exception as error:
            raise Fault(_wording(error), _position(error)) from error

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
