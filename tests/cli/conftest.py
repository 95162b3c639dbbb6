"""Fixtures of the command line's tests."""

from __future__ import annotations

from pathlib import Path

import pytest

from cli.counted import Done, Run
from unchunk.cli import cache, checking, gather
from unchunk.cli.main import main


@pytest.fixture
def check(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """`unchunk check` in the test's folder, in this process, with the work counted; stamps are trusted at once, and a
    few files are worth a cache."""
    read: list[str] = []
    asked: list[str] = []
    examined: list[str] = []
    reading, examining = gather.read_regular, checking.check_file
    monkeypatch.setattr(gather, "read_regular", lambda path: read.append(path) or reading(path))
    monkeypatch.setattr(cache, "read_regular", lambda path: asked.append(path) or reading(path))
    monkeypatch.setattr(checking, "check_file", lambda task: examined.append(task.path) or examining(task))
    monkeypatch.setattr(cache, "_TOO_FRESH", -60_000_000_000)
    monkeypatch.setattr(cache, "_MANY", 0)
    monkeypatch.chdir(tmp_path)
    for name in ("UNCHUNK_NO_CACHE", "UNCHUNK_CACHE_DIR", "FORCE_COLOR", "NO_COLOR"):
        monkeypatch.delenv(name, raising=False)

    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path.parent / f"{tmp_path.name}-state"))

    def run(*arguments: str, command: str = "check") -> Done:
        read.clear()
        asked.clear()
        examined.clear()
        status = main([command, *arguments])
        said = capsys.readouterr()
        assert "Traceback" not in said.err
        return Done(status, said.out, said.err, sorted(read), sorted(examined), sorted(asked))

    return run
