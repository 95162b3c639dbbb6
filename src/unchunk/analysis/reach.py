"""Reachability on text: whether a parse call and something that returns pieces can meet in a file, judged line by line
without parsing.

A finding needs a function from which both can be reached: they stand in it, or in functions whose names it mentions.
Comments and strings that name nothing do not count. What is told here is a superset of what the engine looks at.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right

from .layout import ANYHOW, BARE, MEMBER, NAME, QUOTED, Layout

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from .layout import Definition

    Name = tuple[bytes, Definition | None]

MAX_PARSE = 3
"""Through how many functions a parse call is looked for, as in the engine."""
MAX_PIECES = 5
"""Through how many calls pieces may come."""
_WORD = re.compile(NAME)
_IS_CALLED = re.compile(rb"%b[ \t\\\r\n]*\(" % NAME)
_RENAMED = re.compile(rb"%b[ \t\\\r\n]+as[ \t\\\r\n]+(%b)" % (NAME, NAME))
_MADE = re.compile(rb"\b(?:lambda|partial|partialmethod)\b")


class Reach:
    """The lines of a program that lead to a parse call, and those that lead to pieces; both empty where one kind is
    missing.

    Args:
        layout: where what stands in the program, without comments and strings.
        parses, pieces: where something says so by itself.
        parsing, handing: names that lead there as well, such as imported ones; `.name` only of something.
    """

    def __init__(
        self,
        layout: Layout,
        parses: Iterable[int],
        pieces: Iterable[int],
        parsing: Iterable[bytes] = (),
        handing: Iterable[bytes] = (),
    ) -> None:
        self.layout = layout
        self._of_something = (MEMBER, QUOTED) if b"getattr" in layout.code else (MEMBER,)
        self._makes_functions = b"lambda" in layout.code or b"partial" in layout.code
        self.parsing: list[int] = []
        self.handing: list[int] = []
        here = [*parses, *(at for name in parsing for at in self._places_of(name))]
        there = [*pieces, *(at for name in handing for at in self._places_of(name))]
        if not here or not there:
            return
        lines = self._closed(here, MAX_PARSE, lasting=False)
        self.parsing = sorted({*lines, *self._made(lines)})
        lines = self._closed(there, MAX_PIECES, lasting=True)
        found = {*lines, *self._shared(lines), *self._in_globals(lines)}
        self.handing = sorted({*found, *self._inherited(lines), *self._handed_over(lines)})

    def meets(self) -> bool:
        """Decide whether some function, or the module's body, leads to both."""
        if not self.parsing or not self.handing:
            return False
        if any(one.outermost and self.leads_to_both(one.first, one.end) for one in self.layout.functions):
            return True
        return self._is_in_body(self.parsing) and self._is_in_body(self.handing)

    def leads_to_both(self, first: int, end: int) -> bool:
        """Decide whether lines of both kinds are among some."""
        return _any_between(self.parsing, first, end) and _any_between(self.handing, first, end)

    def _is_in_body(self, lines: Iterable[int]) -> bool:
        layout = self.layout
        return any(layout.is_outside(line) and line not in layout.without_calls for line in lines)

    def _closed(self, offsets: list[int], hops: int, *, lasting: bool) -> list[int]:
        """Return the lines with those that mention a function containing them, directly or through others."""
        layout = self.layout
        names = set(self._aliases(offsets))
        new = {layout.line_at(at) for at in offsets}.union(*map(self._lines_of, names))
        lines = set(new)
        for _ in range(hops):
            more = {*self._names_for(new, lasting=lasting)} - names
            if not more:
                break
            names |= more
            layout.index({name.lstrip(b".!") for name, _ in more})
            new = {line for name in more for line in self._lines_of(name)} - lines
            lines |= new
        return sorted(lines)

    def _places_of(self, name: bytes) -> Iterator[int]:
        """Yield the offsets of a name that is imported, or of `.name` on an object."""
        code = self.layout.code
        for at in self.layout.offsets(name.lstrip(b".")):
            if name[:1] != b"." or code[at - 1 : at] in (b".", b"'", b'"'):
                yield at

    def _lines_of(self, name: Name) -> list[int]:
        """Return the lines that mention a name: `name` in any way, `.name` as a member, `!name` bare, within its
        function only if it is a local.
        """
        word, home = name
        match word[:1]:
            case b".":
                return self.layout.lines_of(word[1:], self._of_something)
            case b"!":
                lines = self.layout.lines_of(word[1:], (BARE,))
                return lines if home is None else [line for line in lines if home.holds(line)]
            case _:
                return self.layout.lines_of(word, ANYHOW)

    def _names_for(self, lines: Iterable[int], *, lasting: bool) -> Iterator[Name]:
        """Yield the names by which some lines are reached elsewhere: their function, or a lasting name they assign."""
        layout = self.layout
        for one in {one for line in lines for one in layout.around(line) if not one.is_class}:
            yield from self._called_as(one)
        for line in lines:
            if lasting or (self._makes_functions and _MADE.search(layout.line(line))):
                yield from self._lasting(line)

    def _called_as(self, one: Definition) -> Iterator[Name]:
        """Yield the names by which a function is called, or by which its class is passed on."""
        name, around = one.name, one.around
        if around is not None and not self.layout.is_inside(one.first, around):
            yield b"!" + name, None  # in an `if` or `try` of the module
        if one.stands_for_class and one.cls is not None:
            yield one.cls.name, None
        elif name in self.layout.declared_global:
            yield b"!" + name, None
        elif not name.startswith(b"__"):
            yield (
                (b"!" if one.cls is None else b".") + name,
                one.home if around is not None and one.cls is None else None,
            )

    def _lasting(self, line: int) -> Iterator[Name]:
        """Yield the attributes and globals that the statement on a line assigns."""
        layout = self.layout
        for name, is_attribute in layout.targets(line):
            if is_attribute:
                yield b"." + name, None
                continue
            if layout.is_outside(line):
                yield b"." + name, None
                yield b"!" + name, None
            elif name in layout.declared_global:
                yield b"!" + name, None

    def _aliases(self, offsets: Iterable[int]) -> Iterator[Name]:
        """Yield other names of what stands at some offsets: `import loads as parse`, `parse = json.loads`."""
        layout = self.layout
        for at in offsets:
            renamed = _RENAMED.match(layout.code, at)
            if renamed:
                yield b"!" + renamed[1], None  # an import
            elif not _IS_CALLED.match(layout.code, at):
                yield from self._lasting(layout.line_at(at))

    def _made(self, lines: list[int]) -> Iterator[int]:
        """Yield the lines that name classes containing such lines: whoever makes an instance may pass it what is parsed
        there.
        """
        for cls in self.layout.classes:
            if _any_between(lines, cls.first, cls.end):
                yield from self.layout.lines_of(cls.name, ANYHOW)

    def _shared(self, lines: list[int]) -> Iterator[int]:
        """Yield the methods that read what a method with some lines stores, in its class or a subclass."""
        layout = self.layout
        kept: dict[bytes, set[bytes]] = {}
        for cls in layout.classes:
            methods = layout.methods.get(cls, ())
            handing = [one for one in methods if _any_between(lines, one.first, one.end)]
            names = {name for one in handing for name in layout.kept_in(one)}
            names.update(*(kept.get(base, ()) for base in _WORD.findall(layout.line(cls.first))))
            if not names:
                continue
            kept[cls.name] = names
            waiting = [one for one in methods if one not in handing]
            while taking := [one for one in waiting if not names.isdisjoint(layout.members_in(one))]:
                yield from (one.first for one in taking)
                names |= {one.name for one in taking}
                waiting = [one for one in waiting if one not in taking]

    def _in_globals(self, lines: list[int]) -> Iterator[int]:
        """Yield the lines mentioning globals that functions with some lines change."""
        layout = self.layout
        for name, changed in layout.changed_globals.items():
            homes = {one.home for line in changed for one in layout.around(line)[:1]}
            if any(home is not None and _any_between(lines, home.first, home.end) for home in homes):
                yield from layout.lines_of(name, (BARE,))

    def _inherited(self, lines: list[int]) -> Iterator[int]:
        """Yield the methods of classes that are derived from something on some lines."""
        for cls in self.layout.classes:
            methods = self.layout.methods.get(cls, ())
            if _any_between(lines, cls.first, methods[0].first - 1 if methods else cls.end):
                yield from (one.first for one in methods)

    def _handed_over(self, lines: list[int]) -> Iterator[int]:
        """Yield the methods of classes named in functions with some lines, which may pass them data."""
        layout = self.layout
        own = {cls.name: cls for cls in layout.classes}
        if not own:
            return
        users = _merged(
            sorted((one.first, one.end) for line in lines for one in layout.around(line) if not one.is_class)
        )
        layout.index(own)
        waiting = [cls for cls in layout.classes if self._is_named(cls, users)]
        done: set[bytes] = set()
        while waiting:
            cls = waiting.pop()
            if cls.name not in done:
                done.add(cls.name)
                yield from (one.first for one in layout.methods.get(cls, ()))
                waiting += [own[name] for name in _WORD.findall(layout.line(cls.first)) if name in own]

    def _is_named(self, cls: Definition, users: list[tuple[int, int]]) -> bool:
        """Decide whether a class is named in one of some line ranges, its own aside."""
        for line, _ in self.layout.mentions(cls.name):
            at = bisect_right(users, (line, len(self.layout.code)))
            if not cls.holds(line) and at and line <= users[at - 1][1]:
                return True
        return False


def _merged(stretches: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return the line ranges, in order, without those nested in others."""
    merged: list[tuple[int, int]] = []
    for first, end in stretches:
        if not merged or end > merged[-1][1]:
            merged.append((first, end))
    return merged


def _any_between(lines: list[int], first: int, end: int) -> bool:
    at = bisect_left(lines, first)
    return at < len(lines) and lines[at] <= end
