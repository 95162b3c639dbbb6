"""Questions about a module's syntax tree that planning a rewrite asks: what is around a node, who uses a name."""

from __future__ import annotations

import ast
import itertools
from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import TypeAlias

from unchunk.codemod.constants import Constants, bindings

Function: TypeAlias = ast.FunctionDef | ast.AsyncFunctionDef
Loop: TypeAlias = ast.For | ast.AsyncFor | ast.While
Scope: TypeAlias = Function | ast.Lambda | ast.Module | ast.ClassDef


class Tree:
    """A module with the way up from every node."""

    def __init__(self, module: ast.Module) -> None:
        self.module = module
        self.given: list[tuple[ast.AST, str]] = []
        """The names that fixes write, by the loop or function that each of them mends."""
        self._parents: dict[ast.AST, ast.AST] = {
            child: node for node in ast.walk(module) for child in ast.iter_child_nodes(node)
        }

    def parent(self, node: ast.AST) -> ast.AST | None:
        return self._parents.get(node)

    def above(self, node: ast.AST) -> Iterator[ast.AST]:
        """The nodes around `node`, innermost first, without itself."""
        current = self._parents.get(node)
        while current is not None:
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
        parent = self._parents[statement]
        for _, value in ast.iter_fields(parent):
            if isinstance(value, list) and any(item is statement for item in value):
                return value
        raise ValueError("a statement is in a block")

    def before(self, statement: ast.stmt) -> list[ast.stmt]:
        block = self.block(statement)
        return block[: block.index(statement)]

    def after(self, statement: ast.stmt) -> list[ast.stmt]:
        block = self.block(statement)
        return block[block.index(statement) + 1 :]

    def is_builtin(self, name: str, node: ast.AST) -> bool:
        """Whether a builtin's name still means the builtin where `node` stands: no scope seen from there binds it."""
        own = self.scope(node)
        outer = (scope for scope in self.above(own) if isinstance(scope, Function | ast.Lambda | ast.Module))
        seen = [own, *outer]
        return name not in self.constants.rebound and not any(name in bindings(scope)[0] for scope in seen)

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
    for node in [nodes] if isinstance(nodes, ast.AST) else nodes:
        yield from ast.walk(node)


def loads(nodes: Sequence[ast.AST] | ast.AST, names: set[str]) -> Iterator[ast.Name]:
    """Where any of the names is read."""
    for node in walk(nodes):
        if isinstance(node, ast.Name) and node.id in names and isinstance(node.ctx, ast.Load):
            yield node


def scoped_loads(scope: ast.AST, names: set[str]) -> Iterator[ast.Name]:
    """Where any of the names of a scope is read, functions inside included unless the name is their own."""
    stack: list[tuple[ast.AST, frozenset[str]]] = [(child, frozenset(names)) for child in ast.iter_child_nodes(scope)]
    while stack:
        node, wanted = stack.pop()
        if isinstance(node, ast.Name) and node.id in wanted and isinstance(node.ctx, ast.Load):
            yield node
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)):
            wanted -= own_names(node)
        elif isinstance(node, (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)):
            first = node.generators[0].iter
            stack.append((first, wanted))
            inner = wanted.difference(*(target_names(generator.target) for generator in node.generators))
            stack += [(child, inner) for child in _comprehended(node) if child is not first]
            continue
        if wanted:
            stack += [(child, wanted) for child in ast.iter_child_nodes(node)]


def _comprehended(node: ast.AST) -> Iterator[ast.AST]:
    """The parts of a comprehension, those of its clauses one by one."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.comprehension):
            yield from ast.iter_child_nodes(child)
        else:
            yield child


def own_names(function: Function | ast.Lambda) -> set[str]:
    """The parameters and local variables of a function, without those that it takes from outside."""
    names = bound([function.args, *(function.body if isinstance(function.body, list) else [function.body])])
    for node in ast.walk(function):
        if isinstance(node, (ast.Global, ast.Nonlocal)):
            names -= set(node.names)
    return names


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
    return {node.id for node in ast.walk(target) if isinstance(node, ast.Name)}


def used_names(scope: ast.AST) -> set[str]:
    """The names that anything in the scope goes by."""
    return {node.id for node in ast.walk(scope) if isinstance(node, ast.Name)} | bound(scope)


def first_free(taken: set[str], *wishes: str) -> str:
    """The first of the names that is not taken; the last one with a number if all are."""
    numbered = (f"{wishes[-1]}{number}" for number in itertools.count(2))
    return next(name for name in itertools.chain(wishes, numbered) if name not in taken)
