"""Abstract state: the values of a function's names at one point, along one set of paths.

A state is a layer of changes over the state it was forked from, so that a branch costs what it changes, not what there
is. Names are plain (`buf`) or reached through attributes and keys (`self.buf`, `event['data']`); the latter die with
their first part.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from .values import UNKNOWN, Source, Value, contains_stream_data, join

Bindings = dict[str, Value]
TypestateFact = tuple[Source, str]
Branch = tuple[Bindings, frozenset[TypestateFact]]


class State:
    """One layer of bindings. `alive` is false after `return`, `raise`, `break` or `continue`."""

    __slots__ = ("alive", "changes", "facts", "parent")

    def __init__(self, parent: State | None = None) -> None:
        self.parent = parent
        self.changes: Bindings = {}
        self.facts: frozenset[TypestateFact] = parent.facts if parent is not None else frozenset()
        self.alive = True

    def fork(self) -> State:
        return State(self)

    def find(self, name: str) -> Value | None:
        """Return the value of the name; None if no path here assigned it."""
        state: State | None = self
        while state is not None:
            value = state.changes.get(name)
            if value is not None:
                return value
            state = state.parent
        return None

    def set(self, name: str, value: Value) -> None:
        self.changes[name] = value

    def kill_below(self, name: str) -> None:
        """Forget the access paths through `name`, which was rebound."""
        state: State | None = self
        while state is not None:
            for known in list(state.changes):
                if known.startswith(name) and known[len(name) : len(name) + 1] in (".", "["):
                    # Shadowed in this layer, never deleted in the parent's: another branch may still see that one.
                    self.changes[known] = UNKNOWN
            state = state.parent

    def since(self, base: State) -> Bindings:
        """Return all changes on the way from `base` to here."""
        layers = []
        state: State | None = self
        while state is not None and state is not base:
            layers.append(state.changes)
            state = state.parent
        changes: Bindings = {}
        for layer in reversed(layers):
            changes.update(layer)
        return changes

    def merge(self, ways: Iterable[Branch]) -> None:
        """Join several branches that all left from here."""
        ways = list(ways)
        if not ways:
            self.alive = False
            return
        # Values join, facts intersect: behind an `if` a value may be any of both, but only what both tests say is sure.
        self.facts = frozenset.intersection(*(facts for _, facts in ways))
        if len(ways) == 1:
            self.changes.update(ways[0][0])
            return
        changed: dict[str, list[Value | None]] = {}
        for number, (changes, _) in enumerate(ways):
            for name, value in changes.items():
                values = changed.setdefault(name, [])
                if len(values) < number and None not in values:
                    values.append(None)  # an earlier way has left it alone
                values.append(value)
        for name, values in changed.items():
            if len(values) < len(ways) and None not in values:
                values.append(None)
            together = self._together(name, values)
            if together is not None:
                self.changes[name] = together

    def absorb(self, changes: Bindings, adapt: Callable[[Value], Value]) -> bool:
        """Join the changes of a loop iteration into this layer. Return whether anything changed."""
        news = False
        for name, value in changes.items():
            old = self.find(name)
            new = adapt(value)
            joined = new if old is None else join(old, new)
            if joined != old:
                self.changes[name] = joined
                news = True
        return news

    def way(self, base: State) -> Branch:
        return self.since(base), self.facts

    def _together(self, name: str, values: list[Value | None]) -> Value | None:
        """Join the values of a name from several branches, None standing for those that leave it alone. Return None
        where only some branches stored it and something else may be there already: `if not hasattr(self, "buf"):
        self.buf = b""`.
        """
        before = self.find(name)
        joined: Value | None = None
        for given in values:
            value = before if given is None else given
            if value is not None:
                joined = value if joined is None else join(joined, value)
        if before is None and joined is not None and not name.isidentifier() and not contains_stream_data(joined):
            return joined if None not in values else None
        return UNKNOWN if joined is None else joined
