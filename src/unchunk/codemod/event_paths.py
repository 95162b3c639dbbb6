"""Paths in an SDK's event: how code spells the path of the text, and what tests ask about it."""

from __future__ import annotations

import ast
import copy
from itertools import takewhile
from typing import TypeAlias

from unchunk.codemod.rewrite_site import RewriteSite
from unchunk.codemod.symbolic.values import METHODS
from unchunk.codemod.syntax import Tree, target_names, walk

Stepping: TypeAlias = ast.For | ast.AsyncFor


def event_loop(case: RewriteSite) -> Stepping | None:
    """Return the loop over events: the outermost one whose steps the fragment is taken from."""
    site = case.site
    found: Stepping | None = case.loop
    wanted = {node.id for node in ast.walk(site.argument) if isinstance(node, ast.Name)} if site.argument else set()
    around = case.tree.above(case.call)
    if found is not None and not case.tree.inside(case.call, found):  # it is parsed in a function
        around = iter((found, *case.tree.above(found)))
    for node in around:
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            break
        if not isinstance(node, (ast.For, ast.AsyncFor)):
            continue
        made = target_names(node.target) | {
            name.id
            for name in walk(node.body)
            if isinstance(name, ast.Name) and isinstance(name.ctx, ast.Store) and not _is_within(case, name, found)
        }
        if node is found or (wanted & made and (found is None or case.tree.inside(found, node))):
            found = node
            wanted |= {name.id for name in ast.walk(node.iter) if isinstance(name, ast.Name)}
    return found


def _is_within(case: RewriteSite, node: ast.AST, loop: Stepping | None) -> bool:
    return loop is not None and case.tree.inside(node, loop)


def path_around(tree: Tree, event: ast.Name) -> ast.expr:
    """Return the whole path that begins with a name: `event.delta.text`."""
    found: ast.expr = event
    for node in tree.above(event):
        if not isinstance(node, (ast.Attribute, ast.Subscript, ast.Call)) or not is_path(node):
            break
        called = tree.parent(node)
        if isinstance(called, ast.Call) and called.func is node:
            if not is_path(called) or stripped(called) is not called:
                break
            continue
        found = node
    return found


def text_of(case: RewriteSite) -> ast.expr | None:
    """Return the fragment's path from the event, without its default; None where it is passed on."""
    argument = case.site.argument
    loop = event_loop(case)
    if argument is None or loop is None or not case.parses_in(loop):
        return None
    return base(spelt_out(_unchanged(argument), spellings(case, loop)))


def _unchanged(node: ast.expr) -> ast.expr:
    """Return the text that another is derived from by methods and slices."""
    match node:
        case ast.Call(func=ast.Attribute(value=value, attr=name)) if name in METHODS[str]:
            return _unchanged(value)
        case ast.Call(func=ast.Attribute(value=ast.Name(id="re"), attr="sub"), args=[_, _, value]):
            return _unchanged(value)
        case ast.Subscript(value=value, slice=ast.Slice()):
            return _unchanged(value)
        case ast.Subscript(value=ast.Call(func=ast.Attribute(value=value, attr="split" | "partition"))):
            return _unchanged(value)
    return node


def spellings(case: RewriteSite, loop: Stepping) -> dict[str, ast.expr]:
    """Return the names bound to paths in an event on its way to the parser, spelt out."""
    known: dict[str, ast.expr] = {}
    around = {loop, *takewhile(lambda node: node is not loop, case.tree.above(case.call))}
    for node in walk(loop.body):
        if case.tree.parent(case.tree.statement(node)) not in around:
            continue
        match node:
            case (
                ast.Assign(targets=[ast.Name(id=name)], value=value)
                | ast.NamedExpr(target=ast.Name(id=name), value=value)
            ) if is_path(value):
                known[name] = spelt_out(value, known)
    return known


def spelt_out(node: ast.expr, known: dict[str, ast.expr]) -> ast.expr:
    return _Speller(known).visit(copy.deepcopy(node)) if known else node


class _Speller(ast.NodeTransformer):
    def __init__(self, known: dict[str, ast.expr]) -> None:
        self.known = known

    def visit_Name(self, node: ast.Name) -> ast.expr:
        return self.known.get(node.id, node)

    def visit_NamedExpr(self, node: ast.NamedExpr) -> ast.expr:
        made: ast.expr = self.visit(node.value)
        return made


def base(node: ast.expr) -> ast.expr:
    """Return a path in the event without `… or ""` and `.strip()`, which turn nothing into nothing."""
    match node:
        case ast.BoolOp(op=ast.Or(), values=[value, other]) if _is_nothing(other):
            return base(value)
        case ast.Call(func=ast.Attribute(value=value, attr="strip"), args=[], keywords=[]):
            return base(value)
    return node


def same(one: ast.expr, other: ast.expr) -> bool:
    return ast.dump(one) == ast.dump(other)


def holds(node: ast.AST, text: ast.expr) -> bool:
    """Decide whether a spelt-out expression reads the text."""
    wanted = ast.dump(text)
    return any(ast.dump(part) == wanted for part in ast.walk(node) if isinstance(part, type(text)))


def asks_for_text(test: ast.expr, text: ast.expr) -> bool:
    """Decide whether a spelt-out test asks only whether there is text: `content`, `content is not None`."""
    match test:
        case ast.UnaryOp(op=ast.Not(), operand=inner):
            return asks_for_text(inner, text)
        case ast.Compare(
            left=left,
            ops=[ast.IsNot() | ast.Is() | ast.NotEq() | ast.Eq()],
            comparators=[ast.Constant(value=None | "")],
        ):
            return same(base(left), text)
        case ast.Call(func=ast.Name(id="isinstance"), args=[asked, ast.Name(id="str")]):
            return same(base(asked), text)
    return same(base(test), text)


def is_path(node: ast.expr) -> bool:
    """Decide whether an expression is a path in the event, or an empty default: `event.delta.text`, `event["text"]`, `…
    or ""`.
    """
    match stripped(node):
        case ast.Name():
            return True
        case ast.Attribute(value=value) | ast.Subscript(value=value, slice=ast.Constant() | ast.UnaryOp()):
            return is_path(value)
        case ast.Call(func=ast.Attribute(value=value, attr="get"), args=[ast.Constant(), *rest]):
            return is_path(value) and all(_is_nothing(argument) for argument in rest)
        case ast.Call(func=ast.Attribute(value=value, attr="model_dump" | "to_dict" | "dict"), args=[], keywords=[]):
            return is_path(value)
        case ast.BoolOp(op=ast.Or(), values=[value, other]):
            return is_path(value) and _is_nothing(other)
    return False


def _is_nothing(node: ast.expr) -> bool:
    """Decide whether a default is empty for the helper: None, an empty string, an empty collection that is indexed."""
    match node:
        case ast.Constant(value=None | ""):
            return True
        case ast.Dict(keys=[]) | ast.List(elts=[]) | ast.Tuple(elts=[]):
            return True
        case ast.List(elts=[ast.Dict(keys=[])]):
            return True
    return False


def stripped(node: ast.expr) -> ast.expr:
    """Return an expression without `.strip()`: blanks around a document do not matter."""
    match node:
        case ast.Call(func=ast.Attribute(value=value, attr="strip"), args=[], keywords=[]):
            return stripped(value)
    return node
