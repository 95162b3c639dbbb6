"""Boundaries at which a stream is cut again: the arguments of `rechunk`, and their spelling in a program."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from unchunk.codemod.constants import literal


@dataclass(frozen=True, slots=True)
class Boundary:
    """The end of a piece.

    Attributes:
        at: what `rechunk` is told: `"document"`, `"line"`, `"event"`, or a delimiter.
        end: what stands behind each document, if the code names it.
        sse: whether the stream is one of server-sent events.
        skip_blank: whether the body would trip over a line end that comes apart from the last document.
        note: what a person should have a look at.
    """

    at: str | bytes
    end: str | bytes | None = None
    sse: bool = False
    skip_blank: bool = False
    note: str = ""

    @property
    def behind(self) -> str | bytes | None:
        """Return the text behind each piece, if one is set."""
        return self.end if self.at in ("document", "line", "event") else self.at

    @property
    def arguments(self) -> dict[str, Any]:
        """Return the arguments of `rechunk`."""
        options: dict[str, Any] = {"at": self.at}
        if self.end is not None:
            options["end"] = self.end
        if self.skip_blank:
            options["skip_blank"] = True
        return options

    @property
    def options(self) -> str:
        """Return the arguments of `rechunk` as source code."""
        end = "" if self.end is None else f", end={literal(self.end)}"
        return f"at={literal(self.at)}{end}{', skip_blank=True' if self.skip_blank else ''}"

    @property
    def word(self) -> str:
        """Name the boundary for a person."""
        if self.at in ("document", "line"):
            return str(self.at)
        return "server-sent event" if self.at == "event" else f"stretch up to {literal(self.at)}"
