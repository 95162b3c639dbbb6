"""Catalog rows that a user adds in the configuration."""

from __future__ import annotations

import keyword
from functools import lru_cache

from unchunk.analysis.findings import Framing
from unchunk.analysis.settings import Settings

from . import chat_shape
from .dsl import Client, Type, client
from .index import Catalog, builtin_clients


@lru_cache(maxsize=8)
def with_user_rows(settings: Settings) -> Catalog:
    """Return the catalog with the settings' rows added."""
    added = _clients(settings)
    catalog = Catalog([*added, *builtin_clients()])
    catalog.added = frozenset(client.dotted.partition(".")[0] for client in added)
    return catalog


def _clients(settings: Settings) -> list[Client]:
    made = [_source(name, Framing(framing)) for name, framing in settings.sources if not cannot_match(name)]
    for name in settings.parsers:
        owner, last = _owner(name)
        owner.parses_json(last)
        made.append(owner)
    for name in settings.safe:
        owner, last = _owner(name)
        owner.sanitizes(last)
        made.append(owner)
    return made


def _source(name: str, framing: Framing) -> Client:
    """Return the client for a user's source: a method of any object, a function, or a member reached through a class,
    which is the first capitalized word before the last.
    """
    root, *rest = name.split(".")
    if not rest:
        made = client("your code", distribution="")
        made.yields(_what(made, framing), root, untyped=True)
        return made
    made = client(root, distribution="")
    named = next((at for at, word in enumerate(rest[:-1]) if word[:1].isupper()), None)
    owner = made if named is None else made.type(".".join(rest[: named + 1]))
    owner.yields(_what(made, framing), ".".join(rest if named is None else rest[named + 1 :]))
    return made


def _what(made: Client, framing: Framing) -> Framing | Type:
    """Return what a step is: an object is an event with fragments at the usual places."""
    if framing is not Framing.OBJECT:
        return framing
    event = made.type("event", decoded=True)
    event.part(Framing.FRAGMENT, *chat_shape.FRAGMENTS, text=True)
    return event


def cannot_match(name: str) -> str:
    """Return the reason why a name can match no call, or ""."""
    if not all(word.isidentifier() for word in name.split(".")):
        return "it is no dotted name"
    wrong = next((word for word in name.split(".") if keyword.iskeyword(word)), None)
    return f"`{wrong}` is a word of the language, so that nothing can be called so" if wrong else ""


def _owner(name: str) -> tuple[Client, str]:
    """Split a dotted name into its module, as a client, and the rest."""
    root, _, last = name.partition(".")
    return (client(root, distribution=""), last) if last else (client("your code", distribution=""), root)
