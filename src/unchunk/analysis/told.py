"""What is told of in another file of the program: a stream that is read and parsed there is that file's own matter."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from .flow.outline import stands_in
from .flow.values import Data, Instance, Source, alternatives

if TYPE_CHECKING:
    from .flow.modules import Module
    from .flow.run import Parsed, Run


def told_elsewhere(run: Run, module: Module) -> frozenset[tuple[Parsed, Source]]:
    """The parse calls that are come to from a file, with the sources of which the file tells that reads them.

    That is so where the same is found in that file with nothing handed to it; its functions are looked at by themselves
    to know.
    """
    asked = [
        (parsed, source, home)
        for parsed in list(run.parses.values())
        if module in parsed.callers and parsed.module is not module
        for source in _sources(parsed)
        if (home := run.modules.get(source.path)) in _behind(parsed, module)
    ]
    for source, home in {(source, home): None for _, source, home in asked}:
        _look_at_reader(source, home, run)
    return frozenset((parsed, source) for parsed, source, home in asked if _is_found(parsed, source, home, module, run))


def _behind(parsed: Parsed, module: Module) -> tuple[Module, ...]:
    """The modules that are gone through from a file to the parse call."""
    last = max(at for at, caller in enumerate(parsed.callers) if caller is module)
    return (*parsed.callers[last + 1 :], parsed.module)


def _sources(parsed: Parsed) -> Iterator[Source]:
    for value in alternatives(parsed.value):
        if isinstance(value, Data | Instance) and value.origin is not None:
            yield value.origin.source


def _look_at_reader(source: Source, home: Module | None, run: Run) -> None:
    if home is not None:
        for node, cls in home.outline.outermost:
            if stands_in([getattr(source.node, "lineno", 0)], node):
                run.look_at(home.function(node, cls))


def _is_found(parsed: Parsed, source: Source, home: Module | None, module: Module, run: Run) -> bool:
    return any(
        each.node is source.node and each.framing is source.framing
        for other in run.contexts.get(parsed.node, ())
        if module not in other.callers and home in (other.module, *other.callers)
        for each in _sources(other)
    )
