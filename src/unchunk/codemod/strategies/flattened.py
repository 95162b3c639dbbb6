"""Pieces split into lines by hand, the empty rest included: one loop over values instead of two loops.

`rechunk` does not help where the rest behind the last line end, which is empty, goes to the parser, too.
"""

from __future__ import annotations

import ast

from unchunk.analysis.findings import Applicability, Framing
from unchunk.codemod.boundary_search import splits_lines
from unchunk.codemod.edits import Delete, Edit, Fix, Refusal, Replace, Unwrap, position_of
from unchunk.codemod.parsers import loads_argument
from unchunk.codemod.rewrite_site import RewriteSite
from unchunk.codemod.strategies.values import value_name
from unchunk.codemod.strippable import MAX_DEDENT, assigned, is_about, is_strippable, strip
from unchunk.codemod.syntax import jumps
from unchunk.codemod.wrap_targets import wrap_target_of

PRIORITY = 55


def propose(case: RewriteSite) -> Fix | Refusal | None:
    loop = case.loop
    if loop is None or loop.orelse or case.name is None or case.findings[0].framing is not Framing.CHUNK:
        return None
    *before, last = loop.body
    names = {case.name}
    for statement in before:
        if not is_strippable(statement, names):
            return None
        names |= assigned(statement)
    match last:
        case ast.For(target=ast.Name(id=line), iter=lines, orelse=[], body=body) if is_about(lines, names):
            pass
        case _:
            return None
    if not splits_lines(case) or jumps(body, ast.Break) or len(case.sites) != 1:
        return None
    if (body[-1].end_lineno or 0) - body[0].lineno >= MAX_DEDENT:
        return None
    stream = wrap_target_of(case)
    if isinstance(stream, Refusal) or not stream.at_loop or stream.edits:
        return None
    found = strip(case, body, {*names, line}, [*before, lines])
    parser = loads_argument(case, 1)
    if isinstance(found, Refusal) or isinstance(parser, Refusal):
        return None
    helper = "aiter_json" if case.is_async else "iter_json"
    edits: list[Edit] = [stream.wrapped(helper, parser[0], *parser[1]), *found.edits]
    edits += [Delete(position_of(statement)) for statement in before]
    name = found.bound or value_name(case, line)
    edits += [Unwrap(position_of(last), position_of(last)), Replace(position_of(loop.target), name)]
    edits.append(Delete(position_of(found.statement)) if found.bound else Replace(position_of(case.site.parse), name))
    return Fix("flattened", Applicability.SAFE, tuple(edits), (helper,))
