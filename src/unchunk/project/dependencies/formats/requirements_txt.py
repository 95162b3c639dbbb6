"""Requirements files, of pip and pip-tools: `requirements*.txt`, `requirements/*.txt`, and their `.in` files.

See https://pip.pypa.io/en/stable/reference/requirements-file-format/
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from unchunk.project.dependencies.compiled import Compiled, compiled
from unchunk.project.dependencies.folder import Folder
from unchunk.project.dependencies.plan import CannotEdit
from unchunk.project.dependencies.requirement import Entry, Needed, entry, styled
from unchunk.project.dependencies.slots import (
    DependencyTarget,
    Kind,
    Place,
    Role,
    Unwritable,
    is_tooling,
    role_of_group,
)
from unchunk.project.dependencies.text import Document, Insertion, LineList

PRIORITY = 90
KIND = Kind.ENVIRONMENT

_NAME = re.compile(r"(?:.*[-_.])?requirements(?:[-_.].*)?\.(?:txt|in|pip)", re.IGNORECASE)
_COMMENT = re.compile(r"(?:^|\s+)#.*$")
_OPTION = re.compile(r"(-r|--requirement|-c|--constraint|-e|--editable)(?:\s*=\s*|\s+|(?<=-[rce]))(\S.*)")
_EGG = re.compile(r"#egg=([\w.-]+)")
_PER_REQUIREMENT = re.compile(r"\s+--?[A-Za-z].*$", re.DOTALL)


@dataclass(frozen=True, slots=True)
class _Line:
    """A line as pip reads it: joined where it is continued, without its comment."""

    number: int
    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class _File:
    document: Document
    entries: tuple[Entry, ...]
    listing: LineList
    included: tuple[str, ...]
    constraints: tuple[str, ...]
    hashed: int | None
    installs_project: bool


def places(folder: Folder) -> Iterator[Place]:
    """Yield the files for the program, for tests and for development; several for the program where none is the main
    one.
    """
    names = _sources(folder)
    for name in names:
        if (role := _role(name)) in (Role.TEST, Role.DEVELOPMENT):
            yield slot(folder, name, KIND, role)
    for name in _main(folder, [name for name in names if _role(name) is Role.RUNTIME]):
        yield slot(folder, name, KIND, Role.RUNTIME)
    yield from _orphans(folder)


def slot(folder: Folder, name: str, kind: Kind, role: Role, python: str | None = None) -> Place:
    """Return the slot in one requirements file, or in the file that it is compiled from."""
    if made := compiled(folder, name):
        if not made.sources:
            return Unwritable(_made_by(made, folder.path / name), kind, role)
        name = made.sources[0]
    file = _read(folder, name)
    if file is None:
        missing = CannotEdit(folder.path / name, None, "is named as the list of dependencies, but is missing")
        return Unwritable(missing, kind, role)
    reached = _reachable(folder, name)
    return DependencyTarget(
        file.document,
        kind,
        role,
        "the requirements",
        tuple(each for other in (file, *reached.values()) for each in other.entries),
        partial(_add, file),
        name="" if role is Role.RUNTIME else _words(name),
        limits=tuple(each for other in (file, *reached.values()) for each in _limits(folder, other)),
        included=frozenset(reached),
        installs_project=any(other.installs_project for other in (file, *reached.values())),
        python=python,
    )


def included(folder: Folder, name: str) -> list[Path]:
    """Return the files that a requirements file includes, directly or not."""
    return list(_reachable(folder, name))


def _sources(folder: Folder) -> list[str]:
    """Return the files that people edit: `.in` files, and `.txt` files that are not compiled from anything."""
    return [name for name in _names(folder) if name.endswith(".in") or compiled(folder, name) is None]


def _names(folder: Folder) -> list[str]:
    names = [name for name in folder.names() if _NAME.fullmatch(name)]
    return names + [f"requirements/{each}" for each in folder.names("requirements") if each.endswith((".txt", ".in"))]


def _role(name: str) -> Role | None:
    """Return a file's role by its name; None for what is neither the program's nor its tests'."""
    words = _words(name)
    role = role_of_group(words)
    if role is not Role.OPTIONAL:
        return role
    return None if is_tooling(words) or "constraints" in words else Role.RUNTIME


def _words(name: str) -> str:
    return re.sub(r"requirements", "", name.rsplit(".", 1)[0], flags=re.IGNORECASE).strip("/-_. ")


def _main(folder: Folder, names: Sequence[str]) -> Sequence[str]:
    """Return the program's list: `requirements.in` or `.txt`, the only file, or the one that all others include."""
    for name in ("requirements.in", "requirements.txt"):
        if name in names:
            return (_behind(folder, name, names),)
    reached = {name: _reachable(folder, name) for name in names}
    base = [name for name in names if all(other == name or folder.path / name in reached[other] for other in names)]
    return base if len(base) == 1 else names


def _behind(folder: Folder, name: str, names: Sequence[str]) -> str:
    """Return the list that a file with nothing but one include stands for."""
    file = _read(folder, name)
    if file is None or file.entries or len(file.included) != 1 or file.included[0] not in names:
        return name
    return _behind(folder, file.included[0], [each for each in names if each != name])


def _orphans(folder: Folder) -> Iterator[Place]:
    """Yield the program's generated lists whose sources are not here."""
    for name in _names(folder):
        made = compiled(folder, name)
        if made and not made.sources and not made.project and _role(name) is Role.RUNTIME:
            yield Unwritable(_made_by(made, folder.path / name), KIND)


def _made_by(made: Compiled, path: Path) -> CannotEdit:
    hint = f"add `{{requirement}}` to that file and run `{made.command}`"
    return CannotEdit(path, 1, f"is generated ({made.tool}), and the file it is generated from is not here", hint)


def _reachable(folder: Folder, name: str, seen: frozenset[Path] = frozenset()) -> dict[Path, _File]:
    """Return the files that a file includes with `-r`, and those that these include."""
    file = _read(folder, name)
    found: dict[Path, _File] = {}
    for other in file.included if file else ():
        path = folder.path / other
        file_there = _read(folder, other)
        if file_there is not None and path not in seen:
            found[path] = file_there
            found |= _reachable(folder, other, seen | set(found))
    return found


def _limits(folder: Folder, file: _File) -> tuple[Entry, ...]:
    constraints = [_read(folder, name) for name in file.constraints]
    return tuple(each for other in constraints if other for each in other.entries)


def _add(file: _File, needed: Needed) -> Sequence[Insertion]:
    if file.hashed is not None:
        raise CannotEdit(
            file.document.path,
            file.hashed,
            "is in hash-checking mode: pip refuses an entry without a hash",
            f"add `{needed.name}=={needed.minimum} --hash=sha256:…` with the hashes that `pip hash` or `pip-compile "
            "--generate-hashes` gives",
        )
    if file.entries:
        return [file.listing.adding(styled(needed, file.entries), needed.name)]
    text, newline = file.document.text, file.document.newline
    if not text or text.endswith("\n"):
        return [Insertion(len(text), needed.requirement + newline)]
    return [Insertion(len(text), newline + needed.requirement)]


def _read(folder: Folder, name: str) -> _File | None:
    document = folder.document(name)
    if document is None:
        return None
    here = os.path.dirname(name)
    lines = list(_lines(document.text))
    options = [(match, line) for line in lines if (match := _OPTION.match(line.text))]
    listed = [(line, each) for line in lines if (each := _entry(line, document.path)) is not None]
    return _File(
        document,
        tuple(each for _, each in listed),
        LineList(
            tuple(line.end for line, _ in listed),
            tuple(each.sort_key for _, each in listed),
            tuple(line.start for line, _ in listed),
            document.newline,
        ),
        tuple(_named(here, match[2]) for match, _ in options if match[1] in ("-r", "--requirement")),
        tuple(_named(here, match[2]) for match, _ in options if match[1] in ("-c", "--constraint")),
        next((line.number for line in lines if re.search(r"(^|\s)--(hash\b|require-hashes)", line.text)), None),
        any(re.fullmatch(r"(?:(?:-e|--editable)[\s=]*)?\.(?:\[.*\])?/?", line.text) for line in lines),
    )


def _named(here: str, name: str) -> str:
    """Return a file named in another, relative to the project's folder."""
    return os.path.normpath(os.path.join(here, name.strip().strip("\"'")))


def _entry(line: _Line, path: Path) -> Entry | None:
    """Return what a line declares; None for options."""
    match _OPTION.match(line.text):
        case re.Match() as option if option[1] in ("-e", "--editable"):
            egg = _EGG.search(option[2])
            return entry(f"{egg[1]} @ {option[2]}" if egg else option[2], path, line.number)
        case re.Match():
            return None
        case _ if line.text.startswith("-"):
            return None
        case _:
            return entry(_PER_REQUIREMENT.sub("", line.text).strip(), path, line.number)


def _lines(text: str) -> Iterator[_Line]:
    """Yield the non-empty lines. A backslash at the end continues a line, unless it ends a comment."""
    parts: list[str] = []
    start, at, first = 0, 0, 1
    for number, raw in enumerate(text.splitlines(keepends=True) if text else (), 1):
        body = raw.rstrip("\r\n")
        if not parts:
            start, first = at, number
        end = at + len(body)
        at += len(raw)
        if body.endswith("\\") and not body.lstrip().startswith("#"):
            parts.append(body[:-1])
            continue
        joined = _COMMENT.sub("", "".join([*parts, body])).strip()
        parts = []
        if joined:
            yield _Line(first, start, end, joined)
    if parts and (joined := _COMMENT.sub("", "".join(parts)).strip()):
        yield _Line(first, start, len(text), joined)
