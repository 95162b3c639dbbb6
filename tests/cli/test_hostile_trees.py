"""Trees that are made to hurt: each trap is one line, bounded, and the files beside it are looked at."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from cli.process import ALL_PASSED, BUG, CLEAN, FIXED, out, told, unchunk
from repository import repository

REPORTED = "bug.py:8:16: UNC101"
BASELINE = '{"unchunk-baseline": 1, "findings": {"bug.py": [{"code": "UNC101", "identity": "x", "count": %s}]}}'


def text(name: str, content: str) -> Callable[[Path], object]:
    return lambda folder: (folder / name).write_text(content)


def link(name: str, target: str) -> Callable[[Path], object]:
    return lambda folder: (folder / name).symlink_to(target)


def pipe(name: str) -> Callable[[Path], object]:
    return lambda folder: os.mkfifo(folder / name)


def both(*traps: Callable[[Path], object]) -> Callable[[Path], object]:
    return lambda folder: [trap(folder) for trap in traps]


# What is in the tree, and what is said of it; where a configuration is broken nothing that it rules is looked at.
FILES: dict[str, tuple[Callable[[Path], object], str]] = {
    "a link to itself": (link("loop.py", "loop.py"), "too many levels of symbolic links"),
    "a program that nests": (text("x.py", f"{BUG}x = {'-' * 200_000}1\n"), "nests too deep"),
    "rot13": (text("x.py", f"# coding: rot13\n{BUG}"), "cannot be decoded as rot13"),
    "idna": (text("x.py", f"# coding: idna\n{BUG}"), "cannot be decoded as idna"),
    "punycode": (text("x.py", f"# coding: punycode\n{BUG}"), "cannot be decoded as punycode"),
    "zlib": (text("x.py", f"# coding: zlib\n{BUG}"), "cannot be decoded as zlib"),
    "undefined": (text("x.py", f"# coding: undefined\n{BUG}"), "cannot be decoded as undefined"),
}
BASELINES: dict[str, tuple[Callable[[Path], object], str]] = {
    "count": (text("b.json", BASELINE % 1_000_000_000), "counts more than 1,000,000"),
    "infinite": (text("b.json", BASELINE % "1e999"), "is damaged"),
    "nests": (text("b.json", "[" * 100_000), "nested too deeply"),
    "pipe": (pipe("b.json"), "not a regular file"),
    "zeros": (link("b.json", "/dev/zero"), "not a regular file"),
}
CONFIGURATIONS: dict[str, tuple[Callable[[Path], object], str]] = {
    "nests": (text("unchunk.toml", f"a = {'[' * 100_000}"), "nested too deeply"),
    "nests, shared": (text("pyproject.toml", f"[tool.unchunk]\na = {'[' * 100_000}"), "nested too deeply"),
    "a key of many parts": (text("pyproject.toml", f"[tool.unchunk]\n{'.'.join('a' * 100_000)} = 1\n"), "too deeply"),
    "keys of many parts": (
        text("unchunk.toml", "".join(f"a{number}{'.a' * 280} = 1\n" for number in range(1_000))),
        "is no option of unchunk",
    ),
    "zeros": (link("pyproject.toml", "/dev/zero"), "not a regular file"),
    "zeros, own": (link("unchunk.toml", "/dev/zero"), "not a regular file"),
    "pipe": (pipe("pyproject.toml"), "not a regular file"),
    "large": (text("unchunk.toml", "#" * 2_000_000), "larger than 1,000,000 bytes"),
}


@pytest.mark.skipif(sys.platform == "win32", reason="no pipes and devices in a folder")
@pytest.mark.parametrize("command", ["check", "fix"])
@pytest.mark.parametrize("kind", FILES)
def test_a_file_that_cannot_be_read_is_one_line(tmp_path: Path, command: str, kind: str) -> None:
    trap, words = FILES[kind]
    trap(tmp_path)
    (tmp_path / "bug.py").write_text(BUG)
    done = unchunk(tmp_path, command)
    [line] = [line for line in told(done) if "no file declares" not in line]
    assert words in line
    assert done.returncode == 2
    assert (REPORTED if command == "check" else "bug.py: 1 fixed") in out(done)


@pytest.mark.skipif(sys.platform == "win32", reason="no pipes and devices in a folder")
@pytest.mark.parametrize("kind", BASELINES)
def test_a_baseline_that_cannot_be_read_is_one_line_and_hides_nothing(tmp_path: Path, kind: str) -> None:
    trap, words = BASELINES[kind]
    trap(tmp_path)
    (tmp_path / "bug.py").write_text(BUG)
    (tmp_path / "unchunk.toml").write_text('baseline = "b.json"\n')
    done = unchunk(tmp_path, "check")
    [line] = told(done)
    assert words in line
    assert (done.returncode, REPORTED in out(done)) == (2, True)
    [line] = told(unchunk(tmp_path, "check", "--isolated", "--baseline=b.json"))
    assert words in line


@pytest.mark.skipif(sys.platform == "win32", reason="no pipes and devices in a folder")
@pytest.mark.parametrize("kind", CONFIGURATIONS)
def test_a_configuration_that_cannot_be_read_is_one_line_in_little_time(tmp_path: Path, kind: str) -> None:
    trap, words = CONFIGURATIONS[kind]
    (tmp_path / "sub").mkdir()
    trap(tmp_path / "sub")
    (tmp_path / "bug.py").write_text(BUG)
    (tmp_path / "sub" / "bug.py").write_text(BUG)
    start = time.monotonic()
    done = unchunk(tmp_path, "check")
    [line] = told(done)
    assert words in line
    assert (done.returncode, REPORTED in out(done)) == (2, True)
    assert time.monotonic() - start < 20


@pytest.mark.parametrize("name", ["requirements.txt", "pyproject.toml", "setup.cfg", "environment.yml", "setup.py"])
def test_what_declares_dependencies_is_no_pipe_and_does_not_nest(tmp_path: Path, name: str) -> None:
    (tmp_path / "bug.py").write_text(BUG)
    if name == "requirements.txt":
        os.mkfifo(tmp_path / name)
    else:
        (tmp_path / name).write_text(f"dependencies: {'[' * 5_000}" if name.endswith("yml") else f"a = {'[' * 50_000}")
    done = unchunk(tmp_path, "fix")
    assert len([line for line in told(done) if "bug.py" in line or name in line]) == 1 + (name == "setup.py")


# Names


NAME = "a\x1b[31m\nb\u202e.py"
SHOWN = r"a\x1b[31m\nb\u202e.py"


@pytest.mark.parametrize(
    "arguments",
    [
        ["check"],
        ["check", "--output-format=full"],
        ["check", "--output-format=github"],
        ["check", "--show-files"],
        ["check", f"--why={NAME}:8"],
        ["check", "missing\x1b.py"],
        ["fix", "--diff"],
        ["fix"],
    ],
)
def test_a_name_is_shown_and_does_not_act(tmp_path: Path, arguments: list[str]) -> None:
    (tmp_path / NAME).write_text(BUG)
    done = unchunk(tmp_path, *arguments, env={"PYTHONIOENCODING": "utf-8"})
    said = (out(done) + "".join(told(done))).replace(f"file={NAME}".replace("\n", "%0A"), "")
    assert "\x1b" not in said
    if "missing" not in arguments[-1]:
        assert SHOWN in said or r'"a\033[31m\012b' in said


def test_a_diff_quotes_names_as_git_does(tmp_path: Path) -> None:
    (tmp_path / 'a\x1b\\b".py').write_text(BUG)
    patch = unchunk(tmp_path, "fix", "--diff", "--no-dependency").stdout
    assert patch.startswith(b'--- "a\\033\\\\b\\".py"\n+++ "a\\033\\\\b\\".py"\n')
    subprocess.run(["git", "apply", "-p0"], input=patch, cwd=tmp_path, check=True)
    assert (tmp_path / 'a\x1b\\b".py').read_text() == FIXED


# Links


def test_links_out_of_the_tree_are_not_written_through(tmp_path: Path) -> None:
    outside = tmp_path / "outside.py"
    outside.write_text(BUG)
    root = repository(tmp_path / "tree", sub__inside_py=BUG)
    (root / "out.py").symlink_to(outside)
    (root / "in.py").symlink_to("sub/inside.py")
    done = unchunk(root, "fix", "--no-dependency")
    assert told(done) == ["unchunk: out.py: left as it is: is a link that leads out of the tree"]
    assert done.returncode == 2
    assert outside.read_text() == BUG
    assert (root / "in.py").is_symlink()
    assert (root / "sub" / "inside.py").read_text() == FIXED
    assert told(unchunk(root, "fix", "--no-dependency", "out.py")) == told(done)
    assert told(unchunk(root, "check", "--add-noqa", "out.py")) == told(done)
    assert outside.read_text() == BUG


@pytest.mark.parametrize("is_repository", [True, False])
def test_a_declaration_that_is_a_link_out_of_the_tree_is_not_written_through(
    tmp_path: Path, is_repository: bool
) -> None:
    (tmp_path / "outside.toml").write_text('[project]\nname = "x"\ndependencies = []\n')
    root = tmp_path / "tree"
    if is_repository:
        repository(root)
    (root / "src").mkdir(parents=True)
    (root / "src" / "bug.py").write_text(BUG)
    (root / "pyproject.toml").symlink_to("../outside.toml")
    for arguments in ([], ["src"]):
        done = unchunk(root, "fix", *arguments)
        [line] = told(done)
        assert line.endswith("pyproject.toml: is a link that leads out of the tree")
        assert (done.returncode, "unchunk" in (tmp_path / "outside.toml").read_text()) == (2, False)
    assert (root / "src" / "bug.py").read_text() == BUG


def test_a_declaration_that_is_a_link_inside_the_tree_stays_one(tmp_path: Path) -> None:
    root = repository(tmp_path, bug_py=BUG, meta__real_toml='[project]\nname = "x"\ndependencies = []\n')
    (root / "pyproject.toml").symlink_to("meta/real_toml")
    assert unchunk(root, "fix").returncode == 0
    assert (root / "pyproject.toml").is_symlink()
    assert "unchunk" in (root / "meta" / "real_toml").read_text()


def test_reports_overwrite_no_program_and_follow_no_link_out(tmp_path: Path) -> None:
    root = repository(tmp_path / "tree", bug_py=BUG, script=BUG)
    (tmp_path / "outside").write_text("mine")
    (root / "report.json").symlink_to(tmp_path / "outside")
    (root / "inside.json").symlink_to("real.json")
    (root / "real.json").write_text("")
    for name in ("bug.py", "./bug.py", "report.json"):
        done = unchunk(root, "check", "-o", name)
        assert (done.returncode, done.stdout, len(told(done))) == (2, b"", 1)
    assert unchunk(root, "check", "script", "-o", "script").returncode == 2
    assert ((root / "bug.py").read_text(), (root / "script").read_text()) == (BUG, BUG)
    assert (tmp_path / "outside").read_text() == "mine"
    os.link(root / "bug.py", root / "hard.json")
    (root / "soft.json").symlink_to("bug.py")
    (root / "CAPITALS.PY").write_text(BUG)
    for name in ("hard.json", "soft.json", "CAPITALS.PY"):
        assert unchunk(root, "check", "-o", name).returncode == 2
        assert (root / name).read_text() == BUG
    for name in ("new.json", "inside.json", "/dev/stdout"):
        assert unchunk(root, "check", "--output-format=json", "-o", name).returncode == 1


# What a lost run leaves


def test_what_a_run_did_not_come_to_declare_is_noticed_and_made_up_for(tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text(FIXED)
    (tmp_path / "other.py").write_text(CLEAN)
    (tmp_path / "requirements.txt").write_text("requests\n")
    done = unchunk(tmp_path, "check")
    assert done.returncode == 0
    [line] = told(done)
    assert line.startswith("unchunk: requirements.txt: unchunk is imported, but not declared")
    assert told(unchunk(tmp_path, "check", "--quiet")) == []
    assert unchunk(tmp_path, "fix").returncode == 0
    assert (tmp_path / "requirements.txt").read_text() == "requests\nunchunk>=0.1.0\n"
    assert (told(unchunk(tmp_path, "check")), unchunk(tmp_path, "fix").stdout) == ([], ALL_PASSED.encode())


@pytest.mark.parametrize("arguments", [["check"], ["fix"]])
def test_what_a_lost_run_left_is_removed_by_the_next(tmp_path: Path, arguments: list[str]) -> None:
    root = repository(tmp_path, sub__clean_py=CLEAN)
    left = root / ".unchunk-1234-0123456789ab"
    left.mkdir()
    (left / "new-1").write_text(BUG)
    (left / ".gitignore").write_text("# Made by unchunk")
    assert unchunk(root / "sub", *arguments).returncode == 0
    assert not left.exists()


def test_files_that_cannot_be_written_are_told_each_and_planned_once(tmp_path: Path) -> None:
    for number in range(12):
        (tmp_path / f"a{number}.py").write_text(BUG)
        (tmp_path / f"a{number}.py").chmod(0o444)
    (tmp_path / "b.py").write_text(BUG)
    (tmp_path / "requirements.txt").write_text("requests\n")
    counted = tmp_path / "site" / "sitecustomize.py"
    counted.parent.mkdir()
    counted.write_text(
        "import sys, unchunk.project.dependencies as d\n"
        "whole = d.declare\n"
        "def counting(*a):\n    print('planned', file=sys.stderr)\n    return whole(*a)\n"
        "d.declare = counting\n"
    )
    done = unchunk(tmp_path, "fix", "--exclude=site", env={"PYTHONPATH": f"{counted.parent}{os.pathsep}{_path()}"})
    lines = told(done)
    assert lines.count("planned") == 2
    assert sum("left as it is: is read-only" in line for line in lines) == 12
    assert (tmp_path / "b.py").read_text() == FIXED
    assert all((tmp_path / f"a{number}.py").read_text() == BUG for number in range(12))
    assert stat.S_IMODE((tmp_path / "a0.py").stat().st_mode) == 0o444


def _path() -> str:
    return os.environ.get("PYTHONPATH", "")
