"""Pieces that are split into lines by hand, the empty rest included: one loop over values instead of the two loops.

`rechunk` does not help where the rest behind the last line end, which is empty, goes to the parser, too.
"""

from __future__ import annotations

import ast

from unchunk.analysis.findings import Applicability, Framing
from unchunk.codemod.case import Case
from unchunk.codemod.edits import Delete, Edit, Fix, Refusal, Replace, Unwrap, place
from unchunk.codemod.parsers import loads_argument
from unchunk.codemod.strategies.values import value_name
from unchunk.codemod.streams import stream_of
from unchunk.codemod.subsume import LONGEST_DEDENT, assigned, is_about, is_subsumed, subsume
from unchunk.codemod.syntax import jumps
from unchunk.codemod.units import splits_lines

PRIORITY = 55


def propose(case: Case) -> Fix | Refusal | None:
    loop = case.loop
    if loop is None or loop.orelse or case.name is None or case.findings[0].framing is not Framing.CHUNK:
        return None
    *before, last = loop.body
    names = {case.name}
    for statement in before:
        if not is_subsumed(statement, names):
            return None
        names |= assigned(statement)
    match last:
        case ast.For(target=ast.Name(id=line), iter=lines, orelse=[], body=body) if is_about(lines, names):
            pass
        case _:
            return None
    if not splits_lines(case) or jumps(body, ast.Break) or len(case.sites) != 1:
        return None
    if (body[-1].end_lineno or 0) - body[0].lineno >= LONGEST_DEDENT:
        return None
    stream = stream_of(case)
    if isinstance(stream, Refusal) or not stream.at_loop or stream.edits:
        return None
    found = subsume(case, body, {*names, line}, [*before, lines])
    parser = loads_argument(case, 1)
    if isinstance(found, Refusal) or isinstance(parser, Refusal):
        return None
    helper = "aiter_json" if case.is_async else "iter_json"
    edits: list[Edit] = [stream.wrapped(helper, parser[0], *parser[1]), *found.edits]
    edits += [Delete(place(statement)) for statement in before]
    name = found.bound or value_name(case, line)
    edits += [Unwrap(place(last), place(last)), Replace(place(loop.target), name)]
    edits.append(Delete(place(found.statement)) if found.bound else Replace(place(case.site.parse), name))
    return Fix("flattened", Applicability.SAFE, tuple(edits), (helper,))
