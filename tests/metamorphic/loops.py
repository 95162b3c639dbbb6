"""Loops in another form: `while` and `next`, a walrus, a comprehension, `map`; a generator or a class around."""

from __future__ import annotations

import ast

from .marks import move_mark
from .shapes import Loop, define, each_block, expression, holds, is_source, name, statements


def _is_plain(statement: ast.stmt) -> bool:
    return isinstance(statement, Loop) and not statement.orelse and is_source(statement.iter)


def while_next(tree: ast.Module) -> bool:
    """`while True: try: chunk = next(chunks) …`."""
    count = 0

    def change(statement: ast.stmt) -> list[ast.stmt] | None:
        nonlocal count
        if not _is_plain(statement) or not isinstance(statement, ast.For):
            return None
        count += 1
        steps = f"steps{count}"
        made = statements(
            f"{steps} = iter(ITER)\nwhile True:\n    try:\n        target = next({steps})\n"
            "    except StopIteration:\n        break",
            ITER=statement.iter,
        )
        loop = made[1]
        assert isinstance(loop, ast.While)
        attempt = loop.body[0]
        assert isinstance(attempt, ast.Try)
        assert isinstance(attempt.body[0], ast.Assign)
        attempt.body[0].targets = [statement.target]
        loop.body += statement.body
        return made

    return each_block(tree, change) > 0


def walrus_next(tree: ast.Module) -> bool:
    """`while (chunk := next(chunks, None)) is not None`."""
    count = 0

    def change(statement: ast.stmt) -> list[ast.stmt] | None:
        nonlocal count
        if not _is_plain(statement) or not isinstance(statement, ast.For) or not isinstance(statement.target, ast.Name):
            return None
        count += 1
        steps, target = f"steps{count}", statement.target.id
        made = statements(
            f"{steps} = iter(ITER)\nwhile ({target} := next({steps}, None)) is not None:\n    pass", ITER=statement.iter
        )
        assert isinstance(made[1], ast.While)
        made[1].body = statement.body
        return made

    return each_block(tree, change) > 0


def comprehended(tree: ast.Module) -> bool:
    """Turn a loop whose body is one expression into a list; one that yields, into a generator expression."""

    def change(statement: ast.stmt) -> list[ast.stmt] | None:
        if not _is_plain(statement):
            return None
        match statement:
            case ast.For(target=target, iter=steps, body=[ast.Expr(value=ast.Yield(value=ast.expr() as value))]):
                generator = ast.GeneratorExp(value, [ast.comprehension(target, steps, [], 0)])
                return [ast.Expr(ast.YieldFrom(generator))]
            case (
                ast.For(target=target, iter=steps, body=[ast.Expr(value=value)])
                | ast.AsyncFor(target=target, iter=steps, body=[ast.Expr(value=value)])
            ) if not holds(value, ast.Yield, ast.YieldFrom, ast.Await):
                kind = int(isinstance(statement, ast.AsyncFor))
                return [ast.Expr(ast.ListComp(value, [ast.comprehension(target, steps, [], kind)]))]
            case _:
                return None

    return each_block(tree, change) > 0


def mapped(tree: ast.Module) -> bool:
    """Turn a loop whose body is one expression into a `map` over the steps."""

    def change(statement: ast.stmt) -> list[ast.stmt] | None:
        if not _is_plain(statement):
            return None
        match statement:
            case ast.For(target=ast.Name(id=target), iter=steps, body=[ast.Expr(value=value)]) if not holds(
                value, ast.Yield, ast.YieldFrom, ast.Await, ast.NamedExpr
            ):
                return statements(f"for _ in map(lambda {target}: VALUE, STEPS): pass", VALUE=value, STEPS=steps)
            case _:
                return None

    return each_block(tree, change) > 0


def while_walrus_apart(tree: ast.Module) -> bool:
    """`while chunk := read()` reads at the beginning of every round."""

    def change(statement: ast.stmt) -> list[ast.stmt] | None:
        match statement:
            case ast.While(test=ast.NamedExpr(target=target, value=value), orelse=[]):
                made = statements("target = VALUE\nif not NAME: break", VALUE=value, NAME=name(target.id))
                assert isinstance(made[0], ast.Assign)
                made[0].targets = [ast.Name(target.id, ast.Store())]
                return [ast.While(ast.Constant(True), [*made, *statement.body], [])]
            case _:
                return None

    return each_block(tree, change) > 0


def primed(tree: ast.Module) -> bool:
    """`while chunk := read()` reads in front of the loop, and at the end of every round."""

    def change(statement: ast.stmt) -> list[ast.stmt] | None:
        match statement:
            case ast.While(test=ast.NamedExpr(target=target, value=value), orelse=[]) if not holds(
                statement, ast.Continue
            ):
                first, again = (ast.Assign([ast.Name(target.id, ast.Store())], value, lineno=0) for _ in range(2))
                return [first, ast.While(name(target.id), [*statement.body, again], [])]
            case _:
                return None

    return each_block(tree, change) > 0


def iter_sentinel(tree: ast.Module) -> bool:
    """`while chunk := connection.recv(n)` goes over `iter(lambda: …, b"")`."""

    def change(statement: ast.stmt) -> list[ast.stmt] | None:
        match statement:
            case ast.While(
                test=ast.NamedExpr(target=target, value=ast.Call(func=ast.Attribute(attr="recv"), args=[_]) as value),
                orelse=[],
            ):
                made = statements(f"for {target.id} in iter(lambda: VALUE, b''): pass", VALUE=value)
                assert isinstance(made[0], ast.For)
                made[0].body = statement.body
                return made
            case _:
                return None

    return each_block(tree, change) > 0


def generator_around(tree: ast.Module) -> bool:
    """Pass the steps through a generator."""
    return _around(tree, "each", "aeach", _GENERATORS)


def class_around(tree: ast.Module) -> bool:
    """Pass the steps through an object that keeps the iterable."""
    return _around(tree, "EachN", "AEachN", _CLASSES, apart=True)


_GENERATORS = """
def each(items):
    for item in items:
        yield item

async def aeach(items):
    async for item in items:
        yield item
"""
_CLASSES = """
class EachN:
    def __init__(self, items):
        self.items = items

    def __iter__(self):
        for item in self.items:
            yield item

class AEachN:
    def __init__(self, items):
        self.items = items

    async def __aiter__(self):
        async for item in self.items:
            yield item
"""


def _around(tree: ast.Module, plain: str, asynchronous: str, definitions: str, *, apart: bool = False) -> bool:
    numbers: list[str] = []

    def change(statement: ast.stmt) -> list[ast.stmt] | None:
        if not isinstance(statement, Loop) or not is_source(statement.iter):
            return None
        numbers.append(str(len(numbers) + 1))
        kind = plain if isinstance(statement, ast.For) else asynchronous
        statement.iter = ast.Call(name(kind.replace("N", numbers[-1])), [statement.iter], [])
        return [statement]

    each_block(tree, change)
    for number in numbers if apart else numbers[:1]:
        define(tree, definitions.replace("EachN", f"Each{number}"))
    return bool(numbers)


def asynchronous(tree: ast.Module) -> bool:
    """Functions that nothing in the program calls are coroutines, or asynchronous generators."""
    used = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    changed = False
    for place, statement in enumerate(tree.body):
        if isinstance(statement, ast.FunctionDef) and statement.name not in used and not statement.decorator_list:
            if holds(statement, ast.YieldFrom):
                continue
            changed = True
            fields = {field: getattr(statement, field) for field in statement._fields}
            tree.body[place] = ast.AsyncFunctionDef(**fields, lineno=0)
    return changed


def awaited(tree: ast.Module) -> bool:
    """In coroutines, what is parsed comes out of another one."""
    from .shapes import is_parse

    count = 0

    class Pieces(ast.NodeTransformer):
        def visit_Call(self, node: ast.Call) -> ast.AST:
            nonlocal count
            self.generic_visit(node)
            if is_parse(node):
                count += 1
                node.args[0] = expression("await later(VALUE)", VALUE=node.args[0])
            return node

        def visit_Lambda(self, node: ast.Lambda) -> ast.AST:
            return node

        def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
            return node

        visit_GeneratorExp = visit_Lambda  # type: ignore[assignment]

    for function in ast.walk(tree):
        if isinstance(function, ast.AsyncFunctionDef):
            function.body = [Pieces().visit(statement) for statement in function.body]
    if count:
        define(tree, "async def later(value):\n    return value")
    return count > 0


__all__ = ["move_mark"]
