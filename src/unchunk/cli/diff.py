"""Unified diffs of files, byte for byte, as `patch -p0` and `git apply -p0` take them."""

from __future__ import annotations

import difflib
import os
import sys
from typing import TYPE_CHECKING

from unchunk.cli import output

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from unchunk.codemod.atomic_write import Change

_COLOURS = {b"-": b"\x1b[31m", b"+": b"\x1b[32m", b"@": b"\x1b[36m"}
_PLAIN = b"\x1b[0m"


def show(changes: Iterable[Change], color: str) -> None:
    """Print the diffs to standard output, in colour on a terminal."""
    coloured = output.in_color(sys.stdout, color)
    output.write_bytes(b"".join(_painted(line) if coloured else line for change in changes for line in lines(change)))


def text(changes: Iterable[Change]) -> str:
    """Return the diffs as text, for a report; bytes that are not UTF-8 are escaped."""
    return b"".join(line for change in changes for line in lines(change)).decode("utf-8", "backslashreplace")


def lines(change: Change) -> Iterator[bytes]:
    """Yield the lines of one file's diff; none if it does not change."""
    name = _quoted(os.fsencode(change.path))
    old = name if change.before is not None else os.fsencode(os.devnull)
    before, after = _split(change.before or b""), _split(change.after)
    for line in difflib.diff_bytes(difflib.unified_diff, before, after, old, name):
        yield line if line.endswith(b"\n") else line + b"\n\\ No newline at end of file\n"


def _quoted(name: bytes) -> bytes:
    """Return a name as git writes it: in quotes if it could act on a terminal, or end the line."""
    if not any(byte < 32 or byte == 127 for byte in name):
        return name
    inside = name.replace(b"\\", b"\\\\").replace(b'"', b'\\"')
    return b'"%b"' % b"".join(b"\\%03o" % byte if byte < 32 or byte == 127 else bytes([byte]) for byte in inside)


def _split(data: bytes) -> list[bytes]:
    """Split into lines as patch counts them: a lone carriage return or a form feed ends none."""
    pieces = data.split(b"\n")
    return [piece + b"\n" for piece in pieces[:-1]] + ([pieces[-1]] if pieces[-1] else [])


def _painted(line: bytes) -> bytes:
    colour = _COLOURS.get(line[:1])
    return line if colour is None else colour + line.rstrip(b"\n") + _PLAIN + b"\n"
