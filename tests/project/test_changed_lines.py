"""Lines changed since a revision, by the real git."""

from __future__ import annotations

from pathlib import Path

import pytest

from repository import git, repository, write
from unchunk.project.changed_lines import ChangedLines
from unchunk.project.git import GitError

TEN = "".join(f"line {number}\n" for number in range(1, 11))


def changed(folder: Path, name: str = "a.py", revision: str = "HEAD") -> list[int]:
    """Return the changed lines among the first twelve."""
    lines = ChangedLines(revision)
    return [number for number in range(1, 13) if lines.touch(str(folder / name), [(number, number)])]


def test_an_unchanged_file_has_no_changed_line(tmp_path: Path) -> None:
    assert changed(repository(tmp_path, a_py=TEN)) == []


def test_deleted_lines_are_not_there_to_be_changed(tmp_path: Path) -> None:
    repository(tmp_path, a_py=TEN)
    write(tmp_path, a_py=TEN.replace("line 4\n", ""))
    assert changed(tmp_path) == []


def test_a_change_by_others_on_the_branch_compared_with_is_none_here(tmp_path: Path) -> None:
    repository(tmp_path, a_py=TEN)
    git(tmp_path, "checkout", "--quiet", "-b", "mine")
    git(tmp_path, "checkout", "--quiet", "main")
    write(tmp_path, a_py=TEN.replace("line 9", "theirs"))
    git(tmp_path, "commit", "--quiet", "--all", "--message=theirs")
    git(tmp_path, "checkout", "--quiet", "mine")
    write(tmp_path, a_py=TEN.replace("line 2", "mine"))
    assert changed(tmp_path, revision="main") == [2]


def test_changed_and_added_lines_are_told_staged_or_not(tmp_path: Path) -> None:
    repository(tmp_path, a_py=TEN)
    write(tmp_path, a_py=TEN.replace("line 3", "three").replace("line 7\n", "line 7\nnew\nnew\n"))
    assert changed(tmp_path) == [3, 8, 9]
    git(tmp_path, "add", "--all")
    assert changed(tmp_path) == [3, 8, 9]


def test_a_stretch_counts_if_any_of_its_lines_is_changed(tmp_path: Path) -> None:
    repository(tmp_path, a_py=TEN)
    write(tmp_path, a_py=TEN.replace("line 5", "five"))
    lines = ChangedLines("HEAD")
    assert lines.touch(str(tmp_path / "a.py"), [(1, 2), (4, 6)])
    assert not lines.touch(str(tmp_path / "a.py"), [(1, 4), (6, 9)])


def test_a_file_that_git_does_not_know_yet_is_new_as_a_whole(tmp_path: Path) -> None:
    repository(tmp_path, a_py=TEN)
    write(tmp_path, new_py=TEN)
    assert changed(tmp_path, "new.py") == list(range(1, 13))


def test_names_with_blanks_quotes_and_glob_characters_are_taken_literally(tmp_path: Path) -> None:
    repository(tmp_path)
    name = 'we [i]rd "ü" *.py'
    (tmp_path / name).write_text(TEN)
    (tmp_path / 'we i "ü" x.py').write_text(TEN)
    git(tmp_path, "add", "--all")
    git(tmp_path, "commit", "--quiet", "--message=odd")
    (tmp_path / name).write_text(TEN.replace("line 1\n", "one\n"))
    assert changed(tmp_path, name) == [1]


def test_an_unknown_revision_and_a_folder_without_repository_are_errors(tmp_path: Path) -> None:
    repository(tmp_path / "in", a_py=TEN)
    with pytest.raises(GitError):
        changed(tmp_path / "in", revision="nowhere")
    with pytest.raises(GitError):
        changed(tmp_path / "in", revision="--output=/dev/null")
    (tmp_path / "a.py").write_text(TEN)
    with pytest.raises(GitError):
        changed(tmp_path)
