"""Nothing that a scanned tree brings along is executed by way of git, and nothing of it hides a finding."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from cli.process import BUG, unchunk
from repository import ENVIRONMENT, git, repository, write
from unchunk.project.changed_lines import ChangedLines
from unchunk.project.git import GitError, is_ignored, is_tracked, listed_files

TEN = "".join(f"line {number}\n" for number in range(1, 11))


@pytest.fixture
def trap(tmp_path: Path) -> Path:
    """Return a program that leaves a mark beside it when it is run."""
    program = tmp_path / "trap.sh"
    program.write_text(f"#!/bin/sh\necho run >> {tmp_path}/executed\ncat\nexit 0\n")
    program.chmod(0o755)
    return program


def is_sprung(trap: Path) -> bool:
    return (trap.parent / "executed").exists()


def configure(root: Path, key: str, value: str) -> None:
    git(root, "config", key, value)


def _monitor(root: Path, trap: Path) -> None:
    configure(root, "core.fsmonitor", str(trap))


def _hooks(root: Path, trap: Path) -> None:
    for name in ("post-index-change", "post-checkout", "pre-auto-gc", "reference-transaction", "fsmonitor-watchman"):
        shutil.copy(trap, root / ".git" / "hooks" / name)


def _hooks_elsewhere(root: Path, trap: Path) -> None:
    hooks = trap.parent / "hooks"
    hooks.mkdir()
    shutil.copy(trap, hooks / "post-index-change")
    configure(root, "core.hooksPath", str(hooks))


def _filters(root: Path, trap: Path) -> None:
    for key in ("clean", "smudge", "process"):
        configure(root, f"filter.x.{key}", str(trap))
    (root / ".gitattributes").write_text("*.py filter=x\n")


def _diff_drivers(root: Path, trap: Path) -> None:
    for key in ("diff.x.textconv", "diff.x.command", "diff.external"):
        configure(root, key, str(trap))
    (root / ".gitattributes").write_text("*.py diff=x\n")


def _pagers_and_aliases(root: Path, trap: Path) -> None:
    for key in ("core.pager", "pager.diff", "pager.ls-files", "core.editor", "core.sshCommand", "credential.helper"):
        configure(root, key, str(trap))
    for name in ("ls-files", "rev-parse", "cat-file", "ls-tree", "merge-base", "check-ignore"):
        configure(root, f"alias.{name}", f"!{trap}")


def _work_tree_elsewhere(root: Path, trap: Path) -> None:
    configure(root, "core.worktree", str(trap.parent))
    configure(root, "core.fsmonitor", str(trap))


def _included(root: Path, trap: Path) -> None:
    (root / "more").write_text(f"[core]\n\tfsmonitor = {trap}\n\tpager = {trap}\n")
    configure(root, "include.path", str(root / "more"))
    configure(root, "includeIf.gitdir:**.path", str(root / "more"))


def _of_the_work_tree(root: Path, trap: Path) -> None:
    configure(root, "core.repositoryFormatVersion", "1")
    configure(root, "extensions.worktreeConfig", "true")
    (root / ".git" / "config.worktree").write_text(f"[core]\n\tfsmonitor = {trap}\n\thooksPath = {trap.parent}\n")


def _attributes_of_the_repository(root: Path, trap: Path) -> None:
    for key in ("filter.x.clean", "filter.x.smudge", "diff.x.textconv", "merge.x.driver"):
        configure(root, key, str(trap))
    configure(root, "core.attributesFile", str(root / ".git" / "info" / "attributes"))
    (root / ".git" / "info" / "attributes").write_text("* filter=x diff=x merge=x working-tree-encoding=UTF-16\n")


def _sparse(root: Path, trap: Path) -> None:
    """Files that the index takes for absent are there."""
    git(root, "sparse-checkout", "set", "--cone", "--sparse-index", "nothing")
    configure(root, "core.fsmonitor", str(trap))
    write(root, sub__b_py=TEN)


def _other_repositories(root: Path, trap: Path) -> None:
    (root / ".git" / "objects" / "info" / "alternates").write_text(f"{trap.parent}\n/dev/null\n")
    configure(root, "core.alternateRefsCommand", str(trap))
    configure(root, "gpg.program", str(trap))


def _missing_objects(root: Path, trap: Path) -> None:
    """Make a partial clone: missing objects are fetched on demand, by a program of the configuration."""
    configure(root, "core.repositoryFormatVersion", "1")
    configure(root, "extensions.partialClone", "origin")
    configure(root, "remote.origin.url", str(root))
    configure(root, "remote.origin.promisor", "true")
    configure(root, "remote.origin.uploadpack", str(trap))
    name = git(root, "rev-parse", "HEAD:a.py").strip()
    (root / ".git" / "objects" / name[:2] / name[2:]).unlink()


def _missing_by_helper(root: Path, trap: Path) -> None:
    _missing_objects(root, trap)
    configure(root, "remote.origin.url", f"ext::{trap}")
    configure(root, "protocol.ext.allow", "always")
    configure(root, "protocol.allow", "always")


def _missing_behind_a_password(root: Path, trap: Path) -> None:
    """Make a partial clone of a host that asks for a password."""
    _missing_objects(root, trap)
    configure(root, "remote.origin.url", "https://127.0.0.1:9/x.git")
    for key in ("credential.helper", "credential.https://127.0.0.1:9.helper", "core.askPass"):
        configure(root, key, str(trap))


TRAPS = [
    _monitor,
    _hooks,
    _hooks_elsewhere,
    _filters,
    _diff_drivers,
    _pagers_and_aliases,
    _work_tree_elsewhere,
    _included,
    _of_the_work_tree,
    _attributes_of_the_repository,
    _sparse,
    _other_repositories,
    _missing_objects,
    _missing_by_helper,
    _missing_behind_a_password,
]


@pytest.mark.parametrize("build", TRAPS, ids=lambda build: build.__name__.lstrip("_"))
def test_a_configuration_that_comes_with_the_tree_starts_nothing(
    tmp_path: Path, trap: Path, build: Callable[[Path, Path], None]
) -> None:
    root = repository(tmp_path / "archive", a_py=TEN, sub__b_py=TEN)
    build(root, trap)
    write(root, a_py=TEN.replace("line 3", "three"))
    os.utime(root / "sub" / "b.py", (1, 1))
    (tmp_path / "executed").unlink(missing_ok=True)
    assert {"a.py", "sub/b.py"} <= set(listed_files(str(root)))
    assert not is_ignored(str(root / "sub"))
    assert is_tracked(str(root / "a.py"))
    try:
        assert ChangedLines("HEAD").touch(str(root / "a.py"), [(3, 3)])
        assert not ChangedLines("HEAD").touch(str(root / "sub" / "b.py"), [(1, 10)])
    except GitError:
        assert "missing" in build.__name__, "nothing else keeps git from reading it"
    assert not is_sprung(trap)


def embedded(folder: Path, trap: Path) -> Path:
    """Return a bare repository among the files of a pull request, whose configuration makes it a work tree of its
    own.
    """
    inner = repository(folder.parent / f"{folder.name}.made", _gitignore="*\n", a_py=BUG)
    configure(inner, "core.fsmonitor", str(trap))
    configure(inner, "core.worktree", str(folder))
    folder.mkdir(parents=True)
    for name in ("HEAD", "config", "index", "objects", "refs"):
        shutil.move(inner / ".git" / name, folder / name)
    shutil.rmtree(inner)
    (folder / "a.py").write_text(BUG)
    return folder


def test_a_repository_among_the_files_is_no_repository(tmp_path: Path, trap: Path) -> None:
    root = repository(tmp_path / "checkout", app_py="")
    git(root, "branch", "base")
    inner = embedded(root / "docs" / "sample", trap)
    git(root, "add", "--all", "--force")
    git(root, "commit", "--quiet", "--message=pull request")
    (tmp_path / "executed").unlink(missing_ok=True)
    for arguments in (["docs/sample"], ["--diff-base=base", "."], ["--diff-base=base", "docs/sample/a.py"]):
        done = unchunk(root, "check", *arguments)
        assert (done.returncode, b"docs/sample/a.py:8:16: UNC101" in done.stdout) == (1, True), done.stderr
    done = unchunk(inner, "check", "--diff-base=base")
    assert (done.returncode, done.stdout.startswith(b"a.py:8:16: UNC101")) == (1, True), done.stderr
    assert not is_sprung(trap)


@pytest.mark.parametrize("ours", [True, False], ids=["as a submodule", "not tracked"])
def test_a_repository_inside_is_compared_with_what_the_revision_has_in_its_place(tmp_path: Path, ours: bool) -> None:
    """Its own branches, which came with the change, say nothing."""
    root = repository(tmp_path / "checkout", app_py="")
    inner = repository(root / "inner", a_py=TEN, old_py=TEN)
    if ours:
        git(root, "add", "inner")
        git(root, "commit", "--quiet", "--message=module")
    git(root, "branch", "base")
    write(inner, a_py=TEN.replace("line 5", "five"))
    git(inner, "commit", "--quiet", "--all", "--message=theirs")
    git(inner, "branch", "base")
    git(root, "add", "inner") if ours else None
    git(root, "commit", "--quiet", "--allow-empty", "--message=pull request")
    lines = ChangedLines("base", [str(root)])
    assert lines.touch(str(inner / "a.py"), [(5, 5)])
    assert lines.touch(str(inner / "old.py"), [(1, 1)]) is not ours
    assert lines.touch(str(inner / "a.py"), [(6, 6)]) is not ours


def test_a_submodule_whose_former_commit_is_unknown_is_new_as_a_whole(tmp_path: Path) -> None:
    root = repository(tmp_path / "checkout", app_py="")
    git(root, "update-index", "--add", "--cacheinfo", f"160000,{'1' * 40},inner")
    git(root, "commit", "--quiet", "--message=module")
    inner = repository(root / "inner", a_py=TEN)
    assert ChangedLines("HEAD", [str(root)]).touch(str(inner / "a.py"), [(1, 1)])


def test_attributes_and_marks_of_the_index_hide_no_change(tmp_path: Path) -> None:
    root = repository(tmp_path, a_py=TEN, b_py=TEN, c_py=TEN)
    write(root, _gitattributes="*.py binary -diff -text\n")
    git(root, "update-index", "--assume-unchanged", "b.py")
    git(root, "update-index", "--skip-worktree", "c.py")
    changed = TEN.replace("line 3", "three")
    write(root, a_py=changed, b_py=changed, c_py=changed)
    for name in ("a.py", "b.py", "c.py"):
        assert ChangedLines("HEAD").touch(str(root / name), [(3, 3)])
        assert not ChangedLines("HEAD").touch(str(root / name), [(4, 4)])


def test_replaced_objects_hide_no_change(tmp_path: Path) -> None:
    root = repository(tmp_path, a_py=TEN)
    write(root, a_py=TEN.replace("line 3", "three"))
    new = git(root, "hash-object", "-w", "a.py").strip()
    git(root, "replace", git(root, "rev-parse", "HEAD:a.py").strip(), new)
    assert ChangedLines("HEAD").touch(str(root / "a.py"), [(3, 3)])


def test_line_ends_that_git_changes_at_checkout_are_no_changes(tmp_path: Path) -> None:
    root = repository(tmp_path, a_py=TEN)
    (root / "a.py").write_bytes(TEN.replace("\n", "\r\n").replace("line 3", "three").encode())
    assert [n for n in range(1, 11) if ChangedLines("HEAD").touch(str(root / "a.py"), [(n, n)])] == [3]


def test_a_link_counts_as_what_it_leads_to(tmp_path: Path) -> None:
    root = repository(tmp_path / "checkout", a_py=TEN)
    (root / "link.py").symlink_to("a.py")
    (root / "out.py").symlink_to(tmp_path / "out.py")
    (tmp_path / "out.py").write_text(TEN)
    git(root, "add", "--all")
    git(root, "commit", "--quiet", "--message=links")
    lines = ChangedLines("HEAD", [str(root)])
    assert not lines.touch(str(root / "link.py"), [(1, 10)])
    with pytest.raises(GitError):
        lines.touch(str(root / "out.py"), [(1, 10)])


@pytest.mark.parametrize(
    "name", ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_OBJECT_DIRECTORY", "GIT_NAMESPACE"]
)
def test_variables_that_lead_elsewhere_are_not_followed(
    tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = repository(tmp_path / "one", a_py=TEN)
    other = repository(tmp_path / "other", _gitignore="*\n", x_py=TEN)
    monkeypatch.setenv(name, str(other / ".git"))
    assert listed_files(str(root)) == ["a.py"]
    assert not ChangedLines("HEAD").touch(str(root / "a.py"), [(1, 10)])


def test_programs_that_the_environment_names_for_git_are_not_started(
    tmp_path: Path, trap: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = repository(tmp_path / "one", a_py=TEN)
    write(root, a_py=TEN.replace("line 3", "three"))
    for name in ("GIT_EXTERNAL_DIFF", "GIT_PAGER", "GIT_EDITOR", "GIT_SSH", "GIT_SSH_COMMAND", "GIT_ASKPASS"):
        monkeypatch.setenv(name, str(trap))
    assert ChangedLines("HEAD").touch(str(root / "a.py"), [(3, 3)])
    assert not is_sprung(trap)


def test_no_program_of_the_tree_is_taken_for_git(tmp_path: Path, trap: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = repository(tmp_path / "one", a_py=TEN)
    shutil.copy(trap, root / "git")
    monkeypatch.chdir(root)
    monkeypatch.setenv("PATH", os.pathsep.join(["", ".", os.environ["PATH"]]))
    assert set(listed_files(".")) == {"a.py", "git"}
    assert not is_sprung(trap)


def test_a_repository_of_another_user_is_left_to_the_judgement_of_git(tmp_path: Path) -> None:
    if os.geteuid() != 0:
        pytest.skip("only root can give files away")
    root = repository(tmp_path / "theirs", a_py=TEN)
    for path in [root, *root.rglob("*")]:
        os.chown(path, 1234, 1234, follow_symlinks=False)
    with pytest.raises(GitError, match="dubious ownership"):
        listed_files(str(root))


@pytest.mark.parametrize("name", [".gitignore", ".git/config", ".git/index", ".git/HEAD", ".git/info/exclude"])
def test_a_git_that_waits_without_end_is_given_up(tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("unchunk.project.git.TIMEOUT", 0.3)
    monkeypatch.setattr("unchunk.project.git._waited", [])
    root = repository(tmp_path, a_py=TEN)
    (root / name).unlink(missing_ok=True)
    os.mkfifo(root / name)
    with pytest.raises(GitError, match="no answer"):
        listed_files(str(root))


def test_many_that_wait_without_end_are_waited_for_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("unchunk.project.git.TIMEOUT", 0.3)
    monkeypatch.setattr("unchunk.project.git.MIN_SECONDS", 0.01)
    monkeypatch.setattr("unchunk.project.git._waited", [])
    for number in range(3):
        root = repository(tmp_path / str(number), a_py=TEN)
        os.mkfifo(root / ".gitignore")
        with pytest.raises(GitError, match="within 0.3 " if number == 0 else "within 0.01 "):
            listed_files(str(root))


def test_linked_work_trees_and_links_to_a_work_tree_are_known(tmp_path: Path) -> None:
    root = repository(tmp_path / "one", a_py=TEN, p__b_py=TEN)
    git(root, "worktree", "add", "--quiet", str(tmp_path / "linked"))
    (tmp_path / "link").symlink_to(root / "p")
    assert listed_files(str(tmp_path / "linked")) == ["a.py", "p/b.py"]
    assert listed_files(str(tmp_path / "link")) == ["b.py"]
    write(tmp_path / "linked", a_py=TEN.replace("line 3", "three"))
    assert ChangedLines("HEAD").touch(str(tmp_path / "linked" / "a.py"), [(3, 3)])
    assert not ChangedLines("HEAD").touch(str(tmp_path / "link" / "b.py"), [(1, 10)])


def test_the_other_object_format_is_read(tmp_path: Path) -> None:
    made = subprocess.run(
        ["git", "init", "--quiet", "--object-format=sha256", str(tmp_path)], env=ENVIRONMENT, check=False
    )
    if made.returncode != 0:
        pytest.skip("this git knows one format only")
    root = repository(tmp_path, a_py=TEN, b_py=TEN)
    write(root, a_py=TEN.replace("line 3", "three"))
    assert ChangedLines("HEAD").touch(str(root / "a.py"), [(3, 3)])
    assert not ChangedLines("HEAD").touch(str(root / "b.py"), [(1, 10)])
