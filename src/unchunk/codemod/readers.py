"""Readers of an object, also in the functions of the file that it is passed to."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Sequence

from unchunk.codemod.objects import (
    READ,
    Doubt,
    Entry,
    Event,
    Path,
    Scan,
    done_in,
    handed_over,
    is_method,
    methods_of,
    own_path,
    resolved,
)
from unchunk.codemod.syntax import Function, Tree, own_names


class Readers:
    """Collects the readers of an object.

    Args:
        own: tells the nodes that are not to count: the read that a fix is about, and what the fix takes away.
        touches: tells whether any of them may stand in a function; what is done in all others is the same for each fix.

    Attributes:
        read: where the object is surely read, in words.
        doubt: what may read it, in a sentence.
    """

    def __init__(
        self,
        tree: Tree,
        own: Callable[[ast.AST], bool] = lambda _: False,
        touches: Callable[[Function], bool] = lambda _: False,
    ) -> None:
        self.read: str | None = None
        self.doubt: str | None = None
        self._tree = tree
        self._own = own
        self._touches = touches
        self._seen: set[Entry] = set()

    def doubted(self, note: str) -> None:
        self.doubt = self.doubt or note

    def look(self, nodes: Sequence[ast.AST], path: Path, where: str) -> None:
        """Follow the object called `path` through these nodes, and through the functions they call."""
        if self.read is None:
            self._follow(Scan(self._tree, self._own).events(nodes, path), where)

    def suspect(self, function: Function, path: Path) -> None:
        """Doubt where other functions read an object that outlives this one."""
        if self.read is not None or self.doubt is not None:
            return
        inner = Readers(self._tree, self._own, self._touches)
        inner._seen = set(self._seen)
        for other in self._that_share(function, path):
            if other is function or other.name == "__init__":
                continue
            inner._follow(iter([(other, own_path(other, path, method=is_method(self._tree, function)))]), "")
            if inner.read is not None:
                self.doubted(f"`{'.'.join(path)}` is read in `{other.name}`, too")
                return

    def _follow(self, events: Iterator[Event], where: str) -> None:
        """Record the events, entering each function once."""
        pending = [(events, where)]
        while pending and self.read is None:
            events, where = pending[-1]
            event = next(events, None)
            if event is None:
                pending.pop()
            elif event == READ:
                self.read = where
            elif isinstance(event, Doubt):
                self.doubted(event.note)
            elif event not in self._seen:
                self._seen.add(event)
                pending.append((self._done_in(*event), f"in `{event[0].name}`"))

    def _done_in(self, function: Function, path: Path) -> Iterator[Event]:
        if self._touches(function):
            return Scan(self._tree, self._own).events(function.body, path)
        return iter(self._tree.once(done_in, function, path))

    def callers(self, function: Function, path: Path) -> Iterator[tuple[ast.Call, Path]]:
        """Yield the calls of a function in this file, with the object's path there."""
        for call in self._tree.calls.get(function.name, ()):
            if function in resolved(self._tree, call.func):
                yield from ((call, outside) for outside in self.outside(call, function, path))

    def outside(self, call: ast.Call, function: Function, path: Path) -> Iterator[Path]:
        """Yield the paths that a function's object has where the function is called."""
        for inner, outer in handed_over(self._tree, call, function):
            if inner == path[: len(inner)]:
                yield (*outer, *path[len(inner) :])

    def _that_share(self, function: Function, path: Path) -> Iterator[Function]:
        """Yield the other functions that see the same object by the same name: methods, or the module's functions."""
        if is_method(self._tree, function) and path[0] == "self":
            yield from methods_of(self._tree, function)
        elif path[0] not in own_names(function):
            yield from (node for node in self._tree.functions if path[0] not in own_names(node))
