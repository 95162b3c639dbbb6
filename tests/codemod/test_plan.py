"""Plans: findings that share a fix, findings that wait for another round, and the reasons for those left."""

from __future__ import annotations

import subprocess
import sys

from unchunk.analysis import check_source
from unchunk.codemod import fix_source
from unchunk.codemod.plan import plan

from .rewrites import program

TWO_IN_ONE = program(
    """
    import json

    def f(response, twice):
        for chunk in response.iter_content(None):
            print(json.loads(chunk), json.loads(chunk))
    """
)
NESTED = program(
    """
    import json

    def f(response, other):
        for chunk in response.iter_content(None):
            print(json.loads(chunk))
            for piece in other.iter_content(None):
                print(json.loads(piece))
    """
)


def test_findings_of_one_loop_share_one_fix() -> None:
    first, second = plan(check_source(TWO_IN_ONE))
    assert first.fix is second.fix is not None


def test_plan_keeps_the_order_and_the_number_of_findings() -> None:
    findings = check_source(NESTED)
    assert [entry.finding for entry in plan(findings)] == findings
    assert plan([]) == []


def test_loop_in_a_loop_is_fixed_with_it() -> None:
    fixed = fix_source(NESTED).source
    assert "for data in iter_json(response.iter_content(None)):" in fixed
    assert "for message in iter_json(other.iter_content(None)):" in fixed
    assert check_source(fixed) == []


def test_fix_that_does_not_fit_is_left_alone_and_the_others_are_made() -> None:
    source = program(
        """
        import json

        def f(response, other):
            for chunk in response.iter_content(None): text = chunk.strip(); print(json.loads(text))
            for chunk in other.iter_content(None):
                print(json.loads(chunk))
        """
    )
    result = fix_source(source)
    assert len(result.fixed) == 1
    assert [entry.reason for entry in result.left] == ["the statement is written in one line with the one around it"]
    assert "for data in iter_json(other.iter_content(None)):" in result.source
    assert "for chunk in response.iter_content(None): text = chunk.strip(); print(json.loads(text))" in result.source


def test_planning_needs_no_concrete_tree() -> None:
    code = (
        "import sys\nfrom unchunk.analysis import check_source\nfrom unchunk.codemod.plan import plan\n"
        f"assert plan(check_source({TWO_IN_ONE!r}))\nassert 'libcst' not in sys.modules\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
