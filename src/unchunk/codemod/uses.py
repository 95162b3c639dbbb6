"""Reads of a name: those that may see what a loop left in it, and those that surely see another value."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from unchunk.codemod.syntax import Function, Loop, Scope, Tree, scoped_loads, target_names, walk


def reads_elsewhere(tree: Tree, names: set[str], producer: ast.AST) -> Iterator[ast.Name]:
    """Yield the reads outside of `producer` (a loop) that may see what it left in the names, whenever they are run."""
    for name in scoped_loads(tree.scope(producer), names):
        if not tree.inside(name, producer) and not has_other_value(tree, name, producer):
            yield name


def read_by_text(scope: Scope, names: set[str]) -> str | None:
    """Return what may read variables of the scope by their names as text: `locals()`, `exec(…)`, `__all__`."""
    for node in walk(scope):
        match node:
            case ast.Call(func=ast.Name(id="locals" | "vars" | "dir" as reader), args=[], keywords=[]):
                return f"{reader}()"
            case ast.Call(func=ast.Name(id="eval" | "exec" as reader)):
                return f"{reader}()"
            case ast.Call(func=ast.Name(id="globals")) if isinstance(scope, ast.Module):
                return "globals()"
            case ast.Assign(targets=[ast.Name(id="__all__")], value=listed) if isinstance(scope, ast.Module):
                if any(isinstance(part, ast.Constant) and part.value in names for part in ast.walk(listed)):
                    return "__all__"
    return None


def dead_bindings(tree: Tree, names: set[str], producer: ast.AST) -> Iterator[ast.stmt]:
    """Yield what gives names of a function a constant outside of `producer` (a loop) that nothing outside reads."""
    scope = tree.scope(producer)
    if isinstance(scope, (ast.Module, ast.ClassDef)):
        return
    outside = {name.id for name in scoped_loads(scope, names) if not tree.inside(name, producer)}
    for node in walk(scope):
        match node:
            case (
                ast.Assign(targets=[ast.Name(id=name)], value=ast.Constant())
                | ast.AnnAssign(target=ast.Name(id=name), value=None | ast.Constant())
            ) if name in names - outside and tree.scope(node) is scope and not tree.inside(node, producer):
                if (node.lineno, node.col_offset) not in tree.inline:
                    yield node


def has_other_value(tree: Tree, name: ast.Name, producer: ast.AST) -> bool:
    """Whether a name that is read outside of `producer` (a loop) has surely been bound by something else by then.

    What is read in a function, lambda or generator of its own is read whenever that is run, wherever it is written.
    """
    if _runs_later(tree, name, producer):
        return False
    own: ast.AST = name
    for node in tree.above(name):
        if tree.inside(producer, node):
            break
        if name.id in _targets(node) and not (isinstance(node, Loop) and own not in node.body):
            return True
        if isinstance(node, ast.stmt) and any(
            _surely_binds(other, name.id) for other in _between(tree, node, producer)
        ):
            return True
        own = node
    return _comes_before(tree, name, producer)


def _runs_later(tree: Tree, name: ast.Name, producer: ast.AST) -> bool:
    """Whether a name is read in a scope inside of the one of the loop that is not run where it stands."""
    for node in tree.above(name):
        if tree.inside(producer, node):
            return False
        match node:
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.Lambda():
                return not _is_evaluated_at_once(tree, name, node)
            case ast.GeneratorExp(generators=[first, *_]):
                if not tree.inside(name, first.iter):
                    return True
    return False


def _is_evaluated_at_once(tree: Tree, name: ast.Name, function: Function | ast.Lambda) -> bool:
    """Whether a name stands in a default, a decorator or an annotation: where the function is defined."""
    body = function.body if isinstance(function.body, list) else [function.body]
    return not any(tree.inside(name, part) for part in body)


def _targets(node: ast.AST) -> set[str]:
    """The names that a construct binds for what is inside of it."""
    match node:
        case ast.For(target=target) | ast.AsyncFor(target=target):
            return target_names(target)
        case ast.GeneratorExp(generators=inner) | ast.ListComp(generators=inner) | ast.SetComp(generators=inner):
            return set().union(*(target_names(generator.target) for generator in inner))
        case ast.DictComp(generators=inner):
            return set().union(*(target_names(generator.target) for generator in inner))
    return set()


def _between(tree: Tree, statement: ast.stmt, producer: ast.AST) -> list[ast.stmt]:
    """What is done in the block of a statement before it, but after our loop if that is in the same block."""
    before = tree.before(statement)
    ours = [number for number, other in enumerate(before) if tree.inside(producer, other)]
    return before[ours[-1] + 1 :] if ours else before


def _surely_binds(statement: ast.stmt, name: str) -> bool:
    match statement:
        case ast.Assign(targets=targets):
            return any(isinstance(target, ast.Name) and target.id == name for target in targets)
        case ast.AnnAssign(target=ast.Name(id=target), value=ast.expr()):
            return target == name
        case ast.With(items=items) | ast.AsyncWith(items=items):
            return any(item.optional_vars and name in target_names(item.optional_vars) for item in items)
    return False


def _comes_before(tree: Tree, name: ast.Name, producer: ast.AST) -> bool:
    """Whether a name is read before our loop begins, and not again in another round of a loop around."""
    statement = tree.statement(producer)
    start = (statement.lineno, statement.col_offset)
    if isinstance(producer, (ast.For, ast.AsyncFor)) and tree.inside(name, producer.iter):
        return True
    return (name.lineno, name.col_offset) < start and not any(
        isinstance(node, Loop) and tree.inside(producer, node) for node in tree.above(name)
    )
