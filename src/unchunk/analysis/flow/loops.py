"""Loops: their bodies are run until nothing new comes up, what a round leaves behind being carried over into the
next.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from .conditions import assume, forget
from .expressions import evaluate
from .frames import LoopFrame
from .iteration import Binding, handed_to
from .statements import assign, execute
from .values import Loop, Value, carry

if TYPE_CHECKING:
    from .frames import Frame
    from .state import State, Way

MOST_ROUNDS = 5
AnyLoop = ast.For | ast.AsyncFor | ast.While


def run_loop(node: AnyLoop, frame: Frame) -> None:
    loop = Loop(node, frame.context)
    base = frame.state
    iterable = None if isinstance(node, ast.While) else evaluate(node.iter, frame)
    breaks: list[Way] = []
    # What one round leaves behind is joined into the state before the loop, marked as carried over: put together with
    # the next round's step it makes a buffer, no piece. Few rounds suffice, since unions are bounded (see `join`).
    for _ in range(MOST_ROUNDS):
        ended, breaks, news = _round(node, loop, iterable, base, frame)
        if not news:
            break
    frame.state = base
    _leave(node, ended, breaks, frame)


def _round(
    node: AnyLoop, loop: Loop, iterable: Value | None, base: State, frame: Frame
) -> tuple[Way | None, list[Way], bool]:
    """One round. Gives the way on which the test ended the loop, the ways that broke out, and whether the next round
    may see more.
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
        news = base.absorb(changes, lambda value: carry(value, loop)) or news or not base.facts <= facts
        base.facts &= facts
    return ended, around.breaks, news


def _enter(node: AnyLoop, loop: Loop, iterable: Value | None, base: State, frame: Frame) -> Way | None:
    """Come to the body: test, or take the next step. Gives the way past the body, if there is one."""
    if isinstance(node, ast.While):
        evaluate(node.test, frame)
        tested = frame.state.way(base)
        assume(node.test, True, frame)
        return None if _always(node.test) else tested
    assert iterable is not None
    step = handed_to(iterable, Binding(node, node.iter, node.target, loop), frame)
    forget(step, frame)
    assign(node.target, step, None, frame)
    return {}, base.facts


def _always(test: ast.expr) -> bool:
    return isinstance(test, ast.Constant) and bool(test.value)


def _leave(node: AnyLoop, ended: Way | None, breaks: list[Way], frame: Frame) -> None:
    """Go on behind the loop: past its `else`, or from one of its `break`s."""
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
