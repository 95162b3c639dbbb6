"""Ask git about a work tree without running anything that the tree brings along.

A scanned tree may be hostile: a pull request can commit a bare repository among its files, an unpacked archive comes
with its own `.git/config`. So this is the only module that runs git, and it does so

- at the root of a work tree that was found by its `.git`, with that root and its git directory named, never by git's
  own search from a folder of the tree;
- with nothing but commands that list names and read objects: no content is converted, so that neither filters nor
  diff drivers nor attributes take part;
- with what could still start a program switched off: the file system monitor, hooks, and fetching what is missing;
- without variables of the environment that lead to another repository;
- for a limited time.
"""

from __future__ import annotations

import os

from unchunk.analysis.system_errors import reason_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

TIMEOUT = 30
"""Seconds. A named pipe in the place of a `.gitignore` would be waited for without end."""
SHORTEST = 1
"""Seconds that git has once that time was waited in vain: a tree may hold any number of such repositories."""
_waited: list[float] = []
"""How long this process has waited in vain."""

_OPTIONS = (
    "--no-pager",
    "--no-replace-objects",
    *("-c", "safe.bareRepository=explicit"),
    *("-c", "core.fsmonitor=false"),
    *("-c", f"core.hooksPath={os.devnull}"),
    *("-c", f"core.attributesFile={os.devnull}"),
    *("-c", "protocol.allow=never"),
    *("-c", "credential.helper="),
    *("-c", "core.askPass="),
)
_ENVIRONMENT = {
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_ALLOW_PROTOCOL": "",
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_ATTR_NOSYSTEM": "1",
}
_KEPT = "GIT_CONFIG_"
"""How the variables begin that say where the configuration of the user is; what is set above wins over it."""


class GitError(Exception):
    """git is missing, or refused; the text is git's own first line."""


class Repository:
    """A work tree and its git directory.

    Raises:
        GitError: git is missing, or does not take the folder for a work tree of this user's.
    """

    def __init__(self, root: str) -> None:
        self.root = root
        # git judges here whether the repository may be used at all, by its owner.
        found = _run(["rev-parse", "--absolute-git-dir"], root, {"GIT_CEILING_DIRECTORIES": os.path.dirname(root)})
        self._directory = os.fsdecode(found).removesuffix("\n")

    def run(self, *arguments: str, accept: Sequence[int] = (0,)) -> bytes:
        """Return what a git command prints about this repository.

        Raises:
            GitError: the exit status is none of `accept`.
        """
        named = [f"--git-dir={self._directory}", f"--work-tree={self.root}", *arguments]
        return _run(named, self.root, {}, accept)


def root_of(directory: str) -> str | None:
    """Find the work tree that a folder lies in, by the nearest `.git` (a folder, or a file in linked work trees)."""
    return root_as_written(os.path.realpath(directory))


def root_as_written(directory: str) -> str | None:
    """Find the work tree above an absolute path, whose links are not resolved."""
    current = directory
    while not os.path.lexists(os.path.join(current, ".git")):
        parent = os.path.dirname(current)
        if parent == current:
            return None
        current = parent
    return current


def top_of(path: str) -> str:
    """Return the top of the tree that a file or folder is in: its work tree, else the folder itself."""
    folder = os.path.realpath(path if os.path.isdir(path) else os.path.dirname(path) or os.curdir)
    return root_of(folder) or folder


def repository_of(directory: str) -> Repository:
    """Return the repository of the work tree that a folder lies in.

    Raises:
        GitError: there is none, or git will not read it.
    """
    root = root_of(directory)
    if root is None:
        raise GitError(f"fatal: not a git repository: {directory}")
    return Repository(root)


def listed_files(directory: str) -> list[str]:
    """List the paths below a folder, relative to it, that are tracked or could be: everything but what git ignores.

    A repository inside the repository (a submodule, or one that is not tracked) appears as the path of its folder.

    Raises:
        GitError: git is missing or will not read this repository.
    """
    repository = repository_of(directory)
    inside = os.path.relpath(os.path.realpath(directory), repository.root)
    output = repository.run("ls-files", "-z", "--cached", "--others", "--exclude-standard", "--", f":(literal){inside}")
    start = 0 if inside == os.curdir else len(os.fsencode(inside)) + 1
    return list(dict.fromkeys(os.fsdecode(path[start:]) for path in output.split(b"\0") if len(path) > start))


def is_ignored(directory: str) -> bool:
    """Tell whether git ignores the folder as a whole, such as a virtual environment inside a project.

    Raises:
        GitError: git is missing or will not read this repository.
    """
    repository = repository_of(directory)
    inside = os.path.relpath(os.path.realpath(directory), repository.root)
    return inside != os.curdir and bool(
        repository.run("check-ignore", "--", os.path.join(os.curdir, inside), accept=(0, 1))
    )


def is_tracked(path: str) -> bool:
    """Tell whether git tracks a file.

    Raises:
        GitError: git is missing or will not read this repository.
    """
    repository = repository_of(os.path.dirname(os.path.abspath(path)))
    inside = os.path.relpath(os.path.realpath(path), repository.root)
    return bool(repository.run("ls-files", "-z", "--cached", "--", f":(literal){inside}"))


def _run(arguments: list[str], folder: str, more: dict[str, str], accept: Sequence[int] = (0,)) -> bytes:
    import subprocess

    environment = {name: value for name, value in os.environ.items() if _may_stay(name)} | _ENVIRONMENT | more
    try:
        done = subprocess.run(
            [_program(), *_OPTIONS, *arguments],
            cwd=folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=False,
            timeout=_patience(),
        )
    except OSError as error:
        raise GitError(f"git cannot be run: {reason_of(error)}") from error
    except subprocess.TimeoutExpired as error:
        _waited.append(error.timeout)
        raise GitError(f"git gave no answer within {error.timeout:g} seconds") from error
    if done.returncode not in accept:
        lines = done.stderr.decode("utf-8", "replace").strip().splitlines()
        raise GitError(lines[0] if lines else f"git failed with status {done.returncode}")
    return done.stdout


def _patience() -> float:
    return max(TIMEOUT - sum(_waited), min(SHORTEST, TIMEOUT))


def _may_stay(name: str) -> bool:
    return not name.upper().startswith("GIT_") or name.upper().startswith(_KEPT)


def _program() -> str:
    """Find git by the absolute folders of the search path: others would lead into the tree."""
    name = "git.exe" if os.name == "nt" else "git"
    for folder in os.get_exec_path():
        path = os.path.join(folder, name)
        if os.path.isabs(folder) and os.access(path, os.X_OK) and os.path.isfile(path):
            return path
    raise GitError("git cannot be run: no such file or directory")
