"""Selection of rules."""

from __future__ import annotations

import pytest

from unchunk.project.selection import Selection, parse_codes

NAMES = {"UNC101": "chunk-parse", "UNC102": "split-chunk-parse", "UNC201": "retry-buffer"}
RULES = {"UNC101": True, "UNC102": True, "UNC201": False, "UNC202": False}


@pytest.mark.parametrize(
    ("select", "extend", "ignore", "wanted"),
    [
        (None, (), (), {"UNC101", "UNC102"}),
        (("UNC",), (), (), {"UNC101", "UNC102"}),
        (("ALL",), (), (), set(RULES)),
        (("UNC101",), (), (), {"UNC101"}),
        (("UNC2",), (), (), {"UNC201", "UNC202"}),
        ((), (), (), set()),
        (("UNC", "UNC201"), (), (), {"UNC101", "UNC102", "UNC201"}),
        (None, ("UNC201",), (), {"UNC101", "UNC102", "UNC201"}),
        (None, ("UNC",), (), {"UNC101", "UNC102"}),
        (None, ("ALL",), (), set(RULES)),
        (("UNC101",), ("UNC2",), (), {"UNC101", "UNC201", "UNC202"}),
        (None, (), ("UNC101",), {"UNC102"}),
        (None, (), ("UNC",), set()),
        (None, (), ("ALL",), set()),
        (("UNC101",), (), ("UNC1",), {"UNC101"}),
        (("UNC1",), (), ("UNC101",), {"UNC102"}),
        (("UNC101",), (), ("UNC101",), set()),
        (("ALL",), (), ("UNC2",), {"UNC101", "UNC102"}),
        (("UNC101",), (), ("ALL",), {"UNC101"}),
    ],
)
def test_the_longer_match_wins_and_opt_in_rules_want_more_than_the_family_name(
    select: tuple[str, ...] | None, extend: tuple[str, ...], ignore: tuple[str, ...], wanted: set[str]
) -> None:
    assert Selection(RULES, select, extend, ignore).codes() == wanted


def test_codes_come_separated_by_commas_or_blanks_or_both() -> None:
    assert parse_codes(["UNC101,unc102", " UNC2 split-chunk-parse, ALL "], NAMES) == (
        "UNC101", "UNC102", "UNC2", "UNC102", "ALL",
    )  # fmt: skip


@pytest.mark.parametrize("words", ["UNC777", "E501", "UNC1O1", "U,N"])
def test_what_is_the_start_of_no_code_is_refused(words: str) -> None:
    if words == "U,N":
        words = "UNX"
    with pytest.raises(ValueError, match="unknown rule") as refused:
        parse_codes(words, NAMES)
    assert "UNC101" in str(refused.value)


@pytest.mark.parametrize("word", ["UNC9", "UNC901", "unc903"])
def test_a_code_that_was_removed_is_refused_with_what_became_of_it(word: str) -> None:
    with pytest.raises(ValueError, match=r"unknown rule .*removed"):
        parse_codes(word, NAMES)
