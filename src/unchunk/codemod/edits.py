"""What a rewrite is made of: edits addressed by where the syntax stands, so that a plan needs no concrete tree."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from typing import NamedTuple, TypeAlias

from unchunk.analysis.findings import Applicability


class Place(NamedTuple):
    """Where a node stands, as `ast` counts: lines from 1, columns from 0 in bytes of UTF-8, the end exclusive."""

    line: int
    column: int
    end_line: int
    end_column: int


def place(node: ast.expr | ast.stmt) -> Place:
    """Where an expression or statement stands; tuples and generators as if there were no parentheses around them."""
    match node:
        case ast.Tuple(elts=[first, *_]) if first.col_offset != node.col_offset:
            return _from_to(first, node.elts[-1])
        case ast.GeneratorExp(elt=first, generators=[*_, ast.comprehension(iter=iterated, ifs=tests)]):
            return _from_to(first, tests[-1] if tests else iterated)
    assert node.end_lineno is not None
    assert node.end_col_offset is not None
    return Place(node.lineno, node.col_offset, node.end_lineno, node.end_col_offset)


def _from_to(first: ast.expr, last: ast.expr) -> Place:
    return Place(*place(first)[:2], *place(last)[2:])


@dataclass(frozen=True, slots=True)
class Replace:
    """An expression becomes `template`, in which `{0}`, `{1}` … stand for the expressions at `holes`, as written.

    Attributes:
        moves: whether the expression itself goes to a hole of another edit, which else would get what it becomes.
    """

    at: Place
    template: str
    holes: tuple[Place, ...] = ()
    moves: bool = False


@dataclass(frozen=True, slots=True)
class Delete:
    """A statement vanishes, with the comments that belong to it; or what it does moves to the head of a loop.

    Attributes:
        loop: where the loop stands that the comments go along to.
    """

    at: Place
    loop: Place | None = None


@dataclass(frozen=True, slots=True)
class Unwrap:
    """A compound statement gives way to the body of the compound statement at `inner`: itself, or one inside of it."""

    at: Place
    inner: Place


@dataclass(frozen=True, slots=True)
class Head:
    """A loop gets another head (`for x in {0}:`) and keeps its body, its `else` and its comments.

    Attributes:
        inside: whether the body is one `try`, and the loop goes inside of that.
    """

    at: Place
    template: str
    holes: tuple[Place, ...] = ()
    inside: bool = False


@dataclass(frozen=True, slots=True)
class Enclose:
    """A loop takes in what follows in a statement's block; it takes the statement's place or (`keep`) takes it in."""

    at: Place
    template: str
    holes: tuple[Place, ...] = ()
    keep: bool = False


@dataclass(frozen=True, slots=True)
class Postpone:
    """What follows a statement in its block (with `keep` the statement, too) moves to a loop of its own after `loop`.

    Attributes:
        instead: the statement that takes the place.
        head: the head of the loop that is made.
    """

    at: Place
    instead: str
    holes: tuple[Place, ...]
    loop: Place
    head: str
    keep: bool = False


@dataclass(frozen=True, slots=True)
class Behind:
    """The body of a compound statement goes behind the loop at `loop`, without the `break` that ends it.

    Attributes:
        orelse: whether it goes to the `else` of the loop, since other things end that, too.
    """

    at: Place
    loop: Place
    orelse: bool = False


@dataclass(frozen=True, slots=True)
class Insert:
    """A statement of one line is added before or after the one at `at`, in the same block."""

    at: Place
    template: str
    after: bool = False
    holes: tuple[Place, ...] = ()


@dataclass(frozen=True, slots=True)
class Attempt:
    """A statement goes into a `try` with one handler, of one statement."""

    at: Place
    handler: str
    instead: str


Edit: TypeAlias = Replace | Delete | Unwrap | Head | Enclose | Postpone | Behind | Insert | Attempt


@dataclass(frozen=True, slots=True)
class Fix:
    """The edits that mend one loop, read or callback; findings of the same place share it.

    Attributes:
        strategy: the name of the strategy that made it.
        applicability: whether it is applied without being asked for.
        edits: in no particular order; they do not overlap but for holes.
        imports: names of the runtime helper that the edits use, as they are spelt in the templates.
        note: what changes for the program, where a person should have a look (unsafe fixes).
    """

    strategy: str
    applicability: Applicability
    edits: tuple[Edit, ...]
    imports: tuple[str, ...]
    note: str = ""


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a shape is left to a person, in one sentence; `final` where no other strategy may be asked."""

    reason: str
    final: bool = False
