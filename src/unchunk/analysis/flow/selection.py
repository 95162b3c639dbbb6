"""Selection of one element out of several: `events[2]`, `next(e for e in events if …)`, `(delta,) = deltas`.

What looks like an event of a stream by its parts alone is one of many only where all of them are gone through. Whoever
picks one knows what lies there, as tests do of what their own code sends. In a loop it may be another one each time.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from unchunk.analysis.findings import Framing

from .data import map_nested
from .values import CHOSEN, CatalogInstance, Evidence, StreamData, Unknown, Value

if TYPE_CHECKING:
    from .frames import Frame


def selected(value: Value, frame: Frame) -> Value:
    """Return a selected element: only a known client says what it is."""
    if frame.loop is not None:
        return value

    def choose(item: Value) -> Value:
        match item:
            case CatalogInstance() if item.known or (item.at and item.type.leads_to_call(item.at)):
                return item  # an answer, or a part of a client: no event
            case Unknown(reason="") | CatalogInstance(type=frame.run.catalog.anything, origin=None):
                return CHOSEN
            case StreamData(framing=Framing.FRAGMENT) if (
                item.piece and item.origin.source.evidence is Evidence.METHOD_NAME
            ):
                return CHOSEN
            case _:
                return item

    return map_nested(value, choose)
