"""Truth of the messages: the loss, the helper, the data flow; and `--why` agrees with `check`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from cli.process import out, unchunk
from tests.analysis.test_eval import FILES
from unchunk.analysis import Settings, check_source, explain
from unchunk.analysis.rules import all_rules
from unchunk.codemod.plan import plan

CAUGHT = """\
import json, logging, requests
failed = 0

def run(url):
    global failed
    for chunk in requests.get(url, stream=True).iter_content(None):
        try:
            print(json.loads(chunk))
        except ValueError:
            {handler}
"""
SILENTLY = "lost silently"


@pytest.mark.parametrize(
    "handler",
    [
        "logging.exception('no')",
        "print(chunk)",
        "failed += 1",
        "raise",
        "return",
        "break",
        "logging.debug('x'); continue",
    ],
)
def test_a_handler_that_does_something_is_not_called_silent(handler: str) -> None:
    (found,) = check_source(CAUGHT.format(handler=handler))
    assert SILENTLY not in found.message


@pytest.mark.parametrize("handler", ["pass", "continue", "..."])
def test_a_handler_that_does_nothing_is(handler: str) -> None:
    (found,) = check_source(CAUGHT.format(handler=handler))
    assert SILENTLY in found.message


def test_a_buffer_that_is_tried_again_loses_nothing() -> None:
    program = CAUGHT.format(handler="pass").replace("json.loads(chunk)", "json.loads(kept)")
    program = program.replace("        try:", "        kept += chunk\n        try:").replace(
        "global failed", "kept = b''"
    )
    (found,) = check_source(program, settings=Settings(select=frozenset(("UNC201",))))
    assert SILENTLY not in found.message


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_the_advice_names_the_helper_that_the_fix_writes(path: Path) -> None:
    for planned in plan(check_source(path.read_bytes(), str(path))):
        helpers = planned.fix.imports if planned.fix else ()
        if helpers:
            assert f"{helpers[0]}()" in planned.message


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_message_has_room_on_a_line(path: Path) -> None:
    settings = Settings(select=frozenset(rule.CODE for rule in all_rules()))
    for planned in plan(check_source(path.read_bytes(), str(path), settings=settings)):
        assert len(planned.message) <= 120
        assert len(planned.finding.message) <= 120


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_why_says_what_check_reports(path: Path) -> None:
    source = path.read_bytes()
    for settings in (None, Settings()):
        found = check_source(source, str(path), settings=settings)
        for line in {each.span.line for each in found}:
            told = {text[:6] for text in explain(source, str(path), line, settings=settings) if text.startswith("UNC")}
            assert told == {each.code for each in found if each.span.line <= line <= each.span.end_line}, line


def test_a_way_through_another_file_has_its_path(tmp_path: Path) -> None:
    package = tmp_path / "package"
    package.mkdir()
    (package / "__init__.py").write_text("")
    (package / "reader.py").write_text("import json\n\n\ndef parsed(text):\n    return json.loads(text)\n")
    (package / "main.py").write_text(
        "import requests\n\nfrom .reader import parsed\n\n"
        "def run(url):\n    for chunk in requests.get(url, stream=True).iter_content(None):\n"
        "        print(parsed(chunk))\n"
    )
    (found,) = json.loads(out(unchunk(tmp_path, "check", "--output-format", "json", ".")))
    assert [Path(step["path"]).name for step in found["trace"]][-1] == "reader.py"
    lines = {"main.py": 7, "reader.py": 5}
    assert all(step["line"] <= lines[Path(step["path"]).name] for step in found["trace"])
    shown = out(unchunk(tmp_path, "check", "--explain", ".")).splitlines()
    at = next(number for number, line in enumerate(shown) if line.startswith("::: ") and line.endswith("reader.py"))
    assert "    return json.loads(text)" in "\n".join(shown[at:])
    assert not any("json.loads(text)" in line for line in shown[:at])
