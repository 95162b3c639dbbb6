"""The text of a pull request: Markdown that shows names as they are, and keeps what is code."""

from __future__ import annotations

import pytest

from campaign.test_report import finding
from unchunk.campaign.ledger import Row
from unchunk.campaign.pull_request import body, title
from unchunk.campaign.record import Change, Record, Settings, State


def row(*findings: dict[str, object], notes: tuple[str, ...] = ()) -> Row:
    record = Record(State.FIXED, commit="c", findings=findings, changes=(Change("a.py", "fix"),), notes=notes)
    return Row(1, "r", "/r", record)


@pytest.mark.parametrize(
    ("note", "shown"),
    [
        ("plain words", "- plain words\n"),
        ("uv.lock: out of date: run `uv lock`", "- uv.lock: out of date: run `uv lock`\n"),
        ("run `pip install 'a<2'` in _x_", "- run `pip install 'a<2'` in \\_x\\_\n"),
        ("one ` alone <b>", "- one \\` alone \\<b\\>\n"),
        ("two\nlines \x1b[31m", "- two lines \\\\x1b\\[31m\n"),
    ],
)
def test_a_note_keeps_its_commands_and_nothing_else_acts(note: str, shown: str) -> None:
    assert shown in body(row(notes=(note,)), [], Settings())


@pytest.mark.parametrize("path", ["a.py", "with ` in it.py", "``.py"])
def test_a_name_is_code_whatever_is_in_it(path: str) -> None:
    each = finding("fixed") | {"path": path}
    line = next(line for line in body(row(each), [each], Settings()).splitlines() if "line 3" in line)
    fence = "`" if "`" not in path else "``" if "``" not in path else "```"
    assert line.startswith(f"- {fence}")


def test_what_is_not_there_is_not_told() -> None:
    text = body(row(finding("left")), [finding("left")], Settings())
    assert "## What behaves differently" not in text
    assert "## Left for a person" in text
    assert title(row(), [finding("fixed")], Settings(message="Fix {fixed}\n\nBody")) == "Fix 1"


def test_many_findings_do_not_make_an_endless_text() -> None:
    findings = [finding("fixed")] * 1000
    assert "- and 900 more\n" in body(row(*findings), findings, Settings())
