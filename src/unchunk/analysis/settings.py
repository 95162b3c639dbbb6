"""Settings of the engine: the rules asked for, and additions to the catalog."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Settings:
    """The user's settings.

    Attributes:
        select: the codes to report; None for those of all rules, also the ones that are off by default.
        sources: further sources by dotted name and framing: `("mypackage.Client.frames", "chunk")`. A name without a
        dot is taken for a
            method of anything. The framings are those of `Framing`; a step of the iterable that the call returns is
            one.
        parsers: further functions that parse their first argument as one JSON document, by dotted name.
        safe: functions that take a stream, or pieces of one, and give back whole things, by dotted name.
    """

    select: frozenset[str] | None = None
    sources: tuple[tuple[str, str], ...] = ()
    parsers: tuple[str, ...] = ()
    safe: tuple[str, ...] = ()
