"""Patches of the clients that are imported, made for a run of a test and undone after it."""

from __future__ import annotations

import contextlib
import functools
import sys
from collections.abc import Iterator
from types import ModuleType

from unchunk.testing.clients import Client, Patch, all_clients

_MISSING = object()
_made: dict[str, tuple[Patch, ...]] = {}


def loaded(on_request: bool) -> list[tuple[Client, ModuleType]]:
    """Return the clients that are imported by now, with their modules."""
    modules = sys.modules
    return [(client, modules[client.MODULE]) for client in _wanted(on_request) if client.MODULE in modules]


@functools.cache
def _wanted(on_request: bool) -> tuple[Client, ...]:
    return tuple(client for client in all_clients() if on_request or not getattr(client, "ON_REQUEST", False))


@contextlib.contextmanager
def patched(clients: list[tuple[Client, ModuleType]]) -> Iterator[None]:
    """Patch clients for the length of a block."""
    made = [patch for client, module in clients for patch in _patches(client, module)]
    before = [vars(patch.owner).get(patch.name, _MISSING) for patch in made]
    try:
        for patch in made:
            setattr(patch.owner, patch.name, patch.replacement)
        yield
    finally:
        for patch, was in zip(made, before, strict=True):
            if was is _MISSING:  # a base class has it
                delattr(patch.owner, patch.name)
            else:
                setattr(patch.owner, patch.name, was)


def _patches(client: Client, module: ModuleType) -> tuple[Patch, ...]:
    """Return the patches of a client, made anew where something else has patched it in the meantime."""
    known = _made.get(client.MODULE)
    if known is None or any(getattr(patch.owner, patch.name) is not patch.original for patch in known):
        known = _made[client.MODULE] = tuple(client.patches(module))
    return known
