"""Names of repositories: where they are listed, what they are called, and which of them are folders here."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING

from unchunk.project.discovery import JUNK_FOLDERS

if TYPE_CHECKING:
    from collections.abc import Iterator

_SCHEME = re.compile(r"([a-z][a-z0-9+.-]*)://", re.IGNORECASE)
_HOST_AND_PATH = re.compile(r"[^/\\:]+:(?![\\/]{2})")
_USER = re.compile(r"(://)[^/@\s]*@")


def is_address(source: str) -> bool:
    """Tell an address that git clones from, with a scheme or as `host:path`, from a folder here."""
    if _SCHEME.match(source):
        return True
    return not os.path.exists(source) and _HOST_AND_PATH.match(source) is not None and os.name != "nt"


def as_kept(source: str) -> str:
    """Return a source as the ledger keeps it: folders as absolute paths."""
    return source if is_address(source) else os.path.abspath(source)


def name_of(source: str) -> str:
    """Return what people call a repository: its path, or its address without a password and `.git`."""
    shown = without_secrets(source) if is_address(source) else source
    return os.fsencode(shown.rstrip("/").removesuffix(".git") or shown).decode("utf-8", "backslashreplace")


def without_secrets(text: str) -> str:
    """Take user names and passwords out of the addresses in a text."""
    return _USER.sub(r"\1", text)


def listed_in(path: str) -> Iterator[str]:
    """Read repositories from a file, one a line; `#` begins a comment, and folders are relative to the file's.

    Raises:
        OSError: the file cannot be read.
    """
    folder = os.path.dirname(os.path.abspath(path))
    with open(path, encoding="utf-8", errors="surrogateescape") as lines:
        for line in lines:
            source = line.strip()
            if source and not source.startswith("#"):
                yield source if is_address(source) else os.path.join(folder, source)


def below(root: str) -> Iterator[str]:
    """Find the repositories in a folder, bare ones too, in the order of their names; none inside another."""
    if is_repository(root):
        yield root
        return
    try:
        entries = sorted(os.scandir(root), key=lambda entry: entry.name)
    except OSError:
        return
    for entry in entries:
        if entry.is_dir(follow_symlinks=False) and entry.name not in JUNK_FOLDERS:
            yield from below(entry.path)


def is_repository(folder: str) -> bool:
    """Tell a work tree or a bare repository by what lies in it."""
    return os.path.lexists(os.path.join(folder, ".git")) or is_bare(folder)


def is_bare(folder: str) -> bool:
    """Tell a bare repository by what lies in it."""
    return all(os.path.exists(os.path.join(folder, name)) for name in ("HEAD", "objects", "refs"))
