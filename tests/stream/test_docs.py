"""The examples of docs/runtime.md, which run, with their types."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
PROGRAMS = re.findall(r"<!-- run -->\n```python\n(.*?)```", (ROOT / "docs/runtime.md").read_text(), re.DOTALL)
TYPED = """
from collections.abc import Iterable

from unchunk import Boundary, Framing, JSONFragments, OnError, iter_json, iter_partial, iter_sse, rechunk

def numbers(document: bytes) -> list[int]: return []

def told(framing: Framing, on_error: OnError, at: Boundary, either: Iterable[bytes] | Iterable[str]) -> None:
    typed = JSONFragments[str, list[int]](loads=numbers)
    reveal_type(typed.finish(""))  # list[int]
    reveal_type(typed.finish("", empty=None))  # list[int] | None
    reveal_type(typed.finish_all())  # dict[str, list[int]]
    reveal_type(JSONFragments[str]().finish(""))  # Any
    reveal_type(next(iter_json([b""], framing=framing, on_error=on_error, loads=numbers)))  # list[int]
    reveal_type(next(iter_json([b""], framing=b"x", done=None)))  # Any
    reveal_type(next(rechunk([b""], at=at)))  # bytes
    reveal_type(next(rechunk([""], at=at)))  # str
    reveal_type(next(rechunk(either, at=at)))  # str | bytes
    reveal_type(iter_partial([""]).path)  # tuple[str | int, ...] | None
    reveal_type(iter_sse([b""]).retry)  # int | None
"""


@pytest.mark.parametrize("program", PROGRAMS)
def test_programs_run(program: str) -> None:
    for package in re.findall(r"^import (\w+)$", program, re.MULTILINE):
        pytest.importorskip(package)
    exec(compile(program, "docs/runtime.md", "exec"), {})


def test_there_are_programs() -> None:
    assert len(PROGRAMS) == 2


def test_types_are_what_is_said(tmp_path: Path) -> None:
    pytest.importorskip("mypy")
    path = tmp_path / "typed.py"
    path.write_text(TYPED)
    run = subprocess.run(
        [sys.executable, "-m", "mypy", "--strict", f"--cache-dir={tmp_path}", str(path)],
        capture_output=True,
        text=True,
        cwd=tmp_path,
        env={"MYPYPATH": str(ROOT / "src"), "PYTHONPATH": str(ROOT / "src")},
    )
    wanted = re.findall(r"reveal_type\(.*\)  # (.*)", TYPED)
    assert re.findall(r'note: Revealed type is "(.*)"', run.stdout) == wanted, run.stdout + run.stderr
    assert "error" not in run.stdout
