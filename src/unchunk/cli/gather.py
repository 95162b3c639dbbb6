"""Reads the files of a run and keeps those that can contain a finding at all.

Everything on this path is cheap to import: most runs end here, with nothing to report.
"""

from __future__ import annotations

import os
import stat
import sys
import warnings

from unchunk.analysis.prefilter import may_contain
from unchunk.analysis.system_errors import reason_of
from unchunk.cli.arguments import STDIN
from unchunk.project.config_files import ConfigurationError
from unchunk.project.discovery import Discovery, Found

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from unchunk.analysis import Settings
    from unchunk.analysis.tree import Tree
    from unchunk.cli.session import Session
    from unchunk.project.configuration import Configuration
    from unchunk.project.patterns import Patterns

STDIN_NAME = "<stdin>"
_NOTEBOOK = ".ipynb"
_ONLY_AST = 0x400
"""`ast.PyCF_ONLY_AST`."""
_SMALL = 500_000
"""Bytes of Python that are parsed in a fraction of a second."""


class Candidate:
    """A file that has to be looked into.

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
    """The files of a run, read one after the other.

    Attributes:
        roots: for every path of the command line the files below it that were read.
        stdin: what came from standard input.
    """

    def __init__(self, session: Session) -> None:
        self._session = session
        self.roots: dict[str, list[str]] = {}
        self.stdin = b""
        self._known: dict[str | None, Settings] = {}
        self._tree = None if _is_one_file(session.options.paths) else _new_tree()

    @property
    def paths(self) -> list[str]:
        """All files that were read."""
        return [path for paths in self.roots.values() for path in paths]

    def files(self) -> Iterator[Found]:
        """The files that the paths of the command line lead to."""
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
        """The files that can contain a finding, and those that cannot be read as Python, with their bytes.

        Parsing every file would cost more than all the rest. What cannot contain a finding is parsed to see whether it
        is Python at all where it was named by the user, and in runs that are small enough for it not to matter.
        """
        kept: dict[int, Candidate] = {}
        halves: dict[str, tuple[int, Candidate]] = {}
        unparsed: dict[int, Candidate] = {}
        size = 0
        for number, (candidate, named) in enumerate(self._sources()):
            if self._is_of_interest(candidate, named):
                kept[number] = candidate
                continue
            if self._tree is not None and self._tree.is_half(candidate.path):
                halves[candidate.path] = number, candidate
            size += len(candidate.data)
            if size <= _SMALL and not named:
                unparsed[number] = candidate
        if self._tree is not None:
            kept.update(halves[path] for path in self._tree.linked() if path in halves)
        if size <= _SMALL:
            kept.update((number, candidate) for number, candidate in unparsed.items() if not _parses(candidate))
        return [kept[number] for number in sorted(kept)]

    def _sources(self) -> Iterator[tuple[Candidate, bool]]:
        """Every file, and whether the user named it."""
        if STDIN in self._session.options.paths:
            name = self._session.options.stdin_filename or STDIN_NAME
            self.stdin = sys.stdin.buffer.read()
            yield from self._source(name, STDIN, self.stdin, named=True)
            return
        for found in self.files():
            self.roots.setdefault(found.root, [])
            data = self._read(found)
            if data is not None:
                yield from self._source(found.path, found.root, data, named=found.explicit)

    def _source(self, path: str, root: str, data: bytes, *, named: bool) -> Iterator[tuple[Candidate, bool]]:
        try:
            config = self._session.config_for(path)
        except ConfigurationError:
            return
        self.roots.setdefault(root, []).append(path)
        yield Candidate(path, root, data, config), named

    def _is_of_interest(self, candidate: Candidate, named: bool) -> bool:
        data = candidate.data
        if self._may_contain(candidate) or self._may_be_silenced(data):
            return True
        return b"\0" in data or not _is_utf8(data) or (named and not _parses(candidate))

    def _may_contain(self, candidate: Candidate) -> bool:
        settings = self._settings(candidate.config)
        if candidate.path.endswith(_NOTEBOOK):
            return _may_contain(candidate.path, candidate.data, settings)
        if self._tree is None:
            return may_contain(candidate.data, settings)
        return self._tree.add(candidate.path, candidate.data, settings)

    def _settings(self, config: Configuration | None) -> Settings | None:
        """What to look for under a configuration; None for what is looked for by default."""
        options = self._session.options
        if config is None and not options.select and not options.extend_select:
            return None
        key = None if config is None else config.path
        if key not in self._known:
            from dataclasses import replace

            from unchunk.analysis import Settings
            from unchunk.cli.wishes import Wishes

            codes = Wishes(options).selection(config).codes()
            self._known[key] = replace(Settings() if config is None else config.settings, select=codes)
        return self._known[key]

    def _may_be_silenced(self, data: bytes) -> bool:
        """Whether a file is of interest for a comment of ours in it, though nothing can be found there."""
        asked: bool = getattr(self._session.options, "report_unused_ignores", False)
        return asked and (b"unchunk:" in data.lower() or b"UNC" in data)

    def _read(self, found: Found) -> bytes | None:
        try:
            with open(found.path, "rb", buffering=0, opener=_open_at_once) as file:
                if stat.S_ISREG(os.fstat(file.fileno()).st_mode):
                    return file.read()
            self._session.problem(found.path, "is not a regular file", None)
            return None
        except OSError as error:
            if found.explicit or not isinstance(error, FileNotFoundError):  # git lists files that are deleted meanwhile
                self._session.problem(found.path, reason_of(error), None)
            return None


def _is_one_file(paths: list[str]) -> bool:
    """Whether there can be nothing but one file, which no other one can make a finding with."""
    return len(paths) == 1 and not os.path.isdir(paths[0])


def _open_at_once(path: str, flags: int) -> int:
    """Open a file; a named pipe would otherwise wait here for somebody to write to it."""
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))


def _new_tree() -> Tree:
    from unchunk.analysis.tree import Tree

    return Tree()


def _may_contain(path: str, data: bytes, settings: Settings | None) -> bool:
    if path.endswith(_NOTEBOOK):
        from unchunk.cli.document import may_contain as notebook_may_contain

        return notebook_may_contain(path, data, settings)
    return may_contain(data, settings)


def _is_utf8(data: bytes) -> bool:
    if data.isascii():
        return True
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _parses(candidate: Candidate) -> bool:
    """Whether a file is Python; told without importing `ast`. What is wrong with it the engine will say."""
    if candidate.path.endswith(_NOTEBOOK):
        return True
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            compile(candidate.data, "", "exec", _ONLY_AST, dont_inherit=True)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return False
    return True


def _patterns(words: list[str] | None) -> Patterns | None:
    if not words:
        return None
    from unchunk.project.patterns import Patterns

    return Patterns((word.strip() for text in words for word in text.split(",") if word.strip()), os.curdir)
