"""Rows that a user adds in configuration."""

from __future__ import annotations

from functools import lru_cache

from unchunk.analysis.findings import Framing
from unchunk.analysis.settings import Settings

from .index import Catalog, builtin_clients
from .rows import Client, client


@lru_cache(maxsize=8)
def with_user_rows(settings: Settings) -> Catalog:
    """The catalog with what the settings add to it."""
    added = _clients(settings)
    catalog = Catalog([*added, *builtin_clients()])
    catalog.added = frozenset(client.dotted.partition(".")[0] for client in added)
    return catalog


def _clients(settings: Settings) -> list[Client]:
    made = [_source(name, Framing(framing)) for name, framing in settings.sources]
    for name in settings.parsers:
        owner, last = _owner(name)
        owner.parses(last)
        made.append(owner)
    for name in settings.safe:
        owner, last = _owner(name)
        owner.safe(last)
        made.append(owner)
    return made


def _source(name: str, framing: Framing) -> Client:
    owner, last = _owner(name)
    if "." not in name:
        owner.step(framing, last, untyped=True)
        return owner
    kind = name.rpartition(".")[0].rpartition(".")[2]
    if not kind[:1].isupper():
        owner.step(framing, last)
        return owner
    made = client(name.partition(".")[0], distribution="")
    made.type(name.rpartition(".")[0].partition(".")[2]).step(framing, name.rpartition(".")[2])
    return made


def _owner(name: str) -> tuple[Client, str]:
    """The module that a dotted name lies in, as a client, and the rest."""
    root, _, last = name.partition(".")
    return (client(root, distribution=""), last) if last else (client("your code", distribution=""), root)
