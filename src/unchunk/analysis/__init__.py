"""Static detection of JSON that is parsed from pieces of a stream.

What is named here is brought in when it is first asked for: many runs need the prefilter only.
"""

from __future__ import annotations

from importlib import import_module

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .api import check_source, check_tree, explain
    from .findings import Finding
    from .settings import Settings
    from .source import SourceError

__all__ = ["Finding", "Settings", "SourceError", "check_source", "check_tree", "explain"]

_HOMES = {
    "Finding": "findings",
    "Settings": "settings",
    "SourceError": "source",
    "check_source": "api",
    "check_tree": "api",
    "explain": "api",
}


def __getattr__(name: str) -> object:
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f".{home}", __name__), name)
