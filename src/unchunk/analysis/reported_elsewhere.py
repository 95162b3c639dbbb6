"""Findings left to other files: a stream that is read and parsed in another file is reported there."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from .flow.outline import stands_in
from .flow.values import CatalogInstance, Source, StreamData, union_members

if TYPE_CHECKING:
    from .flow.context import AnalysisContext, ParseRecord
    from .flow.modules import Module


def reported_elsewhere(run: AnalysisContext, module: Module) -> frozenset[tuple[ParseRecord, Source]]:
    """Return the parse calls reached from a file, with the sources that their own files report.

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


def _behind(parsed: ParseRecord, module: Module) -> tuple[Module, ...]:
    """Return the modules between a file and the parse call."""
    last = max(at for at, caller in enumerate(parsed.callers) if caller is module)
    return (*parsed.callers[last + 1 :], parsed.module)


def _sources(parsed: ParseRecord) -> Iterator[Source]:
    for value in union_members(parsed.value):
        if isinstance(value, StreamData | CatalogInstance) and value.origin is not None:
            yield value.origin.source


def _look_at_reader(source: Source, home: Module | None, run: AnalysisContext) -> None:
    if home is not None:
        for node, cls in home.outline.outermost:
            if stands_in([getattr(source.node, "lineno", 0)], node):
                run.analyze_function(home.function(node, cls))


def _is_found(parsed: ParseRecord, source: Source, home: Module | None, module: Module, run: AnalysisContext) -> bool:
    return any(
        each.node is source.node and each.framing is source.framing
        for other in run.contexts.get(parsed.node, ())
        if module not in other.callers and home in (other.module, *other.callers)
        for each in _sources(other)
    )
