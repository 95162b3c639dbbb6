"""Whole values: the loop yields them, `for data in iter_json(response.iter_content(None)):`.

For loops whose step is there to be parsed and for nothing else. What decodes, strips, cuts prefixes off and tests for
blanks and `[DONE]` vanishes with the parse call.
"""

from __future__ import annotations

import ast
from dataclasses import replace

from unchunk.analysis.findings import Applicability, Framing
from unchunk.codemod.edits import Delete, Edit, Fix, Refusal, Replace, position_of
from unchunk.codemod.parsers import loads_argument
from unchunk.codemod.rewrite_site import RewriteSite
from unchunk.codemod.strippable import Stripped, strip
from unchunk.codemod.wrap_targets import wrap_target_of

PRIORITY = 10


def propose(case: RewriteSite) -> Fix | Refusal | None:
    loop = case.loop
    if loop is None or case.findings[0].framing not in (Framing.CHUNK, Framing.OBJECT):
        return None
    stream = wrap_target_of(case)
    if isinstance(stream, Refusal):
        return stream
    if not stream.at_loop:
        return Refusal("the stream is made in another place than it is read")
    if case.name is None:
        return Refusal("a step has no name")
    found = strip(case, loop.body, {case.name})
    if isinstance(found, Refusal):
        return found
    if found.tests and case.counts:
        return Refusal("pieces that hold no value are counted, too")
    if loop.orelse and found.leaves:
        return Refusal("the `else` of the loop tells a stream that ends from one that says `[DONE]`")
    parser = loads_argument(case, 1)
    if isinstance(parser, Refusal):
        return parser
    helper = "aiter_json" if case.is_async else "iter_json"
    edits = [stream.wrapped(helper, parser[0], *parser[1]), *found.edits]
    edits += value_edits(case, found, [*stream.edits])
    return Fix("values", Applicability.SAFE, tuple(edits), (helper,))


_RAW = frozenset(
    (
        *(
            "b",
            "block",
            "buf",
            "buffer",
            "byte",
            "bytes",
            "byts",
            "c",
            "chunk",
            "chunks",
            "content",
            "frag",
            "fragment",
        ),
        *("line", "packet", "part", "piece", "raw", "segment", "str", "string", "text"),
    )
)
"""Words in the names of pieces, which no value may go by."""


def value_name(case: RewriteSite, step: str) -> str:
    """Name a value that the program does not name: like the step, unless that name says that it was a piece."""
    if _RAW.isdisjoint(step.lower().split("_")):
        return step
    return case.free_name("data", "message", "value")


def value_edits(case: RewriteSite, found: Stripped, renamed: list[Edit]) -> list[Edit]:
    """Bind the value in the body: to the name it is assigned to, or else to that of the step.

    `renamed` is what is done to the loop's target anyway.
    """
    target = case.target
    assert isinstance(target, ast.expr)
    if found.bound is None:
        name = value_name(case, str(case.name))
        if name != case.name and not renamed:
            renamed = [Replace(position_of(target), name)]
        renamed = [replace(edit, template=name) if isinstance(edit, Replace) else edit for edit in renamed]
        return [*renamed, Replace(position_of(case.site.parse), name)]
    gone = Delete(position_of(found.statement))
    if found.bound == case.name:
        return [*renamed, gone]
    if renamed:
        return [gone, *(replace(edit, template=found.bound) for edit in renamed if isinstance(edit, Replace))]
    return [gone, Replace(position_of(target), found.bound)]
