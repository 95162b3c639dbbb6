"""Which value a name has where it is read: that of our loop, or surely another one."""

from __future__ import annotations

import ast

from unchunk.codemod.syntax import Loop, Tree, target_names


def has_other_value(tree: Tree, name: ast.Name, producer: ast.AST) -> bool:
    """Whether a name that is read outside of `producer` (a loop) has surely been bound by something else by then."""
    own: ast.AST = name
    for node in tree.above(name):
        if tree.inside(producer, node):
            break
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)):
            return False  # it may be called at any time
        if name.id in _targets(node) and own in getattr(node, "body", [own]):
            return True
        if isinstance(node, ast.stmt) and any(
            _surely_binds(other, name.id) for other in _between(tree, node, producer)
        ):
            return True
        own = node
    return _comes_before(tree, name, producer)


def _targets(node: ast.AST) -> set[str]:
    """The names that a construct binds for what is inside of it."""
    match node:
        case ast.For(target=target) | ast.AsyncFor(target=target):
            return target_names(target)
        case ast.GeneratorExp(generators=inner) | ast.ListComp(generators=inner) | ast.SetComp(generators=inner):
            return set().union(*(target_names(generator.target) for generator in inner))
        case ast.DictComp(generators=inner):
            return set().union(*(target_names(generator.target) for generator in inner))
        case ast.With(items=items) | ast.AsyncWith(items=items):
            return set().union(*(target_names(item.optional_vars) for item in items))
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
