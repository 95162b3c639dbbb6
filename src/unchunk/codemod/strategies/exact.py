"""A read of a length that was told before reads all of it: `await reader.readexactly(length)`.

Only readers that have such a method are mended; what a socket still owes takes a loop, which is the program's to write.
"""

from __future__ import annotations

import ast

from unchunk.analysis.findings import Applicability, Framing
from unchunk.codemod.case import Case
from unchunk.codemod.edits import Fix, Refusal, Replace, place
from unchunk.codemod.syntax import scoped_loads

PRIORITY = 1
EARLY_END = "a stream that ends within that length raises `asyncio.IncompleteReadError`, where the parser raised"
NO_METHOD = "a read of an announced length has to go on until that many bytes have come: that takes a loop"


def propose(case: Case) -> Fix | Refusal | None:
    if not any(site.announced for site in case.sites):
        return None
    step = case.site.step
    if case.findings[0].framing is not Framing.CHUNK or not case.findings[0].source_name.startswith("asyncio Stream"):
        return Refusal(NO_METHOD, final=True)
    match step:
        case ast.Call(func=ast.Attribute(value=reader, attr="read"), args=[length], keywords=[]):
            pass
        case _:
            return Refusal(NO_METHOD, final=True)
    if _is_tested(case, step):
        return Refusal("an empty read tells the end of the stream, which `readexactly` tells by an error", final=True)
    edit = Replace(place(step), "{0}.readexactly({1})", (place(reader), place(length)))
    return Fix("exact", Applicability.UNSAFE, (edit,), (), note=EARLY_END)


def _is_tested(case: Case, step: ast.expr) -> bool:
    """Whether a test asks what was read, such as whether it is empty."""
    names = list(scoped_loads(case.tree.scope(step), case.bound_names))
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
