"""Observations of pieces that come one by one, all possibilities together."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from itertools import takewhile
from typing import Any, TypeAlias

from unchunk.codemod.symbolic.runs import End, Forwarded

Events: TypeAlias = tuple[Hashable, ...]
Ways: TypeAlias = frozenset[tuple[Events, End]]
_MAX_PATHS = 256


def outcome_of(pieces: Sequence[Ways]) -> frozenset[Events] | None:
    """Return all possible observations of pieces that come one by one; None if there are too many."""
    paths: set[tuple[Events, bool]] = {((), False)}
    for ways in pieces:
        paths = {path for path in paths if path[1]} | {
            ((*events, *more, *(() if end is End.QUIET else (end,))), end is not End.QUIET)
            for events, over in paths
            if not over
            for more, end in ways
        }
        if len(paths) > _MAX_PATHS:
            return None
    return frozenset(joined(events) for events, _ in paths)


def differing(some: list[Ways], others: list[Ways]) -> tuple[list[Ways], list[Ways]]:
    """Drop what both begin and end with alike: what is left decides, and has fewer possibilities."""
    alike = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(some, others, strict=False)))
    some, others = some[alike:], others[alike:]
    backwards = zip(reversed(some), reversed(others), strict=False)
    alike = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], backwards))
    return some[: len(some) - alike], others[: len(others) - alike]


def joined(events: Events) -> Events:
    """Return what is parsed, what happens, and what is passed on at each place, however it is cut.

    Parsing shows only by what is done with its values, so that its place between other things does not.
    """
    parsed: list[Hashable] = []
    others: list[Hashable] = []
    passed_on: dict[Hashable, list[Any]] = {}
    for event in events:
        if isinstance(event, Forwarded):
            passed_on.setdefault(event.place, []).append(event.text)
        else:
            (parsed if isinstance(event, tuple) and event[0] == "parse" else others).append(event)
    joined = ((place, texts[0][:0].join(texts)) for place, texts in passed_on.items())
    return (tuple(parsed), *others, *joined)


def without_errors(outcome: frozenset[Events]) -> frozenset[Events]:
    """Keep what is observed of those ways through that do not fail."""
    return frozenset(events for events in outcome if End.ERROR not in events)
