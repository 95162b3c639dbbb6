"""Location of a file's configuration: the nearest `unchunk.toml`, or `pyproject.toml` with `[tool.unchunk]`, above it.

Kept apart from the reading of it, so that a run without configuration needs no TOML parser.
"""

from __future__ import annotations

import errno
import os

from unchunk.project.reading import MAX_SETTINGS_SIZE, read_whole

TYPE_CHECKING = False
if TYPE_CHECKING:
    from unchunk.project.configuration import Configuration

OWN_FILE = "unchunk.toml"
SHARED_FILE = "pyproject.toml"
_TABLE_OPENINGS = (b"tool.unchunk", b"[tool]", b"tool={")


class ConfigurationError(ValueError):
    """A configuration file that cannot be read, or has an invalid value: `path`, `line` (or None), `reason`."""

    def __init__(self, path: str, reason: str, line: int | None = None) -> None:
        super().__init__(reason)
        self.path = path
        self.reason = reason
        self.line = line


class ConfigFiles:
    """A look-up of configurations by folder; `None` means that there is none and the defaults apply.

    Args:
        explicit: a configuration file that rules everywhere (`--config`).
        isolated: look for none at all (`--isolated`).
    """

    def __init__(self, explicit: str | None = None, *, isolated: bool = False) -> None:
        self._explicit = explicit
        self._isolated = isolated
        self._by_directory: dict[str, str | None] = {}
        self._loaded: dict[str, Configuration | ConfigurationError] = {}

    def of_directory(self, directory: str) -> Configuration | None:
        """Return the configuration for the files in a folder.

        Raises:
            ConfigurationError: the file that rules here cannot be read or says something wrong.
        """
        path = self.path_for(directory)
        return None if path is None else self._load(path)

    def of_file(self, path: str) -> Configuration | None:
        """Return the configuration for one file. Raises as `of_directory`."""
        return self.of_directory(os.path.dirname(path))

    def path_for(self, directory: str) -> str | None:
        """Return the path of a folder's configuration file; None without one."""
        if self._isolated:
            return None
        if self._explicit is not None:
            return self._explicit
        return self._nearest(os.path.abspath(directory))

    def _nearest(self, directory: str) -> str | None:
        if directory in self._by_directory:
            return self._by_directory[directory]
        found = _file_in(directory)
        if found is None:
            parent = os.path.dirname(directory)
            found = None if parent == directory else self._nearest(parent)
        self._by_directory[directory] = found
        return found

    def _load(self, path: str) -> Configuration:
        if path not in self._loaded:
            from unchunk.project.configuration import load

            try:
                self._loaded[path] = load(path)
            except ConfigurationError as error:
                self._loaded[path] = error
        loaded = self._loaded[path]
        if isinstance(loaded, ConfigurationError):
            raise loaded
        return loaded


def _file_in(directory: str) -> str | None:
    own = os.path.join(directory, OWN_FILE)
    if os.path.lexists(own) and not os.path.isdir(own):
        return own
    shared = os.path.join(directory, SHARED_FILE)
    return shared if _mentions_unchunk(shared) else None


def _mentions_unchunk(path: str) -> bool:
    """Decide whether a pyproject.toml may have a `[tool.unchunk]` table in any spelling, without parsing it first."""
    try:
        text = read_whole(path, MAX_SETTINGS_SIZE)
    except OSError as error:
        return error.errno in (errno.EINVAL, errno.EFBIG)  # whoever reads it says what is wrong with it
    if b"unchunk" not in text:
        return False
    squeezed = text.translate(None, b" \t\"'")
    return any(opening in squeezed for opening in _TABLE_OPENINGS) and _has_table(text)


def _has_table(text: bytes) -> bool:
    from unchunk.project.toml import parse

    try:
        tool = parse(text).get("tool")
    except ValueError:
        return True  # whoever reads it says what is wrong with it
    return isinstance(tool, dict) and "unchunk" in tool
