"""Symbolic execution of a loop body, up to the parser, on a made-up piece.

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
from unchunk.codemod.symbolic.expressions import Policy, Setting
from unchunk.codemod.symbolic.runs import UNKNOWN, End, Trace, is_whole
from unchunk.codemod.symbolic.statements import Executor
from unchunk.codemod.symbolic.values import holds_document
from unchunk.codemod.syntax import Function

__all__ = ["UNKNOWN", "End", "Policy", "SymbolicRunner", "Trace"]

_MAX_RUNS = 64
STEPS_A_RUN = 10
"""Cost of starting a run, and of examining its outcome."""


class SymbolicRunner:
    """A runner of a body on made-up pieces.

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

    def watching(self, names: frozenset[str]) -> SymbolicRunner:
        """Return the same runner with assignments to some names among the observations."""
        found = copy(self)
        found.setting = replace(self.setting, watched=names)
        return found

    def runs(self, piece: str | bytes) -> list[Trace]:
        """Return every path through the body that the piece may take."""
        # Depth first over the answers to unknown tests. A test whose value follows from the piece is no choice, so that
        # a body that looks at nothing but the piece has one path, and the comparison of two cuts is exact.
        done: list[Trace] = []
        pending: list[tuple[bool, ...]] = [()]
        while pending and len(done) < _MAX_RUNS:
            answers = pending.pop()
            trial = Executor(self.setting, answers)
            done.append(trial.run(self.body, self.bind, piece, self.names))
            budget.run(STEPS_A_RUN + trial.steps)
            # What was not answered was taken for false: each such test may go the other way, the last one first.
            guessed = range(max(len(answers), trial.asked - _MAX_RUNS), trial.asked)
            pending += [(*answers, *[False] * (number - len(answers)), True) for number in guessed]
        return done

    def gives_up(self, runs: Sequence[Trace]) -> bool:
        """Decide whether there may be more paths than were run."""
        return len(runs) >= _MAX_RUNS

    def run_by(self, policy: Policy, piece: str | bytes) -> tuple[Trace, tuple[ast.AST, ...]]:
        """Return the run on which unknown tests are answered by a policy, and the tests that were met."""
        trial = Executor(self.setting, policy)
        return trial.run(self.body, self.bind, piece, self.names), tuple(trial.tests)

    def accepts(self, piece: str | bytes) -> bool:
        """Decide whether some path parses the piece, and all paths parse whole documents only.

        What hangs on the value of a document must not decide over whether the rest of the piece can be parsed.
        """
        runs = self.runs(piece)
        return any(run.end is not End.ERROR and _is_digested(run.parsed) for run in runs) and not any(
            run.end is End.ERROR and not run.early_guess and _trips(run.parsed) for run in runs
        )

    def ignores(self, piece: str | bytes) -> bool:
        """Decide whether the body surely ignores the piece."""
        return all(run.idle for run in self.runs(piece))


def _trips(parsed: list[Any]) -> bool:
    """Decide whether a document was parsed, and then something that is none."""
    return len(parsed) > 1 and is_whole(parsed[0]) and not (parsed[-1] is UNKNOWN or is_whole(parsed[-1]))


def _is_digested(parsed: list[Any]) -> bool:
    """Decide whether documents were parsed, and besides them at most blanks, whose error was caught.

    A slice of the made-up document may happen to be one itself, such as its number: that is not what the body is for.
    """
    documents = [value for value in parsed if not (isinstance(value, (str, bytes)) and not value.strip())]
    return bool(documents) and all(is_whole(value) and holds_document(value) for value in documents)
