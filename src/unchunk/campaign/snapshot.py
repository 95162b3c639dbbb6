"""Commit of a repository, judged by its objects alone: most have nothing to report, and need no checkout."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, NamedTuple

from unchunk.analysis.project_graph import ImportGraph
from unchunk.campaign.sources import is_bare
from unchunk.cli.document import may_contain
from unchunk.cli.sieve import MENTION, NOTEBOOK
from unchunk.project.config_files import OWN_FILE, SHARED_FILE
from unchunk.project.discovery import PYTHON_SUFFIXES
from unchunk.project.git import READING, Objects, Repository, run

if TYPE_CHECKING:
    from collections.abc import Iterator

_MAX_SIZE = 5_000_000
"""Bytes of a file that are looked at here; a larger one is left to the checkout."""
_MAX_DEPTH = 100
"""Folders within folders that are walked here."""
_FOLDER, _LINK, _MODULE = b"40000", b"120000", b"160000"


class NotARepository(Exception):
    """The folder is not a repository; says what it is."""


class Snapshot(NamedTuple):
    """The commit at a repository's HEAD.

    Attributes:
        commit: its id; empty where there is none yet.
        is_plain: nothing in it can be reported or changed by default.
    """

    commit: str
    is_plain: bool


def git_directory(folder: str) -> str:
    """Return the git directory of a work tree or a bare repository.

    Raises:
        NotARepository: the folder is neither.
        GitError: git does not take it for this user's.
    """
    if os.path.lexists(os.path.join(folder, ".git")):
        return Repository(folder).directory
    if not is_bare(folder):
        raise NotARepository("there is no such folder" if not os.path.isdir(folder) else "is not a git repository")
    command = ["-c", "safe.bareRepository=all", "rev-parse", "--absolute-git-dir"]
    found = run(READING, command, folder, more={"GIT_CEILING_DIRECTORIES": os.path.dirname(folder)})
    return os.fsdecode(found).removesuffix("\n")


def snapshot(directory: str) -> Snapshot:
    """Look at the commit at HEAD.

    Raises:
        GitError: it cannot be read.
    """
    with Objects(directory) as objects:
        head = next(objects.read(["HEAD^{commit}"], _MAX_SIZE))
        if head is None:
            return Snapshot("", True)
        return Snapshot(head[0], _is_plain(objects, len(head[0]) // 2))


def _is_plain(objects: Objects, size: int) -> bool:
    """Tell whether no file has to be looked into, by the same prefilter as `check`; when in doubt, not.

    Args:
        size: of the ids in trees, in bytes.
    """
    files = _files(objects, size)
    if files is None or any(os.path.basename(path) == OWN_FILE for path, _ in files):
        return False
    tree = ImportGraph()
    for (path, _), found in zip(files, objects.read([name for _, name in files], _MAX_SIZE), strict=True):
        data = found[1] if found else None
        if data is None or MENTION in data:
            return False
        if path.endswith(NOTEBOOK):
            if may_contain(path, data, None):
                return False
        elif path.endswith(PYTHON_SUFFIXES) and (b"\0" in data or tree.add(path, data)):
            return False
    return not tree.link_candidates()


def _files(objects: Objects, size: int) -> list[tuple[str, str]] | None:
    """List the files that matter, programs and configurations, with the ids of their contents.

    None where a folder cannot be read, or a file is a link.
    """
    files: list[tuple[str, str]] = []
    level = [("", "HEAD^{tree}")]
    for _ in range(_MAX_DEPTH):
        below: list[tuple[str, str]] = []
        for (above, _), found in zip(level, objects.read([name for _, name in level], _MAX_SIZE), strict=True):
            if found is None or found[1] is None:
                return None
            for mode, name, entry in _entries(found[1], size):
                path = above + name
                if mode == _FOLDER:
                    below.append((f"{path}/", entry))
                elif mode != _MODULE and path.endswith((*PYTHON_SUFFIXES, OWN_FILE, SHARED_FILE)):
                    if mode == _LINK:
                        return None
                    files.append((path, entry))
        if not below:
            return files
        level = below
    return None


def _entries(tree: bytes, size: int) -> Iterator[tuple[bytes, str, str]]:
    """Read a tree object: mode, name and id of each entry."""
    at = 0
    while at < len(tree):
        end = tree.index(b"\0", at)
        mode, name = tree[at:end].split(b" ", 1)
        at = end + 1 + size
        yield mode, os.fsdecode(name), tree[end + 1 : at].hex()
