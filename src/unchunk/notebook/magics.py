"""Removal of IPython's own syntax from a cell, so that the rest is Python with the cell's positions.

Where magics are is told as IPython tells it (`IPython.core.inputtransformer2`): a cell magic on the first line that is
not blank; a command escaped with one of `% ! ? , ; /` at the start of a logical line, or with `%` or `!` after its
assignment sign; a question mark at the end of one. https://ipython.readthedocs.io/en/stable/config/inputtransforms.html
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

# Cell magics whose body is Python that runs in the notebook's own namespace.
_PYTHON_BODIES = re.compile(r"capture|debug|heat|lprun|memit|mprun|prun|pyinstrument|scalene|time|timeit|wandb")

_CELL_MAGIC = re.compile(r"\s*?^%%(?!\w+\?)(?P<name>[^\s]*)[^\r\n]*", re.MULTILINE)
_ESCAPE = re.compile(r"[?,;]|[!%](?!=)|/(?![/=])")
_SPACE = re.compile(r"[ \t\f]*")
# The command, with the lines that a backslash joins to it.
_COMMAND = re.compile(r"(?:[^\r\n]*\\(?:\r\n|\r|\n))*[^\r\n]*")
_ASSIGNED = re.compile(r"[ \t\f]*(?=!|%[ \t\f]*[^\W\d])")
_HELP = re.compile(r"%{0,2}(?!\d)[\w*]+(?:\.(?!\d)[\w*]+|\[-?[0-9]+\])*\?\??$")
# The rest of a string, by the quotes that it started with.
_INSIDES = {
    quotes: re.compile(rf"(?:[^\\]|\\.)*?(?:{quotes}|\Z)", re.DOTALL) if len(quotes) == 3
    else re.compile(rf"(?:[^\\\r\n{quotes}]|\\(?:\r\n|.)|\\\Z)*{quotes}?", re.DOTALL)
    for quotes in ("'", '"', "\'\'\'", '"""')
}  # fmt: skip
_TOKEN = re.compile(
    r"""
      (?P<comment>\#[^\r\n]*)
    | (?P<string>[a-zA-Z]{0,3}(?P<quotes>\"\"\"|'''|"|'))
    | (?P<word>\w+)
    | (?P<end>\r\n|\r|\n)
    | (?P<joined>\\(?:\r\n|\r|\n))
    | (?P<space>[ \t\f]+)
    | (?P<open>[(\[{])
    | (?P<close>[)\]}])
    | (?P<compared>[=<>!:+\-*/%@&|^]=|//=|\*\*=|>>=|<<=)
    | (?P<assign>=)
    | (?P<other>.)
    """,
    re.VERBOSE | re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class Magic:
    """A range of a cell that is not Python, as offsets."""

    start: int
    end: int


def is_foreign(cell: str) -> bool:
    """Decide whether a cell magic passes the body to something else: another language, another process, a file."""
    match = _CELL_MAGIC.match(cell)
    return match is not None and _PYTHON_BODIES.fullmatch(match["name"]) is None


def magics(cell: str) -> Iterator[Magic]:
    """Yield the magics of a cell that is not foreign, in order."""
    start = 0
    if (match := _CELL_MAGIC.match(cell)) is not None:
        start = match.end()
        yield Magic(cell.index("%%"), start)
    while start < len(cell):
        start, magic = _logical_line(cell, start)
        if magic is not None:
            yield magic


def masked(cell: str, name: Callable[[str], str]) -> str:
    """Replace each magic of a cell by a Python name, which `name` returns for the magic's text."""
    pieces: list[str] = []
    end = 0
    for magic in magics(cell):
        pieces += [cell[end : magic.start], name(cell[magic.start : magic.end])]
        end = magic.end
    return "".join([*pieces, cell[end:]])


def _logical_line(cell: str, start: int) -> tuple[int, Magic | None]:
    """Return the end of the logical line that starts here, and the magic in it."""
    first = _end(_SPACE, cell, start)
    if _ESCAPE.match(cell, first):
        return _command(cell, first)
    depth, assigned, position, last = 0, False, first, ""
    while position < len(cell):
        match = _TOKEN.match(cell, position)
        assert match is not None
        position = match.end()
        match match.lastgroup:
            case "string":
                position = _end_of_string(cell, position, match["quotes"])
            case "open":
                depth += 1
            case "close":
                depth = max(depth - 1, 0)
            case "assign" if depth == 0 and not assigned:
                assigned = True
                if (command := _ASSIGNED.match(cell, position)) is not None:
                    return _command(cell, command.end())
            case "end" if depth == 0:
                return position, _help(cell, first, match.start()) if last == "?" else None
        last = match[0]
    return position, _help(cell, first, position) if last == "?" else None


def _command(cell: str, start: int) -> tuple[int, Magic]:
    end = _end(_COMMAND, cell, start)
    return end, Magic(start, end)


def _help(cell: str, start: int, end: int) -> Magic | None:
    return Magic(start, end) if _HELP.search(cell, start, end) else None


def _end_of_string(cell: str, start: int, quotes: str) -> int:
    """Return the end of a string whose inside starts here; an open one ends with its line, or with the cell."""
    return _end(_INSIDES[quotes], cell, start)


def _end(pattern: re.Pattern[str], text: str, start: int) -> int:
    match = pattern.match(text, start)
    assert match is not None
    return match.end()
