"""The cache between runs: files known to be clean need not be read again.

No finding is kept. A file with findings, problems or skipped parts is looked into by every run; so is one that was
changed too short a time ago for its stamp to be trusted.
"""

from __future__ import annotations

import os
import time

from unchunk.analysis.file_stats import file_stat
from unchunk.cli import cache_file
from unchunk.project.reading import read_regular

TYPE_CHECKING = False
if TYPE_CHECKING:
    from unchunk.analysis.file_dependencies import Dependencies
    from unchunk.analysis.file_stats import FileStat
    from unchunk.analysis.project_graph import ImportGraph
    from unchunk.cli.cache_file import Document, Entry, Probe

OF_INTEREST = 1
"""The file can hold a finding by itself, or a problem."""
KEPT = 2
"""It matters to others (see `ImportGraph`)."""
LINKED = 4
"""It can hold a finding together with others."""
PARSED = 8
"""It is Python."""

_TOO_FRESH = 2_000_000_000
"""Nanoseconds. What is written twice within the clock's step looks the same; the coarsest clocks step by two seconds.
"""
_NEVER = (0, 0)
_MANY = 100
"""Files from which on a cache is worth a folder in somebody's project."""


class Shelf:
    """The cache entries of one folder.

    Attributes:
        before: by name, as the run before left them; nothing if other settings ruled there.
        now: what this run leaves.
    """

    __slots__ = ("_fresh", "before", "now")

    def __init__(self, before: dict[str, Entry], fresh: int) -> None:
        self._fresh = fresh
        self.before = before
        self.now: dict[str, Entry] = {}

    def unchanged(self, name: str, path: str) -> Entry | None:
        """Return the entry of a file that is unchanged by its stat."""
        entry = self.before.get(name)
        if entry is None:
            return None
        try:
            stamp = file_stat(os.stat(path))
        except OSError:
            return None
        return entry if stamp is not None and entry[:3] == [*stamp] else None

    def again(self, name: str, data: bytes, stamp: FileStat) -> Entry | None:
        """Return the entry of a file that has been read, if its content is unchanged, whatever its stat."""
        entry = self.before.get(name)
        if entry is not None:
            if entry[:3] == [*stamp]:
                return entry
            if len(entry) > 4 and entry[2] == stamp[2] and entry[4] == digest(data):
                return [*self._lasting(stamp), *entry[3:]]
        self.now.pop(name, None)  # it was as before when it was met
        return None

    def put(self, name: str, data: bytes, stamp: FileStat, state: int) -> None:
        """Store a file's entry for the next run."""
        if state & (OF_INTEREST | KEPT):
            self.now[name] = [*self._lasting(stamp), state, digest(data)]
        elif is_trusted(stamp, self._fresh):
            self.now[name] = [*stamp, state]

    def mark(self, name: str, state: int) -> None:
        """Add a flag to a file's entry."""
        entry = self.now.get(name)
        if entry is not None:
            self.now[name] = [*entry[:3], entry[3] | state, *entry[4:]]

    def _lasting(self, stamp: FileStat) -> FileStat:
        return stamp if is_trusted(stamp, self._fresh) else (*_NEVER, stamp[2])


class Cache:
    """The cache of runs with the same options.

    Args:
        file: where it is.
        key: what it is worth nothing without: who wrote it, and what was asked for.
    """

    def __init__(self, file: str, key: str) -> None:
        self._file = file
        self._key = key
        self._fresh = time.time_ns() - _TOO_FRESH
        self._before = cache_file.load(file, key)
        self._probes: list[Probe] = [*self._before["probes"]]
        self._shelves: dict[str, tuple[str, Shelf]] = {}
        self._tree: tuple[int, dict[str, bool]] = (0, {})
        self._settled: dict[str, list[Probe]] = {}
        self._same: dict[int, bool] = {}
        self._noted: dict[tuple[str, FileStat | None], Probe | None] = {}

    def shelf(self, folder: str, rules: str) -> Shelf:
        """Return the entries of a folder; `rules` identifies the folder's configuration, whatever its form."""
        said, names = self._before["folders"].get(folder, (rules, {}))
        shelf = Shelf(names if said == rules else {}, self._fresh)
        self._shelves[folder] = rules, shelf
        return shelf

    def is_same_tree(self, kept: int, tree: ImportGraph) -> bool:
        """Decide whether the import graph must be unchanged, given the number of unchanged files that matter to others;
        the tree knows all other files.
        """
        before, packages = self._before["tree"]
        if before != kept or tree.kept or any(tree.is_package(folder) != is_ for folder, is_ in packages.items()):
            return False
        self._tree = before, packages
        return True

    def note_tree(self, tree: ImportGraph) -> None:
        """Store the state of the import graph that was computed anew."""
        self._tree = tree.kept, tree.packages()

    def is_settled(self, path: str) -> bool:
        """Decide whether an unchanged file must be clean again, and keep it in the cache if so."""
        numbers = self._before["settled"].get(path)
        if numbers is None or not all(map(self._is_same, numbers)):
            return False
        self._settled[path] = [self._probes[number] for number in numbers]
        return True

    def settle(self, path: str, probes: Dependencies) -> None:
        """Store that a file is clean, if all its dependencies can be checked again."""
        noted = [self._probe(other, stamp) for other, stamp in probes.items()]
        known = [probe for probe in noted if probe is not None]
        if len(known) == len(noted):
            self._settled[path] = known

    def save(self) -> None:
        """Write the cache for the next run. No folder is created for a few files, which take no time."""
        now = self._document()
        if now != self._before and (self._is_for_many() or os.path.isdir(os.path.dirname(self._file))):
            cache_file.save(self._file, now)

    def _is_for_many(self) -> bool:
        return sum(len(shelf.now) for _, shelf in self._shelves.values()) >= _MANY

    def _document(self) -> Document:
        numbers: dict[tuple[str | int, ...], int] = {}
        settled = {
            path: [numbers.setdefault(tuple(probe), len(numbers)) for probe in probes]
            for path, probes in self._settled.items()
        }
        return {
            "key": self._key,
            "folders": {folder: [rules, shelf.now] for folder, (rules, shelf) in self._shelves.items() if shelf.now},
            "tree": [*self._tree],
            "probes": [list(probe) for probe in numbers],
            "settled": settled,
        }

    def _is_same(self, number: int) -> bool:
        """Decide whether a dependency is unchanged."""
        if number not in self._same:
            probe = self._probes[number]
            again = self._again(probe) if len(probe) > 1 else None if os.path.exists(probe[0]) else probe
            self._same[number] = again is not None
            self._probes[number] = again or probe
        return self._same[number]

    def _again(self, probe: Probe) -> Probe | None:
        """Return a dependency in its present state; None if its content has changed."""
        path, *stamp, text = probe
        try:
            now = file_stat(os.stat(path))
        except OSError:
            return None
        if now is not None and [*now] == stamp:
            return probe
        read = _read(path) if now is not None and now[2] == stamp[2] else None
        if read is None or digest(read[0]) != text:
            return None
        return [path, *read[1], text] if is_trusted(read[1], self._fresh) else probe

    def _probe(self, path: str, stamp: FileStat | None) -> Probe | None:
        """Return a dependency in checkable form; None if it cannot be checked."""
        key = path, stamp
        if key not in self._noted:
            self._noted[key] = _missing(path) if stamp is None else self._present(path, stamp)
        return self._noted[key]

    def _present(self, path: str, stamp: FileStat) -> Probe | None:
        read = _read(path) if is_trusted(stamp, self._fresh) else None
        if read is None or read[1] != stamp:
            return None
        return [path, *stamp, digest(read[0])]


def is_trusted(stamp: FileStat, fresh: int) -> bool:
    """Decide whether a file cannot have changed without changing its stat."""
    return stamp[0] < fresh and stamp[1] < fresh


def digest(data: bytes) -> str:
    """Return a digest that identifies a text."""
    from hashlib import blake2b

    return blake2b(data, digest_size=12).hexdigest()


def _read(path: str) -> tuple[bytes, FileStat] | None:
    try:
        return read_regular(path)
    except OSError:
        return None


def _missing(path: str) -> Probe | None:
    """Return a missing dependency: the outermost missing folder, which stands for many files at once."""
    if os.path.exists(path):
        return None
    above = os.path.dirname(path)
    while above != path and not os.path.exists(above):
        path, above = above, os.path.dirname(above)
    return [path]
