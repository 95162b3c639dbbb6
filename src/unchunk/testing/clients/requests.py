"""requests: its streams are urllib3's, but for responses that a test has made of a file."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from types import ModuleType
from typing import Any

from unchunk.testing.clients import Patch, replaced
from unchunk.testing.streams import current, cut_pieces, inside

MODULE = "requests.models"


def patches(module: ModuleType) -> Iterator[Patch]:
    """Cut what `iter_content` gives of a file, and leave `content` whole."""
    yield replaced(module.Response, "iter_content", _iter_content)
    content = module.Response.content
    yield Patch(module.Response, "content", content, property(_content(content.fget), doc=content.__doc__))


def _iter_content(original: Callable[..., Iterator[Any]]) -> Callable[..., Iterator[Any]]:
    def iter_content(self: Any, chunk_size: int | None = 1, decode_unicode: bool = False) -> Iterator[Any]:
        recorder = current()
        if recorder is not None and not hasattr(self.raw, "stream") and hasattr(self.raw, "read"):
            self.raw = _File(self.raw)
        return original(self, chunk_size, decode_unicode)

    return iter_content


class _File:
    """A file as urllib3 would hand it out."""

    def __init__(self, file: Any) -> None:
        self._file = file

    def __getattr__(self, name: str) -> Any:
        return getattr(self._file, name)

    def stream(self, amt: int | None = None, decode_content: bool | None = None) -> Iterator[bytes]:
        recorder = current()
        pieces = self._pieces(amt)
        return pieces if recorder is None else cut_pieces(recorder.stream(self, "requests Response.raw"), pieces, amt)

    def _pieces(self, amt: int | None) -> Iterator[bytes]:
        while piece := self._file.read(amt):
            yield piece


def _content(original: Callable[[Any], Any]) -> Callable[[Any], Any]:
    def content(self: Any) -> Any:
        with inside():
            return original(self)

    return content
