"""Scripts that declare their dependencies themselves, in a `# /// script` block.

See https://packaging.python.org/en/latest/specifications/inline-script-metadata/
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Sequence
from pathlib import Path

from unchunk.project.dependencies.plan import CannotEdit, Note, out_of_date
from unchunk.project.dependencies.slots import DependencyTarget, Kind, Role
from unchunk.project.dependencies.text import Document, Insertion, decode
from unchunk.project.dependencies.toml_file import TomlFile

WHERE = "script block"

_OPENING = "# /// script"
_CLOSING = "# ///"
_LINE = re.compile(r"([^\r\n]*)(\r\n|\r|\n|$)")


def slot(path: Path, raw: bytes) -> DependencyTarget | None:
    """Return the slot in the script's own block; None for a file without one.

    Raises:
        Obstacle: the block is not TOML.
    """
    if _OPENING.encode() not in raw:
        return None
    try:
        document = decode(path, raw)
    except UnicodeDecodeError as error:
        raise CannotEdit(path, None, f"is not {error.encoding.upper()} text") from error
    block = _block(document)
    if block is None:
        return None
    text = "".join(document.text[start:end] for start, end in block)
    first_line = document.line(block[0][0]) - 1
    inner = _toml(dataclasses.replace(document, text=text), first_line)
    python = inner.value("requires-python")
    inside = inner.array_slot(("dependencies",), Kind.ENVIRONMENT, Role.RUNTIME, python=str(python) if python else None)
    return dataclasses.replace(
        inside,
        document=document,
        where=WHERE,
        adding=lambda needed: _outwards(inside.adding(needed), block, document.newline),
        line_of=lambda entry: inside.line_of(entry) + first_line,
    )


def _toml(document: Document, lines_above: int) -> TomlFile:
    try:
        return TomlFile(document)
    except CannotEdit as obstacle:
        line = obstacle.line + lines_above if obstacle.line else None
        raise CannotEdit(obstacle.path, line, f"the script block {obstacle.reason}") from obstacle


def _block(document: Document) -> list[tuple[int, int]] | None:
    """Return start and end of each line of the block, from behind its `# ` to behind its line end."""
    found: list[tuple[int, int]] | None = None
    for match in _LINE.finditer(document.text):
        line = match[1]
        if found is None:
            found = [] if line == _OPENING else None
        elif line == _CLOSING:
            return found or None
        elif line == "#" or line.startswith("# "):
            found.append((match.start() + min(len(line), 2), match.end()))
        else:
            found = None
    return None


def _outwards(insertions: Sequence[Insertion], block: Sequence[tuple[int, int]], newline: str) -> list[Insertion]:
    """Map the insertions into the block's text to the script's: behind a `# ` on every line."""
    found: list[Insertion] = []
    for insertion in insertions:
        left = insertion.offset
        for start, end in block:
            if left < end - start or (start, end) == block[-1]:
                found.append(Insertion(start + left, insertion.text.replace(newline, f"{newline}# ")))
                break
            left -= end - start
    return found


def refreshes(path: Path) -> list[Note]:
    """Return a note for the script's lock file, if it has one. See https://docs.astral.sh/uv/guides/scripts/"""
    lock = path.with_name(f"{path.name}.lock")
    return [out_of_date(lock, f"uv lock --script {path.name}", path.parent)] if lock.is_file() else []
