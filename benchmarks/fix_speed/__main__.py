"""Files a second that `unchunk fix` processes, against LibCST's own runner with an empty command.

    python -m benchmarks.fix_speed              # five paired rounds, the median ratio

The tree is 1,500 files of this interpreter's standard library and site-packages, of which one in a hundred is a program
that needs a fix. Each round runs both tools one after the other on a fresh copy and compares the CPU seconds of the
processes with their children; both with one job and with as many as they like.
"""

from __future__ import annotations

import argparse
import os
import resource
import shutil
import statistics
import subprocess
import sys
import sysconfig
import tempfile
from collections.abc import Iterator
from pathlib import Path

FILES = 1500
SHARE = 100
PROGRAM = """import json

import requests


def read(url):
    for chunk in requests.get(url, stream=True).iter_content(chunk_size=None):
        if chunk:
            data = json.loads(chunk.decode("utf-8"))
            print(data["name"], {number})
"""
NOOP = ["-m", "libcst.tool", "codemod", "noop.NOOPCommand", "--no-format", "--hide-progress"]
FIX = ["-m", "unchunk", "fix", "--isolated", "--no-dependency", "--quiet"]


def sources() -> Iterator[Path]:
    """Python files that parse, small and large as they come."""
    for name in ("stdlib", "purelib"):
        for path in sorted(Path(sysconfig.get_path(name)).rglob("*.py")):
            if "site-packages" in path.parts and name == "stdlib":
                continue
            if {"test", "tests"} & {*path.parts} or path.stat().st_size > 100_000:
                continue
            try:
                compile(path.read_bytes(), str(path), "exec", dont_inherit=True)
            except (SyntaxError, ValueError):
                continue
            yield path


def plant(tree: Path) -> int:
    """Create the tree and return how many files it has."""
    count = 0
    for path in sources():
        folder = tree / f"d{count % 40}"
        folder.mkdir(exist_ok=True)
        if count % SHARE == 0:
            (folder / f"needs_a_fix_{count}.py").write_text(PROGRAM.replace("{number}", str(count)))
        else:
            shutil.copyfile(path, folder / f"m{count}_{path.name}")
        count += 1
        if count == FILES:
            break
    return count


def cpu_seconds(command: list[str], tree: Path) -> float:
    """CPU time of a process and its children."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run([sys.executable, *command, str(tree)], capture_output=True, text=True, cwd=tree)
    if done.returncode not in (0, 1):
        raise RuntimeError(done.stderr)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    ratios = []
    with tempfile.TemporaryDirectory() as scratch:
        original = Path(scratch) / "original"
        original.mkdir()
        count = plant(original)
        for number in range(options.rounds):
            trees = [Path(scratch) / f"{name}{number}" for name in ("noop", "fix")]
            for tree in trees:
                shutil.copytree(original, tree)
            noop = cpu_seconds([*NOOP, "-j", "1"], trees[0])
            fix = cpu_seconds(FIX, trees[1])
            fixed = sum("iter_json" in path.read_text() for path in trees[1].rglob("needs_a_fix_*.py"))
            ratios.append(noop / fix)
            print(
                f"round {number + 1}: libcst no-op {count / noop:.0f} files/s, unchunk fix {count / fix:.0f} files/s "
                f"({fixed} of {count // SHARE} fixed), ratio {ratios[-1]:.1f}",
                flush=True,
            )
            for tree in trees:
                shutil.rmtree(tree)
    print(f"median ratio {statistics.median(ratios):.1f} on {os.cpu_count()} cores, CPU time")
    return 0


if __name__ == "__main__":
    sys.exit(main())
