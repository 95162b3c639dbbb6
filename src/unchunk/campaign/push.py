"""Branches of a campaign: the kept patches, applied to fresh clones and pushed where a remote is configured."""

from __future__ import annotations

import os
import tempfile
from typing import TYPE_CHECKING

from unchunk.campaign.checkout import Checkout, cloned
from unchunk.campaign.commit import identity
from unchunk.campaign.ledger import Push
from unchunk.campaign.snapshot import NotARepository, git_directory
from unchunk.campaign.sources import is_address, is_bare, without_secrets
from unchunk.project.git import NETWORK, READING, GitError, run

if TYPE_CHECKING:
    from unchunk.campaign.ledger import Row
    from unchunk.campaign.record import Settings

PUSHED, UP_TO_DATE, CONFLICT, NO_REMOTE, FAILED = "pushed", "up-to-date", "conflict", "no-remote", "failed"
_APPLY = ("am", "--quiet", "--keep-cr", "--keep-non-patch", "--committer-date-is-author-date", "--no-gpg-sign")


class _Conflict(Exception):
    """The patch does not fit on what the remote has by now."""


def push(row: Row, settings: Settings, seconds: float, *, dry_run: bool = False) -> Push:
    """Push the commit of a repository as a branch, and say what came of it.

    Nothing is overwritten: a branch of that name that has other commits is left as it is.

    Args:
        dry_run: do everything but the push.
    """
    branch = settings.branch
    try:
        remote = remote_of(row.source)
        if remote is None:
            return Push(NO_REMOTE, branch, error="its configuration names no remote to push to")
        with tempfile.TemporaryDirectory(prefix="unchunk-push-") as scratch:
            checkout = cloned(remote, os.path.join(scratch, "tree"), seconds)
            commit = _applied(checkout, row.record.patch, settings)
            state = UP_TO_DATE if dry_run else _pushed(checkout, remote, branch, seconds)
            return Push("would-push" if dry_run else state, branch, commit)
    except _Conflict as error:
        return Push(CONFLICT, branch, error=str(error))
    except (GitError, NotARepository) as error:
        return Push(FAILED, branch, error=without_secrets(str(error)))
    except OSError as error:
        return Push(FAILED, branch, error=str(error.strerror))


def remote_of(source: str) -> str | None:
    """Return where the branch of a repository goes: to the remote of a clone, else to where it comes from.

    Raises:
        GitError: its configuration cannot be read.
        NotARepository: the folder has gone.
    """
    if is_address(source):
        return source
    directory = git_directory(source)
    name = _configured(directory, "remote.pushDefault") or "origin"
    found = _configured(directory, f"remote.{name}.pushurl") or _configured(directory, f"remote.{name}.url")
    if found:
        return found if is_address(found) else os.path.join(source, found)
    return source if is_bare(source) else None


def _configured(directory: str, key: str) -> str:
    command = [f"--git-dir={directory}", "config", "--no-includes", "--get", key]
    return os.fsdecode(run(READING, command, directory, accept=(0, 1))).removesuffix("\n")


def _applied(checkout: Checkout, patch: bytes, settings: Settings) -> str:
    """Apply a patch on top of the remote's default branch; return the commit."""
    checkout.check_out(checkout.git("rev-parse", "--verify", "HEAD^{commit}").decode().strip())
    author = checkout.git("mailinfo", os.devnull, os.devnull, stdin=patch).decode("utf-8", "replace")
    values = dict(line.split(": ", 1) for line in author.splitlines() if ": " in line)
    who = f"{values.get('Author', '')} <{values.get('Email', '')}>"
    try:
        checkout.git(*_APPLY, stdin=patch, more=identity(who, settings.date))
    except GitError as error:
        raise _Conflict(f"does not apply to what the remote has by now: {error}") from error
    return checkout.git("rev-parse", "HEAD").decode().strip()


def _pushed(checkout: Checkout, remote: str, branch: str, seconds: float) -> str:
    command = [f"--git-dir={checkout.directory}", "push", "--porcelain", "--no-verify", "--no-follow-tags"]
    output = run(NETWORK, [*command, "--", remote, f"HEAD:refs/heads/{branch}"], checkout.folder, timeout=seconds)
    return UP_TO_DATE if any(line.startswith(b"=\t") for line in output.splitlines()) else PUSHED
