"""Draw `docs/import_map.svg` from the imports, and refresh the code in `docs/development.md`: run this file."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "src" / "unchunk"
PICTURE = Path(__file__).with_name("import_map.svg")
PAGE = Path(__file__).with_name("development.md")

# Rooms that are large enough to be drawn by themselves.
INNER = ("analysis/catalog", "analysis/flow", "analysis/rules", "project/dependencies", "project/vendor")
WIDTH, HEIGHT, GAP_X, GAP_Y, MARGIN = 150, 44, 30, 56, 20


def room_of(path: Path) -> str:
    """Return the room that a file of the package lies in."""
    inside = path.relative_to(PACKAGE)
    if inside.as_posix() == "codemod/command.py":
        return "codemod.command"  # LibCST's command is a shell, wherever its contract puts it
    for inner in INNER:
        if inside.as_posix().startswith(f"{inner}/"):
            return inner.replace("/", ".")
    return inside.parts[0].removesuffix(".py").replace("__init__", "unchunk").replace("__main__", "cli")


def imported(path: Path) -> Iterator[Path]:
    """Yield the files of the package that a file imports, wherever in it the import stands."""
    for node in ast.walk(ast.parse(path.read_bytes())):
        match node:
            case ast.Import(names=names):
                bases = [name.name for name in names]
            case ast.ImportFrom(module=module, level=level, names=names):
                package = ["unchunk", *path.relative_to(PACKAGE).parent.parts]
                base = ".".join([*package[: len(package) - level + 1], *filter(None, [module])]) if level else module
                bases = [f"{base}.{name.name}" for name in names]
            case _:
                continue
        yield from (file for base in bases if (file := _file(base)) is not None and file != path)


def _file(dotted: str) -> Path | None:
    """Return the file of a module, or of the module that a name is imported from."""
    first, *parts = dotted.split(".")
    while first == "unchunk":
        place = PACKAGE.joinpath(*parts)
        if place.with_suffix(".py").is_file() and parts:
            return place.with_suffix(".py")
        if (place / "__init__.py").is_file():
            return place / "__init__.py"
        parts = parts[:-1]
    return None


def arrows() -> dict[str, set[str]]:
    """Return the rooms that each room imports from."""
    found: dict[str, set[str]] = {}
    for path in sorted(PACKAGE.rglob("*.py")):
        found.setdefault(room_of(path), set()).update(map(room_of, imported(path)))
    return {room: others - {room} for room, others in found.items()}


def layers(found: dict[str, set[str]]) -> list[list[str]]:
    """Return the rooms by how many others they stand on; those that import each other stand side by side."""
    reached = {room: _reached(room, found) for room in found}
    height: dict[str, int] = {}
    for room in sorted(found, key=lambda room: (len(reached[room]), room)):
        height[room] = max(
            (height[other] + 1 for other in found[room] if other in height and room not in reached[other]), default=0
        )
    for room in found:
        height[room] = max([height[room], *(height[other] for other in reached[room] if room in reached[other])])
    return [sorted(room for room in found if height[room] == level) for level in sorted(set(height.values()))]


def _reached(room: str, found: dict[str, set[str]]) -> set[str]:
    seen: set[str] = set()
    pending = [room]
    while pending:
        for other in found[pending.pop()] - seen:
            seen.add(other)
            pending.append(other)
    return seen - {room}


def picture() -> str:
    """Return the rooms with their arrows as SVG, the rooms that shells stand on at the bottom."""
    found = arrows()
    rows = layers(found)[::-1]
    width = max(map(len, rows)) * (WIDTH + GAP_X) - GAP_X + 2 * MARGIN
    height = len(rows) * (HEIGHT + GAP_Y) - GAP_Y + 2 * MARGIN
    places = {}
    for level, row in enumerate(rows):
        start = (width - len(row) * (WIDTH + GAP_X) + GAP_X) / 2
        for number, room in enumerate(row):
            places[room] = (start + number * (WIDTH + GAP_X), MARGIN + level * (HEIGHT + GAP_Y))
    drawn = [
        _arrow(places[room], places[other])
        for room in sorted(found)
        for other in sorted(found[room])
        if _is_drawn(room, other, found)
    ]
    boxes = [_box(room, *places[room]) for room in sorted(places)]
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" '
        'font-family="sans-serif" font-size="13">'
    )
    return "\n".join([head, f'<rect width="{width}" height="{height}" fill="#fff"/>', *drawn, *boxes, "</svg>"]) + "\n"


def _is_drawn(room: str, other: str, found: dict[str, set[str]]) -> bool:
    """Decide whether an arrow is not implied by others."""
    return not any(
        other in _reached(between, found)
        and between not in _reached(other, found)
        and room not in _reached(between, found)
        for between in found[room] - {other}
    )


def _arrow(start: tuple[float, float], end: tuple[float, float]) -> str:
    down = end[1] > start[1]
    x1, y1 = start[0] + WIDTH / 2, start[1] + (HEIGHT if down else HEIGHT / 2)
    x2, y2 = end[0] + WIDTH / 2, end[1] + (0 if down else HEIGHT / 2)
    return f'<path d="M{x1:g} {y1:g}C{x1:g} {y1 + 30:g} {x2:g} {y2 - 30:g} {x2:g} {y2:g}" fill="none" stroke="#888"/>'


def _box(room: str, x: float, y: float) -> str:
    middle = x + WIDTH / 2
    return (
        f'<rect x="{x:g}" y="{y:g}" width="{WIDTH}" height="{HEIGHT}" rx="6" fill="#eef3fb" stroke="#456"/>'
        f'<text x="{middle:g}" y="{y + 27:g}" text-anchor="middle">{room}</text>'
    )


def page(text: str) -> str:
    """Return the page with the code in its diffs as it is in the files that they name."""
    return re.sub(r"```diff\n(.*?)```", lambda block: f"```diff\n{_refreshed(block[1])}```", text, flags=re.DOTALL)


def _refreshed(block: str) -> str:
    """Return a diff with its hunks read again: `@@ all @@`, or those from a line that begins with a text."""
    out, path = [], Path()
    for line in block.splitlines():
        if line.startswith("+++ "):
            path = ROOT / line[4:]
            out.append(line)
        elif line.startswith("@@ "):
            out += [line, *(f"+{code}".rstrip() for code in _code(path, line.removeprefix("@@ ").removesuffix(" @@")))]
    return "".join(f"{line}\n" for line in out)


def _code(path: Path, which: str) -> list[str]:
    """Return all lines, or those from the one that begins with a text to the next blank one, or that one alone."""
    lines = path.read_text(encoding="utf-8").splitlines()
    if which == "all":
        return lines
    kind, _, text = which.partition(" ")
    first = next(number for number, line in enumerate(lines) if line.lstrip().startswith(text))
    if kind == "line":
        return [lines[first]]
    last = next(
        (
            n
            for n in range(first + 1, len(lines))
            if lines[n] and not lines[n][0].isspace() and lines[n][0] not in ")]}"
        ),
        len(lines),
    )
    while not lines[last - 1]:
        last -= 1
    return lines[first:last]


if __name__ == "__main__":
    PICTURE.write_text(picture(), encoding="utf-8")
    PAGE.write_text(page(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
