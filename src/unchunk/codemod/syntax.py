"""Questions about a module's syntax tree that planning a rewrite asks: what is around a node, who uses a name."""

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

LONGEST_QUOTE = 60
_KEPT: list[_lru_cache_wrapper[Any]] = []


def kept(ask: Callable[[Node], Answer]) -> Callable[[Node], Answer]:
    """What is asked about a node is not worked out again for the next finding, until `forget` is called."""
    known = lru_cache(maxsize=None)(ask)
    _KEPT.append(known)
    return known


class Tree:
    """A module with the way up from every node; it is gone through once, whatever is asked and how often."""

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
        """What a question about the module comes to, which is not worked out again for the next finding."""
        key = (ask, *about, *named.items())
        if key not in self._answers:
            self._answers[key] = ask(self, *about, **named)
        answer: Answer = self._answers[key]
        return answer

    def all(self, kind: type[Node]) -> list[Node]:
        """All nodes of one kind, in the order of `ast.walk`."""
        return self._kinds.get(kind, [])  # type: ignore[return-value]

    def parent(self, node: ast.AST) -> ast.AST | None:
        return self._parents.get(node)

    def above(self, node: ast.AST) -> Iterator[ast.AST]:
        """The nodes around `node`, innermost first, without itself."""
        current = self._parents.get(node)
        while current is not None:
            budget.look()
            yield current
            current = self._parents.get(current)

    def inside(self, node: ast.AST, outer: ast.AST) -> bool:
        return node is outer or any(current is outer for current in self.above(node))

    def statement(self, node: ast.AST) -> ast.stmt:
        """The innermost statement that `node` is in, or is."""
        for current in (node, *self.above(node)):
            if isinstance(current, ast.stmt):
                return current
        raise ValueError("a module is in no statement")

    def scope(self, node: ast.AST) -> Scope:
        """The function, class or module in which names of `node` live; comprehensions do not count."""
        for current in self.above(node):
            if isinstance(current, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda, ast.ClassDef, ast.Module)):
                return current
        return self.module

    def function(self, node: ast.AST) -> Function | None:
        """The innermost `def` around a node."""
        for current in self.above(node):
            if isinstance(current, (ast.FunctionDef, ast.AsyncFunctionDef)):
                return current
        return None

    def class_(self, node: ast.AST) -> ast.ClassDef | None:
        """The class whose body holds the function around a node."""
        for current in self.above(node):
            if isinstance(current, ast.ClassDef):
                return current
        return None

    def block(self, statement: ast.stmt) -> list[ast.stmt]:
        """The list of statements that holds this one."""
        return self._positions[statement][0]

    def number(self, statement: ast.stmt) -> int:
        """How many statements of its block come before this one."""
        return self._positions[statement][1]

    def is_in(self, node: ast.AST, block: list[ast.stmt]) -> TypeGuard[ast.stmt]:
        """Whether a node is one of the statements of a block."""
        return isinstance(node, ast.stmt) and node in self._positions and self.block(node) is block

    def before(self, statement: ast.stmt) -> list[ast.stmt]:
        budget.look(len(self.block(statement)) // 20)
        return self.block(statement)[: self.number(statement)]

    def after(self, statement: ast.stmt) -> list[ast.stmt]:
        budget.look(len(self.block(statement)) // 20)
        return self.block(statement)[self.number(statement) + 1 :]

    @cached_property
    def _positions(self) -> dict[ast.stmt, tuple[list[ast.stmt], int]]:
        """The block of each statement, and which of its statements it is."""
        holders = {parent for node, parent in self._parents.items() if isinstance(node, ast.stmt)}
        blocks = (value for node in holders for _, value in ast.iter_fields(node) if isinstance(value, list))
        return {
            node: (block, number) for block in blocks for number, node in enumerate(block) if isinstance(node, ast.stmt)
        }

    @cached_property
    def functions(self) -> list[Function]:
        """All functions, the outer ones first."""
        return [node for node in self._parents if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))]

    @cached_property
    def definitions(self) -> dict[tuple[ast.AST, str], list[Function]]:
        """The functions that a node holds directly, by their names."""
        found: dict[tuple[ast.AST, str], list[Function]] = {}
        for node in self.functions:
            found.setdefault((self._parents[node], node.name), []).append(node)
        return found

    @cached_property
    def named(self) -> frozenset[str]:
        """The names of all functions."""
        return frozenset(node.name for node in self.functions)

    @cached_property
    def classes(self) -> dict[str, list[ast.ClassDef]]:
        """All classes, by their names."""
        found: dict[str, list[ast.ClassDef]] = {}
        for node in self.all(ast.ClassDef):
            found.setdefault(node.name, []).append(node)
        return found

    @cached_property
    def calls(self) -> dict[str, list[ast.Call]]:
        """All calls of a name, or of an attribute of that name."""
        found: dict[str, list[ast.Call]] = {}
        for call in self.all(ast.Call):
            match call.func:
                case ast.Name(id=name) | ast.Attribute(attr=name):
                    found.setdefault(name, []).append(call)
        return found

    @cached_property
    def imported(self) -> frozenset[str]:
        """The names that imports bind anywhere in the module."""
        return frozenset((alias.asname or alias.name).split(".")[0] for alias in self.all(ast.alias))

    @cached_property
    def bases(self) -> dict[ast.ClassDef, list[ast.ClassDef]]:
        """The classes of the file that each class names as its bases."""
        own = {node.name: node for node in self.all(ast.ClassDef)}
        return {
            cls: [own[base.id] for base in cls.bases if isinstance(base, ast.Name) and base.id in own]
            for cls in self.all(ast.ClassDef)
        }

    @cached_property
    def heirs(self) -> dict[ast.ClassDef, list[ast.ClassDef]]:
        """The classes of the file that name each class as a base."""
        found: dict[ast.ClassDef, list[ast.ClassDef]] = {}
        for cls, known in self.bases.items():
            for base in known:
                found.setdefault(base, []).append(cls)
        return found

    def is_builtin(self, name: str, node: ast.AST) -> bool:
        """Whether a builtin's name still means the builtin where `node` stands: no scope seen from there binds it."""
        own = self.scope(node)
        outer = (scope for scope in self.above(own) if isinstance(scope, Function | ast.Lambda | ast.Module))
        seen = [own, *outer]
        return name not in self.constants.rebound and not any(name in self.once(_bound_in, scope) for scope in seen)

    @cached_property
    def constants(self) -> Constants:
        """What names of the module stand for."""
        return Constants(self.module)

    @cached_property
    def inline(self) -> frozenset[tuple[int, int]]:
        """Where statements begin that stand on the line of the statement they are in: `if x: break`."""
        found = set()
        for node, parent in self._parents.items():
            if isinstance(node, ast.stmt) and isinstance(parent, ast.stmt) and node.lineno <= _head_end(parent):
                found.add((node.lineno, node.col_offset))
        return frozenset(found)


def _bound_in(tree: Tree, scope: Scope) -> set[str]:
    """What a scope binds, by name."""
    return bindings(scope)[0]


def _head_end(statement: ast.stmt) -> int:
    """The last line of a compound statement's head."""
    inner = (
        child for child in ast.iter_child_nodes(statement) if isinstance(child, (ast.expr, ast.withitem, ast.arguments))
    )
    lines = [
        node.end_lineno or 0 for child in inner for node in ast.walk(child) if isinstance(node, (ast.expr, ast.arg))
    ]
    return max([statement.lineno, *lines])


def walk(nodes: Sequence[ast.AST] | ast.AST) -> Iterator[ast.AST]:
    """All nodes below, the given ones included."""
    for root in [nodes] if isinstance(nodes, ast.AST) else nodes:
        pending = deque([root])
        while pending:
            node = pending.popleft()
            budget.look()
            pending.extend(ast.iter_child_nodes(node))
            yield node


def loads(nodes: Sequence[ast.AST] | ast.AST, names: set[str]) -> Iterator[ast.Name]:
    """Where any of the names is read."""
    for node in walk(nodes):
        if isinstance(node, ast.Name) and node.id in names and isinstance(node.ctx, ast.Load):
            yield node


def scoped_loads(scope: ast.AST, names: set[str]) -> Iterator[ast.Name]:
    """Where any of the names of a scope is read, functions inside included unless the name is their own."""
    known = _loads_seen_in(scope)
    found = [load for name in names for load in known.get(name, ())]
    if len(names) > 1:
        found.sort(key=lambda load: load[0])
    for _, node in found:
        yield node


@kept
def _loads_seen_in(scope: ast.AST) -> dict[str, list[tuple[int, ast.Name]]]:
    """Where the names of a scope are read, numbered in the order they are come to: the last ones first."""
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


@kept
def names_below(scope: ast.AST) -> dict[str, list[ast.Name]]:
    """All names below a node, however they are used, by what they are called."""
    found: dict[str, list[ast.Name]] = {}
    for node in walk(scope):
        if isinstance(node, ast.Name):
            found.setdefault(node.id, []).append(node)
    return found


@kept
def attributes_below(scope: ast.AST) -> dict[str, list[ast.Attribute]]:
    """All attributes below a node by what they are called."""
    found: dict[str, list[ast.Attribute]] = {}
    for node in walk(scope):
        if isinstance(node, ast.Attribute):
            found.setdefault(node.attr, []).append(node)
    return found


@kept
def patterns_below(scope: ast.AST) -> dict[str, list[ast.MatchAs]]:
    """All patterns below a node by the name that they give to what they match."""
    found: dict[str, list[ast.MatchAs]] = {}
    for node in walk(scope):
        if isinstance(node, ast.MatchAs) and node.name is not None:
            found.setdefault(node.name, []).append(node)
    return found


@kept
def names_given_away(scope: ast.AST) -> tuple[frozenset[str], frozenset[str]]:
    """The names below a node that are declared to be of another scope, and those that are deleted."""
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
    """The parts of a comprehension, those of its clauses one by one."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.comprehension):
            yield from ast.iter_child_nodes(child)
        else:
            yield child


@kept
def own_names(function: Function | ast.Lambda) -> frozenset[str]:
    """The parameters and local variables of a function, without those that it takes from outside."""
    names = bound([function.args, *(function.body if isinstance(function.body, list) else [function.body])])
    return frozenset(names) - names_given_away(function)[0]


def forget() -> None:
    """Let go of the trees that were asked about."""
    for known in _KEPT:
        known.cache_clear()


def bound(nodes: Sequence[ast.AST] | ast.AST) -> set[str]:
    """The names that are bound anywhere below, also by imports, definitions, handlers, patterns and `global`."""
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


def said(node: ast.AST) -> str:
    """What stands there, as it is quoted in a sentence: its first line, cut off where that is long."""
    line = ast.unparse(node).splitlines()[0]
    return line if len(line) <= LONGEST_QUOTE else f"{line[: LONGEST_QUOTE - 1]}…"


def is_docstring(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)


def jumps(statements: Sequence[ast.stmt], *kinds: type[ast.Break] | type[ast.Continue]) -> bool:
    """Whether a `break` or `continue` in the statements leaves or goes on with a loop around them."""
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
    """Whether any node below is of one of the kinds, functions and classes inside not looked into."""
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
    """Where a function is left, functions and classes inside not looked into."""
    stack = list(statements)
    while stack:
        node = stack.pop()
        budget.look()
        if isinstance(node, ast.Return):
            yield node
        if not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)):
            stack.extend(ast.iter_child_nodes(node))


def target_names(target: ast.AST | None) -> set[str]:
    """The names that a loop target or parameter binds."""
    if isinstance(target, ast.arg):
        return {target.arg}
    if target is None:
        return set()
    return {node.id for node in walk(target) if isinstance(node, ast.Name)}


@kept
def used_names(scope: ast.AST) -> frozenset[str]:
    """The names that anything in the scope goes by."""
    return frozenset(names_below(scope)) | bound(scope)


def first_free(taken: Set[str], *wishes: str) -> str:
    """The first of the names that is not taken; the last one with a number if all are."""
    numbered = (f"{wishes[-1]}{number}" for number in itertools.count(2))
    return next(name for name in itertools.chain(wishes, numbered) if name not in taken)
