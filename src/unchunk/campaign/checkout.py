"""Scratch checkouts, made by this program: nothing of the user's tree, its configuration or its hooks takes part.

Content goes into the files byte for byte: attributes of the tree (filters, LFS, line ends, encodings) are overruled.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from unchunk.project.git import NETWORK, OWN, READING, run

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_ATTRIBUTES = "* !text !eol !ident !filter !working-tree-encoding !crlf !diff !merge !whitespace\n"
_PLAIN = frozenset(b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/_-.")


class Checkout:
    """Repository with its work tree in a scratch folder.

    Attributes:
        folder: the top of the work tree.
    """

    def __init__(self, folder: str, timeout: float) -> None:
        self.folder = folder
        self._timeout = timeout

    def git(
        self,
        *arguments: str,
        stdin: bytes | None = None,
        more: Mapping[str, str] | None = None,
        accept: Sequence[int] = (0,),
    ) -> bytes:
        """Run git in it, under no configuration but its own.

        Raises:
            GitError: it failed.
        """
        named = [f"--git-dir={self.directory}", f"--work-tree={self.folder}", *arguments]
        return run(OWN, named, self.folder, stdin=stdin, more=more, accept=accept, timeout=self._timeout)

    @property
    def directory(self) -> str:
        """Return the git directory."""
        return os.path.join(self.folder, ".git")

    def check_out(self, commit: str) -> None:
        """Write the files of a commit.

        Raises:
            GitError: they cannot be written.
        """
        self._overrule_attributes()
        self.git("update-ref", "--no-deref", "HEAD", commit)
        self.git("read-tree", "-m", "-u", commit)

    def _overrule_attributes(self) -> None:
        info = os.path.join(self.directory, "info")
        os.makedirs(info, exist_ok=True)
        with open(os.path.join(info, "attributes"), "w", encoding="ascii") as file:
            file.write(_ATTRIBUTES)


def cloned(address: str, folder: str, timeout: float) -> Checkout:
    """Clone the last commit of a remote's default branch; no file is written yet.

    Raises:
        GitError: it cannot be cloned.
    """
    options = ["--quiet", "--no-checkout", "--depth=1", "--single-branch", "--no-tags", "--template="]
    run(NETWORK, ["clone", *options, "--", address, folder], os.path.dirname(folder), timeout=timeout)
    return Checkout(folder, timeout)


def borrowed(directory: str, commit: str, folder: str, timeout: float) -> Checkout:
    """Make a repository that reads the objects of one on this machine; no file is written yet.

    git is not run on the other repository's behalf, so nothing that is configured there can start a program.

    Raises:
        GitError: it cannot be read.
    """
    objects = run(READING, [f"--git-dir={directory}", "rev-parse", "--git-path", "objects"], directory)
    path = os.path.join(os.fsencode(directory), objects.removesuffix(b"\n"))
    kind = "sha256" if len(commit) == 64 else "sha1"
    run(OWN, ["init", "--quiet", "--template=", f"--object-format={kind}", "--", folder], os.path.dirname(folder))
    made = Checkout(folder, timeout)
    with open(os.path.join(made.directory, "objects", "info", "alternates"), "wb") as file:
        file.write(_quoted(path) + b"\n")
    with open(os.path.join(made.directory, "shallow"), "w", encoding="ascii") as shallow:
        shallow.write(f"{commit}\n")  # what came before is not needed, and may not be there
    return made


def _quoted(path: bytes) -> bytes:
    """Write a path as git reads it between quotes, whatever its bytes."""
    return b'"%b"' % b"".join(bytes([byte]) if byte in _PLAIN else b"\\%03o" % byte for byte in path)
