"""Reads of an announced length: all of it is read, by `await reader.readexactly(length)`.

Only readers that have such a method are mended; what a socket still owes takes a loop, which is the program's to write.
"""

from __future__ import annotations

import ast

from unchunk.analysis.findings import Applicability, Framing
from unchunk.codemod.edits import Attempt, Edit, Fix, Refusal, Replace, position_of
from unchunk.codemod.rewrite_site import RewriteSite
from unchunk.codemod.syntax import scoped_loads, walk

PRIORITY = 1
EARLY_END = "a stream that ends within that length raises `asyncio.IncompleteReadError`, where the parser raised"
NO_METHOD = "a read of an announced length has to go on until that many bytes have come: that takes a loop"


def propose(case: RewriteSite) -> Fix | Refusal | None:
    if not any(site.announced for site in case.sites):
        return None
    step = case.site.step
    if case.findings[0].framing is not Framing.CHUNK or not case.findings[0].source_name.startswith("asyncio Stream"):
        return Refusal(NO_METHOD, final=True)
    if not isinstance(step, ast.expr) or (reader := _reader(step)) is None:
        return Refusal(NO_METHOD, final=True)
    edits: list[Edit] = []
    sure = True
    for read in [step, *_heads(case, step, reader)]:
        found = _exactly(case, read)
        if isinstance(found, Refusal):
            return found
        edits += found
        sure = sure and len(found) > 1
    applicability = Applicability.SAFE if sure else Applicability.UNSAFE
    return Fix("exact", applicability, tuple(edits), (), note="" if sure else EARLY_END)


def _reader(read: ast.AST) -> ast.expr | None:
    match read:
        case ast.Call(func=ast.Attribute(value=reader, attr="read"), args=[_], keywords=[]):
            return reader
    return None


def _heads(case: RewriteSite, step: ast.expr, reader: ast.expr) -> list[ast.Call]:
    """Return the reads of a fixed length from the same reader, such as those of the length: they may be cut, too."""
    found = []
    for node in walk(case.tree.scope(step)):
        match node:
            case ast.Call(args=[ast.Constant(value=int())]) as read if node is not step and (
                (other := _reader(read)) is not None and ast.dump(other) == ast.dump(reader)
            ):
                found.append(read)
    return found


def _exactly(case: RewriteSite, read: ast.expr) -> list[Edit] | Refusal:
    """Read all of it; where the program tests what has come, give it what came before the end of the stream."""
    assert isinstance(read, ast.Call)
    assert isinstance(read.func, ast.Attribute)
    whole = Replace(
        position_of(read), "{0}.readexactly({1})", (position_of(read.func.value), position_of(read.args[0]))
    )
    statement = case.tree.statement(read)
    around = case.read if read is case.site.step else case.tree.parent(read)
    match statement:
        case ast.Assign(targets=[ast.Name(id=name)], value=value) if value is around:
            names = {name}
        case _:
            names = case.bound_names if read is case.site.step else set()
    if not _is_tested(case, read, names):
        return [whole]
    if not isinstance(statement, ast.Assign) or statement.value is not around or not _knows_asyncio(case):
        return Refusal("an empty read tells the end of the stream, which `readexactly` tells by an error", final=True)
    error = case.free_name("error", "early_end")
    handler = f"except asyncio.IncompleteReadError as {error}:"
    return [whole, Attempt(position_of(statement), handler, f"{min(names)} = {error}.partial")]


def _knows_asyncio(case: RewriteSite) -> bool:
    """Decide whether `asyncio` is the module of that name."""
    imports = [node for node in walk(case.tree.module) if isinstance(node, ast.Import)]
    return any(alias.name == "asyncio" and alias.asname is None for node in imports for alias in node.names)


def _is_tested(case: RewriteSite, step: ast.expr, bound: set[str]) -> bool:
    """Decide whether a test asks what was read, such as whether it is empty."""
    names = list(scoped_loads(case.tree.scope(step), bound))
    for node in (step, *names):
        below: ast.AST = node
        for above in case.tree.above(node):
            match above:
                case ast.If(test=test) | ast.While(test=test) | ast.IfExp(test=test) | ast.Assert(test=test):
                    if test is below:
                        return True
                case ast.BoolOp() | ast.Compare() | ast.UnaryOp():
                    return True
                case ast.stmt():
                    break
            below = above
    return False
