"""Which lines were changed since a git revision."""

from __future__ import annotations

import os
import re
import sys
from typing import TYPE_CHECKING

from unchunk.project import git

if TYPE_CHECKING:
    from collections.abc import Iterable

_HUNK = re.compile(rb"^@@ -\S+ \+(\d+)(?:,(\d+))? @@", re.MULTILINE)


class ChangedLines:
    """The lines of files that differ from a revision, or from where this branch left it.

    Args:
        revision: a branch, tag or commit. What counts is the last commit that it shares with the current one,
            so that what others have done on it meanwhile is not taken for a change here.
    """

    def __init__(self, revision: str) -> None:
        self._revision = revision
        self._bases: dict[str, str] = {}
        self._ranges: dict[str, list[range]] = {}

    def touch(self, path: str, spans: Iterable[tuple[int, int]]) -> bool:
        """Whether any of the stretches (first and last line) of a file has a changed line.

        Raises:
            GitError: the file is in no repository, or the repository does not know the revision.
        """
        if path not in self._ranges:
            self._ranges[path] = self._changed(os.path.dirname(os.path.abspath(path)), os.path.basename(path))
        changed = self._ranges[path]
        return any(first < lines.stop and lines.start <= last for first, last in spans for lines in changed)

    def _changed(self, folder: str, name: str) -> list[range]:
        only = f":(literal){name}"
        patch = git.run(
            folder, "diff", "-U0", "--no-renames", "--no-ext-diff", "--no-color", self._base(folder), "--", only
        )
        if not patch and not git.run(folder, "ls-files", "-z", "--", only):
            return [range(1, sys.maxsize)]  # not tracked yet: new as a whole
        return [_range(hunk) for hunk in _HUNK.finditer(patch)]

    def _base(self, folder: str) -> str:
        if folder not in self._bases:
            commit = (
                git.run(folder, "rev-parse", "--verify", "--end-of-options", f"{self._revision}^{{commit}}")
                .decode()
                .strip()
            )
            shared = git.run(folder, "merge-base", commit, "HEAD", accept=(0, 1)).decode().strip()
            self._bases[folder] = shared or commit
        return self._bases[folder]


def _range(hunk: re.Match[bytes]) -> range:
    start, count = int(hunk[1]), int(hunk[2] or 1)
    return range(start, start + count)
