"""The work of a check, counted in calls: it grows with the text, not with its square."""

from __future__ import annotations

import sys
from types import FrameType

import pytest

pytest.importorskip("pygls", reason="pygls is not installed: pip install 'unchunk[lsp]'")

from unchunk.cli.commands.lsp import OPTIONS
from unchunk.cli.parsing import parse
from unchunk.lsp.checks import Checker
from unchunk.lsp.workspace import Subject, Text

FUNCTION = """
def stream_{number}(url):
    response = requests.get(url, stream=True)
    for chunk in response.iter_content(None):
        print(json.loads(chunk), {number})
"""


def calls(functions: int) -> int:
    """Count the calls that checking a program with this many functions takes, each with a finding."""
    text = "import json\nimport requests\n" + "".join(FUNCTION.format(number=number) for number in range(functions))
    looker, subject = (
        Checker(parse(OPTIONS, ["--isolated"])),
        Subject("untitled:x", 1, {0: Text("untitled:x", 1, text)}),
    )
    count = 0

    def counting(frame: FrameType, event: str, argument: object) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    sys.setprofile(counting)
    try:
        look = looker.look(subject)
    finally:
        sys.setprofile(None)
    assert len(look.findings) == functions
    return count


def test_twice_as_many_findings_are_about_twice_the_work() -> None:
    calls(1)
    assert calls(120) < 2.3 * calls(60)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("import json\nfor c in r.iter_content(9): json.loads(c)\n", None),
        ("for c in r.iter_content(9) json.loads(c)\n", None),
        (f"import json, a{'.a' * 32_000}\nfor c in r.iter_content(9): json.loads(c)\n", "too long a dotted name"),
    ],
)
def test_a_program_that_is_too_much_is_told_of(text: str, told: str | None) -> None:
    look = Checker(parse(OPTIONS, ["--isolated"])).look(Subject("untitled:x", 1, {0: Text("untitled:x", 1, text)}))
    assert (look.problem is None) if told is None else (told in (look.problem or ""))
