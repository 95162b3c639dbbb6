"""Path patterns of `exclude` and `per-file-ignores`, as flake8 and Ruff read them.

A pattern without a slash matches a file or folder of that name anywhere below the configuration file;
one with a slash matches the path relative to the configuration file, and everything below it.
`*` matches slashes as well.
"""

from __future__ import annotations

import fnmatch
import os
import re

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable


class Patterns:
    """Patterns that belong to one folder (the one of their configuration file)."""

    def __init__(self, patterns: Iterable[str], root: str) -> None:
        names, paths = _split(patterns)
        self._root = os.path.abspath(root)
        self._names = _union(names)
        self._paths = _union([variant for path in paths for variant in (path, path.rstrip("/") + "/*")])

    def match_entry(self, path: str) -> bool:
        """Decide whether this very file or folder matches (not one of its parents)."""
        if self._names is not None and self._names.match(os.path.basename(path)):
            return True
        return self._paths is not None and self._paths.match(self._relative(path)) is not None

    def match(self, path: str) -> bool:
        """Decide whether the file, or a folder around it below the root, matches."""
        if self._names is None and self._paths is None:
            return False
        relative = self._relative(path)
        if self._paths is not None and self._paths.match(relative):
            return True
        return self._names is not None and any(map(self._names.match, relative.split("/")))

    def _relative(self, path: str) -> str:
        absolute = os.path.abspath(path)
        prefix = self._root.rstrip(os.sep) + os.sep
        inside = absolute.startswith(prefix)
        return (absolute[len(prefix) :] if inside else absolute).replace(os.sep, "/")


def _split(patterns: Iterable[str]) -> tuple[list[str], list[str]]:
    names: list[str] = []
    paths: list[str] = []
    for pattern in patterns:
        plain = pattern.replace(os.sep, "/").removeprefix("./")
        bare = plain.rstrip("/")
        (paths if "/" in bare else names).append(bare)
    return names, paths


def _union(patterns: list[str]) -> re.Pattern[str] | None:
    if not patterns:
        return None
    return re.compile("|".join(f"(?:{fnmatch.translate(pattern)})" for pattern in patterns))
