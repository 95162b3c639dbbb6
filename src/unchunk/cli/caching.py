"""Location of the cache, if any: by command line, then environment, then configuration."""

from __future__ import annotations

import os
import sys
import zlib

from unchunk import __version__
from unchunk.cli.cache_file import FOLDER
from unchunk.project.config_files import ConfigurationError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from unchunk.cli.cache import Cache
    from unchunk.cli.parsing import Options
    from unchunk.project.config_files import ConfigFiles

# What is asked for: runs that differ in it have a cache each. What configurations say is kept with the files.
_ASKED = (
    "paths",
    "exclude",
    "force_exclude",
    "no_respect_gitignore",
    "select",
    "extend_select",
    "ignore",
    "per_file_ignores",
    "disable_noqa",
    "report_unused_ignores",
    "config",
    "isolated",
)
_OFF = ("", "0", "false", "no", "off")


def cache_of(options: Options, configs: ConfigFiles) -> Cache | None:
    """Return the cache of a run over a folder; None if it is unwanted or impossible."""
    paths = options.paths or [os.curdir]
    if os.environ.get("UNCHUNK_NO_CACHE", "").lower() not in _OFF:
        return None
    first = next(filter(os.path.isdir, paths), None)
    written_by = _program()
    if first is None or written_by is None:
        return None
    from unchunk.cli.cache import Cache

    try:
        asked = repr([os.getcwd(), *(getattr(options, name) for name in _ASKED)])
        name = f"{zlib.crc32(os.fsencode(asked)):08x}.json"
        return Cache(os.path.join(folder_of(first, options, configs), name), f"{written_by} {asked}")
    except (OSError, ConfigurationError):  # told where the files are looked for
        return None


def folder_of(path: str, options: Options, configs: ConfigFiles) -> str:
    """Return the cache folder for runs over a folder: beside the configuration in force, else in the current folder.

    Raises:
        ConfigurationError: the configuration is broken.
    """
    wanted = options.cache_dir or os.environ.get("UNCHUNK_CACHE_DIR")
    if wanted:
        return str(wanted)
    config = configs.of_directory(path)
    if config is None:
        return FOLDER
    if config.cache_dir is not None:
        return config.cache_dir
    return FOLDER if options.config else os.path.join(os.path.dirname(config.path), FOLDER)


def _program() -> str | None:
    """Return the identity of this program and its Python, on which results depend; None if unknown."""
    package = os.path.dirname(os.path.dirname(__file__))
    try:
        files = [status for folder in _folders(package) for status in folder]
    except OSError:
        return None
    record = _record(package)
    state = sum(status.st_mtime_ns for status in files) if record is None else zlib.crc32(record)
    sizes = sum(status.st_size for status in files), len(files)
    return f"unchunk {__version__} {state} {sizes} {sys.implementation.name} {sys.version}"


def _record(package: str) -> bytes | None:
    """Return the installer's record with a digest of each file, the same for each installation; None for an editable
    one.
    """
    try:
        with open(os.path.join(os.path.dirname(package), f"unchunk-{__version__}.dist-info", "RECORD"), "rb") as file:
            return file.read()
    except OSError:
        return None


def _folders(folder: str) -> Iterator[list[os.stat_result]]:
    """Yield the stats of the modules in a folder, and below it."""
    with os.scandir(folder) as entries:
        found = list(entries)
    yield [entry.stat() for entry in found if entry.name.endswith(".py")]
    for entry in found:
        if entry.is_dir() and entry.name != "__pycache__":
            yield from _folders(entry.path)
