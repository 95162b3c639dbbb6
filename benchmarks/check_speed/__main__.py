"""Measures pairs of commands one after the other, in CPU and wall time, and writes the figures to a page.

    python -m benchmarks.check_speed [--runs N] [--page FILE] [TREE]

TREE is a folder of about 12,000 files; without it the packages of the running environment are copied to a temporary
folder (ruff leaves out what is called `site-packages`).
"""

from __future__ import annotations

import argparse
import importlib.metadata
import importlib.util
import os
import platform
import shutil
import sysconfig
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from unchunk.analysis import check_source

from . import programs
from .measure import PYTHON, ROOT, Command, cpu_of, pair
from .page import Figure, page

UNCHUNK = (PYTHON, "-m", "unchunk")
FLAKE8 = (PYTHON, "-m", "benchmarks.check_speed.flake8_runner")
ALONE = ("--isolated", "-j1")
SIZES = (1_500, 3_000, 6_000, 12_000)
READ_ALL = """
import os, sys
for folder, _, names in os.walk(sys.argv[1]):
    for name in names:
        if name.endswith((".py", ".pyi")):
            with open(os.path.join(folder, name), "rb", buffering=0) as file:
                file.read()
"""


@contextmanager
def tree_of(given: str | None) -> Iterator[str]:
    """Yield the folder to check."""
    if given is not None:
        yield given
        return
    with tempfile.TemporaryDirectory() as folder:
        copy = os.path.join(folder, "tree")
        shutil.copytree(sysconfig.get_paths()["purelib"], copy, ignore=shutil.ignore_patterns("*.so", "*.pyc"))
        yield copy


def source_of(package: str) -> str | None:
    """Return the folder of an installed package."""
    found = importlib.util.find_spec(package)
    return None if found is None or found.origin is None else os.path.dirname(found.origin)


def compared(what: str, ours: Command, theirs: Command, limit: float, runs: int, *, wall: bool = False) -> list[Figure]:
    """Return the CPU time of two commands, and their wall time if asked for."""
    both = pair(ours, theirs, runs)
    cpu = f"{both.ours.cpu:.2f} s", f"{both.theirs.cpu:.2f} s"
    figures = [Figure(f"{what}, CPU", *cpu, both.cpu, limit, " ×")]
    if wall:
        figures.append(
            Figure(f"{what}, wall", f"{both.ours.wall:.2f} s", f"{both.theirs.wall:.2f} s", both.wall, limit, " ×")
        )
    return figures


def of_commands(runs: int) -> Iterator[Figure]:
    """Start-up, and what flake8 takes with and without the plugin."""
    with tempfile.TemporaryDirectory() as folder:
        clean, empty = os.path.join(folder, "clean.py"), os.path.join(folder, "empty.py")
        Path(clean).write_text("x = 1\n")
        Path(empty).write_text("")
        start = (PYTHON, "-c", "import ast")
        yield from compared("one clean file / `python -c 'import ast'`", (*UNCHUNK, "check", clean), start, 2, runs)
        places = [("an empty file", empty, 1.05)]
        places += [(package, source, 1.03) for package in ("aiohttp", "openai") if (source := source_of(package))]
        for name, place, limit in places:
            ours, theirs = (*FLAKE8, *ALONE, place), (*FLAKE8, "--without", *ALONE, place)
            yield from compared(f"flake8 of {name} with / without the plugin", ours, theirs, limit, runs)


def of_tree(given: str | None, runs: int) -> Iterator[Figure]:
    """Measure a tree of many files beside ruff."""
    ruff = shutil.which("ruff", path=os.path.dirname(PYTHON)) or "ruff"
    with tree_of(given) as tree:
        endings = (".py", ".pyi", ".pyw", ".ipynb")
        files = sum(sum(name.endswith(endings) for name in names) for _, _, names in os.walk(tree))
        theirs = (ruff, "check", "--isolated", "--select", "F401", tree)
        ours = (*UNCHUNK, "check", "--isolated", tree)
        anew = (*theirs, "--no-cache")
        yield from compared(f"{files:,} files / ruff's F401", (*ours, "--no-cache"), anew, 1, runs, wall=True)
        yield from compared("only reading them, in Python / ruff's F401", (PYTHON, "-c", READ_ALL, tree), anew, 1, runs)
        with tempfile.TemporaryDirectory() as kept:
            again = (*ours, "--cache-dir", os.path.join(kept, "unchunk"))
            yield from compared("again, with its cache / ruff's F401 without one", again, anew, 1, runs, wall=True)
            cached = (*theirs, "--cache-dir", os.path.join(kept, "ruff"))
            yield from compared("again, with its cache / ruff's F401 with its own", again, cached, 1, runs, wall=True)


def of_sizes() -> Iterator[Figure]:
    """Measure how the time grows with the size of a file, and what the largest take."""
    each = [cpu_of(lambda size=size: check_source(programs.of_lines(size))) / size for size in SIZES]
    growth = max(each) / min(each)
    spread = f"{min(each) * 1e6:.0f}–{max(each) * 1e6:.0f} µs"
    yield Figure(
        f"a line of a file of {SIZES[0]:,}–{SIZES[-1]:,} lines, dearest / cheapest", spread, "–", growth, 1.5, " ×"
    )
    for what, program, limit in (
        ("a file of 50,000 lines", programs.of_lines(50_000), 30.0),
        ("a function of 5,000 statements", programs.of_statements(5_000), 10.0),
        ("2,000 branches and 80 brackets, no overflow", programs.nested(2_000), 10.0),
    ):
        taken = cpu_of(lambda program=program: check_source(program))
        yield Figure(what, f"{taken:.2f} s", "–", taken, limit, " s")


def circumstances() -> str:
    """Describe the machine, and what else it did."""
    versions = ", ".join(
        f"{name} {importlib.metadata.version(name)}" for name in ("ruff", "flake8", "aiohttp", "openai")
    )
    processors = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    load = os.getloadavg()[0]
    return f"CPython {platform.python_version()}; {versions}; {processors} processors, load {load:.1f} at the end."


NOTES = (
    "Pairs are measured one after the other, after one that warms the caches; the figure is the median of the ratios.",
    "CPU time is that of a command and its children. Other work on the machine lengthens it, for both of a pair.",
    "The line on reading is the floor for a tool in Python: no search, no decision, one process.",
    "“Again” is a second run on the same tree, in which nothing has changed; all other lines are runs without a cache.",
)


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="benchmarks.check_speed")
    parser.add_argument("tree", nargs="?")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--page", default=str(ROOT / "docs" / "check-speed.md"), help="where to write the figures")
    options = parser.parse_args(argv)
    figures: list[Figure] = []
    for measured in (of_sizes(), of_commands(options.runs), of_tree(options.tree, max(options.runs // 2, 1))):
        for figure in measured:
            print(figure.row(), flush=True)
            figures.append(figure)
    Path(options.page).write_text(page(circumstances(), figures, NOTES), encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
