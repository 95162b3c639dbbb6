"""A folder that may be a project: its files, read once."""

from __future__ import annotations

import os
import stat
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from unchunk.analysis.os_errors import reason_of
from unchunk.project.dependencies.plan import CannotEdit
from unchunk.project.dependencies.text import Document, decode
from unchunk.project.dependencies.toml_file import TomlFile
from unchunk.project.reading import read_whole

_MAX_SIZE = 5_000_000
"""Bytes of a file that declares dependencies."""


class Folder:
    """The files of a folder, as they are on the disk or, where `contents` has them, as they are going to be."""

    def __init__(self, path: Path, contents: Mapping[Path, bytes] | None = None) -> None:
        self.path = path
        self._contents = contents or {}
        self.document = cache(self._document)
        self.toml = cache(self._toml)

    def names(self, below: str = ".") -> list[str]:
        """Return the names of the files in a folder below this one, in alphabetical order; none where it is missing."""
        try:
            return sorted(each.name for each in (self.path / below).iterdir() if each.is_file())
        except OSError:
            return []

    def has(self, name: str) -> bool:
        """Decide whether there is a file of this name."""
        return (self.path / name).is_file()

    def raw(self, name: str) -> bytes | None:
        """Return the bytes of a file, None where there is none.

        Raises:
            Obstacle: it cannot be read.
        """
        path = self.path / name
        if path in self._contents:
            return self._contents[path]
        try:
            return read_whole(os.fspath(path), _MAX_SIZE) if path.is_file() else None
        except OSError as error:
            raise CannotEdit(path, None, f"cannot be read ({reason_of(error)})") from error

    def _document(self, name: str) -> Document | None:
        """Return a file as text; None where there is none. Raises Obstacle for what is not text."""
        raw = self.raw(name)
        if raw is None:
            return None
        path = self.path / name
        try:
            return decode(path, raw)
        except UnicodeDecodeError as error:
            line = raw.count(b"\n", 0, error.start) + 1
            raise CannotEdit(path, line, f"is not {error.encoding.upper()} text") from error

    def _toml(self, name: str) -> TomlFile | None:
        """Return a TOML file; None where there is none. Raises Obstacle for what is not TOML."""
        document = self._document(name)
        return None if document is None else TomlFile(document)


def is_read_only(path: Path) -> bool:
    """Decide whether the file is not writable, for us or for anybody."""
    try:
        return not os.stat(path).st_mode & (stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH) or not os.access(path, os.W_OK)
    except OSError:
        return False
