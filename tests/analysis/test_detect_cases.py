"""The programs of the shared cases that have to be reported at their marks, and nowhere else."""

from __future__ import annotations

import pytest

from tests.analysis.test_eval import expected
from tests.shared import shared
from unchunk.analysis import check_source
from unchunk.analysis.prefilter import may_contain_alone


@pytest.mark.parametrize("name", ["unlisted_sdk", "endpoint_lines", "line_kinds"])
def test_exactly_the_marked_lines_are_reported(name: str) -> None:
    program = shared("cases", "detect", f"{name}.py").read_bytes()
    found = sorted((finding.span.line, finding.code) for finding in check_source(program, name))
    assert found == expected(program.decode())
    assert may_contain_alone(program)
