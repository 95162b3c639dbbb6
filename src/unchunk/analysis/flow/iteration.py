"""What iterating over a value hands out, and to which loop it is handed."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from .data import each, hopped, rebound
from .frames import LoopFrame
from .sources import from_rows
from .values import (
    CHOSEN,
    QUEUED,
    UNKNOWN,
    Channel,
    Data,
    Instance,
    Items,
    Listing,
    Loop,
    Own,
    Steps,
    Unknown,
    Value,
    carry,
    join_all,
)

if TYPE_CHECKING:
    from .frames import Frame


@dataclass(frozen=True, slots=True)
class Binding:
    """A loop that hands steps to the program: the syntax of it, as `Site` has it."""

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
    """One step of an iterable, not handed to any loop yet."""
    return each(value, lambda item: _step_of(item, node, frame))


def in_pace(value: Value, asynchronous: bool) -> Value:
    """The iterable, unless it can be none of those that it is known by, to be gone through in this way."""
    if type(value) is not Steps or value.asynchronous in (None, asynchronous):
        return value
    return Unknown(
        f"gone through {'with' if asynchronous else 'without'} `async`, as no known thing with that method is"
    )


def _step_of(value: Value, node: ast.expr, frame: Frame) -> Value:
    match value:
        case Steps(step=step):
            return step
        case Listing(element=element):
            return element
        case Items(values=values):
            return join_all(list(values))
        case Channel():
            return hopped(frame.run.take(value), node, QUEUED, frame)
        case Data(wrapped=True):
            return replace(
                value, wrapped=False, split=node, hops=value.via(node, "read line by line", frame.module.path)
            )
        case Instance():
            return _step_of_instance(value, node, frame)
        case Own():
            return _step_of_own(value, node, frame)
        case _:
            return UNKNOWN


def _step_of_instance(value: Instance, node: ast.expr, frame: Frame) -> Value:
    from .members import inside

    if value.at:
        return inside(value, "[]", node, frame)
    rows = value.type.iterates
    return step_of(from_rows(rows, value, value.type, node, frame), node, frame) if rows else UNKNOWN


def _step_of_own(value: Own, node: ast.expr, frame: Frame) -> Value:
    from .classes import call_method

    for name in ("__iter__", "__aiter__"):
        iterator = call_method(value, name, [], node, frame)
        if iterator is None:
            continue
        if not isinstance(iterator, Own):
            return step_of(iterator, node, frame)
        following = "__next__" if name == "__iter__" else "__anext__"
        return call_method(iterator, following, [], node, frame) or UNKNOWN
    return UNKNOWN


def handed_to(value: Value, binding: Binding, frame: Frame) -> Value:
    """A step of `value` as the loop hands it to the program."""
    return each(value, lambda item: _handed(item, binding, frame))


def _handed(value: Value, binding: Binding, frame: Frame) -> Value:
    value = in_pace(value, binding.asynchronous)
    if type(value) is Listing and not value.complete:
        return hopped(value.element, binding.producer, "each of them", frame)
    if value == CHOSEN:
        return UNKNOWN  # to go through it tells as much as to go through anything
    if type(value) is Unknown:
        return value
    step = _step_of(value, binding.step, frame)
    if type(value) is Data:
        return step
    return _settled(rebound(step, binding.loop), binding, frame)


def _settled(step: Value, binding: Binding, frame: Frame) -> Value:
    """The step, with this loop as the place where it is handed out, as long as it is still the source's own step."""

    def settle(item: Value) -> Value:
        match item:
            case Data() if item.split is None and item.piece and not item.cut:
                origin = frame.run.origin(item.origin.source, binding.producer, binding.step, binding.target)
                return replace(item, origin=origin, hops=item.via(binding.producer, "handed out", frame.module.path))
            case Instance(origin=known) if known is not None:
                origin = frame.run.origin(known.source, binding.producer, binding.step, binding.target)
                return replace(item, origin=origin)
            case Items(values=values):
                return Items(tuple(_settled(value, binding, frame) for value in values))
            case _:
                return item

    return each(step, settle)


Comprehension = ast.ListComp | ast.SetComp | ast.GeneratorExp | ast.DictComp


@contextmanager
def bind_comprehension(node: Comprehension, frame: Frame) -> Iterator[bool]:
    """Bind the targets of a comprehension; gives whether it runs over a stream (rather than over pieces at hand)."""
    from .conditions import assume
    from .expressions import evaluate
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
                assume(test, True, frame)
        yield streamed
    finally:
        del frame.loops[len(frame.loops) - pushed :]
        frame.state = base


def of_all_rounds(value: Value, node: Comprehension, frame: Frame) -> Value:
    """What each round of a comprehension gives, as it lies among what the others gave."""
    for generator in node.generators:
        value = carry(value, Loop(generator, frame.context))
    return value


def is_stream(value: Value) -> bool:
    """Whether iterating goes on over the steps of a stream, so that collecting them gives all of it."""
    match value:
        case Steps() | Listing(complete=True) | Instance() | Own() | Channel():
            return True
        case _:
            return any(isinstance(item, Steps) for item in getattr(value, "of", ()))
