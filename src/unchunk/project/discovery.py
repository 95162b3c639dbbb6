"""Discovery of the files to check: the paths given, and the Python files below the folders given."""

from __future__ import annotations

import os

from unchunk.analysis.os_errors import reason_of
from unchunk.project.config_files import ConfigurationError
from unchunk.project.git import GitError, is_ignored, listed_files, root_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from unchunk.project.config_files import ConfigFiles
    from unchunk.project.patterns import Patterns

PYTHON_SUFFIXES = (".py", ".pyi", ".pyw", ".ipynb")

# Folders that hold what others wrote or tools made: those that Ruff skips, and byte code.
JUNK_FOLDERS = frozenset(
    [
        ".bzr", ".direnv", ".eggs", ".git", ".git-rewrite", ".hg", ".ipynb_checkpoints", ".mypy_cache", ".nox",
        ".pants.d", ".pyenv", ".pytest_cache", ".pytype", ".ruff_cache", ".svn", ".tox", ".unchunk_cache", ".venv",
        ".vscode", "__pycache__", "__pypackages__", "_build", "buck-out", "build", "dist", "node_modules",
        "site-packages", "venv",
    ]
)  # fmt: skip


class Found:
    """A file to check.

    Attributes:
        path: as the user would name it: relative where the root was.
        root: the path given that led here; the path itself for a file.
        explicit: whether the file itself was named, so that its suffix and its readability are the user's word.
    """

    __slots__ = ("explicit", "path", "root")

    def __init__(self, path: str, root: str, *, explicit: bool) -> None:
        self.path = path
        self.root = root
        self.explicit = explicit


class Discovery:
    """A search for files that reports whatever blocks it.

    Args:
        configs: rules what is excluded where.
        problem: told path, message and line of a path that does not exist, a folder that cannot be listed, a
            configuration that is broken (what it rules is left out).
        note: told of what is odd but no error, such as git not being there.
        exclude: what to leave out besides.
        respect_gitignore: whether to leave out what git ignores, where the configuration does not say.
        force_exclude: whether a file that is named can be left out as well.
    """

    def __init__(
        self,
        configs: ConfigFiles,
        problem: Callable[[str, str, int | None], None],
        note: Callable[[str], None],
        *,
        exclude: Patterns | None = None,
        respect_gitignore: bool = True,
        force_exclude: bool = False,
    ) -> None:
        self._configs = configs
        self._problem = problem
        self._note = note
        self._exclude = exclude
        self._respect_gitignore = respect_gitignore
        self._force_exclude = force_exclude
        self._excluded_in: dict[str, Patterns | None] = {}

    def find(self, paths: Sequence[str]) -> Iterator[Found]:
        """Yield every file once, in the order of the paths given, and sorted within a folder."""
        name = os.path.abspath if len(paths) > 1 else str  # what is found from one path has one name
        seen: set[str] = set()
        for path in paths:
            for found in self._below(path):
                key = name(found.path)
                if key not in seen:
                    seen.add(key)
                    yield found

    def _below(self, path: str) -> Iterator[Found]:
        if not os.path.isdir(path):
            yield from self._named(path)
            return
        root = os.path.normpath(path)
        files = self._in_repository(root) if self._respect_gitignore and root_of(root) is not None else None
        for file in self._walk(root) if files is None else files:
            yield Found(file, path, explicit=False)

    def _named(self, path: str) -> Iterator[Found]:
        if not os.path.lexists(path):
            self._problem(path, "no such file or directory", None)
        elif not (self._force_exclude and self._is_excluded_anywhere(path)):
            yield Found(path, path, explicit=True)

    def _in_repository(self, root: str) -> Iterator[str] | None:
        """Return git's list of a folder; None where the folder has to be walked instead."""
        try:
            config = self._configs.of_directory(root)
            if config is not None and not config.respect_gitignore:
                return None
            listed = listed_files(root)
            if not listed and is_ignored(root):
                return None  # a folder that is ignored as a whole, but was asked for by name
        except ConfigurationError:
            return None  # told when its files are left out
        except GitError as error:
            self._note(f"{root}: .gitignore is not honoured: {error}")
            return None
        return self._of_listing(root, listed)

    def _of_listing(self, root: str, listed: list[str]) -> Iterator[str]:
        skipped: dict[str, bool] = {"": False}
        for relative in sorted(listed):
            path = relative if root == os.curdir else os.path.join(root, relative)
            folder = os.path.dirname(relative)
            if self._is_skipped(root, folder, skipped):
                continue
            if relative.endswith(PYTHON_SUFFIXES):
                if not self._is_excluded(path, os.path.dirname(path)):
                    yield path
            elif relative.endswith("/") or (os.path.isdir(path) and not os.path.islink(path)):
                yield from self._nested(path.rstrip("/"))

    def _nested(self, repository: str) -> Iterator[str]:
        if os.path.basename(repository) in JUNK_FOLDERS or self._is_excluded(repository, os.path.dirname(repository)):
            return
        is_one = os.path.lexists(os.path.join(repository, ".git"))
        files = self._in_repository(repository) if is_one else None
        yield from self._walk(repository) if files is None else files

    def _is_skipped(self, root: str, folder: str, known: dict[str, bool]) -> bool:
        """Decide whether a folder of a listing, or one above it, is junk or excluded."""
        if folder in known:
            return known[folder]
        above = os.path.dirname(folder)
        path = os.path.join(root, folder)
        known[folder] = (
            self._is_skipped(root, above, known)
            or os.path.basename(folder) in JUNK_FOLDERS
            or self._is_excluded(path, os.path.dirname(path))
        )
        return known[folder]

    def _walk(self, root: str) -> Iterator[str]:
        pending = [root]
        while pending:
            folder = pending.pop()
            try:
                entries = sorted(os.scandir(folder), key=_by_name)
            except OSError as error:
                self._problem(folder, reason_of(error), None)
                continue
            if folder != root and self._respect_gitignore and any(entry.name == ".git" for entry in entries):
                yield from self._nested(folder)
                continue
            folders: list[str] = []
            for entry in entries:
                name = entry.name
                path = name if folder == os.curdir else entry.path
                if name.endswith(PYTHON_SUFFIXES) and _may_be_read(entry):
                    if not self._is_excluded(path, folder):
                        yield path
                elif name not in JUNK_FOLDERS and entry.is_dir(follow_symlinks=False):
                    folders += [] if self._is_excluded(path, folder) else [path]
            pending.extend(reversed(folders))

    def _is_excluded_anywhere(self, path: str) -> bool:
        """Decide whether a walk from the configuration's folder would not have reached this file."""
        folder = os.path.dirname(path)
        config = self._configs.path_for(folder)
        top = os.path.dirname(os.path.abspath(config)) if config else os.path.abspath(os.curdir)
        inside = os.path.relpath(folder or os.curdir, top).split(os.sep)
        if any(name in JUNK_FOLDERS for name in inside) or self._is_excluded(path, folder):
            return True
        above = [os.path.join(top, *inside[: count + 1]) for count in range(len(inside))]
        return any(self._is_excluded(step, folder) for step in above)

    def _is_excluded(self, path: str, folder: str) -> bool:
        """Decide whether the configuration of a folder excludes a path; a broken one excludes all."""
        if self._exclude is not None and self._exclude.match_entry(path):
            return True
        if folder not in self._excluded_in:
            try:
                config = self._configs.of_directory(folder)
            except ConfigurationError as error:
                self._problem(error.path, error.reason, error.line)
                return True
            self._excluded_in[folder] = None if config is None else config.exclude
        excluded = self._excluded_in[folder]
        return excluded is not None and excluded.match_entry(path)


def _may_be_read(entry: os.DirEntry[str]) -> bool:
    """Decide whether an entry is a file, or one whose reader has to report what is wrong with it."""
    try:
        return entry.is_file()
    except OSError:  # a link to itself
        return True


def _by_name(entry: os.DirEntry[str]) -> str:
    return entry.name
