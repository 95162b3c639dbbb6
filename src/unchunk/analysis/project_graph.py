"""Import graph across files: which files without a finding of their own may hold one with their imports.

One file has the parser, another one hands out the pieces. Both are told by their words, as in the prefilter; then their
imports decide whether they can meet.
"""

from __future__ import annotations

import os

from .imports import members_of, scan_imports
from .module_exports import hands_out, leading_to, may_hand_out, names_that_hand_out, names_that_parse
from .prefilter import PARSES, YIELDS, Seeds, has_sink, has_source, uses_default_rules

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from .settings import Settings

_PASSES_ON = 64_000
"""The largest file that is taken for one that only hands on what others define."""
MAX_HOPS = 3
"""Through how many such files a name may come."""


class ImportGraph:
    """The files of a run, and which of them belong together.

    The answer depends on nothing but the files that are kept, their settings, and which folders are packages: where all
    of these are as they were in a run before, so is the answer.
    """

    def __init__(self) -> None:
        self._paths: set[str] = set()
        self._whole: set[str] = set()
        self._kinds: dict[str, int] = {}
        self._sources: dict[str, bytes] = {}
        self._seeds: dict[str, Seeds] = {}
        self._roots: dict[str, str] = {}
        self._hints: dict[tuple[str, int], set[bytes]] = {}
        self._found: dict[tuple[str, int], frozenset[bytes]] = {}
        self._members: dict[tuple[str, bytes], frozenset[bytes]] = {}
        self._imports: dict[str, list[tuple[str, frozenset[bytes] | bytes]]] = {}

    def add(self, path: str, source: bytes, settings: Settings | None = None) -> bool:
        """Add a file. Return whether it may hold a finding by itself."""
        self._paths.add(path)
        found = PARSES if has_sink(source, settings) else 0
        if found and has_source(source, settings):
            self._kinds[path] = PARSES | YIELDS
            self._sources[path] = source
            if uses_default_rules(settings):
                seeds = Seeds(source)
                if not seeds.reach().meets():
                    self._seeds[path] = seeds
                    return False
            self._whole.add(path)
            return True
        if may_hand_out(source) if found else hands_out(source):
            found |= YIELDS
        if found:
            self._kinds[path] = found
        if found or (b"import" in source and len(source) < _PASSES_ON and _may_hand_on(path, source)):
            self._sources[path] = source
        return False

    def note(self, path: str) -> None:
        """Add a file that is known to be irrelevant to others."""
        self._paths.add(path)

    def is_relevant(self, path: str) -> bool:
        """Decide whether a file may matter to others."""
        return path in self._sources

    @property
    def kept(self) -> int:
        """Return the number of files that may matter to others."""
        return len(self._sources)

    def packages(self) -> dict[str, bool]:
        """Return the folders that were asked about, and whether each is a package."""
        return {folder: self.is_package(folder) for folder in self._roots}

    def is_package(self, folder: str) -> bool:
        """Decide whether a folder is imported from a folder above it."""
        marker = os.path.join(folder, "__init__.py")
        return marker in self._paths or os.path.isfile(marker)

    def _near(self, path: str, wanted: int) -> bool:
        """Decide whether a file mentions a file of that kind in the same package, even by a part of its name."""
        if not self._hints:
            self._collect_hints()
        source = self._sources[path]
        return any(hint in source for hint in self._hints.get((self._package(path), wanted), ()))

    def _collect_hints(self) -> None:
        for path, kind in self._kinds.items():
            package = self._package(path)
            for part in (PARSES, YIELDS):
                if kind & part:
                    self._hints.setdefault((package, part), set()).update(_hints(path, package))
        waiting = [path for path in self._sources if self._hands_on(path)]
        for _ in range(MAX_HOPS):
            waiting = [path for path in waiting if not self._hinted(path)]

    def _hinted(self, path: str) -> bool:
        """Decide whether a file re-exports names of files of both kinds; its own name is a hint as well then."""
        package, source = self._package(path), self._sources[path]
        hinted = [hints for part in (PARSES, YIELDS) if (hints := self._hints.get((package, part)))]
        speaking = [hints for hints in hinted if any(hint in source for hint in hints)]
        for hints in speaking:
            hints.update(_hints(path, package))
        return len(speaking) == len(hinted)

    def _package(self, path: str) -> str:
        """Return the outermost package that a file lies in."""
        folder = os.path.dirname(path)
        root = self._root(folder)
        return os.path.join(root, folder[len(root) + 1 :].partition(os.sep)[0])

    def is_partial(self, path: str) -> bool:
        """Decide whether a file may hold a finding only together with others."""
        return path in self._kinds and path not in self._whole

    def link_candidates(self) -> list[str]:
        """Return the files without a finding of their own that import what may make one, in the order of adding."""
        halves = [path for path in self._kinds if path not in self._whole]
        return [path for path in halves if self._meets(path)]

    def _meets(self, path: str) -> bool:
        """Decide whether some function of a file combines parsing and pieces, one of which, or both, it imports."""
        kind = self._kinds[path]
        if kind != PARSES | YIELDS and not self._near(path, (PARSES | YIELDS) ^ kind):
            return False
        parsing: set[bytes] = set()
        handing: set[bytes] = set()
        for other, imported in self._imported(path):
            if self._kinds.get(other):
                parsing |= self._offered(other, PARSES, imported, path)
                handing |= self._offered(other, YIELDS, imported, path)
        missing = (not kind & PARSES and not parsing) or (not kind & YIELDS and not handing)
        if missing or not (parsing or handing):
            return False
        seeds = self._seeds.get(path) or Seeds(self._sources[path])
        return seeds.reach(parsing, handing).meets()

    def _offered(self, other: str, wanted: int, imported: frozenset[bytes] | bytes, path: str) -> frozenset[bytes]:
        """Return the names used of another file that parse, or return pieces, there."""
        names = self._names(other, wanted)
        if not names:
            return names
        used = self._used(imported, path)
        return names if b"*" in used else names & used

    def _names(self, path: str, wanted: int) -> frozenset[bytes]:
        """Return the names in a file that parse, or that return pieces, or lead there."""
        if not self._kinds.get(path, 0) & wanted:
            return frozenset()
        key = (path, wanted)
        if key not in self._found:
            find = names_that_parse if wanted == PARSES else names_that_hand_out
            self._found[key] = leading_to(find(self._sources[path]), self._sources[path])
        return self._found[key]

    def _imported(self, path: str) -> Iterator[tuple[str, frozenset[bytes] | bytes]]:
        """Yield the files that a file imports from, re-exporting files followed.

        Each with the names that are imported from it, or with the one name by which the file as a whole is.
        """
        for other, names in self._named(path):
            yield from ((file, names) for file in self._handed_on(other, MAX_HOPS))

    def _handed_on(self, path: str, hops: int) -> Iterator[str]:
        """Yield a file, and those whose names it may re-export."""
        yield path
        if hops and self._hands_on(path):
            for other in dict.fromkeys(other for other, _ in self._named(path) if other != path):
                yield from self._handed_on(other, hops - 1)

    def _hands_on(self, path: str) -> bool:
        """Decide whether a file is kept for what it imports."""
        return path in self._sources and (path.endswith("__init__.py") or path not in self._kinds)

    def _named(self, path: str) -> list[tuple[str, frozenset[bytes] | bytes]]:
        """Return the files that a file names in its imports."""
        known = self._imports.get(path)
        if known is None:
            known = self._imports[path] = list(self._find_named(path))
        return known

    def _find_named(self, path: str) -> Iterator[tuple[str, frozenset[bytes] | bytes]]:
        for owner, names in scan_imports(self._sources[path]):
            base = self._base(path, owner)
            for other in self._files(base):
                yield other, owner if names is None else names
            for name in names or ():
                for other in self._files(f"{base}{os.sep}{name.decode()}"):
                    yield other, name

    def _used(self, imported: frozenset[bytes] | bytes, path: str) -> frozenset[bytes]:
        """Return the names that a file uses of another one."""
        if isinstance(imported, frozenset):
            return imported
        key = (path, imported)
        if key not in self._members:
            self._members[key] = frozenset(members_of(imported, self._sources[path]))
        return self._members[key]

    def _files(self, base: str) -> Iterator[str]:
        for path in (f"{base}.py", f"{base}{os.sep}__init__.py"):
            if path in self._paths:
                yield path

    def _base(self, path: str, dotted: bytes) -> str:
        """Return the path of a module, by the dotted name that a file imports it under."""
        name = dotted.decode("ascii", "replace")
        inner = name.lstrip(".")
        level = len(name) - len(inner)
        folder = os.path.dirname(path)
        if not level:
            folder = self._root(folder)
        for _ in range(level - 1):
            folder = os.path.dirname(folder)
        return os.path.join(folder, *inner.split(".")) if inner else folder

    def _root(self, folder: str) -> str:
        """Return the folder from which the packages around a folder are imported."""
        known = self._roots.get(folder)
        if known is None:
            above = os.path.dirname(folder)
            inside = above != folder and self.is_package(folder)
            known = self._roots[folder] = self._root(above) if inside else folder
        return known


def _may_hand_on(path: str, source: bytes) -> bool:
    """Decide whether a file may re-export its imports: it defines nothing, or is a package."""
    return path.endswith("__init__.py") or (b"def " not in source and b"from" in source)


def _hints(path: str, package: str) -> Iterator[bytes]:
    """Yield the words in an import of a file: its name, or that of its folder, which may re-export it."""
    folder, file = os.path.split(path)
    if folder != package:
        yield os.fsencode(os.path.basename(folder))
    if file != "__init__.py":
        yield os.fsencode(os.path.splitext(file)[0])
