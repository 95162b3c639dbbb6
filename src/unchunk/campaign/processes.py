"""Programs that a campaign starts besides git: its own workers, and the command that the user verifies changes with.

Each leads a session of its own: it has no terminal to ask anything on, and ends with all that it has started.
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import tempfile
import threading
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import IO

_KEPT_OUTPUT = 20_000
"""Bytes of a command's output that are looked at, from its end."""
_GRACE = 0.5
"""Seconds for a process whose output has ended to tell its status."""


def run_command(words: Sequence[str], folder: str, seconds: float) -> tuple[int | None, str]:
    """Run a command, without a shell; return its status (None if it took too long) and the end of its output."""
    with tempfile.TemporaryFile() as output:
        try:
            process = subprocess.Popen(
                words, cwd=folder, stdin=subprocess.DEVNULL, stdout=output, stderr=output, start_new_session=True
            )
        except OSError as error:
            return 127, f"{words[0]}: {error.strerror}"
        try:
            status: int | None = process.wait(seconds)
        except subprocess.TimeoutExpired:
            status = None
        end(process)
        return status, _tail(output)


def end(process: subprocess.Popen[bytes]) -> None:
    """End a program and all that it has started."""
    with contextlib.suppress(OSError):
        if hasattr(os, "killpg"):
            os.killpg(process.pid, signal.SIGKILL)
        else:
            process.kill()
    process.wait()


class Worker:
    """Process that does one task after the other; a line of JSON goes in, one comes out.

    Args:
        scratch: folder for what it makes on the way.
        megabytes: of memory that it may use.

    Attributes:
        done: how many tasks it has done.
        has_ended: whether it ended in the middle of a task.
        overdue: whether that was because it took too long.
        status: its exit status once it is closed, negative for the signal that ended it.
        last_words: then the last line that it wrote to standard error.
    """

    def __init__(self, scratch: str, megabytes: int) -> None:
        command = [sys.executable, "-m", "unchunk.campaign.worker", scratch, str(megabytes)]
        self._errors = tempfile.TemporaryFile()  # noqa: SIM115
        pipe = subprocess.PIPE
        self._process = subprocess.Popen(
            command, stdin=pipe, stdout=pipe, stderr=self._errors, start_new_session=True, env=_environment()
        )
        self._closing = threading.Lock()
        self.done = 0
        self.has_ended = False
        self.overdue = False
        self.status: int | None = None
        self.last_words = ""

    @property
    def pid(self) -> int:
        """Return the number of the process."""
        return self._process.pid

    def ask(self, line: str, seconds: float) -> str | None:
        """Return its answer; None if it has ended, or had to be ended."""
        stdin, stdout = self._pipes()
        timer = threading.Timer(seconds, self._overdue)
        timer.daemon = True
        timer.start()
        try:
            stdin.write(line.encode() + b"\n")
            stdin.flush()
            answer = stdout.readline()
        except (OSError, ValueError):  # it has gone, or was closed meanwhile
            answer = b""
        finally:
            timer.cancel()
        self.done += 1
        self.has_ended = not answer.endswith(b"\n")
        return None if self.has_ended else answer.decode()

    def close(self) -> None:
        """End it, and note how it ended."""
        with self._closing:
            if self.status is not None:
                return
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._process.wait(_GRACE if self.has_ended else 0)
            end(self._process)
            self.status = self._process.returncode
            self.last_words = _last_line(self._errors)
        for stream in self._pipes():
            with contextlib.suppress(OSError):
                stream.close()

    def _overdue(self) -> None:
        self.overdue = True
        with contextlib.suppress(OSError):
            if hasattr(os, "killpg"):
                os.killpg(self._process.pid, signal.SIGKILL)
            else:
                self._process.kill()

    def _pipes(self) -> tuple[IO[bytes], IO[bytes]]:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        return self._process.stdin, self._process.stdout


def _tail(file: IO[bytes]) -> str:
    file.seek(max(file.seek(0, os.SEEK_END) - _KEPT_OUTPUT, 0))
    return file.read().decode("utf-8", "replace")


def _last_line(file: IO[bytes]) -> str:
    """Return the last line of a file that is not needed any more."""
    with file:
        lines = _tail(file).strip().splitlines()
    return lines[-1] if lines else ""


def _environment() -> dict[str, str]:
    """Return the environment, with this very package first on the path: a worker has to be of the same version."""
    import unchunk

    folder = os.path.dirname(os.path.dirname(os.path.abspath(unchunk.__file__)))
    others = os.environ.get("PYTHONPATH")
    return {**os.environ, "PYTHONPATH": folder if not others else f"{folder}{os.pathsep}{others}"}
