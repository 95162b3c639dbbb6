"""Layout of a program by its words, lines and indentation, without parsing."""

from __future__ import annotations

import re
from bisect import bisect_right
from functools import cache, cached_property
from itertools import accumulate

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

MANY = 100
"""Number of names from which one pass through the program is cheaper than a search for each."""
NAME = rb"[\w\x80-\xff]+"
IN_WORDS = frozenset(b"_abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789") | frozenset(range(0x80, 0x100))
_WORD = re.compile(NAME)
# These begin with plain letters, by which the search is many times faster.
_DEFINITIONS = [re.compile(rb"%b[ \t]+(%b)" % (word, NAME)) for word in (b"def", b"class")]
_INDENTATION = re.compile(rb"([ \t]*)(?:async[ \t]+)?")
_NO_CALLS = re.compile(
    rb"\n[ \t]*(?:from[ \t]+[\w.]+[ \t]+import\b[ \t]*(?:\([^)]*\))?|import[ \t]|@|class[ \t][^()\n]*(?:\([^()]*\))?:"
    rb"|__all__[ \t]*\+?=[ \t]*[\[(][^\])]*)"
)
"""Statements that call nothing, or whose calls hand nothing on; what stands in them cannot bring anything together."""
BARE, MEMBER, QUOTED = range(3)
"""Kinds of mentions: bare, as a member, as a string."""
ANYHOW = (BARE, MEMBER, QUOTED)
_QUOTES = (b"'", b'"')
_CLOSING = (b")", b"]", b"}")
_GOES_ON = (b"(", b"[", b"{", b",", b"\\", b"=", b"+", b"|", b"or", b"and", b"else", b"if")
_TOKEN = re.compile(rb"[\[\](){}]|(?<![=!<>:])=(?!=)|:=|\bas\b")
_BOUND = re.compile(rb"(\.?)[ \t]*\b(?!\d)(%b)(?!%b|[ \t\\\r\n]*\.)" % (NAME, NAME))
_COMPOUND = re.compile(rb"[ \t]*(?:if|elif|else|for|while|with|try|except|finally|async|match|case)\b")
_GLOBAL = re.compile(rb"\bglobal[ \t]+([^\n;]+)")
CHANGING = frozenset(
    ("append", "extend", "write", "appendleft", "add", "insert", "setdefault", "update", "put", "put_nowait")
)
"""The methods that change what a collection or a buffer holds."""
_CHANGING = rb"\.(?:%b)[ \t]*\(" % b"|".join(name.encode() for name in sorted(CHANGING))
_CHANGED = re.compile(rb"(?<![.\w\x80-\xff])(%b)(?:%b|\[[^\]\n]*\][ \t]*=[^=])" % (NAME, _CHANGING))
_MEMBER = re.compile(rb"\.(%b)" % NAME)
_KEPT = re.compile(
    rb"\.(%b)(?:[ \t]*\[[^\]\n]*\])?(?=%b|[ \t]*(?:[-+*/%%|&^@<>]*|:[^=\n]*|,[^=\n]*)=[^=]|[ \t]+in\b|[ \t]*[:)])"
    % (NAME, _CHANGING)
)
"""Attributes that are or may be assigned or changed: targets of loops and of `with` stand before `in`, `:` and `)`."""
_BOUND_OUTSIDE = re.compile(rb"^(%b)[ \t]*(?::[^=\n]*)?=[^=]" % NAME, re.MULTILINE)
_STANDS_FOR_CLASS = frozenset(
    (b"__init__", b"__post_init__", b"__call__", b"__new__", b"__iter__", b"__next__", b"__aiter__", b"__anext__")
)


class Definition:
    """A function or class: the lines from its `def` to the next one outside of it."""

    __slots__ = ("around", "cls", "end", "first", "home", "indent", "is_class", "name")

    def __init__(self, first: int, indent: int, name: bytes, around: Definition | None, *, is_class: bool) -> None:
        self.first = first
        self.end = 0
        self.indent = indent
        self.name = name
        self.around = around
        self.is_class = is_class
        self.cls = around if around is not None and around.is_class else None
        self.home: Definition | None = around.home if around is not None else None
        """The outermost function that it is, or stands in."""
        if self.home is None and not is_class:
            self.home = self

    @property
    def outermost(self) -> bool:
        return self.home is self

    @property
    def stands_for_class(self) -> bool:
        return self.cls is not None and self.name in _STANDS_FOR_CLASS

    def holds(self, line: int) -> bool:
        return self.first <= line <= self.end


class Layout:
    """The definitions, mentions and assignments of a program, by line."""

    def __init__(self, code: bytes) -> None:
        self.code = code
        self._starts = list(accumulate(map(len, code.splitlines(keepends=True)), initial=0))
        self._found: dict[bytes, list[tuple[int, int]]] = {}
        self._around: dict[int, list[Definition]] = {}
        self._left: dict[Definition, int] = {}
        self.definitions = self._definitions()
        self._firsts = [one.first for one in self.definitions]
        self.functions = [one for one in self.definitions if not one.is_class]
        self.classes = [one for one in self.definitions if one.is_class]

    def _definitions(self) -> list[Definition]:
        found: list[Definition] = []
        around: list[Definition] = []
        for first, indent, name, is_class in self._heads():
            while around and around[-1].indent >= indent:
                around.pop().end = first - 1
            one = Definition(first, indent, name, around[-1] if around else None, is_class=is_class)
            around.append(one)
            found.append(one)
        for one in around:
            one.end = len(self._starts)
        return found

    def _heads(self) -> list[tuple[int, int, bytes, bool]]:
        """Return the first lines of definitions, with their indentation, their name and whether it is a class."""
        heads = []
        for definition in _DEFINITIONS:
            for match in definition.finditer(self.code):
                line = self.line_at(match.start())
                before = _INDENTATION.fullmatch(self.code, self._starts[line - 1], match.start())
                if before:
                    heads.append((line, len(before[1].expandtabs()), match[1], definition is _DEFINITIONS[1]))
        return sorted(heads)

    @cached_property
    def methods(self) -> dict[Definition, list[Definition]]:
        """Return the methods of each class."""
        found: dict[Definition, list[Definition]] = {}
        for one in self.functions:
            if one.cls is not None:
                found.setdefault(one.cls, []).append(one)
        return found

    def line_at(self, offset: int) -> int:
        return bisect_right(self._starts, offset)

    def line(self, number: int) -> bytes:
        """Return the text of a line, counted from 1."""
        return self.code[self._starts[number - 1] : self._end(number)].rstrip(b"\r\n")

    def _end(self, number: int) -> int:
        return self._starts[number] if number < len(self._starts) else len(self.code)

    def kept_in(self, one: Definition) -> set[bytes]:
        """Return the attributes that a function assigns or may change."""
        return set(_KEPT.findall(self.code, self._starts[one.first - 1], self._end(one.end)))

    def members_in(self, one: Definition) -> set[bytes]:
        """Return the attributes that a function mentions."""
        return set(_MEMBER.findall(self.code, self._starts[one.first - 1], self._end(one.end)))

    def around(self, line: int) -> list[Definition]:
        """Return the functions and classes around a line, innermost first."""
        known = self._around.get(line)
        if known is None:
            known = self._around[line] = []
            at = bisect_right(self._firsts, line)
            one = self.definitions[at - 1] if at else None
            while one is not None:
                if line <= one.end:
                    known.append(one)
                one = one.around
        return known

    def lines_of(self, name: bytes, kinds: tuple[int, ...]) -> list[int]:
        """Return the lines on which a name is mentioned in one of some ways."""
        return [line for line, kind in self.mentions(name) if kind in kinds]

    def mentions(self, name: bytes) -> list[tuple[int, int]]:
        """Return the lines that mention a name, each with the kind of mention."""
        known = self._found.get(name)
        if known is None:
            known = self._found[name] = self._ways(self.offsets(name), len(name))
        return known

    def index(self, names: Iterable[bytes]) -> None:
        """Find many names in one pass through the program."""
        wanted: dict[bytes, list[int]] = {name: [] for name in names if name not in self._found}
        if len(wanted) < MANY:
            return
        for match in _WORD.finditer(self.code):
            found = wanted.get(match[0])
            if found is not None:
                found.append(match.start())
        for name, offsets in wanted.items():
            self._found[name] = self._ways(offsets, len(name))

    def offsets(self, name: bytes) -> Iterator[int]:
        """Yield the offsets of a name."""
        code, length = self.code, len(name)
        at = code.find(name)
        while at >= 0:
            end = at + length
            if not ((at and code[at - 1] in IN_WORDS) or (end < len(code) and code[end] in IN_WORDS)):
                yield at
            at = code.find(name, end)

    def _ways(self, offsets: Iterable[int], length: int) -> list[tuple[int, int]]:
        code, found = self.code, []
        for at in offsets:
            before = code[at - 1 : at] if at else b""
            way = MEMBER if before == b"." else QUOTED if before in _QUOTES else BARE
            if way != BARE or code[at + length : at + length + 1] not in _QUOTES:  # not the `b` of `b"..."`
                found.append((self.line_at(at), way))
        return found

    def is_outside(self, line: int) -> bool:
        """Decide whether a line may lie outside all functions: it is not indented further than their `def`."""
        around = self.around(line)
        home = around[0].home if around else None
        return home is None or not self.is_inside(line, home)

    def is_inside(self, line: int, one: Definition) -> bool:
        """Decide whether a line certainly lies inside a function or class: it is indented further."""
        left = self._left.get(one)
        if left is None:
            start = self._starts[one.first - 1] + 1
            found = _further_left(one.indent).search(self.code, start, self._end(one.end))
            left = self._left[one] = self.line_at(found.start() + 1) if found else one.end + 1
        return line < left

    @cached_property
    def without_calls(self) -> frozenset[int]:
        """Return the lines of statements without calls: imports, decorators, the heads of classes."""
        found: set[int] = set()
        for match in _NO_CALLS.finditer(b"\n" + self.code):
            found.update(range(self.line_at(match.start()), self.line_at(max(match.end() - 2, match.start())) + 1))
        return frozenset(found)

    @cached_property
    def declared_global(self) -> frozenset[bytes]:
        """Return the names that functions declare global."""
        return frozenset(name for listed in _GLOBAL.findall(self.code) for name in _WORD.findall(listed))

    @cached_property
    def changed_globals(self) -> dict[bytes, list[int]]:
        """Return the lines on which each global is changed."""
        found: dict[bytes, list[int]] = {}
        for match in _CHANGED.finditer(self.code):
            found.setdefault(match[1], []).append(self.line_at(match.start()))
        for match in _GLOBAL.finditer(self.code):
            for name in _WORD.findall(match[1]):
                found.setdefault(name, []).append(self.line_at(match.start()))
        if not found:
            return found
        bound = set(_BOUND_OUTSIDE.findall(self.code))
        return {name: lines for name, lines in found.items() if name in bound}

    def targets(self, line: int) -> Iterator[tuple[bytes, bool]]:
        """Yield the names assigned by the statement on a line, each with whether it is an attribute."""
        text = b"\n".join(map(self.line, range(self._first_of(line), line + 1)))
        if b"=" not in text and b" as " not in text:
            return
        depth = start = 0
        for token in _TOKEN.finditer(text):
            match token[0]:
                case b"(" | b"[" | b"{":
                    depth += 1
                case b")" | b"]" | b"}":
                    depth -= 1
                case b"as":
                    yield from _bound(text[token.end() :].partition(b",")[0].partition(b":")[0])
                case b":=":
                    yield from list(_bound(text[start : token.start()]))[-1:]
                case _ if depth <= 0:
                    target = text[start : token.start()]
                    compound = _COMPOUND.match(target) is not None
                    yield from _bound(target.rpartition(b":")[2] if compound else _without_annotation(target))
                    start = token.end()

    def _first_of(self, line: int) -> int:
        """Return the first line of the statement that continues on this line, judged by indentation and line ends."""
        while line > 1:
            text, before = self.line(line), self.line(line - 1).rstrip()
            if not (before.endswith(_GOES_ON) or text.lstrip().startswith((*_CLOSING, b"."))):
                break
            line -= 1
        return line


@cache
def _further_left(indent: int) -> re.Pattern[bytes]:
    """Return a pattern for a line that is indented no further; closing brackets do not count."""
    return re.compile(rb"\n[ \t]{0,%d}[^\s)\]}]" % indent)


def _without_annotation(target: bytes) -> bytes:
    depth = 0
    for at, letter in enumerate(target):
        if letter in b"([{":
            depth += 1
        elif letter in b")]}":
            depth -= 1
        elif letter in b":" and not depth:
            return target[:at]
    return target


def _bound(target: bytes) -> Iterator[tuple[bytes, bool]]:
    return ((name, bool(dot)) for dot, name in _BOUND.findall(target))
