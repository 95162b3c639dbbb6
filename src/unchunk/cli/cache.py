"""What a run leaves to the next one: which files came to nothing, so that they need not be read again.

No finding is kept. A file with findings, problems or skipped parts is looked into by every run; so is one that was
changed too short a time ago for its stamp to be trusted.
"""

from __future__ import annotations

import os
import time

from unchunk.analysis.stamps import stamp_of
from unchunk.cli import cache_file
from unchunk.project.reading import read_regular

TYPE_CHECKING = False
if TYPE_CHECKING:
    from unchunk.analysis.probes import Probes
    from unchunk.analysis.stamps import Stamp
    from unchunk.analysis.tree import Tree
    from unchunk.cli.cache_file import Document, Entry, Probe

OF_INTEREST = 1
"""The file can hold a finding by itself, or a problem."""
KEPT = 2
"""It matters to others (see `Tree`)."""
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
    """What is known of the files of one folder.

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
        """What is known of a file, if it can be told without reading that it is what it was."""
        entry = self.before.get(name)
        if entry is None:
            return None
        try:
            stamp = stamp_of(os.stat(path))
        except OSError:
            return None
        return entry if stamp is not None and entry[:3] == [*stamp] else None

    def again(self, name: str, data: bytes, stamp: Stamp) -> Entry | None:
        """What is known of a file that has been read, if it is what it was, be its stamp another one."""
        entry = self.before.get(name)
        if entry is not None:
            if entry[:3] == [*stamp]:
                return entry
            if len(entry) > 4 and entry[2] == stamp[2] and entry[4] == digest(data):
                return [*self._lasting(stamp), *entry[3:]]
        self.now.pop(name, None)  # it was as before when it was met
        return None

    def put(self, name: str, data: bytes, stamp: Stamp, state: int) -> None:
        """Leave to the next run what there is to know of a file."""
        if state & (OF_INTEREST | KEPT):
            self.now[name] = [*self._lasting(stamp), state, digest(data)]
        elif is_trusted(stamp, self._fresh):
            self.now[name] = [*stamp, state]

    def mark(self, name: str, state: int) -> None:
        """Leave that as well."""
        entry = self.now.get(name)
        if entry is not None:
            self.now[name] = [*entry[:3], entry[3] | state, *entry[4:]]

    def _lasting(self, stamp: Stamp) -> Stamp:
        return stamp if is_trusted(stamp, self._fresh) else (*_NEVER, stamp[2])


class Cache:
    """The cache of runs that differ in nothing but the time.

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
        self._noted: dict[tuple[str, Stamp | None], Probe | None] = {}

    def shelf(self, folder: str, rules: str) -> Shelf:
        """The files of a folder; `rules` is all that the configuration there says, whatever its form."""
        said, names = self._before["folders"].get(folder, (rules, {}))
        shelf = Shelf(names if said == rules else {}, self._fresh)
        self._shelves[folder] = rules, shelf
        return shelf

    def is_same_tree(self, kept: int, tree: Tree) -> bool:
        """Whether what files have to do with each other must be what it was, given how many that matter to others are
        the same as before; the tree has been told of all others.
        """
        before, packages = self._before["tree"]
        if before != kept or tree.kept or any(tree.is_package(folder) != is_ for folder, is_ in packages.items()):
            return False
        self._tree = before, packages
        return True

    def note_tree(self, tree: Tree) -> None:
        """What they have to do with each other has been decided anew."""
        self._tree = tree.kept, tree.packages()

    def is_settled(self, path: str) -> bool:
        """Whether a file that is what it was must come to nothing again. It stays known if so."""
        numbers = self._before["settled"].get(path)
        if numbers is None or not all(map(self._is_same, numbers)):
            return False
        self._settled[path] = [self._probes[number] for number in numbers]
        return True

    def settle(self, path: str, probes: Probes) -> None:
        """Keep in mind that a file came to nothing, if all that this depends on can be told again."""
        noted = [self._probe(other, stamp) for other, stamp in probes.items()]
        known = [probe for probe in noted if probe is not None]
        if len(known) == len(noted):
            self._settled[path] = known

    def save(self) -> None:
        """Leave to the next run what this one knows. No folder is made for a few files, which take no time."""
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
        """Whether a file that was asked for is what it was."""
        if number not in self._same:
            probe = self._probes[number]
            again = self._again(probe) if len(probe) > 1 else None if os.path.exists(probe[0]) else probe
            self._same[number] = again is not None
            self._probes[number] = again or probe
        return self._same[number]

    def _again(self, probe: Probe) -> Probe | None:
        """A file that was asked for, as it is now; None if its text is another one."""
        path, *stamp, text = probe
        try:
            now = stamp_of(os.stat(path))
        except OSError:
            return None
        if now is not None and [*now] == stamp:
            return probe
        read = _read(path) if now is not None and now[2] == stamp[2] else None
        if read is None or digest(read[0]) != text:
            return None
        return [path, *read[1], text] if is_trusted(read[1], self._fresh) else probe

    def _probe(self, path: str, stamp: Stamp | None) -> Probe | None:
        """A file that was asked for, so that it can be told whether it has changed; None if that cannot be."""
        key = path, stamp
        if key not in self._noted:
            self._noted[key] = _missing(path) if stamp is None else self._present(path, stamp)
        return self._noted[key]

    def _present(self, path: str, stamp: Stamp) -> Probe | None:
        read = _read(path) if is_trusted(stamp, self._fresh) else None
        if read is None or read[1] != stamp:
            return None
        return [path, *stamp, digest(read[0])]


def is_trusted(stamp: Stamp, fresh: int) -> bool:
    """Whether a file with a stamp cannot have been changed since without getting another one."""
    return stamp[0] < fresh and stamp[1] < fresh


def digest(data: bytes) -> str:
    """What stands for a text: no two texts that ever were have the same."""
    from hashlib import blake2b

    return blake2b(data, digest_size=12).hexdigest()


def _read(path: str) -> tuple[bytes, Stamp] | None:
    try:
        return read_regular(path)
    except OSError:
        return None


def _missing(path: str) -> Probe | None:
    """A file that is not there: the outermost folder that is missing says as much, and for many files at once."""
    if os.path.exists(path):
        return None
    above = os.path.dirname(path)
    while above != path and not os.path.exists(above):
        path, above = above, os.path.dirname(above)
    return [path]
