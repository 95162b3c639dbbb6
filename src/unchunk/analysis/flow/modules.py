"""A module as the interpreter needs it: what its global names mean, which classes it has, and which functions are
worth a look.
"""

from __future__ import annotations

import ast
import builtins
import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from .outline import Outline
from .state import Changes
from .values import UNKNOWN, Dotted, Value, carry_all, join

if TYPE_CHECKING:
    from .frames import Frame
    from .run import Run

FunctionDef = ast.FunctionDef | ast.AsyncFunctionDef
CHANGING = frozenset(("append", "extend", "write", "appendleft", "add", "insert", "setdefault", "update", "put"))
_BUILTINS = frozenset(dir(builtins))
SCOPES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)


@dataclass(slots=True, eq=False)
class ClassTable:
    """What a class body says: its methods and its attributes."""

    node: ast.ClassDef
    methods: dict[str, FunctionDef] = field(default_factory=dict)
    attributes: dict[str, list[ast.AST]] = field(default_factory=dict)


@dataclass(eq=False)
class Module:
    """One file of the program.

    Attributes:
        name: its dotted name in the tree, if known (`package.module`), for relative imports and for other modules.
        is_package: whether it is an `__init__` file.
    """

    run: Run
    tree: ast.Module
    path: str
    text: str = ""
    name: str = ""
    is_package: bool = False
    bindings: dict[str, list[ast.AST]] = field(default_factory=dict)
    written: Changes = field(default_factory=dict)
    _values: Changes = field(default_factory=dict)
    _asked: set[str] = field(default_factory=set)
    _frame: Frame | None = None
    _classes: dict[ast.ClassDef, ClassTable] = field(default_factory=dict)
    _written: dict[FunctionDef, frozenset[str]] = field(default_factory=dict)
    _generators: dict[FunctionDef, bool] = field(default_factory=dict)
    _own_methods: dict[str, list[tuple[ast.ClassDef, FunctionDef]]] | None = None

    def __post_init__(self) -> None:
        for statement in own_statements(self.tree.body):
            for name in bound_names(statement):
                self.bindings.setdefault(name, []).append(statement)

    def holds(self, node: ast.AST) -> bool:
        """Whether a node belongs to the tree."""
        return id(node) in self._nodes

    @cached_property
    def _nodes(self) -> frozenset[int]:
        return frozenset(map(id, ast.walk(self.tree)))

    @cached_property
    def outline(self) -> Outline:
        """Where what stands in the file."""
        return Outline(self.tree, self.text)

    @cached_property
    def parsing_lines(self) -> list[int]:
        """The lines that lead to a parse call."""
        from .entries import parsing_lines

        return parsing_lines(self)

    @cached_property
    def lines(self) -> list[str]:
        return io.StringIO(self.text, newline=None).readlines()

    def column(self, line: int, offset: int) -> int:
        """A column in characters, from one in bytes of UTF-8 as Python's trees have it."""
        if not 0 < line <= len(self.lines):
            return offset
        text = self.lines[line - 1]
        return offset if text.isascii() else len(text.encode()[:offset].decode("utf-8", "replace"))

    def value_of(self, name: str) -> Value:
        """What a global name means: everything it is bound to, taken together."""
        value = self._bound(name)
        written = self.written.get(name)
        if written is None:
            return value
        self.run.read_shared((self, name))
        return join(value, carry_all(written))

    def write(self, name: str, value: Value) -> None:
        """A function assigns to a global name."""
        known = self.written.get(name)
        joined = value if known is None else join(known, value)
        if joined != known:
            self.written[name] = joined
            self.run.note_kept(value)
            self.run.shared_changed((self, name))

    def table(self, node: ast.ClassDef) -> ClassTable:
        known = self._classes.get(node)
        if known is None:
            known = self._classes[node] = class_table(node)
        return known

    def own_methods(self, name: str) -> list[tuple[ast.ClassDef, FunctionDef]]:
        """The methods of that name in any class of this file."""
        if self._own_methods is None:
            self._own_methods = {}
            for node in self.outline.classes:
                for method in self.table(node).methods.values():
                    self._own_methods.setdefault(method.name, []).append((node, method))
        return self._own_methods.get(name, [])

    @cached_property
    def yielding_lines(self) -> list[int]:
        """The lines that lead to something that hands out pieces."""
        from .entries import yielding_lines

        return yielding_lines(self)

    def writes(self, method: FunctionDef, name: str) -> bool:
        """Whether a method changes an attribute of `self`."""
        if not self.outline.says(method, name):
            return False
        if method not in self._written:
            self._written[method] = written_attributes(method)
        return name in self._written[method]

    def is_generator(self, node: FunctionDef) -> bool:
        """Whether the function's own body yields."""
        if not self.outline.says(node, "yield"):
            return False
        if node not in self._generators:
            self._generators[node] = is_generator(node)
        return self._generators[node]

    def text_of(self, node: ast.AST) -> str:
        """The lines in which a node stands."""
        if isinstance(node, ast.Module):
            return self.text
        first, last = getattr(node, "lineno", 1), getattr(node, "end_lineno", None)
        return "".join(self.lines[first - 1 : last])

    def absolute(self, node: ast.ImportFrom) -> str:
        """The dotted name of the module that an `import from` names; relative ones start with a dot if our own name
        is unknown.
        """
        if not node.level:
            return node.module or ""
        if not self.name:
            return "." * node.level + (node.module or "")
        parts = self.name.split(".")
        keep = len(parts) - node.level + (1 if self.is_package else 0)
        base = ".".join(parts[: max(keep, 0)])
        return f"{base}.{node.module}" if node.module else base

    def frame(self) -> Frame:
        """The frame in which the module's own expressions are evaluated."""
        from .frames import Frame

        if self._frame is None:
            self._frame = Frame(self.run, self, self.tree, ())
        return self._frame

    def _bound(self, name: str) -> Value:
        known = self._values.get(name)
        if known is not None:
            return known
        if name not in self.bindings:
            return self._from_star(name)
        if name in self._asked:
            return UNKNOWN
        self._asked.add(name)
        value = self._evaluate_bindings(name)
        self._values[name] = value
        return value

    def _from_star(self, name: str) -> Value:
        """What `from … import *` brings, where a client is known to have it; else what Python brings along."""
        for statement in self.bindings.get("*", ()):
            if isinstance(statement, ast.ImportFrom):
                dotted = f"{self.absolute(statement)}.{name}"
                if self.run.catalog.find(dotted) is not None:
                    return Dotted(dotted)
        return Dotted(f"builtins.{name}") if name in _BUILTINS else UNKNOWN

    def _evaluate_bindings(self, name: str) -> Value:
        from .expressions import binding_value

        value: Value = UNKNOWN
        for statement in self.bindings[name][:8]:
            value = join(value, binding_value(statement, name, self.frame()))
        return value


def own_statements(body: list[ast.stmt]) -> Iterator[ast.stmt]:
    """The statements of a scope, those inside `if`, `for`, `with` and `try` included, those of inner scopes not."""
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
    """The attributes of `self` that a method assigns, assigns into, or calls a changing method on."""
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
        case ast.Call(func=ast.Attribute(value=ast.Attribute(value=ast.Name(id=known), attr=name), attr=changing)) if (
            known == owner and changing in CHANGING
        ):
            return name
        case _:
            return None


def is_generator(node: FunctionDef) -> bool:
    """Whether the function's own body yields."""
    stack: list[ast.AST] = list(node.body)
    while stack:
        inner = stack.pop()
        if isinstance(inner, ast.Yield | ast.YieldFrom):
            return True
        if not isinstance(inner, SCOPES):
            stack.extend(ast.iter_child_nodes(inner))
    return False
