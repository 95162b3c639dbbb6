"""The catalog page's claims about unknown clients: each program is reported by the stated code."""

from __future__ import annotations

import runpy
from pathlib import Path

import pytest

from unchunk.analysis import check_source
from unchunk.analysis.prefilter import may_contain_alone

SCRIPT = Path(__file__).resolve().parents[2] / "docs" / "evidence.py"
if not SCRIPT.exists():
    pytest.skip("docs/ is not here", allow_module_level=True)
EVIDENCE = runpy.run_path(str(SCRIPT))["EVIDENCE"]
INSTEAD = {
    '"stream": True': "",
    "stream=True": "",
    "text/event-stream": "text/plain",
    "/chat/completions": "/chat",
    "/responses": "/answers",
    "messages": "letters",
    "alt=sse": "",
    "generate_stream": "generate",
    "iter_content": "rows",
}
"""Replacements that remove the evidence."""


@pytest.mark.parametrize(("tells", "code", "program"), EVIDENCE)
def test_each_shape_is_evidence(tells: str, code: str, program: str) -> None:
    assert [finding.code for finding in check_source(program)] == [code], tells
    assert may_contain_alone(program.encode())


@pytest.mark.parametrize(("tells", "code", "program"), EVIDENCE)
def test_nothing_but_the_evidence_makes_the_finding(tells: str, code: str, program: str) -> None:
    for evidence, other in INSTEAD.items():
        without = program.replace(evidence, other)
        if without != program:
            assert check_source(without) == [], tells
            return
