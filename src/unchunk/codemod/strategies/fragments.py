"""Text that a model writes in fragments is put together again: `iter_json(c.choices[0].delta.content for c in stream)`.

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
from unchunk.codemod.beside import Uses, ends_with_text, moves, other_uses
from unchunk.codemod.boundaries import Boundary
from unchunk.codemod.case import Case
from unchunk.codemod.edits import Delete, Edit, Fix, Insert, Postpone, Refusal, Replace, place
from unchunk.codemod.feeding import enclosing, found_in
from unchunk.codemod.fragment import (
    Expression,
    Fragment,
    Piece,
    Stepping,
    event_loop,
    fragment_of,
    piece_of,
    reads_more,
    used_elsewhere,
)
from unchunk.codemod.parsers import loads_argument, vanishing
from unchunk.codemod.probe import End, Probe, Run
from unchunk.codemod.syntax import has, jumps, loads
from unchunk.codemod.trial.samples import DOCUMENT

PRIORITY = 30
DECODER = "a bare number at the very end of the text is not handed out"
LINE_ENDS = "the text is used for more than to be parsed, and a line end behind a document may come apart from it"
AT_END = "the arguments are handled when the stream has ended, not as they come"
PARALLEL = "values of parallel texts are handed out in the order in which they are complete"
EMPTY = "something is done about an event without text, and such an event is left out of the joined text"
COUNTED = "something comes with each event, such as its number, and a document may come in several"
TAKEN_APART = "the loop takes an event apart in its head: give the event a name first"


def propose(case: Case) -> Fix | Refusal | None:
    if case.findings[0].framing is not Framing.FRAGMENT:
        return None
    loop = event_loop(case)
    if loop is None:
        return Refusal("the events are not taken from a loop")
    if not isinstance(loop.target, ast.Name):
        counted = isinstance(loop.iter, ast.Call) and isinstance(loop.target, ast.Tuple)
        return Refusal(COUNTED if counted else TAKEN_APART)
    event = loop.target.id
    piece = piece_of(case, loop, event)
    if not case.parses_in(loop):
        if piece is None:
            return Refusal("the text is parsed in a function, and the event is needed for something else, too")
        return _recut(case, piece, loop)
    parser = loads_argument(case, 0)
    if isinstance(parser, Refusal) or parser[0]:
        return parser if isinstance(parser, Refusal) else Refusal(f"`{case.site.parser}` is not `json.loads`")
    found = fragment_of(case, loop, event)
    if isinstance(found, Fragment) and used_elsewhere(case, found, loop, event) is None:
        return _generator(case, found, loop, event)
    recut = None if piece is None else _recut(case, piece, loop)
    if isinstance(recut, Fix):
        return recut
    decoder = _decoder(case, loop)
    return recut if recut is not None and isinstance(decoder, Refusal) else decoder


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
    name = found.bound or case.free_name("data", "message", "value")
    edits += _renamed(loop, event, name)
    if found.bound is None:
        edits.append(Replace(place(case.site.parse), name))
    else:
        edits.append(Delete(place(found.statement)))
    return Fix("fragments", Applicability.SAFE, tuple(edits), (helper,), vanishing(case))


def _recut(case: Case, piece: Piece, loop: Stepping) -> Fix | Refusal:
    """The loop goes over fragments that are cut again at documents, and keeps its body."""
    assert isinstance(loop.target, ast.Name)
    if reads_more(case, piece, loop):
        return Refusal(LINE_ENDS)
    probe = _probe(case, piece)
    if not (probe.digests(DOCUMENT) and probe.digests("\n" + DOCUMENT)):
        return Refusal("the code around takes a fragment for something else than a document")
    if not piece.has_text and not all(run.idle or _fails(run) for run in probe.runs("")):
        return Refusal(EMPTY)
    source = _source(piece.text, piece.filters, loop, loop.target.id)
    helper = "arechunk" if isinstance(loop, ast.AsyncFor) else "rechunk"
    made = source.template if source.template == "{0}" else f"({source.template})"
    unit = Boundary("document", skip_blank=not probe.idle("\n"))
    edit = Replace(place(loop.iter), f"{helper}({made}, {unit.options})", tuple(source.holes))
    edits = (*piece.edits, edit, *_renamed(loop, loop.target.id, piece.name))
    return Fix("recut", Applicability.SAFE, edits, (helper,))


def _fails(run: Run) -> bool:
    """Whether an event without text raises: an error of the program's own is no more on purpose than the parser's."""
    return run.end is End.RAISED or (run.end is End.ERROR and not run.effects)


def _probe(case: Case, piece: Piece) -> Probe:
    """A probe for the body as it will be, with the name for the paths that it takes the place of."""
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
    return Probe(renamed, ast.Name(piece.name, ast.Store()), parses, case.functions())


class _Renamer(ast.NodeTransformer):
    def __init__(self, named: set[int], name: str) -> None:
        self.named = named
        self.name = name

    def visit(self, node: ast.AST) -> Any:
        return ast.Name(self.name, ast.Load()) if id(node) in self.named else self.generic_visit(node)


def _renamed(loop: Stepping, event: str, name: str) -> list[Edit]:
    return [] if name == event else [Replace(place(loop.target), name)]


def _decoder(case: Case, loop: Stepping) -> Fix | Refusal:
    """A decoder is fed in the loop; what used to be done once a fragment is done once a value."""
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
    edits: list[Edit] = [Insert(place(loop), made)]
    edits += enclosing(case, statement, bound, f"{fed}.feed({{0}})", (place(uses.argument),))
    if not jumps(loop.body, ast.Break) or ends_with_text(case, loop):
        edits.append(Insert(place(loop), close, after=True))
    note = PARALLEL if inner is not None else "" if _is_object(case, bound, rest) else DECODER
    applicability = Applicability.UNSAFE if note else Applicability.SAFE
    return Fix("decoder", applicability, tuple(edits), ("JSONStreamDecoder",), vanishing(case), note)


def _is_object(case: Case, bound: str | None, rest: list[ast.stmt]) -> bool:
    """Whether what is done with a value takes it for an object at once, so that it is no number."""
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
    case: Case, loop: Stepping, inner: ast.For, uses: Uses, found: tuple[str | None, list[ast.stmt]]
) -> Fix | Refusal:
    """Tool calls: fragments are added by index in the loop, and handled as a whole after it."""
    bound, rest = found
    statement = case.tree.statement(case.site.parse)
    moved = [*([] if bound else [statement]), *rest]
    if jumps(moved, ast.Continue) or (refusal := moves(case, loop, moved)) is not None:
        return refusal or Refusal("what follows is skipped for some arguments")
    fragments = case.free_name("fragments", "tool_arguments")
    name = bound or case.free_name("arguments", "data", "value")
    index = case.free_name("index", "number") if uses.kept or uses.indexes else ""
    edits: list[Edit] = [Insert(place(loop), f"{fragments} = JSONFragments()")]
    if uses.kept and isinstance(inner.target, ast.Name):
        first = case.free_name("calls", "tool_calls", "first_parts")
        edits.append(Insert(place(loop), f"{first} = {{}}"))
        edits.append(Insert(place(statement), f"{first}.setdefault({uses.index}, {inner.target.id})"))
        edits += [Replace(place(part), f"{first}[{index}]") for part in uses.kept]
    edits += [Replace(place(part), index) for part in uses.indexes]
    head = f"for {name} in {fragments}.finish_all().values():"
    if index:
        head = f"for {index}, {name} in {fragments}.finish_all().items():"
    add = f"{fragments}.add({uses.index}, {{0}})"
    edits.append(Postpone(place(statement), add, (place(uses.argument),), place(loop), head, bound is None))
    if bound is None:
        edits.append(Replace(place(case.site.parse), name))
    return Fix("fragments", Applicability.UNSAFE, tuple(edits), ("JSONFragments",), vanishing(case), AT_END)


def _between(case: Case, node: ast.AST, statement: ast.AST) -> Iterator[ast.AST]:
    """What stands around an expression in its statement."""
    return takewhile(lambda around: around is not statement, case.tree.above(node))
