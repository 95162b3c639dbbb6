"""Wrap targets: where the pieces of a stream come from in the program text, and which expression a fix wraps."""

from __future__ import annotations

import ast
from dataclasses import dataclass

from unchunk.codemod.edits import Edit, Position, Refusal, Replace, position_of
from unchunk.codemod.rewrite_site import RewriteSite
from unchunk.codemod.syntax import names_below, patterns_below, scoped_loads

_HANDS_ON = {
    "aenumerate",
    "aiter",
    "enumerate",
    "islice",
    "iter",
    "list",
    "reversed",
    "tqdm",
    "track",
    "trange",
    "tuple",
}
_REARRANGES = {"insert", "pop", "popleft", "remove", "reverse", "rotate", "sort"}
_CHOOSES = {"frozenset", "max", "min", "set", "sorted"}


@dataclass(frozen=True, slots=True)
class WrapTarget:
    """The expression that a fix wraps.

    Attributes:
        node: the expression.
        template, holes: how it is written in the wrapped form.
        at_loop: whether it is what the loop goes through, handed on piece by piece if at all.
        edits: what has to change besides.
    """

    node: ast.expr
    template: str
    holes: tuple[Position, ...]
    at_loop: bool
    edits: tuple[Edit, ...] = ()

    def wrapped(self, helper: str, arguments: str = "", *holes: Position) -> Replace:
        """Return the edit that wraps it into a call of the helper; `{1}` in `arguments` is the first of the further
        holes.
        """
        return Replace(position_of(self.node), f"{helper}({self.template}{arguments})", (*self.holes, *holes))


ACCOMPANIED = Refusal("something else comes with each piece, and belongs to the pieces as they are cut")
UNPACKED = Refusal("the stream is one of several things that are unpacked at once, and used in more than one place")


def is_iterated(case: RewriteSite) -> bool:
    """Decide whether there is an expression that yields the pieces one by one."""
    return _iterated(case) is not None


def iterators_of(case: RewriteSite) -> list[ast.expr]:
    """Return the names of the pieces' iterator: where it is read, and where it is created."""
    iterated = _iterated(case)
    if iterated is None:
        return []
    inner = _handed_on(iterated, case)
    if isinstance(inner, ast.Name) and _is_collection(case, inner):
        return []
    found: list[ast.expr] = [inner] if isinstance(inner, (ast.Name, ast.Attribute)) else []
    if isinstance(case.site.source, ast.expr):
        match case.tree.parent(_with_await(case, case.site.source)):
            case ast.Assign(targets=[ast.Name() as name]) if not found or case.tree.scope(name) is not case.tree.scope(
                found[0]
            ):
                found.append(name)
    return found


def wrap_target_of(case: RewriteSite) -> WrapTarget | Refusal:
    """Return the expression that yields the raw pieces, as near to the loop as it can be wrapped."""
    iterated = _iterated(case)
    if iterated is None:
        return Refusal("the stream is not iterated over")
    inner = _handed_on(iterated, case)
    if isinstance(inner, Refusal):
        return inner
    if _hands_out_tuples(case, inner):
        return _flattened(case, inner)
    node = _node(case, iterated, inner)
    if isinstance(node, Refusal):
        return node
    if case.is_next:
        # Each call of `next` takes one piece from the same iterator: that has to be wrapped where it is made.
        source = case.site.source
        if not isinstance(source, ast.expr) or case.tree.inside(source, iterated):
            return Refusal("an iterator is made for each single piece")
        if _is_bound(source):
            return UNPACKED
        return WrapTarget(_with_await(case, source), "{0}", (position_of(_with_await(case, source)),), False)
    return WrapTarget(node, "{0}", (position_of(node),), node is inner)


def is_async_at(node: ast.expr, case: RewriteSite) -> bool:
    """Decide whether the expression is iterated over asynchronously; that need not be in the loop that parses."""
    match case.tree.parent(node):
        case ast.For(iter=iterated) if iterated is node:
            return False
        case ast.AsyncFor(iter=iterated) if iterated is node:
            return True
        case ast.comprehension(iter=iterated, is_async=is_async) if iterated is node:
            return bool(is_async)
    return case.is_async


def _node(case: RewriteSite, iterated: ast.expr, inner: ast.expr) -> ast.expr | Refusal:
    source = case.site.source
    if isinstance(source, ast.expr) and case.tree.inside(source, iterated):
        return _whole(case, source, iterated)
    if _is_bound(source):
        return inner if isinstance(source, ast.Name) and _is_only_use(case, inner, source) else UNPACKED
    if not isinstance(source, ast.expr):
        if _is_parameter(case, inner):
            return Refusal("the stream is made in another file, and other callers may hand in something else")
        return inner
    if case.tree.function(source) is not case.tree.function(inner):
        if _is_parameter(case, inner):
            return _handed_over(case, source)
        return _with_await(case, source) if _is_own_attribute(inner) else inner
    if isinstance(inner, ast.Name) and (
        _is_read_elsewhere(case, inner) or _is_rearranged(case, inner) or not _is_just(case, inner, source)
    ):
        return _with_await(case, source)
    return inner


def _is_bound(source: ast.AST | None) -> bool:
    """Decide whether the stream is bound by unpacking, so that no expression of its own creates it."""
    return isinstance(source, ast.Name | ast.Attribute | ast.Subscript) and isinstance(source.ctx, ast.Store)


def _is_only_use(case: RewriteSite, stream: ast.expr, bound: ast.Name) -> bool:
    """Decide whether one loop is the only consumer of what a name was bound to."""
    if not isinstance(stream, ast.Name) or stream.id != bound.id or _is_read_elsewhere(case, stream):
        return False
    scope = case.tree.scope(stream)
    stores = [node for node in names_below(scope).get(bound.id, ()) if isinstance(node.ctx, ast.Store)]
    patterns = patterns_below(scope).get(bound.id, ())
    return not patterns if stores == [bound] else not stores and len(patterns) == 1


def _handed_over(case: RewriteSite, source: ast.expr) -> ast.expr:
    """Return a stream passed to another function: its one use as an argument, or else the source itself."""
    whole = _with_await(case, source)
    match case.tree.parent(whole):
        case ast.Assign(targets=[ast.Name(id=name)], value=value) if value is whole:
            uses = list(scoped_loads(case.tree.scope(whole), {name}))
            if len(uses) == 1 and isinstance(case.tree.parent(uses[0]), ast.Call) and _is_just(case, uses[0], source):
                return uses[0]
    return whole


def _is_just(case: RewriteSite, name: ast.Name, source: ast.expr) -> bool:
    """Decide whether a name is bound once, to the source and nothing else."""
    names = names_below(case.tree.scope(name)).get(name.id, ())
    if sum(isinstance(node.ctx, ast.Store) for node in names) > 1:
        return False
    statement = case.tree.statement(source)
    return isinstance(statement, ast.Assign) and statement.value is _with_await(case, source)


def _flattened(case: RewriteSite, inner: ast.expr) -> WrapTarget | Refusal:
    """Turn aiohttp's `iter_chunks()`, which yields pairs, into `iter_any()` if nobody reads the flags."""
    target = case.site.target
    match inner:
        case ast.Call(func=ast.Attribute(value=value, attr="iter_chunks"), args=[], keywords=[]):
            pass
        case _:
            return ACCOMPANIED
    if not isinstance(target, ast.Tuple) or len(target.elts) != 2 or not isinstance(target.elts[1], ast.Name):
        return ACCOMPANIED
    flag = target.elts[1].id
    names = names_below(case.tree.scope(inner)).get(flag, ())
    if any(isinstance(name.ctx, ast.Load) for name in names) or not isinstance(target.elts[0], ast.Name):
        return ACCOMPANIED
    rename = Replace(position_of(target), target.elts[0].id)
    return WrapTarget(inner, "{0}.iter_any()", (position_of(value),), True, (rename,))


def _hands_out_tuples(case: RewriteSite, inner: ast.expr) -> bool:
    """Decide whether the loop unpacks a step, and not only what `enumerate` or `zip` adds to it."""
    producer = case.site.producer
    if not isinstance(producer, (ast.For, ast.AsyncFor, ast.comprehension)):
        return False
    return isinstance(producer.target, (ast.Tuple, ast.List)) and inner is producer.iter


def _whole(case: RewriteSite, source: ast.expr, iterated: ast.expr) -> ast.expr:
    """Return the source with its `await`; or the call around it, if a function that is called repeatedly reads it."""
    around: ast.expr = _with_await(case, source)
    for node in case.tree.above(source):
        if isinstance(node, ast.Lambda):
            parent = case.tree.parent(node)
            around = parent if isinstance(parent, ast.Call) else iterated
        if node is iterated:
            break
    return around


def _iterated(case: RewriteSite) -> ast.expr | None:
    match case.site.producer:
        case ast.For(iter=iterated) | ast.AsyncFor(iter=iterated) | ast.comprehension(iter=iterated) if (
            not _is_read_inside(case, iterated)
        ):
            return iterated
    match case.site.step:
        case ast.Call(func=ast.Name(id="next" | "anext"), args=[iterated, *_]):
            return iterated
        case ast.Call() as step if _is_collected(case, step) or case.mapper() is not None:
            return step
    match case.site.parse:
        case ast.Call(args=[_, iterated]) if case.site.argument is None:
            return iterated
    return None


def _is_read_inside(case: RewriteSite, iterated: ast.expr) -> bool:
    """Decide whether a call in the loop's body brings the pieces, directly or through a function: the loop iterates
    over something else.
    """
    step = case.site.step
    return isinstance(step, ast.Call) and not case.tree.inside(step, iterated)


def _is_collection(case: RewriteSite, name: ast.Name) -> bool:
    """Decide whether a name stands for a list of the pieces, which may be iterated over repeatedly."""
    for node in map(case.tree.parent, names_below(case.tree.scope(name)).get(name.id, ())):
        match node:
            case ast.Assign(targets=[ast.Name(id=target)], value=value) if target == name.id:
                match value:
                    case ast.ListComp() | ast.List() | ast.Tuple():
                        return True
                    case ast.Call(func=ast.Name(id="list" | "tuple" | "deque" | "sorted")):
                        return True
    return False


def _is_rearranged(case: RewriteSite, name: ast.Name) -> bool:
    """Decide whether a list of the pieces is changed in place: `pieces.reverse()`."""
    for use in map(case.tree.parent, names_below(case.tree.scope(name)).get(name.id, ())):
        match use:
            case ast.Attribute(attr=method) if method in _REARRANGES:
                return True
            case ast.Subscript(ctx=ast.Store() | ast.Del()):
                return True
    return False


def _is_collected(case: RewriteSite, step: ast.Call) -> bool:
    """Decide whether all pieces are put into a list at once: `list(response.iter_content(None))`."""
    match case.tree.parent(step):
        case ast.Call(func=ast.Name(id="list" | "tuple" | "deque"), args=[collected]):
            return collected is step
    return False


def _with_await(case: RewriteSite, source: ast.expr) -> ast.expr:
    """Return an awaited call together with its `await`, which must be wrapped with it."""
    parent = case.tree.parent(source)
    return parent if isinstance(parent, ast.Await) else source


def _handed_on(iterated: ast.expr, case: RewriteSite) -> ast.expr | Refusal:
    """Look through `enumerate`, `islice`, progress bars and `zip`."""
    match iterated:
        case ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name), args=[first, *_]) if name in _HANDS_ON:
            return _handed_on(first, case)
        case ast.Call(func=ast.Name(id="zip"), args=arguments):
            return _zipped(arguments, case)
        case ast.Call(func=ast.Name(id=name)) if name in _CHOOSES:
            return Refusal("the pieces are chosen, or put in another order, before the loop")
        case ast.Await(value=inner) if isinstance(inner, ast.Name):
            return iterated
    return iterated


def _zipped(arguments: list[ast.expr], case: RewriteSite) -> ast.expr | Refusal:
    producer = case.site.producer
    target = producer.target if isinstance(producer, (ast.For, ast.AsyncFor, ast.comprehension)) else None
    if isinstance(target, ast.Tuple) and len(target.elts) == len(arguments):
        for element, argument in zip(target.elts, arguments, strict=True):
            if element is case.target and case.target is not None:
                return _handed_on(argument, case)
    return Refusal("it cannot be told which of the zipped iterables is the stream")


def _is_parameter(case: RewriteSite, stream: ast.expr) -> bool:
    function = case.tree.function(stream)
    if function is None or not isinstance(stream, ast.Name):
        return False
    arguments = function.args
    return any(item.arg == stream.id for item in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs))


def _is_own_attribute(stream: ast.expr) -> bool:
    return isinstance(stream, ast.Attribute) and isinstance(stream.value, ast.Name) and stream.value.id == "self"


def _is_read_elsewhere(case: RewriteSite, stream: ast.Name) -> bool:
    """Decide whether more than our loop consumes an iterator: what one takes from a chunk, the others lack."""
    uses = scoped_loads(case.tree.scope(stream), {stream.id})
    return sum(not isinstance(case.tree.parent(use), ast.Attribute) for use in uses) > 1
