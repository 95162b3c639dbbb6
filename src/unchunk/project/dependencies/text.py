"""Text edited by insertions only, so that every byte that was there stays as it was."""

from __future__ import annotations

import codecs
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_COOKIE = re.compile(rb"^[ \t\f]*#.*?coding[:=][ \t]*([-\w.]+)")
_BLANK_OR_COMMENT = re.compile(r"\s*(#.*)?", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Insertion:
    """Text to put in front of the character at `offset`."""

    offset: int
    text: str


@dataclass(frozen=True, slots=True)
class Document:
    """A file's text with what is needed to write it back: byte order mark and encoding.

    Offsets count characters of `text`, which does not contain the mark; line ends are as in the file.
    """

    path: Path
    raw: bytes
    text: str
    bom: bytes
    encoding: str

    @property
    def newline(self) -> str:
        r"""Return the line end of the file's first line; `\n` where it has none."""
        end = self.text.find("\n")
        return "\r\n" if end > 0 and self.text[end - 1] == "\r" else "\n"

    def line(self, offset: int) -> int:
        """Return the number of the line with the character at `offset`, from 1."""
        return self.text.count("\n", 0, offset) + 1

    def with_insertions(self, insertions: Sequence[Insertion]) -> bytes:
        """Return the file's bytes after the insertions; offsets are those of the text before."""
        return self.bom + insert(self.text, insertions).encode(self.encoding)


def decode(path: Path, raw: bytes) -> Document:
    """Decode `raw` by its byte order mark, else by a coding cookie in the first two lines, else as UTF-8.

    Raises:
        UnicodeDecodeError: the bytes are not in that encoding.
    """
    for bom, encoding in _BOMS:
        if raw.startswith(bom):
            return Document(path, raw, raw[len(bom) :].decode(encoding), bom, encoding)
    encoding = _cookie(raw) or "utf-8"
    return Document(path, raw, raw.decode(encoding), b"", encoding)


def _cookie(raw: bytes) -> str | None:
    for line in raw.split(b"\n", 2)[:2]:
        if match := _COOKIE.match(line):
            name = match[1].decode("ascii", "replace")
            return name if _known(name) else None
    return None


def _known(encoding: str) -> bool:
    try:
        codecs.lookup(encoding)
    except LookupError:
        return False
    return True


def insert(text: str, insertions: Sequence[Insertion]) -> str:
    """Return the text with all insertions made; those at the same offset stand in the order given."""
    pieces: list[str] = []
    done = 0
    for insertion in sorted(insertions, key=lambda each: each.offset):
        pieces += [text[done : insertion.offset], insertion.text]
        done = insertion.offset
    return "".join([*pieces, text[done:]])


def sorted_place(names: Sequence[str], new: str) -> int:
    """Return how many of the `names` come before `new`: alphabetically if they are sorted, else all of them."""
    if len(names) < 2 or list(names) != sorted(names):
        return len(names)
    return sum(name < new for name in names)


@dataclass(frozen=True, slots=True)
class BracketList:
    """A bracketed list in a text, TOML's or Python's: the positions of its brackets and its items.

    Attributes:
        opened: offset just after the opening bracket.
        closed: offset of the closing bracket.
        items: start and end of each item, in order.
        names: a name for each item, to keep an alphabetical list alphabetical.
    """

    text: str
    opened: int
    closed: int
    items: tuple[tuple[int, int], ...]
    names: tuple[str, ...]
    newline: str

    def adding(self, item: str, name: str) -> tuple[Insertion, ...]:
        """Return the insertions that add `item` where a person would type it."""
        if not self.items:
            return (self._into_empty(item),)
        place = sorted_place(self.names, name)
        if place == 0 and not self._comment_above_first():
            return (self._in_front(item),)
        return self._after(place - 1 if place else len(self.items) - 1, item)

    def _into_empty(self, item: str) -> Insertion:
        inside = self.text[self.opened : self.closed]
        if "\n" not in inside:
            return Insertion(self.opened, item)
        line_start = self.text.rindex("\n", 0, self.closed) + 1
        closing = self.text[line_start : self.closed]
        comment = re.search(r"^([ \t]+)#", inside, re.MULTILINE)
        indent = comment[1] if comment else closing + "    "
        return Insertion(line_start, f"{indent}{item},{self.newline}")

    def _comment_above_first(self) -> bool:
        return "#" in self.text[self.opened : self.items[0][0]]

    def _in_front(self, item: str) -> Insertion:
        start = self.items[0][0]
        indent = self._indent(start)
        between = ", " if indent is None else f",{self.newline}{indent}"
        return Insertion(start, item + between)

    def _after(self, index: int, item: str) -> tuple[Insertion, ...]:
        end = self.items[index][1]
        last = index == len(self.items) - 1
        following = self.closed if last else self.items[index + 1][0]
        indent = self._column_indent(index)
        if indent is None:
            return (Insertion(end, f", {item}"),)
        comma = _comma(self.text, end, following)
        line_end = _line_end(self.text, end if comma is None else comma + 1, following)
        trailing = "," if comma is not None else ""
        added = Insertion(line_end, f"{self.newline}{indent}{item}{trailing}")
        return (added,) if comma is not None else (Insertion(end, ","), added)

    def _column_indent(self, index: int) -> str | None:
        """Return the indentation of items where each is on a line of its own; None where they share lines."""
        for at in (index, index + 1, index - 1):
            if 0 <= at < len(self.items) and (indent := self._indent(self.items[at][0])) is not None:
                return indent if self._one_a_line() else None
        return None

    def _one_a_line(self) -> bool:
        pairs = zip(self.items, self.items[1:], strict=False)
        return all("\n" in self.text[one[1] : two[0]] for one, two in pairs)

    def _indent(self, offset: int) -> str | None:
        """Return the text before `offset` on its line, if it is blank and inside the brackets."""
        start = self.text.rfind("\n", 0, offset) + 1
        before = self.text[start:offset]
        return before if start > self.opened and not before.strip() else None


def _comma(text: str, start: int, stop: int) -> int | None:
    """Return the offset of the first comma outside of comments."""
    at = start
    while at < stop:
        if text[at] == ",":
            return at
        at = text.index("\n", at) if text[at] == "#" else at + 1
    return None


def _line_end(text: str, start: int, stop: int) -> int:
    """Return the end of the line with `start`, before its line end; `start` where more than a comment follows on it."""
    end = text.find("\n", start, stop)
    if end < 0:
        return start
    end -= text[end - 1] == "\r"
    return end if _BLANK_OR_COMMENT.fullmatch(text, start, end) else start


@dataclass(frozen=True, slots=True)
class LineList:
    """A list with an item a line: the start and end of each item's lines (before the line end), and the indentation."""

    ends: tuple[int, ...]
    names: tuple[str, ...]
    starts: tuple[int, ...]
    newline: str
    indent: str = ""

    def adding(self, item: str, name: str) -> Insertion:
        """Return the insertion that adds `item` on a line of its own; the list must not be empty."""
        place = sorted_place(self.names, name)
        if place == 0:
            return Insertion(self.starts[0], f"{self.indent}{item}{self.newline}")
        return Insertion(self.ends[place - 1], f"{self.newline}{self.indent}{item}")
