"""A few hundred programs of the fuzzer of rewrites: none is fixed wrongly, wherever its stream is cut."""

from __future__ import annotations

from fuzz.rewrites.campaign import run, shown

PROGRAMS = 400
SEED = 13


def test_no_rewrite_changes_a_program() -> None:
    tally = run(PROGRAMS, SEED)
    assert sum(tally.counts.values()) == PROGRAMS
    assert not tally.groups, "\n\n".join(map(shown, tally.groups.values()))
