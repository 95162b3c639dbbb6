"""New lines: never more than the shortest script needs, and never fewer than differ."""

from __future__ import annotations

import time
from difflib import SequenceMatcher

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from unchunk.project import line_diff
from unchunk.project.line_diff import changed_lines

LINES = st.lists(st.sampled_from(["a", "b", "c", ""]), max_size=12)


@pytest.mark.parametrize(
    ("before", "after", "ranges"),
    [
        (b"", b"", []),
        (b"a\nb\n", b"a\nb\n", []),
        (b"a\nb\n", b"a\r\nb\r\n", []),
        (b"a\nb\nc\n", b"a\nx\nc\n", [range(2, 3)]),
        (b"a\nb\nc\n", b"a\nc\n", [range(2, 2)]),
        (b"a\nc\n", b"a\nx\ny\nc\n", [range(2, 4)]),
        (b"a", b"a\n", [range(2, 3)]),
        (b"", b"a\n", [range(1, 2)]),
    ],
)
def test_examples(before: bytes, after: bytes, ranges: list[range]) -> None:
    assert changed_lines(before, after) == ranges


def _longest(old: list[str], new: list[str]) -> int:
    row = [0] * (len(new) + 1)
    for line in old:
        above, row = row, [0]
        for at, other in enumerate(new):
            row.append(above[at] + 1 if line == other else max(above[at + 1], row[at]))
    return row[-1]


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])  # a busy machine is no fault of these
@given(LINES, LINES)
def test_what_is_left_unchanged_is_a_longest_common_part(old: list[str], new: list[str]) -> None:
    ranges = changed_lines("\n".join(old).encode(), "\n".join(new).encode())
    old, new = old or [""], new or [""]
    changed = {line for lines in ranges for line in lines}
    kept = [text for number, text in enumerate(new, 1) if number not in changed]
    assert len(kept) == _longest(old, new)
    assert sum(block.size for block in SequenceMatcher(None, old, kept, autojunk=False).get_matching_blocks()) <= len(
        kept
    )
    assert _longest(old, kept) == len(kept)


def test_what_has_nothing_in_common_is_not_compared_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(line_diff, "MAX_EDITS", 50)
    start = time.perf_counter()
    old = b"same\n" + b"".join(b"old %d\n" % number for number in range(50_000)) + b"end\n"
    new = b"same\n" + b"".join(b"new %d\n" % number for number in range(50_000)) + b"end\n"
    assert changed_lines(old, new) == [range(2, 50_002)]
    assert time.perf_counter() - start < 5
