"""The cache between runs: the output is the same without it, with it and again; only the work is less."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

import pytest

from cli.counted import FOLDER, NOTHING, PIECES, SILENCED, TREE, Run, file_of, plant
from cli.process import ALL_PASSED, BUG, CLEAN
from repository import repository, write
from unchunk.cli import cache
from unchunk.report.formats import names

# Nothing kept


@pytest.mark.parametrize(
    "arguments",
    [
        ["nothing.py"],
        ["silenced.py"],
        ["nothing.py", "silenced.py", "pkg/source.py"],
        ["--no-cache"],
        ["-n", "pkg"],
        ["--no-cache", "--cache-dir", "kept"],
        ["--show-files"],
        ["--show-settings"],
        ["--why", "pkg/parser.py:8"],
        ["nowhere"],
    ],
    ids=" ".join,
)
def test_these_keep_nothing(tmp_path: Path, check: Run, arguments: list[str]) -> None:
    before = sorted(plant(tmp_path).rglob("*"))
    check(*arguments)
    assert sorted(tmp_path.rglob("*")) == before


@pytest.mark.parametrize(("files", "kept"), [(99, False), (100, True)])
def test_a_few_files_leave_nothing(
    tmp_path: Path, check: Run, monkeypatch: pytest.MonkeyPatch, files: int, kept: bool
) -> None:
    monkeypatch.undo()
    monkeypatch.chdir(tmp_path)
    plant(tmp_path, {f"{number}.py": NOTHING for number in range(files)})
    for file in tmp_path.iterdir():
        os.utime(file, (1, 1))
    monkeypatch.setattr(cache, "_TOO_FRESH", 0)
    check()
    assert (tmp_path / FOLDER).exists() is kept


def test_a_few_files_are_added_to_what_is_there(tmp_path: Path, check: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    plant(tmp_path)
    check()
    monkeypatch.setattr(cache, "_MANY", 100)
    (tmp_path / "new.py").write_text(NOTHING)
    assert check().read == ["new.py"]
    assert check().read == []


def test_a_fix_keeps_nothing(tmp_path: Path, check: Run) -> None:
    before = sorted(plant(tmp_path).rglob("*"))
    check(command="fix")
    assert sorted(tmp_path.rglob("*")) == before


@pytest.mark.parametrize(("value", "kept"), [("1", False), ("true", False), ("", True), ("0", True), ("FALSE", True)])
def test_the_environment_can_do_without(
    tmp_path: Path, check: Run, monkeypatch: pytest.MonkeyPatch, value: str, kept: bool
) -> None:
    monkeypatch.setenv("UNCHUNK_NO_CACHE", value)
    plant(tmp_path)
    check()
    assert (tmp_path / FOLDER).exists() is kept


# The same, with less work


def test_what_comes_to_nothing_is_neither_read_nor_looked_into_again(tmp_path: Path, check: Run) -> None:
    plant(tmp_path)
    first, second, third = check(), check(), check()
    assert first.said == second.said == third.said == (0, ALL_PASSED, "")
    assert len(first.read) == len(TREE)
    assert first.examined == ["pkg/parser.py", "silenced.py"]
    assert second.work == third.work == ([], [])


def test_what_has_findings_is_looked_into_again_and_nothing_else(tmp_path: Path, check: Run) -> None:
    plant(tmp_path, {**TREE, "bug.py": BUG})
    first, second = check(), check()
    assert first.said == second.said
    assert first.status == 1
    assert second.work == (["bug.py"], ["bug.py"])


def test_a_run_that_changes_nothing_writes_nothing(tmp_path: Path, check: Run) -> None:
    plant(tmp_path)
    check()
    before = file_of(tmp_path / FOLDER).stat().st_mtime_ns
    check()
    assert file_of(tmp_path / FOLDER).stat().st_mtime_ns == before


def test_one_changed_file_costs_one(tmp_path: Path, check: Run) -> None:
    plant(tmp_path)
    check()
    (tmp_path / "nothing.py").write_text(NOTHING * 2)
    assert check().work == (["nothing.py"], [])
    (tmp_path / "silenced.py").write_text(SILENCED * 2)
    assert check().examined == ["silenced.py"]
    assert check().work == ([], [])


def test_files_with_other_times_and_the_same_text_are_not_looked_into_again(tmp_path: Path, check: Run) -> None:
    for name in plant(tmp_path, {**TREE, "bug.py": BUG}).rglob("*.py"):
        os.utime(name, (1_000_000_000, 1_000_000_000))
    first = check()
    for name in tmp_path.rglob("*.py"):
        os.utime(name)
    second, third = check(), check()
    assert first.said == second.said == third.said
    assert second.examined == third.examined == third.read == ["bug.py"]
    assert second.asked == [str(tmp_path / "pkg" / name) for name in ("__init__.py", "source.py")]
    assert third.asked == []


def test_what_was_just_written_is_read_again_and_what_could_hold_a_finding_known_by_its_text(
    tmp_path: Path, check: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cache, "_TOO_FRESH", 2_000_000_000)
    plant(tmp_path, {"nothing.py": NOTHING, "silenced.py": SILENCED})
    check()
    folders = json.loads(file_of(tmp_path / FOLDER).read_bytes())["folders"]
    assert list(folders[""][1]) == ["silenced.py"]
    again = check()
    assert again.read == ["nothing.py", "silenced.py"]
    assert "nothing.py" not in again.examined


FORMATS = [["--output-format", name] for name in names()]


@pytest.mark.parametrize(
    "arguments",
    [
        *FORMATS,
        ["--explain"],
        ["--statistics"],
        ["--statistics", "--output-format", "json"],
        ["--select", "ALL"],
        ["--extend-select", "UNC2"],
        ["--ignore", "UNC101"],
        ["--select", "NONE"],
        ["--per-file-ignores", "bug.py:UNC101"],
        ["--disable-noqa"],
        ["--report-unused-ignores"],
        ["--exit-zero"],
        ["--exclude", "pkg"],
        ["--quiet", "pkg", "."],
        ["pkg", "bug.py", "broken.py"],
        ["--jobs", "2"],
        ["--baseline", "known.json"],
        ["--baseline", "stale.json"],
        ["--baseline", "nowhere.json"],
    ],
    ids=" ".join,
)
def test_the_same_is_said_without_with_and_again(tmp_path: Path, check: Run, arguments: list[str]) -> None:
    unused = "x = 1  # unchunk: ignore\n"
    plant(tmp_path, {**TREE, "bug.py": BUG, "pkg/source.py": PIECES, "unused.py": unused, "broken.py": "def\n"})
    check("--no-cache", "--write-baseline", "known.json")
    plant(tmp_path, {"gone.py": BUG})
    check("--no-cache", "--write-baseline", "stale.json")
    (tmp_path / "gone.py").write_text(CLEAN)
    without, cold, warm = check("--no-cache", *arguments), check(*arguments), check(*arguments)
    assert without.said == cold.said == warm.said
    assert without.work == cold.work
    assert len(warm.read) < len(cold.read) or "nowhere.json" in arguments or "NONE" in arguments


@pytest.mark.parametrize("arguments", [["--write-baseline", "new.json"], ["--add-noqa"]], ids=" ".join)
def test_the_same_is_written_without_with_and_again(
    tmp_path: Path, check: Run, monkeypatch: pytest.MonkeyPatch, arguments: list[str]
) -> None:
    written = []
    for warm in (False, True):
        folder = plant(tmp_path / "run", {**TREE, "bug.py": BUG})
        monkeypatch.chdir(folder)
        if warm:
            check("--cache-dir", "../kept")
            assert check("--cache-dir", "../kept", *arguments).read == ["bug.py"]
        else:
            check("--no-cache", *arguments)
        written.append({path: path.read_bytes() for path in folder.rglob("*.*") if path.is_file()})
        shutil.rmtree(folder)
    assert written[0] == written[1]


def test_a_part_that_is_skipped_is_told_again(tmp_path: Path, check: Run) -> None:
    sources = ["import json, requests\nr = requests.get('u')\njson.loads(r.text)\n", "def (", "r.iter_content()"]
    cells = [{"cell_type": "code", "metadata": {}, "outputs": [], "source": [source]} for source in sources]
    plant(tmp_path, {"book.ipynb": json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5})})
    without, cold, warm = check("--no-cache"), check(), check()
    assert without.said == cold.said == warm.said
    assert "cell 2" in warm.err


def test_only_what_a_branch_has_changed_is_reported_again(tmp_path: Path, check: Run) -> None:
    repository(tmp_path, bug_py=BUG, nothing_py=NOTHING)
    write(tmp_path, new_py=BUG)
    arguments = ["--diff-base", "HEAD"]
    without, cold, warm = check("--no-cache", *arguments), check(*arguments), check(*arguments)
    assert without.said == cold.said == warm.said
    assert "new.py" in warm.out
    assert "bug.py" not in warm.out


def test_what_is_imported_and_not_declared_is_noted_by_every_run(tmp_path: Path, check: Run) -> None:
    plant(tmp_path, {"app.py": "from unchunk import iter_json\n", "clean.py": CLEAN, "requirements.txt": "requests\n"})
    first = check()
    assert (first.status, "requirements.txt: unchunk is imported, but not declared" in first.err) == (0, True)
    again = check()
    assert (again.said, again.read) == (first.said, [])
