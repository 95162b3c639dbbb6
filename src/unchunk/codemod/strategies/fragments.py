"""Text that a model writes in fragments is put together again: `iter_json(c.choices[0].delta.content for c in stream)`.

Where the event is needed for something else, too, a decoder in the loop is fed with the fragments. The arguments of
parallel tool calls come interleaved: they are collected by index and parsed when the stream has ended.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import replace
from itertools import takewhile

from unchunk.analysis.findings import Applicability, Framing
from unchunk.codemod.boundaries import Boundary
from unchunk.codemod.case import Case
from unchunk.codemod.edits import Delete, Edit, Fix, Insert, Postpone, Refusal, Replace, place
from unchunk.codemod.feeding import enclosing, found_in
from unchunk.codemod.fragment import (
    Expression,
    Fragment,
    Named,
    Stepping,
    event_loop,
    fragment_of,
    named_fragment_of,
    path_around,
    used_elsewhere,
)
from unchunk.codemod.parsers import loads_argument, vanishing
from unchunk.codemod.probe import Probe
from unchunk.codemod.strategies.values import value_name
from unchunk.codemod.syntax import has, jumps, loads, scoped_loads, target_names
from unchunk.codemod.trial.samples import DOCUMENT

PRIORITY = 30
DECODER = "a bare number at the very end of the text is not handed out"
LATE = "the arguments are handled when the stream has ended, after what the loop does with other events"
FIRST_FRAGMENT = (
    "more of the tool call than its arguments is used, and that comes with its first fragment only: keep it by index, "
    "and parse when the stream has ended"
)


def propose(case: Case) -> Fix | Refusal | None:
    if case.findings[0].framing is not Framing.FRAGMENT:
        return None
    loop = event_loop(case)
    if loop is None or not isinstance(loop.target, ast.Name):
        return Refusal("the events are not taken from a loop")
    event = loop.target.id
    if not case.parses_in(loop):
        named = named_fragment_of(case, loop, event)
        return _handed_on(case, loop, event) if named is None else _recut(case, named, loop, event)
    parser = loads_argument(case, 0)
    if isinstance(parser, Refusal) or parser[0]:
        return parser if isinstance(parser, Refusal) else Refusal(f"`{case.site.parser}` is not `json.loads`")
    found = fragment_of(case, loop, event)
    if isinstance(found, Fragment) and found.inner is not None:
        return _keyed(case, found, found.inner, loop)
    if isinstance(found, Fragment) and used_elsewhere(case, found, loop, event) is None:
        return _generator(case, found, loop, event)
    if (named := named_fragment_of(case, loop, event)) is not None:
        return _recut(case, named, loop, event)
    return _decoder(case, loop)


def _source(text: Expression, filters: list[Expression], loop: Stepping, event: str) -> Expression:
    """The generator of fragments: `c.choices[0].delta.content for c in stream if c.choices`."""
    if text.template == event and not filters:
        return Expression("{0}", [place(loop.iter)])
    template, holes = text.template, list(text.holes)
    tests = []
    for test in filters:
        tests.append(test.shifted(len(holes)))
        holes += test.holes
    word = "async for" if isinstance(loop, ast.AsyncFor) else "for"
    condition = f" if {' and '.join(tests)}" if tests else ""
    template = f"{template} {word} {event} in {{{len(holes)}}}{condition}"
    return Expression(template, [*holes, place(loop.iter)])


def _generator(case: Case, found: Fragment, loop: Stepping, event: str) -> Fix:
    """The loop goes over values, made from a generator of fragments."""
    source = _source(found.text, found.filters, loop, event)
    helper = "aiter_json" if isinstance(loop, ast.AsyncFor) else "iter_json"
    edits: list[Edit] = [*found.edits, Replace(place(loop.iter), f"{helper}({source.template})", tuple(source.holes))]
    name = found.bound or value_name(case, event)
    edits += _renamed(loop, event, name)
    edits.append(Delete(place(found.statement)) if found.bound else Replace(place(case.site.parse), name))
    return Fix("fragments", Applicability.SAFE, tuple(edits), (helper,), vanishing(case))


def _recut(case: Case, named: Named, loop: Stepping, event: str) -> Fix | Refusal:
    """The loop goes over fragments that are cut again, and keeps its body."""
    bind = ast.Name(named.name, ast.Store())
    probe = Probe(named.body, bind, case.parses, case.functions())
    fix = _cut_again(probe, named.text, named.filters, loop, event)
    if isinstance(fix, Refusal):
        return fix
    return replace(fix, edits=(*named.edits, *fix.edits, *_renamed(loop, event, named.name)))


def _cut_again(probe: Probe, text: Expression, filters: list[Expression], loop: Stepping, event: str) -> Fix | Refusal:
    """The loop goes over whole documents, made from a generator of fragments."""
    if not (probe.digests(DOCUMENT) and probe.digests("\n" + DOCUMENT)):
        return Refusal("the code around takes a fragment for something else than a document")
    source = _source(text, filters, loop, event)
    helper = "arechunk" if isinstance(loop, ast.AsyncFor) else "rechunk"
    made = source.template if source.template == "{0}" else f"({source.template})"
    unit = Boundary("document", skip_blank=not probe.idle("\n"))
    edit = Replace(place(loop.iter), f"{helper}({made}, {unit.options})", tuple(source.holes))
    return Fix("recut", Applicability.SAFE, (edit,), (helper,))


def _handed_on(case: Case, loop: Stepping, event: str) -> Fix | Refusal:
    """The text goes straight to a function that parses it: that function is given whole documents."""
    uses = list(scoped_loads(case.tree.scope(loop), {event}))
    text = path_around(case.tree, uses[0]) if len(uses) == 1 and case.tree.inside(uses[0], loop) else None
    if text is None:
        return Refusal("the text is parsed in a function, and the event is needed for something else, too")
    probe = Probe(loop.body, None, case.parses, case.functions(), text)
    name = case.free_name("text", "content", "fragment")
    fix = _cut_again(probe, Expression("{0}", [place(text)]), [], loop, event)
    if isinstance(fix, Refusal):
        return fix
    return replace(fix, edits=(*fix.edits, Replace(place(text), name), *_renamed(loop, event, name)))


def _renamed(loop: Stepping, event: str, name: str) -> list[Edit]:
    return [] if name == event else [Replace(place(loop.target), name)]


def _decoder(case: Case, loop: Stepping) -> Fix | Refusal:
    """A decoder is fed in the loop; what used to be done once a fragment is done once a value."""
    site = case.site
    if len(case.sites) != 1 or site.argument is None:
        return Refusal("the event is needed elsewhere, and its text is parsed in more than one place")
    if site.try_ is not None and case.tree.inside(site.try_, loop):
        return Refusal("what becomes of text that cannot be parsed is decided for each event, and the event is needed")
    if _names_more(site.argument, loop):
        return Refusal(FIRST_FRAGMENT)
    statement = case.tree.statement(site.parse)
    if any(isinstance(node, ast.IfExp | ast.BoolOp) for node in _between(case, site.parse, statement)):
        return Refusal("whether there is text to parse is asked for each event, in the very expression that parses it")
    found = found_in(case, loop)
    if isinstance(found, Refusal):
        return found
    bound, _ = found
    decoder = case.free_name("decoder", "json_decoder", "stream_decoder")
    edits: list[Edit] = [Insert(place(loop), f"{decoder} = JSONStreamDecoder()")]
    edits += enclosing(case, statement, bound, f"{decoder}.feed({{0}})", (place(site.argument),))
    if not jumps(loop.body, ast.Break) and not loop.orelse:
        edits.append(Insert(place(loop), f"{decoder}.close()", after=True))
    return Fix("decoder", Applicability.UNSAFE, tuple(edits), ("JSONStreamDecoder",), vanishing(case), DECODER)


def _names_more(argument: ast.expr, loop: Stepping) -> bool:
    """Whether something beside the arguments of a call is used: `call.name`, which only its first fragment has."""
    match argument:
        case ast.Attribute(value=owner, attr="arguments" | "args"):
            pass
        case ast.Subscript(value=owner, slice=ast.Constant(value="arguments" | "args")):
            pass
        case _:
            return False
    said = ast.dump(owner)
    others = (node for statement in loop.body for node in ast.walk(statement) if node is not argument)
    return any(
        isinstance(node, ast.Attribute | ast.Subscript)
        and ast.dump(node.value) == said
        and ast.dump(node) != ast.dump(argument)
        for node in others
    )


def _between(case: Case, node: ast.AST, statement: ast.AST) -> Iterator[ast.AST]:
    """What stands around an expression in its statement."""
    return takewhile(lambda around: around is not statement, case.tree.above(node))


def _index_beside(argument: ast.expr | None, call: str) -> str | None:
    """Where the index of a tool call is, next to its arguments: an attribute or a key, as they are."""
    match argument:
        case ast.Attribute(attr="arguments" | "args"):
            return f"{call}.index"
        case ast.Subscript(slice=ast.Constant(value="arguments" | "args")):
            return f'{call}["index"]'
    return None


def _keyed(case: Case, found: Fragment, inner: ast.For, loop: Stepping) -> Fix | Refusal:
    """Tool calls: fragments are added by index in the loop, and handled as a whole after it."""
    assert isinstance(inner.target, ast.Name)
    argument = case.site.argument
    index = _index_beside(argument, inner.target.id)
    if argument is None or index is None:
        return Refusal("which of the parallel texts a fragment belongs to cannot be told")
    names = {inner.target.id} | target_names(loop.target)
    moved: list[ast.stmt] = [*found.rest, *([] if found.bound else [found.statement])]
    used = [name for name in loads(moved, names) if not case.tree.inside(name, argument)]
    if used:
        return Refusal(FIRST_FRAGMENT)
    if jumps(moved, ast.Break, ast.Continue) or has(moved, ast.Return):
        return Refusal("the loop is left for some arguments, before later ones are complete")
    if any(True for _ in loads(found.tests, {inner.target.id})):
        return Refusal(FIRST_FRAGMENT)
    if loop.orelse or jumps(loop.body, ast.Break):
        return Refusal("the loop may be left before the arguments are complete")
    fragments = case.free_name("fragments", "tool_arguments")
    name = found.bound or case.free_name("arguments", "value")
    add = f"{fragments}.add({index}, {{0}})"
    head = f"for {name} in {fragments}.finish_all().values():"
    keep = found.bound is None
    edits: list[Edit] = [
        Insert(place(loop), f"{fragments} = JSONFragments()"),
        Postpone(place(found.statement), add, (place(argument),), place(loop), head, keep),
    ]
    if keep:
        edits.append(Replace(place(case.site.parse), name))
    alone = all(isinstance(statement, (ast.For, ast.Assign, ast.If)) for statement in loop.body) and len(loop.body) == 1
    applicability = Applicability.SAFE if alone else Applicability.UNSAFE
    return Fix("fragments", applicability, tuple(edits), ("JSONFragments",), vanishing(case), "" if alone else LATE)
