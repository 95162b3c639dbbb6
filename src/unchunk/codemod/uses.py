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
        if name.id in _targets(node) and not (isinstance(node, Loop) and own not in node.body):
            return True
        if isinstance(node, ast.stmt) and any(
            _surely_binds(other, name.id) for other in _between(tree, node, producer)
        ):
            return True
        own = node
    return _comes_before(tree, name, producer)


def surely_bound_before(tree: Tree, name: ast.Name, producer: ast.AST, steps: set[str]) -> bool:
    """Whether a name that is read in a loop has been bound in the same round by then: by the step, or in the body."""
    if name.id in steps:
        return True
    own: ast.AST = name
    for node in tree.above(name):
        if name.id in _targets(node) and not (isinstance(node, Loop) and own not in node.body):
            return True
        if node is producer:
            break
        if isinstance(node, ast.stmt) and any(_surely_binds(other, name.id) for other in tree.before(node)):
            return True
        own = node
    return False


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
            return any(_stores(target, name) for target in targets)
        case ast.AnnAssign(target=ast.Name(id=target), value=ast.expr()):
            return target == name
        case ast.With(items=items) | ast.AsyncWith(items=items):
            return any(item.optional_vars is not None and _stores(item.optional_vars, name) for item in items)
        case ast.Try(body=body, handlers=handlers):
            leaves = (ast.Continue, ast.Break, ast.Return, ast.Raise)
            stays = [handler for handler in handlers if not isinstance(handler.body[-1], leaves)]
            return not stays and any(_surely_binds(inner, name) for inner in body)
    return False


def _stores(target: ast.expr, name: str) -> bool:
    return any(
        isinstance(node, ast.Name) and node.id == name and isinstance(node.ctx, ast.Store) for node in ast.walk(target)
    )


def _comes_before(tree: Tree, name: ast.Name, producer: ast.AST) -> bool:
    """Whether a name is read before our loop begins, and not again in another round of a loop around."""
    statement = tree.statement(producer)
    start = (statement.lineno, statement.col_offset)
    if isinstance(producer, (ast.For, ast.AsyncFor)) and tree.inside(name, producer.iter):
        return True
    return (name.lineno, name.col_offset) < start and not any(
        isinstance(node, Loop) and tree.inside(producer, node) for node in tree.above(name)
    )
