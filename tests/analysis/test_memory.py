"""The collector is off while a program is looked at, and as it was afterwards."""

from __future__ import annotations

import gc

import pytest

from unchunk.analysis import SourceError, api, check_source
from unchunk.analysis.memory import paused_gc


@pytest.mark.parametrize("program", ["x = 1\n", "import json\nfor c in r.iter_content():\n    json.loads(c)\n"])
def test_nothing_is_collected_while_a_program_is_looked_at(program: str, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[bool] = []
    monkeypatch.setattr(api, "parsed", lambda text, path: seen.append(gc.isenabled()) or parsed(text, path))
    from unchunk.analysis.source import parsed

    check_source(program)
    assert seen == [False]
    assert gc.isenabled()


def test_collection_goes_on_after_a_program_that_cannot_be_read() -> None:
    with pytest.raises(SourceError):
        check_source("def")
    assert gc.isenabled()


def test_a_collector_that_was_off_stays_off() -> None:
    gc.disable()
    try:
        with paused_gc():
            assert not gc.isenabled()
        assert not gc.isenabled()
    finally:
        gc.enable()
