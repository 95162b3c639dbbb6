"""`unchunk fix`: what it writes, what it leaves, and what it says."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

import pytest

from cli.process import ALL_PASSED, BUG, CLEAN, FIXED, RETRY, out, told, unchunk
from repository import git, repository

PYPROJECT = '[project]\nname = "x"\nversion = "1"\ndependencies = [\n  "requests",\n]\n'
TWO = (
    BUG + "\n\ndef more(url):\n    for chunk in requests.get(url).iter_content(1):\n        print(json.loads(chunk))\n"
)


def fix(folder: Path, *arguments: str) -> int:
    """Run it without the dependency and give the status."""
    return unchunk(folder, "fix", "--no-dependency", *arguments).returncode


def test_nothing_to_fix_is_said_and_zero(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text(CLEAN)
    done = unchunk(tmp_path, "fix")
    assert (done.returncode, out(done), done.stderr) == (0, ALL_PASSED, b"")
    assert (tmp_path / "a.py").read_text() == CLEAN


@pytest.mark.parametrize("comment", ["# noqa", "# noqa: UNC101", "# unchunk: ignore[UNC101]"])
def test_a_silenced_finding_is_left_alone(tmp_path: Path, comment: str) -> None:
    silenced = BUG.replace("loads(chunk)", f"loads(chunk)  {comment}")
    (tmp_path / "a.py").write_text(silenced)
    assert fix(tmp_path) == 0
    assert (tmp_path / "a.py").read_text() == silenced


def test_a_silenced_finding_stays_when_its_neighbour_is_fixed(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text(TWO.replace("data = json.loads(chunk)", "data = json.loads(chunk)  # noqa: UNC101"))
    assert fix(tmp_path) == 0
    text = (tmp_path / "a.py").read_text()
    assert "data = json.loads(chunk)  # noqa: UNC101" in text
    assert "iter_json(requests.get(url).iter_content(1))" in text


def test_what_the_configuration_ignores_or_excludes_is_left_alone(tmp_path: Path) -> None:
    for name in ("a.py", "b.py", "c.py"):
        (tmp_path / name).write_text(BUG)
    (tmp_path / "unchunk.toml").write_text("exclude = ['a.py']\n[per-file-ignores]\n'b.py' = ['UNC101']\n")
    assert fix(tmp_path) == 0
    assert [(tmp_path / name).read_text() for name in ("a.py", "b.py", "c.py")] == [BUG, BUG, FIXED]


def test_what_the_baseline_knows_is_left_alone_and_its_neighbour_is_fixed(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text(BUG)
    unchunk(tmp_path, "check", "--write-baseline=baseline.json")
    (tmp_path / "a.py").write_text(TWO)
    assert fix(tmp_path, "--baseline=baseline.json") == 0
    text = (tmp_path / "a.py").read_text()
    assert "data = json.loads(chunk)" in text
    assert "iter_json(requests.get(url).iter_content(1))" in text


def test_lines_not_changed_since_a_revision_are_left_alone(tmp_path: Path) -> None:
    repository(tmp_path, a_py=BUG)
    (tmp_path / "a.py").write_text(TWO)
    assert fix(tmp_path, "--diff-base=HEAD") == 0
    text = (tmp_path / "a.py").read_text()
    assert "data = json.loads(chunk)" in text
    assert "iter_json(requests.get(url).iter_content(1))" in text


def test_a_finding_is_fixed_and_told(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text(BUG)
    done = unchunk(tmp_path, "fix", "--no-dependency", "a.py")
    assert done.returncode == 0
    assert out(done).splitlines() == ["a.py: 1 fixed", "1 fixed in 1 file, 0 left"]
    assert (tmp_path / "a.py").read_text() == FIXED


def test_a_second_run_changes_nothing(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text(TWO)
    assert fix(tmp_path) == 0
    once = (tmp_path / "a.py").read_bytes()
    done = unchunk(tmp_path, "fix", "--no-dependency")
    assert (done.returncode, out(done)) == (0, ALL_PASSED)
    assert (tmp_path / "a.py").read_bytes() == once
    assert unchunk(tmp_path, "check").returncode == 0


def test_quiet_says_nothing_of_what_was_fixed(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text(BUG)
    done = unchunk(tmp_path, "fix", "--no-dependency", "--quiet")
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")


def test_what_cannot_be_fixed_is_left_reported_and_one(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text(RETRY)
    done = unchunk(tmp_path, "fix", "--no-dependency", "--select=UNC201")
    assert done.returncode == 1
    assert "a.py:11:19: UNC201" in out(done)
    assert unchunk(tmp_path, "fix", "--no-dependency", "--select=UNC201", "--exit-zero").returncode == 0
    assert (tmp_path / "a.py").read_text() == RETRY


def test_line_ends_mode_and_byte_order_mark_stay(tmp_path: Path) -> None:
    path = tmp_path / "a.py"
    path.write_bytes(b"\xef\xbb\xbf" + BUG.replace("\n", "\r\n").encode())
    path.chmod(0o751)
    assert fix(tmp_path) == 0
    assert path.read_bytes() == b"\xef\xbb\xbf" + FIXED.replace("\n", "\r\n").encode()
    assert path.stat().st_mode & 0o777 == 0o751


@pytest.mark.parametrize("source", [BUG, BUG.rstrip("\n"), BUG.replace("\n", "\r\n"), TWO])
def test_the_diff_changes_nothing_and_patch_makes_of_it_what_fix_makes(tmp_path: Path, source: str) -> None:
    for name in ("patched", "fixed"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "a b.py").write_bytes(source.encode())
        (tmp_path / name / "clean.py").write_text(CLEAN)
    done = unchunk(tmp_path / "patched", "fix", "--no-dependency", "--diff")
    assert done.returncode == 1
    assert told(done) == [f"{source.count('loads(')} would be fixed in 1 file, 0 left"]
    assert (tmp_path / "patched" / "a b.py").read_bytes() == source.encode()
    command = ["git", "apply", "-p0", "--whitespace=nowarn", "-"]
    subprocess.run(command, cwd=tmp_path / "patched", input=done.stdout, check=True)
    assert fix(tmp_path / "fixed") == 0
    assert (tmp_path / "patched" / "a b.py").read_bytes() == (tmp_path / "fixed" / "a b.py").read_bytes()


def test_an_empty_diff_is_zero(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text(CLEAN)
    done = unchunk(tmp_path, "fix", "--diff")
    assert (done.returncode, done.stdout) == (0, b"")


def test_standard_input_comes_out_fixed_and_all_words_go_beside_it(tmp_path: Path) -> None:
    done = unchunk(tmp_path, "fix", "-", stdin=BUG.encode())
    assert (done.returncode, out(done), told(done)) == (0, FIXED, [])
    done = unchunk(tmp_path, "fix", "-", stdin=CLEAN.encode())
    assert (done.returncode, out(done), told(done)) == (0, CLEAN, [])
    done = unchunk(tmp_path, "fix", "--stdin-filename=a.py", "--diff", "-", stdin=BUG.encode())
    assert (done.returncode, out(done).splitlines()[0]) == (1, "--- a.py")
    done = unchunk(tmp_path, "fix", "-", stdin=b"def f(:\njson.loads")
    assert (done.returncode, done.stdout) == (2, b"def f(:\njson.loads")


def test_unsafe_fixes_wait_for_their_flag(tmp_path: Path) -> None:
    source = BUG.replace(
        "        data = json.loads(chunk)\n",
        "        try:\n            data = json.loads(chunk)\n        except ValueError:\n            continue\n",
    )
    (tmp_path / "a.py").write_text(source)
    [found] = json.loads(out(unchunk(tmp_path, "check", "--output-format=json")))
    assert found["fixable"]
    if found["applicability"] == "unsafe":
        done = unchunk(tmp_path, "fix", "--no-dependency")
        assert (done.returncode, (tmp_path / "a.py").read_text()) == (1, source)
        assert "1 left (1 of them with --unsafe-fixes)" in out(done)
        assert found["reason"]
    assert fix(tmp_path, "--unsafe-fixes") == 0
    assert (tmp_path / "a.py").read_text() != source


def test_the_dependency_travels_with_the_fix(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text(BUG)
    (tmp_path / "pyproject.toml").write_text(PYPROJECT)
    done = unchunk(tmp_path, "fix")
    assert done.returncode == 0
    assert any(line.startswith("pyproject.toml: unchunk>=") for line in out(done).splitlines()), out(done)
    text = (tmp_path / "pyproject.toml").read_text()
    assert '\n  "unchunk>=' in text
    before = text
    (tmp_path / "b.py").write_text(BUG)
    assert unchunk(tmp_path, "fix").returncode == 0
    assert (tmp_path / "pyproject.toml").read_text() == before


def test_the_diff_shows_the_dependency_and_json_names_it(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text(BUG)
    (tmp_path / "pyproject.toml").write_text(PYPROJECT)
    assert b"--- pyproject.toml" in unchunk(tmp_path, "fix", "--diff").stdout
    done = json.loads(out(unchunk(tmp_path, "fix", "--output-format=json")))
    assert [found["code"] for found in done["fixed"]] == ["UNC101"]
    assert done["left"] == []
    assert sorted(done["changed"]) == ["a.py", "pyproject.toml"]
    [added] = done["dependencies"]
    assert (added["path"], added["entry"][:9]) == ("pyproject.toml", "unchunk>=")


def test_without_the_dependency_nothing_around_the_file_changes(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text(BUG)
    (tmp_path / "pyproject.toml").write_text(PYPROJECT + "[tool.unchunk]\ndependency = false\n")
    before = (tmp_path / "pyproject.toml").read_bytes()
    assert unchunk(tmp_path, "fix").returncode == 0
    assert (tmp_path / "a.py").read_text() == FIXED
    assert (tmp_path / "pyproject.toml").read_bytes() == before


def test_where_the_dependency_cannot_be_declared_the_source_stays_too(tmp_path: Path) -> None:
    for name in ("bad", "good"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "a.py").write_text(BUG)
    (tmp_path / "bad" / "pyproject.toml").write_text(PYPROJECT.replace("requests", "unchunk<0.1"))
    (tmp_path / "good" / "pyproject.toml").write_text(PYPROJECT)
    done = unchunk(tmp_path, "fix", "bad", "good")
    assert done.returncode == 2
    assert (tmp_path / "bad" / "a.py").read_text() == BUG
    assert (tmp_path / "good" / "a.py").read_text() == FIXED
    assert any("bad/a.py: left as it is: " in line for line in told(done)), told(done)
    assert out(done).splitlines()[-2:] == ["bad: 1 left", "good: 1 fixed in 1 file, 0 left"]


def test_a_read_only_file_is_told_and_the_others_are_fixed(tmp_path: Path) -> None:
    for name in ("a.py", "b.py"):
        (tmp_path / name).write_text(BUG)
    (tmp_path / "a.py").chmod(0o444)
    done = unchunk(tmp_path, "fix", "--no-dependency")
    assert done.returncode == 2
    assert told(done) == ["unchunk: a.py: left as it is: is read-only"]
    assert [(tmp_path / name).read_text() for name in ("a.py", "b.py")] == [BUG, FIXED]


def test_a_read_only_dependency_file_stops_the_sources_that_need_it(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text(BUG)
    (tmp_path / "pyproject.toml").write_text(PYPROJECT)
    (tmp_path / "pyproject.toml").chmod(0o444)
    done = unchunk(tmp_path, "fix")
    assert done.returncode == 2
    assert (tmp_path / "a.py").read_text() == BUG
    assert "pyproject.toml" in " ".join(told(done))


def test_a_bad_file_is_told_and_the_others_are_fixed(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("def f(:\njson.loads iter_content")
    (tmp_path / "b.py").write_text(BUG)
    done = unchunk(tmp_path, "fix", "--no-dependency")
    assert done.returncode == 2
    assert told(done)[0].startswith("unchunk: a.py:1: ")
    assert (tmp_path / "b.py").read_text() == FIXED


def test_a_link_is_edited_at_its_target_once_and_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text(BUG)
    os.symlink("a.py", tmp_path / "link.py")
    assert fix(tmp_path) == 0
    assert (tmp_path / "a.py").read_text() == FIXED
    assert (tmp_path / "link.py").is_symlink()


def test_several_roots_each_get_their_own_dependency(tmp_path: Path) -> None:
    for name in ("one", "two"):
        repository(tmp_path / name, a_py=BUG)
        (tmp_path / name / "pyproject.toml").write_text(PYPROJECT)
    assert unchunk(tmp_path, "fix", "one", "two").returncode == 0
    for name in ("one", "two"):
        assert "unchunk>=" in (tmp_path / name / "pyproject.toml").read_text()
        assert git(tmp_path / name, "diff", "--stat").count("|") == 1


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--select=UNC777"], "unknown rule"),
        (["--quiet", "--diff"], "cannot be used together"),
        (["--baseline=x"], "x: "),
    ],
)
def test_a_wrong_command_line_is_two_and_writes_nothing(tmp_path: Path, arguments: list[str], words: str) -> None:
    (tmp_path / "a.py").write_text(BUG)
    done = unchunk(tmp_path, "fix", *arguments)
    assert done.returncode == 2
    assert words in " ".join(told(done))
    assert (tmp_path / "a.py").read_text() == BUG
