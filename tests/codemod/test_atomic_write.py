"""Files are written byte for byte, whole at every moment, and several together or not at all."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from repository import git, repository
from unchunk.codemod import atomic_write as writing
from unchunk.codemod import staging
from unchunk.codemod.atomic_write import PREFIX, Change, WriteError, write
from unchunk.codemod.interrupts import noted_interrupts

OLD = b"old\r\nbytes \xff\x00"
NEW = b"\xef\xbb\xbfnew\nbytes\r\x0c no newline at the end"


def old_file(folder: Path, name: str = "module.py", content: bytes = OLD) -> Path:
    path = folder / name
    path.write_bytes(content)
    return path


def names(folder: Path) -> list[str]:
    return sorted(entry.name for entry in folder.iterdir())


@pytest.fixture(autouse=True)
def no_litter(tmp_path: Path) -> Iterator[None]:
    yield
    assert not list(tmp_path.rglob(f"{PREFIX}*")), "temporary files are left behind"


def refused(changes: list[Change], reason: str) -> None:
    with pytest.raises(WriteError, match=reason) as raised:
        write(changes)
    assert str(raised.value).startswith(f"{raised.value.path}: ")


def test_no_change_writes_nothing(tmp_path: Path) -> None:
    write([])
    assert names(tmp_path) == []


def test_bytes_arrive_as_they_are(tmp_path: Path) -> None:
    path = old_file(tmp_path)
    write([Change(path, OLD, NEW)])
    assert path.read_bytes() == NEW
    assert names(tmp_path) == ["module.py"]


@pytest.mark.parametrize("mode", [0o600, 0o644, 0o755, 0o664])
def test_mode_is_kept(tmp_path: Path, mode: int) -> None:
    path = old_file(tmp_path)
    path.chmod(mode)
    write([Change(path, OLD, NEW)])
    assert stat.S_IMODE(path.stat().st_mode) == mode


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root can give files away")
def test_owner_is_kept_where_the_system_lets_us(tmp_path: Path) -> None:
    path = old_file(tmp_path)
    os.chown(path, 1234, 2345)
    write([Change(path, OLD, NEW)])
    assert (path.stat().st_uid, path.stat().st_gid) == (1234, 2345)


def test_extended_attributes_are_kept(tmp_path: Path) -> None:
    path = old_file(tmp_path)
    try:
        os.setxattr(path, "user.origin", b"here")
    except (AttributeError, OSError):
        pytest.skip("no extended attributes on this file system")
    write([Change(path, OLD, NEW)])
    assert os.getxattr(path, "user.origin") == b"here"


def test_target_of_a_symbolic_link_is_written_once_and_the_link_stays(tmp_path: Path) -> None:
    path = old_file(tmp_path)
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    link = folder / "link.py"
    link.symlink_to(path)
    write([Change(link, OLD, NEW), Change(path, OLD, NEW)])
    assert link.is_symlink()
    assert path.read_bytes() == NEW


def test_two_different_contents_for_one_file_are_refused(tmp_path: Path) -> None:
    path = old_file(tmp_path)
    link = tmp_path / "link.py"
    link.symlink_to(path)
    refused([Change(link, OLD, NEW), Change(path, OLD, b"other")], "is the same file as")
    assert path.read_bytes() == OLD


def test_hard_link_outside_of_the_change_keeps_its_bytes(tmp_path: Path) -> None:
    path = old_file(tmp_path)
    cache = tmp_path / "cache.py"
    os.link(path, cache)
    write([Change(path, OLD, NEW)])
    assert (path.read_bytes(), cache.read_bytes()) == (NEW, OLD)


def test_hard_links_changed_together_stay_one_file(tmp_path: Path) -> None:
    path = old_file(tmp_path)
    twin = tmp_path / "twin.py"
    os.link(path, twin)
    write([Change(path, OLD, NEW), Change(twin, OLD, NEW)])
    assert path.samefile(twin)
    assert twin.read_bytes() == NEW


def test_read_only_file_is_refused(tmp_path: Path) -> None:
    path = old_file(tmp_path)
    path.chmod(0o444)
    refused([Change(path, OLD, NEW)], "is read-only")
    assert path.read_bytes() == OLD


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root writes everywhere")
def test_read_only_folder_is_refused(tmp_path: Path) -> None:
    folder = tmp_path / "closed"
    folder.mkdir()
    path = old_file(folder)
    folder.chmod(0o555)
    try:
        refused([Change(path, OLD, NEW)], "cannot be written: permission denied")
    finally:
        folder.chmod(0o755)
    assert path.read_bytes() == OLD


def test_folder_and_pipe_are_refused(tmp_path: Path) -> None:
    refused([Change(tmp_path, OLD, NEW)], "is not a regular file")
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    refused([Change(pipe, OLD, NEW)], "is not a regular file")
    with pytest.raises(OSError, match="not a regular file"):
        writing.read(pipe)


def test_file_changed_meanwhile_is_left_as_it_is(tmp_path: Path) -> None:
    path = old_file(tmp_path, content=b"somebody else's")
    other = old_file(tmp_path, "other.py")
    refused([Change(other, OLD, NEW), Change(path, OLD, NEW)], "changed on disk meanwhile")
    assert (path.read_bytes(), other.read_bytes()) == (b"somebody else's", OLD)


def test_file_that_has_gone_is_not_made_again(tmp_path: Path) -> None:
    refused([Change(tmp_path / "gone.py", OLD, NEW)], "changed on disk meanwhile")
    assert names(tmp_path) == []


def test_new_file_gets_its_folders_and_the_usual_mode(tmp_path: Path) -> None:
    path = tmp_path / "package" / "_vendor" / "helper.py"
    mask = os.umask(0o027)
    try:
        write([Change(path, None, NEW)])
    finally:
        os.umask(mask)
    assert path.read_bytes() == NEW
    assert stat.S_IMODE(path.stat().st_mode) == 0o640


def test_new_file_never_takes_the_place_of_another(tmp_path: Path) -> None:
    path = old_file(tmp_path)
    refused([Change(path, None, NEW)], "changed on disk meanwhile")
    assert path.read_bytes() == OLD


class Failing:
    """Lets a step fail, or the user interrupt, when it is taken the nth time."""

    def __init__(self, call: Callable[..., Any], at: int, error: BaseException) -> None:
        self.call = call
        self.left = at
        self.error = error

    def __call__(self, *args: Any) -> Any:
        self.left -= 1
        if self.left == 0:
            raise self.error
        return self.call(*args)


def without_exchange(monkeypatch: pytest.MonkeyPatch) -> None:
    """Run as on systems that cannot swap two files."""
    monkeypatch.setattr(writing, "exchange", lambda one, other: False)


# The steps by which files take their places: old ones where the system can swap, old ones elsewhere, and new ones.
STEPS = [(writing, "exchange"), (os, "replace"), (os, "link")]


@pytest.mark.parametrize("at", [1, 2])
@pytest.mark.parametrize(("module", "name"), STEPS, ids=lambda value: value if isinstance(value, str) else None)
@pytest.mark.parametrize("error", [OSError(28, "No space left on device"), KeyboardInterrupt()])
def test_failure_half_way_puts_everything_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, module: Any, name: str, at: int, error: BaseException
) -> None:
    first, second = old_file(tmp_path, "a.py"), old_file(tmp_path, "b.py")
    second.chmod(0o600)
    new, other = tmp_path / "made" / "new.py", tmp_path / "other.py"
    if name != "exchange":
        without_exchange(monkeypatch)
    failing = Failing(getattr(module, name), at, error)
    monkeypatch.setattr(module, name, failing)
    with contextlib.suppress(WriteError, KeyboardInterrupt):
        write([Change(first, OLD, NEW), Change(new, None, NEW), Change(second, OLD, NEW), Change(other, None, NEW)])
        assert name == "link", "files that cannot be linked are copied, or moved"
    assert failing.left <= 0
    if new.exists():
        assert (first.read_bytes(), second.read_bytes(), new.read_bytes()) == (NEW, NEW, NEW)
    else:
        assert (first.read_bytes(), second.read_bytes()) == (OLD, OLD)
        assert names(tmp_path) == ["a.py", "b.py"]
    assert stat.S_IMODE(second.stat().st_mode) == 0o600


@pytest.mark.parametrize("name", ["exchange", "replace"])
def test_failing_system_is_told_as_the_file_and_the_reason(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    path = old_file(tmp_path)
    if name == "replace":
        without_exchange(monkeypatch)
    module = os if name == "replace" else writing
    monkeypatch.setattr(module, name, Failing(getattr(module, name), 1, OSError(28, "No space left on device")))
    refused([Change(path, OLD, NEW)], "cannot be written: no space left on device")


class Interrupting:
    """A system call during which the user presses Ctrl-C, or the system ends, and which succeeds."""

    def __init__(self, call: Callable[..., Any], at: int, signal_: signal.Signals) -> None:
        self.call = call
        self.at = at
        self.signal = signal_
        self.calls = 0

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        self.calls += 1
        result = self.call(*args, **kwargs)
        if self.calls == self.at:
            signal.raise_signal(self.signal)
        return result


@pytest.mark.parametrize("signal_", ["SIGINT", "SIGTERM", "SIGHUP"])
@pytest.mark.parametrize("at", [1, 2])
@pytest.mark.parametrize(
    ("module", "name", "content"),
    [(os, "mkdir", OLD), (os, "fsync", OLD), (writing, "exchange", OLD), (os, "link", OLD), (os, "rmdir", NEW)],
    ids=lambda value: getattr(value, "__name__", None),
)
def test_interrupt_waits_for_a_moment_when_nothing_is_half_done(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, module: Any, name: str, content: bytes, at: int, signal_: str
) -> None:
    folders = [tmp_path / "one", tmp_path / "two"]
    for folder in folders:
        folder.mkdir()
    first, second = (old_file(folder, "a.py") for folder in folders)
    if name == "link":
        without_exchange(monkeypatch)
    interrupting = Interrupting(getattr(module, name), at, getattr(signal, signal_))
    monkeypatch.setattr(module, name, interrupting)
    before = signal.signal(interrupting.signal, _raise)
    try:
        with pytest.raises(KeyboardInterrupt):
            write([Change(first, OLD, NEW), Change(second, OLD, NEW)])
    finally:
        signal.signal(interrupting.signal, before)
    assert (first.read_bytes(), second.read_bytes()) == (content, content)
    assert [names(folder) for folder in folders] == [["a.py"], ["a.py"]]


def _raise(number: int, frame: object) -> None:
    raise KeyboardInterrupt


@pytest.mark.parametrize("exchanging", [True, False])
def test_an_edit_at_the_last_moment_is_put_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, exchanging: bool
) -> None:
    """In the file itself, and where the system can swap also by another file that takes its place."""
    first, second = old_file(tmp_path, "a.py"), old_file(tmp_path, "b.py")
    swap = writing.exchange

    def edit(one: Path, other: Path) -> bool:
        if other == second:
            if exchanging:
                old_file(tmp_path, "edited", b"an edit")
                os.replace(tmp_path / "edited", second)
            else:
                second.write_bytes(b"an edit")
        return exchanging and swap(one, other)

    monkeypatch.setattr(writing, "exchange", edit)
    refused([Change(first, OLD, NEW), Change(second, OLD, NEW)], "changed on disk meanwhile")
    assert (first.read_bytes(), second.read_bytes()) == (OLD, b"an edit")


def test_all_that_must_not_be_written_is_told_at_once(tmp_path: Path) -> None:
    paths = [old_file(tmp_path, name) for name in ("a.py", "b.py", "c.py")]
    paths[0].chmod(0o444)
    paths[2].chmod(0o444)
    with pytest.raises(WriteError) as raised:
        write([Change(path, OLD, NEW) for path in paths])
    assert raised.value.reasons == {paths[0]: "is read-only", paths[2]: "is read-only"}
    assert not raised.value.is_general


def test_what_waits_is_at_the_top_and_git_ignores_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = repository(tmp_path, p__q__a_py=OLD.decode("latin-1"))
    path = old_file(root / "p" / "q", "a.py")
    seen: list[tuple[list[str], str]] = []
    swap = writing.exchange

    def look(one: Path, other: Path) -> bool:
        seen.append((names(root), git(root, "status", "--porcelain", "--untracked-files=all")))
        return swap(one, other)

    before = git(root, "status", "--porcelain", "--untracked-files=all")
    monkeypatch.setattr(writing, "exchange", look)
    write([Change(path, OLD, NEW)], root)
    [(top, status)] = seen
    assert any(name.startswith(PREFIX) for name in top)
    assert status == before
    assert names(path.parent) == ["a.py"]


def test_what_lost_processes_left_is_removed_and_nothing_else(tmp_path: Path) -> None:
    lost = tmp_path / f"{PREFIX}12ab-0123456789ab"
    theirs = [tmp_path / f"{PREFIX}notes", tmp_path / f"{PREFIX}1-0123456789ab"]
    (tmp_path / f"{PREFIX}1-ba9876543210").mkdir()
    for folder in (lost, *theirs):
        folder.mkdir()
        (folder / "new-1").write_text("a source")
    (lost / ".gitignore").write_bytes(staging._TAG)
    (theirs[0] / ".gitignore").write_bytes(staging._TAG)
    (theirs[1] / ".gitignore").write_text("# mine\n")
    living = staging.Staging(tmp_path)
    staging.sweep(str(tmp_path))
    assert names(tmp_path) == sorted(folder.name for folder in (*theirs, living.path))
    living.close()
    for folder in theirs:
        shutil.rmtree(folder)


def test_a_folder_that_no_file_can_be_kept_in_is_passed_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "p"
    folder.mkdir()
    path = old_file(folder)
    monkeypatch.setattr(os, "mkdir", Failing(os.mkdir, 1, PermissionError(13, "Permission denied")))
    write([Change(path, OLD, NEW)], tmp_path)
    assert (path.read_bytes(), names(tmp_path), names(folder)) == (NEW, ["p"], ["module.py"])


def test_an_interrupt_that_was_swallowed_stops_the_writing_all_the_same(tmp_path: Path) -> None:
    path = old_file(tmp_path)
    before = signal.signal(signal.SIGINT, _raise)
    try:
        with noted_interrupts():
            with contextlib.suppress(BaseException):
                signal.raise_signal(signal.SIGINT)
            with pytest.raises(KeyboardInterrupt):
                write([Change(path, OLD, NEW)])
        write([Change(path, OLD, NEW)])
    finally:
        signal.signal(signal.SIGINT, before)
    assert path.read_bytes() == NEW


def test_write_in_another_thread_leaves_signals_alone(tmp_path: Path) -> None:
    path = old_file(tmp_path)
    with ThreadPoolExecutor(1) as pool:
        pool.submit(write, [Change(path, OLD, NEW)]).result()
    assert path.read_bytes() == NEW


WRITER = """
import signal, sys
from pathlib import Path
from unchunk.codemod.atomic_write import Change, write
signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's background job has it ignored
path, size = Path(sys.argv[1]), int(sys.argv[2])
old, new = b"o" * size, b"n" * size
print("ready", flush=True)
while True:
    write([Change(path, old, new)])
    old, new = new, old
"""


@pytest.mark.parametrize("how", ["SIGKILL", "SIGINT", "SIGTERM", "SIGHUP"])
def test_file_is_whole_whenever_the_process_ends(tmp_path: Path, how: str) -> None:
    size = 300_000
    path = tmp_path / "module.py"
    for round_ in range(8):
        path.write_bytes(b"o" * size)
        writer = subprocess.Popen(
            [sys.executable, "-c", WRITER, str(path), str(size)], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        )
        assert writer.stdout is not None
        writer.stdout.readline()
        time.sleep(0.003 * round_)
        writer.send_signal(getattr(signal, how))
        writer.wait()
        writer.stdout.close()
        assert path.read_bytes() in (b"o" * size, b"n" * size)
        assert writer.returncode == -getattr(signal, how)
        if how == "SIGKILL":
            staging.sweep(str(tmp_path))
        assert names(tmp_path) == ["module.py"], "an interrupted process cleans up, and a run after a lost one"
