"""Queries on a module's syntax tree: ancestors of a node, uses of a name."""

from __future__ import annotations

import ast
import itertools
from collections import deque
from collections.abc import Callable, Iterator, Sequence, Set
from functools import _lru_cache_wrapper, cached_property, lru_cache
from typing import Any, Concatenate, ParamSpec, TypeAlias, TypeGuard, TypeVar

from unchunk.codemod.budget import budget
from unchunk.codemod.constants import Constants, bindings

Function: TypeAlias = ast.FunctionDef | ast.AsyncFunctionDef
Loop: TypeAlias = ast.For | ast.AsyncFor | ast.While
Scope: TypeAlias = Function | ast.Lambda | ast.Module | ast.ClassDef
Node = TypeVar("Node", bound=ast.AST)
Given = ParamSpec("Given")
Answer = TypeVar("Answer")

MAX_QUOTE = 60
_KEPT: list[_lru_cache_wrapper[Any]] = []


def memoized(ask: Callable[[Node], Answer]) -> Callable[[Node], Answer]:
    """Memoize a query about a node for the next findings, until `forget` is called."""
    known = lru_cache(maxsize=None)(ask)
    _KEPT.append(known)
    return known


class Tree:
    """A module with the parents of every node, walked once, whatever is asked and how often."""

    def __init__(self, module: ast.Module) -> None:
        self.module = module
        self.given: list[tuple[ast.AST, str]] = []
        """The names that fixes write, by the loop or function that each of them mends."""
        self._parents: dict[ast.AST, ast.AST] = {}
        self._kinds: dict[type[ast.AST], list[ast.AST]] = {}
        self._answers: dict[Any, Any] = {}
        for node in ast.walk(module):
            self._kinds.setdefault(type(node), []).append(node)
            for child in ast.iter_child_nodes(node):
                self._parents[child] = node
        budget.grant(len(self._parents))

    def once(
        self, ask: Callable[Concatenate[Tree, Given], Answer], *about: Given.args, **named: Given.kwargs
    ) -> Answer:
        """Memoize a query about the module for the next findings."""
        key = (ask, *about, *named.items())
        if key not in self._answers:
            self._answers[key] = ask(self, *about, **named)
        answer: Answer = self._answers[key]
        return answer

    def all(self, kind: type[Node]) -> list[Node]:
        """Return all nodes of one type, in the order of `ast.walk`."""
        return self._kinds.get(kind, [])  # type: ignore[return-value]

    def parent(self, node: ast.AST) -> ast.AST | None:
        return self._parents.get(node)

    def above(self, node: ast.AST) -> Iterator[ast.AST]:
        """Yield the ancestors of `node`, innermost first."""
        current = self._parents.get(node)
        while current is not None:
            budget.look()
            yield current
            current = self._parents.get(current)

    def inside(self, node: ast.AST, outer: ast.AST) -> bool:
        return node is outer or any(current is outer for current in self.above(node))

    def statement(self, node: ast.AST) -> ast.stmt:
        """Return the innermost statement that `node` is in, or is."""
        for current in (node, *self.above(node)):
            if isinstance(current, ast.stmt):
                return current
        raise ValueError("a module is in no statement")

    def scope(self, node: ast.AST) -> Scope:
        """Return the function, class or module in which names of `node` live; comprehensions do not count."""
        for current in self.above(node):
            if isinstance(current, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda, ast.ClassDef, ast.Module)):
                return current
        return self.module

    def function(self, node: ast.AST) -> Function | None:
        """Return the innermost `def` around a node."""
        for current in self.above(node):
            if isinstance(current, (ast.FunctionDef, ast.AsyncFunctionDef)):
                return current
        return None

    def class_(self, node: ast.AST) -> ast.ClassDef | None:
        """Return the class whose body contains the function around a node."""
        for current in self.above(node):
            if isinstance(current, ast.ClassDef):
                return current
        return None

    def block(self, statement: ast.stmt) -> list[ast.stmt]:
        """Return the list of statements that contains this one."""
        return self._positions[statement][0]

    def number(self, statement: ast.stmt) -> int:
        """Return the index of a statement in its block."""
        return self._positions[statement][1]

    def is_in(self, node: ast.AST, block: list[ast.stmt]) -> TypeGuard[ast.stmt]:
        """Decide whether a node is one of the statements of a block."""
        return isinstance(node, ast.stmt) and node in self._positions and self.block(node) is block

    def before(self, statement: ast.stmt) -> list[ast.stmt]:
        budget.look(len(self.block(statement)) // 20)
        return self.block(statement)[: self.number(statement)]

    def after(self, statement: ast.stmt) -> list[ast.stmt]:
        budget.look(len(self.block(statement)) // 20)
        return self.block(statement)[self.number(statement) + 1 :]

    @cached_property
    def _positions(self) -> dict[ast.stmt, tuple[list[ast.stmt], int]]:
        """Return the block of each statement, and its index there."""
        holders = {parent for node, parent in self._parents.items() if isinstance(node, ast.stmt)}
        blocks = (value for node in holders for _, value in ast.iter_fields(node) if isinstance(value, list))
        return {
            node: (block, number) for block in blocks for number, node in enumerate(block) if isinstance(node, ast.stmt)
        }

    @cached_property
    def functions(self) -> list[Function]:
        """Return all functions, the outer ones first."""
        return [node for node in self._parents if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))]

    @cached_property
    def definitions(self) -> dict[tuple[ast.AST, str], list[Function]]:
        """Return the functions that a node contains directly, by their names."""
        found: dict[tuple[ast.AST, str], list[Function]] = {}
        for node in self.functions:
            found.setdefault((self._parents[node], node.name), []).append(node)
        return found

    @cached_property
    def named(self) -> frozenset[str]:
        """Return the names of all functions."""
        return frozenset(node.name for node in self.functions)

    @cached_property
    def classes(self) -> dict[str, list[ast.ClassDef]]:
        """Return all classes, by their names."""
        found: dict[str, list[ast.ClassDef]] = {}
        for node in self.all(ast.ClassDef):
            found.setdefault(node.name, []).append(node)
        return found

    @cached_property
    def calls(self) -> dict[str, list[ast.Call]]:
        """Return all calls of a name, or of an attribute of that name."""
        found: dict[str, list[ast.Call]] = {}
        for call in self.all(ast.Call):
            match call.func:
                case ast.Name(id=name) | ast.Attribute(attr=name):
                    found.setdefault(name, []).append(call)
        return found

    @cached_property
    def imported(self) -> frozenset[str]:
        """Return the names that imports bind anywhere in the module."""
        return frozenset((alias.asname or alias.name).split(".")[0] for alias in self.all(ast.alias))

    @cached_property
    def bases(self) -> dict[ast.ClassDef, list[ast.ClassDef]]:
        """Return the classes of the file that each class names as its bases."""
        own = {node.name: node for node in self.all(ast.ClassDef)}
        return {
            cls: [own[base.id] for base in cls.bases if isinstance(base, ast.Name) and base.id in own]
            for cls in self.all(ast.ClassDef)
        }

    @cached_property
    def heirs(self) -> dict[ast.ClassDef, list[ast.ClassDef]]:
        """Return the classes of the file that name each class as a base."""
        found: dict[ast.ClassDef, list[ast.ClassDef]] = {}
        for cls, known in self.bases.items():
            for base in known:
                found.setdefault(base, []).append(cls)
        return found

    def is_builtin(self, name: str, node: ast.AST) -> bool:
        """Decide whether a name still means the builtin at `node`: no visible scope binds it."""
        own = self.scope(node)
        outer = (scope for scope in self.above(own) if isinstance(scope, Function | ast.Lambda | ast.Module))
        seen = [own, *outer]
        return name not in self.constants.rebound and not any(name in self.once(_bound_in, scope) for scope in seen)

    @cached_property
    def constants(self) -> Constants:
        """Return the constants of the module."""
        return Constants(self.module)

    @cached_property
    def inline(self) -> frozenset[tuple[int, int]]:
        """Return the positions of statements on the line of the statement they are in: `if x: break`."""
        found = set()
        for node, parent in self._parents.items():
            if isinstance(node, ast.stmt) and isinstance(parent, ast.stmt) and node.lineno <= _head_end(parent):
                found.add((node.lineno, node.col_offset))
        return frozenset(found)


def _bound_in(tree: Tree, scope: Scope) -> set[str]:
    """Return the names that a scope binds."""
    return bindings(scope)[0]


def _head_end(statement: ast.stmt) -> int:
    """Return the last line of a compound statement's head."""
    inner = (
        child for child in ast.iter_child_nodes(statement) if isinstance(child, (ast.expr, ast.withitem, ast.arguments))
    )
    lines = [
        node.end_lineno or 0 for child in inner for node in ast.walk(child) if isinstance(node, (ast.expr, ast.arg))
    ]
    return max([statement.lineno, *lines])


def walk(nodes: Sequence[ast.AST] | ast.AST) -> Iterator[ast.AST]:
    """Yield all nodes below, the given ones included."""
    for root in [nodes] if isinstance(nodes, ast.AST) else nodes:
        pending = deque([root])
        while pending:
            node = pending.popleft()
            budget.look()
            pending.extend(ast.iter_child_nodes(node))
            yield node


def loads(nodes: Sequence[ast.AST] | ast.AST, names: set[str]) -> Iterator[ast.Name]:
    """Yield the reads of any of the names."""
    for node in walk(nodes):
        if isinstance(node, ast.Name) and node.id in names and isinstance(node.ctx, ast.Load):
            yield node


def scoped_loads(scope: ast.AST, names: set[str]) -> Iterator[ast.Name]:
    """Yield the reads of any of a scope's names, inner functions included unless the name is their own."""
    known = _loads_seen_in(scope)
    found = [load for name in names for load in known.get(name, ())]
    if len(names) > 1:
        found.sort(key=lambda load: load[0])
    for _, node in found:
        yield node


@memoized
def _loads_seen_in(scope: ast.AST) -> dict[str, list[tuple[int, ast.Name]]]:
    """Return the reads of a scope's names, numbered in visiting order: the last ones first."""
    found: dict[str, list[tuple[int, ast.Name]]] = {}
    hidden: frozenset[str] = frozenset()
    stack = [(child, hidden) for child in ast.iter_child_nodes(scope)]
    number = 0
    while stack:
        node, hidden = stack.pop()
        budget.look()
        if isinstance(node, ast.Name):
            if isinstance(node.ctx, ast.Load) and node.id not in hidden:
                found.setdefault(node.id, []).append((number, node))
                number += 1
            continue
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)):
            hidden |= own_names(node)
        elif isinstance(node, (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)):
            first = node.generators[0].iter
            stack.append((first, hidden))
            inner = hidden.union(*(target_names(generator.target) for generator in node.generators))
            stack += [(child, inner) for child in _comprehended(node) if child is not first]
            continue
        stack += [(child, hidden) for child in ast.iter_child_nodes(node)]
    return found


@memoized
def names_below(scope: ast.AST) -> dict[str, list[ast.Name]]:
    """Return all names below a node, however they are used, by identifier."""
    found: dict[str, list[ast.Name]] = {}
    for node in walk(scope):
        if isinstance(node, ast.Name):
            found.setdefault(node.id, []).append(node)
    return found


@memoized
def attributes_below(scope: ast.AST) -> dict[str, list[ast.Attribute]]:
    """Return all attributes below a node, by identifier."""
    found: dict[str, list[ast.Attribute]] = {}
    for node in walk(scope):
        if isinstance(node, ast.Attribute):
            found.setdefault(node.attr, []).append(node)
    return found


@memoized
def patterns_below(scope: ast.AST) -> dict[str, list[ast.MatchAs]]:
    """Return all patterns below a node, by the name that they bind."""
    found: dict[str, list[ast.MatchAs]] = {}
    for node in walk(scope):
        if isinstance(node, ast.MatchAs) and node.name is not None:
            found.setdefault(node.name, []).append(node)
    return found


@memoized
def names_given_away(scope: ast.AST) -> tuple[frozenset[str], frozenset[str]]:
    """Return the names below a node that are declared global or nonlocal, and those that are deleted."""
    outer: set[str] = set()
    deleted: set[str] = set()
    for node in walk(scope):
        match node:
            case ast.Global(names=names) | ast.Nonlocal(names=names):
                outer.update(names)
            case ast.Name(id=name, ctx=ast.Del()):
                deleted.add(name)
    return frozenset(outer), frozenset(deleted)


def _comprehended(node: ast.AST) -> Iterator[ast.AST]:
    """Yield the parts of a comprehension, those of its clauses one by one."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.comprehension):
            yield from ast.iter_child_nodes(child)
        else:
            yield child


@memoized
def own_names(function: Function | ast.Lambda) -> frozenset[str]:
    """Return the parameters and local variables of a function, without those that it takes from outside."""
    names = bound([function.args, *(function.body if isinstance(function.body, list) else [function.body])])
    return frozenset(names) - names_given_away(function)[0]


def forget() -> None:
    """Drop the memoized answers."""
    for known in _KEPT:
        known.cache_clear()


def bound(nodes: Sequence[ast.AST] | ast.AST) -> set[str]:
    """Return the names bound anywhere below, also by imports, definitions, handlers, patterns and `global`."""
    names: set[str] = set()
    for node in walk(nodes):
        match node:
            case ast.Name(id=name, ctx=ast.Store() | ast.Del()):
                names.add(name)
            case ast.arg(arg=name):
                names.add(name)
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
                names.add(name)
            case ast.ExceptHandler(name=str(name)) | ast.MatchAs(name=str(name)) | ast.MatchStar(name=str(name)):
                names.add(name)
            case ast.MatchMapping(rest=str(name)):
                names.add(name)
            case ast.Import(names=aliases) | ast.ImportFrom(names=aliases):
                names.update((alias.asname or alias.name).split(".")[0] for alias in aliases)
            case ast.Global(names=listed) | ast.Nonlocal(names=listed):
                names.update(listed)
    return names


def quoted(node: ast.AST) -> str:
    """Quote a node's source in a sentence: its first line, clipped if it is long."""
    line = ast.unparse(node).splitlines()[0]
    return line if len(line) <= MAX_QUOTE else f"{line[: MAX_QUOTE - 1]}…"


def is_docstring(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)


def jumps(statements: Sequence[ast.stmt], *kinds: type[ast.Break] | type[ast.Continue]) -> bool:
    """Decide whether a `break` or `continue` in the statements belongs to a loop around them."""
    for statement in statements:
        if isinstance(statement, kinds):
            return True
        if isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            continue
        inner: list[ast.stmt] = []
        for field, value in ast.iter_fields(statement):
            # What is in a loop's body belongs to that loop; its `else` belongs to the loop around.
            if isinstance(statement, (ast.For, ast.AsyncFor, ast.While)) and field == "body":
                continue
            if isinstance(value, list):
                for item in value:
                    if isinstance(item, ast.stmt):
                        inner.append(item)
                    elif isinstance(item, (ast.ExceptHandler, ast.match_case)):
                        inner.extend(item.body)
        if jumps(inner, *kinds):
            return True
    return False


def has(nodes: Sequence[ast.AST] | ast.AST, *kinds: type[ast.AST]) -> bool:
    """Decide whether any node below is of one of the types, inner functions and classes excluded."""
    stack: list[ast.AST] = [nodes] if isinstance(nodes, ast.AST) else list(nodes)
    while stack:
        node = stack.pop()
        budget.look()
        if isinstance(node, kinds):
            return True
        if not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)):
            stack.extend(ast.iter_child_nodes(node))
    return False


def returns(statements: Sequence[ast.AST]) -> Iterator[ast.Return]:
    """Yield the `return`s of a function, inner functions and classes excluded."""
    stack = list(statements)
    while stack:
        node = stack.pop()
        budget.look()
        if isinstance(node, ast.Return):
            yield node
        if not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)):
            stack.extend(ast.iter_child_nodes(node))


def target_names(target: ast.AST | None) -> set[str]:
    """Return the names that a loop target or parameter binds."""
    if isinstance(target, ast.arg):
        return {target.arg}
    if target is None:
        return set()
    return {node.id for node in walk(target) if isinstance(node, ast.Name)}


@memoized
def used_names(scope: ast.AST) -> frozenset[str]:
    """Return the names used in the scope for anything."""
    return frozenset(names_below(scope)) | bound(scope)


def first_free(taken: Set[str], *wishes: str) -> str:
    """Return the first of the names that is not taken; the last one with a number if all are."""
    numbered = (f"{wishes[-1]}{number}" for number in itertools.count(2))
    return next(name for name in itertools.chain(wishes, numbered) if name not in taken)
