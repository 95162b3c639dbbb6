"""Measures, in CPU time of child processes, pairs of commands one after the other; prints the median of the ratios.

    python -m benchmarks.check_speed [--runs N] [TREE]

TREE is a folder of about 12,000 files; without it the packages of the running environment are copied to a temporary
folder (ruff leaves out what is called `site-packages`).
"""

from __future__ import annotations

import argparse
import importlib.util
import os
import resource
import shutil
import statistics
import subprocess
import sys
import sysconfig
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

Command = Sequence[str]
PYTHON = sys.executable
RUNNER = (PYTHON, "-m", "benchmarks.check_speed.flake8_runner")
ALONE = ("--isolated", "-j1")


def cpu(command: Command, folder: str | None = None) -> float:
    """User and system time of a command and its children, in seconds."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    done = subprocess.run(command, capture_output=True, cwd=folder, env=environment, check=False)
    if done.returncode not in (0, 1):
        raise SystemExit(f"{' '.join(command)} failed:\n{done.stderr.decode()}")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def compare(title: str, ours: Command, theirs: Command, runs: int, folder: str | None = None) -> None:
    """Print the medians and the median ratio of paired runs; the first pair only warms the caches."""
    cpu(ours, folder)
    cpu(theirs, folder)
    pairs = [(cpu(ours, folder), cpu(theirs, folder)) for _ in range(runs)]
    mine, other = (statistics.median(side) for side in zip(*pairs, strict=True))
    ratio = statistics.median(one / two for one, two in pairs)
    print(f"{title:<58} {mine:7.3f} s {other:7.3f} s   x {ratio:.3f}", flush=True)


@contextmanager
def tree_of(given: str | None) -> Iterator[str]:
    """The folder to check."""
    if given is not None:
        yield given
        return
    with tempfile.TemporaryDirectory() as folder:
        copy = os.path.join(folder, "tree")
        shutil.copytree(sysconfig.get_paths()["purelib"], copy, ignore=shutil.ignore_patterns("*.so", "*.pyc"))
        yield copy


def source_of(package: str) -> str | None:
    """The folder of an installed package."""
    found = importlib.util.find_spec(package)
    return None if found is None or found.origin is None else os.path.dirname(found.origin)


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="benchmarks.check_speed")
    parser.add_argument("tree", nargs="?")
    parser.add_argument("--runs", type=int, default=5)
    options = parser.parse_args(argv)
    unchunk = (PYTHON, "-m", "unchunk")
    ruff = shutil.which("ruff", path=os.path.dirname(PYTHON)) or "ruff"
    print(f"{'':<58} {'ours':>9} {'theirs':>9}   ratio")
    with tempfile.TemporaryDirectory() as folder:
        clean = os.path.join(folder, "clean.py")
        Path(clean).write_text("x = 1\n")
        empty = os.path.join(folder, "empty.py")
        Path(empty).write_text("")
        compare(
            "check of one clean file / python -c 'import ast'",
            (*unchunk, "check", clean),
            (PYTHON, "-c", "import ast"),
            options.runs,
        )
        with_plugin, without = (*RUNNER, *ALONE, empty), (*RUNNER, "--without", *ALONE, empty)
        compare("flake8 of an empty file with / without the plugin", with_plugin, without, options.runs)
        for package in ("aiohttp", "openai"):
            source = source_of(package)
            if source is not None:
                with_plugin, without = (*RUNNER, *ALONE, source), (*RUNNER, "--without", *ALONE, source)
                compare(f"flake8 of {package} with / without the plugin", with_plugin, without, options.runs)
    with tree_of(options.tree) as tree:
        files = sum(len([name for name in names if name.endswith(".py")]) for _, _, names in os.walk(tree))
        theirs = (ruff, "check", "--no-cache", "--isolated", "--select", "F401", tree)
        compare(f"check / ruff F401, {files} files", (*unchunk, "check", tree), theirs, options.runs)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
