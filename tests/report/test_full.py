"""Output for people: frames in files, colours on terminals, no mess on small ones."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import struct
import subprocess
import sys
import termios
from pathlib import Path

import pytest

from cli.process import ALL_PASSED, BUG, out, unchunk

PLAIN = """\
--> a.py:8:16
  |
7 |     for chunk in requests.get(url, stream=True).iter_content(None):
  |                  ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ requests Response.iter_content() hands out chunks
"""


def on_terminal(folder: Path, columns: int, *arguments: str, **env: str) -> tuple[int, str]:
    """Status and output of unchunk on a terminal of that width."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    environment = {
        name: value for name, value in os.environ.items() if name not in ("COLUMNS", "NO_COLOR", "FORCE_COLOR")
    }
    process = subprocess.Popen(
        [sys.executable, "-m", "unchunk", *arguments],
        cwd=folder, stdin=theirs, stdout=theirs, stderr=theirs, env={**environment, "TERM": "xterm-256color", **env},
    )  # fmt: skip
    os.close(theirs)
    output = b""
    while True:
        try:
            piece = os.read(ours, 65536)
        except OSError:  # Linux's way to say that the other side is closed
            break
        if not piece:
            break
        output += piece
    os.close(ours)
    return process.wait(), output.decode()


def without_colour(text: str) -> str:
    return re.sub(r"\x1b\[[0-9;]*m", "", text).replace("\r\n", "\n")


def test_full_shows_the_way_of_the_data(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text(BUG)
    text = out(unchunk(tmp_path, "check", "--output-format=full"))
    assert PLAIN in text
    assert "8 |         data = json.loads(chunk)\n  |                ^^^^^^^^^^^^^^^^^" in text
    assert "`unchunk rule UNC101`" in text
    assert out(unchunk(tmp_path, "check", "--explain")) == text


def test_underlines_stand_below_what_they_mean_whatever_stands_before(tmp_path: Path) -> None:
    source = BUG.replace("data = json", "data = '漢e\u0301', json").replace("    ", "\t")
    (tmp_path / "a.py").write_text(source, encoding="utf-8")
    lines = out(unchunk(tmp_path, "check", "--output-format=full")).splitlines()
    at = next(index for index, line in enumerate(lines) if "json.loads(chunk)" in line and "|" in line)
    shown = lines[at].replace("漢", "漢_").replace("\u0301", "")
    assert shown[lines[at + 1].index("^") :].startswith("json.loads(chunk)")


def test_control_characters_of_a_source_do_not_reach_the_terminal(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text(BUG.replace("        data = json", "        data = '\x1b[31m', json"))
    assert "\x1b" not in out(unchunk(tmp_path, "check", "--output-format=full"))


def test_a_pipe_gets_plain_lines_and_a_terminal_coloured_frames(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text(BUG)
    assert "\x1b" not in out(unchunk(tmp_path, "check"))
    status, text = on_terminal(tmp_path, 120, "check")
    assert status == 1
    assert "\x1b[1;31mUNC101" in text
    assert PLAIN in without_colour(text)


@pytest.mark.parametrize(
    ("arguments", "env", "coloured"),
    [
        (["--color=never"], {}, False),
        ([], {"NO_COLOR": "1"}, False),
        (["--output-format=json"], {}, False),
        (["--output-format=concise"], {}, True),
        (["--color=always"], {"NO_COLOR": "1"}, True),
    ],
)
def test_colours_follow_flag_environment_and_format(
    tmp_path: Path, arguments: list[str], env: dict[str, str], coloured: bool
) -> None:
    (tmp_path / "a.py").write_text(BUG)
    _, text = on_terminal(tmp_path, 100, "check", *arguments, **env)
    assert ("\x1b[" in text) is coloured
    assert "UNC101" in text


def test_colours_can_be_forced_into_a_pipe(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text(BUG)
    assert "\x1b[" in out(unchunk(tmp_path, "check", "--color=always"))
    assert "\x1b[" in out(unchunk(tmp_path, "check", env={"FORCE_COLOR": "1"}))


@pytest.mark.parametrize("columns", [20, 5, 1, 300])
def test_no_line_is_wider_than_the_terminal(tmp_path: Path, columns: int) -> None:
    (tmp_path / "a.py").write_text(BUG)
    status, text = on_terminal(tmp_path, columns, "check")
    assert status == 1
    findings = without_colour(text).partition("Found 1 error.")[0]
    assert max(map(len, findings.splitlines())) <= max(columns, 20)


def test_a_clean_run_says_so_to_people(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("x = 1\n")
    assert without_colour(on_terminal(tmp_path, 80, "check")[1]) == ALL_PASSED
    assert on_terminal(tmp_path, 80, "check", "--quiet")[1] == ""
    assert on_terminal(tmp_path, 80, "check", "--output-format=github")[1] == ""
    assert out(unchunk(tmp_path, "check")) == ALL_PASSED


def test_a_rule_page_is_markdown_in_a_pipe_and_rendered_on_a_terminal(tmp_path: Path) -> None:
    assert out(unchunk(tmp_path, "rule", "UNC101")).startswith("# UNC101 chunk-parse\n")
    assert "# UNC101" not in on_terminal(tmp_path, 80, "rule", "UNC101")[1]


def test_long_work_shows_its_progress_on_a_terminal_only(tmp_path: Path) -> None:
    function = "def f(r: requests.Response):\n    for chunk in r.iter_content(1):\n        json.loads(chunk)\n"
    for number in range(40):
        (tmp_path / f"a{number}.py").write_text("import json, requests\n" + function * 200)
    arguments = ["check", "--jobs=1", "--isolated", "--select=UNC105"]
    status, text = on_terminal(tmp_path, 80, *arguments)
    assert status == 0
    assert "checking" in without_colour(text)
    assert "checking" not in on_terminal(tmp_path, 80, *arguments, "--quiet")[1]
    done = unchunk(tmp_path, *arguments)
    assert (out(done), done.stderr) == (ALL_PASSED, b"")
