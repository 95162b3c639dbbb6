"""Patterns of `exclude` and `per-file-ignores`."""

from __future__ import annotations

from pathlib import Path

import pytest

from unchunk.project.patterns import Patterns


@pytest.mark.parametrize(
    ("pattern", "path", "matches"),
    [
        ("tests", "src/a.py", False),
        ("tests", "contests/a.py", False),
        ("tests", "src/tests.py", False),
        ("tests/*", "src/tests/a.py", False),
        ("src/old", "old/a.py", False),
        ("src/old", "src/older/a.py", False),
        ("*.pyi", "src/a.py", False),
        ("A.py", "a.py", False),
        ("tests", "tests/a.py", True),
        ("tests", "src/tests/deep/a.py", True),
        ("tests/", "src/tests/a.py", True),
        ("tests/*", "tests/deep/a.py", True),
        ("./tests/*", "tests/a.py", True),
        ("tests/**/a.py", "tests/x/y/a.py", True),
        ("*/tests/*", "src/tests/a.py", True),
        ("src/old", "src/old/deep/a.py", True),
        ("src/old/", "src/old/a.py", True),
        ("test_*.py", "src/test_a.py", True),
        ("a?.py", "ab.py", True),
        ("[ab].py", "b.py", True),
        ("with space", "with space/a.py", True),
    ],
)
def test_a_pattern_means_a_name_anywhere_or_a_path_from_the_configuration(
    pattern: str, path: str, matches: bool, tmp_path: Path
) -> None:
    assert Patterns([pattern], str(tmp_path)).match(str(tmp_path / path)) is matches


def test_a_file_outside_of_the_folder_is_matched_by_its_name_or_its_whole_path(tmp_path: Path) -> None:
    inside, outside = tmp_path / "project", tmp_path / "other" / "a.py"
    assert Patterns(["a.py"], str(inside)).match(str(outside))
    assert Patterns([str(tmp_path / "other")], str(inside)).match(str(outside))
    assert not Patterns(["other/a.py"], str(inside)).match(str(outside))


def test_no_patterns_match_nothing(tmp_path: Path) -> None:
    assert not Patterns([], str(tmp_path)).match(str(tmp_path / "a.py"))
