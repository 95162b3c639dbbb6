"""A project to fix, and the command as a process of its own that starts at once."""

from __future__ import annotations

import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from unchunk.analysis import Settings
from unchunk.cli import pool
from unchunk.cli.check_file import Task
from unchunk.cli.fix_file import FixTask, fix_file
from unchunk.cli.main import main
from unchunk.codemod.staging import PREFIX

FILES = 4
BUG = """\
import json

import requests


def events(url):
    for chunk in requests.get(url, stream=True).iter_content(None):
        data = json.loads(chunk)
        print(data["id"])
"""
OLD = BUG
DECLARATION = "requests\n"


@dataclass
class Project:
    """A git repository whose files all have one finding.

    Attributes:
        fixed: what every file becomes, and the declaration.
    """

    root: Path
    fixed: tuple[bytes, bytes] = (b"", b"")

    @classmethod
    def make(cls, root: Path) -> Project:
        """Make it, and learn what a run that nothing disturbs makes of it."""
        _warm_up()
        project = cls(root)
        root.mkdir()
        subprocess.run(["git", "init", "--quiet"], cwd=root, check=True)
        project.reset()
        Command(root, "fix").wait()
        project.fixed = project.files()[0].read_bytes(), project.declaration.read_bytes()
        assert project.fixed[0] != OLD.encode(), "the project cannot be fixed"
        return project

    @property
    def declaration(self) -> Path:
        """Return the file that declares dependencies."""
        return self.root / "requirements.txt"

    def files(self) -> list[Path]:
        """Return the programs."""
        return [self.root / f"package{number % 3}" / f"module{number}.py" for number in range(FILES)]

    def reset(self) -> None:
        """Put everything back."""
        for path in self.files():
            path.parent.mkdir(exist_ok=True)
            path.write_text(OLD)
        self.declaration.write_text(DECLARATION)

    def states(self) -> set[str]:
        """Return the states of the programs: old, new or torn."""
        known = {OLD.encode(): "old", self.fixed[0]: "new"}
        return {known.get(path.read_bytes(), "torn") for path in self.files()}

    def is_half(self) -> bool:
        """Tell whether programs import what nothing declares."""
        return "new" in self.states() and self.declaration.read_bytes() != self.fixed[1]

    def leftovers(self) -> list[str]:
        """List what was meant to be gone."""
        return [str(path.relative_to(self.root)) for path in self.root.rglob(f"{PREFIX}*")]

    def seen_by_git(self) -> bool:
        """Tell whether `git add --all` would take something that is left over."""
        status = subprocess.run(
            ["git", "status", "--porcelain", "--untracked-files=all"], cwd=self.root, capture_output=True, check=True
        )
        return PREFIX.encode() in status.stdout


def _warm_up() -> None:
    """Work out here, once, what every fork would have to: tables, templates and samples that the first fix needs."""
    fix_file(FixTask(Task("module.py", BUG.encode(), Settings())))


class Command:
    """`unchunk` in a forked process, in a group of its own; its modules are imported already."""

    def __init__(self, folder: Path, *arguments: str, before: Callable[[], None] = lambda: None) -> None:
        self.errors = folder.parent / "errors"
        sys.stdout.flush()
        self.pid = os.fork()
        if self.pid == 0:
            _run(folder, arguments, self.errors, before)
        self._handle = os.pidfd_open(self.pid)

    def wait(self, seconds: float = 120) -> int | None:
        """Return the exit status, negative for a signal; None if the process does not end."""
        if not select.select([self._handle], [], [], seconds)[0]:
            return None
        os.close(self._handle)
        return os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])

    @property
    def has_ended(self) -> bool:
        """Decide whether there is nothing to wait for any more."""
        return bool(select.select([self._handle], [], [], 0)[0])

    def send(self, number: signal.Signals) -> None:
        """Send a signal to the process, and to no other."""
        os.kill(self.pid, number)

    def is_group_gone(self, seconds: float = 5) -> bool:
        """Tell whether all its workers end; those that do not are killed."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            try:
                os.killpg(self.pid, 0)
            except ProcessLookupError:
                return True
            time.sleep(0.01)
        os.killpg(self.pid, signal.SIGKILL)
        return False


def _run(folder: Path, arguments: tuple[str, ...], errors: Path, before: Callable[[], None]) -> None:
    """Be the command, and end."""
    status = 99
    try:
        os.setsid()
        os.chdir(folder)
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_DFL)
        signal.signal(signal.SIGINT, signal.default_int_handler)
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        os.dup2(os.open(errors, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), 2)
        pool._WORTH_A_PROCESS = 1  # so that small files have workers too
        before()
        status = main(list(arguments))
    finally:
        os._exit(status)
