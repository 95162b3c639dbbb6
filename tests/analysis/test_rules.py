"""Every rule by its own examples, and all of them together."""

from __future__ import annotations

import re
from typing import Any

import pytest

from unchunk.analysis import Settings, check_source
from unchunk.analysis.rules import all_rules, default_codes

RULES = all_rules()


def codes(program: str) -> set[str]:
    return {finding.code for finding in check_source(program, settings=Settings())}


@pytest.mark.parametrize(
    ("rule", "program"), [(rule, program) for rule in RULES for program in rule.VALID], ids=lambda value: ""
)
def test_what_is_valid_is_silent(rule: Any, program: str) -> None:
    assert rule.CODE not in codes(program)


@pytest.mark.parametrize(
    ("rule", "program"), [(rule, program) for rule in RULES for program in rule.INVALID], ids=lambda value: ""
)
def test_what_is_invalid_is_reported(rule: Any, program: str) -> None:
    assert rule.CODE in codes(program)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.CODE)
def test_a_rule_says_what_it_is(rule: Any) -> None:
    assert re.fullmatch(r"UNC\d{3}", rule.CODE)
    assert re.fullmatch(r"[a-z]+(-[a-z]+)+", rule.NAME)
    assert rule.__name__.rpartition(".")[2] == rule.NAME.replace("-", "_")
    assert rule.SUBJECT in ("parse", "decode")
    assert rule.VALID
    assert rule.INVALID
    assert "When to ignore it:" in rule.__doc__


def test_codes_and_names_are_unique() -> None:
    assert len({rule.CODE for rule in RULES}) == len({rule.NAME for rule in RULES}) == len(RULES)


def test_the_rules_of_the_contract_are_there() -> None:
    on = {"UNC101", "UNC102", "UNC103", "UNC104", "UNC105"}
    off = {"UNC201", "UNC202", "UNC203"}
    assert default_codes() == on
    assert {rule.CODE for rule in RULES} == on | off
