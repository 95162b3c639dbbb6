"""Model text that comes in fragments: `iter_json(c.choices[0].delta.content for c in stream)`.

Where the event is needed for something else, too, a decoder in the loop is fed with the fragments. The arguments of
parallel tool calls come interleaved: they are collected by index and parsed when the stream has ended.
"""

from __future__ import annotations

import ast
import copy
from collections.abc import Iterator
from itertools import takewhile
from typing import Any

from unchunk.analysis.findings import Applicability, Framing
from unchunk.codemod.boundary_search import comes_otherwise, faithful
from unchunk.codemod.edits import Delete, Edit, Fix, Insert, MoveAfterLoop, Refusal, Replace, position_of
from unchunk.codemod.event_paths import Stepping, event_loop
from unchunk.codemod.event_text import Piece, piece_of
from unchunk.codemod.event_usage import Uses, ends_with_text, moves, other_uses
from unchunk.codemod.feeding import enclosing, found_in
from unchunk.codemod.fragment import Expression, Fragment, fragment_of, used_elsewhere
from unchunk.codemod.parsers import loads_argument
from unchunk.codemod.rewrite_site import RewriteSite
from unchunk.codemod.soundness import Soundness, takes_some
from unchunk.codemod.symbolic.runner import End, SymbolicRunner, Trace
from unchunk.codemod.syntax import has, jumps, loads, walk

PRIORITY = 30
DECODER = "a bare number at the very end of the text is not handed out"
LINE_ENDS = "the text is used for more than to be parsed, and a line end behind a document may come apart from it"
AT_END = "the arguments are handled when the stream has ended, not as they come"
PARALLEL = "values of parallel texts are handed out in the order in which they are complete"
EMPTY = "something is done about an event without text, and such an event is left out of the joined text"
COUNTED = "something comes with each event, such as its number, and a document may come in several"
TAKEN_APART = "the loop takes an event apart in its head: give the event a name first"


def propose(case: RewriteSite) -> Fix | Refusal | None:
    if case.findings[0].framing is not Framing.FRAGMENT:
        return None
    loop = event_loop(case)
    if loop is None:
        return Refusal("the events are not taken from a loop")
    if not isinstance(loop.target, ast.Name):
        counted = isinstance(loop.iter, ast.Call) and isinstance(loop.target, ast.Tuple)
        return Refusal(COUNTED if counted else TAKEN_APART)
    if takes_some(loop.iter):
        return Refusal(COUNTED)
    event = loop.target.id
    piece = piece_of(case, loop, event)
    if not case.parses_in(loop):
        if piece is None:
            return Refusal("the text is parsed in a function, and the event is needed for something else, too")
        return _recut(case, piece, loop)
    parser = loads_argument(case, 0)
    if not isinstance(parser, Refusal) and parser[0]:
        parser = Refusal(f"`{case.site.parser}` is not `json.loads`")
    found = fragment_of(case, loop, event)
    is_ours = not isinstance(parser, Refusal)
    if is_ours and isinstance(found, Fragment) and used_elsewhere(case, found, loop, event) is None:
        return _generator(case, found, loop, event)
    recut = None if piece is None else _recut(case, piece, loop)
    if isinstance(recut, Fix):
        return recut
    if isinstance(parser, Refusal):
        return parser
    decoder = _decoder(case, loop)
    return recut if recut is not None and isinstance(decoder, Refusal) else decoder


def _source(text: Expression, filters: list[Expression], loop: Stepping, event: str) -> Expression:
    """Return the generator of fragments: `c.choices[0].delta.content for c in stream if c.choices`."""
    if text.template == event and not filters:
        return Expression("{0}", [position_of(loop.iter)])
    template, holes = text.template, list(text.holes)
    tests = []
    for test in filters:
        tests.append(test.shifted(len(holes)))
        holes += test.holes
    word = "async for" if isinstance(loop, ast.AsyncFor) else "for"
    condition = f" if {' and '.join(tests)}" if tests else ""
    template = f"{template} {word} {event} in {{{len(holes)}}}{condition}"
    return Expression(template, [*holes, position_of(loop.iter)])


def _generator(case: RewriteSite, found: Fragment, loop: Stepping, event: str) -> Fix:
    """Turn the loop into one over values from a generator of fragments."""
    source = _source(found.text, found.filters, loop, event)
    helper = "aiter_json" if isinstance(loop, ast.AsyncFor) else "iter_json"
    edits: list[Edit] = [
        *found.edits,
        Replace(position_of(loop.iter), f"{helper}({source.template})", tuple(source.holes)),
    ]
    name = found.bound or case.free_name("data", "message", "value")
    edits += _renamed(loop, event, name)
    if found.bound is None:
        edits.append(Replace(position_of(case.site.parse), name))
    else:
        edits.append(Delete(position_of(found.statement)))
    return Fix("fragments", Applicability.SAFE, tuple(edits), (helper,))


def _recut(case: RewriteSite, piece: Piece, loop: Stepping) -> Fix | Refusal:
    """Turn the loop into one over fragments recut at documents, with its body kept."""
    assert isinstance(loop.target, ast.Name)
    probe = _probe(case, piece)
    sound = Soundness(case, str, probe)
    if not sound.samples.all.streams:
        return Refusal("the code around takes a fragment for something else than a document")
    unit = faithful(sound)
    if unit is None or unit.note:
        return Refusal(comes_otherwise(sound) if unit is None else LINE_ENDS)
    if not piece.has_text and not all(run.idle or _fails(run) for run in probe.runs("")):
        return Refusal(EMPTY)
    source = _source(piece.text, piece.filters, loop, loop.target.id)
    helper = "arechunk" if isinstance(loop, ast.AsyncFor) else "rechunk"
    made = source.template if source.template == "{0}" else f"({source.template})"
    edit = Replace(position_of(loop.iter), f"{helper}({made}, {unit.options})", tuple(source.holes))
    edits = (*piece.edits, edit, *_renamed(loop, loop.target.id, piece.name))
    return Fix("recut", Applicability.SAFE, edits, (helper,))


def _fails(run: Trace) -> bool:
    """Decide whether an event without text raises: neither the parser's nor the program's error is on purpose."""
    return run.end is End.RAISED or (run.end is End.ERROR and not run.effects)


def _probe(case: RewriteSite, piece: Piece) -> SymbolicRunner:
    """Return a symbolic runner for the future body, with the new name in place of the paths."""
    copies: dict[int, ast.AST] = {}
    body = copy.deepcopy(piece.body, copies)
    named = {id(copies[id(path)]) for path in piece.paths if id(path) in copies}
    parses = {}
    for parse, argument in case.parses.items():
        mine = copies.get(id(parse), parse)
        assert isinstance(mine, ast.expr)
        parses[mine] = argument
        if argument is not None and isinstance(other := copies.get(id(argument), argument), ast.expr):
            parses[mine] = ast.Name(piece.name, ast.Load()) if id(other) in named else other
    renamed: list[ast.stmt] = [_Renamer(named, piece.name).visit(statement) for statement in body]
    step = ast.Name(piece.name, ast.Store())
    return SymbolicRunner(renamed, step, parses, case.functions(), constants=case.constants())


class _Renamer(ast.NodeTransformer):
    def __init__(self, named: set[int], name: str) -> None:
        self.named = named
        self.name = name

    def visit(self, node: ast.AST) -> Any:
        return ast.Name(self.name, ast.Load()) if id(node) in self.named else self.generic_visit(node)


def _renamed(loop: Stepping, event: str, name: str) -> list[Edit]:
    return [] if name == event else [Replace(position_of(loop.target), name)]


def _decoder(case: RewriteSite, loop: Stepping) -> Fix | Refusal:
    """Feed a decoder in the loop; what was done once a fragment is done once a value."""
    site = case.site
    if len(case.sites) != 1 or site.argument is None:
        return Refusal("the event is needed elsewhere, and its text is parsed in more than one place")
    if site.try_ is not None and case.tree.inside(site.try_, loop):
        return Refusal("what becomes of text that cannot be parsed is decided for each event, and the event is needed")
    statement = case.tree.statement(site.parse)
    if any(isinstance(node, ast.IfExp | ast.BoolOp) for node in _between(case, site.parse, statement)):
        return Refusal("whether there is text to parse is asked for each event, in the very expression that parses it")
    inner = next((node for node in _between(case, statement, loop) if isinstance(node, ast.For)), None)
    found = found_in(case, inner or loop)
    if isinstance(found, Refusal):
        return found
    bound, rest = found
    once = [*rest, *([] if bound else [statement])]
    uses = other_uses(case, loop, inner, once)
    if isinstance(uses, Refusal):
        return uses
    if inner is not None and uses.of_tools:
        return _collected(case, loop, inner, uses, (bound, rest))
    decoder = case.free_name("decoder", "json_decoder", "stream_decoder")
    fed, made, close = decoder, f"{decoder} = JSONStreamDecoder()", f"{decoder}.close()"
    if inner is not None:
        decoders = case.free_name("decoders", "json_decoders")
        fed, made = f"{decoders}.setdefault({uses.index}, JSONStreamDecoder())", f"{decoders} = {{}}"
        close = f"for {decoder} in {decoders}.values():\n    {decoder}.close()\n"
    edits: list[Edit] = [Insert(position_of(loop), made)]
    edits += enclosing(case, statement, bound, f"{fed}.feed({{0}})", (position_of(uses.argument),))
    if not jumps(loop.body, ast.Break) or ends_with_text(case, loop):
        edits.append(Insert(position_of(loop), close, after=True))
        # What is done when the text is complete is not done when it is cut short.
        edits += [Insert(position_of(branch.body[0]), close) for branch in _endings(loop) if len(branch.body) > 1]
    note = PARALLEL if inner is not None else "" if _is_object(case, bound, rest) else DECODER
    applicability = Applicability.UNSAFE if note else Applicability.SAFE
    return Fix("decoder", applicability, tuple(edits), ("JSONStreamDecoder",), note)


def _endings(loop: Stepping) -> Iterator[ast.If]:
    """Yield the branches that leave the loop."""
    for node in walk(loop.body):
        if isinstance(node, ast.If) and any(isinstance(statement, ast.Break) for statement in node.body):
            yield node


def _is_object(case: RewriteSite, bound: str | None, rest: list[ast.stmt]) -> bool:
    """Decide whether a value is used as an object at once, so that it is no number."""
    values: list[ast.AST] = [case.site.parse]
    if bound is not None:
        first = rest[0] if rest else None
        at_once = first.test if isinstance(first, ast.If) else first
        simple = isinstance(at_once, ast.expr | ast.Expr | ast.Assign) and not has(at_once, ast.BoolOp, ast.IfExp)
        values = [*loads(at_once, {bound})] if simple and at_once is not None else []
    for value in values:
        match case.tree.parent(value):
            case ast.Subscript(slice=ast.Constant(value=str())) | ast.Attribute(attr="get" | "items"):
                return True
    return False


def _collected(
    case: RewriteSite, loop: Stepping, inner: ast.For, uses: Uses, found: tuple[str | None, list[ast.stmt]]
) -> Fix | Refusal:
    """Collect tool-call fragments by index in the loop, and handle them as a whole after it."""
    bound, rest = found
    statement = case.tree.statement(case.site.parse)
    moved = [*([] if bound else [statement]), *rest]
    if jumps(moved, ast.Continue) or (refusal := moves(case, loop, moved)) is not None:
        return refusal or Refusal("what follows is skipped for some arguments")
    fragments = case.free_name("fragments", "tool_arguments")
    name = bound or case.free_name("arguments", "data", "value")
    index = case.free_name("index", "number") if uses.kept or uses.indexes else ""
    edits: list[Edit] = [Insert(position_of(loop), f"{fragments} = JSONFragments()")]
    if uses.kept and isinstance(inner.target, ast.Name):
        first = case.free_name("calls", "tool_calls", "first_parts")
        edits.append(Insert(position_of(loop), f"{first} = {{}}"))
        edits.append(Insert(position_of(statement), f"{first}.setdefault({uses.index}, {inner.target.id})"))
        edits += [Replace(position_of(part), f"{first}[{index}]") for part in uses.kept]
    edits += [Replace(position_of(part), index) for part in uses.indexes]
    head = f"for {name} in {fragments}.finish_all().values():"
    if index:
        head = f"for {index}, {name} in {fragments}.finish_all().items():"
    add = f"{fragments}.add({uses.index}, {{0}})"
    edits.append(
        MoveAfterLoop(
            position_of(statement), add, (position_of(uses.argument),), position_of(loop), head, bound is None
        )
    )
    if bound is None:
        edits.append(Replace(position_of(case.site.parse), name))
    return Fix("fragments", Applicability.UNSAFE, tuple(edits), ("JSONFragments",), AT_END)


def _between(case: RewriteSite, node: ast.AST, statement: ast.AST) -> Iterator[ast.AST]:
    """Yield the nodes around an expression in its statement."""
    return takewhile(lambda around: around is not statement, case.tree.above(node))
