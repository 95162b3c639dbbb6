"""Reassembly of statement blocks, with the comments and blank lines that belong to what stays."""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import takewhile
from typing import TYPE_CHECKING

import libcst as cst

from unchunk.codemod.edits import (
    Attempt,
    Delete,
    Edit,
    Insert,
    MoveAfterLoop,
    MoveBehind,
    Position,
    ReplaceHeader,
    Unwrap,
    WrapFollowing,
)
from unchunk.codemod.notebook_cells import is_border
from unchunk.codemod.positions import RewriteError

if TYPE_CHECKING:
    from unchunk.codemod.transformer import Rewriter

Statement = cst.BaseStatement | cst.SimpleStatementLine


@dataclass(slots=True)
class Gap:
    """Blank lines above deleted statements, and the comments on them, for the statement that follows."""

    blank: Sequence[cst.EmptyLine] = ()
    comments: list[cst.EmptyLine] = field(default_factory=list)
    dropped: bool = False


@dataclass(slots=True)
class Late:
    """A loop that is built where its body stands, and goes after another loop."""

    loop: cst.For


@dataclass(slots=True)
class BlockBuilder:
    """A block being reassembled, statement by statement."""

    rewriter: Rewriter
    body: list[Statement] = field(default_factory=list)
    footer: list[cst.EmptyLine] = field(default_factory=list)
    touched: bool = False
    gap: Gap = field(default_factory=Gap)
    after: list[Statement] = field(default_factory=list)
    loop: cst.For | None = None
    outside: list[Statement] = field(default_factory=list)
    late: Late | None = None

    def take(self, old: cst.CSTNode, new: Statement) -> None:
        edits = self._edits(old)
        lost = self.rewriter.lost_in(old)
        if edits or lost:
            self.touched = True
            new = with_comments(new, lost)
        for edit in edits:
            if isinstance(edit, Insert) and not edit.after:
                new = self._insert(edit, new)
            elif isinstance(edit, Insert):
                self.after += self.rewriter.statements(edit.template, edit.holes)
        self._main(edits, old, new)
        if (late := self.rewriter.postponed_by(old)) is not None:
            self.touched = True
            self.body.append(late)
        self.body += [*self.after, *self.rewriter.behind(old)]
        self.after = []

    def _edits(self, old: cst.CSTNode) -> list[Edit]:
        edits = list(self.rewriter.edits_at(old))
        if isinstance(old, cst.SimpleStatementLine):
            for small in old.body[1:]:
                edits += self.rewriter.edits_at(small)
        return edits

    def _main(self, edits: list[Edit], old: cst.CSTNode, new: Statement) -> None:
        for edit in edits:
            match edit:
                case Delete():
                    self._delete(edits, old, new)
                    return
                case Unwrap():
                    self._unwrap(edit, old, new)
                    return
                case ReplaceHeader():
                    self._add(self._with_head(edit, new))
                    return
                case WrapFollowing():
                    self._enclose(edit, new)
                    return
                case MoveAfterLoop():
                    self._postpone(edit, new)
                    return
                case Attempt():
                    self._add(self._attempt(edit, new))
                    return
                case MoveBehind():
                    behind = self.rewriter.moved_to_else if edit.orelse else self.rewriter.moved_behind
                    moved = behind[self.rewriter.start(edit.loop)] = unbroken(new)
                    self._skip(new, self._lost(new, moved))
                    return
        self._add(new)

    def _add(self, statement: Statement) -> None:
        """Add a statement; after one that vanished it gets the blank lines that stood there."""
        if self.gap.dropped:
            statement = after_gap(statement, self.gap, first=not self.body)
            self.gap = Gap()
        self.body.append(statement)

    def _skip(self, statement: Statement, lost: Iterable[cst.Comment]) -> None:
        if not self.gap.dropped:
            self.gap = Gap(blank_lines(statement), dropped=True)
        self.gap.comments += lines_of(lost)

    def _lost(self, old: cst.CSTNode, kept: Iterable[cst.CSTNode] = ()) -> list[cst.Comment]:
        """Return the comments of a node that neither its kept parts nor expressions moved elsewhere contain."""
        stay = {id(comment) for node in kept for comment in comments_in(node)}
        return [comment for comment in comments_in(old, self.rewriter.kept) if id(comment) not in stay]

    def _delete(self, edits: list[Edit], old: cst.CSTNode, new: Statement) -> None:
        """Drop a statement, or the deleted ones of several on one line."""
        if isinstance(old, cst.SimpleStatementLine) and isinstance(new, cst.SimpleStatementLine) and len(old.body) > 1:
            gone = [edit.at for edit in edits if isinstance(edit, Delete)]
            kept = [
                small
                for before, small in zip(old.body, new.body, strict=True)
                if not any(self.rewriter.starts_at(before, place) for place in gone)
            ]
            if kept:
                last = kept[-1].with_changes(semicolon=cst.MaybeSentinel.DEFAULT)
                left = new.with_changes(body=[*kept[:-1], last])
                self._add(with_comments(left, self._lost(new, [left])))
                return
        lost = self._lost(new)
        for edit in edits:
            if isinstance(edit, Delete) and edit.loop is not None:
                self.rewriter.moved.setdefault(self.rewriter.start(edit.loop), []).extend(lost)
                lost = []
        self._skip(new, lost)

    def _unwrap(self, edit: Unwrap, old: cst.CSTNode, new: Statement) -> None:
        before, inner = old, new
        while not self.rewriter.starts_at(before, edit.inner):
            assert isinstance(before, cst.If)
            assert isinstance(inner, cst.If)
            assert before.orelse is not None
            assert isinstance(inner.orelse, cst.If)
            before, inner = before.orelse, inner.orelse
        body = getattr(inner, "body", None)
        if isinstance(body, cst.SimpleStatementSuite):
            line = cst.SimpleStatementLine(body.body, trailing_whitespace=body.trailing_whitespace)
            self._skip(new, self._lost(new, [line]))
            self._add(line)
            return
        if not isinstance(body, cst.IndentedBlock):
            raise RewriteError("the statement has no body")
        self._skip(new, self._lost(new, [*body.body, *body.footer]))
        for statement in body.body:
            self._add(statement)
        self.footer += body.footer

    def _with_head(self, edit: ReplaceHeader, new: Statement) -> Statement:
        if not isinstance(new, (cst.While, cst.For)):
            raise RewriteError("there is no loop")
        head = self._loop(edit.template, edit.holes, edit.at)
        head_lost = self._lost(new, [new.body, *new.leading_lines, *([new.orelse] if new.orelse else [])])
        lines = [*new.leading_lines, *lines_of(head_lost)]
        for comment in self.rewriter.moved.pop(self.rewriter.start(edit.at), []):
            if comment.value not in [line.comment.value for line in lines if line.comment is not None]:
                lines += lines_of([comment])
        orelse = new.orelse
        if last := self.rewriter.moved_to_else.pop(self.rewriter.start(edit.at), None):
            orelse = cst.Else(cst.IndentedBlock(last))
        loop = head.with_changes(body=new.body, orelse=orelse, leading_lines=lines)
        return self._turned_inside(loop) if edit.inside else loop

    @staticmethod
    def _turned_inside(loop: cst.For) -> cst.Try:
        """Return the `try` that is a loop's body, with the loop inside it."""
        match loop.body:
            case cst.IndentedBlock(body=[cst.Try() as tried], footer=footer):
                pass
            case _:
                raise RewriteError("there is more than a `try` in the loop")
        inner = loop.with_changes(body=tried.body, leading_lines=tried.leading_lines)
        return tried.with_changes(
            body=cst.IndentedBlock([inner], header=loop.body.header, footer=footer), leading_lines=loop.leading_lines
        )

    def _enclose(self, edit: WrapFollowing, new: Statement) -> None:
        loop = self._loop(edit.template, edit.holes, edit.at)
        self._add(self._in_place(loop, new, keep=edit.keep))
        self._open(with_leading(new, ()) if edit.keep else None)

    def _postpone(self, edit: MoveAfterLoop, new: Statement) -> None:
        (instead,) = self.rewriter.statements(edit.instead, edit.holes)
        self._add(self._in_place(instead, new, keep=edit.keep))
        loop = self._loop(edit.head, (), edit.at)
        self.rewriter.postponed[self.rewriter.start(edit.loop)] = self.late = Late(loop)
        self.body.append(loop)
        self._open(with_leading(new, ()) if edit.keep else None)

    def _in_place(self, made: Statement, old: Statement, *, keep: bool) -> Statement:
        """Return a statement in place of another, with the lines above that one and the comments in it."""
        made = with_leading(made, leading(old))
        return made if keep else with_comments(made, self._lost(old, leading(old)))

    def _attempt(self, edit: Attempt, new: Statement) -> Statement:
        (tried,) = self.rewriter.statements(f"try:\n    pass\n{edit.handler}\n    {edit.instead}\n", ())
        return tried.with_changes(body=cst.IndentedBlock([with_leading(new, ())]), leading_lines=leading(new))

    def _loop(self, head: str, holes: Sequence[Position], at: Position) -> cst.For:
        (loop,) = self.rewriter.statements(f"{head}\n    pass\n", holes)
        if not isinstance(loop, cst.For):
            raise RewriteError("there is no loop")
        return loop

    def _open(self, first: Statement | None) -> None:
        """Collect the following statements in the body of the loop added last."""
        loop = self.body.pop()
        if self.loop is not None or not isinstance(loop, cst.For):
            raise RewriteError("two fixes would take in the same statements")
        self.loop, self.outside, self.body = loop, self.body, [] if first is None else [first]

    def _insert(self, edit: Insert, anchor: Statement) -> Statement:
        """Add statements before the anchor, which passes the blank lines above it on; a function gets some around
        it.
        """
        made = self.rewriter.statements(edit.template, edit.holes)
        blank = blank_lines(anchor)
        function = isinstance(made[-1], cst.FunctionDef)
        if function and self.body and not blank:
            blank = [cst.EmptyLine(indent=False)]
        self._add(with_leading(made[0], blank))
        for statement in made[1:]:
            self._add(statement)
        rest = leading(anchor)[len(blank_lines(anchor)) :]
        return with_leading(anchor, [cst.EmptyLine(indent=False), *rest] if function else rest)

    def finish(self) -> list[Statement]:
        rest = self.gap.comments
        if self.loop is None:
            self.footer = [*rest, *self.footer]
            return self.body
        if any(map(is_border, self.body)):
            raise RewriteError("what stands in the cells that follow would have to move into the loop")
        body = self.body or [cst.SimpleStatementLine([cst.Pass()])]
        loop = self.loop.with_changes(body=cst.IndentedBlock(body, footer=rest))
        if self.late is None:
            return [*self.outside, loop]
        self.late.loop = loop
        return self.outside


def unbroken(statement: Statement) -> list[Statement]:
    """Return the body of a statement, without the `break` at its end."""
    body = getattr(statement, "body", None)
    if isinstance(body, cst.SimpleStatementSuite):
        lines: list[Statement] = [cst.SimpleStatementLine(body.body)]
    elif isinstance(body, cst.IndentedBlock):
        lines = [*body.body]
    else:
        raise RewriteError("the statement has no body")
    *before, last = lines
    if not isinstance(last, cst.SimpleStatementLine) or not isinstance(last.body[-1], cst.Break):
        return lines
    if len(last.body) == 1:
        return before
    *smalls, small = last.body[:-1]
    return [*before, last.with_changes(body=[*smalls, small.with_changes(semicolon=cst.MaybeSentinel.DEFAULT)])]


def leading(statement: Statement) -> Sequence[cst.EmptyLine]:
    lines: Sequence[cst.EmptyLine] = getattr(statement, "leading_lines", ())
    return lines


def comments_in(node: cst.CSTNode, but: Container[int] = ()) -> Iterator[cst.Comment]:
    """Yield the comments on the lines of a node in order, brackets and blocks included.

    `but` has the ids of nodes that are not looked into.
    """
    if isinstance(node, cst.Comment):
        yield node
    elif id(node) not in but:
        for child in node.children:
            yield from comments_in(child, but)


def lines_of(comments: Iterable[cst.Comment]) -> list[cst.EmptyLine]:
    return [cst.EmptyLine(comment=_untyped(comment)) for comment in comments]


def _untyped(comment: cst.Comment) -> cst.Comment:
    """Return the comment so that no type checker reads it as a type comment on a line of its own."""
    match = re.fullmatch(r"#\s*(type:\s*(?!ignore).*)", comment.value)
    return comment.with_changes(value=f"# ({match[1]})") if match else comment


def with_comments(statement: Statement, comments: Iterable[cst.Comment]) -> Statement:
    """Return the statement with comments on lines of their own right above it."""
    return with_leading(statement, [*leading(statement), *lines_of(comments)])


def with_leading(statement: Statement, lines: Sequence[cst.EmptyLine]) -> Statement:
    return statement.with_changes(leading_lines=lines)


def blank_lines(statement: Statement) -> list[cst.EmptyLine]:
    """Return the blank lines at the top of what stands above a statement."""
    return list(takewhile(lambda line: line.comment is None, leading(statement)))


def without_blank_lines(statement: Statement) -> Statement:
    return with_leading(statement, leading(statement)[len(blank_lines(statement)) :])


def after_gap(statement: Statement, gap: Gap, *, first: bool) -> Statement:
    if first:
        statement = without_blank_lines(statement)
    elif any(line.comment is None for line in leading(statement)):
        return with_leading(statement, [*gap.comments, *leading(statement)])
    return with_leading(statement, [*gap.blank, *gap.comments, *leading(statement)])
