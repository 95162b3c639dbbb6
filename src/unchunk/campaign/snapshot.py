"""Commit of a repository, judged by its objects alone: most have nothing to report, and need no checkout."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, NamedTuple

from unchunk.analysis.tree import Tree
from unchunk.campaign.sources import is_bare
from unchunk.cli.document import may_contain
from unchunk.cli.sieve import MENTION, NOTEBOOK
from unchunk.project.config_files import OWN_FILE, SHARED_FILE
from unchunk.project.discovery import PYTHON_SUFFIXES
from unchunk.project.git import READING, Objects, Repository, run

if TYPE_CHECKING:
    from collections.abc import Iterator

_LARGEST = 5_000_000
"""Bytes of a file that are looked at here; a larger one is left to the checkout."""
_DEEPEST = 100
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
        head = objects.read("HEAD^{commit}", _LARGEST)
        if head is None:
            return Snapshot("", True)
        return Snapshot(head[0], _is_plain(objects, len(head[0]) // 2))


def _is_plain(objects: Objects, size: int) -> bool:
    """Tell whether no file has to be looked into, by the same prefilter as `check`; when in doubt, not.

    Args:
        size: of the ids in trees, in bytes.
    """
    tree = Tree()
    for path, name in _files(objects, "HEAD^{tree}", "", size, _DEEPEST):
        if os.path.basename(path) == OWN_FILE or not name:
            return False
        data = _data(objects, name)
        if data is None or (MENTION in data and path.endswith((*PYTHON_SUFFIXES, SHARED_FILE))):
            return False
        if path.endswith(NOTEBOOK):
            if may_contain(path, data, None):
                return False
        elif path.endswith(PYTHON_SUFFIXES) and (b"\0" in data or tree.add(path, data)):
            return False
    return not tree.linked()


def _files(objects: Objects, tree: str, above: str, size: int, deepest: int) -> Iterator[tuple[str, str]]:
    """Walk a tree for the files that matter: programs and configurations, each with the id of its object.

    What cannot be walked, and links, have no id.
    """
    data = _data(objects, tree)
    if data is None or deepest == 0:
        yield above, ""
        return
    at = 0
    while at < len(data):
        end = data.index(b"\0", at)
        mode, name = data[at:end].split(b" ", 1)
        at = end + 1 + size
        path, entry = above + os.fsdecode(name), data[end + 1 : at].hex()
        if mode == _FOLDER:
            yield from _files(objects, entry, f"{path}/", size, deepest - 1)
        elif mode != _MODULE and path.endswith((*PYTHON_SUFFIXES, OWN_FILE, SHARED_FILE)):
            yield path, "" if mode == _LINK else entry


def _data(objects: Objects, name: str) -> bytes | None:
    found = objects.read(name, _LARGEST)
    return None if found is None else found[1]
