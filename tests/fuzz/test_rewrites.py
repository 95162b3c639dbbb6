"""Programs of the fuzzer of rewrites: none is fixed wrongly by default, wherever its stream is cut."""

from __future__ import annotations

from itertools import islice

import pytest

from fuzz.rewrites.campaign import run, shown
from fuzz.rewrites.grammar import possible
from fuzz.rewrites.kinds import KINDS
from fuzz.rewrites.shrink import Group, shrink
from fuzz.rewrites.verdict import Fixed, judge, meaningful

PROGRAMS = 100
MIN_CHANGED = 15
MAX_UNSAFE = 0


@pytest.mark.parametrize("seed", [13, 14, 15, 16])
def test_no_rewrite_changes_a_program(seed: int) -> None:
    tally = run(PROGRAMS, seed, shrunk=False)
    assert sum(tally.counts.values()) == PROGRAMS
    changed = sum(count for name, count in tally.counts.items() if name.startswith(("right", "wrong")))
    assert changed >= MIN_CHANGED, "too few are fixed for this to say much"
    safe = [group for group in tally.groups.values() if group.safe]
    assert not safe, "\n\n".join(_smallest(group) for group in islice(safe, 3))
    # An unsafe fix has a note for whoever asks for it; few do more than the note says.
    assert sum(group.count for group in tally.groups.values()) <= MAX_UNSAFE


def _smallest(group: Group) -> str:
    name = judge(group.smallest).name
    return shown(Group(shrink(group.smallest, lambda one: judge(one).name == name)))


@pytest.mark.parametrize("kind", KINDS)
def test_a_kind_that_was_wrong_once_is_right_or_left_alone(kind: str) -> None:
    choice = KINDS[kind]
    assert possible(choice)
    assert meaningful(choice)
    assert judge(choice).kind not in ("wrong", "crash"), shown(Group(choice))


WRONG_FIXES = [
    ("reads that are waited for", "json.loads(data)", "json.loads(data.rstrip(b'}'))"),
    ("heartbeats are counted", "print('heartbeat')", "pass"),
    ("half a document is passed over", "continue", "break"),
    ("some pieces only", ", 2)", ", 3)"),
    ("comments behind", "#", "# no"),
    ("events are handed on", "yield chunk", "yield chunk.rstrip()"),
    ("a function reads the step afterwards", "return chunk", "return None"),
    ("documents without a line behind a greeting", "print('bad')", "print('good')"),
    ("the caller knows the parser's error", "except orjson.JSONDecodeError", "except KeyError"),
]


@pytest.mark.parametrize(("kind", "old", "new"), WRONG_FIXES)
def test_a_fix_that_does_something_else_is_seen(kind: str, old: str, new: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The judge itself: a fix that only leaves out, adds or spells one thing otherwise."""
    monkeypatch.setattr("fuzz.rewrites.verdict.fix", lambda source: Fixed("fixed", _changed(source, old, new)))
    assert judge(KINDS[kind]).kind == "wrong"


def _changed(source: str, old: str, new: str) -> str:
    assert old in source
    return source.replace(old, new)
