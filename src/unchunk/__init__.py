"""Whole JSON values from a stream that is cut anywhere."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .stream.decoder import JSONStreamDecoder
    from .stream.errors import (
        DepthError,
        JSONStreamError,
        MalformedJSONError,
        SizeLimitError,
        TruncatedError,
    )
    from .stream.fragments import JSONFragments
    from .stream.iterate import aiter_json, iter_json
    from .stream.partial import aiter_partial, iter_partial
    from .stream.rechunk import Boundary, arechunk, rechunk
    from .stream.settings import Framing, OnError
    from .stream.sse import aiter_sse, iter_sse
    from .stream.sse_parser import ServerSentEvent

__version__ = "0.1.0"

__all__ = [
    "Boundary",
    "DepthError",
    "Framing",
    "JSONFragments",
    "JSONStreamDecoder",
    "JSONStreamError",
    "MalformedJSONError",
    "OnError",
    "ServerSentEvent",
    "SizeLimitError",
    "TruncatedError",
    "aiter_json",
    "aiter_partial",
    "aiter_sse",
    "arechunk",
    "iter_json",
    "iter_partial",
    "iter_sse",
    "rechunk",
]

# The command line starts through this package and needs none of these: each is imported when it is asked for (PEP 562).
_HOME = {
    "Boundary": "rechunk",
    "DepthError": "errors",
    "Framing": "settings",
    "JSONFragments": "fragments",
    "JSONStreamDecoder": "decoder",
    "JSONStreamError": "errors",
    "MalformedJSONError": "errors",
    "OnError": "settings",
    "ServerSentEvent": "sse_parser",
    "SizeLimitError": "errors",
    "TruncatedError": "errors",
    "aiter_json": "iterate",
    "aiter_partial": "partial",
    "aiter_sse": "sse",
    "arechunk": "rechunk",
    "iter_json": "iterate",
    "iter_partial": "partial",
    "iter_sse": "sse",
    "rechunk": "rechunk",
}


def __getattr__(name: str) -> object:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    value: object = getattr(import_module(f"{__name__}.stream.{_HOME[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
