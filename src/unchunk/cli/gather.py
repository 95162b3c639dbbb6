"""Collection of the files of a run, and of those that have to be analyzed.

Everything on this path is cheap to import: most runs end here, with nothing to report.
"""

from __future__ import annotations

import os
import sys

from unchunk.analysis.os_errors import reason_of
from unchunk.cli.arguments import STDIN
from unchunk.cli.sieve import MENTION, USER, Place, Sieve, Source
from unchunk.project.config_files import ConfigurationError
from unchunk.project.discovery import Discovery, Found
from unchunk.project.reading import read_regular

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from unchunk.analysis import Settings
    from unchunk.analysis.file_stats import FileStat
    from unchunk.analysis.project_graph import ImportGraph
    from unchunk.cli.cache import Cache
    from unchunk.cli.session import Session
    from unchunk.project.configuration import Configuration
    from unchunk.project.patterns import Patterns

STDIN_NAME = "<stdin>"


class Candidate:
    """A file that has to be analyzed.

    Attributes:
        path, root: as the user would name them.
        data: its bytes.
        config: what rules it; None for the defaults.
    """

    __slots__ = ("config", "data", "path", "root")

    def __init__(self, path: str, root: str, data: bytes, config: Configuration | None) -> None:
        self.path = path
        self.root = root
        self.data = data
        self.config = config


class Gathering:
    """The files of a run, one after the other.

    Args:
        cache: what is known of them from the run before.

    Attributes:
        roots: for every path of the command line the files below it that were looked at.
        users: the same for files that mention unchunk, and may import it.
        stdin: what came from standard input.
    """

    def __init__(self, session: Session, cache: Cache | None = None) -> None:
        self._session = session
        self.roots: dict[str, list[str]] = {}
        self.users: dict[str, list[str]] = {}
        self.stdin = b""
        self._known: dict[str | None, Settings] = {}
        self._places: dict[str, Place | None] = {}
        self._cache = cache
        self._tree = None if _is_one_file(session.options.paths) else _new_tree()
        silenced = getattr(session.options, "report_unused_ignores", False)
        self._sieve = Sieve(self._tree, self._fetch, silenced=silenced)

    @property
    def paths(self) -> list[str]:
        """Return all files that were visited."""
        return [path for paths in self.roots.values() for path in paths]

    def files(self) -> Iterator[Found]:
        """Return the files that the paths of the command line lead to."""
        options, session = self._session.options, self._session
        discovery = Discovery(
            session.configs,
            session.problem,
            session.note,
            exclude=_patterns(options.exclude),
            respect_gitignore=not options.no_respect_gitignore,
            force_exclude=options.force_exclude,
        )
        return discovery.find(options.paths or [os.curdir])

    def candidates(self) -> list[Candidate]:
        """Return the files that may hold a finding, and those that are not valid Python, with their bytes.

        Those of which the run before knows that they come to nothing are left out.
        """
        if self._cache is not None and self._tree is not None:
            from unchunk.cli.recall import Recall

            recall = Recall(self._cache, self._tree, self._sieve, self._fetch)
            for source in self._warned():
                recall.take(source)
            return [self._candidate(source) for source in recall.kept()]
        for source in self._warned():
            self._sieve.add(source)
        self._sieve.linked()
        self._sieve.parse()
        return [self._candidate(source) for source in self._sieve.kept()]

    @staticmethod
    def _candidate(source: Source) -> Candidate:
        assert source.data is not None
        return Candidate(source.path, source.root, source.data, source.place.config)

    def _warned(self) -> Iterator[Source]:
        """Yield every file, then warn about configured sources that match in none."""
        taught = []
        for source in self._sources():
            if source.place.config is not None and source.place.config.settings.sources:
                taught.append(source)
            yield source
        if taught and STDIN not in self._session.options.paths:
            from unchunk.cli.idle_sources import idle_sources

            for message in idle_sources(taught):
                self._session.note(message)

    def _sources(self) -> Iterator[Source]:
        """Yield every file with its bytes, or with its cache entry."""
        if STDIN in self._session.options.paths:
            name = self._session.options.stdin_filename or STDIN_NAME
            self.stdin = sys.stdin.buffer.read()
            place = self._place(name, os.path.dirname(name))
            if place is not None:
                self.roots[STDIN] = [name]
                source = Source(Found(name, STDIN, explicit=True), 0, os.path.basename(name), place)
                source.data = self.stdin
                yield source
            return
        for number, found in enumerate(self.files()):
            paths = self.roots.setdefault(found.root, [])
            folder, name = os.path.split(found.path)
            place = self._places[folder] if folder in self._places else self._place(found.path, folder)
            if place is None:
                continue
            source = Source(found, number, name, place)
            if place.shelf is not None:
                source.entry = place.shelf.unchanged(name, found.path)
            if source.entry is None and not self._fetch(source):
                continue
            paths.append(found.path)
            if _is_user(source):
                self.users.setdefault(found.root, []).append(found.path)
            yield source

    def _place(self, path: str, folder: str) -> Place | None:
        """Return what the files of a folder share; None if the configuration there is broken."""
        try:
            config = self._session.config_for(path)
        except ConfigurationError:
            place = None
        else:
            shelf = None if self._cache is None else self._cache.shelf(folder, config.said if config else "")
            place = Place(config, self._settings(config), shelf)
        self._places[folder] = place
        return place

    def _settings(self, config: Configuration | None) -> Settings | None:
        """Return the engine's settings under a configuration; None for the defaults."""
        options = self._session.options
        if config is None and not options.select and not options.extend_select:
            return None
        key = None if config is None else config.path
        if key not in self._known:
            from dataclasses import replace

            from unchunk.analysis import Settings
            from unchunk.project.rule_selection import RuleSelector

            codes = RuleSelector(options).selection(config).codes()
            self._known[key] = replace(Settings() if config is None else config.settings, select=codes)
        return self._known[key]

    def _fetch(self, source: Source) -> bool:
        """Read a file and look its content up in the cache. Return whether it could be read."""
        read = self._read(source)
        if read is None:
            return False
        source.data, source.stamp = read
        if source.place.shelf is not None:
            source.entry = source.place.shelf.again(source.name, source.data, source.stamp)
        return True

    def _read(self, source: Source) -> tuple[bytes, FileStat] | None:
        try:
            read = read_regular(source.path)
        except OSError as error:
            if source.named or not isinstance(error, FileNotFoundError):  # git lists files that are deleted meanwhile
                self._session.problem(source.path, reason_of(error), None)
            return None
        if read is None:
            self._session.problem(source.path, "is not a regular file", None)
        return read


def _is_user(source: Source) -> bool:
    """Decide whether a file mentions unchunk, by its text or its cache entry."""
    if source.data is not None:
        return MENTION in source.data
    return source.entry is not None and source.entry[3] & USER != 0


def _is_one_file(paths: list[str]) -> bool:
    """Decide whether the run has one file at most, with no other to combine it with."""
    return len(paths) == 1 and not os.path.isdir(paths[0])


def _new_tree() -> ImportGraph:
    from unchunk.analysis.project_graph import ImportGraph

    return ImportGraph()


def _patterns(words: list[str] | None) -> Patterns | None:
    if not words:
        return None
    from unchunk.project.patterns import Patterns

    return Patterns((word.strip() for text in words for word in text.split(",") if word.strip()), os.curdir)
