"""The page about speed, from what was measured."""

from __future__ import annotations

import platform
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import version

from .measure import Ratio
from .scaling import Curve, Growing, Peak
from .workloads import KIB

PEERS = ("ijson", "httpx-sse", "httpx", "orjson", "jiter")
GROWING_TARGET = 50
SIZES = (16, 32, 64, 128, 256, 512, 1024, 2048, 4096)


@dataclass(frozen=True)
class Row:
    """One workload's outcome."""

    name: str
    target: float
    ratios: dict[str, Ratio]


def page(rows: Sequence[Row], curves: Sequence[Curve], values: Sequence[Growing], peaks: Sequence[Peak]) -> str:
    return "\n".join(
        [
            "# Speed",
            "",
            "Written by `python -m benchmarks.stream`. The figures are those of one machine; the ratios should hold on",
            "others.",
            "",
            f"{platform.python_implementation()} {platform.python_version()}; "
            + ", ".join(f"{name} {version(name)}" for name in PEERS)
            + ".",
            "",
            "CPU time; the reference runs right before each candidate, the garbage collector is off in a round; the",
            "median of the rounds' ratios, quartiles in brackets. The unit, 1.00, is `json.loads(str)` on documents",
            "that something has split already: higher is faster, above 1.00 reading the stream costs less than that.",
            "`ijson` is its `yajl2_c` backend with `use_float=True`; `httpx-sse` is its decoder and `json.loads`.",
            "",
            *table(rows),
            "",
            "![ratios by workload](speed-throughput.svg)",
            "",
            *scaling_part(curves),
            "",
            *growing_part(values),
            "",
            *memory_part(peaks),
            "",
        ]
    )


def table(rows: Sequence[Row]) -> list[str]:
    lines = ["| workload | target | unchunk | | peer | rounds |", "|---|---|---|---|---|---|"]
    for row in rows:
        ours = row.ratios["unchunk"]
        met = "met" if round(ours.median, 2) >= row.target else "missed"
        peer = ", ".join(f"{name} {shown(ratio)}" for name, ratio in row.ratios.items() if name != "unchunk")
        lines.append(f"| {row.name} | {row.target:.2f} | {shown(ours)} | {met} | {peer or '–'} | {ours.rounds} |")
    return lines


def shown(ratio: Ratio) -> str:
    return f"{ratio.median:.2f} ({ratio.low:.2f}–{ratio.high:.2f})"


def scaling_part(curves: Sequence[Curve]) -> list[str]:
    lines = [
        "## Time against size",
        "",
        "One document of rows, whole in memory at last. Nanoseconds of CPU time a byte; a flat line is linear.",
        "",
        "| reader | chunk | "
        + " | ".join(f"{size} KiB" for size in (16, 32, 64, 128, 256, 512, 1024, 2048, 4096))
        + " |",
        "|---" * 11 + "|",
    ]
    for curve in curves:
        by_size = {round(size / KIB / 1.08): seconds / size * 1e9 for size, seconds in curve.points}
        cells = []
        for kib in SIZES:
            near = [each for size, each in by_size.items() if abs(size - kib) < kib / 4]
            cells.append(f"{near[0]:.1f}" if near else "–")
        chunk = f"{curve.chunk // KIB} KiB" if curve.chunk >= KIB else f"{curve.chunk} B"
        lines.append(f"| {curve.name} | {chunk} | " + " | ".join(cells) + " |")
    return [*lines, "", "![time against size](speed-scaling.svg)"]


def growing_part(values: Sequence[Growing]) -> list[str]:
    lines = [
        "## Growing values",
        "",
        "`iter_partial` in deltas of 4 characters, against jiter's partial mode on the growing buffer for each delta:",
        "how many times as fast. Many small values: rows of records, as a model extracts them, where parsing again",
        "costs most. One long string: a tool call that writes a file, which jiter reads again at the speed of",
        "`memcpy`, and where a snapshot has to be a new string each time. With `live=True` the growing value itself is",
        "given, otherwise a copy of its open parts.",
        "",
        "| value | text | deltas | snapshots | `live=True` | target | | µs a delta | `live=True` |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    for value in values:
        judged = value.size > 60 * KIB
        target = f"{GROWING_TARGET} ×" if judged else "–"
        met = ("met" if value.snapshots.median >= GROWING_TARGET else "missed") if judged else ""
        lines.append(
            f"| {value.shape} | {value.size // KIB} KiB | {value.deltas} | {value.snapshots.median:.1f} "
            f"| {value.live.median:.1f} | {target} | {met} | {value.microseconds:.2f} "
            f"| {value.microseconds_live:.2f} |"
        )
    return lines


def memory_part(peaks: Sequence[Peak]) -> list[str]:
    lines = [
        "## Memory",
        "",
        "The most that was in use while a document of 4 MB was read, and what its value alone takes, in sizes of the",
        "document (`tracemalloc`). Reading holds the bytes and then the text; the parser adds the value.",
        "",
        "| document | chunk | peak | value alone | peak less the value |",
        "|---|---|---|---|---|",
    ]
    for peak in peaks:
        chunk = f"{peak.chunk // KIB} KiB" if peak.chunk >= KIB else f"{peak.chunk} B"
        beyond = peak.reading - peak.value
        lines.append(f"| {peak.document} | {chunk} | {peak.reading:.2f} | {peak.value:.2f} | {beyond:.2f} |")
    return lines
