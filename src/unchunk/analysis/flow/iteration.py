"""Iteration: the steps of an iterable, and the loop that receives them."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from .catalog_rows import from_rows
from .data import bound_to_loop, map_union, with_flow_step
from .frames import LoopFrame
from .values import (
    CHOSEN,
    QUEUED,
    UNKNOWN,
    CatalogInstance,
    Channel,
    CollectionValue,
    IterableValue,
    Loop,
    StreamData,
    TupleValue,
    Unknown,
    UserInstance,
    Value,
    join_all,
    to_next_iteration,
)

if TYPE_CHECKING:
    from .frames import Frame


@dataclass(frozen=True, slots=True)
class Binding:
    """A loop that binds steps for the program, with its syntax as `Site` has it."""

    producer: ast.AST
    step: ast.expr
    target: ast.expr | None
    loop: Loop

    @property
    def asynchronous(self) -> bool:
        match self.producer:
            case ast.comprehension(is_async=is_async):
                return bool(is_async)
            case producer:
                return isinstance(producer, ast.AsyncFor)


def step_of(value: Value, node: ast.expr, frame: Frame) -> Value:
    """Return one step of an iterable, not bound to any loop yet."""
    return map_union(value, lambda item: _step_of(item, node, frame))


def in_pace(value: Value, asynchronous: bool) -> Value:
    """Return the iterable, unless nothing known by that method is iterated over in this way (sync or async)."""
    if type(value) is not IterableValue or value.asynchronous in (None, asynchronous):
        return value
    return Unknown(
        f"gone through {'with' if asynchronous else 'without'} `async`, as no known thing with that method is"
    )


def _step_of(value: Value, node: ast.expr, frame: Frame) -> Value:
    match value:
        case IterableValue(step=step):
            return step
        case CollectionValue(element=element):
            return element
        case TupleValue(values=values):
            return join_all(list(values))
        case Channel():
            return with_flow_step(frame.run.take(value), node, QUEUED, frame)
        case StreamData(file_like=True):
            return replace(
                value, file_like=False, split=node, trace=value.with_step(node, "read line by line", frame.module.path)
            )
        case CatalogInstance():
            return _step_of_instance(value, node, frame)
        case UserInstance():
            return _step_of_own(value, node, frame)
        case _:
            return UNKNOWN


def _step_of_instance(value: CatalogInstance, node: ast.expr, frame: Frame) -> Value:
    from .attributes import inside

    if value.at:
        return inside(value, "[]", node, frame)
    rows = value.type.iterates
    return step_of(from_rows(rows, value, value.type, node, frame), node, frame) if rows else UNKNOWN


def _step_of_own(value: UserInstance, node: ast.expr, frame: Frame) -> Value:
    from .classes import call_method

    for name in ("__iter__", "__aiter__"):
        iterator = call_method(value, name, [], node, frame)
        if iterator is None:
            continue
        if not isinstance(iterator, UserInstance):
            return step_of(iterator, node, frame)
        following = "__next__" if name == "__iter__" else "__anext__"
        return call_method(iterator, following, [], node, frame) or UNKNOWN
    return UNKNOWN


def handed_to(value: Value, binding: Binding, frame: Frame) -> Value:
    """Bind a step of `value` to the loop."""
    return map_union(value, lambda item: _handed(item, binding, frame))


def _handed(value: Value, binding: Binding, frame: Frame) -> Value:
    value = in_pace(value, binding.asynchronous)
    if type(value) is CollectionValue and not value.complete:
        return with_flow_step(value.element, binding.producer, "each of them", frame)
    if value == CHOSEN:
        return UNKNOWN  # to go through it tells as much as to go through anything
    if type(value) is Unknown:
        return value
    step = _step_of(value, binding.step, frame)
    if type(value) is StreamData:
        return step
    return _settled(bound_to_loop(step, binding.loop), binding, frame)


def _settled(step: Value, binding: Binding, frame: Frame) -> Value:
    """Record this loop as the step's origin, as long as the step is still the source's own."""

    def settle(item: Value) -> Value:
        match item:
            case StreamData() if item.split is None and item.piece and not item.cut:
                origin = frame.run.origin(item.origin.source, binding.producer, binding.step, binding.target)
                return replace(
                    item, origin=origin, trace=item.with_step(binding.producer, "handed out", frame.module.path)
                )
            case CatalogInstance(origin=known) if known is not None:
                origin = frame.run.origin(known.source, binding.producer, binding.step, binding.target)
                return replace(item, origin=origin)
            case TupleValue(values=values):
                return TupleValue(tuple(_settled(value, binding, frame) for value in values))
            case _:
                return item

    return map_union(step, settle)


Comprehension = ast.ListComp | ast.SetComp | ast.GeneratorExp | ast.DictComp


@contextmanager
def bind_comprehension(node: Comprehension, frame: Frame) -> Iterator[bool]:
    """Bind the targets of a comprehension; yield whether it runs over a stream (rather than over pieces at hand)."""
    from .expressions import evaluate
    from .narrowing import narrow
    from .statements import assign

    base = frame.state
    pushed = 0
    streamed = False
    frame.state = base.fork()
    try:
        for generator in node.generators:
            iterable = evaluate(generator.iter, frame)
            loop = Loop(generator, frame.context)
            frame.loops.append(LoopFrame(loop, frame.state))
            frame.state = frame.state.fork()
            pushed += 1
            streamed = streamed or is_stream(iterable)
            binding = Binding(generator, generator.iter, generator.target, loop)
            assign(generator.target, handed_to(iterable, binding, frame), None, frame)
            for test in generator.ifs:
                evaluate(test, frame)
                narrow(test, True, frame)
        yield streamed
    finally:
        del frame.loops[len(frame.loops) - pushed :]
        frame.state = base


def of_all_rounds(value: Value, node: Comprehension, frame: Frame) -> Value:
    """Return the value of all iterations of a comprehension."""
    for generator in node.generators:
        value = to_next_iteration(value, Loop(generator, frame.context))
    return value


def is_stream(value: Value) -> bool:
    """Decide whether iterating covers the steps of a stream, so that collecting them gives all of it."""
    match value:
        case IterableValue() | CollectionValue(complete=True) | CatalogInstance() | UserInstance() | Channel():
            return True
        case _:
            return any(isinstance(item, IterableValue) for item in getattr(value, "of", ()))
