"""Import scanner on bytes."""

from __future__ import annotations

import re

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

_OWNER = re.compile(rb"from[ \t]+([\w.]+)[ \t]+$")
_LISTED = re.compile(rb"[ \t]+(\([^)]*\)|[^\n]*)")
_WORD = re.compile(rb"\w+")
_NAMES = re.compile(rb"\w+|\*")
_DOTTED = re.compile(rb"[\w.]+")


def scan_imports(source: bytes) -> Iterator[tuple[bytes, frozenset[bytes] | None]]:
    """Yield the modules imported from, each with the imported words; None for a module imported as a whole."""
    at = source.find(b"import")
    while at >= 0:
        start = source.rfind(b"\n", 0, at) + 1
        head, listed = source[start:at], _LISTED.match(source, at + 6)
        owner = _OWNER.search(head) if listed else None
        if listed and owner:
            yield owner[1], frozenset(_NAMES.findall(listed[1]))
        elif listed and not head.strip(b" \t"):
            for name in _DOTTED.findall(listed[1].partition(b"#")[0]):
                yield name, None
        at = source.find(b"import", at + 6)


def members_of(module: bytes, source: bytes) -> Iterator[bytes]:
    """Yield the members used of a module, under its own name or the one it is imported as."""
    yield from _members_of(module, source)
    at = source.find(module + b" as ")
    if at >= 0 and (renamed := _WORD.match(source, at + len(module) + 4)):
        yield from _members_of(renamed[0], source)


def _members_of(module: bytes, source: bytes) -> Iterator[bytes]:
    dotted = module + b"."
    at = source.find(dotted)
    while at >= 0:
        end = at + len(dotted)
        member = _WORD.match(source, end)
        if member and not (at and _WORD.match(source, at - 1)):
            yield member[0]
        at = source.find(dotted, end)
