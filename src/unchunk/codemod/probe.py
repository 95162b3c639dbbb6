"""Runs what a loop body does to a piece, up to the parser, on a piece that we make up.

Which pieces a body can digest is a matter of fact: one that cuts `data: ` off, decodes and tests for blanks is made for
lines or events of an SSE stream, one that splits at `"\\r\\n"` for lines that end so. Reading the fact off a trial run
beats recognising idioms: whatever a body does with the methods of strings is understood.

Only strings, numbers and lists are computed with, by methods that cannot do harm; everything else is `UNKNOWN`, and a
test that is unknown goes both ways.
"""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence
from copy import copy
from dataclasses import replace
from typing import Any

from unchunk.codemod.budget import budget
from unchunk.codemod.constants import Constant
from unchunk.codemod.syntax import Function
from unchunk.codemod.trial.expressions import Policy, Setting
from unchunk.codemod.trial.runs import UNKNOWN, End, Run, is_whole
from unchunk.codemod.trial.statements import Trial
from unchunk.codemod.trial.values import holds_document

__all__ = ["UNKNOWN", "End", "Policy", "Probe", "Run"]

_MOST_RUNS = 64
STEPS_A_RUN = 10
"""What it takes to begin one, and to look at what came of it."""


class Probe:
    """Tries pieces on a body.

    Args:
        body: the statements that a step goes through.
        bind: what the step is bound to in them; None if it has no name.
        parses: the parse calls that matter, each with the expression that is parsed.
        functions: functions of the module that may be looked into, by the name they are called by (`self.` left out).
        step: an expression in the body that stands for the step itself (a read call).
        consumer: what goes on with a value that the body yields: a loop's target and body.
        constants: names that stand for constants in the module, and those that do in the functions around the body.
    """

    def __init__(
        self,
        body: Sequence[ast.stmt],
        bind: ast.expr | ast.arg | None,
        parses: dict[ast.expr, ast.expr | None],
        functions: Mapping[str, Function | ast.Lambda] | None = None,
        step: ast.expr | None = None,
        consumer: tuple[ast.expr, Sequence[ast.stmt]] | None = None,
        constants: tuple[Mapping[str, Constant], Mapping[str, Constant]] = ({}, {}),
    ) -> None:
        self.body = body
        self.bind = bind
        of_module, self.names = constants
        self.setting = Setting(parses, functions or {}, step, consumer, of_module, self.names)

    def watching(self, names: frozenset[str]) -> Probe:
        """The same, with each value that one of some names is given among what can be observed."""
        found = copy(self)
        found.setting = replace(self.setting, watched=names)
        return found

    def runs(self, piece: str | bytes) -> list[Run]:
        """Every way through the body that the piece may take."""
        # Depth first over the answers to unknown tests. A test whose value follows from the piece is no choice, so that
        # a body that looks at nothing but the piece has one path, and the comparison of two cuts is exact.
        done: list[Run] = []
        pending: list[tuple[bool, ...]] = [()]
        while pending and len(done) < _MOST_RUNS:
            answers = pending.pop()
            trial = Trial(self.setting, answers)
            done.append(trial.run(self.body, self.bind, piece, self.names))
            budget.run(STEPS_A_RUN + trial.steps)
            # What was not answered was taken for false: each such test may go the other way, the last one first.
            guessed = range(max(len(answers), trial.asked - _MOST_RUNS), trial.asked)
            pending += [(*answers, *[False] * (number - len(answers)), True) for number in guessed]
        return done

    def gives_up(self, runs: Sequence[Run]) -> bool:
        """Whether there may be more ways through than were gone."""
        return len(runs) >= _MOST_RUNS

    def run_by(self, policy: Policy, piece: str | bytes) -> tuple[Run, tuple[ast.AST, ...]]:
        """The one way through on which unknown tests go as a policy says, and those that are met."""
        trial = Trial(self.setting, policy)
        return trial.run(self.body, self.bind, piece, self.names), tuple(trial.tests)

    def digests(self, piece: str | bytes) -> bool:
        """Whether there is a way through on which the piece is parsed, and whatever is parsed is a whole document.

        What hangs on the value of a document must not decide over whether the rest of the piece can be parsed.
        """
        runs = self.runs(piece)
        return any(run.end is not End.ERROR and _is_digested(run.parsed) for run in runs) and not any(
            run.end is End.ERROR and not run.early_guess and _trips(run.parsed) for run in runs
        )

    def idle(self, piece: str | bytes) -> bool:
        """Whether the body surely does nothing with the piece."""
        return all(run.idle for run in self.runs(piece))


def _trips(parsed: list[Any]) -> bool:
    """Whether a document was parsed, and then something that is none."""
    return len(parsed) > 1 and is_whole(parsed[0]) and not (parsed[-1] is UNKNOWN or is_whole(parsed[-1]))


def _is_digested(parsed: list[Any]) -> bool:
    """Whether documents were parsed, and besides them blanks at the most, whose error was caught.

    A slice of the made-up document may happen to be one itself, such as its number: that is not what the body is for.
    """
    documents = [value for value in parsed if not (isinstance(value, (str, bytes)) and not value.strip())]
    return bool(documents) and all(is_whole(value) and holds_document(value) for value in documents)
