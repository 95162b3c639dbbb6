"""Campaigns killed at random moments and resumed: the ledger and the patches have to be those of an undisturbed one.

    python -m benchmarks.campaign.killed [TRIALS] [SEED]

Each trial kills the driver, a worker, or both (or a worker of a Dask cluster) until the campaign has come to its end.
"""

from __future__ import annotations

import contextlib
import os
import random
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from benchmarks.campaign.repositories import ENVIRONMENT, make

REPOSITORIES = 10
KINDS = ("driver", "worker", "both")
# All but the times: that has to be the same in every run.
QUERY = (
    "SELECT name, state, error_kind, error, base, commit_id, patch, changes, notes, problems"
    " FROM repositories ORDER BY id",
    "SELECT * FROM findings ORDER BY repository, number",
    "SELECT key, value FROM campaign ORDER BY key",
)


def contents(ledger: Path) -> list[object]:
    database = sqlite3.connect(ledger)
    assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    found = [database.execute(query).fetchall() for query in QUERY]
    database.close()
    return found


def command(ledger: Path, root: Path, *more: str) -> list[str]:
    return [sys.executable, "-m", "unchunk", "campaign", "run", f"--ledger={ledger}", f"--root={root}", "-q", *more]


def run(ledger: Path, root: Path, *more: str) -> subprocess.Popen[bytes]:
    environment = ENVIRONMENT | {"SOURCE_DATE_EPOCH": "1700000000"}
    return subprocess.Popen(command(ledger, root, *more), env=environment)


def children(pid: int) -> list[int]:
    """Return the workers of a driver."""
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if int((entry / "stat").read_text().rpartition(")")[2].split()[1]) == pid:
                found.append(int(entry.name))
    return found


def kill(pid: int) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)


def disturbed(ledger: Path, root: Path, kind: str, moment: float) -> str:
    """Run, kill at a moment, run again to the end; tell what was hit."""
    process = run(ledger, root)
    time.sleep(moment)
    workers = children(process.pid)
    hit = "nothing any more" if process.poll() is not None else kind
    if kind in ("worker", "both") and workers:
        kill(random.choice(workers))
    if kind in ("driver", "both"):
        kill(process.pid)
    process.wait()
    if run(ledger, root).wait() not in (0, 1):
        return "the second run failed"
    return hit


def main() -> None:
    trials, seed = (int(word) for word in (sys.argv[1:] + ["50", "1"][len(sys.argv) - 1 :]))
    random.seed(seed)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for number in range(REPOSITORIES):
            make(folder / "r", number, buggy=number % 2 == 0)
        start = time.monotonic()
        run(folder / "whole.sqlite", folder / "r").wait()
        length = time.monotonic() - start
        expected = contents(folder / "whole.sqlite")
        hits: Counter[str] = Counter()
        wrong = 0
        for trial in range(trials):
            ledger = folder / f"{trial}.sqlite"
            hits[disturbed(ledger, folder / "r", KINDS[trial % 3], random.uniform(0.05, length))] += 1
            if contents(ledger) != expected:
                wrong += 1
                print(f"trial {trial}: another ledger")
        print(f"{trials} trials, {REPOSITORIES} repositories, {length:.1f} s undisturbed: {wrong} with another ledger")
        print(", ".join(f"{count} {kind}" for kind, count in hits.items()))


if __name__ == "__main__":
    main()
