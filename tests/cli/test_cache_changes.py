"""Changes between two runs, all of which are seen, with their consequences elsewhere."""

from __future__ import annotations

import json
import os
import random
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from cli.counted import FOLDER, LINES, LOADER, NOTHING, PARSER, PIECES, READER, SILENCED, TREE, Run, file_of, plant
from cli.process import ALL_PASSED, BUG
from repository import git, repository
from unchunk.cli import cache, caching, gather


def _same_size_and_time(folder: Path) -> None:
    path = folder / "pkg" / "source.py"
    before = path.stat()
    path.write_text(PIECES)
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert path.stat().st_size == before.st_size


def _replaced(folder: Path) -> None:
    (folder / "other").write_text(BUG)
    os.replace(folder / "other", folder / "nothing.py")


CHANGES: dict[str, Callable[[Path], object]] = {
    "a file gets the bug": lambda folder: (folder / "nothing.py").write_text(BUG),
    "a file loses its silence": lambda folder: (folder / "silenced.py").write_text(BUG),
    "another file takes its place": _replaced,
    "a new file": lambda folder: (folder / "new.py").write_text(BUG),
    "a new folder": lambda folder: plant(folder, {"new/new.py": BUG}),
    "an imported module hands out pieces": lambda folder: (folder / "pkg/source.py").write_text(PIECES),
    "the same with its size and time restored": _same_size_and_time,
    "a module comes to be": lambda folder: (folder / "late/source.py").write_text(PIECES),
    "a configuration with a source": lambda folder: (folder / "unchunk.toml").write_text(
        '[sources]\nframes = "chunk"\n'
    ),
    "a configuration with a rule": lambda folder: (folder / "unchunk.toml").write_text('extend-select = ["UNC2"]\n'),
    "a configuration in a folder": lambda folder: (folder / "pkg/unchunk.toml").write_text('extend-select = ["ALL"]\n'),
    "a module becomes a package": lambda folder: plant(folder, {"late/source/__init__.py": PIECES}),
}
LATE = {
    "late/__init__.py": "",
    "late/parser.py": PARSER + SILENCED,
    "unchunk.toml": 'ignore = ["UNC105"]\n',
    "late/source.py": LINES,
    "frames.py": "import json\n\n\ndef f(s):\n    for x in s.frames():\n        json.loads(x)\n",
    "recv.py": "import json\n\n\ndef f(sock):\n    return json.loads(sock.recv(4096))\n",
    "pkg/recv.py": "import json\n\n\ndef f(sock):\n    return json.loads(sock.recv(4096))\n",
}


@pytest.mark.parametrize("change", CHANGES)
def test_what_a_change_brings_is_reported(tmp_path: Path, check: Run, change: str) -> None:
    plant(tmp_path, {**TREE, **LATE})
    if "module" in change and "imported" not in change:
        (tmp_path / "late/source.py").unlink()
    before = check()
    check()
    CHANGES[change](tmp_path)
    after, without = check(), check("--no-cache")
    assert after.said == without.said
    assert after.out != before.out
    assert check().said == without.said


@pytest.mark.parametrize("gone", ["pkg/source.py", "pkg/__init__.py", "pkg/parser.py", "unchunk.toml", "bug.py"])
def test_what_is_gone_is_gone_from_the_report_and_the_cache(tmp_path: Path, check: Run, gone: str) -> None:
    plant(tmp_path, {**TREE, "pkg/source.py": PIECES, "bug.py": BUG, "unchunk.toml": 'ignore = ["UNC102"]\n'})
    check()
    (tmp_path / gone).unlink()
    assert check().said == check("--no-cache").said
    folder, name = os.path.split(gone)
    assert name not in json.loads(file_of(tmp_path / FOLDER).read_bytes())["folders"].get(folder, ["", {}])[1]


def test_an_init_file_makes_a_folder_part_of_a_package(tmp_path: Path, check: Run) -> None:
    parser = PARSER.replace("from .source", "from top.low.source")
    plant(tmp_path, {"top/low/parser.py": parser, "top/low/source.py": PIECES, "top/low/other.py": NOTHING})
    for name in ("top/low/__init__.py", "top/__init__.py", "__init__.py"):
        check("top")
        (tmp_path / name).write_text("")
        assert check("top").said == check("--no-cache", "top").said


OUTSIDE = {
    "pkg/__init__.py": "",
    "pkg/source.py": LINES,
    "pkg/sub/__init__.py": "",
    "pkg/sub/parser.py": PARSER.replace(".source", "..source") + SILENCED,
}


def test_a_module_outside_of_what_is_checked_is_seen_to_change(tmp_path: Path, check: Run) -> None:
    plant(tmp_path, OUTSIDE)
    assert check("pkg/sub").status == 0
    assert check("pkg/sub").work == ([], [])
    (tmp_path / "pkg/source.py").write_text(PIECES)
    after = check("pkg/sub")
    assert after.said == check("--no-cache", "pkg/sub").said
    assert after.status == 1


def test_what_depends_on_a_file_that_was_just_written_is_looked_into_again(
    tmp_path: Path, check: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cache, "_TOO_FRESH", 2_000_000_000)
    plant(tmp_path)
    assert check().status == 0
    assert "pkg/parser.py" in check().examined
    (tmp_path / "pkg/source.py").write_text(PIECES)
    assert check().status == 1


def test_a_file_that_changes_while_it_is_met_is_not_known_by_what_it_was(
    tmp_path: Path, check: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    plant(tmp_path, OUTSIDE)
    parser = tmp_path / "pkg/sub/parser.py"
    check("pkg/sub")
    (tmp_path / "pkg/source.py").write_text(PIECES)
    reading = gather.read_regular

    def changing(path: str) -> object:
        parser.write_text(SILENCED)
        return reading(path)

    with monkeypatch.context() as patched:
        patched.setattr(gather, "read_regular", changing)
        assert check("pkg/sub").status == 0
    plant(tmp_path, {"pkg/sub/parser.py": OUTSIDE["pkg/sub/parser.py"]})
    assert check("pkg/sub").status == 1


def test_a_file_that_is_named_is_parsed_though_it_was_found_before(tmp_path: Path, check: Run) -> None:
    repository(tmp_path, broken_py="def\n", large_py="x = 1\n" * 100_000)
    arguments = [".", "broken.py"]
    assert check(*arguments).said == (0, ALL_PASSED, "")
    (tmp_path / ".gitignore").write_text("broken.py\n")
    git(tmp_path, "rm", "--cached", "--quiet", "broken.py")
    named = check(*arguments)
    assert named.said == check("--no-cache", *arguments).said
    assert named.status == 2


def test_in_a_small_run_everything_is_parsed_though_it_was_not_in_a_large_one(tmp_path: Path, check: Run) -> None:
    plant(tmp_path, {"broken.py": "def\n", "large.py": "x = 1\n" * 100_000})
    assert check().said == check().said == (0, ALL_PASSED, "")
    (tmp_path / "large.py").unlink()
    small = check()
    assert small.said == check("--no-cache").said
    assert small.status == 2
    assert check().said == small.said


@pytest.mark.parametrize("name", ["sys", "caching"])
def test_another_program_or_another_python_begins_anew(
    tmp_path: Path, check: Run, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    plant(tmp_path)
    check()
    if name == "sys":
        monkeypatch.setattr(sys, "version", "3.99")
    else:
        monkeypatch.setattr(caching, "__version__", "99")
    assert len(check().read) == len(TREE)


def test_a_changed_file_of_the_program_itself_begins_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = tmp_path / "unchunk"
    shutil.copytree(Path(caching.__file__).parents[1] / "project", package / "project")
    monkeypatch.setattr(caching, "__file__", str(package / "cli" / "caching.py"))
    before = caching._program()
    assert before == caching._program() is not None
    (package / "project" / "toml.py").write_text("")
    after = caching._program()
    assert after != before
    (package / "project" / "toml.py").unlink()
    assert caching._program() not in (before, after)


def test_an_installed_program_is_known_by_what_its_installer_noted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plant(
        tmp_path,
        {"unchunk/cli/caching.py": "x = 1\n", f"unchunk-{caching.__version__}.dist-info/RECORD": "a,sha256=b,3"},
    )
    monkeypatch.setattr(caching, "__file__", str(tmp_path / "unchunk" / "cli" / "caching.py"))
    before = caching._program()
    os.utime(tmp_path / "unchunk/cli/caching.py", (1, 1))  # installed at another time
    assert caching._program() == before
    plant(tmp_path, {f"unchunk-{caching.__version__}.dist-info/RECORD": "a,sha256=c,3"})
    assert caching._program() != before


@pytest.mark.parametrize("seed", range(8))
def test_whatever_changes_the_same_is_said_as_without(tmp_path: Path, check: Run, seed: int) -> None:
    chance = random.Random(seed)
    texts = [NOTHING, BUG, SILENCED, PARSER, PIECES, LINES, LOADER, READER, "", "from .source import pieces\n", "def\n"]
    texts += [PARSER.replace("from .source", "from pkg.source"), PARSER.replace("from .source", "from ..source")]
    paths = ["a.py", "__init__.py", "unchunk.toml"]
    paths += [f"{folder}/{name}.py" for folder in ("pkg", "pkg/deep") for name in ("__init__", "source", "parser", "x")]
    settings = ["", 'select = ["ALL"]\n', 'ignore = ["UNC101"]\n', "nonsense = 1\n"]
    plant(tmp_path)
    for _ in range(25):
        for path in chance.sample(paths, chance.randrange(3)):
            file = tmp_path / path
            file.parent.mkdir(parents=True, exist_ok=True)
            if file.exists() and chance.random() < 0.3:
                file.unlink()
            else:
                file.write_text(chance.choice(settings if path.endswith("toml") else texts))
        warm, without = check("."), check("--no-cache", ".")
        assert warm.said == without.said
        assert set(warm.examined) <= set(without.examined)
