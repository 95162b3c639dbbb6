"""Commits of changed files, the same for the same changes: author and date come with the campaign."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING

from unchunk.project.git import READING, GitError, run

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any

    from unchunk.campaign.checkout import Checkout
    from unchunk.campaign.record import Change, Settings

_IDENTITY = re.compile(r"(.*) <(.*)>")
_PATCH = (
    "--stdout",
    "-1",
    "--binary",
    "--full-index",
    "--no-signature",
    "--no-renames",
    "--no-ext-diff",
    "--no-textconv",
    "--src-prefix=a/",
    "--dst-prefix=b/",
)


def author_here() -> str:
    """Return the author that git would write for the user, as `Name <address>`.

    Raises:
        GitError: git knows none.
    """
    given = {name: value for name, value in os.environ.items() if name.startswith("GIT_AUTHOR_")}
    ident = run(READING, ["var", "GIT_AUTHOR_IDENT"], os.curdir, more=given).decode("utf-8", "replace")
    return ident.rsplit(" ", 2)[0].strip()


def author_of(directory: str, default: str) -> str:
    """Return the author that a repository's configuration names, else the default."""
    command = [f"--git-dir={directory}", "config", "--local", "--no-includes", "--get-regexp", r"^user\.(name|email)$"]
    try:
        found = run(READING, command, directory, accept=(0, 1)).decode("utf-8", "replace")
    except GitError:
        return default
    values = dict(line.split(" ", 1) for line in found.splitlines() if " " in line)
    name, address = _parts(default)
    return f"{values.get('user.name', name)} <{values.get('user.email', address)}>"


def message_of(settings: Settings, findings: Sequence[Mapping[str, Any]], changes: Sequence[Change]) -> str:
    """Fill in the message of the commit."""
    fixed = [finding for finding in findings if finding["outcome"] == "fixed"]
    values = {
        "{fixed}": str(len(fixed)),
        "{left}": str(len(findings) - len(fixed)),
        "{codes}": ", ".join(sorted({finding["code"] for finding in fixed})),
        "{files}": str(sum(change.kind == "fix" for change in changes)),
    }
    return re.sub(r"\{\w+\}", lambda found: values.get(found[0], found[0]), settings.message)


def commit(checkout: Checkout, base: str, changes: Sequence[Change], message: str, author: str, date: int) -> str:
    """Commit the changed files on top of a commit; return the new one's id.

    Raises:
        GitError: git refused.
    """
    paths = b"".join(os.fsencode(change.path) + b"\0" for change in changes)
    checkout.git("update-index", "--add", "-z", "--stdin", stdin=paths)
    tree = checkout.git("write-tree").decode().strip()
    command = ["commit-tree", tree, "-p", base]
    text = message.rstrip("\n").encode() + b"\n"
    made = checkout.git(*command, stdin=text, more=identity(author, date)).decode().strip()
    checkout.git("update-ref", "HEAD", made)
    return made


def identity(author: str, date: int) -> dict[str, str]:
    """Return the variables by which git takes an author, who commits as well, and a date."""
    name, address = _parts(author)
    roles = ("GIT_AUTHOR", "GIT_COMMITTER")
    return {
        f"{role}_{key}": value
        for role in roles
        for key, value in (("NAME", name), ("EMAIL", address), ("DATE", f"@{date} +0000"))
    }


def patch(checkout: Checkout, commit: str) -> bytes:
    """Return a commit as `git am` takes it.

    Raises:
        GitError: git refused.
    """
    return checkout.git("format-patch", *_PATCH, commit)


def _parts(author: str) -> tuple[str, str]:
    found = _IDENTITY.fullmatch(author)
    return (found[1], found[2]) if found else (author, "")
