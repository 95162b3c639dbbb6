"""Output of a report to standard output or a file, in the format asked for."""

from __future__ import annotations

import contextlib
import os
import shutil
import sys
from collections import Counter
from typing import TYPE_CHECKING

from unchunk.analysis.findings import Applicability
from unchunk.project.discovery import PYTHON_SUFFIXES
from unchunk.project.links import leads_out

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from typing import TextIO

    from unchunk.report.diagnostic import Diagnostic

HUMAN = ("text", "full", "concise")


def terminal_width(stream: TextIO | None) -> int | None:
    """Return the columns of the stream's terminal; None if it is none."""
    if stream is None or not stream.isatty():
        return None
    return shutil.get_terminal_size().columns


def in_color(stream: TextIO | None, color: str) -> bool:
    """Decide whether to write in colour: as `--color` says, or on a terminal, unless the environment says otherwise
    (https://no-color.org, https://force-color.org).
    """
    if color != "auto":
        return color == "always"
    if os.environ.get("NO_COLOR"):
        return False
    return bool(os.environ.get("FORCE_COLOR")) or (stream is not None and stream.isatty())


def write(text: Iterable[str], path: str | None = None) -> None:
    """Write text to a file, or to standard output, tolerating a closed pipe.

    Raises:
        OSError: the file cannot be written.
    """
    if path is not None:
        with open(path, "w", encoding="utf-8", errors="surrogateescape", newline="\n") as file:
            file.writelines(text)
        return
    if sys.stdout is None:
        return
    with contextlib.suppress(BrokenPipeError):
        sys.stdout.writelines(text)
        sys.stdout.flush()


def check_target(path: str, looked_at: Iterable[str]) -> None:
    """Raise ValueError if a report would overwrite a program, or follow a link out of the tree.

    Raises:
        ValueError: it would.
    """
    if not os.path.lexists(path):
        return
    target = os.path.realpath(path)
    if target.lower().endswith(PYTHON_SUFFIXES) or any(_is_same(target, other) for other in looked_at):
        raise ValueError(f"--output-file {path}: is a program, which the report would overwrite")
    is_here = not os.path.relpath(os.path.abspath(path)).startswith(os.pardir)
    if is_here and os.path.islink(path) and leads_out(path, os.curdir):
        raise ValueError(f"--output-file {path}: is a link that leads out of the tree")


def _is_same(target: str, other: str) -> bool:
    """Decide whether two names are of one file: by links, or where case does not count."""
    try:
        known = os.stat(target)
        if known.st_nlink < 2 and os.path.basename(other).lower() != os.path.basename(target).lower():
            return os.path.islink(other) and os.path.samefile(target, other)
        return os.path.samestat(known, os.stat(other))
    except OSError:
        return False


def write_bytes(data: bytes) -> None:
    """Write bytes to standard output as they are, tolerating a closed pipe."""
    if sys.stdout is None:
        return
    with contextlib.suppress(BrokenPipeError):
        sys.stdout.flush()
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()


def summary(entries: Sequence[Diagnostic]) -> Iterator[str]:
    """Yield the number of findings, the legend of their marks, and the way to fix them."""
    number = len(entries)
    yield f"Found {number} {'error' if number == 1 else 'errors'}.\n"
    safe = sum(entry.applicability is Applicability.SAFE for entry in entries)
    unsafe = sum(entry.applicability is Applicability.UNSAFE for entry in entries)
    ways = [f"[*] {safe} fixable with `unchunk fix`"] if safe else []
    ways += [f"{unsafe} fixable with `unchunk fix --unsafe-fixes`"] if unsafe else []
    if ways:
        yield f"{', '.join(ways)}.\n"


def statistics(entries: Iterable[Diagnostic]) -> Iterator[str]:
    """Yield a line a rule: the number of findings, and how many of them `unchunk fix` fixes."""
    listed = list(entries)
    counts = Counter((entry.code, entry.name) for entry in listed)
    fixable = Counter(entry.code for entry in listed if entry.fixable)
    for (code, name), count in sorted(counts.items(), key=lambda item: (-item[1], item[0])):
        yield f"{count:>5}  {code}  {name}  ({fixable[code]} fixable)\n"
