"""Functions that a library calls with data: overridden methods such as `data_received`, functions handed over, and
those put in a method's place (`reader.feed_data = self.on_data`).
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from unchunk.analysis.catalog.rows import Row, TypeName
from unchunk.analysis.findings import Framing

from .frames import FunctionNode
from .sources import framing_of
from .values import UNKNOWN, Data, Evidence, Function, Hop, Instance, Loop, Origin, Source, Value, alternatives

if TYPE_CHECKING:
    from unchunk.analysis.catalog.index import TypeInfo

    from .arguments import Call
    from .frames import Frame
    from .modules import Module
    from .run import Run


def callback_value(
    node: FunctionNode, parameter: int, bound: bool, row: Row, owner: TypeInfo, module: Module, run: Run
) -> tuple[str, Value] | None:
    """The parameter of a callback that gets data, and that data; None if the function has no such parameter."""
    parameters = [*node.args.posonlyargs, *node.args.args]
    place = parameter + (1 if bound else 0)
    if place >= len(parameters):
        return None
    target = parameters[place]
    source = _source(row, owner, target, module, run)
    handed = _handed(row, run.origin(source, node, target, target), target, node, module)
    return None if handed is None else (target.arg, handed)


def handed_out(row: Row, owner: TypeInfo, made: Call) -> Value:
    """What a library hands to something that is no function of the program: `content_callback=pieces.put`."""
    module, run = made.frame.module, made.frame.run
    source = _source(row, owner, made.node, module, run)
    return _handed(row, run.origin(source, made.node, made.node), made.node, made.node, module) or UNKNOWN


def _source(row: Row, owner: TypeInfo, at: ast.AST, module: Module, run: Run) -> Source:
    name = f"{owner.label}.{row.member}()"
    text = row.text if isinstance(row.text, bool) else None
    return run.source(at, module.path, framing_of(row.what), name, text, Evidence.TYPED)


def _handed(row: Row, origin: Origin, at: ast.AST, producer: ast.AST, module: Module) -> Value | None:
    source = origin.source
    match row.what:
        case Framing() as framing:
            hops = (Hop(at, f"{source.name} is handed {framing.value}s", module.path),)
            loop = Loop(producer, ())
            return Data(origin, framing, loop, source.text, sources=frozenset((source,)), hops=hops)
        case TypeName(dotted=dotted):
            made = module.run.catalog.type(dotted)
            return Instance(made, loop=None, origin=origin if made.decoded else None)
        case _:
            return None


def run_callback(function: Function, parameter: int, row: Row, owner: TypeInfo, frame: Frame) -> None:
    """Look at a function as the library will call it."""
    from .functions import run_function

    module = function.closure.frame.module
    if function.node in frame.run.in_progress:
        return
    if row.what is None:
        run_function(function, frame, frame.run, {}, again=True)
        return
    found = callback_value(function.node, parameter, function.bound is not None, row, owner, module, frame.run)
    if found is not None:
        run_function(function, frame, frame.run, dict([found]))


def run_replaced(owner: Value, name: str, function: Value, frame: Frame) -> None:
    """Look at a function that is put in the place of a method which a library calls with data."""
    for item in alternatives(function):
        if isinstance(item, Function):
            _run_in_place_of(owner, name, item, frame)


def _run_in_place_of(owner: Value, name: str, function: Function, frame: Frame) -> None:
    for known in alternatives(owner):
        if not isinstance(known, Instance) or known.at:
            continue
        for row in known.type.callbacks.get(name, ()):
            place = row.parameter if isinstance(row.parameter, int) else 0
            run_callback(function, place, row, known.type, frame)
