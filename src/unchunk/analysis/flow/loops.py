"""Loops: bodies run to a fixpoint, each iteration's changes being carried over into the next."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from .expressions import evaluate
from .frames import LoopFrame
from .iteration import Binding, handed_to
from .narrowing import drop_facts, narrow
from .statements import assign, execute
from .values import Loop, Value, to_next_iteration

if TYPE_CHECKING:
    from .frames import Frame
    from .state import Branch, State

MAX_ROUNDS = 5
AnyLoop = ast.For | ast.AsyncFor | ast.While


def run_loop(node: AnyLoop, frame: Frame) -> None:
    loop = Loop(node, frame.context)
    base = frame.state
    iterable = None if isinstance(node, ast.While) else evaluate(node.iter, frame)
    breaks: list[Branch] = []
    # What one round leaves behind is joined into the state before the loop, marked as carried over: put together with
    # the next round's step it makes a buffer, no piece. Few rounds suffice, since unions are bounded (see `join`).
    for _ in range(MAX_ROUNDS):
        ended, breaks, news = _iterate_once(node, loop, iterable, base, frame)
        if not news:
            break
    frame.state = base
    _leave(node, ended, breaks, frame)


def _iterate_once(
    node: AnyLoop, loop: Loop, iterable: Value | None, base: State, frame: Frame
) -> tuple[Branch | None, list[Branch], bool]:
    """Run one iteration. Return the branch on which the test ended the loop, those that broke out, and whether the next
    iteration may see more.
    """
    frame.state = head = base.fork()
    around = LoopFrame(loop, base)
    frame.loops.append(around)
    try:
        ended = _enter(node, loop, iterable, base, frame)
        execute(node.body, frame)
    finally:
        frame.loops.pop()
    rounds = around.continues + ([head.way(base)] if head.alive else [])
    news = False
    for changes, facts in rounds:
        # A fact that the round has lost was no fact of every round: it goes, and the body is run once more without it.
        news = base.absorb(changes, lambda value: to_next_iteration(value, loop)) or news or not base.facts <= facts
        base.facts &= facts
    return ended, around.breaks, news


def _enter(node: AnyLoop, loop: Loop, iterable: Value | None, base: State, frame: Frame) -> Branch | None:
    """Enter the body: test, or take the next step. Return the branch past the body, if there is one."""
    if isinstance(node, ast.While):
        evaluate(node.test, frame)
        tested = frame.state.way(base)
        narrow(node.test, True, frame)
        return None if _always(node.test) else tested
    assert iterable is not None
    step = handed_to(iterable, Binding(node, node.iter, node.target, loop), frame)
    drop_facts(step, frame)
    assign(node.target, step, None, frame)
    return {}, base.facts


def _always(test: ast.expr) -> bool:
    return isinstance(test, ast.Constant) and bool(test.value)


def _leave(node: AnyLoop, ended: Branch | None, breaks: list[Branch], frame: Frame) -> None:
    """Continue behind the loop: past its `else`, or from one of its `break`s."""
    base = frame.state
    ways = list(breaks)
    if ended is not None:
        frame.state = otherwise = base.fork()
        otherwise.changes.update(ended[0])
        execute(node.orelse, frame)
        if otherwise.alive:
            ways.append(otherwise.way(base))
    frame.state = base
    base.merge(ways)
