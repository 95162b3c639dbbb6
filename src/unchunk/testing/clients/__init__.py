"""The clients whose streams are cut: every module of this package is one.

A client module has

- `MODULE`: the name of the module that holds the client's class;
- `ON_REQUEST = True` if it is patched only when that is asked for;
- `patches(module)`: the class, the name and the replacement of each method.

What a method promises is kept: pieces are not longer than asked for, none is empty but at the end, and what was asked
for by its length comes whole. Where a client builds one method on another, the outermost that the program calls cuts,
and what is built on it (lines, text, JSON) is built on cut pieces.
"""

from __future__ import annotations

import functools
import importlib
import pkgutil
from collections.abc import Callable, Iterator
from types import ModuleType
from typing import Any, NamedTuple, Protocol, cast


class Patch(NamedTuple):
    """A method, or a property, and its replacement during a test."""

    owner: type
    name: str
    original: Any
    replacement: Any


class Client(Protocol):
    """A module that defines how the streams of a client are cut."""

    MODULE: str

    def patches(self, module: ModuleType) -> Iterator[Patch]: ...


@functools.cache
def all_clients() -> tuple[Client, ...]:
    """Return every client, by name."""
    names = sorted(module.name for module in pkgutil.iter_modules(__path__))
    return tuple(cast("Client", importlib.import_module(f"{__name__}.{name}")) for name in names)


def replaced(owner: type, name: str, replace: Callable[[Callable[..., Any]], Callable[..., Any]]) -> Patch:
    """Return the patch of a method; `replace` is given the original."""
    original = getattr(owner, name)
    return Patch(owner, name, original, functools.wraps(original)(replace(original)))
