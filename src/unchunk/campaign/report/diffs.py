"""Patches read for people: the files, and the lines of each side by side."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import zip_longest
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_HUNK = re.compile(r"@@ -(\d+)(?:,\d+)? \+(\d+)(?:,\d+)? @@(.*)")
_QUOTED = re.compile(rb"\\([0-7]{3}|.)")
_ESCAPES = {b"n": b"\n", b"t": b"\t", b'"': b'"', b"\\": b"\\"}


@dataclass(frozen=True, slots=True)
class Line:
    """One row: a line before and after. A number is None where that side has none.

    Attributes:
        kind: `same`, `changed`, or `hunk` with its heading as `before`.
    """

    kind: str
    before_number: int | None
    before: str
    after_number: int | None
    after: str


@dataclass(frozen=True, slots=True)
class FileDiff:
    """Changes of one file."""

    path: str
    lines: list[Line] = field(default_factory=list)
    added: int = 0
    removed: int = 0


def read(patch: bytes) -> list[FileDiff]:
    """Read what `git format-patch` has written."""
    text = patch.decode("utf-8", "backslashreplace").replace("\r\n", "\n")
    _, *parts = re.split(r"^diff --git ", text, flags=re.MULTILINE)
    return [_file(part) for part in parts]


def _file(part: str) -> FileDiff:
    lines = part.split("\n")
    start = next((at for at, line in enumerate(lines) if line.startswith("@@ ")), len(lines))
    rows = list(_rows(lines[start:]))
    added = sum(row.kind == "changed" and row.after_number is not None for row in rows)
    removed = sum(row.kind == "changed" and row.before_number is not None for row in rows)
    return FileDiff(_name(lines[:start]), rows, added, removed)


def _name(head: list[str]) -> str:
    named = [line for line in head[1:] if line.startswith(("+++ ", "--- "))]
    for line in reversed(named):
        name = line[4:].rstrip("\t")
        if name.startswith('"'):
            name = _unquoted(name[1:-1])
        if name != "/dev/null":
            return name[2:]
    return head[0].rpartition(" b/")[2]


def _unquoted(name: str) -> str:
    raw = _QUOTED.sub(lambda found: _byte(found[1]), name.encode())
    return raw.decode("utf-8", "backslashreplace")


def _byte(escape: bytes) -> bytes:
    return bytes([int(escape, 8)]) if len(escape) == 3 else _ESCAPES.get(escape, escape)


def _rows(lines: list[str]) -> Iterator[Line]:
    before = after = 0
    removed: list[tuple[int, str]] = []
    added: list[tuple[int, str]] = []
    for line in lines:
        found = _HUNK.fullmatch(line)
        if found or not line.startswith(("-", "+", "\\")):
            yield from _paired(removed, added)
            removed, added = [], []
        if found:
            before, after = int(found[1]), int(found[2])
            yield Line("hunk", None, found[3].strip(), None, "")
        elif line.startswith("-"):
            removed.append((before, line[1:]))
            before += 1
        elif line.startswith("+"):
            added.append((after, line[1:]))
            after += 1
        elif line.startswith(" "):
            yield Line("same", before, line[1:], after, line[1:])
            before, after = before + 1, after + 1
    yield from _paired(removed, added)


def _paired(removed: list[tuple[int, str]], added: list[tuple[int, str]]) -> Iterator[Line]:
    for (before_number, before), (after_number, after) in zip_longest(removed, added, fillvalue=(None, "")):
        yield Line("changed", before_number, before or "", after_number, after or "")
