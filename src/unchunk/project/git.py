"""Queries to git about a work tree that run nothing the tree brings along.

A scanned tree may be hostile: a pull request can commit a bare repository among its files, an unpacked archive comes
with its own `.git/config`. So this is the only module that runs git, and it does so

- at the root of a work tree that was found by its `.git`, with that root and its git directory named, never by git's
  own search from a folder of the tree;
- with nothing but commands that list names and read objects: no content is converted, so that neither filters nor
  diff drivers nor attributes take part;
- with what could still start a program switched off: the file system monitor, hooks, and fetching what is missing;
- without variables of the environment that lead to another repository;
- for a limited time.

Campaigns write, too, and fetch: into repositories that they make themselves (`Profile` says what each kind of command
may do), never into a tree of the user's.
"""

from __future__ import annotations

import os

from unchunk.analysis.os_errors import reason_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from typing import IO, Any

TIMEOUT = 30
"""Seconds. A named pipe in the place of a `.gitignore` would be waited for without end."""
MIN_SECONDS = 1
"""Seconds that git has once that time was waited in vain: a tree may hold any number of such repositories."""
_waited: list[float] = []
"""Seconds that this process has waited in vain."""

_KEPT = "GIT_CONFIG_"
"""Prefix of the variables for the location of the user's configuration; what is set here wins over it."""
_SAFE = (
    "--no-pager",
    "--no-replace-objects",
    *("-c", "core.fsmonitor=false"),
    *("-c", f"core.hooksPath={os.devnull}"),
    *("-c", f"core.attributesFile={os.devnull}"),
)
_QUIET = {"GIT_OPTIONAL_LOCKS": "0", "GIT_NO_LAZY_FETCH": "1", "GIT_TERMINAL_PROMPT": "0", "GIT_ATTR_NOSYSTEM": "1"}
_ALONE = (*_SAFE, *("-c", "protocol.allow=never"), *("-c", "credential.helper="), *("-c", "core.askPass="))
_OFFLINE = {"GIT_ALLOW_PROTOCOL": ""}


class Profile:
    """Kind of git command: what it may do, and whose configuration it follows.

    Args:
        options: of git itself, before the command.
        environment: variables that are set.
        kept: beginnings of the variables named `GIT_…` that it keeps of the user's environment.
    """

    def __init__(self, options: Sequence[str], environment: Mapping[str, str], kept: Sequence[str]) -> None:
        self.options = tuple(options)
        self._environment = dict(environment)
        self._kept = tuple(kept)

    def environment(self) -> dict[str, str]:
        """Return the variables that git is run with."""
        return {name: value for name, value in os.environ.items() if self._may_stay(name.upper())} | self._environment

    def _may_stay(self, name: str) -> bool:
        return not name.startswith("GIT_") or name.startswith(self._kept)


READING = Profile((*_ALONE, "-c", "safe.bareRepository=explicit"), _QUIET | _OFFLINE, (_KEPT,))
"""Reads names and objects of any repository, under the user's configuration."""
OWN = Profile(
    (*_ALONE, "-c", "core.autocrlf=false", "-c", "gc.auto=0"),
    _QUIET | _OFFLINE | {"GIT_CONFIG_NOSYSTEM": "1", "GIT_CONFIG_GLOBAL": os.devnull},
    (),
)
"""Works in a repository that this program has made, the same for every user."""
NETWORK = Profile(
    (*_SAFE, "-c", "core.askPass=", "-c", "gc.auto=0", "-c", "submodule.recurse=false"),
    _QUIET | {"GIT_ASKPASS": "", "SSH_ASKPASS": "", "SSH_ASKPASS_REQUIRE": "never", "GCM_INTERACTIVE": "never"},
    (_KEPT, "GIT_SSH", "GIT_PROXY", "GIT_SSL", "GIT_HTTP", "GIT_ALLOW_PROTOCOL"),
)
"""Talks to a remote as the user is set up to, with their credential helpers, and never asks for anything."""


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
        ceiling = {"GIT_CEILING_DIRECTORIES": os.path.dirname(root)}
        found = run(READING, ["rev-parse", "--absolute-git-dir"], root, more=ceiling)
        self.directory = os.fsdecode(found).removesuffix("\n")

    def run(self, *arguments: str, accept: Sequence[int] = (0,)) -> bytes:
        """Return what a git command prints about this repository.

        Raises:
            GitError: the exit status is none of `accept`.
        """
        named = [f"--git-dir={self.directory}", f"--work-tree={self.root}", *arguments]
        return run(READING, named, self.root, accept=accept)


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


def run(
    profile: Profile,
    arguments: Sequence[str],
    folder: str,
    *,
    stdin: bytes | None = None,
    more: Mapping[str, str] | None = None,
    accept: Sequence[int] = (0,),
    timeout: float | None = None,
) -> bytes:
    """Run git in a folder and return what it prints.

    Args:
        stdin: its standard input; nothing by default.
        more: further variables of its environment.
        timeout: seconds; by default as short as reading should take.

    Raises:
        GitError: git is missing, takes too long, or its exit status is none of `accept`.
    """
    import subprocess

    done: subprocess.CompletedProcess[bytes]
    given: dict[str, Any] = {"stdin": subprocess.DEVNULL} if stdin is None else {"input": stdin}
    try:
        done = subprocess.run(
            [_program(), *profile.options, *arguments],
            cwd=folder,
            env=profile.environment() | dict(more or {}),
            capture_output=True,
            check=False,
            timeout=_patience() if timeout is None else timeout,
            **given,
        )
    except OSError as error:
        raise GitError(f"git cannot be run: {reason_of(error)}") from error
    except subprocess.TimeoutExpired as error:
        if timeout is None:
            _waited.append(error.timeout)
        raise GitError(f"git gave no answer within {error.timeout:g} seconds") from error
    if done.returncode not in accept:
        lines = done.stderr.decode("utf-8", "replace").strip().splitlines()
        raise GitError(_telling(lines) if lines else f"git failed with status {done.returncode}")
    return done.stdout


def _telling(lines: Sequence[str]) -> str:
    """Choose the line of git's own words that says what went wrong: hints and progress may stand before it."""
    return next((line for line in lines if line.startswith(("fatal: ", "error: "))), lines[0])


_AT_ONCE = 500
"""Objects that are asked for before the first is read: their names have to fit into a pipe."""


class Objects:
    """Objects of a repository, read by one process of git; a context manager.

    Args:
        directory: the git directory.
    """

    def __init__(self, directory: str) -> None:
        import subprocess

        command = [_program(), *READING.options, f"--git-dir={directory}", "cat-file", "--batch"]
        pipe = subprocess.PIPE
        try:
            self._process = subprocess.Popen(
                command, cwd=directory, env=READING.environment(), stdin=pipe, stdout=pipe, stderr=subprocess.DEVNULL
            )
        except OSError as error:
            raise GitError(f"git cannot be run: {reason_of(error)}") from error

    def __enter__(self) -> Objects:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        self._process.communicate()

    def read(self, names: Sequence[str], most: int) -> Iterator[tuple[str, bytes | None] | None]:
        """Read objects: the id and the bytes of each, None for one that is not there, no bytes where it is too large.

        Args:
            most: the largest size that is read.

        Raises:
            GitError: git has gone.
        """
        stdin, stdout = self._pipes()
        for start in range(0, len(names), _AT_ONCE):
            asked = names[start : start + _AT_ONCE]
            try:
                stdin.write("".join(f"{name}\n" for name in asked).encode())
                stdin.flush()
            except OSError as error:
                raise GitError(f"git cat-file: {reason_of(error)}") from error
            for _ in asked:
                yield _object(stdout, most)

    def _pipes(self) -> tuple[IO[bytes], IO[bytes]]:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        return self._process.stdin, self._process.stdout


def _object(stdout: IO[bytes], most: int) -> tuple[str, bytes | None] | None:
    head = stdout.readline().split()
    if not head:
        raise GitError("git cat-file has ended")
    if len(head) < 3 or head[-1] in (b"missing", b"ambiguous"):
        return None
    size = int(head[2])
    data = b"".join(_pieces(stdout, size)) if size <= most else None
    if data is None:
        for _ in _pieces(stdout, size):
            pass
    stdout.read(1)
    return head[0].decode(), data


def _pieces(stream: IO[bytes], size: int) -> Iterator[bytes]:
    while size:
        piece = stream.read(min(size, 1 << 20))
        if not piece:
            raise GitError("git cat-file has ended")
        size -= len(piece)
        yield piece


def _patience() -> float:
    return max(TIMEOUT - sum(_waited), min(MIN_SECONDS, TIMEOUT))


def _program() -> str:
    """Find git by the absolute folders of the search path: others would lead into the tree."""
    name = "git.exe" if os.name == "nt" else "git"
    for folder in os.get_exec_path():
        path = os.path.join(folder, name)
        if os.path.isabs(folder) and os.access(path, os.X_OK) and os.path.isfile(path):
            return path
    raise GitError("git cannot be run: no such file or directory")
