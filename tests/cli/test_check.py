"""`unchunk check`: status, selection, input."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from cli.process import ALL_PASSED, BUG, CLEAN, FIXED, RETRY, out, told, unchunk
from repository import git, repository


def codes(folder: Path, *arguments: str) -> list[str]:
    """Return the reported codes, as `path:line CODE`."""
    done = unchunk(folder, "check", "--output-format=json", *arguments)
    return [f"{found['path']}:{found['line']} {found['code']}" for found in json.loads(out(done))]


def test_a_clean_file_is_said_to_be_clean_and_zero(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text(CLEAN)
    done = unchunk(tmp_path, "check", "a.py")
    assert (done.returncode, out(done), done.stderr) == (0, ALL_PASSED, b"")


def test_an_empty_folder_is_clean_and_zero(tmp_path: Path) -> None:
    done = unchunk(tmp_path, "check")
    assert (done.returncode, out(done), done.stderr) == (0, ALL_PASSED, b"")


def test_a_finding_is_one_line_with_a_summary_and_one(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text(BUG)
    done = unchunk(tmp_path, "check", "a.py")
    assert done.returncode == 1
    assert out(done).splitlines() == [
        "a.py:8:16: UNC101 [*] json.loads() of a chunk that requests Response.iter_content() cuts anywhere;"
        " use unchunk.iter_json()",
        "Found 1 error.",
        "[*] 1 fixable with `unchunk fix`.",
    ]
    assert done.stderr == b""


def test_exit_zero_reports_and_is_zero_but_not_for_errors(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text(BUG)
    done = unchunk(tmp_path, "check", "--exit-zero", "a.py")
    assert (done.returncode, b"UNC101" in done.stdout) == (0, True)
    assert unchunk(tmp_path, "check", "--exit-zero", "missing.py").returncode == 2


def test_standard_input_is_checked_under_the_name_given(tmp_path: Path) -> None:
    done = unchunk(tmp_path, "check", "--stdin-filename", "src/named.py", "-", stdin=BUG.encode())
    assert (done.returncode, out(done)[:17]) == (1, "src/named.py:8:16")
    assert out(unchunk(tmp_path, "check", "-", stdin=BUG.encode())).startswith("<stdin>:8:16: ")
    assert unchunk(tmp_path, "check", "-", stdin=b"").returncode == 0


def test_positions_count_characters_from_one(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text(BUG.replace("data =", "𝒹é = data ="), encoding="utf-8")
    [found] = json.loads(out(unchunk(tmp_path, "check", "--output-format=json", "a.py")))
    assert (found["line"], found["column"], found["end_line"], found["end_column"]) == (8, 21, 8, 38)


BAD_FILES = {
    "not python": (b"def f(:\n", 1, "is not Python"),
    "not utf-8": (b"x = 1\ny = '\xff'\n", 2, "is not utf-8"),
    "nul bytes": (b"x = 1\ny = '\0'\n", 2, "NUL"),
    "utf-16": ("x = 1\n".encode("utf-16"), 1, "UTF-16"),
    "unknown cookie": (b"# coding: klingon\n", 1, "klingon"),
    "deep nesting": (b"x = " + b"(" * 5000 + b")" * 5000 + b"\n", None, "too"),
}


@pytest.mark.parametrize(("data", "line", "words"), BAD_FILES.values(), ids=BAD_FILES)
def test_a_file_that_cannot_be_read_is_one_line_and_the_others_are_still_checked(
    tmp_path: Path, data: bytes, line: int | None, words: str
) -> None:
    (tmp_path / "good.py").write_text(BUG)
    for program in (data, data + BUG.encode()):
        (tmp_path / "bad.py").write_bytes(program)
        for arguments in (["bad.py", "good.py"], ["."]):
            done = unchunk(tmp_path, "check", *arguments)
            assert done.returncode == 2
            assert out(done).startswith("good.py:8:16: UNC101")
            [line_told] = told(done)
            assert line_told.startswith("unchunk: bad.py:" if line is None else f"unchunk: bad.py:{line}: ")
            assert words in line_told


def test_a_missing_file_is_one_line_and_the_others_are_still_checked(tmp_path: Path) -> None:
    (tmp_path / "good.py").write_text(BUG)
    done = unchunk(tmp_path, "check", "missing.py", "good.py", "nowhere/")
    assert done.returncode == 2
    assert "good.py:8:16" in out(done)
    assert told(done) == [
        "unchunk: missing.py: no such file or directory",
        "unchunk: nowhere/: no such file or directory",
    ]


def test_what_is_no_file_is_one_line_and_nothing_waits_for_it(tmp_path: Path) -> None:
    (tmp_path / "good.py").write_text(BUG)
    os.mkfifo(tmp_path / "pipe.py")
    (tmp_path / "dangling.py").symlink_to("nowhere.py")
    (tmp_path / "link.py").symlink_to("pipe.py")
    (tmp_path / "null.py").symlink_to(os.devnull)
    named = sorted(path.name for path in tmp_path.iterdir())
    for command in ("check", "fix"):
        done = unchunk(tmp_path, command, *named)
        assert (done.returncode, told(done)[:4]) == (
            2,
            [
                "unchunk: dangling.py: no such file or directory",
                "unchunk: link.py: is not a regular file",
                "unchunk: null.py: is not a regular file",
                "unchunk: pipe.py: is not a regular file",
            ],
        )
    assert (tmp_path / "good.py").read_text() == FIXED


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_an_unreadable_file_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text(BUG)
    (tmp_path / "a.py").chmod(0)
    done = unchunk(tmp_path, "check")
    assert (done.returncode, told(done)) == (2, ["unchunk: a.py: permission denied"])


def test_select_ignore_and_their_kin(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text(BUG)
    (tmp_path / "b.py").write_text(RETRY)
    assert codes(tmp_path) == ["a.py:8 UNC101"]
    assert codes(tmp_path, "--select=UNC") == ["a.py:8 UNC101"]
    assert codes(tmp_path, "--select", "UNC2") == ["b.py:11 UNC201"]
    assert codes(tmp_path, "--extend-select=UNC201") == ["a.py:8 UNC101", "b.py:11 UNC201"]
    assert codes(tmp_path, "--extend-select=UNC201", "--ignore=UNC101,UNC102") == ["b.py:11 UNC201"]
    assert codes(tmp_path, "--per-file-ignores=a*.py:UNC1") == []
    assert codes(tmp_path, "--per-file-ignores=b.py:UNC1") == ["a.py:8 UNC101"]


def test_exclude_leaves_out_what_is_found_and_with_force_what_is_named(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text(BUG)
    assert codes(tmp_path, "--exclude=a.py,b") == []
    assert codes(tmp_path, "--exclude=a.py", "a.py") == ["a.py:8 UNC101"]
    assert codes(tmp_path, "--exclude=a.py", "--force-exclude", "a.py") == []


def test_comments_silence_unless_they_are_disabled(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text(BUG.replace("loads(chunk)", "loads(chunk)  # noqa: UNC101"))
    (tmp_path / "b.py").write_text("# unchunk: ignore-file\n" + BUG)
    assert codes(tmp_path) == []
    assert codes(tmp_path, "--disable-noqa") == ["a.py:8 UNC101", "b.py:9 UNC101"]


def test_unused_comments_are_reported_on_request_even_where_nothing_could_be_found(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("x = 1  # noqa: UNC101\ny = 2  # unchunk: ignore\nz = 3  # noqa\n")
    (tmp_path / "b.py").write_text(BUG.replace("loads(chunk)", "loads(chunk)  # noqa: UNC101,UNC102"))
    assert codes(tmp_path) == []
    done = unchunk(tmp_path, "check", "--report-unused-ignores")
    assert done.returncode == 1
    assert out(done).splitlines()[:-1] == [
        "a.py:1:8: UNC001 this comment silences nothing: remove it",
        "a.py:2:8: UNC001 this comment silences nothing: remove it",
        "b.py:8:35: UNC001 this comment silences nothing with UNC102: remove it",
    ]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--select=UNC777"], "unknown rule 'UNC777'"),
        (["--select=UNC1O1"], "did you mean UNC101?"),
        (["--ignore=E501"], "unknown rule 'E501'"),
        (["--per-file-ignores=UNC101"], "PATTERN:CODES"),
        (["--output-format=xml"], "there are concise, full"),
        (["--config=x.toml", "--isolated"], "--config and --isolated cannot be used together"),
        (["--baseline=x", "--write-baseline=y"], "cannot be used together"),
        (["--add-noqa", "--disable-noqa"], "cannot be used together"),
        (["--baseline=missing.json"], "missing.json: the baseline cannot be read"),
        (["--why=a.py"], "--why wants FILE:LINE"),
        (["-", "a.py"], "cannot be mixed with paths"),
        (["--stdin-filename=a.py"], "wants - as the only path"),
        (["--jobs=0"], "must be a number from 1 on"),
        (["--jobs=many"], "must be a number from 1 on"),
        (["--unknown"], "unrecognized arguments: --unknown"),
        (["--sel=UNC101"], "unrecognized arguments"),
        (["--select"], "expected one argument"),
        (["--quiet=yes"], "ignored explicit argument"),
        (["--color=green"], "invalid choice"),
        (["--diff-base=nowhere"], "--diff-base: fatal"),
    ],
)
def test_a_wrong_command_line_is_two_and_says_why(tmp_path: Path, arguments: list[str], words: str) -> None:
    (tmp_path / "a.py").write_text(BUG)
    done = unchunk(tmp_path, "check", *arguments)
    assert done.returncode == 2
    assert words in " ".join(told(done))


def test_a_command_that_is_none_is_two_and_gets_a_hint(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text(BUG)
    for arguments, words in (
        (["chekc"], "did you mean 'check'?"),
        (["a.py"], "unchunk check a.py"),
        (["__main__"], "--help"),
    ):
        done = unchunk(tmp_path, *arguments)
        assert done.returncode == 2
        assert words in told(done)[0]
    assert unchunk(tmp_path).returncode == 2


def test_help_and_version(tmp_path: Path) -> None:
    import unchunk as package

    assert out(unchunk(tmp_path, "--version")) == f"unchunk {package.__version__}\n"
    for arguments in (["--help"], ["check", "--help"], ["fix", "-h"], ["rule", "--help"]):
        done = unchunk(tmp_path, *arguments)
        assert done.returncode == 0
        assert "xamples:" in out(done)


def test_a_revision_that_there_is_none_of_is_two_and_reports_nothing(tmp_path: Path) -> None:
    repository(tmp_path, a_py=BUG)
    done = unchunk(tmp_path, "check", "--diff-base=nowhere")
    assert (done.returncode, out(done)) == (2, "")
    assert told(done)[0].startswith("unchunk: --diff-base: 'nowhere' is no commit of this repository; a shallow clone")


def test_statistics_count_rules_beside_machine_readable_output(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text(BUG)
    done = unchunk(tmp_path, "check", "--statistics", "--extend-select=UNC202")
    assert "    1  UNC101  chunk-parse  (1 fixable)" in out(done).splitlines()
    done = unchunk(tmp_path, "check", "--statistics", "--output-format=json")
    assert len(json.loads(out(done))) == 1
    assert told(done) == ["    1  UNC101  chunk-parse  (1 fixable)"]


def test_show_files_and_show_settings(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text(BUG)
    (tmp_path / "unchunk.toml").write_text("extend-select = ['UNC201']\nparsers = ['a.b']\n")
    assert out(unchunk(tmp_path, "check", "--show-files")) == "a.py\n"
    shown = out(unchunk(tmp_path, "check", "--show-settings"))
    assert "unchunk.toml" in shown
    assert '"UNC201"' in shown
    assert 'parsers = ["a.b"]' in shown


def test_why_tells_of_what_is_and_what_is_not_reported(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text(BUG)
    assert out(unchunk(tmp_path, "check", "--why=a.py:8")).startswith("a.py:8: ")
    assert out(unchunk(tmp_path, "check", "--why=a.py:1")) == "a.py:1: no parse call was seen on line 1\n"
    assert unchunk(tmp_path, "check", "--why=missing.py:1").returncode == 2


def test_diff_base_reports_what_was_changed_since(tmp_path: Path) -> None:
    repository(tmp_path, old_py=BUG)
    assert codes(tmp_path, "--diff-base=HEAD") == []
    (tmp_path / "new.py").write_text(BUG)
    assert codes(tmp_path, "--diff-base=HEAD") == ["new.py:8 UNC101"]
    git(tmp_path, "add", "--all")
    git(tmp_path, "commit", "--quiet", "--message=new")
    assert codes(tmp_path, "--diff-base=HEAD") == []
    assert codes(tmp_path, "--diff-base=HEAD~1") == ["new.py:8 UNC101"]


def test_a_changed_source_makes_an_unchanged_parse_call_news(tmp_path: Path) -> None:
    repository(tmp_path, a_py=BUG.replace("iter_content(None)", "iter_lines()"))
    assert codes(tmp_path) == []
    (tmp_path / "a.py").write_text(BUG)
    assert codes(tmp_path, "--diff-base=HEAD") == ["a.py:8 UNC101"]
    (tmp_path / "a.py").write_text(BUG + "\n\nprint('more')\n")
    git(tmp_path, "commit", "--quiet", "--all", "--message=more")
    (tmp_path / "a.py").write_text(BUG + "\n\nprint('still more')\n")
    assert codes(tmp_path, "--diff-base=HEAD") == []


def test_several_folders_end_with_a_line_for_each(tmp_path: Path) -> None:
    for name, text in (("one", BUG), ("two", CLEAN)):
        (tmp_path / name).mkdir()
        (tmp_path / name / "a.py").write_text(text)
    done = unchunk(tmp_path, "check", "one", "two")
    assert told(done) == ["one: 1 finding in 1 file", "two: 0 findings in 1 file"]
    assert unchunk(tmp_path, "check", "--quiet", "one", "two").stderr == b""


def test_each_folder_follows_its_own_configuration_and_a_broken_one_spoils_only_its_own(tmp_path: Path) -> None:
    for name, config in (("one", "ignore = ['UNC101']\n"), ("two", "ignore = [\n"), ("three", "")):
        (tmp_path / name).mkdir()
        (tmp_path / name / "a.py").write_text(BUG)
        (tmp_path / name / "unchunk.toml").write_text(config)
    done = unchunk(tmp_path, "check", "one", "two", "three", "--quiet")
    assert done.returncode == 2
    assert [line.split(": ")[0] for line in out(done).splitlines()] == ["three/a.py:8:16"]
    assert len(told(done)) == 1
    assert "two/unchunk.toml" in told(done)[0]


def test_many_files_in_several_processes_come_in_the_same_order(tmp_path: Path) -> None:
    padding = "x = 1\n" * 20_000
    for number in range(9):
        (tmp_path / f"a{number}.py").write_text(BUG + padding if number % 2 else BUG)
    (tmp_path / "a5.py").write_text("def f(:\n" + BUG + padding)
    one = unchunk(tmp_path, "check", "--jobs=1")
    several = unchunk(tmp_path, "check", "--jobs=3")
    assert out(one) == out(several)
    assert [line[:5] for line in out(one).splitlines()[:-2]] == [f"a{number}.py" for number in range(9) if number != 5]
    assert told(one) == told(several)
    assert one.returncode == several.returncode == 2
