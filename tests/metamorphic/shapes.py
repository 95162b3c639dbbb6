"""The parts of a program that transformations work on."""

from __future__ import annotations

import ast
import builtins
from collections.abc import Callable, Iterator

PARSERS = frozenset(("loads", "validate_json", "model_validate_json", "parse_raw", "from_json"))
READS = frozenset(("recv", "read", "read1", "receive", "receive_some", "readany"))
Loop = ast.For | ast.AsyncFor
Function = ast.FunctionDef | ast.AsyncFunctionDef


def name(text: str) -> ast.Name:
    return ast.Name(text, ast.Load())


def expression(text: str, **holes: ast.expr) -> ast.expr:
    """Parse an expression in which names stand for other expressions."""
    return _Filled(holes).visit(ast.parse(text, mode="eval").body)


def statements(text: str, **holes: ast.expr) -> list[ast.stmt]:
    return [_Filled(holes).visit(statement) for statement in ast.parse(text).body]


class _Filled(ast.NodeTransformer):
    def __init__(self, holes: dict[str, ast.expr]) -> None:
        self.holes = holes

    def visit_Name(self, node: ast.Name) -> ast.expr:
        if isinstance(node.ctx, ast.Store):
            return node
        return self.holes.get(node.id, node)


def called(node: ast.AST) -> str:
    """Return the last name of a callee."""
    match node:
        case ast.Call(func=ast.Attribute(attr=last) | ast.Name(id=last)):
            return last
        case _:
            return ""


def is_parse(node: ast.AST) -> bool:
    return called(node) in PARSERS and bool(node.args) and not isinstance(node.args[0], ast.Starred)  # type: ignore[attr-defined]


def is_read(node: ast.AST) -> bool:
    return called(node) in READS and isinstance(node.func, ast.Attribute)  # type: ignore[attr-defined]


def is_source(node: ast.expr) -> bool:
    """Decide whether a loop iterates over more than pieces at hand, so that it may be a stream."""
    plain = isinstance(node, ast.Call) and called(node) in ("range", "enumerate", "zip", "iter", "split", "splitlines")
    return not plain and isinstance(node, ast.Call | ast.Await | ast.Name | ast.Attribute)


def blocks(tree: ast.AST) -> Iterator[list[ast.stmt]]:
    """Yield every list of statements."""
    for node in ast.walk(tree):
        for field in ("body", "orelse", "finalbody"):
            block = getattr(node, field, None)
            if isinstance(block, list) and block and isinstance(block[0], ast.stmt):
                yield block


def after_imports(tree: ast.Module) -> int:
    """Return the index for new definitions: behind the imports, or before the first other statement."""
    at = 0
    for place, statement in enumerate(tree.body):
        docstring = isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)
        if not docstring and not isinstance(statement, ast.Import | ast.ImportFrom):
            break
        at = place + 1
    return at


def define(tree: ast.Module, text: str) -> None:
    """Put definitions into a module."""
    at = after_imports(tree)
    tree.body[at:at] = ast.parse(text).body


def each_block(tree: ast.AST, change: Callable[[ast.stmt], list[ast.stmt] | None]) -> int:
    """Put other statements in the place of statements; gives how many were changed."""
    changed = 0
    for block in list(blocks(tree)):
        result: list[ast.stmt] = []
        for statement in block:
            made = change(statement)
            changed += made is not None
            result += [statement] if made is None else made
        block[:] = result
    return changed


def free_names(node: ast.AST, tree: ast.Module) -> list[str]:
    """Return the names in an expression that belong to the function around it."""
    outside = set(dir(builtins))
    for statement in tree.body:
        for inner in ast.walk(statement) if not isinstance(statement, Function | ast.ClassDef) else [statement]:
            match inner:
                case ast.Import(names=aliases) | ast.ImportFrom(names=aliases):
                    outside.update((alias.asname or alias.name).split(".")[0] for alias in aliases)
                case ast.FunctionDef(name=known) | ast.AsyncFunctionDef(name=known) | ast.ClassDef(name=known):
                    outside.add(known)
    found = [inner.id for inner in ast.walk(node) if isinstance(inner, ast.Name) and isinstance(inner.ctx, ast.Load)]
    return [known for known in dict.fromkeys(found) if known not in outside]


def holds(node: ast.AST, *kinds: type[ast.AST]) -> bool:
    return any(isinstance(inner, kinds) for inner in ast.walk(node))


def binds_in(node: ast.AST) -> bool:
    """Decide whether an expression binds names of its own, or awaits: it cannot move into another function as it is."""
    return holds(node, ast.NamedExpr, ast.Await, ast.Yield, ast.YieldFrom, ast.Lambda, ast.comprehension)
