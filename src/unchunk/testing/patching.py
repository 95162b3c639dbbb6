"""Patches of the clients that are imported, made for a run of a test and undone after it."""

from __future__ import annotations

import contextlib
import functools
import importlib.util
import sys
from collections.abc import Callable, Iterator
from importlib.machinery import ModuleSpec
from types import ModuleType

from unchunk.testing.clients import Client, Patch, all_clients

_MISSING = object()
_made: dict[str, tuple[Patch, ...]] = {}
# Every replacement that was ever set, by its id, with the patch it is of and what was there: a mock that outlives a
# test, as one of `setUpClass` does, puts ours back when it goes.
_replaced: dict[int, tuple[Patch, object]] = {}


@functools.cache
def _wanted(on_request: bool) -> tuple[Client, ...]:
    return tuple(client for client in all_clients() if on_request or not getattr(client, "ON_REQUEST", False))


@contextlib.contextmanager
def patched(on_request: bool = False) -> Iterator[None]:
    """Patch clients for the length of a block: those that are imported by now, and others when they are.

    Args:
        on_request: whether those are among them that are patched on request only.
    """
    made: list[Patch] = []

    def patch(client: Client, module: ModuleType) -> None:
        for each in _patches(client, module):
            made.append(each)
            if _is_clients_own(each):
                _replaced[id(each.replacement)] = (each, vars(each.owner).get(each.name, _MISSING))
                setattr(each.owner, each.name, each.replacement)

    wanted = {client.MODULE: client for client in _wanted(on_request)}
    finder = _Finder({name: client for name, client in wanted.items() if name not in sys.modules}, patch)
    sys.meta_path.insert(0, finder)
    try:
        for name, client in wanted.items():
            if name not in finder.clients:
                patch(client, sys.modules[name])
        yield
    finally:
        sys.meta_path.remove(finder)
        for each in reversed(made):
            _undo(each)


class _Finder:
    """Patches clients that a test imports itself, as soon as they are there."""

    def __init__(self, clients: dict[str, Client], patch: Callable[[Client, ModuleType], None]) -> None:
        self.clients = clients
        self._patch = patch

    def find_spec(self, name: str, path: object = None, target: object = None) -> ModuleSpec | None:
        client = self.clients.pop(name, None)
        spec = importlib.util.find_spec(name) if client is not None else None  # the other finders are asked
        if client is not None and spec is not None and spec.loader is not None:
            execute = spec.loader.exec_module

            def exec_module(module: ModuleType) -> None:
                execute(module)
                self._patch(client, module)

            spec.loader.exec_module = exec_module  # type: ignore[method-assign]
        return spec


def _is_clients_own(patch: Patch) -> bool:
    """Return whether a method is the client's, or wraps it, and is no mock that the tests have put in its place."""
    method = patch.original.fget if isinstance(patch.original, property) else patch.original
    module = getattr(method, "__module__", None) or patch.owner.__module__  # those written in C have none
    return str(module).partition(".")[0] == patch.owner.__module__.partition(".")[0]


def _undo(patch: Patch) -> None:
    """Put back what was there, below all our replacements; what somebody else has set meanwhile stays."""
    while (known := _replaced.get(id(vars(patch.owner).get(patch.name)))) is not None:
        _, was = known
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
