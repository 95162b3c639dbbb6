"""Fixed projects, installed for real from their registry with a wheel of this checkout, and run.

Needs uv and a package index; skipped where either is missing.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from .make_layouts import search_path
from .test_layouts import layout

ROOT = Path(__file__).resolve().parents[3]
PROGRAM = """\
import json
import socket


def values(connection: socket.socket):
    while True:
        chunk = connection.recv(3)
        if not chunk:
            break
        yield json.loads(chunk)


def main():
    ours, theirs = socket.socketpair()
    theirs.sendall(b'{"a": 1} [2, 3] "four"')
    theirs.close()
    print(*values(ours))


if __name__ == "__main__":
    main()
"""
PRINTED = "{'a': 1} [2, 3] four\n"

# Layout, source, how it is installed, how it is run. `{wheels}` has unchunk, `{python}` is that of the environment.
CASES = {
    "uv-app": ("main.py", [], ["uv", "run", "--find-links", "{wheels}", "main.py"]),
    "uv-workspace": (
        "packages/alpha/src/alpha/stream.py",
        [],
        ["uv", "run", "--find-links", "{wheels}", "--package", "alpha", "python", "-m", "alpha.stream"],
    ),
    "uv-script": ("job.py", [], ["uv", "run", "--find-links", "{wheels}", "--script", "job.py"]),
    "uv-package-groups": (
        "tests/check_stream.py",
        [],
        ["uv", "run", "--find-links", "{wheels}", "--group", "test", "tests/check_stream.py"],
    ),
    "pip-tools": (
        "main.py",
        [
            [
                "uv",
                "pip",
                "compile",
                "--quiet",
                "--find-links",
                "{wheels}",
                "requirements.in",
                "-o",
                "requirements.txt",
            ],
            ["uv", "pip", "install", "--find-links", "{wheels}", "-r", "requirements.txt"],
        ],
        ["{python}", "main.py"],
    ),
    "poetry-src": (
        "src/demo/stream.py",
        [["uv", "pip", "install", "--find-links", "{wheels}", "."]],
        ["{python}", "-m", "demo.stream"],
    ),
    "poetry1": (
        "demo/stream.py",
        [["uv", "pip", "install", "--find-links", "{wheels}", "."]],
        ["{python}", "-m", "demo.stream"],
    ),
    "pdm-lib-groups": (
        "src/demo/stream.py",
        [["uv", "pip", "install", "--find-links", "{wheels}", "."]],
        ["{python}", "-m", "demo.stream"],
    ),
    "hatch-lib": (
        "src/demo/stream.py",
        [["uv", "pip", "install", "--find-links", "{wheels}", "."]],
        ["{python}", "-m", "demo.stream"],
    ),
    "flit": ("demo.py", [["uv", "pip", "install", "--find-links", "{wheels}", "."]], ["{python}", "-m", "demo"]),
}


@pytest.fixture(scope="session")
def wheels(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with the wheel of this checkout."""
    folder = tmp_path_factory.mktemp("wheels")
    uv = shutil.which("uv", path=search_path())
    if uv is None:
        pytest.skip("uv is not installed")
    done = subprocess.run(
        [uv, "build", "--wheel", "--out-dir", folder, ROOT], capture_output=True, text=True, check=False
    )
    if done.returncode:
        pytest.skip(f"no wheel can be built here: {done.stderr.strip().splitlines()[-1:]}")
    return folder


def _oldest_python(root: Path) -> tuple[int, ...]:
    """Return the lowest Python that a project requires, as its tool wrote that down."""
    path = root / "pyproject.toml"
    told = re.search(r'^requires-python = ">=([\d.]+)', path.read_text(), re.MULTILINE) if path.exists() else None
    return tuple(map(int, told[1].split("."))) if told else ()


@pytest.mark.parametrize("name", CASES)
def test_fixed_project_installs_and_runs(name: str, wheels: Path, tmp_path: Path) -> None:
    source, installing, running = CASES[name]
    root = layout(name, tmp_path)
    if sys.version_info < _oldest_python(root):
        pytest.skip("the project wants a newer Python")
    path = root / source
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(
        (path.read_text().partition("\n\n\n")[0] + "\n\n" if name == "uv-script" else _head(name)) + PROGRAM
    )
    shell = Shell(root, wheels)
    shell("{unchunk}", "-m", "unchunk", "fix", "--isolated", "--unsafe-fixes", "--quiet")
    assert "from unchunk import" in path.read_text()
    shell("uv", "venv", "--quiet", "--python", sys.executable)
    for lock in root.rglob("*.lock"):
        lock.unlink()  # a stub
    for command in installing:
        shell(*command)
    assert shell(*running) == PRINTED


def _head(name: str) -> str:
    """Return the head that Flit requires of a module."""
    return '"""A demo."""\n\n__version__ = "0.1"\n\n' if name == "flit" else ""


class Shell:
    """Runs commands in a project, away from the settings and environments of whoever runs the tests."""

    def __init__(self, root: Path, wheels: Path) -> None:
        self._root = root
        self._names = {
            "wheels": str(wheels),
            "unchunk": sys.executable,
            "python": str(root / ".venv" / ("Scripts" if os.name == "nt" else "bin") / "python"),
        }
        kept = {name: value for name, value in os.environ.items() if not name.startswith("UV_")}
        self._environment = kept | {"VIRTUAL_ENV": str(root / ".venv"), "UV_NO_CONFIG": "1", "PATH": search_path()}

    def __call__(self, *command: str) -> str:
        words = [word.format(**self._names) for word in command]
        words[0] = shutil.which(words[0], path=search_path()) or words[0]
        done = subprocess.run(words, cwd=self._root, env=self._environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, f"{words}: {done.stdout}{done.stderr}"
        return done.stdout
