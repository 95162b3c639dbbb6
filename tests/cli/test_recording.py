"""Baselines and `--add-noqa`: how a project with findings of old gets to zero."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from cli.process import BUG, CLEAN, out, told, unchunk
from repository import repository
from unchunk.project.noqa_comments import with_noqa

MORE = "\n\ndef more(url):\n    for chunk in requests.get(url).iter_content(1):\n        print(json.loads(chunk))\n"


def check(folder: Path, *arguments: str) -> tuple[int, list[str], list[str]]:
    """Status, places reported, and what was told beside."""
    done = unchunk(folder, "check", "--output-format=concise", *arguments)
    found = out(done).splitlines()
    return done.returncode, [":".join(line.split(":")[:2]) for line in found], told(done)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Return a project whose baseline has one finding."""
    (tmp_path / "a.py").write_text(BUG)
    (tmp_path / "unchunk.toml").write_text('baseline = "baseline.json"\n')
    assert check(tmp_path, "--write-baseline=baseline.json") == (0, [], ["unchunk: baseline.json: 1 recorded"])
    return tmp_path


def test_what_is_known_is_not_reported_by_flag_or_configuration_and_from_any_folder(project: Path) -> None:
    assert check(project) == (0, [], [])
    assert check(project, "--isolated", "--baseline=baseline.json") == (0, [], [])
    assert check(project, "--isolated") == (1, ["a.py:8"], [])
    (project / "sub").mkdir()
    assert check(project / "sub", "../a.py") == (0, [], [])
    assert check(project.parent, str(project)) == (0, [], [])


def test_moving_indenting_and_formatting_the_code_keeps_it_known(project: Path) -> None:
    for change in (
        "# a comment\n\n\n" + BUG,
        BUG.replace("data = json.loads(chunk)", "data = json.loads( chunk )"),
        BUG.replace("        data", "        if True:\n            data").replace("        print", "            print"),
        BUG.replace("json.loads(chunk)", "json.loads(\n            chunk\n        )"),
    ):
        (project / "a.py").write_text(change)
        assert check(project) == (0, [], []), change


def test_what_is_new_is_reported_even_if_it_looks_like_what_is_known(project: Path) -> None:
    (project / "a.py").write_text(BUG + MORE)
    assert check(project) == (1, ["a.py:14"], [])
    (project / "a.py").write_text(BUG.replace("        print", "        data = json.loads(chunk)\n        print"))
    assert check(project) == (1, ["a.py:9"], [])
    (project / "a.py").write_text(BUG.replace("def events", "def others"))
    status, places, _ = check(project)
    assert (status, places) == (1, ["a.py:8"])
    (project / "b.py").write_text(BUG)
    (project / "a.py").write_text(BUG)
    assert check(project) == (1, ["b.py:8"], [])


def test_a_renamed_file_stays_known(project: Path) -> None:
    (project / "a.py").rename(project / "renamed.py")
    assert check(project) == (0, [], [])


def test_stale_entries_are_told_and_dropped_when_written_again_and_nothing_new_is_taken_in(project: Path) -> None:
    (project / "a.py").write_text(CLEAN)
    (project / "b.py").write_text(BUG)
    told_of = "unchunk: " + str(project / "baseline.json") + ": 1 stale entry, no longer found: a.py (UNC101)"
    status, places, lines = check(project)
    assert (status, places) == (1, ["b.py:8"])
    assert lines[0].startswith(told_of)
    assert check(project, "--quiet")[2] == []
    assert check(project, "b.py") == (1, ["b.py:8"], [])
    done = check(project, "--write-baseline=baseline.json")
    assert done == (1, ["b.py:8"], ["unchunk: baseline.json: 1 dropped, 0 kept, 1 new not taken in"])
    assert json.loads((project / "baseline.json").read_text())["findings"] == {}
    assert check(project) == (1, ["b.py:8"], [])


def test_a_part_of_the_project_says_nothing_of_the_rest(project: Path) -> None:
    (project / "b.py").write_text(CLEAN)
    assert check(project, "b.py") == (0, [], [])
    assert check(project, "--write-baseline=baseline.json", "b.py")[2] == [
        "unchunk: baseline.json: 0 dropped, 1 kept, 0 new not taken in"
    ]


def test_what_was_not_looked_for_is_not_stale(project: Path) -> None:
    recorded = (project / "baseline.json").read_text()
    for arguments in (["--select=UNC102"], ["--diff-base=HEAD"], ["--exclude=a.py"]):
        if arguments == ["--diff-base=HEAD"]:
            repository(project)
        assert check(project, *arguments) == (0, [], [])
    (project / "a.py").write_text("def f(:\n" + BUG)
    for arguments in ([], ["--write-baseline=baseline.json"], ["--write-baseline=baseline.json", "--select=UNC102"]):
        assert "stale" not in "".join(check(project, *arguments)[2])
        assert (project / "baseline.json").read_text() == recorded


def test_an_empty_baseline_on_the_command_line_is_one(project: Path) -> None:
    (project / "empty.json").write_text('{"unchunk-baseline": 1, "findings": {}}')
    assert check(project, "--baseline=empty.json") == (1, ["a.py:8"], [])


@pytest.mark.parametrize("text", ['{"unchunk-baseline": 2, "findings": {}}', "[]", "{", ""])
def test_a_baseline_that_cannot_be_used_is_two_and_is_not_overwritten(project: Path, text: str) -> None:
    (project / "baseline.json").write_text(text)
    status, _, lines = check(project)
    assert (status, len(lines)) == (2, 1)
    assert "baseline.json: " in lines[0]
    assert check(project, "--isolated", "--baseline=baseline.json")[0] == 2
    assert check(project, "--write-baseline=baseline.json")[0] == 2
    assert (project / "baseline.json").read_text() == text


def test_add_noqa_silences_everything_and_touches_nothing_else(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_bytes(b"\xef\xbb\xbf" + (BUG + MORE).replace("\n", "\r\n").encode())
    done = unchunk(tmp_path, "check", "--add-noqa")
    assert (done.returncode, told(done)) == (0, ["unchunk: a.py: 2 silenced"])
    expected = (BUG + MORE).replace("loads(chunk)\n", "loads(chunk)  # noqa: UNC101\n")
    expected = expected.replace("loads(chunk))\n", "loads(chunk))  # noqa: UNC101\n").replace("\n", "\r\n")
    assert (tmp_path / "a.py").read_bytes() == b"\xef\xbb\xbf" + expected.encode()
    assert check(tmp_path) == (0, [], [])
    assert unchunk(tmp_path, "check", "--add-noqa").stderr == b""


@pytest.mark.parametrize(
    ("source", "line", "silenced"),
    [
        ("f()", 1, "f()  # noqa: U1"),
        ("f()\n", 1, "f()  # noqa: U1\n"),
        ("f()  \r\nx\r", 1, "f()  # noqa: U1\r\nx\r"),
        ("f()  # why\n", 1, "f()  # why  # noqa: U1\n"),
        ("f()  # noqa: E501\n", 1, "f()  # noqa: E501,U1\n"),
        ("f()  # noqa: E501, W1  \n", 1, "f()  # noqa: E501, W1,U1  \n"),
        ("f()  # noqa: E501 because\n", 1, "f()  # noqa: E501,U1 because\n"),
        ("f('''\n''')\n", 1, "f('''\n''')  # noqa: U1\n"),
        ("x = 1 + \\\n    f()\n", 1, "x = 1 + \\\n    f()  # noqa: U1\n"),
        ("f(\n    1,\n)\n", 1, "f(  # noqa: U1\n    1,\n)\n"),
        ("\x0cf()\n", 1, "\x0cf()  # noqa: U1\n"),
        ("a\x0bb = 1\nf()\n", 2, "a\x0bb = 1\nf()  # noqa: U1\n"),
    ],
)
def test_the_comment_goes_where_flake8_looks_for_it(source: str, line: int, silenced: str) -> None:
    assert with_noqa(source, [(line, "U1")]) == silenced


def test_several_codes_on_one_line_share_a_comment() -> None:
    assert with_noqa("f()\n", [(1, "U1"), (1, "U2"), (1, "U1")]) == "f()  # noqa: U1,U2\n"
