"""Findings stay where they are, in whatever words a program is written."""

from __future__ import annotations

import importlib.util
import random
from pathlib import Path
from types import ModuleType

import pytest

from .exceptions import EXCEPTIONS, exception_for
from .measure import MIN_SHARE, Share, measured, transformations
from .programs import Program

DOCS = Path(__file__).parent.parent.parent / "docs"
CHOSEN = 1 / 5
"""The part of all pairs of a transformation and a program that is tried by the tests; the page is made of all."""


@pytest.fixture(scope="module")
def shares() -> dict[str, Share]:
    chance = random.Random(20261130)

    def is_chosen(transformation: str, program: Program) -> bool:
        return chance.random() < CHOSEN

    return measured(is_chosen)


def test_findings_stay_but_for_what_is_listed_with_its_reason(shares: dict[str, Share]) -> None:
    differences = [difference for share in shares.values() for difference in share.differences]
    assert [difference for difference in differences if exception_for(difference) is None] == []


def test_the_table_lists_every_transformation_and_each_holds() -> None:
    page = (DOCS / "metamorphic.md").read_text(encoding="utf-8")
    generator = _generator()
    listed = generator.listed(page)
    assert list(listed) == list(transformations())
    assert {name: share for name, share in listed.items() if share < MIN_SHARE} == {}
    for known in EXCEPTIONS:
        assert known.reason in page


def _generator() -> ModuleType:
    spec = importlib.util.spec_from_file_location("metamorphic_page", DOCS / "metamorphic_page.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
