"""Syntax facts about a file: statements, words, classes, assigned names. Each is computed on first use and kept with
the tree, since many programs import the same modules.
"""

from __future__ import annotations

import ast
import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from unchunk.analysis.layout import CHANGING
from unchunk.analysis.literals import strip_comments_and_strings

from .access_paths import access_path_of, attribute_of, method_call
from .outline import FunctionDef, Outline, Words, stands_in

_DECLARED_GLOBAL = re.compile(r"\bglobal[ \t]+([\w \t,]+)")
_NAMES = re.compile(r"\w+")
_CALLED = rf"\.(?:{'|'.join(sorted(CHANGING))})[ \t]*\("
_CHANGED = re.compile(rf"(?<![\w.])(\w+)(?:{_CALLED}|\[[^\]\n]*\][ \t]*=[^=])")
_KEY = r"""(?<=\w)\[[ \t]*(?:["'](\w+)["']|[^\]\n"':]+)[ \t]*\][ \t]*"""
_CHANGED_KEY = re.compile(rf"{_KEY}(?:\+?=(?!=)|,[^=\n]*=(?!=)|{_CALLED})")
SCOPES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)


@dataclass(slots=True, eq=False)
class ClassTable:
    """The methods and attributes of a class body."""

    node: ast.ClassDef
    methods: dict[str, FunctionDef] = field(default_factory=dict)
    attributes: dict[str, list[ast.AST]] = field(default_factory=dict)


class Syntax:
    """The tree of a file and its text, with its word index if one exists already."""

    def __init__(self, tree: ast.Module, text: str, words: Words | None = None) -> None:
        self.tree = tree
        self.text = text
        self._words = words or Words(text)
        self._classes: dict[ast.ClassDef, ClassTable] = {}
        self._written: dict[FunctionDef, frozenset[str]] = {}
        self._generators: dict[FunctionDef, bool] = {}
        self._doings: dict[ast.AST, dict[str, frozenset[str]]] = {}

    @cached_property
    def bindings(self) -> dict[str, list[ast.AST]]:
        """Return the statements that bind each global name."""
        found: dict[str, list[ast.AST]] = {}
        for statement in own_statements(self.tree.body):
            for name in bound_names(statement):
                found.setdefault(name, []).append(statement)
        return found

    @cached_property
    def code(self) -> str:
        """Return the text without comments, and without strings that name nothing."""
        return strip_comments_and_strings(self.text.encode("utf-8", "surrogatepass")).decode("utf-8", "replace")

    @cached_property
    def imported_as(self) -> dict[str, str]:
        """Return the original names of renamed imports: `from json import JSONDecodeError as Broken`."""
        aliases = (alias for node in self.outline.imports for alias in node.names if alias.asname)
        return {str(alias.asname): alias.name.rpartition(".")[2] for alias in aliases}

    @cached_property
    def changing(self) -> dict[str, list[tuple[FunctionDef, ast.ClassDef | None]]]:
        """Return, for each global name, the outermost functions and methods that may change it, judged by their
        words.
        """
        lines: dict[str, list[int]] = {}
        for match in _DECLARED_GLOBAL.finditer(self.text):
            for name in _NAMES.findall(match[1]):
                lines.setdefault(name, []).append(self._words.line_at(match.start()))
        for match in _CHANGED.finditer(self.text):
            lines.setdefault(match[1], []).append(self._words.line_at(match.start()))
        outermost = self.outline.outermost
        found = {}
        for name, at in lines.items():
            if name in self.bindings:
                at.sort()
                found[name] = [one for one in outermost if stands_in(at, one[0])]
        return {name: functions for name, functions in found.items() if functions}

    @cached_property
    def changed_keys(self) -> frozenset[str]:
        """Return the keys that are assigned or changed in place: `state["rest"] += chunk`; "" for keys that vary."""
        return frozenset(_CHANGED_KEY.findall(self.text))

    @cached_property
    def nodes(self) -> frozenset[int]:
        """Return the identities of all nodes."""
        return frozenset(map(id, ast.walk(self.tree)))

    @cached_property
    def outline(self) -> Outline:
        """Return the file's definitions, statements and words."""
        return Outline(self.tree, self._words)

    @cached_property
    def lines(self) -> list[str]:
        return io.StringIO(self.text, newline=None).readlines()

    def column(self, line: int, offset: int) -> int:
        """Convert a column in UTF-8 bytes, as in Python's trees, to one in characters."""
        if not 0 < line <= len(self.lines):
            return offset
        text = self.lines[line - 1]
        return offset if text.isascii() else len(text.encode()[:offset].decode("utf-8", "replace"))

    def text_of(self, node: ast.AST) -> str:
        """Return the lines of a node."""
        if isinstance(node, ast.Module):
            return self.text
        first, last = getattr(node, "lineno", 1), getattr(node, "end_lineno", None)
        return "".join(self.lines[first - 1 : last])

    def table(self, node: ast.ClassDef) -> ClassTable:
        known = self._classes.get(node)
        if known is None:
            known = self._classes[node] = class_table(node)
        return known

    @cached_property
    def _own_methods(self) -> dict[str, list[tuple[ast.ClassDef, FunctionDef]]]:
        found: dict[str, list[tuple[ast.ClassDef, FunctionDef]]] = {}
        for node in self.outline.classes:
            for method in self.table(node).methods.values():
                found.setdefault(method.name, []).append((node, method))
        return found

    def own_methods(self, name: str) -> list[tuple[ast.ClassDef, FunctionDef]]:
        """Return the methods of that name in any class of this file."""
        return self._own_methods.get(name, [])

    def writes(self, method: FunctionDef, name: str) -> bool:
        """Decide whether a method changes an attribute of `self`."""
        if not self.outline.says(method, name):
            return False
        if method not in self._written:
            self._written[method] = written_attributes(method)
        return name in self._written[method]

    def doings(self, scope: ast.AST) -> dict[str, frozenset[str]]:
        """Return, by access path, the methods that a function, class or statement calls on it, and the names among
        their arguments.
        """
        if scope not in self._doings:
            self._doings[scope] = doings(scope, self.imported_as)
        return self._doings[scope]

    def is_generator(self, node: FunctionDef) -> bool:
        """Decide whether the function's own body yields."""
        if not self.outline.says(node, "yield"):
            return False
        if node not in self._generators:
            self._generators[node] = is_generator(node)
        return self._generators[node]


def own_statements(body: list[ast.stmt]) -> Iterator[ast.stmt]:
    """Yield the statements of a scope, nested blocks included, inner scopes not."""
    stack: list[ast.AST] = list(reversed(body))
    while stack:
        node = stack.pop()
        if isinstance(node, ast.stmt):
            yield node
        if isinstance(node, SCOPES):
            continue
        for name in ("finalbody", "orelse", "handlers", "cases", "body"):
            inner = getattr(node, name, None)
            if isinstance(inner, list):
                stack.extend(reversed(inner))


def bound_names(statement: ast.stmt) -> Iterator[str]:
    match statement:
        case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
            yield name
        case ast.Import(names=names):
            for alias in names:
                yield alias.asname or alias.name.partition(".")[0]
        case ast.ImportFrom(names=names):
            for alias in names:
                yield alias.asname or alias.name
        case ast.Assign(targets=targets):
            for target in targets:
                yield from target_names(target)
        case ast.AnnAssign(target=target) | ast.AugAssign(target=target):
            yield from target_names(target)
        case ast.For(target=target) | ast.AsyncFor(target=target):
            yield from target_names(target)
        case ast.With(items=items) | ast.AsyncWith(items=items):
            for item in items:
                if item.optional_vars is not None:
                    yield from target_names(item.optional_vars)


def target_names(target: ast.expr) -> Iterator[str]:
    match target:
        case ast.Name(id=name):
            yield name
        case ast.Tuple(elts=parts) | ast.List(elts=parts):
            for part in parts:
                yield from target_names(part)
        case ast.Starred(value=value):
            yield from target_names(value)


def class_table(node: ast.ClassDef) -> ClassTable:
    table = ClassTable(node)
    for statement in own_statements(node.body):
        if isinstance(statement, FunctionDef):
            table.methods[statement.name] = statement
            continue
        for name in bound_names(statement):
            table.attributes.setdefault(name, []).append(statement)
    return table


def written_attributes(method: FunctionDef) -> frozenset[str]:
    """Return the attributes of `self` that a method assigns, assigns into, or calls a changing method on."""
    arguments = [*method.args.posonlyargs, *method.args.args]
    if not arguments:
        return frozenset()
    found = {_written(node, arguments[0].arg) for node in ast.walk(method) if isinstance(node, _WRITING)}
    return frozenset(name for name in found if name is not None)


_WRITING = (ast.Attribute, ast.Subscript, ast.Call)


def _written(node: ast.AST, owner: str) -> str | None:
    match node:
        case ast.Attribute(value=ast.Name(id=known), attr=name, ctx=ast.Store()) if known == owner:
            return name
        case ast.Subscript(value=ast.Attribute(value=ast.Name(id=known), attr=name), ctx=ast.Store()) if known == owner:
            return name
        case ast.Call() if (called := method_call(node)) is not None and called.name in CHANGING:
            attribute = attribute_of(called.receiver)
            match attribute:
                case ast.Name(id=known), name if known == owner:
                    return name
    return None


def doings(scope: ast.AST, imported_as: Mapping[str, str]) -> dict[str, frozenset[str]]:
    """Return, by access path, the methods called on it and the names among their arguments."""
    found: dict[str, frozenset[str]] = {}
    for node in ast.walk(scope):
        called = method_call(node)
        place = None if called is None else access_path_of(called.receiver)
        if called is not None and place is not None:
            words = {_last_name(argument) for argument in called.arguments}
            words = {imported_as.get(word, word) for word in words}
            found[place] = found.get(place, frozenset()) | {called.name, *words}
    return found


def _last_name(node: ast.expr) -> str:
    match node:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
        case _:
            return ""


def is_generator(node: FunctionDef) -> bool:
    """Decide whether the function's own body yields."""
    stack: list[ast.AST] = list(node.body)
    while stack:
        inner = stack.pop()
        if isinstance(inner, ast.Yield | ast.YieldFrom):
            return True
        if not isinstance(inner, SCOPES):
            stack.extend(ast.iter_child_nodes(inner))
    return False
