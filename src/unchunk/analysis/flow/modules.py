"""Modules as the interpreter needs them: the values of global names, and the functions worth analyzing."""

from __future__ import annotations

import ast
import builtins
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from .data import outliving_loop
from .frames import Closure, Frame
from .outline import stands_in
from .state import Bindings
from .syntax import ClassTable, Syntax
from .values import UNKNOWN, Function, QualifiedName, UserClass, UserInstance, Value, join, to_later_iterations

if TYPE_CHECKING:
    from .context import AnalysisContext
    from .outline import FunctionDef, Outline

_BUILTINS = frozenset(dir(builtins))


@dataclass(eq=False)
class Module:
    """One file of the program.

    Attributes:
        syntax: what it says, the same in every analysis.
        name: its dotted name in the tree, if known (`package.module`), for relative imports and for other modules.
        is_package: whether it is an `__init__` file.
    """

    run: AnalysisContext
    syntax: Syntax
    path: str
    name: str = ""
    is_package: bool = False
    written: Bindings = field(default_factory=dict)
    _values: Bindings = field(default_factory=dict)
    _asked: set[str] = field(default_factory=set)
    filled: set[str] = field(default_factory=set)
    _frame: Frame | None = None

    def __post_init__(self) -> None:
        self.tree: ast.Module = self.syntax.tree
        self.text: str = self.syntax.text
        self.bindings: dict[str, list[ast.AST]] = self.syntax.bindings

    def forget(self) -> None:
        """Release all values."""
        self._frame = None
        self._values.clear()
        self.written.clear()

    def holds(self, node: ast.AST) -> bool:
        """Decide whether a node belongs to the tree."""
        return id(node) in self.syntax.nodes

    @cached_property
    def outline(self) -> Outline:
        """Return the file's definitions, statements and words."""
        return self.syntax.outline

    @cached_property
    def parsing_lines(self) -> list[int]:
        """Return the lines that lead to a parse call."""
        from .reachability import sink_lines

        return sink_lines(self)

    @cached_property
    def yielding_lines(self) -> list[int]:
        """Return the lines that lead to something that returns pieces."""
        from .reachability import source_lines

        return source_lines(self)

    @cached_property
    def members_used(self) -> list[tuple[str, str, str]]:
        """Return the members used of program modules: the module, its local name, and the member."""
        from .reachability import members_used

        return list(members_used(self))

    @cached_property
    def imported_parsers(self) -> set[str]:
        """Return the local names of what leads to a parse call in other program modules."""
        from .reachability import imported_sinks

        return imported_sinks(self)

    def column(self, line: int, offset: int) -> int:
        """Convert a column in UTF-8 bytes, as in Python's trees, to one in characters."""
        return self.syntax.column(line, offset)

    def table(self, node: ast.ClassDef) -> ClassTable:
        return self.syntax.table(node)

    def own_methods(self, name: str) -> list[tuple[ast.ClassDef, FunctionDef]]:
        """Return the methods of that name in any class of this file."""
        return self.syntax.own_methods(name)

    def writes(self, method: FunctionDef, name: str) -> bool:
        """Decide whether a method changes an attribute of `self`."""
        return self.syntax.writes(method, name)

    def is_generator(self, node: FunctionDef) -> bool:
        """Decide whether the function's own body yields."""
        return self.syntax.is_generator(node)

    def text_of(self, node: ast.AST) -> str:
        """Return the lines of a node."""
        return self.syntax.text_of(node)

    def value_of(self, name: str) -> Value:
        """Return the value of a global name: all of its bindings joined."""
        return self.with_changes(name, self._bound(name))

    def with_changes(self, name: str, value: Value) -> Value:
        """Join a global's value with what functions may have assigned to it."""
        if name in self.syntax.changing:
            self._fill(name)
        written = self.written.get(name)
        if written is None:
            return value
        self.run.read_shared((self, name))
        return join(value, to_later_iterations(written))

    def _fill(self, name: str) -> None:
        """Analyze the functions that change a global, once, so that the values they assign are known."""
        run = self.run
        if name in self.filled:
            return
        self.filled.add(name)
        changing = self.syntax.changing[name]
        if not run.everything:
            changing = [one for one in changing if stands_in(self.yielding_lines, one[0])]
        if changing:
            run.read_shared((self, name))
        for node, cls in changing:
            if node not in run.in_progress and run.budget > 0:
                run.analyze_function(self.function(node, cls))

    def function(self, node: FunctionDef, cls: ast.ClassDef | None) -> Function:
        closure = Closure(self.frame())
        return (
            Function(node, closure) if cls is None else Function(node, closure, UserInstance(UserClass(cls, closure)))
        )

    def write(self, name: str, value: Value) -> None:
        """Assign to a global name from a function."""
        value = outliving_loop(value)
        known = self.written.get(name)
        joined = value if known is None else join(known, value)
        if joined != known:
            self.written[name] = joined
            self.run.record_escape(value)
            self.run.shared_changed((self, name))

    def absolute(self, node: ast.ImportFrom) -> str:
        """Return the dotted name of the module that an `import from` names; relative ones start with a dot if our own
        name is unknown.
        """
        if not node.level:
            return node.module or ""
        if not self.name:
            return "." * node.level + (node.module or "")
        parts = self.name.split(".")
        keep = len(parts) - node.level + (1 if self.is_package else 0)
        return ".".join([*parts[: max(keep, 0)], *([node.module] if node.module else [])])

    def frame(self) -> Frame:
        """Return the frame in which the module's own expressions are evaluated."""
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
        """Return what `from … import *` binds, where a client is known to have it; else the builtin."""
        for statement in self.bindings.get("*", ()):
            if isinstance(statement, ast.ImportFrom):
                dotted = f"{self.absolute(statement)}.{name}"
                if self.run.catalog.find(dotted) is not None:
                    return QualifiedName(dotted)
                if (found := self.run.resolve(dotted)) is not None:
                    return found
        return QualifiedName(f"builtins.{name}") if name in _BUILTINS else UNKNOWN

    def _evaluate_bindings(self, name: str) -> Value:
        from .expressions import binding_value

        value: Value = UNKNOWN
        for statement in self.bindings[name][:8]:
            value = join(value, binding_value(statement, name, self.frame()))
        return value
