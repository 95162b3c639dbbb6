"""Command lines: the few lines that read them, held against argparse, which has the same table."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cli.process import out, unchunk
from unchunk.cli.commands import check, fix
from unchunk.cli.main import commands, parser_of
from unchunk.cli.parsing import Group, Option, Rejected, parse

WORDS = [
    "-",
    "a.py",
    "src",
    "--",
    "-q",
    "--quiet",
    "--quiet=1",
    "-j2",
    "-j",
    "2",
    "0",
    "--jobs=3",
    "--jobs",
    "x",
    "--select",
    "--select=",
    "--select=UNC101",
    "UNC1,UNC2",
    "--ignore",
    "--color",
    "always",
    "never",
    "--color=auto",
    "--colour",
    "--sel",
    "--exclude=a,b",
    "--output-format",
    "json",
    "--output-format=sarif",
    "-o",
    "--output-file=x",
    "-x",
    "--stdin-filename",
    "-h",
]


@given(st.lists(st.sampled_from(["", " ", *WORDS]), max_size=6))
def test_what_is_taken_is_taken_as_argparse_takes_it(words: list[str]) -> None:
    try:
        options = parse(check.OPTIONS, words)
    except Rejected:
        return
    assert vars(options) == vars(parser_of("check").parse_intermixed_args(words))


@pytest.mark.parametrize(
    "words", [[], ["a"], ["-q", "a", "--jobs", "2", "b"], ["--select=A", "--select", "B", "-"], ["--diff-base", "x"]]
)
def test_what_is_well_formed_is_taken(words: list[str]) -> None:
    parse(check.OPTIONS, words)


@pytest.mark.parametrize(
    "words",
    [["-h"], ["--nope"], ["--jobs", "0"], ["--select"], ["--select", "--quiet"], ["--color=red"], ["--quiet=1"]],
)
def test_what_is_not_is_left_to_argparse(words: list[str]) -> None:
    with pytest.raises(Rejected):
        parse(check.OPTIONS, words)


def test_a_list_is_new_for_every_run() -> None:
    table = (Group("g", Option("paths", metavar="P", help=""), Option("--x", many=True, metavar="X", help="")),)
    first = parse(table, ["a", "--x=1"])
    assert (first.paths, first.x) == (["a"], ["1"])
    assert parse(table, []).paths == []
    assert parse(table, []).x == []


def test_every_module_of_commands_is_a_command_with_help_and_examples(tmp_path: Path) -> None:
    assert {"check", "completion", "fix", "rule"} <= set(commands())
    text = out(unchunk(tmp_path, "--help"))
    for name in commands():
        assert f"\n  {name}" in text
        assert "xamples:" in parser_of(name).format_help()


def test_check_and_fix_share_what_selects() -> None:
    shared = {option.key for group in (*check.OPTIONS,) for option in group.options} & {
        option.key for group in fix.OPTIONS for option in group.options
    }
    assert {
        "select",
        "ignore",
        "extend_select",
        "per_file_ignores",
        "baseline",
        "stdin_filename",
        "exit_zero",
    } <= shared
