"""The cost of the pytest plugin to a suite without streams: `python -m benchmarks.rechunk_overhead [ROUNDS]`.

Each round runs the same suite without the plugin, with it, and with `--rechunk=all`, one after the other, in processes
of their own; the figures are the medians of the differences and of the ratios within a round.
"""

from __future__ import annotations

import os
import resource
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

TESTS = 500
SUITE = f"""
import aiohttp, httpx, pytest, requests

@pytest.mark.parametrize("number", range({TESTS}))
def test_sum(number):
    assert sum(range(number)) == number * (number - 1) // 2
"""
PLUGIN = ("-p", "unchunk.testing.plugin")
RUNS = {"without": (), "loaded": PLUGIN, "--rechunk=all": (*PLUGIN, "--rechunk=all")}


def main() -> None:
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 11
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "test_suite.py").write_text(SUITE)
        measured = [{name: seconds(folder, options) for name, options in RUNS.items()} for _ in range(rounds)]
    print(f"{TESTS} tests, {rounds} rounds, CPU seconds: {statistics.median(one['without'] for one in measured):.2f}")
    for name in ("loaded", "--rechunk=all"):
        ratio = statistics.median(one[name] / one["without"] for one in measured)
        more = statistics.median(one[name] - one["without"] for one in measured)
        print(f"{name}: {ratio:.3f} times, {more * 1000:+.0f} ms, {more / TESTS * 1e6:+.0f} µs a test")


def seconds(folder: str, options: tuple[str, ...]) -> float:
    """Return the CPU seconds of one run."""
    environment = {**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *options]
    subprocess.run(command, cwd=folder, env=environment, check=True, capture_output=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


if __name__ == "__main__":
    main()
