"""`unchunk clean`: remove what `check` has kept for its next run."""

from __future__ import annotations

import os
import sys

from unchunk.analysis.visible import visible
from unchunk.cli.cache_file import FOLDER, clean
from unchunk.cli.caching import folder_of
from unchunk.cli.parsing import Group, Option
from unchunk.project.config_files import ConfigFiles, ConfigurationError
from unchunk.project.discovery import JUNK_FOLDERS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from unchunk.cli.parsing import Options

SUMMARY = "remove what is kept between runs"
EPILOG = """\
exit status: 0 done, also where there was nothing, 2 something could not be removed

examples:
  unchunk clean                        the cache of the current folder, and those below it
  unchunk clean --cache-dir ~/caches   one that was kept elsewhere
"""
OPTIONS = (
    Group(
        "what to remove",
        Option("paths", metavar="PATH", help="the folders that were checked (default: the current folder)"),
        Option("--cache-dir", metavar="DIR", help="the folder that the cache was kept in"),
        Option("--config", metavar="FILE", help="the configuration file that they were checked with"),
        Option("--isolated", help="they were checked without any configuration file"),
        Option("--quiet", "-q", help="say nothing but errors"),
    ),
)


def run(options: Options) -> int:
    """Remove the caches and report it."""
    status = 0
    for folder in dict.fromkeys(_caches(options)):
        try:
            if clean(folder) and not options.quiet:
                print(visible(f"unchunk: {folder}: removed"), file=sys.stderr)
        except OSError as error:
            print(visible(f"unchunk: {folder}: cannot be removed: {error.strerror}"), file=sys.stderr)
            status = 2
    return status


def _caches(options: Options) -> Iterator[str]:
    """Yield the possible cache folders."""
    configs = ConfigFiles(options.config, isolated=options.isolated)
    for path in options.paths or [os.curdir]:
        try:
            yield os.path.normpath(folder_of(path, options, configs))
        except ConfigurationError as error:
            print(visible(f"unchunk: {error.path}: {error.reason}"), file=sys.stderr)
        for above, folders, _ in os.walk(path):
            if FOLDER in folders and not os.path.islink(os.path.join(above, FOLDER)):
                yield os.path.normpath(os.path.join(above, FOLDER))
            folders[:] = [name for name in folders if name not in JUNK_FOLDERS]
