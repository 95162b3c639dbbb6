"""Measure the runtime helper and write docs/speed.md with its plots: `python -m benchmarks.stream`."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

from .candidates import BY_HAND, UNCHUNK, candidates, reference
from .measure import paired
from .page import Row, page
from .plots import Bars, throughput, time_against_size
from .scaling import GROWING_SHAPES, curves, growing, peaks
from .workloads import KIB, Workload, workloads

DOCS = Path(__file__).resolve().parent.parent.parent / "docs"


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.stream", description=__doc__)
    parser.add_argument("--seconds", type=float, default=8, help="about how long to measure each workload (default: 8)")
    parser.add_argument("--only", default="", help="measure the workloads with this in their names, and write nothing")
    arguments = parser.parse_args(argv)
    rows = [measured(workload, arguments.seconds) for workload in workloads() if arguments.only in workload.name]
    if arguments.only:
        return 0
    measured_curves = curves()
    values = [growing(shape, size * KIB) for shape in GROWING_SHAPES for size in (4, 16, 64)]
    DOCS.joinpath("speed.md").write_text(page(rows, measured_curves, values, peaks()), encoding="utf-8")
    bars = [bars_of(row) for row in rows]
    DOCS.joinpath("speed-throughput.svg").write_text(throughput(bars), encoding="utf-8")
    DOCS.joinpath("speed-scaling.svg").write_text(time_against_size(measured_curves), encoding="utf-8")
    return 0


def bars_of(row: Row) -> Bars:
    """Return the bars of a workload: the helper and a peer, and the loop by hand with the same parser as a tick."""
    peer = "httpx-sse" if ("httpx-sse", "") in row.ratios else "ijson"
    ratios = {"unchunk": row.ratios[UNCHUNK, "json"].median, peer: row.ratios[peer, ""].median}
    return Bars(row.name, row.ratios[BY_HAND, "json"].median, ratios)


def measured(workload: Workload, seconds: float) -> Row:
    ways = candidates(workload)
    for name, work in ways.items():
        if (count := sum(1 for _ in work())) != len(workload.documents):
            raise SystemExit(f"{name} gives {count} of {len(workload.documents)} documents of {workload.name!r}")
    row = Row(workload.name, paired(reference(workload), ways, seconds=seconds))
    figures = ", ".join(f"{' '.join(name).strip()} {ratio.median:.2f}" for name, ratio in row.ratios.items())
    print(f"{workload.name}: {figures}", flush=True)
    return row


if __name__ == "__main__":
    raise SystemExit(main())
