"""Edits addressed by source positions, so that a plan needs no concrete tree."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from typing import NamedTuple, TypeAlias

from unchunk.analysis.findings import Applicability


class Position(NamedTuple):
    """A node's position as `ast` counts: lines from 1, columns from 0 in bytes of UTF-8, the end exclusive."""

    line: int
    column: int
    end_line: int
    end_column: int


def position_of(node: ast.expr | ast.stmt) -> Position:
    """Return the position of an expression or statement, without the parentheses of tuples and generators."""
    match node:
        case ast.Tuple(elts=[first, *_]) if first.col_offset != node.col_offset:
            return _from_to(first, node.elts[-1])
        case ast.GeneratorExp(elt=first, generators=[*_, ast.comprehension(iter=iterated, ifs=tests)]):
            return _from_to(first, tests[-1] if tests else iterated)
    assert node.end_lineno is not None
    assert node.end_col_offset is not None
    return Position(node.lineno, node.col_offset, node.end_lineno, node.end_col_offset)


def _from_to(first: ast.expr, last: ast.expr) -> Position:
    return Position(*position_of(first)[:2], *position_of(last)[2:])


@dataclass(frozen=True, slots=True)
class Replace:
    """Replace an expression by `template`, in which `{0}`, `{1}` … stand for the source of the expressions at `holes`.

    Attributes:
        moves: whether the expression itself goes to a hole of another edit, which else would get what it becomes.
    """

    at: Position
    template: str
    holes: tuple[Position, ...] = ()
    moves: bool = False


@dataclass(frozen=True, slots=True)
class Delete:
    """Delete a statement with its comments; or move what it does to the head of a loop.

    Attributes:
        loop: where the loop stands that the comments go along to.
    """

    at: Position
    loop: Position | None = None


@dataclass(frozen=True, slots=True)
class Unwrap:
    """Replace a compound statement by the body of the compound statement at `inner`: itself, or one inside it."""

    at: Position
    inner: Position


@dataclass(frozen=True, slots=True)
class ReplaceHeader:
    """Replace the head of a loop (`for x in {0}:`), and keep its body, its `else` and its comments.

    Attributes:
        inside: whether the body is one `try`, and the loop goes inside of that.
    """

    at: Position
    template: str
    holes: tuple[Position, ...] = ()
    inside: bool = False


@dataclass(frozen=True, slots=True)
class WrapFollowing:
    """Wrap what follows in a statement's block into a loop that replaces the statement or (`keep`) includes it."""

    at: Position
    template: str
    holes: tuple[Position, ...] = ()
    keep: bool = False


@dataclass(frozen=True, slots=True)
class MoveAfterLoop:
    """Move what follows a statement in its block (with `keep` the statement, too) to a loop of its own after `loop`.

    Attributes:
        instead: the statement that takes the place.
        head: the head of the loop that is made.
    """

    at: Position
    instead: str
    holes: tuple[Position, ...]
    loop: Position
    head: str
    keep: bool = False


@dataclass(frozen=True, slots=True)
class MoveBehind:
    """Move the body of a compound statement behind the loop at `loop`, without the `break` that ends it.

    Attributes:
        orelse: whether it goes to the `else` of the loop, since other things end that, too.
    """

    at: Position
    loop: Position
    orelse: bool = False


@dataclass(frozen=True, slots=True)
class Insert:
    """Add a one-line statement before or after the one at `at`, in the same block."""

    at: Position
    template: str
    after: bool = False
    holes: tuple[Position, ...] = ()


@dataclass(frozen=True, slots=True)
class Attempt:
    """Wrap a statement into a `try` with one handler, of one statement."""

    at: Position
    handler: str
    instead: str


Edit: TypeAlias = (
    Replace | Delete | Unwrap | ReplaceHeader | WrapFollowing | MoveAfterLoop | MoveBehind | Insert | Attempt
)


@dataclass(frozen=True, slots=True)
class Fix:
    """The edits that fix one loop, read or callback; findings of the same site share it.

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
    """The reason, in one sentence, why code is left to a person; `final` where no other strategy may be asked."""

    reason: str
    final: bool = False
