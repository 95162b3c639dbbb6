"""The baseline: keyed by content, shrinking only."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from unchunk.project import baseline
from unchunk.project.baseline import Baseline, BaselineError, Known

ONE = ("UNC101", "identity-1")
TWO = ("UNC101", "identity-2")


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    for name in ("a.py", "b.py"):
        (tmp_path / name).write_text("")
    return tmp_path


def of(*findings: tuple[str, str, str]) -> Baseline:
    return Baseline("baseline.json", [Known(*finding) for finding in findings])


def test_an_empty_baseline_covers_nothing(here: Path) -> None:
    assert not of().covers("a.py", *ONE)


def test_another_code_identity_or_file_is_not_covered(here: Path) -> None:
    known = of(("a.py", *ONE))
    assert not known.covers("a.py", "UNC102", ONE[1])
    assert not known.covers("a.py", *TWO)
    assert not known.covers("b.py", *ONE)


def test_an_entry_covers_one_finding(here: Path) -> None:
    known = of(("a.py", *ONE))
    assert [known.covers("a.py", *ONE) for _ in range(2)] == [True, False]


def test_two_equal_entries_cover_two_findings(here: Path) -> None:
    known = of(("a.py", *ONE), ("a.py", *ONE))
    assert [known.covers("a.py", *ONE) for _ in range(3)] == [True, True, False]


def test_paths_count_from_the_folder_of_the_baseline(here: Path) -> None:
    (here / "config").mkdir()
    known = Baseline("config/baseline.json", [Known("../a.py", *ONE)])
    assert known.covers(str(here / "a.py"), *ONE)


def test_a_renamed_file_is_still_covered_and_a_copied_one_is_not(here: Path) -> None:
    assert of(("gone.py", *ONE)).covers("b.py", *ONE)
    assert not of(("a.py", *ONE)).covers("b.py", *ONE)


def test_what_was_not_found_in_a_file_that_was_checked_is_stale(here: Path) -> None:
    known = of(("a.py", *ONE), ("a.py", *TWO), ("b.py", *ONE), ("gone.py", *TWO))
    assert known.covers("a.py", *ONE)
    assert known.stale(["a.py"], lambda path: {"UNC101"}) == [Known("a.py", *TWO), Known("gone.py", *TWO)]
    assert known.stale(["a.py"], lambda path: {"UNC102"}) == [Known("gone.py", *TWO)]
    assert len(known.without(known.stale(["a.py"], lambda path: {"UNC101"}))) == 2


def test_a_baseline_comes_back_as_it_was_written(here: Path) -> None:
    known = of(("a.py", *ONE), ("a.py", *ONE), ("b.py", *TWO))
    Path("baseline.json").write_text(known.dump())
    again = baseline.load("baseline.json")
    assert again.dump() == known.dump()
    assert len(again) == 3
    assert json.loads(of().dump())["findings"] == {}


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (None, "cannot be read"),
        ("{", "is no JSON"),
        ("[]", "is no baseline of unchunk"),
        ('{"version": 1}', "is no baseline of unchunk"),
        ('{"unchunk-baseline": 99, "findings": {}}', "version 99, and this unchunk reads version 1"),
        ('{"unchunk-baseline": 1}', "is damaged"),
        ('{"unchunk-baseline": 1, "findings": {"a.py": [{"code": "UNC101"}]}}', "is damaged"),
        ('{"unchunk-baseline": 1, "findings": {"a.py": [{"code": "U", "identity": "i", "count": "x"}]}}', "is damaged"),
    ],
)
def test_what_is_no_baseline_of_this_version_is_refused(here: Path, text: str | None, reason: str) -> None:
    if text is not None:
        Path("baseline.json").write_text(text)
    with pytest.raises(BaselineError, match=reason):
        baseline.load("baseline.json")
