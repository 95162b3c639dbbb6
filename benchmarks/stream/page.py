"""The page about speed, from what was measured."""

from __future__ import annotations

import platform
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import version

from .candidates import BY_HAND, PARSERS, UNCHUNK
from .measure import Ratio
from .scaling import Curve, Growing, Peak
from .workloads import KIB

PEERS = ("ijson", "httpx-sse", "httpx", "orjson", "msgspec", "jiter")
# What the measurement itself varies by, from one run to the next.
NOISE = 0.03
GROWING_TARGET = 50
SIZES = (16, 32, 64, 128, 256, 512, 1024, 2048, 4096)


@dataclass(frozen=True)
class Row:
    """One workload's outcome."""

    name: str
    ratios: dict[tuple[str, str], Ratio]


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
            "medians of the rounds' ratios. The unit, 1.00, is `json.loads(str)` on documents that something has split",
            "already: higher is faster, above 1.00 reading the stream costs less than that.",
            "",
            "The target of each cell is 1.0 × the loop that a person writes by hand with the same parser (the second",
            "figure): it splits at line ends or blank lines, carries the rest over, and parses. For one document and",
            "for an array it joins all chunks and parses once, with everything in memory. What is less than that by",
            f"more than {NOISE:.0%} is bold. `ijson` is its `yajl2_c` backend with `use_float=True`, given the data of",
            "events by the loop by hand; `httpx-sse` is its decoder and `json.loads`.",
            "",
            "Why the bold ones are. Lines and events in small chunks: a value whose line has not ended yet has to be",
            "given, so the end of each chunk is looked at, and sizes and offsets are counted, which the loop by hand",
            "does without; that is some 0.2 µs a chunk, and braces in strings cost as much again. Pushed chunks cost a",
            "call each. One document: each chunk is searched for its end, as the value is given with its last byte,",
            "where the loop by hand waits for the end of the stream. An array in chunks of a few elements: what is",
            "left open at the end of each chunk is read again.",
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
    heads = " | ".join(f"{parser}: unchunk / by hand" for parser in PARSERS)
    lines = [f"| workload | {heads} | ijson | httpx-sse |", "|---" * (len(PARSERS) + 3) + "|"]
    for row in rows:
        cells = " | ".join(against_hand(row, parser) for parser in PARSERS)
        peers = " | ".join(shown(row.ratios.get((peer, ""))) for peer in ("ijson", "httpx-sse"))
        lines.append(f"| {row.name} | {cells} | {peers} |")
    return lines


def against_hand(row: Row, parser: str) -> str:
    ours, by_hand = row.ratios[UNCHUNK, parser], row.ratios.get((BY_HAND, parser))
    if by_hand is None:
        return f"{ours.median:.2f} / –"
    figures = f"{ours.median:.2f} / {by_hand.median:.2f}"
    return figures if ours.median >= by_hand.median * (1 - NOISE) else f"**{figures}**"


def shown(ratio: Ratio | None) -> str:
    return "–" if ratio is None else f"{ratio.median:.2f}"


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
        "Of the figures of orjson twelve documents are its own: it reserves them while it parses, also by hand.",
        "",
        "| document | parser | chunk | peak | value alone | peak less the value |",
        "|---|---|---|---|---|---|",
    ]
    for peak in peaks:
        chunk = f"{peak.chunk // KIB} KiB" if peak.chunk >= KIB else f"{peak.chunk} B"
        beyond = peak.reading - peak.value
        lines.append(
            f"| {peak.document} | {peak.parser} | {chunk} | {peak.reading:.2f} | {peak.value:.2f} | {beyond:.2f} |"
        )
    return lines
