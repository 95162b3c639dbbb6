"""Reuse of cached results: what still holds is not computed again."""

from __future__ import annotations

from unchunk.cli.cache import KEPT, LINKED, OF_INTEREST, PARSED
from unchunk.cli.sieve import MENTION, USER

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from unchunk.analysis.project_graph import ImportGraph
    from unchunk.cli.cache import Cache, Shelf
    from unchunk.cli.cache_file import Entry
    from unchunk.cli.sieve import Sieve, Source


class Recall:
    """A `Sieve` in front of which the cache answers for unchanged files.

    A file that matters to others has to wait: what is known of it holds if it holds of all of them.

    Args:
        fetch: reads a file anew; whether it could.
    """

    def __init__(self, cache: Cache, tree: ImportGraph, sieve: Sieve, fetch: Callable[[Source], bool]) -> None:
        self._cache = cache
        self._tree = tree
        self._sieve = sieve
        self._fetch = fetch
        self._waiting: list[Source] = []

    def take(self, source: Source) -> None:
        """Take a file that has been read, or has a cache entry."""
        entry = source.entry
        if entry is None:
            self._add(source)
        elif source.named and not entry[3] & (PARSED | OF_INTEREST):
            if self._is_read(source):
                self._add(source)
        elif entry[3] & (OF_INTEREST | KEPT):
            self._waiting.append(source)
        else:
            self._tree.note(source.path)
            self._remember(source, entry)

    def kept(self) -> Iterator[Source]:
        """Yield the files that may hold a finding, with their bytes, without those that must be clean again."""
        self._decide()
        for source in self._sieve.parse():
            _shelf(source).mark(source.name, PARSED)
        for source in self._sieve.kept():
            if source.entry is not None and self._cache.is_settled(source.path):
                continue
            if self._is_read(source):
                yield source

    def _decide(self) -> None:
        """Decide about the waiting files: as before, or anew."""
        known = [(source, source.entry) for source in self._waiting if source.entry is not None]
        if self._cache.is_same_tree(sum(entry[3] & KEPT != 0 for _, entry in known), self._tree):
            for source, entry in known:
                self._remember(source, entry)
            return
        for source in self._waiting:
            if self._is_read(source):
                self._add(source)
        for source in self._sieve.linked():
            _shelf(source).mark(source.name, LINKED)
        self._cache.note_tree(self._tree)

    def _add(self, source: Source) -> None:
        """Let the sieve decide about a file that has been read."""
        assert source.data is not None
        assert source.stamp is not None
        state = OF_INTEREST if self._sieve.add(source) else PARSED if source.named else 0
        if self._tree.is_relevant(source.path):
            state |= KEPT
        if MENTION in source.data:
            state |= USER
        _shelf(source).put(source.name, source.data, source.stamp, state)

    def _remember(self, source: Source, entry: Entry) -> None:
        """Repeat the previous run's decision about a file."""
        _shelf(source).now[source.name] = entry
        if entry[3] & (OF_INTEREST | LINKED):
            self._sieve.keep(source)
        else:
            self._sieve.pass_over(source, entry[2], parsed=entry[3] & PARSED != 0)

    def _is_read(self, source: Source) -> bool:
        return source.data is not None or self._fetch(source)


def _shelf(source: Source) -> Shelf:
    assert source.place.shelf is not None
    return source.place.shelf
