"""What git knows of a folder: which files it lists, and which it ignores."""

from __future__ import annotations

import os

from unchunk.analysis.system_errors import reason_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence


class GitError(Exception):
    """git is missing, or refused; the text is git's own last line."""


def in_repository(directory: str) -> bool:
    """Whether a folder lies in a git work tree, judged by the nearest `.git` (a folder, or a file in linked work
    trees).
    """
    current = os.path.abspath(directory)
    while not os.path.lexists(os.path.join(current, ".git")):
        parent = os.path.dirname(current)
        if parent == current:
            return False
        current = parent
    return True


def listed_files(directory: str) -> list[str]:
    """The paths below a folder, relative to it, that are tracked or could be: everything but what git ignores.

    A repository inside the repository (a submodule, or one that is not tracked) appears as the path of its folder.

    Raises:
        GitError: git is missing or will not read this repository.
    """
    output = run(directory, "ls-files", "-z", "--cached", "--others", "--exclude-standard")
    return list(dict.fromkeys(os.fsdecode(path) for path in output.split(b"\0") if path))


def is_ignored(directory: str) -> bool:
    """Whether git ignores the folder as a whole, such as a virtual environment inside a project.

    Raises:
        GitError: git is missing or will not read this repository.
    """
    name = os.path.abspath(directory)
    return bool(run(os.path.dirname(name), "check-ignore", "--", name, accept=(0, 1)))


def run(directory: str, *arguments: str, accept: Sequence[int] = (0,)) -> bytes:
    """Run git in a folder and return what it printed.

    Raises:
        GitError: git is missing, or its exit status is none of `accept`.
    """
    import subprocess

    try:
        done = subprocess.run(["git", *arguments], cwd=directory, capture_output=True, check=False)
    except OSError as error:
        raise GitError(f"git cannot be run: {reason_of(error)}") from error
    if done.returncode not in accept:
        lines = done.stderr.decode("utf-8", "replace").strip().splitlines()
        raise GitError(lines[0] if lines else f"git {arguments[0]} failed with status {done.returncode}")
    return done.stdout
