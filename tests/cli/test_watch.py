"""`unchunk check --watch`: a check at once, one after each change, and the last one's status."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import TextIO

import pytest

from cli.process import BUG, CLEAN, told, unchunk

pytest.importorskip("watchfiles")


def test_checks_at_once_and_after_each_change(tmp_path: Path) -> None:
    program = tmp_path / "app.py"
    program.write_text(CLEAN)
    command = [sys.executable, "-u", "-m", "unchunk", "check", "--watch", "--no-cache"]
    with subprocess.Popen(
        command, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as process:
        assert process.stdout is not None
        try:
            assert checked(process.stdout)[0] == "All checks passed!\n"
            program.write_text(BUG)
            assert "UNC101" in checked(process.stdout)[0]
            process.send_signal(signal.SIGINT)
            assert process.wait(20) == 1
        finally:
            process.kill()


def checked(lines: TextIO) -> list[str]:
    """Return the lines of one check, to the end that the run tells."""
    return list(iter(lines.readline, "unchunk: checked .; waiting for changes (Ctrl-C ends)\n"))


def test_absent_package_is_told(tmp_path: Path) -> None:
    (tmp_path / "watchfiles.py").write_text("raise ModuleNotFoundError(name='watchfiles')\n")
    done = unchunk(
        tmp_path,
        "check",
        "--watch",
        ".",
        env={"PYTHONPATH": f"{tmp_path}{os.pathsep}{os.environ.get('PYTHONPATH', '')}"},
    )
    assert done.returncode == 2
    assert told(done) == ["unchunk: --watch needs the package watchfiles: pip install 'unchunk[watch]'"]


@pytest.mark.parametrize("more", [["--fix"], ["--add-noqa"], ["-"], ["nowhere"]])
def test_what_cannot_be_watched_is_refused(tmp_path: Path, more: list[str]) -> None:
    assert unchunk(tmp_path, "check", "--watch", *more).returncode == 2
