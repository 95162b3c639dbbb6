"""Chunks of all clients, normalized to one form."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


class Plain:
    """A chunk that is data already: it passes through unparsed."""

    __slots__ = ("value",)

    def __init__(self, value: Any) -> None:
        self.value = value


def normal(chunk: Any) -> bytes | Plain:
    """Return the bytes of a chunk of text, or the plain data of an event that its client has decoded.

    `None` is no bytes. Raises TypeError for anything else.
    """
    match chunk:
        case str():
            return chunk.encode("utf-8", "surrogatepass")
        case bytes() | bytearray() | memoryview():
            return bytes(chunk)
        case None:
            return b""
        case _:
            return Plain(plain_data(chunk))


def plain_data(event: Any) -> Any:
    """Return an SDK's event as the JSON it was made from: dicts, lists, strings, numbers.

    Mappings and lists are taken as they are. Of the SDKs' own classes the method nearest to the JSON on the wire is
    called: `to_dict()` (OpenAI, Anthropic, Groq and others made by Stainless), `model_dump()` (pydantic 2), `dict()`
    (pydantic 1).
    """
    match event:
        case dict() | list():
            return event
        case Mapping():
            return dict(event)
    if isinstance(event, type):
        raise _unusable(event)
    if callable(to_dict := getattr(event, "to_dict", None)):
        return to_dict()
    if callable(model_dump := getattr(event, "model_dump", None)):
        if not hasattr(event, "__pydantic_fields_set__"):
            return model_dump()
        # What the server did not send stays absent: `"error" in data` has to mean what it meant on the wire.
        return model_dump(mode="json", by_alias=True, exclude_unset=True, warnings=False)
    if hasattr(event, "__fields_set__") and callable(as_dict := getattr(event, "dict", None)):
        return as_dict(by_alias=True, exclude_unset=True)
    raise _unusable(event)


def _unusable(chunk: object) -> TypeError:
    kind = type(chunk).__name__
    hint = " (of aiohttp's iter_chunks() take the first item: the bytes)" if isinstance(chunk, tuple) else ""
    return TypeError(f"a chunk must be bytes, str, None, a mapping or an SDK event that gives one, not {kind}{hint}")
