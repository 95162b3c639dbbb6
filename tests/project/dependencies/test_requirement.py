"""Requirements: what is allowed, what is kept out, and how a new one is spelt."""

from __future__ import annotations

from pathlib import Path

import pytest
from packaging.specifiers import SpecifierSet

from unchunk.project.dependencies.requirement import (
    Needed,
    constraint,
    entry,
    excludes,
    lowest_python,
    styled,
)


@pytest.mark.parametrize(
    "specifier",
    [
        "",
        ">=0.1",
        ">=0.1.0,<1",
        "==0.1.0",
        "==0.1.*",
        "==0.5",
        "~=0.1",
        ">0.0.9",
        "!=0.1.0",
        ">=0.0.5",
        "<=0.1.0",
        "<0.2",
        ">0.1",
        "===0.1.0",
        ">=9",
        ">0.1,!=0.2",
        "<0.1.0.1",
    ],
)
def test_needed_version_or_a_later_one_is_allowed_by(specifier: str) -> None:
    assert not excludes(SpecifierSet(specifier), "0.1.0")


@pytest.mark.parametrize(
    "specifier", ["<0.1", "<0.1.0", "==0.0.9", "==0.0.*", "~=0.0.4", "<=0.0.9", "===0.0.9", ">0.2,<0.3,==0.4"]
)
def test_needed_version_and_all_later_ones_are_kept_out_by(specifier: str) -> None:
    assert excludes(SpecifierSet(specifier), "0.1.0")


def test_address_keeps_nothing_out() -> None:
    assert not excludes(None, "0.1.0")


@pytest.mark.parametrize(
    ("text", "allowed", "kept_out"),
    [
        ("^1.2.3", "1.9", "2.0"),
        ("^0.2.3", "0.2.9", "0.3"),
        ("^0.0.3", "0.0.3", "0.0.4"),
        ("^1", "1.99", "2"),
        ("^0", "0.99", "1"),
        ("~1.2.3", "1.2.9", "1.3"),
        ("~1.2", "1.2.9", "1.3"),
        ("~1", "1.9", "2"),
        ("1.2.3", "1.2.3", "1.2.4"),
        ("1.*", "1.9", "2.0"),
        (">=1,<2", "1.5", "2.0"),
        ("(>=1,<2)", "1.5", "2.0"),
        ("*", "1", None),
        ("", "1", None),
    ],
)
def test_constraints_of_poetry_and_pipenv_are_read(text: str, allowed: str, kept_out: str | None) -> None:
    specifier = constraint(text)
    assert specifier is not None
    assert specifier.contains(allowed)
    assert kept_out is None or not specifier.contains(kept_out)


@pytest.mark.parametrize("text", [None, "^1 || ^2", "latest", "=> 1"])
def test_constraints_that_are_not_understood_keep_nothing_out(text: str | None) -> None:
    assert constraint(text) is None


@pytest.mark.parametrize(
    ("text", "lowest"),
    [
        (">=3.10", "3.10"),
        (">=3.10.2", "3.10"),
        (">=3.8,<4", "3.8"),
        ("==3.11.*", "3.11"),
        ("~=3.9", "3.9"),
        ("^3.12", "3.12"),
        (">3.9", "3.9"),
        (">=2.7,!=3.0.*", "2.7"),
        (None, None),
        ("nonsense", None),
    ],
)
def test_lowest_python_of_a_project(text: str | None, lowest: str | None) -> None:
    assert str(lowest_python(text)) == str(lowest)


@pytest.mark.parametrize(
    ("others", "expected"),
    [
        ([], "unchunk>=0.1.0"),
        (["idna"], "unchunk>=0.1.0"),
        (["idna>=3", "certifi"], "unchunk>=0.1.0"),
        (["idna >= 3"], "unchunk >= 0.1.0"),
        (["idna >=3", "a[b] ==1"], "unchunk >=0.1.0"),
        (["idna >= 3", "certifi>=1"], "unchunk>=0.1.0"),
        (["idna (>=3)"], "unchunk (>=0.1.0)"),
        (['idna>=3; python_version < "3.12"'], "unchunk>=0.1.0"),
    ],
)
def test_new_requirement_is_spaced_as_the_others_are(others: list[str], expected: str) -> None:
    entries = [entry(text, Path(), 1) for text in others]
    assert styled(Needed("unchunk", "0.1.0"), entries) == expected
