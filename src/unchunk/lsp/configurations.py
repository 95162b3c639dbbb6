"""The configuration that rules a file as it is by now, read again only when a file that could hold it has changed."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import TYPE_CHECKING

from unchunk.project.config_files import OWN_FILE, SHARED_FILE, ConfigFiles

if TYPE_CHECKING:
    from unchunk.project.configuration import Configuration

FILES = (OWN_FILE, SHARED_FILE)

_Stamp = tuple[tuple[str, int, int], ...]


class Configurations:
    """Answers which configuration rules a file.

    Args:
        explicit: a configuration file that rules everywhere.
        isolated: look for none at all.
    """

    def __init__(self, explicit: str | None = None, *, isolated: bool = False) -> None:
        self._explicit = explicit
        self._isolated = isolated
        self._known: dict[str, tuple[_Stamp, ConfigFiles]] = {}

    def of_file(self, path: str) -> Configuration | None:
        """The configuration for one file; None where the defaults rule.

        Raises:
            ConfigurationError: the file that rules here cannot be read or says something wrong.
        """
        if self._isolated:
            return None
        folder = os.path.dirname(os.path.abspath(path))
        stamp = tuple(_stamps(self._explicit, folder))
        if folder not in self._known or self._known[folder][0] != stamp:
            self._known[folder] = stamp, ConfigFiles(self._explicit)
        return self._known[folder][1].of_directory(folder)


def _stamps(explicit: str | None, folder: str) -> Iterator[tuple[str, int, int]]:
    """What the system knows of every file that could be the configuration for a folder."""
    for candidate in [explicit] if explicit else _candidates(folder):
        try:
            status = os.stat(candidate)
        except OSError:
            continue
        yield candidate, status.st_mtime_ns, status.st_size


def _candidates(folder: str) -> Iterator[str]:
    above = None
    while folder != above:
        yield from (os.path.join(folder, name) for name in FILES)
        above, folder = folder, os.path.dirname(folder)
