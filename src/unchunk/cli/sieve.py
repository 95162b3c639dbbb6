"""Selection of the files of a run that may hold a finding at all.

Everything on this path is cheap to import: most runs end here, with nothing to report.
"""

from __future__ import annotations

import warnings

from unchunk.analysis.prefilter import may_contain

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from unchunk.analysis import Settings
    from unchunk.analysis.file_stats import FileStat
    from unchunk.analysis.project_graph import ImportGraph
    from unchunk.cli.cache import Shelf
    from unchunk.cli.cache_file import Entry
    from unchunk.project.configuration import Configuration
    from unchunk.project.discovery import Found

NOTEBOOK = ".ipynb"
_ONLY_AST = 0x400
"""`ast.PyCF_ONLY_AST`."""
_SMALL = 500_000
"""Bytes of Python that are parsed in a fraction of a second."""
MENTION = b"unchunk"
"""Word in every file that imports the helper."""
USER = 16
"""The state of such a file in a cache, beside those that `cache` has."""


class Place:
    """The properties shared by the files of one folder.

    Attributes:
        config: what rules them; None for the defaults.
        settings: what to look for in them; None for what is looked for by default.
        shelf: what is known of them; None in a run without a cache.
    """

    __slots__ = ("config", "settings", "shelf")

    def __init__(self, config: Configuration | None, settings: Settings | None, shelf: Shelf | None) -> None:
        self.config = config
        self.settings = settings
        self.shelf = shelf


class Source:
    """A file of a run.

    Attributes:
        path, root, named: as in `Found`; `named` is what is called explicit there.
        number: its place among all of them.
        name: the path without the folder.
        data: its bytes; None if they have not been read.
        stamp: its state just before they were.
        entry: what is known of it; None if that is nothing, or it has changed.
    """

    __slots__ = ("data", "entry", "name", "named", "number", "path", "place", "root", "stamp")

    def __init__(self, found: Found, number: int, name: str, place: Place) -> None:
        self.path = found.path
        self.root = found.root
        self.named = found.explicit
        self.number = number
        self.name = name
        self.place = place
        self.data: bytes | None = None
        self.stamp: FileStat | None = None
        self.entry: Entry | None = None


class Sieve:
    """A filter for the files of a run.

    Parsing every file would cost more than all the rest. What cannot contain a finding is parsed to see whether it is
    Python at all where it was named by the user, and in runs that are small enough for it not to matter.

    Args:
        tree: collects what files have to do with each other; None where there is but one.
        read: reads a file anew; whether it could.
        silenced: whether a file is of interest for a comment of ours in it, though nothing can be found there.
    """

    def __init__(self, tree: ImportGraph | None, read: Callable[[Source], bool], *, silenced: bool) -> None:
        self._tree = tree
        self._read = read
        self._silenced = silenced
        self._size = 0
        self._kept: dict[int, Source] = {}
        self._halves: dict[str, Source] = {}
        self._unparsed: list[Source] = []

    def add(self, source: Source) -> bool:
        """Take a file that has been read. Return whether it may hold a finding by itself, or is found not to be
        Python.
        """
        data = source.data
        assert data is not None
        if self._is_of_interest(source, data):
            self._kept[source.number] = source
            return True
        if self._tree is not None and self._tree.is_partial(source.path):
            self._halves[source.path] = source
        self.pass_over(source, len(data), parsed=source.named)
        return False

    def keep(self, source: Source) -> None:
        """Take a file that is known to be of interest."""
        self._kept[source.number] = source

    def pass_over(self, source: Source, size: int, *, parsed: bool) -> None:
        """Take a file that cannot hold a finding."""
        self._size += size
        if self._size <= _SMALL and not parsed:
            self._unparsed.append(source)

    def linked(self) -> list[Source]:
        """Keep and return the files that may hold a finding together with others."""
        if self._tree is None:
            return []
        linked = [self._halves[path] for path in self._tree.link_candidates() if path in self._halves]
        self._kept.update((source.number, source) for source in linked)
        return linked

    def parse(self) -> list[Source]:
        """Parse the remaining files: keep those that are not Python, and return the others."""
        if self._size > _SMALL:
            return []
        parsed = []
        for source in self._unparsed:
            if source.data is None and not self._read(source):
                continue
            if _parses(source):
                parsed.append(source)
            else:
                self._kept[source.number] = source
        return parsed

    def kept(self) -> list[Source]:
        """Return the kept files in their order."""
        return [self._kept[number] for number in sorted(self._kept)]

    def _is_of_interest(self, source: Source, data: bytes) -> bool:
        if self._may_contain(source, data) or (self._silenced and (b"unchunk:" in data.lower() or b"UNC" in data)):
            return True
        return b"\0" in data or not _is_utf8(data) or (source.named and not _parses(source))

    def _may_contain(self, source: Source, data: bytes) -> bool:
        settings = source.place.settings
        if source.path.endswith(NOTEBOOK):
            from unchunk.cli.document import may_contain as notebook_may_contain

            return notebook_may_contain(source.path, data, settings)
        if self._tree is None:
            return may_contain(data, settings)
        return self._tree.add(source.path, data, settings)


def _is_utf8(data: bytes) -> bool:
    if data.isascii():
        return True
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _parses(source: Source) -> bool:
    """Decide whether a file is Python, without importing `ast`. The engine will say what is wrong with it."""
    if source.path.endswith(NOTEBOOK):
        return True
    assert source.data is not None
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            compile(source.data, "", "exec", _ONLY_AST, dont_inherit=True)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return False
    return True
