"""The files that a cache is: broken, in the way, of several runs at once; where they lie, and how they go."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from cli.counted import FOLDER, PIECES, SILENCED, TREE, Run, file_of, plant
from cli.process import ALL_PASSED, BUG, CLEAN, unchunk
from repository import git, repository

# A cache that is none


def _changed(*keys: str | int, to: object) -> Callable[[Path], None]:
    def change(file: Path) -> None:
        document = json.loads(file.read_bytes())
        inner = document
        for key in keys[:-1]:
            inner = inner[key]
        inner[keys[-1]] = to
        file.write_text(json.dumps(document))

    return change


def _instead(make: Callable[[Path], object]) -> Callable[[Path], None]:
    def change(file: Path) -> None:
        file.unlink()
        make(file)

    return change


FIRST = ["folders", "", 1, "silenced.py"]
BROKEN: dict[str, Callable[[Path], object]] = {
    "empty": lambda file: file.write_bytes(b""),
    "cut": lambda file: file.write_bytes(file.read_bytes()[:-10]),
    "no text": lambda file: file.write_bytes(b"\xff\x00" * 100),
    "deep": lambda file: file.write_text("[" * 200_000),
    "a large number": lambda file: file.write_text("1" * 100_000),
    "a list": lambda file: file.write_text("[]"),
    "of another program": lambda file: file.write_text('{"version": 1, "files": {}}'),
    "no key": _changed("key", to=None),
    "no folders": _changed("folders", to=[]),
    "a folder that is none": _changed("folders", "", to="silenced.py"),
    "files that are none": _changed("folders", "", 1, to=["silenced.py"]),
    "a file that is none": _changed(*FIRST, to=None),
    "a file without a stamp": _changed(*FIRST, to=[]),
    "a file with a stamp of texts": _changed(*FIRST, to=["1", "2", "3", "4", "5"]),
    "a file with a stamp of fractions": _changed(*FIRST, 0, to=1.5),
    "no tree": _changed("tree", to=None),
    "a tree of texts": _changed("tree", to=["", ""]),
    "packages that are texts": _changed("tree", 1, to={"": "yes"}),
    "no probes": _changed("probes", to={}),
    "probes that are none": _changed("probes", 0, to=7),
    "probes of nothing": _changed("probes", 0, to=[]),
    "no settled": _changed("settled", to=7),
    "settled by what is not there": _changed("settled", "silenced.py", to=[1_000_000]),
    "settled by what comes before the first": _changed("settled", "silenced.py", to=[-1]),
    "settled by texts": _changed("settled", "silenced.py", to="silenced.py"),
    "a link to nowhere": _instead(lambda file: file.symlink_to("nowhere")),
    "a named pipe": _instead(lambda file: os.mkfifo(file)),
}


@pytest.mark.skipif(sys.platform == "win32", reason="no named pipes")
@pytest.mark.parametrize("kind", BROKEN)
def test_a_broken_cache_is_none_and_is_written_anew(tmp_path: Path, check: Run, kind: str) -> None:
    plant(tmp_path, {**TREE, "bug.py": BUG})
    first = check()
    BROKEN[kind](file_of(tmp_path / FOLDER))
    again = check()
    assert again.said == first.said
    assert again.work == first.work
    assert check().work == (["bug.py"], ["bug.py"])


@pytest.mark.parametrize("place", ["nothing.py", "nothing.py/deep", "/dev/null/kept"])
def test_where_nothing_can_be_kept_nothing_is_and_nothing_is_said(tmp_path: Path, check: Run, place: str) -> None:
    plant(tmp_path)
    before = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*.*")}
    assert check("--cache-dir", place).said == check("--cache-dir", place).said == (0, ALL_PASSED, "")
    assert {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*.*")} == before


def test_a_folder_under_the_name_of_the_cache_is_no_error_and_leaves_nothing_half_done(
    tmp_path: Path, check: Run
) -> None:
    plant(tmp_path)
    check()
    file = file_of(tmp_path / FOLDER)
    file.unlink()
    (file / "inside").mkdir(parents=True)
    assert check().said == (0, ALL_PASSED, "")
    assert not list((tmp_path / FOLDER).glob("*.new"))


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_cannot_be_written_to_is_no_error(tmp_path: Path, check: Run) -> None:
    plant(tmp_path)
    tmp_path.chmod(0o500)
    try:
        assert check().said == (0, ALL_PASSED, "")
    finally:
        tmp_path.chmod(0o700)


def test_several_processes_at_once_do_not_hurt_each_other(tmp_path: Path) -> None:
    plant(
        tmp_path, {f"{number}/{name}": text for number in range(40) for name, text in {**TREE, "bug.py": BUG}.items()}
    )
    expected = unchunk(tmp_path, "check", "--no-cache", ".").stdout
    command = [sys.executable, "-m", "unchunk", "check", "."]
    for _ in range(3):
        running = [subprocess.Popen(command, cwd=tmp_path, stdout=-1, stderr=-1) for _ in range(4)]
        for process in running:
            out, err = process.communicate(timeout=60)
            assert (process.returncode, out, err) == (1, expected, b"")
        json.loads(file_of(tmp_path / FOLDER).read_bytes())
        assert not list((tmp_path / FOLDER).glob("*.new"))


# Where it is


def test_git_and_backups_leave_it_alone_and_so_do_we(tmp_path: Path, check: Run) -> None:
    repository(tmp_path, a_py=CLEAN)
    check()
    assert git(tmp_path, "status", "--porcelain", "--ignored") == f"!! {FOLDER}/\n"
    assert (tmp_path / FOLDER / "CACHEDIR.TAG").read_text().startswith("Signature: 8a477f597d28d172789f06886806bc55\n")
    (tmp_path / FOLDER / "bug.py").write_text(BUG)
    assert check("--no-respect-gitignore", "--no-cache").status == 0


def test_it_lies_beside_the_configuration_and_else_where_one_stands(
    tmp_path: Path, check: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    plant(tmp_path, {"one/sub/a.py": CLEAN, "one/unchunk.toml": "", "two/sub/a.py": CLEAN, "three/unchunk.toml": ""})

    def made(*arguments: str) -> list[str]:
        check(*arguments)
        found = sorted(str(file.parent.relative_to(tmp_path)) for file in tmp_path.rglob("*.json"))
        for name in found:
            shutil.rmtree(tmp_path / name)
        return found

    assert made("one/sub") == [f"one/{FOLDER}"]
    assert made("--isolated", "one/sub") == [FOLDER]
    assert made("--config", "three/unchunk.toml", "one/sub") == [FOLDER]
    assert made("two/sub") == [FOLDER]
    assert made("two/sub", "one/sub") == [FOLDER]
    assert made("--cache-dir", "here/it/is", "one/sub") == ["here/it/is"]
    monkeypatch.setenv("UNCHUNK_CACHE_DIR", "there")
    assert made("one/sub") == ["there"]
    assert made("--cache-dir", "here", "one/sub") == ["here"]
    monkeypatch.delenv("UNCHUNK_CACHE_DIR")
    plant(tmp_path, {"one/unchunk.toml": 'cache-dir = "kept/there"\n'})
    assert made("one/sub") == ["one/kept/there"]
    monkeypatch.chdir(tmp_path / "one" / "sub")
    assert made() == ["one/kept/there"]


def test_a_folder_of_others_stays_as_they_have_it(tmp_path: Path, check: Run) -> None:
    plant(tmp_path, {"a.py": CLEAN, "theirs/notes.txt": "theirs"})
    check("--cache-dir", "theirs")
    check("--cache-dir", ".")
    assert not list(tmp_path.rglob(".gitignore"))
    assert len(list(tmp_path.rglob("*.json"))) == 2
    assert check("--cache-dir", "theirs", command="clean").err == "unchunk: theirs: removed\n"
    assert [path.name for path in (tmp_path / "theirs").iterdir()] == ["notes.txt"]


def test_two_trees_with_files_of_the_same_names_are_not_mixed_up(
    tmp_path: Path, check: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = str(tmp_path / "kept")
    for name, text in (("one", CLEAN), ("two", BUG.ljust(len(CLEAN)))):
        plant(tmp_path / name, {"a.py": text})
    plant(tmp_path / "one", TREE)
    plant(tmp_path / "two", {**TREE, "pkg/source.py": PIECES})
    for name, status in (("one", 0), ("two", 1), ("one", 0), ("two", 1)):
        monkeypatch.chdir(tmp_path / name)
        assert check("--cache-dir", kept, "pkg").status == status
        assert check("--cache-dir", kept).status == status


def test_names_that_are_no_text_are_kept_as_well(tmp_path: Path, check: Run) -> None:
    try:
        with open(os.fsencode(tmp_path) + b"/caf\xe9.py", "w") as file:
            file.write(SILENCED)
    except OSError:
        pytest.skip("this file system wants text")
    check()
    assert check().work == ([], [])


# clean


def test_clean_removes_it_and_says_so(tmp_path: Path, check: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    plant(tmp_path, {**TREE, "one/unchunk.toml": "", "one/a.py": CLEAN})
    before = sorted(tmp_path.rglob("*"))
    assert check(command="clean").said == (0, "", "")
    check()
    check("one")
    (tmp_path / FOLDER / "e2fc410a-17.new").write_text("left by a process that was ended")
    said = check(command="clean")
    assert (said.status, sorted(said.err.splitlines())) == (
        0,
        [f"unchunk: {FOLDER}: removed", f"unchunk: one/{FOLDER}: removed"],
    )
    assert sorted(tmp_path.rglob("*")) == before


def test_clean_leaves_what_is_not_ours(tmp_path: Path, check: Run) -> None:
    plant(tmp_path, {f"{FOLDER}/notes.json": "", f"{FOLDER}/.gitignore": "mine", f"{FOLDER}/deadbeef.txt": ""})
    before = sorted(tmp_path.rglob("*"))
    assert check(command="clean").said == (0, "", "")
    assert sorted(tmp_path.rglob("*")) == before


# A cache that others have made


def test_a_cache_that_others_have_changed_hides_nothing(tmp_path: Path, check: Run) -> None:
    plant(tmp_path, {"bug.py": BUG, "clean.py": CLEAN})
    check()
    file = file_of(tmp_path / FOLDER)
    document = json.loads(file.read_bytes())
    stamp = os.stat(tmp_path / "bug.py")
    document["folders"][""][1]["bug.py"] = [stamp.st_mtime_ns, stamp.st_ctime_ns, stamp.st_size, 0]
    file.write_text(json.dumps(document, separators=(",", ":")))
    assert check().status == 1
    assert json.loads(file.read_bytes()) != document


def test_a_cache_of_another_user_is_not_read(tmp_path: Path, check: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    plant(tmp_path, {"bug.py": BUG, "clean.py": CLEAN})
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "theirs"))
    check()
    assert check("--exclude", "theirs").read == ["bug.py", "clean.py"]
    assert check("--exclude", "theirs").read == ["bug.py"]
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "ours"))
    assert check("--exclude", "theirs").read == ["bug.py", "clean.py"]


def test_a_cache_that_git_tracks_is_not_read(tmp_path: Path, check: Run) -> None:
    repository(tmp_path, bug_py=BUG, clean_py=CLEAN)
    check()
    assert check().read == ["bug.py"]
    git(tmp_path, "add", "--force", FOLDER)
    assert check().read == ["bug.py", "clean.py"]


def test_where_no_secret_can_be_kept_there_is_no_cache(
    tmp_path: Path, check: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    plant(tmp_path)
    monkeypatch.setenv("XDG_STATE_HOME", "/dev/null")
    assert check().said == (0, ALL_PASSED, "")
    assert not (tmp_path / FOLDER).exists()


def test_a_link_in_the_place_of_the_cache_is_not_followed(tmp_path: Path, check: Run) -> None:
    plant(tmp_path / "tree")
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "tree" / FOLDER).symlink_to(tmp_path / "elsewhere")
    check("--cache-dir", str(tmp_path / "tree" / FOLDER), "tree")
    assert not list((tmp_path / "elsewhere").iterdir())


def test_clean_leaves_what_is_somebodys(tmp_path: Path, check: Run) -> None:
    plant(
        tmp_path, {"kept/20240101.json": "{}", "kept/deadbeef-1.new": "mine", "kept/notes.txt": "mine", "a.py": CLEAN}
    )
    before = sorted(tmp_path.rglob("*"))
    check("--cache-dir", "kept")
    assert len(list((tmp_path / "kept").iterdir())) == 4
    check("--cache-dir", "kept", command="clean")
    assert sorted(tmp_path.rglob("*")) == before


def test_what_a_process_left_that_is_no_more_goes_with_the_next_run(tmp_path: Path, check: Run) -> None:
    plant(tmp_path)
    check()
    left = tmp_path / FOLDER / f"deadbeef-{2**22 + 5}.new"
    busy = tmp_path / FOLDER / f"deadbeef-{os.getppid()}.new"
    left.write_text("half")
    busy.write_text("half")
    plant(tmp_path, {"more.py": CLEAN})
    check()
    assert (left.exists(), busy.exists()) == (False, True)


@pytest.mark.parametrize("place", ["..", "../other", "/elsewhere", "out", "out/deep"])
def test_a_configuration_cannot_place_it_outside_of_its_folder(tmp_path: Path, check: Run, place: str) -> None:
    (tmp_path / "elsewhere").mkdir()
    place = str(tmp_path / "elsewhere") if place.startswith("/") else place
    plant(tmp_path / "tree", {"clean.py": CLEAN, "unchunk.toml": f'cache-dir = "{place}"\n'})
    (tmp_path / "tree" / "out").symlink_to(tmp_path / "elsewhere")
    said = check("tree")
    assert (said.status, "cache-dir: must be below" in said.err) == (2, True)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["elsewhere", "tree"]
    assert not list((tmp_path / "elsewhere").iterdir())
