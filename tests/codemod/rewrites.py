"""Shared checks of rewrites: a program goes in, the expected one or a reason comes out."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from textwrap import dedent

from unchunk.analysis import check_source
from unchunk.codemod import FixResult, fix_source
from unchunk.codemod.plan import plan


@cache
def fixed_file(path: Path, *, unsafe: bool) -> FixResult[bytes]:
    """Return the result of fixing a file, computed once for all assertions about it."""
    return fix_source(path.read_bytes(), str(path), unsafe=unsafe)


def program(text: str) -> str:
    return dedent(text).lstrip("\n")


def check_noop(source: str) -> None:
    """Nothing is found, so nothing is touched."""
    source = program(source)
    result = fix_source(source, unsafe=True)
    assert result.source == source
    assert not result.fixed


def check_refused(source: str, reason: str) -> None:
    """Something is found, is left as it is, and the reason is told."""
    source = program(source)
    result = fix_source(source, unsafe=True)
    assert result.source == source
    assert not result.fixed
    assert result.left, "nothing is found"
    assert any(reason in entry.reason for entry in result.left), [entry.reason for entry in result.left]


def check_transformed(before: str, after: str, *, safe: bool = True) -> None:
    """Assert that the program becomes the other one, which is clean and stable; `safe` fixes need no option."""
    before, after = program(before), program(after)
    planned = plan(check_source(before))
    assert planned, "nothing is found"
    assert [entry.safe for entry in planned] == [safe] * len(planned), [entry.reason for entry in planned]
    if not safe:
        assert fix_source(before).source == before
        assert all(entry.reason for entry in planned), "an unsafe fix says what changes"
    result = fix_source(before, unsafe=not safe)
    assert result.source == after
    assert not result.left
    compile(result.source, "after.py", "exec", dont_inherit=True)
    assert check_source(result.source) == []
    assert fix_source(result.source, unsafe=True).source == after
