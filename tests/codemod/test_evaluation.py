"""The evaluation files of the engine, fixed: the fix parses, is clean, stays, and is minimal."""

from __future__ import annotations

import ast
import difflib
from collections import Counter
from pathlib import Path

import pytest

from tests.codemod.rewrites import fixed_file
from unchunk.analysis import check_source
from unchunk.codemod import fix_source
from unchunk.codemod.plan import plan

EVALUATION = Path(__file__).parent.parent / "eval"
FILES = sorted(EVALUATION.rglob("*.py"))
FOR_THE_ENGINE = [EVALUATION / name for name in ("false_alarms.py", "spellings.py")]
"""Programs that are made to be found or passed over, by ways that few people write: contrary tests of one piece in the
same loop, queues, other texts made of a piece. Their fixes are held by the other tests of this file.
"""
FOR_A_PERSON = sorted((EVALUATION / "for_a_person").glob("*.py"))
"""Programs whose repair is not a matter of how pieces are cut again, such as a read that is taken for all there is."""


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(EVALUATION)))
def test_fixed_file_parses_is_clean_and_stays(path: Path) -> None:
    source = path.read_bytes()
    planned = plan(check_source(source, str(path)))
    result = fixed_file(path, unsafe=True)
    compile(result.source, str(path), "exec", dont_inherit=True)
    left = check_source(result.source, str(path))
    assert len(left) <= sum(not entry.fixable for entry in planned)
    assert fix_source(result.source, str(path), unsafe=True).source == result.source
    assert all(entry.reason for entry in (*planned, *result.left) if not entry.safe), "a reason is owed"


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(EVALUATION)))
def test_functions_without_a_finding_are_not_touched(path: Path) -> None:
    source = path.read_bytes()
    planned = plan(check_source(source, str(path)))
    places = [edit.at for entry in planned if entry.fix is not None for edit in entry.fix.edits]
    after = {ast.dump(node) for node in ast.parse(fixed_file(path, unsafe=True).source).body}
    for node in ast.parse(source).body:
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            continue
        meant = any(node.lineno <= place.line and place.end_line <= (node.end_lineno or 0) for place in places)
        assert meant or ast.dump(node) in after, f"line {node.lineno}"


def test_most_findings_are_fixed_and_the_usual_change_is_small() -> None:
    """Nine in ten of those that cutting again can mend; with the reads of announced lengths, which take a loop of the
    program's own, five in six.
    """
    mendable: Counter[bool] = Counter()
    for_a_person: Counter[bool] = Counter()
    sizes = []
    for path in FILES:
        if path in FOR_THE_ENGINE:
            continue
        source = path.read_text(encoding="utf-8")
        kinds = for_a_person if path in FOR_A_PERSON else mendable
        for entry in plan(check_source(source, str(path))):
            kinds[entry.fixable] += 1
        sizes += _hunks(source, fixed_file(path, unsafe=True).source.decode())
    both = mendable + for_a_person
    assert mendable[True] / mendable.total() >= 0.9, mendable
    assert both[True] / both.total() >= 5 / 6, both
    assert sorted(sizes)[len(sizes) // 2] <= 5


@pytest.mark.parametrize("path", FOR_A_PERSON, ids=lambda path: path.stem)
def test_what_is_for_a_person_is_left_with_a_reason(path: Path) -> None:
    planned = plan(check_source(path.read_bytes(), str(path)))
    assert planned
    assert not [entry.finding.span for entry in planned if entry.fixable]
    assert all(entry.reason for entry in planned)


def _hunks(before: str, after: str) -> list[int]:
    """Return the size of each hunk of the diff: lines removed or added, whichever is more."""
    matcher = difflib.SequenceMatcher(None, before.splitlines(), after.splitlines(), autojunk=False)
    return [max(b - a, d - c) for kind, a, b, c, d in matcher.get_opcodes() if kind != "equal"]
