"""Two plots as plain SVG: ratios by workload, and time against size."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape

from .scaling import Curve

COLOURS = {"unchunk": "#1f6feb", "ijson": "#8b949e", "httpx-sse": "#8b949e", "buffer and retry": "#cf222e"}
INK, LINES = "#57606a", "#d0d7de"
FONT = 'font-family="sans-serif" font-size="12"'


@dataclass(frozen=True)
class Bars:
    """One workload: the ratio that a loop by hand reaches, and that of each way."""

    name: str
    by_hand: float
    ratios: dict[str, float]


def text(x: float, y: float, words: str, anchor: str = "start", colour: str = INK) -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" {FONT} fill="{colour}" text-anchor="{anchor}">{escape(words)}</text>'


def line(x1: float, y1: float, x2: float, y2: float, colour: str, width: float = 1, dash: str = "") -> str:
    dashes = f' stroke-dasharray="{dash}"' if dash else ""
    return (
        f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" stroke="{colour}" '
        f'stroke-width="{width}"{dashes}/>'
    )


def picture(width: float, height: float, shapes: Iterable[str]) -> str:
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:.0f} {height:.0f}">'
    background = f'<rect width="{width:.0f}" height="{height:.0f}" fill="#ffffff"/>'
    return "\n".join([head, background, *shapes, "</svg>", ""])


def throughput(rows: Sequence[Bars]) -> str:
    """Horizontal bars, a tick where the loop by hand is; 1.00 is `json.loads` on documents that are split already."""
    left, top, row_height, scale = 270.0, 50.0, 30.0, 190.0
    height = top + row_height * len(rows) + 20
    shapes = [text(left, 20, "times as fast as json.loads on documents that are split already; | is the loop by hand")]
    for tick in (0.0, 0.5, 1.0, 1.5, 2.0):
        x = left + tick * scale
        shapes += [line(x, top - 8, x, height - 15, LINES), text(x, top - 12, f"{tick:.1f}", "middle")]
    for number, row in enumerate(rows):
        y = top + row_height * number
        shapes.append(text(left - 8, y + 15, row.name, "end"))
        for place, (name, ratio) in enumerate(row.ratios.items()):
            y_bar = y + 3 + place * 11
            shapes.append(
                f'<rect x="{left}" y="{y_bar:.1f}" width="{ratio * scale:.1f}" height="10" fill="{COLOURS[name]}"/>'
            )
            # Not across the tick.
            behind = max(ratio, row.by_hand) if abs(ratio - row.by_hand) < 0.6 and ratio < row.by_hand + 0.01 else ratio
            shapes.append(text(left + behind * scale + 6, y_bar + 9, f"{ratio:.2f} {name}"))
        x = left + row.by_hand * scale
        shapes.append(line(x, y, x, y + 26, "#1a7f37", 2))
    return picture(left + 2.6 * scale + 60, height, shapes)


def time_against_size(curves: Sequence[Curve]) -> str:
    """Both axes logarithmic: a line that rises by one decade in one is linear, by two quadratic."""
    left, top, width, height = 70.0, 40.0, 560.0, 360.0
    sizes = [size for curve in curves for size, _ in curve.points]
    times = [seconds for curve in curves for _, seconds in curve.points]
    low_x, high_x = math.log10(min(sizes)), math.log10(max(sizes))
    low_y, high_y = math.floor(math.log10(min(times))), math.ceil(math.log10(max(times)))

    def place(size: float, seconds: float) -> tuple[float, float]:
        x = left + width * (math.log10(size) - low_x) / (high_x - low_x)
        return x, top + height * (high_y - math.log10(seconds)) / (high_y - low_y)

    shapes = [
        text(left, 20, "CPU seconds to read one document, by its size; full lines: 1 KiB chunks, dashed: 16 bytes")
    ]
    for power in range(low_y, high_y + 1):
        y = place(10**low_x, 10.0**power)[1]
        shapes += [line(left, y, left + width, y, LINES), text(left - 6, y + 4, f"{10.0**power:g} s", "end")]
    for kib in (16, 64, 256, 1024, 4096):
        if low_x <= math.log10(kib * 1024 * 1.05) and math.log10(kib * 1024) <= high_x:
            x = place(max(kib * 1024, 10**low_x), 1)[0]
            words = f"{kib} KiB" if kib < 1024 else f"{kib // 1024} MiB"
            shapes += [line(x, top, x, top + height, LINES), text(x, top + height + 16, words, "middle")]
    for curve in curves:
        points = [place(size, seconds) for size, seconds in curve.points]
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
        dash = ' stroke-dasharray="5 4"' if curve.chunk < 1024 else ""
        colour = COLOURS[curve.name]
        shapes.append(f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"{dash}/>')
        shapes.append(text(points[-1][0] + 6, points[-1][1] + 4, curve.name, colour=colour))
    return picture(left + width + 130, top + height + 30, shapes)
