"""Callbacks: a method called with each piece feeds a decoder of its object: `for message in
self._decoder.feed(data):`.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass

from unchunk.analysis.findings import Applicability, Framing
from unchunk.codemod.boundary_search import splits_lines
from unchunk.codemod.edits import Delete, Edit, Fix, Insert, Refusal, Replace, ReplaceHeader, position_of
from unchunk.codemod.feeding import enclosing, found_in
from unchunk.codemod.parsers import loads_argument
from unchunk.codemod.read_loop import is_end_of
from unchunk.codemod.rewrite_site import RewriteSite
from unchunk.codemod.strategies.values import value_name
from unchunk.codemod.strippable import Stripped, assigned, is_about, is_strippable, strip
from unchunk.codemod.syntax import Function, bound, first_free, is_docstring, walk

PRIORITY = 40
PER_OBJECT = (
    "the decoder lives as long as its object: an object that is used for several streams needs a new one for each"
)


_BEGINS = {"data_received": "connection_made({}, transport)", "dataReceived": "connectionMade({})"}
"""Callbacks of asyncio and Twisted at the begin of a connection, by their data callbacks."""


def propose(case: RewriteSite) -> Fix | Refusal | None:
    method = case.site.producer
    if not isinstance(method, Function) or case.findings[0].framing is not Framing.CHUNK:
        return None
    if isinstance(case.site.step, ast.Call):
        return Refusal("what one call reads has to be kept for the next, in a decoder that lives as long as the stream")
    class_ = case.tree.parent(method)
    if not isinstance(class_, ast.ClassDef) or case.name is None:
        return Refusal("the pieces are handed to a function that keeps nothing from one call to the next")
    own = _self(method)
    parser = loads_argument(case, 1)
    if own is None or isinstance(parser, Refusal):
        return parser if isinstance(parser, Refusal) else Refusal("the method has no `self` to keep a decoder on")
    split = _split(case, method)
    if split is None and any(isinstance(node, ast.For) for node in case.tree.above(case.site.parse)):
        if not splits_lines(case):
            return Refusal("pieces are split by hand, at something else than line ends")
        return Refusal("a piece is taken apart in a loop, and something else hangs on what is in one piece")
    if split is not None:
        names = {case.name, split.line}.union(*map(assigned, split.before))
        found = strip(case, split.loop.body, names, [*split.before, split.loop.iter])
    else:
        found = strip(case, method.body, {case.name})
    if isinstance(found, Refusal):
        return found
    outcome = found_in(case, method if split is None else split.loop)
    if isinstance(outcome, Refusal):
        return outcome
    attribute = _free_attribute(class_)
    option = parser[0].removeprefix(", ").replace("{1}", "{0}")
    make = f"{own}.{attribute} = JSONStreamDecoder({option})"
    home = _home(class_, own)
    if home is not None:
        start = Insert(position_of(home[0]), make, holes=parser[1])
    elif (began := _BEGINS.get(method.name)) and _is_plain_protocol(class_):
        start = Insert(position_of(method), f"def {began.format(own)}:\n    {make}\n", holes=parser[1])
    else:
        return Refusal("the class has neither `connection_made` nor `__init__` where a decoder could be made")
    per_stream = home is None or home[1]
    edits: list[Edit] = [start, *found.edits]
    fed = f"{own}.{attribute}.feed({case.name})"
    if split is None:
        edits += enclosing(case, found.statement, outcome[0], fed, ())
    else:
        edits += _headed(case, split, found, fed)
    applicability = Applicability.SAFE if per_stream else Applicability.UNSAFE
    note = "" if per_stream else PER_OBJECT
    return Fix("callbacks", applicability, tuple(edits), ("JSONStreamDecoder",), note)


@dataclass(frozen=True, slots=True)
class _Split:
    """A loop over the lines of a piece, the last thing done with it, and the statements that prepare it."""

    before: list[ast.stmt]
    loop: ast.For
    line: str


def _split(case: RewriteSite, method: Function) -> _Split | None:
    body = [statement for statement in method.body if not is_docstring(statement)]
    names = {str(case.name)}
    for statement in body[:-1]:
        if not is_strippable(statement, names) and not _skips_nothing(statement, str(case.name)):
            return None
        names |= assigned(statement)
    match body[-1]:
        case ast.For(target=ast.Name(id=line), iter=lines, orelse=[]) as loop if is_about(lines, names):
            return _Split(body[:-1], loop, line) if splits_lines(case) else None
    return None


def _skips_nothing(statement: ast.stmt, name: str) -> bool:
    """Decide whether a statement returns where a piece is empty: `if not data: return`."""
    match statement:
        case ast.If(test=test, body=[ast.Return(value=None)], orelse=[]):
            return is_end_of(test, name)
    return False


def _headed(case: RewriteSite, split: _Split, found: Stripped, fed: str) -> list[Edit]:
    """Turn the loop over lines into one over values."""
    name = found.bound or value_name(case, split.line)
    parse = Delete(position_of(found.statement)) if found.bound else Replace(position_of(case.site.parse), name)
    return [
        ReplaceHeader(position_of(split.loop), f"for {name} in {fed}:"),
        parse,
        *(Delete(position_of(node)) for node in split.before),
    ]


def _is_plain_protocol(class_: ast.ClassDef) -> bool:
    """Decide whether the class's only base is a library's protocol, whose `connection_made` does nothing."""
    match class_.bases:
        case [ast.Attribute(value=ast.Name(), attr="Protocol") | ast.Name(id="Protocol")]:
            return not class_.keywords
    return False


def _self(method: Function) -> str | None:
    arguments = [*method.args.posonlyargs, *method.args.args]
    return arguments[0].arg if len(arguments) > 1 and not method.decorator_list else None


def _home(class_: ast.ClassDef, own: str) -> tuple[ast.stmt, bool] | None:
    """Return the statement before which a decoder is created, and whether that runs once a stream."""
    methods = {node.name: node for node in class_.body if isinstance(node, ast.FunctionDef)}
    for name, per_stream in (("connection_made", True), ("connectionMade", True), ("__init__", False)):
        method = methods.get(name)
        if method is None or _first(method) != own:
            continue
        body = [statement for statement in method.body if not is_docstring(statement)]
        if body:
            return body[0], per_stream
    return None


def _first(method: Function) -> str | None:
    arguments = [*method.args.posonlyargs, *method.args.args]
    return arguments[0].arg if arguments else None


def _free_attribute(class_: ast.ClassDef) -> str:
    taken = {node.attr for node in walk(class_) if isinstance(node, ast.Attribute)} | bound(class_.body)
    return first_free(taken, "_decoder", "_json_decoder", "_stream_decoder")
