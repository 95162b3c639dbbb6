"""Run the experiments and print the table: `python -m benchmarks.reliability`.

Linux only: it looks at processes by `/proc`. A full run takes hours; `--trials` makes it shorter.
"""

from __future__ import annotations

import argparse
import importlib
import random
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

from . import costs, disturbances, fuzz
from .projects import Project
from .table import HEADING, Row

# What a fork finds imported already.
NEEDED = [
    "concurrent.futures.process",
    "libcst",
    "multiprocessing",
    "tomlkit",
    "unchunk.cli.checking",
    "unchunk.cli.commands.check",
    "unchunk.cli.commands.fix",
    "unchunk.cli.fixing",
    "unchunk.codemod.rewrite",
    "unchunk.project.dependencies",
    "yaml",
]
HOSTILE = ["tests/project/test_hostile_repositories.py", "tests/cli/test_hostile_trees.py"]


def experiments(folder: Path, trials: int, dice: random.Random) -> dict[str, Callable[[], Iterator[Row]]]:
    """Return all experiments, by name."""
    project = Project.make(folder / "project")
    kept = Path(tempfile.gettempdir()) / "unchunk-faults"
    kept.mkdir(exist_ok=True)
    return {
        "sigterm": lambda: disturbances.kills(project, "SIGTERM", trials, dice),
        "sighup": lambda: disturbances.kills(project, "SIGHUP", trials, dice),
        "sigkill": lambda: disturbances.kills(project, "SIGKILL", trials, dice),
        "interrupt": lambda: disturbances.interrupts(project, trials, dice),
        "race": lambda: disturbances.races(project, trials, dice),
        "two": lambda: disturbances.two_at_once(project, max(trials // 3, 1)),
        "disk": lambda: disturbances.full_disks(project, max(trials // 3, 1)),
        "readonly": lambda: disturbances.read_only(folder, 200),
        "hostile": hostile,
        "costs": lambda: costs.costs(600_000),
        "mutations": lambda: fuzz.fuzz(
            (fuzz.mutated(path.read_bytes(), dice) for path in fuzz.real_files(trials, dice)), "mutated files", kept
        ),
        "programs": lambda: fuzz.fuzz((fuzz.random_program(dice) for _ in range(trials)), "random programs", kept),
    }


def hostile() -> Iterator[Row]:
    """Build every trap of the tests."""
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-n", "0", "-q", "-rA", *HOSTILE], capture_output=True, text=True, check=False
    )
    lines = done.stdout.splitlines()
    passed, failed = (sum(line.startswith(word) for line in lines) for word in ("PASSED", "FAILED"))
    yield Row("hostile trees", passed + failed, {"executed, hidden, hung or not told": failed})


def main() -> None:
    """Run what is asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--trials", type=int, default=300, help="of each experiment (default: 300)")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("names", nargs="*", help="the experiments to run (default: all)")
    options = parser.parse_args()
    for module in NEEDED:
        importlib.import_module(module)
    print(HEADING, flush=True)
    with tempfile.TemporaryDirectory() as folder:
        known = experiments(Path(folder), options.trials, random.Random(options.seed))
        for name in options.names or known:
            for row in known[name]():
                print(row, flush=True)


if __name__ == "__main__":
    main()
