"""Whether a parse call and something that hands out pieces can meet in a file at all: judged by its words, line by
line, without parsing it.

A finding needs a function from which both can be reached: they stand in it, or in functions whose names it mentions.
Comments and docstrings do not count. What is told here is a superset of what the engine looks at.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from functools import cached_property
from itertools import accumulate

from .said import is_word

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

DEEPEST_PARSE = 3
"""Through how many functions a parse call is looked for, as in the engine."""
DEEPEST_PIECES = 5
"""Through how many calls pieces may come."""
_LITERAL = re.compile(
    rb'(?:\b[rRbBuUfF]{1,2})?(?:"""(?:[^"\\]|\\.|"(?!""))*"""|'
    rb"'''(?:[^'\\]|\\.|'(?!''))*'''"
    rb'|"(?:[^"\\\n]|\\.)*"|'
    rb"'(?:[^'\\\n]|\\.)*')|#[^\n]*",
    re.DOTALL,
)
_NAME = rb"[\w\x80-\xff]+"
_DEFINITION = re.compile(rb"^([ \t]*)(?:async[ \t]+)?(def|class)[ \t]+(%b)" % _NAME, re.MULTILINE)
_WORD = re.compile(_NAME)
_HANDLES = (b".", b"'", b'"')
MANY = 100
"""From how many names on it is cheaper to go through all words of a program than to search for each."""
_LINE_END = re.compile(rb"\r\n?|\n")
_GLOBAL = re.compile(rb"^([^\s=(#][^=(\n]*)=(?!=)", re.MULTILINE)
_BOUND = re.compile(rb"\.?%b" % _NAME)
_RENAMED = re.compile(rb"\bas[ \t]+(%b)" % _NAME)
_MADE = re.compile(rb"\b(?:lambda|partial|partialmethod)\b")
_GOES_ON = (b"(", b"[", b"{", b",", b"\\", b"=", b"+", b"|", b"or", b"and", b"else", b"if")
_CLOSING = (b")", b"]", b"}")
_STANDS_FOR_CLASS = frozenset(
    (b"__init__", b"__post_init__", b"__call__", b"__new__", b"__iter__", b"__next__", b"__aiter__", b"__anext__")
)


def code_of(source: bytes) -> bytes:
    """A program without its comments and its long strings; the lines stay."""
    if b"#" not in source and b'"""' not in source and b"'''" not in source:
        return source
    return _LITERAL.sub(_without, source)


def _without(literal: re.Match[bytes]) -> bytes:
    text = literal[0]
    if text[:1] == b"#":
        return b""
    if text[-3:] in (b'"""', b"'''") and len(text) > 5 and text[:1] not in b"fF" and text[1:2] not in b"fF":
        return b"''" + b"\n" * len(_LINE_END.findall(text))
    return text


class Definition:
    """A function or class: the lines from its `def` to the next one that is not inside of it."""

    __slots__ = ("cls", "end", "first", "indent", "is_class", "name", "outermost")

    def __init__(self, first: int, indent: int, name: bytes, *, is_class: bool) -> None:
        self.first = first
        self.end = 0
        self.indent = indent
        self.name = name
        self.is_class = is_class
        self.cls: Definition | None = None
        self.outermost = False

    def called_as(self) -> Iterator[bytes]:
        """How it is mentioned where it is called, or where what it works on is handed over (see `Layout.lines_of`)."""
        if self.is_class:
            return
        if not self.name.startswith(b"__"):
            yield (b"!" if self.cls is None else b".") + self.name
        elif self.cls is not None and self.name in _STANDS_FOR_CLASS:
            yield self.cls.name


class Layout:
    """Where what stands in a program."""

    def __init__(self, code: bytes) -> None:
        self.code = code
        self._starts = list(accumulate(map(len, code.splitlines(keepends=True)), initial=0))
        self._found: dict[bytes, list[int]] = {}
        self.definitions = self._definitions()
        self.functions = [one for one in self.definitions if not one.is_class]
        self.classes = [one for one in self.definitions if one.is_class]

    def _definitions(self) -> list[Definition]:
        found: list[Definition] = []
        around: list[Definition] = []
        for match in _DEFINITION.finditer(self.code):
            indent = len(match[1].expandtabs())
            one = Definition(self.line_at(match.start(2)), indent, match[3], is_class=match[2] == b"class")
            while around and around[-1].indent >= indent:
                around.pop().end = one.first - 1
            one.cls = around[-1] if around and around[-1].is_class else None
            one.outermost = not one.is_class and all(outer.is_class for outer in around)
            around.append(one)
            found.append(one)
        for one in around:
            one.end = len(self._starts)
        return found

    @cached_property
    def methods(self) -> dict[Definition, list[int]]:
        """The first lines of the methods of each class."""
        found: dict[Definition, list[int]] = {}
        for one in self.functions:
            if one.cls is not None:
                found.setdefault(one.cls, []).append(one.first)
        return found

    def line_at(self, offset: int) -> int:
        return bisect_right(self._starts, offset)

    def line(self, number: int) -> bytes:
        """The text of a line, counted from 1."""
        start = self._starts[number - 1]
        end = self._starts[number] if number < len(self._starts) else len(self.code)
        return self.code[start:end].rstrip(b"\r\n")

    def lines_of(self, mention: bytes) -> list[int]:
        """The lines with a name: `name` wherever it stands, `.name` of something, `!name` of nothing."""
        known = self._found.get(mention)
        if known is None:
            name = mention.lstrip(b".!")
            known = self._found[mention] = self._lines_at(self._offsets(name), len(name), mention[:1])
        return known

    def index(self, mentions: Iterable[bytes]) -> None:
        """Find many names by one pass through the program rather than by one for each."""
        wanted = [mention for mention in mentions if mention not in self._found]
        if len(wanted) < MANY:
            return
        offsets: dict[bytes, list[int]] = {mention.lstrip(b".!"): [] for mention in wanted}
        for match in _WORD.finditer(self.code):
            found = offsets.get(match[0])
            if found is not None:
                found.append(match.start())
        for mention in wanted:
            name = mention.lstrip(b".!")
            self._found[mention] = self._lines_at(offsets[name], len(name), mention[:1])

    def _offsets(self, name: bytes) -> Iterator[int]:
        at = self.code.find(name)
        while at >= 0:
            yield at
            at = self.code.find(name, at + len(name))

    def _lines_at(self, offsets: Iterable[int], length: int, mark: bytes) -> list[int]:
        code = self.code
        lines = []
        for at in offsets:
            before = code[at - 1 : at] if at else b""
            if is_word(before) or is_word(code[at + length : at + length + 1]):
                continue
            if before in _HANDLES if mark == b"." else mark != b"!" or before != b".":
                lines.append(self.line_at(at))
        return lines

    def targets(self, line: int) -> Iterator[tuple[bytes, bool]]:
        """The names that the statement on a line assigns, each with whether it is an attribute."""
        *targets, _ = self.line(self._first_of(line)).split(b"=")
        for target in targets:
            if b"(" in target.lstrip()[1:]:
                return
            for name in _BOUND.findall(target.partition(b":")[0]):
                yield name.lstrip(b"."), name.startswith(b".")

    @cached_property
    def globals(self) -> frozenset[bytes]:
        """The names that the module itself assigns."""
        targets = _GLOBAL.findall(self.code)
        return frozenset(name for target in targets for name in _BOUND.findall(target.partition(b":")[0]))

    def _first_of(self, line: int) -> int:
        """The line on which the statement begins that goes on on this line, judged by indentation and line ends."""
        while line > 1:
            text, before = self.line(line), self.line(line - 1).rstrip()
            if not (before.endswith(_GOES_ON) or text.lstrip().startswith((*_CLOSING, b"."))):
                break
            line -= 1
        return line

    def body_lines(self) -> list[int]:
        """The lines outside of all functions, and those that may be."""
        outside: list[int] = []
        ends = 0
        starts = {one.first: one for one in self.definitions if one.outermost}
        indent = -1
        for number in range(1, len(self._starts) + 1):
            text = self.line(number)
            stripped = text.lstrip()
            if number in starts and indent < 0:
                indent, ends = starts[number].indent, number
                continue
            if indent >= 0 and stripped and number > ends:
                depth = len(text[: len(text) - len(stripped)].expandtabs())
                if depth <= indent and not stripped.startswith(_CLOSING):
                    indent = -1
                    if number in starts:
                        indent, ends = starts[number].indent, number
                        continue
            if indent < 0 and stripped:
                outside.append(number)
        return outside


class Reach:
    """The lines of a program that lead to a parse call, and those that lead to something that hands out pieces.

    Args:
        code: the program, without comments and long strings.
        parses, pieces: where something says so by itself.
        parsing, handing: names that lead there as well, such as imported ones.
    """

    def __init__(
        self,
        code: bytes,
        parses: Iterable[int],
        pieces: Iterable[int],
        parsing: Iterable[bytes] = (),
        handing: Iterable[bytes] = (),
    ) -> None:
        self.layout = Layout(code)
        lines = self._closed(self._seeds(parses, parsing), DEEPEST_PARSE, lasting=False)
        self.parsing = sorted({*lines, *self._made(lines)})
        lines = self._closed(self._seeds(pieces, handing), DEEPEST_PIECES, lasting=True)
        self.handing = sorted({*lines, *self._inherited(lines), *self._handed_over(lines)})

    def meets(self) -> bool:
        """Whether some function, or the body of the module, leads to both."""
        if not self.parsing or not self.handing:
            return False
        if any(one.outermost and self.leads_to_both(one.first, one.end) for one in self.layout.functions):
            return True
        if not self.layout.functions:
            return True
        outside = self.layout.body_lines()
        return not {*outside}.isdisjoint(self.parsing) and not {*outside}.isdisjoint(self.handing)

    def leads_to_both(self, first: int, end: int) -> bool:
        """Whether lines of both kinds are among some."""
        return _any_between(self.parsing, first, end) and _any_between(self.handing, first, end)

    def _seeds(self, offsets: Iterable[int], names: Iterable[bytes]) -> set[int]:
        layout = self.layout
        return {*map(layout.line_at, offsets), *(line for name in names for line in layout.lines_of(name))}

    def _closed(self, seeds: set[int], hops: int, *, lasting: bool) -> list[int]:
        """The lines, and those that mention a function with such a line, and those that mention these."""
        layout = self.layout
        names = set(self._aliases(seeds))
        layout.index(names)
        new = seeds.union(*map(layout.lines_of, names))
        lines = set(new)
        for _ in range(hops):
            found = sorted(new)
            more = {
                name for one in layout.functions if _any_between(found, one.first, one.end) for name in one.called_as()
            }
            more.update(name for line in found for name in self._named_on(line, lasting=lasting))
            more -= names
            if not more:
                break
            names |= more
            layout.index(more)
            new = {line for name in more for line in layout.lines_of(name)} - lines
            lines |= new
        return sorted(lines)

    def _made(self, lines: list[int]) -> Iterator[int]:
        """Where classes with such lines are named: who makes an instance may hand it what is parsed there."""
        for cls in self.layout.classes:
            if _any_between(lines, cls.first, cls.end):
                yield from self.layout.lines_of(cls.name)

    def _named_on(self, line: int, *, lasting: bool) -> Iterator[bytes]:
        """What is assigned on a line and lasts: functions made there; attributes and globals if asked for."""
        made = _MADE.search(self.layout.line(line)) is not None
        if made or lasting:
            for name, is_attribute in self.layout.targets(line):
                if is_attribute:
                    yield b"." + name
                elif made or name in self.layout.globals:
                    yield b"!" + name

    def _aliases(self, seeds: Iterable[int]) -> Iterator[bytes]:
        """Other names of what stands on some lines: `import loads as parse`, `parse = json.loads`."""
        for line in seeds:
            text = self.layout.line(line)
            yield from (b"!" + name for name in _RENAMED.findall(text))
            if not text.rstrip().endswith(b")"):
                for name, is_attribute in self.layout.targets(line):
                    yield (b"." if is_attribute else b"!") + name

    def _inherited(self, lines: list[int]) -> Iterator[int]:
        """The methods of classes that are derived from something on some lines."""
        for cls in self.layout.classes:
            methods = self.layout.methods.get(cls, ())
            if _any_between(lines, cls.first, methods[0] - 1 if methods else cls.end):
                yield from methods

    def _handed_over(self, lines: list[int]) -> Iterator[int]:
        """The methods of classes that are named in functions with some lines: what is made there may be theirs."""
        layout = self.layout
        layout.index(cls.name for cls in layout.classes)
        users = _merged((one.first, one.end) for one in layout.functions if _any_between(lines, one.first, one.end))
        waiting = [cls for cls in layout.classes if self._is_named(cls, users)]
        own = {cls.name: cls for cls in layout.classes}
        done: set[bytes] = set()
        while waiting:
            cls = waiting.pop()
            if cls.name not in done:
                done.add(cls.name)
                yield from layout.methods.get(cls, ())
                waiting += [own[name] for name in _WORD.findall(layout.line(cls.first)) if name in own]

    def _is_named(self, cls: Definition, users: list[tuple[int, int]]) -> bool:
        """Whether a class is named in one of some stretches of lines, its own aside."""
        for line in self.layout.lines_of(cls.name):
            at = bisect_right(users, (line, len(self.layout.code)))
            if not cls.first <= line <= cls.end and at and line <= users[at - 1][1]:
                return True
        return False


def _merged(stretches: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Stretches of lines, in order, those that lie in others left out."""
    merged: list[tuple[int, int]] = []
    for first, end in stretches:
        if not merged or end > merged[-1][1]:
            merged.append((first, end))
    return merged


def _any_between(lines: list[int], first: int, end: int) -> bool:
    at = bisect_left(lines, first)
    return at < len(lines) and lines[at] <= end
