"""The plugin in the real flake8, as a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from cli.process import RETRY

BUG = """\
import json, requests

def events(url):
    for chunk in requests.get(url, stream=True).iter_content(None):
        print("é", json.loads(chunk)){0}
"""
OWN_SOURCE = """\
import json
from company.http import Stream

def events(stream: Stream):
    for block in stream.blocks():
        print(json.loads(block))
"""
OWN_PARSER = """\
import requests
from company.text import parse

def events(url):
    for chunk in requests.get(url, stream=True).iter_content(None):
        print(parse(chunk))
"""
OWN_SAFE = """\
import json, requests
from company.text import whole

def events(url):
    for text in whole(requests.get(url, stream=True).iter_content(None)):
        print(json.loads(text))
"""


def flake8(
    folder: Path, *arguments: str, stdin: str | None = None, sabotage: str = ""
) -> subprocess.CompletedProcess[str]:
    """Run flake8 in a folder, reading no configuration but what is there."""
    command = [sys.executable, "-m", "flake8", "-j1", *arguments]
    environment = dict(os.environ)
    if sabotage:
        site = folder / "site"
        site.mkdir()
        (site / "sitecustomize.py").write_text(sabotage)
        environment["PYTHONPATH"] = os.pathsep.join([str(site), os.environ.get("PYTHONPATH", "")])
    return subprocess.run(
        command, cwd=folder, capture_output=True, text=True, encoding="utf-8", input=stdin, check=False, env=environment
    )


def reported(folder: Path, source: str, *arguments: str) -> list[str]:
    """Line, column and code of what flake8 reports of ours for a program."""
    (folder / "program.py").write_text(source, encoding="utf-8")
    done = flake8(folder, *arguments, "program.py")
    assert not done.stderr
    places = [line.removeprefix("program.py:").split(" ")[:2] for line in done.stdout.splitlines()]
    return [f"{place}{code}" for place, code in places if code.startswith("UNC")]


def test_nothing_is_reported_where_nothing_is_wrong(tmp_path: Path) -> None:
    assert reported(tmp_path, "import json\nprint(json.loads('1'))\n", "--select=UNC") == []
    assert reported(tmp_path, "", "--select=UNC") == []
    assert reported(tmp_path, RETRY, "--select=UNC") == []
    assert reported(tmp_path, RETRY) == []


def test_line_and_column_are_those_of_the_parse_call_in_characters(tmp_path: Path) -> None:
    assert reported(tmp_path, BUG.format(""), "--select=UNC") == ["5:20:UNC101"]


def test_the_plugin_is_on_without_being_selected(tmp_path: Path) -> None:
    assert reported(tmp_path, BUG.format("")) == ["5:20:UNC101"]


def test_a_byte_order_mark_does_not_count_as_a_column(tmp_path: Path) -> None:
    source = (
        "\ufeff" + "from json import loads; import requests\n[loads(c) for c in requests.get('u').iter_content(1)]\n"
    )
    assert reported(tmp_path, source, "--select=UNC") == ["2:2:UNC101"]


def test_the_message_names_source_and_helper(tmp_path: Path) -> None:
    (tmp_path / "program.py").write_text(BUG.format(""))
    line = flake8(tmp_path, "--select=UNC", "program.py").stdout
    assert "requests Response.iter_content()" in line
    assert "iter_json" in line


@pytest.mark.parametrize(
    "comment", ["# noqa", "# noqa: UNC101", "# noqa: E501,UNC1", "# unchunk: ignore", "# unchunk: ignore[UNC101]"]
)
def test_comments_silence_it(tmp_path: Path, comment: str) -> None:
    assert reported(tmp_path, BUG.format(f"  {comment}"), "--select=UNC") == []


@pytest.mark.parametrize("comment", ["# noqa: E501", "# noqa: UNC102", "# unchunk: ignore[UNC102]"])
def test_comments_about_something_else_do_not(tmp_path: Path, comment: str) -> None:
    assert reported(tmp_path, BUG.format(f"  {comment}"), "--select=UNC") == ["5:20:UNC101"]


def test_disable_noqa_brings_everything_back(tmp_path: Path) -> None:
    for comment in ("# noqa", "# unchunk: ignore"):
        assert reported(tmp_path, BUG.format(f"  {comment}"), "--select=UNC", "--disable-noqa") == ["5:20:UNC101"]


@pytest.mark.parametrize("arguments", [["--select=UNC2"], ["--select=UNC,UNC201"], ["--extend-select=UNC201"]])
def test_a_rule_that_is_off_by_default_is_turned_on_by_its_code(tmp_path: Path, arguments: list[str]) -> None:
    assert [place.rpartition(":")[2] for place in reported(tmp_path, RETRY, *arguments)] == ["UNC201"]


def test_ignore_and_per_file_ignores_are_flake8s_own(tmp_path: Path) -> None:
    assert reported(tmp_path, BUG.format(""), "--extend-ignore=UNC101") == []
    assert reported(tmp_path, BUG.format(""), "--per-file-ignores=program.py:UNC101") == []


def test_flake8s_configuration_file_says_all_that_the_command_line_can(tmp_path: Path) -> None:
    assert reported(tmp_path, OWN_SOURCE) == []
    assert reported(tmp_path, OWN_PARSER) == []
    assert reported(tmp_path, OWN_SAFE) == []
    (tmp_path / "setup.cfg").write_text(
        "[flake8]\nextend-select = UNC2\n"
        "unchunk-sources =\n    company.http.Stream.blocks:chunk,\n    other.Thing.lines:line\n"
        "unchunk-parsers = company.text.parse\n"
        "unchunk-safe-functions = company.text.whole\n"
    )
    assert reported(tmp_path, OWN_SOURCE) == ["6:15:UNC101"]
    assert reported(tmp_path, OWN_PARSER) == ["6:15:UNC101"]
    assert reported(tmp_path, OWN_SAFE) == []
    assert [place.rpartition(":")[2] for place in reported(tmp_path, RETRY)] == ["UNC201"]


def test_sources_can_be_shared_with_the_command_line_through_its_configuration(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text('[tool.unchunk.sources]\n"company.http.Stream.blocks" = "chunk"\n')
    (tmp_path / "tox.ini").write_text("[flake8]\nunchunk-config = pyproject.toml\n")
    assert reported(tmp_path, OWN_SOURCE) == ["6:15:UNC101"]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--unchunk-sources=company.http.Stream.blocks:chnk"], "did you mean 'chunk'"),
        (["--unchunk-sources=company.http.Stream.blocks"], "NAME:FRAMING"),
        (["--unchunk-parsers=9lives"], "parsers"),
        (["--unchunk-config=missing.toml"], "cannot be read"),
    ],
)
def test_a_wrong_option_is_one_clear_line(tmp_path: Path, arguments: list[str], words: str) -> None:
    (tmp_path / "program.py").write_text("")
    done = flake8(tmp_path, *arguments, "program.py")
    assert done.returncode == 1
    assert words in done.stdout + done.stderr
    assert "Traceback" not in done.stderr


def test_standard_input_is_checked_under_the_name_given(tmp_path: Path) -> None:
    done = flake8(tmp_path, "--select=UNC", "--stdin-display-name=named.py", "-", stdin=BUG.format(""))
    assert done.stdout.startswith("named.py:5:20: UNC101 ")


def test_several_processes_report_the_same(tmp_path: Path) -> None:
    for number in range(8):
        (tmp_path / f"program{number}.py").write_text(BUG.format("") if number % 2 else RETRY, encoding="utf-8")
    done = flake8(tmp_path, "--extend-select=UNC201", "--select=UNC", "-j2")
    codes = sorted(line.split(" ")[1] for line in done.stdout.splitlines())
    assert codes == ["UNC101"] * 4 + ["UNC201"] * 4


IMPORTED = """\
import sys
before = set(sys.modules)
import unchunk.flake8_plugin
print(sorted(name for name in set(sys.modules) - before if name.startswith("unchunk") or "." in name))
"""


def test_flake8_pays_for_two_modules_of_ours_and_no_other_where_nothing_can_be_found() -> None:
    done = subprocess.run([sys.executable, "-c", IMPORTED], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "['unchunk', 'unchunk.flake8_plugin']"


def test_flake8_lists_the_plugin_with_its_version(tmp_path: Path) -> None:
    import unchunk

    assert f"unchunk: {unchunk.__version__}" in flake8(tmp_path, "--version").stdout


@pytest.mark.parametrize("error", ["KeyError('k')", "RecursionError('r')", "MemoryError()", "ValueError('a\\nb')"])
def test_a_fault_of_ours_is_one_line_and_the_other_files_go_on(tmp_path: Path, error: str) -> None:
    for name in ("a", "b", "c"):
        (tmp_path / f"{name}.py").write_text(BUG.format(""))
    fault = (
        "import unchunk.analysis as analysis\n"
        "whole = analysis.check_tree\n"
        "def broken(tree, source, path, **more):\n"
        "    if path.endswith('b.py'):\n"
        f"        raise {error}\n"
        "    return whole(tree, source, path, **more)\n"
        "analysis.check_tree = broken\n"
    )
    done = flake8(tmp_path, "--select=UNC", "a.py", "b.py", "c.py", sabotage=fault)
    assert not done.stderr
    assert [line.split(" ")[:2] for line in done.stdout.splitlines()] == [
        ["a.py:5:20:", "UNC101"],
        ["b.py:1:1:", "UNC000"],
        ["c.py:5:20:", "UNC101"],
    ]
    assert f"internal error, please report it: {error.partition('(')[0]}" in done.stdout
