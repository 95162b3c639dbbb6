"""A decoder that is fed with pieces: what used to be done once a piece is done once a value, never or often."""

from __future__ import annotations

import ast

from unchunk.codemod.case import Case
from unchunk.codemod.edits import Edit, Enclose, Place, Refusal, Replace, place
from unchunk.codemod.syntax import Loop, has, jumps, loads


def found_in(case: Case, outer: ast.AST) -> tuple[str | None, list[ast.stmt]] | Refusal:
    """The name that the parse statement gives the value (None if it does more), and what follows it in its block.

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


def enclosing(case: Case, statement: ast.stmt, bound: str | None, values: str, holes: tuple[Place, ...]) -> list[Edit]:
    """Put the statement (if it does more than assign the value) and what follows it into a loop over `values`."""
    if bound is not None:
        return [Enclose(place(statement), f"for {bound} in {values}:", holes)]
    name = case.free_name("data", "message", "value")
    return [
        Enclose(place(statement), f"for {name} in {values}:", holes, keep=True),
        Replace(place(case.site.parse), name),
    ]


def _is_read_outside(case: Case, name: str, rest: list[ast.stmt], outer: ast.AST) -> bool:
    """Whether a value is read where the last piece may have brought none; behind a loop it is the last one of all."""
    scope = case.tree.scope(case.site.parse)
    inside = {id(node) for node in loads(rest, {name})}
    once = isinstance(outer, Loop) and not any(isinstance(node, Loop) for node in case.tree.above(outer))
    behind = (outer.end_lineno or 0) if once and isinstance(outer, ast.stmt) else None
    others = [node for node in loads(scope, {name}) if id(node) not in inside]
    return any(behind is None or node.lineno <= behind or case.tree.scope(node) is not scope for node in others)


def _is_tail(case: Case, statement: ast.stmt, outer: ast.AST) -> bool:
    """Whether nothing follows the statement's block in the body of the loop or function."""
    for node in case.tree.above(statement):
        if node is outer:
            return True
        if isinstance(node, ast.stmt) and case.tree.after(node):
            return False
    return True


def _is_in_expression_of_its_own(case: Case, statement: ast.stmt) -> bool:
    for node in case.tree.above(case.site.parse):
        if node is statement:
            return False
        if isinstance(node, (ast.Lambda, ast.GeneratorExp, ast.ListComp, ast.SetComp, ast.DictComp)):
            return True
    return True
