"""LibCST is slow: it parses the files that are rewritten, and no other."""

from __future__ import annotations

import libcst
import pytest

from unchunk.analysis import check_source
from unchunk.codemod import fix_source
from unchunk.codemod.plan import plan

LOOP = "import json\n\ndef f(r):\n    for chunk in r.iter_content(None):\n        {}\n"
PARSED = {
    "clean": ("print(json.loads('1'))", 0),
    "refused": ("print(json.loads(chunk[8:]), chunk)", 0),
    "silenced by what is asked for": ("state['x'] = chunk; print(json.loads(state['x']))", 0),
    "rewritten": ("print(json.loads(chunk))", 1),
}


@pytest.mark.parametrize(("body", "times"), PARSED.values(), ids=PARSED)
def test_only_files_that_change_are_parsed(monkeypatch: pytest.MonkeyPatch, body: str, times: int) -> None:
    parsed: list[str] = []
    parse_module = libcst.parse_module

    def counted(text: str) -> libcst.Module:
        parsed.append(text)
        return parse_module(text)

    monkeypatch.setattr(libcst, "parse_module", counted)
    source = LOOP.format(body)
    result = fix_source(source)
    assert [text for text in parsed if text == source] == [source] * times
    assert result.changed is bool(times)
    assert not any(len(text) > 100 for text in parsed if text != source), "only templates are parsed besides"


def test_planning_parses_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(libcst, "parse_module")
    planned = plan(check_source(LOOP.format("print(json.loads(chunk))")))
    assert [entry.safe for entry in planned] == [True]
