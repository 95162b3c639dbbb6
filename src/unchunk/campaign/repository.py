"""One repository: looked at, checked out, fixed, verified, committed. Knows nothing of the others."""

from __future__ import annotations

import contextlib
import dataclasses
import errno
import os
import shlex
import time
from typing import TYPE_CHECKING

from unchunk.analysis.faults import describe_fault
from unchunk.analysis.os_errors import reason_of
from unchunk.campaign.checkout import Checkout, borrowed, cloned
from unchunk.campaign.commit import author_of, commit, message_of, patch
from unchunk.campaign.processes import run_command
from unchunk.campaign.record import OUT_OF_MEMORY, Record, State, failed
from unchunk.campaign.snapshot import NotARepository, git_directory, snapshot
from unchunk.campaign.sources import is_address, without_secrets
from unchunk.project.git import GitError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from unchunk.campaign.fixing import Fixed
    from unchunk.campaign.record import Task

_KINDS = {
    errno.ENOSPC: "no-space",
    getattr(errno, "EDQUOT", errno.ENOSPC): "no-space",
    errno.EACCES: "no-permission",
    errno.EPERM: "no-permission",
    errno.EROFS: "no-permission",
}
_WIDENING = {"select", "extend_select", "config"}
"""Options with which files count that do not by default."""
_WORDS = {
    "No space left": "no-space",
    "unable to write": "no-space",
    "Disk quota": "no-space",
    "Permission denied": "no-permission",
    "dubious ownership": "not-yours",
    "terminal prompts disabled": "no-credentials",
    "could not read Username": "no-credentials",
    "could not read Password": "no-credentials",
    "Authentication failed": "no-credentials",
    "gave no answer": "timeout",
}
"""Messages of git, by the words that distinguish failures."""


class _Failure(Exception):
    """The repository cannot be done.

    Attributes:
        kind: a word for it.
    """

    def __init__(self, kind: str, reason: str) -> None:
        super().__init__(reason)
        self.kind = kind


class _Work:
    """One repository on its way.

    Attributes:
        timings: seconds by step.
        base: the commit that is looked at; empty until it is known.
    """

    def __init__(self, task: Task, scratch: str) -> None:
        self._task = task
        self._tree = os.path.join(scratch, "tree")
        self.timings: dict[str, float] = {}
        self.base = ""

    def record(self) -> Record:
        """Do it."""
        checkout = self._cloned() if is_address(self._task.source) else None
        with self._timed("look"):
            directory = git_directory(self._task.source) if checkout is None else checkout.directory
            found = snapshot(directory)
        self.base = found.commit
        if not found.commit:
            return Record(State.EMPTY)
        if found.is_plain and not _WIDENING & self._task.settings.options.keys():
            return Record(State.CLEAN, base=self.base)
        with self._timed("checkout"):
            checkout = checkout or borrowed(directory, self.base, self._tree, self._task.limits.seconds)
            checkout.check_out(self.base)
        return self._changed(checkout, author_of(directory, self._task.settings.author))

    def _cloned(self) -> Checkout:
        with self._timed("clone"):
            return cloned(self._task.source, self._tree, self._task.limits.seconds)

    def _changed(self, checkout: Checkout, author: str) -> Record:
        settings = self._task.settings
        with _inside(checkout.folder):
            fixed = self._fixed()
            made, text = "", b""
            if fixed.changes:
                with self._timed("commit"):
                    message = message_of(settings, fixed.findings, fixed.changes)
                    made = commit(checkout, self.base, fixed.changes, message, author, settings.date)
                    text = patch(checkout, made)
                self._verify(fixed)
        return Record(
            _state(fixed),
            base=self.base,
            commit=made,
            patch=text,
            findings=fixed.findings,
            changes=fixed.changes,
            notes=fixed.notes,
            problems=fixed.problems,
        )

    def _fixed(self) -> Fixed:
        from unchunk.campaign.fixing import fix_here  # the engine: most repositories do without

        with self._timed("fix"):
            return fix_here(self._task.settings.options)

    def _verify(self, fixed: Fixed) -> None:
        """See that what changed is in order.

        Raises:
            _Failure: it is not.
        """
        from unchunk.campaign.fixing import changed_again

        settings = self._task.settings
        with self._timed("verify"):
            again = changed_again(settings.options, [change.path for change in fixed.changes if change.kind == "fix"])
            if again:
                raise _Failure("not-verified", f"a second run would change more, or cannot read it: {again[0]}")
            if settings.verify:
                words = shlex.split(settings.verify)
                status, output = run_command(words, self._tree, settings.verify_limit)
                if status is None:
                    raise _Failure("not-verified", f"{words[0]} took longer than {settings.verify_limit:g} seconds")
                if status:
                    last = output.strip().splitlines()[-1:] or [""]
                    raise _Failure("not-verified", f"{words[0]} ended with status {status}: {last[0]}")

    @contextlib.contextmanager
    def _timed(self, step: str) -> Iterator[None]:
        start = time.monotonic()
        try:
            yield
        finally:
            self.timings[step] = round(self.timings.get(step, 0) + time.monotonic() - start, 4)


def process(task: Task, scratch: str) -> Record:
    """Do one repository, and say what came of it, whatever happens.

    Args:
        scratch: an empty folder that may be used, and is the caller's to remove.
    """
    work = _Work(task, scratch)
    try:
        record = work.record()
    except NotARepository as error:
        record = failed("not-a-repository", str(error))
    except _Failure as error:
        record = failed(error.kind, str(error), work.base)
    except GitError as error:
        record = failed(_kind(str(error), "git"), without_secrets(str(error)), work.base)
    except OSError as error:
        record = failed(_KINDS.get(error.errno or 0, "system"), reason_of(error), work.base)
    except MemoryError:
        record = failed(OUT_OF_MEMORY, f"needs more than {task.limits.megabytes} MB", work.base)
    except Exception as error:  # a fault of ours; the other repositories are not to suffer from it
        record = failed("internal", describe_fault(error), work.base)
    return dataclasses.replace(record, timings=work.timings)


def _kind(words: str, otherwise: str) -> str:
    return next((kind for part, kind in _WORDS.items() if part in words), otherwise)


def _state(fixed: Fixed) -> State:
    left = any(finding["outcome"] == "left" for finding in fixed.findings)
    if fixed.changes:
        return State.PARTLY_FIXED if left else State.FIXED
    return State.NOT_FIXED if left else State.CLEAN


@contextlib.contextmanager
def _inside(folder: str) -> Iterator[None]:
    """Work from a folder, so that its files are called as its people call them."""
    before = os.getcwd()
    os.chdir(folder)
    try:
        yield
    finally:
        os.chdir(before)
