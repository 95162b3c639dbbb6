"""Programs of the fuzzer of rewrites: none is fixed wrongly, wherever its stream is cut."""

from __future__ import annotations

import pytest

from fuzz.rewrites.campaign import run, shown
from fuzz.rewrites.grammar import possible
from fuzz.rewrites.kinds import KINDS
from fuzz.rewrites.shrink import Group
from fuzz.rewrites.verdict import judge, meaningful

PROGRAMS = 400
SEED = 13


def test_no_rewrite_changes_a_program() -> None:
    tally = run(PROGRAMS, SEED)
    assert sum(tally.counts.values()) == PROGRAMS
    assert not tally.groups, "\n\n".join(map(shown, tally.groups.values()))


@pytest.mark.parametrize("kind", KINDS)
def test_no_rewrite_changes_a_program_of_a_kind_that_was_wrong_once(kind: str) -> None:
    choice = KINDS[kind]
    assert possible(choice)
    assert meaningful(choice)
    assert judge(choice).kind not in ("wrong", "crash"), shown(Group(choice, 1))
