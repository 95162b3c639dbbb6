"""One repository: every odd one is a clear state, nothing in it is executed, and the user's tree is not touched."""

from __future__ import annotations

import os
import stat
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from cli.process import BUG, CLEAN, FIXED
from repository import ENVIRONMENT, git, repository, write
from unchunk.campaign.record import Limits, Record, Settings, State, Task
from unchunk.campaign.repository import process

SETTINGS = Settings(author="A <a@example.com>", date=1700000000)
PYPROJECT = '[project]\nname = "x"\nversion = "1"\ndependencies = [\n  "requests",\n]\n'
LEFT = """\
import json

import requests


def f(url):
    for number, chunk in enumerate(requests.get(url, stream=True).iter_content(None)):
        print(number, len(chunk), json.loads(chunk))
"""


def done(source: object, tmp_path: Path, settings: Settings = SETTINGS, **limits: object) -> Record:
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    return process(Task(str(source), settings, Limits(**limits)), str(scratch))


def commit(folder: Path) -> None:
    git(folder, "add", "--all", "--force")
    git(folder, "commit", "--quiet", "--message=more")


def buggy(tmp_path: Path) -> Path:
    top = repository(tmp_path / "r", app_py=BUG)
    (top / "pyproject.toml").write_text(PYPROJECT)
    commit(top)
    return top


def empty(tmp_path: Path) -> Path:
    git(tmp_path, "init", "--quiet", "r")
    return tmp_path / "r"


def bare(tmp_path: Path) -> Path:
    git(tmp_path, "clone", "--quiet", "--bare", str(buggy(tmp_path)), "bare")
    return tmp_path / "bare"


def shallow(tmp_path: Path) -> Path:
    top = buggy(tmp_path)
    write(top, more_py="more = 1\n")
    commit(top)
    git(tmp_path, "clone", "--quiet", "--depth=1", f"file://{top}", "shallow")
    return tmp_path / "shallow"


def detached(tmp_path: Path) -> Path:
    top = buggy(tmp_path)
    git(top, "checkout", "--quiet", "--detach")
    return top


def worktree(tmp_path: Path) -> Path:
    git(buggy(tmp_path), "worktree", "add", "--quiet", str(tmp_path / "linked"))
    return tmp_path / "linked"


def with_submodule(tmp_path: Path) -> Path:
    other = repository(tmp_path / "other", app_py=BUG)
    top = buggy(tmp_path)
    git(top, "submodule", "--quiet", "add", str(other), "inner")
    commit(top)
    return top


def with_lfs(tmp_path: Path) -> Path:
    top = buggy(tmp_path)
    write(top, big_py="version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 9\n")
    (top / ".gitattributes").write_text("big.py filter=lfs diff=lfs merge=lfs -text\n")
    commit(top)
    return top


def with_colliding_names(tmp_path: Path) -> Path:
    top = buggy(tmp_path)
    write(top, a_py="x = 1\n", A_py="x = 2\n")
    commit(top)
    return top


def with_bytes_as_name(tmp_path: Path) -> Path:
    top = buggy(tmp_path)
    Path(os.fsdecode(os.fsencode(top) + b"/\xff.py")).write_text(CLEAN)
    commit(top)
    return top


def with_line_ends(tmp_path: Path) -> Path:
    top = buggy(tmp_path)
    (top / ".gitattributes").write_text("*.py text eol=crlf working-tree-encoding=UTF-16 ident\n")
    git(top, "add", ".gitattributes")
    git(top, "commit", "--quiet", "--message=more")
    return top


def in_odd_folder(tmp_path: Path) -> Path:
    top = buggy(tmp_path)
    return top.rename(tmp_path / 'a "b" #ü\n%41;:')


def dirty(tmp_path: Path) -> Path:
    top = buggy(tmp_path)
    write(top, app_py="broken(", new_py=BUG)
    return top


def by_address(tmp_path: Path) -> str:
    return f"file://{buggy(tmp_path)}"


FIXED_AS_OTHERS = [
    buggy,
    bare,
    shallow,
    detached,
    worktree,
    with_submodule,
    with_lfs,
    with_colliding_names,
    with_bytes_as_name,
    with_line_ends,
    in_odd_folder,
    dirty,
    by_address,
]


@pytest.mark.parametrize("make", FIXED_AS_OTHERS, ids=lambda make: make.__name__)
def test_odd_repositories_are_fixed_as_others_and_left_untouched(
    tmp_path: Path, make: Callable[[Path], object]
) -> None:
    source = make(tmp_path)
    before = fingerprint(tmp_path)
    record = done(source, tmp_path)
    assert (record.state, record.error) == (State.FIXED, "")
    assert [(change.path, change.kind) for change in record.changes] == [
        ("app.py", "fix"),
        ("pyproject.toml", "dependency"),
    ]
    assert b"+from unchunk import iter_json" in record.patch
    assert fingerprint(tmp_path) == before


def fingerprint(folder: Path) -> dict[str, object]:
    """Return all files, with their contents and times."""
    found: dict[str, object] = {}
    for top, folders, names in os.walk(folder):
        if "scratch" in folders:
            folders.remove("scratch")
        for name in names:
            path = os.path.join(top, name)
            status = os.lstat(path)
            found[path] = (status.st_mtime_ns, status.st_size, status.st_mode)
    return found


@pytest.mark.parametrize(
    ("files", "state"),
    [
        ({}, State.CLEAN),
        ({"app_py": CLEAN}, State.CLEAN),
        ({"app_py": FIXED}, State.CLEAN),
        ({"app_py": "def f(:\n"}, State.CLEAN),
        ({"app_py": LEFT}, State.NOT_FIXED),
        ({"app_py": LEFT, "b_py": BUG}, State.PARTLY_FIXED),
    ],
)
def test_the_state_says_what_there_was(tmp_path: Path, files: dict[str, str], state: State) -> None:
    if files.get("app_py") == FIXED:
        files = files | {"requirements.txt": "unchunk\n"}
    record = done(repository(tmp_path / "r", **files), tmp_path)
    assert record.state is state
    assert bool(record.patch) is (state is State.PARTLY_FIXED)


def no_folder(tmp_path: Path) -> str:
    return str(tmp_path / "nowhere")


def no_repository(tmp_path: Path) -> str:
    (tmp_path / "r").mkdir()
    return str(tmp_path / "r")


def part_of_a_repository(tmp_path: Path) -> str:
    return str(repository(tmp_path / "r", p__app_py=BUG) / "p")


def broken_repository(tmp_path: Path) -> str:
    top = buggy(tmp_path)
    for path in (top / ".git" / "objects").rglob("*"):
        if path.is_file():
            path.chmod(0o600)
            path.write_bytes(b"?")
    return str(top)


def no_such_remote(tmp_path: Path) -> str:
    return f"file://{tmp_path}/nowhere"


def asks_for_a_password(tmp_path: Path) -> str:
    return "http://127.0.0.1:9/org/private.git"


def strange_transport(tmp_path: Path) -> str:
    return f"ext::sh -c 'touch {tmp_path}/executed'"


@pytest.mark.parametrize(
    ("make", "kind"),
    [
        (no_folder, "not-a-repository"),
        (no_repository, "not-a-repository"),
        (part_of_a_repository, "not-a-repository"),
        (broken_repository, "git"),
        (no_such_remote, "git"),
        (asks_for_a_password, "git"),
        (strange_transport, None),
    ],
    ids=lambda value: getattr(value, "__name__", None),
)
def test_what_cannot_be_done_is_told(tmp_path: Path, make: Callable[[Path], str], kind: str | None) -> None:
    record = done(make(tmp_path), tmp_path)
    if make is broken_repository:
        assert record.state in (State.FAILED, State.EMPTY)
        return
    assert record.state is State.FAILED
    assert record.error_kind == kind or kind is None
    assert "\n" not in record.error
    assert not (tmp_path / "executed").exists()


def test_no_commit_is_a_state(tmp_path: Path) -> None:
    assert done(empty(tmp_path), tmp_path).state is State.EMPTY


def test_nothing_that_a_repository_configures_is_executed(tmp_path: Path) -> None:
    top = buggy(tmp_path)
    script = tmp_path / "evil.sh"
    script.write_text(f"#!/bin/sh\ntouch {tmp_path}/executed\ncat\n")
    script.chmod(0o755)
    (top / ".gitattributes").write_text("* filter=evil diff=evil merge=evil\n")
    commit(top)
    for key in (
        "core.fsmonitor",
        "core.sshCommand",
        "core.pager",
        "core.askPass",
        "diff.external",
        "diff.evil.textconv",
        "diff.evil.command",
        "filter.evil.clean",
        "filter.evil.smudge",
        "filter.evil.process",
        "credential.helper",
        "uploadpack.packObjectsHook",
        "remote.origin.uploadpack",
        "gpg.program",
    ):
        git(top, "config", key, str(script))
    for key, value in (("core.hooksPath", str(tmp_path)), ("commit.gpgSign", "true"), ("filter.evil.required", "true")):
        git(top, "config", key, value)
    for hook in ("post-checkout", "pre-commit", "commit-msg", "post-commit", "pre-applypatch", "reference-transaction"):
        (top / ".git" / "hooks" / hook).write_text(script.read_text())
        (top / ".git" / "hooks" / hook).chmod(0o755)
        (tmp_path / hook).symlink_to(script)
    for number, source in enumerate((str(top), f"file://{top}")):
        folder = tmp_path / str(number)
        folder.mkdir()
        assert done(source, folder).state is State.FIXED
        assert not (tmp_path / "executed").exists()


@pytest.mark.parametrize(
    ("command", "error"),
    [
        ("", None),
        ("python3 -c pass", None),
        ("python3 -m py_compile app.py", None),
        ("no-such-program", "status 127"),
        ("python3 -c 'import sys; sys.exit(\"tests failed\")'", "tests failed"),
        ("sleep 60", "longer than 0.5 seconds"),
    ],
)
def test_a_change_has_to_pass_the_command_that_verifies(tmp_path: Path, command: str, error: str | None) -> None:
    settings = Settings(author="A <a@b>", date=1, verify=command, verify_limit=0.5 if "sleep" in command else 60)
    record = done(buggy(tmp_path), tmp_path, settings)
    assert record.state is (State.FIXED if error is None else State.FAILED)
    if error is not None:
        assert record.error_kind == "not-verified"
        assert error in record.error
        assert not record.patch


@pytest.mark.parametrize("options", [{"vendor": "p._streams"}, {"no_dependency": True}, {}])
def test_the_patch_makes_the_commit(tmp_path: Path, options: dict[str, object]) -> None:
    top = repository(tmp_path / "r", p____init___py="", p__app_py=BUG.replace("data", "größe"))
    (top / "pyproject.toml").write_text(PYPROJECT)
    (top / "p" / "app.py").chmod(0o755)
    commit(top)
    settings = Settings("Fix {fixed} in {files} ({codes}), {left} left {other}\n\nBody.", author="Ä <a@b>", date=7)
    record = done(top, tmp_path, Settings(settings.message, author="Ä <a@b>", date=7, options=options))
    assert record.state is State.FIXED
    subprocess.run(
        ["git", "am", "--quiet", "--committer-date-is-author-date"],
        cwd=top,
        input=record.patch,
        env=ENVIRONMENT | {"GIT_COMMITTER_NAME": "Ä", "GIT_COMMITTER_EMAIL": "a@b"},
        check=True,
    )
    assert git(top, "rev-parse", "HEAD").strip() == record.commit
    assert git(top, "log", "-1", "--format=%an|%at|%B").strip() == ("Ä|7|Fix 1 in 1 (UNC101), 0 left {other}\n\nBody.")
    assert (top / "p" / "app.py").stat().st_mode & stat.S_IXUSR
    assert (top / "p" / "_streams.py").exists() is ("vendor" in options)


def test_the_author_is_that_of_the_repository_where_it_has_one(tmp_path: Path) -> None:
    top = buggy(tmp_path)
    git(top, "config", "user.email", "work@example.com")
    assert b"From: A <work@example.com>" in done(top, tmp_path).patch


def test_a_large_generated_file_takes_no_memory(tmp_path: Path) -> None:
    top = buggy(tmp_path)
    with open(top / "generated.py", "wb") as file:
        for _ in range(40):
            file.write(b"x = 1\n" * 200_000)
    commit(top)
    assert done(top, tmp_path).state is State.FIXED
