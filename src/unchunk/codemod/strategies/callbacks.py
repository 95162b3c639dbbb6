"""A method that is called with each piece feeds a decoder of its object: `for message in self._decoder.feed(data):`."""

from __future__ import annotations

import ast

from unchunk.analysis.findings import Applicability, Framing
from unchunk.codemod.case import Case
from unchunk.codemod.edits import Edit, Fix, Insert, Refusal, place
from unchunk.codemod.feeding import enclosing, found_in
from unchunk.codemod.parsers import loads_argument, vanishing
from unchunk.codemod.subsume import subsume
from unchunk.codemod.syntax import Function, bound, first_free

PRIORITY = 40
PER_OBJECT = (
    "the decoder lives as long as its object: an object that is used for several streams needs a new one for each"
)


_BEGINS = {"data_received": "connection_made({}, transport)", "dataReceived": "connectionMade({})"}
"""What asyncio and Twisted call when a connection begins, by what they call with its data."""


def propose(case: Case) -> Fix | Refusal | None:
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
    found = subsume(case, method.body, {case.name})
    if isinstance(found, Refusal):
        return found
    outcome = found_in(case, method)
    if isinstance(outcome, Refusal):
        return outcome
    attribute = _free_attribute(class_)
    option = parser[0].removeprefix(", ").replace("{1}", "{0}")
    make = f"{own}.{attribute} = JSONStreamDecoder({option})"
    home = _home(class_, own)
    if home is not None:
        start = Insert(place(home[0]), make, holes=parser[1])
    elif (began := _BEGINS.get(method.name)) and _is_plain_protocol(class_):
        start = Insert(place(method), f"def {began.format(own)}:\n    {make}\n", holes=parser[1])
    else:
        return Refusal("the class has neither `connection_made` nor `__init__` where a decoder could be made")
    per_stream = home is None or home[1]
    edits: list[Edit] = [start, *found.edits]
    edits += enclosing(case, found.statement, outcome[0], f"{own}.{attribute}.feed({case.name})", ())
    applicability = Applicability.SAFE if per_stream else Applicability.UNSAFE
    note = "" if per_stream else PER_OBJECT
    return Fix("callbacks", applicability, tuple(edits), ("JSONStreamDecoder",), vanishing(case), note)


def _is_plain_protocol(class_: ast.ClassDef) -> bool:
    """Whether the class's only base is a library's protocol, whose `connection_made` does nothing."""
    match class_.bases:
        case [ast.Attribute(value=ast.Name(), attr="Protocol") | ast.Name(id="Protocol")]:
            return not class_.keywords
    return False


def _self(method: Function) -> str | None:
    arguments = [*method.args.posonlyargs, *method.args.args]
    return arguments[0].arg if len(arguments) > 1 and not method.decorator_list else None


def _home(class_: ast.ClassDef, own: str) -> tuple[ast.stmt, bool] | None:
    """The statement before which a decoder is made, and whether that is done once a stream."""
    methods = {node.name: node for node in class_.body if isinstance(node, ast.FunctionDef)}
    for name, per_stream in (("connection_made", True), ("connectionMade", True), ("__init__", False)):
        method = methods.get(name)
        if method is None or _first(method) != own:
            continue
        body = [statement for statement in method.body if not _is_docstring(statement)]
        if body:
            return body[0], per_stream
    return None


def _first(method: Function) -> str | None:
    arguments = [*method.args.posonlyargs, *method.args.args]
    return arguments[0].arg if arguments else None


def _is_docstring(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)


def _free_attribute(class_: ast.ClassDef) -> str:
    taken = {node.attr for node in ast.walk(class_) if isinstance(node, ast.Attribute)} | bound(class_.body)
    return first_free(taken, "_decoder", "_json_decoder", "_stream_decoder")
