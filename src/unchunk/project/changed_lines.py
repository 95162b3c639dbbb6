"""Lines changed since a git revision."""

from __future__ import annotations

import hashlib
import os
import sys
from typing import TYPE_CHECKING

from unchunk.project import git
from unchunk.project.line_diff import changed_lines

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

EVERYTHING = (range(1, sys.maxsize),)
_LINK = b"160000"
"""The mode of an entry that is a commit of another repository."""


class ChangedLines:
    """The lines of files that differ from a revision, or from its merge base with this branch.

    What counts is the repository that is scanned: a repository inside it (a submodule, or one that came with the
    change) is compared with the commit that the revision has in its place, never with branches of its own; without
    such a commit it is new as a whole. Files are compared here, byte by byte, so that no attribute or index of the tree
    has a say.

    Args:
        revision: a branch, tag or commit. What counts is the last commit that it shares with the current one,
            so that what others have done on it meanwhile is not taken for a change here.
        roots: the paths that are looked through. They, or the current folder above them, tell which repository it is.
    """

    def __init__(self, revision: str, roots: Iterable[str] = ()) -> None:
        self._revision = revision
        self._roots = [os.path.realpath(root) for root in (os.curdir, *roots)]
        self._bases: dict[str, _Snapshot] = {}
        self._nested: dict[tuple[str, str], _Snapshot | None] = {}
        self._ranges: dict[str, Sequence[range]] = {}

    def touch(self, path: str, spans: Iterable[tuple[int, int]]) -> bool:
        """Tell whether any of the stretches (first and last line) of a file has a changed line.

        Raises:
            GitError: the file is in no repository, or the repository does not know the revision.
        """
        if path not in self._ranges:
            self._ranges[path] = self._changed(os.path.realpath(path))
        changed = self._ranges[path]
        return any(first < lines.stop and lines.start <= last for first, last in spans for lines in changed)

    def _changed(self, path: str) -> Sequence[range]:
        base = self._base(path)
        before = self._before(base, path)
        if before is None:
            return EVERYTHING
        snapshot, entry = before
        try:
            with open(path, "rb") as file:
                now = file.read()
        except OSError:
            return EVERYTHING
        return () if entry == _object_name(now, len(entry)) else changed_lines(snapshot.content(entry), now)

    def _base(self, path: str) -> _Snapshot:
        """Return the revision's snapshot of the repository being scanned."""
        folders = [root if os.path.isdir(root) else os.path.dirname(root) for root in self._roots]
        tops = [git.root_of(folder) for folder in folders if _is_below(path, folder)]
        root = next((top for top in tops if top is not None), None) or git.root_of(os.path.dirname(path))
        if root is None:
            raise git.GitError(f"fatal: not a git repository: {os.path.dirname(path)}")
        if root not in self._bases:
            self._bases[root] = _shared(git.Repository(root), self._revision)
        return self._bases[root]

    def _before(self, snapshot: _Snapshot | None, path: str) -> tuple[_Snapshot, str] | None:
        """Return the old file's snapshot and object name; None if it did not exist."""
        while snapshot is not None:
            inside = os.path.relpath(path, snapshot.root).replace(os.sep, "/")
            if inside in snapshot.files:
                return snapshot, snapshot.files[inside]
            within = next((link for link in snapshot.links if inside.startswith(f"{link}/")), None)
            if within is None:
                return None
            snapshot = self._inner(os.path.join(snapshot.root, within), snapshot.links[within])
        return None

    def _inner(self, root: str, commit: str) -> _Snapshot | None:
        """Return the snapshot of a nested repository at a commit; None if the commit is unknown there."""
        if (root, commit) not in self._nested:
            try:
                self._nested[root, commit] = _Snapshot(git.Repository(root), commit)
            except git.GitError:
                self._nested[root, commit] = None
        return self._nested[root, commit]


class _Snapshot:
    """The files of a repository as of a commit.

    Attributes:
        root: the folder of the work tree.
        files: the names of their contents, by path.
        links: the commits of the repositories inside, by path.

    Raises:
        GitError: there is no such commit.
    """

    def __init__(self, repository: git.Repository, commit: str) -> None:
        self._repository = repository
        self.root = repository.root
        self.files: dict[str, str] = {}
        self.links: dict[str, str] = {}
        for line in repository.run("ls-tree", "-r", "-z", "--full-tree", commit).split(b"\0"):
            described, _, path = line.partition(b"\t")
            if path:
                mode, _, name = described.split(b" ")
                (self.links if mode == _LINK else self.files)[os.fsdecode(path)] = name.decode()

    def content(self, name: str) -> bytes:
        """Return the bytes of a file."""
        return self._repository.run("cat-file", "blob", name)


class UnknownRevisionError(git.GitError):
    """There is no commit of that name."""


def _shared(repository: git.Repository, revision: str) -> _Snapshot:
    asked = ("rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}")
    commit = repository.run(*asked, accept=(0, 1)).decode().strip()
    if not commit:
        raise UnknownRevisionError(
            f"{revision!r} is no commit of this repository; a shallow clone has to fetch it first"
            " (`git fetch --unshallow`, or `fetch-depth: 0` in a workflow)"
        )
    shared = repository.run("merge-base", commit, "HEAD", accept=(0, 1)).decode().strip()
    return _Snapshot(repository, shared or commit)


def _object_name(content: bytes, length: int) -> str:
    """Return git's object name for a content."""
    new = hashlib.sha1 if length == 40 else hashlib.sha256
    return new(b"blob %d\0" % len(content) + content, usedforsecurity=False).hexdigest()


def _is_below(path: str, folder: str) -> bool:
    return path.startswith(os.path.join(folder, ""))
