"""Campaign over repositories made up: repositories a second, memory, and the time of `git status` beside it.

    python -m benchmarks.campaign [REPOSITORIES]

A tenth of the repositories has the bug; the second table is of those without anything to change.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from benchmarks.campaign.repositories import ENVIRONMENT, make

FILES = 60


def memory_of(pid: int) -> int:
    """Bytes of a process and of all that it has started, as far as they share them with nobody."""
    total = 0
    for line in subprocess.run(["ps", "-eo", "pid,ppid,rss"], capture_output=True, text=True).stdout.splitlines()[1:]:
        own, parent, size = map(int, line.split())
        if pid in (own, parent):
            total += size * 1024
    return total


def campaign(ledger: Path, root: Path, *more: str) -> tuple[float, int]:
    """Run it; return the seconds, and the most memory of driver and workers together."""
    ledger.unlink(missing_ok=True)
    command = [sys.executable, "-m", "unchunk", "campaign", "run", f"--ledger={ledger}", f"--root={root}", "-q", *more]
    start, most = time.monotonic(), 0
    process = subprocess.Popen(command, env=ENVIRONMENT)
    ended = threading.Event()

    def watch() -> None:
        nonlocal most
        while not ended.wait(0.1):
            most = max(most, memory_of(process.pid))

    watcher = threading.Thread(target=watch)
    watcher.start()
    process.wait()
    seconds = time.monotonic() - start
    ended.set()
    watcher.join()
    return seconds, most


def status(folders: Sequence[Path]) -> float:
    """Seconds of `git status` in each folder, one after the other."""
    start = time.monotonic()
    for folder in folders:
        subprocess.run(["git", "status"], cwd=folder, env=ENVIRONMENT, capture_output=True, check=True)
    return time.monotonic() - start


@contextmanager
def cluster() -> Iterator[str]:
    from distributed import LocalCluster

    with LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None, host="127.0.0.1") as made:
        yield made.scheduler_address


def main() -> None:
    number = int(sys.argv[1]) if len(sys.argv) > 1 else 300
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for index in range(number):
            make(folder / "all", index, buggy=index % 10 == 0, files=FILES)
            if index < number // 10:
                make(folder / "few", index, buggy=index % 10 == 0, files=FILES)
        clean = [make(folder / "clean", index, buggy=False, files=FILES) for index in range(number)]
        print(f"{number} repositories of {FILES} files, a tenth with the bug")
        for jobs in (1, 2):
            seconds, most = campaign(folder / "l", folder / "all", f"--jobs={jobs}")
            print(f"{jobs} at a time: {number / seconds:.1f} repositories/s, {most / 1e6:.0f} MB at most")
        _, few = campaign(folder / "l", folder / "few", "--jobs=2")
        print(f"{number // 10} of them, 2 at a time: {few / 1e6:.0f} MB at most")
        with cluster() as address:
            seconds, most = campaign(folder / "l", folder / "all", f"--scheduler={address}")
            print(f"Dask, 2 workers: {number / seconds:.1f} repositories/s, driver {most / 1e6:.0f} MB at most")
        status(clean)
        beside = min(status(clean) for _ in range(3))
        seconds, _ = campaign(folder / "l", folder / "clean", "--jobs=1")
        again = campaign(folder / "l", folder / "clean", "--jobs=1")[0]
        best = min(seconds, again)
        print(f"nothing to change: {best:.2f} s, `git status` {beside:.2f} s: {best / beside:.2f} times")


if __name__ == "__main__":
    main()
