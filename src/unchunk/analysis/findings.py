"""The engine's results: findings, their places, the data flow to them, and the fix's applicability.

One `Finding` feeds every shell: flake8, text, JSON, SARIF, `--diff`, the codemod. Nothing in this module knows how
findings are made.
"""

from __future__ import annotations

import ast
import enum
from dataclasses import dataclass, field


class Framing(enum.Enum):
    """The content of one step of an iteration, or of one read. See the table in the README."""

    CHUNK = "chunk"
    LINE = "line"
    EVENT = "event"
    MESSAGE = "message"
    FRAGMENT = "fragment"
    OBJECT = "object"
    WHOLE = "whole"


@dataclass(frozen=True, slots=True)
class InCell:
    """A range in a notebook's cell: `cell` counts from 1 among all cells, the rest as in `Span`."""

    cell: int
    line: int
    column: int
    end_line: int
    end_column: int


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A range of source text: lines count from 1, columns from 0 in characters (not bytes), the end is exclusive.

    In a notebook these are lines of the file, and `cell` tells the place as a person sees it.
    """

    line: int
    column: int
    end_line: int
    end_column: int
    cell: InCell | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class TraceStep:
    """One step of the data flow from source to parse call."""

    span: Span
    text: str
    path: str | None = None
    """The file, where it is another one than the finding's."""


class Applicability(enum.Enum):
    """The safety of a fix: it keeps the meaning on streams that were cut well (safe), or needs review (unsafe)."""

    SAFE = "safe"
    UNSAFE = "unsafe"


@dataclass(frozen=True, slots=True)
class Site:
    """The syntax around a finding, as the planner of a rewrite needs it. Nodes are those of `tree`, by identity.

    Attributes:
        tree: the module.
        parse: the parse call, or, where a parser is passed on (`map(json.loads, …)`), the call it is passed to.
        argument: the expression that is parsed; None where the parser is passed on.
        parser: canonical dotted name of the parser, such as `json.loads` or `orjson.loads`.
        producer: what hands out the steps: `For`, `AsyncFor`, `comprehension`, `While`, a `Call` (`map`, a single
            read), a function definition (a callback such as `data_received`, or a generator).
        step: for loops and comprehensions the expression iterated over; for reads the read call; for callbacks the
            parameter.
        target: what the step is bound to (the loop target, the assigned name, a parameter); None where it has no name.
        path: the nodes that the value goes through from the producer to the argument, in order (assignments, `decode`,
            slices, the inner loop over split pieces, calls of helpers, returns, yields).
        text: True where a step is `str`, False for bytes, None where it cannot be told.
        split: the call or expression that splits a step into pieces, if any (UNC102).
        try_: the innermost `try` whose handler catches what the parse call raises, if any.
        swallowed: whether that handler drops the data silently (`pass`, `continue`, only logging).
        source: the call, name or parameter that the steps come from, which may stand in another function than the
            producer; None where it is in another file.
        announced: whether a step is one read of a length that the stream itself has told before.
        idle: whether a read that brings nothing tells that nothing has come yet, and not the end.
        decoded: whether a step may be an event that the client has decoded: nobody knows.
        call: where the parse call stands in another file, the call of this file that leads there; else None.
        helpers: then the functions of other files on the way, by the names that they are called by.
    """

    tree: ast.Module
    parse: ast.expr
    argument: ast.expr | None
    parser: str
    producer: ast.AST
    step: ast.expr | ast.arg
    target: ast.expr | ast.arg | None
    path: tuple[ast.AST, ...] = ()
    text: bool | None = None
    split: ast.expr | None = None
    try_: ast.Try | None = None
    swallowed: bool = False
    source: ast.AST | None = None
    announced: bool = False
    idle: bool = False
    decoded: bool = False
    call: ast.Call | None = None
    helpers: tuple[tuple[str, ast.FunctionDef | ast.AsyncFunctionDef], ...] = ()


@dataclass(frozen=True, slots=True)
class Finding:
    """One parse call that treats a piece of a stream as a whole document.

    Attributes:
        code, name: the rule, such as `UNC101` and `chunk-parse`.
        path: the file as the caller named it.
        span: the parse call.
        message: one sentence: the source, its framing, what goes wrong, the helper that fixes it. Starts without the
            code.
        source: where the steps come from (the iterable or the read call).
        framing: what a step of the source is.
        source_name: the source in words, such as `requests Response.iter_content()`.
        trace: the stations from source to parse, in order, both included.
        site: the syntax around it, for whoever plans a rewrite; not compared and not printed.
        source_path: the file of the source where it is another one than `path` (findings across files). also: the
            findings of the same call about other sources that reach it: for whoever plans a rewrite, who has to mend
            all of them; not compared and not printed.
    """

    code: str
    name: str
    path: str
    span: Span
    message: str
    source: Span
    framing: Framing
    source_name: str
    trace: tuple[TraceStep, ...] = ()
    site: Site | None = field(default=None, compare=False, repr=False)
    source_path: str | None = None
    alternatives: tuple[Finding, ...] = field(default=(), compare=False, repr=False)
