"""The configuration in force for a file, read again only when a file that could contain it has changed."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from unchunk.project.config_files import OWN_FILE, SHARED_FILE, ConfigFiles

if TYPE_CHECKING:
    from unchunk.project.configuration import Configuration

FILES = (OWN_FILE, SHARED_FILE)

_Stamps = tuple[tuple[str, int, int], ...]


class Configurations:
    """A cache of configurations by folder.

    Args:
        explicit: a configuration file that rules everywhere.
        isolated: look for none at all.
    """

    def __init__(self, explicit: str | None = None, *, isolated: bool = False) -> None:
        self._explicit = explicit
        self._isolated = isolated
        self._known: dict[str, tuple[_Stamps, Configuration | None]] = {}

    def of_file(self, path: str) -> Configuration | None:
        """Return the configuration for one file; None where the defaults apply.

        Raises:
            ConfigurationError: the file that rules here cannot be read or says something wrong.
        """
        if self._isolated:
            return None
        folder = os.path.dirname(os.path.abspath(path))
        known = self._known.get(folder)
        if known is None or known[0] != self._stamps(folder, known[1]):
            config = ConfigFiles(self._explicit).of_directory(folder)
            known = self._known[folder] = self._stamps(folder, config), config
        return known[1]

    def _stamps(self, folder: str, config: Configuration | None) -> _Stamps:
        """Return what the system knows of every file that could be the configuration for a folder, or a part of it."""
        own = [self._explicit] if self._explicit else _candidates(folder)
        return tuple(_existing([*own, *(config.extends if config else ())]))


def _existing(paths: Iterable[str]) -> Iterator[tuple[str, int, int]]:
    for path in paths:
        try:
            status = os.stat(path)
        except OSError:
            continue
        yield path, status.st_mtime_ns, status.st_size


def _candidates(folder: str) -> Iterator[str]:
    above = None
    while folder != above:
        yield from (os.path.join(folder, name) for name in FILES)
        above, folder = folder, os.path.dirname(folder)
