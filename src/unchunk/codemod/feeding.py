"""Decoders fed with pieces: what was done once a piece is done once a value, never or often."""

from __future__ import annotations

import ast

from unchunk.codemod.edits import Edit, Position, Refusal, Replace, WrapFollowing, position_of
from unchunk.codemod.rewrite_site import RewriteSite
from unchunk.codemod.syntax import Loop, has, jumps, loads


def found_in(case: RewriteSite, outer: ast.AST) -> tuple[str | None, list[ast.stmt]] | Refusal:
    """Return the name that the parse statement binds (None if it does more), and what follows it in its block.

    `outer` is the loop or function that is gone through once a piece.
    Refuses where doing that once a value, rather than once a piece, would be something else.
    """
    site = case.site
    if not case.parses_in(outer):
        return Refusal("the piece is parsed in a function that knows nothing of the loop")
    statement = case.tree.statement(site.parse)
    bound = None
    match statement:
        case ast.Assign(targets=[ast.Name(id=name)], value=value) if value is site.parse:
            bound = name
        case ast.Expr() | ast.Assign() | ast.AugAssign():
            pass
        case _:
            return Refusal("the piece is parsed inside of a statement that cannot be repeated for each value")
    if _is_in_expression_of_its_own(case, statement):
        return Refusal("the piece is parsed in an expression of its own")
    if isinstance(site.parse, ast.Call) and (len(site.parse.args) != 1 or site.parse.keywords):
        return Refusal("the parser is given arguments of its own")
    rest = case.tree.after(statement)
    repeated = [*rest, *([] if bound else [statement])]
    if jumps(repeated, ast.Break) or has(repeated, ast.Return):
        return Refusal("the first value ends what is done, and later ones of the same piece would be lost")
    if jumps(repeated, ast.Continue) and not _is_tail(case, statement, outer):
        return Refusal("what follows is skipped for some values, but is done once a piece")
    for node in case.tree.above(statement):
        if node is outer:
            break
        if isinstance(node, (ast.For, ast.AsyncFor, ast.While)):
            return Refusal("the piece is parsed in a loop of its own")
    if bound is not None and _is_read_outside(case, bound, rest, outer):
        return Refusal(f"`{bound}` is used where no value may have come yet")
    return bound, rest


def enclosing(
    case: RewriteSite, statement: ast.stmt, bound: str | None, values: str, holes: tuple[Position, ...]
) -> list[Edit]:
    """Wrap the statement (if it does more than assign the value) and what follows it into a loop over `values`."""
    if bound is not None:
        return [WrapFollowing(position_of(statement), f"for {bound} in {values}:", holes)]
    name = case.free_name("data", "message", "value")
    return [
        WrapFollowing(position_of(statement), f"for {name} in {values}:", holes, keep=True),
        Replace(position_of(case.site.parse), name),
    ]


def _is_read_outside(case: RewriteSite, name: str, rest: list[ast.stmt], outer: ast.AST) -> bool:
    """Decide whether a value is read where the last piece may have brought none; behind a loop it is the last one of
    all.
    """
    scope = case.tree.scope(case.site.parse)
    inside = {id(node) for node in loads(rest, {name})}
    once = isinstance(outer, Loop) and not any(isinstance(node, Loop) for node in case.tree.above(outer))
    behind = (outer.end_lineno or 0) if once and isinstance(outer, ast.stmt) else None
    others = [node for node in loads(scope, {name}) if id(node) not in inside]
    return any(behind is None or node.lineno <= behind or case.tree.scope(node) is not scope for node in others)


def _is_tail(case: RewriteSite, statement: ast.stmt, outer: ast.AST) -> bool:
    """Decide whether nothing follows the statement's block in the body of the loop or function."""
    for node in case.tree.above(statement):
        if node is outer:
            return True
        if isinstance(node, ast.stmt) and case.tree.after(node):
            return False
    return True


def _is_in_expression_of_its_own(case: RewriteSite, statement: ast.stmt) -> bool:
    for node in case.tree.above(case.site.parse):
        if node is statement:
            return False
        if isinstance(node, (ast.Lambda, ast.GeneratorExp, ast.ListComp, ast.SetComp, ast.DictComp)):
            return True
    return True
