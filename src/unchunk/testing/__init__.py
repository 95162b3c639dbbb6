"""Tools for the tests of code that reads streams: cuts, recordings, a server, and a plugin for pytest."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .cutting import cuts, recut
    from .recording import replay, tap
    from .server import StreamServer, stream_server

__all__ = ["StreamServer", "cuts", "recut", "replay", "stream_server", "tap"]

# pytest imports this package in every run: each name is imported when it is asked for (PEP 562).
_HOME = {
    "StreamServer": "server",
    "cuts": "cutting",
    "recut": "cutting",
    "replay": "recording",
    "stream_server": "server",
    "tap": "recording",
}


def __getattr__(name: str) -> object:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    value: object = getattr(import_module(f"{__name__}.{_HOME[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
