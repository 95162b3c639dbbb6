"""Enclosing functions and classes of places in a program, judged by indentation, without parsing."""

from __future__ import annotations

import re

from .layout import NAME

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

# Begins with a plain letter, by which the search is many times faster.
_DEFINITION = re.compile(rb"\n([ \t]*)(?:async[ \t]+)?(?:def|class)[ \t]+(%b)" % NAME)
_GLOBAL = re.compile(rb"(%b)[ \t]*(?::[^=\n]*)?=[^=]" % NAME)
_OUTERMOST = (b"\ndef ", b"\nclass ", b"\nasync ")


def enclosing_definitions(source: bytes, places: Iterable[int]) -> frozenset[bytes]:
    """Return the names of the functions and classes around some offsets, and of the globals assigned there.

    Args:
        places: in order.
    """
    source = b"\n" + source + b"\n"
    found: set[bytes] = set()
    last = looked_at = -1
    searched = 0
    definitions: list[tuple[int, bytes]] = []
    for place in places:
        start, end = source.rfind(b"\n", 0, place + 1), source.find(b"\n", place + 1)
        assigned = _GLOBAL.match(source, start + 1)
        if assigned:
            found.add(assigned[1])
        outermost = max(last, *(source.rfind(word, searched, end) for word in _OUTERMOST))
        searched = max(start - len(_OUTERMOST[1]), 0)
        if outermost != last:
            last, looked_at, definitions = outermost, outermost, []
        matches = _DEFINITION.finditer(source, max(looked_at, 0), end)
        definitions += [(len(match[1]), match[2]) for match in matches]
        looked_at = end
        found.update(_outwards(definitions))
    return frozenset(found)


def _outwards(definitions: list[tuple[int, bytes]]) -> Iterator[bytes]:
    """Yield the definition before a place, then those at ever smaller indentation."""
    deepest = 1000
    for indent, name in reversed(definitions):
        if indent < deepest:
            deepest = indent
            yield name
