"""Comprehensions, generator expressions and `map` over a stream: `list(iter_json(response.iter_content(None)))`."""

from __future__ import annotations

import ast

from unchunk.analysis.findings import Applicability, Framing
from unchunk.codemod.edits import Fix, Refusal, Replace, position_of
from unchunk.codemod.parsers import loads_argument
from unchunk.codemod.rewrite_site import RewriteSite
from unchunk.codemod.strategies.values import value_name
from unchunk.codemod.strippable import strip_expression
from unchunk.codemod.wrap_targets import wrap_target_of

PRIORITY = 11


def propose(case: RewriteSite) -> Fix | Refusal | None:
    if case.findings[0].framing not in (Framing.CHUNK, Framing.OBJECT):
        return None
    if isinstance(case.site.producer, ast.comprehension):
        return _comprehension(case, case.site.producer)
    match case.site.parse:
        case ast.Call(func=ast.Name(id="map"), args=[ast.Name() | ast.Attribute(), _]) as call if (
            case.site.argument is None and not isinstance(case.site.producer, ast.stmt)
        ):
            return _map(case, call)
    return None


def _map(case: RewriteSite, call: ast.Call) -> Fix | Refusal:
    stream = wrap_target_of(case)
    if isinstance(stream, Refusal):
        return stream
    if stream.node is not call.args[1]:
        return Refusal("the stream is made in another place than it is read")
    parser = loads_argument(case, 1)
    if isinstance(parser, Refusal):
        return parser
    edit = Replace(position_of(call), f"iter_json({{0}}{parser[0]})", (*stream.holes, *parser[1]))
    return Fix("comprehensions", Applicability.SAFE, (edit,), ("iter_json",))


def _comprehension(case: RewriteSite, generator: ast.comprehension) -> Fix | Refusal:
    owner = case.tree.parent(generator)
    if not isinstance(owner, (ast.ListComp, ast.SetComp, ast.GeneratorExp)) or len(owner.generators) != 1:
        return Refusal("the comprehension has more than one loop")
    if not case.parses_in(owner):
        return Refusal("the piece is parsed in a function that is called")
    stream = wrap_target_of(case)
    if isinstance(stream, Refusal):
        return stream
    if not stream.at_loop or stream.edits or case.name is None:
        return Refusal("the stream is made in another place than it is read")
    if isinstance(refusal := strip_expression(case, owner.elt, generator.ifs), Refusal):
        return refusal
    parser = loads_argument(case, 1)
    if isinstance(parser, Refusal):
        return parser
    helper = "aiter_json" if case.is_async else "iter_json"
    wrap = stream.wrapped(helper, parser[0], *parser[1])
    if owner.elt is case.site.parse and stream.node is generator.iter and not case.is_async:
        edits = [Replace(position_of(owner), _collected(case, owner, wrap.template), wrap.holes)]
    else:
        edits = _element_by_element(case, owner, wrap)
    return Fix("comprehensions", Applicability.SAFE, tuple(edits), (helper,))


def _collected(case: RewriteSite, owner: ast.expr, values: str) -> str:
    match owner:
        case ast.ListComp():
            return f"list({values})" if case.tree.is_builtin("list", owner) else f"[*{values}]"
        case ast.SetComp():
            return f"set({values})" if case.tree.is_builtin("set", owner) else "{*" + values + "}"
    return values


def _element_by_element(
    case: RewriteSite, owner: ast.ListComp | ast.SetComp | ast.GeneratorExp, wrap: Replace
) -> list[Replace]:
    """Keep the comprehension, over values instead of pieces, without its tests for blanks."""
    (generator,) = owner.generators
    name = value_name(case, str(case.name))
    edits = [Replace(position_of(case.site.parse), name), wrap]
    if name != case.name:
        assert isinstance(case.target, ast.expr)
        edits.append(Replace(position_of(case.target), name))
    if generator.ifs:
        word = "async for" if case.is_async else "for"
        parts = (position_of(owner.elt), position_of(generator.target), position_of(generator.iter))
        edits.append(Replace(position_of(owner), _BRACKETS[type(owner)].format(f"{{0}} {word} {{1}} in {{2}}"), parts))
    return edits


_BRACKETS: dict[type[ast.expr], str] = {ast.ListComp: "[{}]", ast.SetComp: "{{{}}}", ast.GeneratorExp: "({})"}
