"""The fixes under LibCST's own runner, as its users start it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from unchunk.codemod import fix_source

COMMAND = [sys.executable, "-m", "libcst.tool", "codemod", "-x", "unchunk.codemod.command.FixStreamedJson"]
SAFE = "import json\n\n\ndef f(r):\n    for chunk in r.iter_content(None):\n        print(json.loads(chunk))\n"
UNSAFE = """import json
import socket


def f(host):
    connection = socket.create_connection((host, 80))
    while True:
        data = connection.recv(4096)
        print(json.loads(data))
"""
SILENCED = SAFE.replace("print(json.loads(chunk))", "print(json.loads(chunk))  # noqa: UNC101")
CLEAN = "import json\n\nprint(json.loads('{}'))\n"


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    for name, source in (("safe", SAFE), ("unsafe", UNSAFE), ("silenced", SILENCED), ("clean", CLEAN)):
        (tmp_path / f"{name}.py").write_text(source)
    (tmp_path / "crlf.py").write_bytes(SAFE.replace("\n", "\r\n").encode())
    return tmp_path


def run(*arguments: str, stdin: str | None = None) -> subprocess.CompletedProcess[str]:
    """Run the command where no formatter can be found: it is not one of our dependencies."""
    return subprocess.run(
        [*COMMAND, *arguments],
        input=stdin, env={**os.environ, "PATH": ""}, capture_output=True, text=True, timeout=120,
    )  # fmt: skip


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_tree_is_rewritten_by_any_number_of_processes(tree: Path, jobs: str) -> None:
    done = run("--no-format", "--hide-progress", "-j", jobs, str(tree))
    assert done.returncode == 0, done.stderr
    assert (tree / "safe.py").read_text() == fix_source(SAFE).source
    assert (tree / "crlf.py").read_bytes() == fix_source(SAFE.replace("\n", "\r\n")).source.encode()
    assert (tree / "unsafe.py").read_text() == UNSAFE
    assert (tree / "silenced.py").read_text() == SILENCED
    assert (tree / "clean.py").read_text() == CLEAN
    assert "UNC101 is left: the loop now ends with the stream" in done.stderr


def test_other_modules_of_the_program_are_looked_into_as_unchunk_fix_does(tmp_path: Path) -> None:
    (tmp_path / "app").mkdir()
    (tmp_path / "app" / "__init__.py").touch()
    (tmp_path / "app" / "helpers.py").write_text("import json\n\n\ndef parsed(text):\n    return json.loads(text)\n")
    main = tmp_path / "app" / "main.py"
    main.write_text(
        "from .helpers import parsed\n\n\ndef f(r):\n    for c in r.iter_content():\n        print(parsed(c))\n"
    )
    assert run("--no-format", "--hide-progress", str(tmp_path)).returncode == 0
    assert 'rechunk(r.iter_content(), at="document", skip_blank=True)' in main.read_text()


def test_options_of_the_command_are_its_own(tree: Path) -> None:
    done = run("--no-format", "--hide-progress", "--unsafe-fixes", "--helper", "mine.vendored", str(tree))
    assert done.returncode == 0, done.stderr
    assert (tree / "unsafe.py").read_text() == fix_source(UNSAFE, unsafe=True, module="mine.vendored").source
    assert "from mine.vendored import iter_json" in (tree / "safe.py").read_text()


def test_diff_changes_nothing(tree: Path) -> None:
    done = run("--no-format", "--hide-progress", "-u", "1", str(tree / "safe.py"))
    assert "+    for data in iter_json(r.iter_content(None)):" in done.stdout
    assert (tree / "safe.py").read_text() == SAFE


def test_standard_input_is_rewritten_to_standard_output() -> None:
    assert run("--no-format", "-", stdin=SAFE).stdout.strip() == fix_source(SAFE).source.strip()
