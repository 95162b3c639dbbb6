"""Rows that a user adds in configuration."""

from __future__ import annotations

import keyword
from functools import lru_cache

from unchunk.analysis.findings import Framing
from unchunk.analysis.settings import Settings

from . import chat_shape
from .index import Catalog, builtin_clients
from .rows import Client, Type, client


@lru_cache(maxsize=8)
def with_user_rows(settings: Settings) -> Catalog:
    """The catalog with what the settings add to it."""
    added = _clients(settings)
    catalog = Catalog([*added, *builtin_clients()])
    catalog.added = frozenset(client.dotted.partition(".")[0] for client in added)
    return catalog


def _clients(settings: Settings) -> list[Client]:
    made = [_source(name, Framing(framing)) for name, framing in settings.sources if not cannot_match(name)]
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
    """A row for a method of anything, a function, or what is reached through an instance of a class: the class is the
    first word with a capital letter that is not the last word.
    """
    root, *rest = name.split(".")
    if not rest:
        made = client("your code", distribution="")
        made.step(_what(made, framing), root, untyped=True)
        return made
    made = client(root, distribution="")
    named = next((at for at, word in enumerate(rest[:-1]) if word[:1].isupper()), None)
    owner = made if named is None else made.type(".".join(rest[: named + 1]))
    owner.step(_what(made, framing), ".".join(rest if named is None else rest[named + 1 :]))
    return made


def _what(made: Client, framing: Framing) -> Framing | Type:
    """What a step is: an object is an event, in which fragments lie where those of all others do."""
    if framing is not Framing.OBJECT:
        return framing
    event = made.type("event", decoded=True)
    event.part(Framing.FRAGMENT, *chat_shape.FRAGMENTS, text=True)
    return event


def cannot_match(name: str) -> str:
    """Why no call can be one of a source; empty if one can."""
    if not all(word.isidentifier() for word in name.split(".")):
        return "it is no dotted name"
    wrong = next((word for word in name.split(".") if keyword.iskeyword(word)), None)
    return f"`{wrong}` is a word of the language, so that nothing can be called so" if wrong else ""


def _owner(name: str) -> tuple[Client, str]:
    """The module that a dotted name lies in, as a client, and the rest."""
    root, _, last = name.partition(".")
    return (client(root, distribution=""), last) if last else (client("your code", distribution=""), root)
