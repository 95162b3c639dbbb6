"""Reaching definitions: reads of a name that may see what a loop left in it, and reads that surely do not."""

from __future__ import annotations

import ast
from bisect import bisect_left
from collections.abc import Iterator, Sequence

from unchunk.codemod.syntax import Function, Loop, Scope, Tree, memoized, scoped_loads, target_names, walk


def reads_elsewhere(tree: Tree, names: set[str], producer: ast.AST) -> Iterator[ast.Name]:
    """Yield the reads outside of `producer` (a loop) that may see what it left in the names, whenever they are run."""
    for name in _in_doubt(tree, names, producer):
        if not tree.inside(name, producer) and not has_other_value(tree, name, producer):
            yield name


def _in_doubt(tree: Tree, names: set[str], producer: ast.AST) -> Iterator[ast.Name]:
    """Yield the reads of the names, except those in a loop or block that binds them anew and does not contain
    `producer`.

    A file of a hundred loops over `chunk` is not gone through for each of them.
    """
    around = [producer, *tree.above(producer)]
    for name in sorted(names):
        places = tree.once(_reads_by_place, tree.scope(producer), name)
        for node in around:
            yield from places.get(node, ())


def _reads_by_place(tree: Tree, scope: Scope, name: str) -> dict[ast.AST, list[ast.Name]]:
    """Return a name's reads by the smallest loop or block outside of which nothing can matter to them."""
    found: dict[ast.AST, list[ast.Name]] = {}
    for load in scoped_loads(scope, {name}):
        found.setdefault(_bound_anew_in(tree, scope, load), []).append(load)
    return found


def _bound_anew_in(tree: Tree, scope: Scope, name: ast.Name) -> ast.AST:
    own: ast.AST = name
    place: ast.AST = scope
    for node in tree.above(name):
        if node is scope:
            break
        if _runs_at_another_time(tree, name, node):
            return scope
        if place is scope and _binds_for_inside(node, name.id, own):
            place = node
        if place is scope and isinstance(node, ast.stmt) and _is_bound_between(tree, name.id, node, node):
            place = tree.parent(node) or scope
        own = node
    return place


def reads_inside(tree: Tree, scope: Scope, names: set[str], producer: ast.AST) -> Iterator[ast.Name]:
    """Yield the reads of names of a scope inside `producer`."""
    around = producer if tree.inside(producer, scope) else scope
    return (name for name in scoped_loads(around, names) if tree.inside(name, producer))


def read_by_text(scope: Scope, names: set[str]) -> str | None:
    """Return what may read variables of the scope by their names as text: `locals()`, `exec(…)`, `__all__`."""
    reader, listed = _readers_by_text(scope)
    return reader or ("__all__" if names & listed else None)


@memoized
def _readers_by_text(scope: Scope) -> tuple[str | None, set[str]]:
    """Return what reads any variable of the scope by its name as text, and the names in `__all__`."""
    listed: set[str] = set()
    for node in walk(scope):
        match node:
            case ast.Call(func=ast.Name(id="locals" | "vars" | "dir" as reader), args=[], keywords=[]):
                return f"{reader}()", listed
            case ast.Call(func=ast.Name(id="eval" | "exec" as reader)):
                return f"{reader}()", listed
            case ast.Call(func=ast.Name(id="globals")) if isinstance(scope, ast.Module):
                return "globals()", listed
            case ast.Assign(targets=[ast.Name(id="__all__")], value=value) if isinstance(scope, ast.Module):
                listed |= {str(part.value) for part in walk(value) if isinstance(part, ast.Constant)}
    return None, listed


def dead_bindings(tree: Tree, names: set[str], producer: ast.AST) -> Iterator[ast.stmt]:
    """Yield the statements outside of `producer` (a loop) that bind a function's names to constants nothing outside
    reads.
    """
    scope = tree.scope(producer)
    if isinstance(scope, (ast.Module, ast.ClassDef)) or not names:
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
    """Decide whether a name read outside of `producer` (a loop) has surely been rebound by then.

    What is read in a function, lambda or generator of its own is read whenever that is run, wherever it is written.
    """
    if _runs_later(tree, name, producer):
        return False
    own: ast.AST = name
    for node in tree.above(name):
        if tree.inside(producer, node):
            break
        if _binds_for_inside(node, name.id, own):
            return True
        if isinstance(node, ast.stmt) and _is_bound_between(tree, name.id, node, producer):
            return True
        own = node
    return _comes_before(tree, name, producer)


def surely_bound_before(tree: Tree, name: ast.Name, producer: ast.AST, steps: set[str]) -> bool:
    """Decide whether a name read in a loop was bound in the same iteration: by the step, or in the body."""
    if name.id in steps:
        return True
    own: ast.AST = name
    for node in tree.above(name):
        if _binds_for_inside(node, name.id, own):
            return True
        if node is producer:
            break
        if isinstance(node, ast.stmt) and _is_bound_earlier(tree, name.id, node):
            return True
        own = node
    return False


def rebound_before(tree: Tree, name: ast.Name, statements: Sequence[ast.stmt]) -> bool:
    """Tell whether a name that is read in some statements of a block has surely been bound anew by them before."""
    if not any(tree.inside(name, statement) for statement in statements):
        return False
    own: ast.AST = name
    for node in tree.above(name):
        if _runs_at_another_time(tree, name, node):
            return False
        if _binds_for_inside(node, name.id, own):
            return True
        if isinstance(node, ast.stmt):
            if node in statements:
                return any(name.id in _surely_bound(other) for other in statements[: statements.index(node)])
            if _is_bound_earlier(tree, name.id, node):
                return True
        own = node
    return False


def _runs_later(tree: Tree, name: ast.Name, producer: ast.AST) -> bool:
    """Decide whether a name is read in an inner scope that is not run in place."""
    for node in tree.above(name):
        if tree.inside(producer, node):
            return False
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)):
            return not _is_evaluated_at_once(tree, name, node)
        if _runs_at_another_time(tree, name, node):
            return True
    return False


def _runs_at_another_time(tree: Tree, name: ast.Name, around: ast.AST) -> bool:
    """Decide whether a name is in the body of a function, lambda or generator, which is not run in place."""
    match around:
        case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.Lambda():
            return not _is_evaluated_at_once(tree, name, around)
        case ast.GeneratorExp(generators=[first, *_]):
            return not tree.inside(name, first.iter)
    return False


def _is_evaluated_at_once(tree: Tree, name: ast.Name, function: Function | ast.Lambda) -> bool:
    """Decide whether a name is in a default, a decorator or an annotation, which run at the definition."""
    body = function.body if isinstance(function.body, list) else [function.body]
    return not any(tree.inside(name, part) for part in body)


def _binds_for_inside(node: ast.AST, name: str, inner: ast.AST) -> bool:
    return name in _targets(node) and inner in getattr(node, "body", [inner])


def _targets(node: ast.AST) -> set[str]:
    """Return the names that a construct binds for its inside."""
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


def _is_bound_between(tree: Tree, name: str, statement: ast.stmt, producer: ast.AST) -> bool:
    """Decide whether a name is bound in the block of a statement before it, but after our loop if that is in that
    block.
    """
    block, number = tree.block(statement), tree.number(statement)
    bound = tree.once(_bound_in, block[0]).get(name, ())
    before = bisect_left(bound, number)
    if not before:
        return False
    ours = next((node for node in (producer, *tree.above(producer)) if tree.is_in(node, block)), None)
    return ours is None or tree.number(ours) >= number or bound[before - 1] > tree.number(ours)


def _is_bound_earlier(tree: Tree, name: str, statement: ast.stmt) -> bool:
    """Decide whether a name is surely bound in the block of a statement before it."""
    bound = tree.once(_bound_in, tree.block(statement)[0]).get(name, ())
    return bisect_left(bound, tree.number(statement)) > 0


def _bound_in(tree: Tree, first: ast.stmt) -> dict[str, list[int]]:
    """Return the statements that surely bind each name in the block beginning with `first`."""
    found: dict[str, list[int]] = {}
    for number, statement in enumerate(tree.block(first)):
        for name in _surely_bound(statement):
            found.setdefault(name, []).append(number)
    return found


def _surely_bound(statement: ast.stmt) -> set[str]:
    match statement:
        case ast.Assign(targets=targets):
            return set().union(*map(_stored, targets))
        case ast.AnnAssign(target=ast.Name(id=name), value=ast.expr()):
            return {name}
        case ast.With(items=items) | ast.AsyncWith(items=items):
            return set().union(*(_stored(item.optional_vars) for item in items if item.optional_vars is not None))
        case ast.Try(body=body, handlers=handlers):
            leaves = (ast.Continue, ast.Break, ast.Return, ast.Raise)
            stays = any(not isinstance(handler.body[-1], leaves) for handler in handlers)
            return set() if stays else set().union(*map(_surely_bound, body))
    return set()


def _stored(target: ast.expr) -> set[str]:
    """Return the names that an assignment target binds."""
    return {node.id for node in walk(target) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}


def _comes_before(tree: Tree, name: ast.Name, producer: ast.AST) -> bool:
    """Decide whether a name is read before our loop begins, and not again in another iteration of a loop around."""
    statement = tree.statement(producer)
    start = (statement.lineno, statement.col_offset)
    if isinstance(producer, (ast.For, ast.AsyncFor)) and tree.inside(name, producer.iter):
        return True
    return (name.lineno, name.col_offset) < start and not any(
        isinstance(node, Loop) and tree.inside(producer, node) for node in tree.above(name)
    )
