"""Outline of a file: its statements by a walk over statements only, its words by a text search.

Most of a file never matters. Walking every expression of it costs as much as parsing it; this costs a tenth.
"""

from __future__ import annotations

import ast
import re
import sys
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from functools import cached_property

FunctionDef = ast.FunctionDef | ast.AsyncFunctionDef

MAX_CHAIN = 3
"""Through how many functions a parse call is looked for."""

MANY = 100
"""Number of words from which one pass through the text is cheaper than a search for each."""
_NAME = re.compile(r"\w+")
_LINE_END = re.compile(r"\r\n?|\n")
_DEFINITION = re.compile(r"^([ \t]*)(?:async[ \t]+)?(def|class)[ \t]+(\w+)", re.MULTILINE)
_GLOBAL = re.compile(r"^(\w+)[ \t]*(?::[^=\n]*)?=[^=]", re.MULTILINE)
_STANDS_FOR_CLASS = frozenset(
    ("__init__", "__post_init__", "__call__", "__new__", "__iter__", "__next__", "__aiter__", "__anext__")
)
_INNER = ("body", "orelse", "finalbody", "handlers", "cases")


class Words:
    """A lazy index of the lines on which words occur in a text."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._found: dict[str, list[int]] = {}
        self._contained: dict[str, bool] = {}

    def contain(self, text: str) -> bool:
        """Decide whether a text occurs at all, be it as a part of a word."""
        if text not in self._contained:
            self._contained[text] = text in self.text
        return self._contained[text]

    def lines_of(self, word: str) -> list[int]:
        """Return the lines, from 1, on which a word occurs, in order."""
        known = self._found.get(word)
        if known is None:
            known = self._found[word] = [self.line_at(at) for at in self._offsets(word)]
        return known

    def lines_of_any(self, words: Iterable[str]) -> list[int]:
        words = list(words)
        if len(words) > MANY:
            self._index(words)
        return sorted({line for word in words for line in self.lines_of(word)})

    def _index(self, words: list[str]) -> None:
        """Find many words in one pass through the text."""
        wanted = {word for word in words if word.isidentifier() and word not in self._found}
        if len(wanted) <= MANY:
            return
        found: dict[str, list[int]] = {word: [] for word in wanted}
        for match in _NAME.finditer(self.text):
            lines = found.get(match[0])
            if lines is not None:
                lines.append(self.line_at(match.start()))
        self._found.update(found)

    def line_at(self, offset: int) -> int:
        return bisect_right(self._starts, offset)

    @cached_property
    def _starts(self) -> list[int]:
        return [0, *(match.end() for match in _LINE_END.finditer(self.text))]

    def _offsets(self, word: str) -> Iterator[int]:
        text, length = self.text, len(word)
        at = text.find(word)
        while at >= 0:
            before, after = text[at - 1 : at], text[at + length : at + length + 1]
            if not (before.isidentifier() or before.isdecimal() or after.isidentifier() or after.isdecimal()):
                yield at
            at = text.find(word, at + length)


class Outline:
    """The statements of a module.

    Attributes:
        words: its words.
        statements: all of them, those inside functions and classes included.
        functions: all functions and methods, each with the class that it stands in, if it does.
        classes: all classes.
        assignments, imports: those statements.
    """

    def __init__(self, tree: ast.Module, words: Words) -> None:
        self.words = words
        self.statements: list[ast.stmt] = []
        self.functions: list[tuple[FunctionDef, ast.ClassDef | None]] = []
        self.outermost: list[tuple[FunctionDef, ast.ClassDef | None]] = []
        self.classes: list[ast.ClassDef] = []
        self.assignments: list[ast.Assign | ast.AnnAssign] = []
        self.imports: list[ast.Import | ast.ImportFrom] = []
        self._walk(tree)

    def _walk(self, tree: ast.Module) -> None:
        stack: list[tuple[ast.AST, ast.ClassDef | None, bool]] = [(tree, None, False)]
        while stack:
            node, cls, inside = stack.pop()
            for name in _INNER:
                inner = node.__dict__.get(name)
                if not isinstance(inner, list):
                    continue
                for child in inner:
                    stack.append(self._note(child, cls, inside))

    def _note(
        self, child: ast.AST, cls: ast.ClassDef | None, inside: bool
    ) -> tuple[ast.AST, ast.ClassDef | None, bool]:
        if isinstance(child, ast.stmt):
            self.statements.append(child)
        if isinstance(child, ast.Assign | ast.AnnAssign):
            self.assignments.append(child)
        elif isinstance(child, ast.Import | ast.ImportFrom):
            self.imports.append(child)
        if isinstance(child, FunctionDef):
            self.functions.append((child, cls))
            if not inside:
                self.outermost.append((child, cls))
            return child, None, True
        if isinstance(child, ast.ClassDef):
            self.classes.append(child)
            return child, child, inside
        return child, cls, inside

    def says(self, node: ast.AST, word: str) -> bool:
        """Decide whether a word occurs in the lines of a node."""
        return stands_in(self.words.lines_of(word), node)

    def callers(self, names: set[str]) -> set[str]:
        """Return the names with those of the functions that mention them, directly or through others."""
        for _ in range(MAX_CHAIN):
            more = {name for name in self.callers_of(self.words.lines_of_any(names)) if name not in names}
            if not more:
                break
            names = names | more
        return names

    def callers_of(self, lines: list[int]) -> Iterator[str]:
        """Yield the names by which the functions with these lines are called, assigned ones included."""
        for node, cls in self.functions:
            if stands_in(lines, node):
                yield from called_as(node.name, cls.name if cls is not None else None)
        for name, call in self.made_functions:
            if stands_in(lines, call):
                yield name

    @cached_property
    def made_functions(self) -> list[tuple[str, ast.Assign]]:
        """Return the functions made by assignments: `decode = lambda raw: …`, `decode = functools.partial(…)`."""
        found: list[tuple[str, ast.Assign]] = []
        for node in self.assignments:
            match node:
                case ast.Assign(
                    targets=[ast.Name(id=name)],
                    value=ast.Lambda()
                    | ast.Call(func=ast.Name(id="partial") | ast.Attribute(attr="partial" | "partialmethod")),
                ):
                    found.append((name, node))
        return found


def covering(nodes: Iterable[ast.AST]) -> list[tuple[int, int]]:
    """Return the line ranges of some nodes, in order, without those nested in others."""
    stretches = sorted((getattr(node, "lineno", 0), getattr(node, "end_lineno", None) or 0) for node in nodes)
    found: list[tuple[int, int]] = []
    for first, last in stretches:
        if not found or last > found[-1][1]:
            found.append((first, last))
    return found


def is_covered(line: int, stretches: list[tuple[int, int]]) -> bool:
    at = bisect_right(stretches, (line, sys.maxsize))
    return at > 0 and line <= stretches[at - 1][1]


def stands_in(lines: list[int], node: ast.AST) -> bool:
    """Decide whether one of some lines, in order, belongs to a node."""
    first = getattr(node, "lineno", 0)
    last = getattr(node, "end_lineno", None) or first
    at = bisect_left(lines, first)
    return at < len(lines) and lines[at] <= last


def called_as(name: str, cls: str | None) -> Iterator[str]:
    """Yield the names by which a function is called, or by which its class is passed on."""
    if not name.startswith("__"):
        yield name
    elif cls is not None and name in _STANDS_FOR_CLASS:
        yield cls


def defining(words: Words, names: Iterable[str]) -> set[str]:
    """Return the functions and classes in which some names occur, judged by indentation, without parsing."""
    text, lines = words.text, words.lines_of_any(names)
    found = {name for at, name in _globals(text) if stands_on(lines, words.line_at(at))} if lines else set()
    if lines:
        definitions = [(words.line_at(match.start()), len(match[1]), match[3]) for match in _DEFINITION.finditer(text)]
        for line in lines:
            found.update(_around(line, definitions))
    return found


def _globals(text: str) -> Iterator[tuple[int, str]]:
    return ((match.start(), match[1]) for match in _GLOBAL.finditer(text))


def stands_on(lines: list[int], line: int) -> bool:
    at = bisect_left(lines, line)
    return at < len(lines) and lines[at] == line


def _around(line: int, definitions: list[tuple[int, int, str]]) -> Iterator[str]:
    deepest = 1000
    for _, indent, name in reversed(definitions[: bisect_right(definitions, (line, 1000, ""))]):
        if indent < deepest:
            deepest = indent
            yield name
        if not indent:
            return
