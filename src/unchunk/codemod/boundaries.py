"""Where a stream can be cut again: what `rechunk` is told, and how that is written in a program."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from unchunk.codemod.constants import literal


@dataclass(frozen=True, slots=True)
class Boundary:
    """Where pieces end.

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
        """What stands behind each piece, if that is told."""
        return self.end if self.at in ("document", "line", "event") else self.at

    @property
    def arguments(self) -> dict[str, Any]:
        """What `rechunk` is told."""
        options: dict[str, Any] = {"at": self.at}
        if self.end is not None:
            options["end"] = self.end
        if self.skip_blank:
            options["skip_blank"] = True
        return options

    @property
    def options(self) -> str:
        """What `rechunk` is told, as it is written in a program."""
        end = "" if self.end is None else f", end={literal(self.end)}"
        return f"at={literal(self.at)}{end}{', skip_blank=True' if self.skip_blank else ''}"

    @property
    def word(self) -> str:
        """The boundary as a person names it."""
        if self.at in ("document", "line"):
            return str(self.at)
        return "server-sent event" if self.at == "event" else f"stretch up to {literal(self.at)}"
