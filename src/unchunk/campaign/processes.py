"""Programs that a campaign starts besides git: its own workers, and the command that the user verifies changes with.

Each is the leader of a session of its own: it has no terminal to ask anything on, and ends with all that it has started.
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
        size = output.seek(0, os.SEEK_END)
        output.seek(max(size - _KEPT_OUTPUT, 0))
        return status, output.read().decode("utf-8", "replace")


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
        overdue: whether it was ended for taking too long.
    """

    def __init__(self, scratch: str, megabytes: int) -> None:
        command = [sys.executable, "-m", "unchunk.campaign.worker", scratch, str(megabytes)]
        self._errors = tempfile.TemporaryFile()  # noqa: SIM115
        pipe = subprocess.PIPE
        self._process = subprocess.Popen(
            command, stdin=pipe, stdout=pipe, stderr=self._errors, start_new_session=True, env=_environment()
        )
        self.done = 0
        self.overdue = False

    @property
    def pid(self) -> int:
        """The number of the process."""
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
        except OSError:
            return None
        finally:
            timer.cancel()
        self.done += 1
        return answer.decode() if answer.endswith(b"\n") else None

    def last_words(self) -> str:
        """Return the last line that it wrote to standard error, once it has ended."""
        size = self._errors.seek(0, os.SEEK_END)
        self._errors.seek(max(size - _KEPT_OUTPUT, 0))
        lines = self._errors.read().decode("utf-8", "replace").strip().splitlines()
        return lines[-1] if lines else ""

    def close(self) -> int:
        """End it, and return its exit status: negative for the signal that ended it."""
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(0.05)
        end(self._process)
        for stream in self._pipes():
            with contextlib.suppress(OSError):
                stream.close()
        return self._process.returncode

    def forget(self) -> None:
        """Let go of what it wrote to standard error."""
        self._errors.close()

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


def _environment() -> dict[str, str]:
    """Return the environment, with this very package first on the path: a worker has to be of the same version."""
    import unchunk

    folder = os.path.dirname(os.path.dirname(os.path.abspath(unchunk.__file__)))
    others = os.environ.get("PYTHONPATH")
    return {**os.environ, "PYTHONPATH": folder if not others else f"{folder}{os.pathsep}{others}"}
