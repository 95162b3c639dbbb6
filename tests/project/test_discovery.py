"""Discovery of files."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

import pytest

from repository import git, repository
from unchunk.project.config_files import ConfigFiles
from unchunk.project.discovery import Discovery
from unchunk.project.patterns import Patterns


class Told:
    """The messages of discovery."""

    def __init__(self) -> None:
        self.problems: list[tuple[str, str]] = []
        self.notes: list[str] = []

    def problem(self, path: str, message: str, line: int | None) -> None:
        self.problems.append((path, message))


def tree(folder: Path, *names: str) -> None:
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("")


def found(told: Told, paths: Iterable[str], exclude: tuple[str, ...] = (), **options: bool) -> list[str]:
    patterns = Patterns(exclude, ".") if exclude else None
    discovery = Discovery(ConfigFiles(), told.problem, told.notes.append, exclude=patterns, **options)
    return [file.path for file in discovery.find(paths)]


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return an empty current folder, in no repository."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_junk_and_other_languages_are_left_out(here: Path) -> None:
    tree(
        here,
        "notes.txt",
        "a.pyc",
        ".venv/x.py",
        "node_modules/m/y.py",
        "build/z.py",
        "p/__pycache__/q.py",
        "p/site-packages/r.py",
    )
    assert found(Told(), ["."]) == []


def test_python_files_are_found_in_order_and_named_as_the_user_would(here: Path) -> None:
    tree(here, "b.py", "a.pyi", "c.pyw", "p/d.py", "p/q/e.py", ".hidden/f.py")
    assert found(Told(), ["."]) == ["a.pyi", "b.py", "c.pyw", ".hidden/f.py", "p/d.py", "p/q/e.py"]
    assert found(Told(), ["p"]) == ["p/d.py", "p/q/e.py"]
    assert found(Told(), [str(here / "p")]) == [str(here / "p/d.py"), str(here / "p/q/e.py")]


def test_a_file_is_found_once_however_often_it_is_named(here: Path) -> None:
    tree(here, "p/a.py")
    assert found(Told(), ["p/a.py", "p", "./p/../p/a.py", "."]) == ["p/a.py"]


def test_a_named_file_is_taken_whatever_its_name(here: Path) -> None:
    tree(here, "script", "build/a.py")
    assert found(Told(), ["script", "build/a.py"]) == ["script", "build/a.py"]


def test_a_named_junk_folder_is_walked(here: Path) -> None:
    tree(here, "build/a.py", "build/dist/b.py")
    assert found(Told(), ["build"]) == ["build/a.py"]


def test_what_does_not_exist_is_told_and_the_rest_found(here: Path) -> None:
    tree(here, "a.py")
    told = Told()
    assert found(told, ["missing.py", "a.py", "nowhere"]) == ["a.py"]
    assert told.problems == [("missing.py", "no such file or directory"), ("nowhere", "no such file or directory")]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_folder_that_cannot_be_listed_is_told_and_the_rest_found(here: Path) -> None:
    tree(here, "a.py", "locked/b.py")
    (here / "locked").chmod(0)
    told = Told()
    assert found(told, ["."]) == ["a.py"]
    assert told.problems == [("locked", "permission denied")]


def test_links_to_folders_are_not_followed_and_dangling_links_are_nothing(here: Path) -> None:
    tree(here, "p/a.py")
    (here / "loop").symlink_to(here)
    (here / "lock.py").symlink_to("nowhere")
    (here / "link.py").symlink_to("p/a.py")
    assert found(Told(), ["."]) == ["link.py", "p/a.py"]


def test_names_that_are_no_unicode_survive(here: Path) -> None:
    name = os.fsdecode(b"caf\xe9 \xff.py")
    tree(here, name, "with space.py")
    assert sorted(found(Told(), ["."])) == sorted([name, "with space.py"])


def test_excluded_names_and_paths_are_left_out(here: Path) -> None:
    tree(here, "a.py", "gen/b.py", "src/gen/c.py", "src/d_pb2.py", "src/old/e.py", "old/f.py")
    assert found(Told(), ["."], exclude=("gen", "*_pb2.py", "src/old")) == ["a.py", "old/f.py"]
    assert found(Told(), ["src/d_pb2.py"], exclude=("*_pb2.py",)) == ["src/d_pb2.py"]
    assert found(Told(), ["src/d_pb2.py", "a.py"], exclude=("*_pb2.py",), force_exclude=True) == ["a.py"]
    assert found(Told(), ["src/gen/c.py", "build/x.py", "a.py"], exclude=("gen",), force_exclude=True) == ["a.py"]


def test_the_nearest_configuration_says_what_is_excluded(here: Path) -> None:
    tree(here, "a.py", "x/b.py", "p/x/c.py", "p/y/d.py")
    (here / "pyproject.toml").write_text("[tool.unchunk]\nexclude = ['x']\n")
    (here / "p" / "unchunk.toml").write_text("exclude = ['y']\n")
    assert found(Told(), ["."]) == ["a.py", "p/x/c.py"]


def test_a_broken_configuration_leaves_out_what_it_rules_and_is_told(here: Path) -> None:
    tree(here, "a.py", "p/b.py", "p/q/c.py")
    (here / "p" / "unchunk.toml").write_text("exclude = 3\n")
    told = Told()
    assert found(told, ["."]) == ["a.py"]
    assert {path for path, _ in told.problems} == {str(here / "p" / "unchunk.toml")}


def test_what_git_ignores_is_left_out_tracked_or_not(here: Path) -> None:
    repository(here, _gitignore="", a_py="", p__b_py="", ignored__c_py="", tracked__d_py="")
    (here / ".gitignore").write_text("ignored/\n*.local.py\ntracked/\n")
    git(here, "rm", "-r", "--cached", "--quiet", "ignored")
    tree(here, "new.py", "p/e.local.py", "deleted.py")
    assert found(Told(), ["."]) == ["a.py", "deleted.py", "new.py", "p/b.py", "tracked/d.py"]
    assert found(Told(), ["p"]) == ["p/b.py"]
    assert "p/e.local.py" in found(Told(), ["."], respect_gitignore=False)


def test_a_folder_that_git_ignores_as_a_whole_is_walked_when_it_is_named(here: Path) -> None:
    repository(here, a_py="")
    (here / ".gitignore").write_text("env/\n")
    tree(here, "env/lib/b.py")
    assert found(Told(), ["."]) == ["a.py"]
    told = Told()
    assert found(told, ["env"]) == ["env/lib/b.py"]
    assert not told.notes


def test_repositories_inside_of_the_folder_follow_their_own_rules(here: Path) -> None:
    repository(here / "one", a_py="", b_py="")
    (here / "one" / ".gitignore").write_text("n.py\n")
    tree(here, "one/n.py", "loose.py")
    assert found(Told(), ["."]) == ["loose.py", "one/a.py", "one/b.py"]


def test_submodules_and_repositories_that_are_not_tracked_are_looked_into(here: Path) -> None:
    inner = repository(here / "elsewhere", lib_py="")
    outer = repository(here / "outer", a_py="")
    git(outer, "submodule", "--quiet", "add", str(inner), "module")
    repository(outer / "nested", deep__n_py="")
    assert found(Told(), ["outer"]) == ["outer/a.py", "outer/module/lib.py", "outer/nested/deep/n.py"]


def test_without_git_everything_is_found_and_a_note_says_so(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    repository(here, a_py="")
    (here / ".gitignore").write_text("n.py\n")
    tree(here, "n.py")
    monkeypatch.setenv("PATH", str(here / "empty"))
    told = Told()
    assert found(told, ["."]) == ["a.py", "n.py"]
    assert len(told.notes) == 1
    assert ".gitignore is not honoured" in told.notes[0]


def test_a_file_that_git_lists_but_that_is_gone_stays_in_the_list(here: Path) -> None:
    repository(here, a_py="", gone_py="")
    (here / "gone.py").unlink()
    assert found(Told(), ["."]) == ["a.py", "gone.py"]
