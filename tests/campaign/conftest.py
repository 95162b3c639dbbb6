"""Fixtures of the campaign tests."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from unchunk.campaign import isolation
from unchunk.cli.main import main

DATE = "1700000000"


@pytest.fixture(autouse=True)
def _surroundings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """No configuration of the person who runs the tests; always the same author and date."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", "/dev/null")
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    monkeypatch.setenv("GIT_AUTHOR_NAME", "Jürgen Müller")
    monkeypatch.setenv("GIT_AUTHOR_EMAIL", "jm@example.com")
    monkeypatch.setenv("SOURCE_DATE_EPOCH", DATE)
    yield
    isolation.close()


@pytest.fixture
def campaign(capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, str, str]]:
    """`unchunk campaign` in this process: its status, output and messages."""

    def act(*arguments: object) -> tuple[int, str, str]:
        status = main(["campaign", *map(str, arguments)])
        said = capsys.readouterr()
        assert "Traceback" not in said.err
        return status, said.out, said.err

    return act
