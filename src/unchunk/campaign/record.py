"""Plain data of a campaign: what is to be done to a repository, and the record of what came of it."""

from __future__ import annotations

import base64
import dataclasses
import enum
import json
from dataclasses import dataclass, field
from typing import Any

DEFAULT_MESSAGE = "Parse streamed JSON whole, however the stream is cut"
DEFAULT_BRANCH = "unchunk"
OUT_OF_MEMORY = "out-of-memory"


class State(str, enum.Enum):
    """State of a repository in the ledger."""

    PENDING = "pending"
    CLEAN = "clean"
    FIXED = "fixed"
    PARTLY_FIXED = "partly-fixed"
    NOT_FIXED = "not-fixed"
    EMPTY = "empty"
    FAILED = "failed"


MEANINGS = {
    State.PENDING: "not looked at yet",
    State.CLEAN: "nothing to report",
    State.FIXED: "every finding is fixed",
    State.PARTLY_FIXED: "some findings are fixed, others are left for a person",
    State.NOT_FIXED: "findings, none of which can be fixed",
    State.EMPTY: "no commit yet",
    State.FAILED: "could not be done; the error says why",
}


@dataclass(frozen=True, slots=True)
class Settings:
    """Choices that decide what a campaign makes of a repository; they stay the same for all of its runs.

    Attributes:
        message: of the commit; `{fixed}`, `{left}`, `{codes}` and `{files}` are filled in.
        branch: that is pushed.
        author: `Name <address>`, where a repository's own configuration names none.
        date: of the commits, in seconds since 1970: one and the same for all, so that a repository done again gives the
            same commit.
        verify: a command that has to succeed in the changed tree; empty for none.
        verify_limit: seconds for it.
        options: further options of `fix`, by name.
    """

    message: str = DEFAULT_MESSAGE
    branch: str = DEFAULT_BRANCH
    author: str = ""
    date: int = 0
    verify: str = ""
    verify_limit: float = 600
    options: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Limits:
    """Limits of one repository; they may differ from run to run.

    Attributes:
        seconds: of wall clock.
        megabytes: of memory.
        scratch: folder for clones; None for the system's own.
    """

    seconds: float = 900
    megabytes: int = 2048
    scratch: str | None = None


@dataclass(frozen=True, slots=True)
class Task:
    """A repository to be done.

    Attributes:
        source: a path or an address that git can clone.
    """

    source: str
    settings: Settings
    limits: Limits = Limits()

    def to_json(self) -> str:
        """Write it on one line."""
        return json.dumps(dataclasses.asdict(self))

    @classmethod
    def from_json(cls, text: str) -> Task:
        """Read what `to_json` has written."""
        data = json.loads(text)
        return cls(data["source"], Settings(**data["settings"]), Limits(**data["limits"]))


@dataclass(frozen=True, slots=True)
class Change:
    """File of a commit.

    Attributes:
        kind: `fix`, `dependency` or `copy` (of the helper).
    """

    path: str
    kind: str


@dataclass(frozen=True, slots=True)
class Record:
    """The result for one repository.

    Attributes:
        error_kind, error: why it failed: a word, and a line for people.
        base: the commit that was looked at.
        commit: the one that was made of it.
        patch: that commit as `git format-patch` writes it.
        findings: as `check --output-format json` writes them, with `outcome` (`fixed` or `left`) and `frame`, the lines
            of source as pairs of text and style.
        notes: what a person should know or do, such as the command that renews a lock file.
        problems: what could not be looked at.
        timings: seconds by step.
    """

    state: State
    error_kind: str = ""
    error: str = ""
    base: str = ""
    commit: str = ""
    patch: bytes = b""
    findings: tuple[dict[str, Any], ...] = ()
    changes: tuple[Change, ...] = ()
    notes: tuple[str, ...] = ()
    problems: tuple[str, ...] = ()
    timings: dict[str, float] = field(default_factory=dict)

    def to_json(self) -> str:
        """Write it on one line."""
        return json.dumps(dataclasses.asdict(self) | {"patch": base64.b64encode(self.patch).decode()})

    @classmethod
    def from_json(cls, text: str) -> Record:
        """Read what `to_json` has written."""
        data = json.loads(text)
        return cls(
            **data
            | {
                "state": State(data["state"]),
                "patch": base64.b64decode(data["patch"]),
                "findings": tuple(data["findings"]),
                "changes": tuple(Change(**change) for change in data["changes"]),
                "notes": tuple(data["notes"]),
                "problems": tuple(data["problems"]),
            }
        )


def failed(kind: str, error: str, base: str = "", **more: Any) -> Record:
    """Make the record of a repository that could not be done."""
    return Record(State.FAILED, kind, " ".join(error.split()), base, **more)
