"""Functions that a library calls with data: overridden methods such as `data_received`, functions passed as arguments,
and those assigned to a method's name (`reader.feed_data = self.on_data`).
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from unchunk.analysis.catalog.dsl import Row, TypeName
from unchunk.analysis.findings import Framing

from .catalog_rows import framing_of
from .frames import FunctionNode
from .values import (
    UNKNOWN,
    CatalogInstance,
    Evidence,
    FlowStep,
    Function,
    Loop,
    Origin,
    Source,
    StreamData,
    Value,
    union_members,
)

if TYPE_CHECKING:
    from unchunk.analysis.catalog.index import TypeInfo

    from .call_args import CallArgs
    from .context import AnalysisContext
    from .frames import Frame
    from .modules import Module


def callback_value(
    node: FunctionNode, parameter: int, bound: bool, row: Row, owner: TypeInfo, module: Module, run: AnalysisContext
) -> tuple[str, Value] | None:
    """Return the callback's parameter that receives data, and that data; None if it has no such parameter."""
    parameters = [*node.args.posonlyargs, *node.args.args]
    place = parameter + (1 if bound else 0)
    if place >= len(parameters):
        return None
    target = parameters[place]
    source = _source(row, owner, target, module, run)
    handed = _handed(row, run.origin(source, node, target, target), target, node, module)
    return None if handed is None else (target.arg, handed)


def handed_out(row: Row, owner: TypeInfo, call: CallArgs) -> Value:
    """Return the data that a library passes to an object other than the program's functions:
    `content_callback=pieces.put`.
    """
    module, run = call.frame.module, call.frame.run
    source = _source(row, owner, call.node, module, run)
    return _handed(row, run.origin(source, call.node, call.node), call.node, call.node, module) or UNKNOWN


def _source(row: Row, owner: TypeInfo, at: ast.AST, module: Module, run: AnalysisContext) -> Source:
    name = f"{owner.label}.{row.member}()"
    text = row.text if isinstance(row.text, bool) else None
    return run.source(at, module.path, framing_of(row.what), name, text, Evidence.TYPED)


def _handed(row: Row, origin: Origin, at: ast.AST, producer: ast.AST, module: Module) -> Value | None:
    source = origin.source
    match row.what:
        case Framing() as framing:
            trace = (FlowStep(at, f"{source.name} is handed {framing.value}s", module.path),)
            loop = Loop(producer, ())
            return StreamData(origin, framing, loop, source.text, sources=frozenset((source,)), trace=trace)
        case TypeName(dotted=dotted):
            call = module.run.catalog.type(dotted)
            return CatalogInstance(call, loop=None, origin=origin if call.decoded else None)
        case _:
            return None


def run_callback(function: Function, parameter: int, row: Row, owner: TypeInfo, frame: Frame) -> None:
    """Analyze a function as the library will call it."""
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
    """Analyze a function assigned in place of a method that a library calls with data."""
    for item in union_members(function):
        if isinstance(item, Function):
            _run_in_place_of(owner, name, item, frame)


def _run_in_place_of(owner: Value, name: str, function: Function, frame: Frame) -> None:
    for known in union_members(owner):
        if not isinstance(known, CatalogInstance) or known.at:
            continue
        for row in known.type.callbacks.get(name, ()):
            place = row.parameter if isinstance(row.parameter, int) else 0
            run_callback(function, place, row, known.type, frame)
