"""Application of edits to a concrete tree, by their positions."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TypeVar

import libcst as cst
from libcst.metadata import MetadataWrapper, PositionProvider

from unchunk.codemod.blocks import BlockBuilder, Late, Statement, comments_in
from unchunk.codemod.edits import Edit, Position, Replace
from unchunk.codemod.positions import Positions, RewriteError
from unchunk.codemod.templates import Filler, with_holes

Block = TypeVar("Block", cst.Module, cst.IndentedBlock)


class Rewriter(cst.CSTTransformer):
    METADATA_DEPENDENCIES = (PositionProvider,)

    def __init__(self, places: Positions, edits: Iterable[Edit], names: dict[str, str], *, single: bool) -> None:
        super().__init__()
        self.names = names
        self.single = single
        self.made: list[cst.Call] = []
        self.missing: set[Edit] = set()
        self.moved: dict[tuple[int, int], list[cst.Comment]] = {}
        self.postponed: dict[tuple[int, int], Late] = {}
        self.moved_behind: dict[tuple[int, int], list[Statement]] = {}
        self.moved_to_else: dict[tuple[int, int], list[Statement]] = {}
        self._places = places
        self._lost: list[tuple[tuple[int, int], cst.Comment]] = []
        self._kept: dict[tuple[int, int, int, int], cst.BaseExpression] = {}
        self._holes: set[tuple[int, int, int, int]] = set()
        self._taken: set[tuple[int, int, int, int]] = set()
        self._expressions: dict[tuple[int, int, int, int], Replace] = {}
        self._statements: dict[tuple[int, int], list[Edit]] = {}
        for edit in edits:
            self._add(edit)

    def _add(self, edit: Edit) -> None:
        self.missing.add(edit)
        if isinstance(edit, Replace):
            self._expressions[self._places.whole(edit.at)] = edit
        else:
            self._statements.setdefault(self._places.start(edit.at), []).append(edit)
        for hole in getattr(edit, "holes", ()):
            self._holes.add(self._places.whole(hole))

    def collect(self, wrapper: MetadataWrapper) -> None:
        """Collect the expressions at holes as they are written, for edits made before they are visited."""
        for node, where in wrapper.resolve(PositionProvider).items():
            key = (where.start.line, where.start.column, where.end.line, where.end.column)
            if key in self._holes and isinstance(node, cst.BaseExpression):
                self._kept[key] = node
        if self._holes - self._kept.keys():
            raise RewriteError("the expression is not where it should be")

    # Expressions

    def on_leave(
        self, original_node: cst.CSTNodeT, updated_node: cst.CSTNodeT
    ) -> cst.CSTNodeT | cst.RemovalSentinel | cst.FlattenSentinel[cst.CSTNodeT]:
        result = super().on_leave(original_node, updated_node)
        if isinstance(original_node, cst.BaseExpression) and isinstance(result, cst.BaseExpression):
            return self._expression(original_node, result)  # type: ignore[return-value]
        return result

    def _expression(self, original: cst.BaseExpression, updated: cst.BaseExpression) -> cst.BaseExpression:
        where = self.get_metadata(PositionProvider, original, None)
        if where is None:
            return updated
        key = (where.start.line, where.start.column, where.end.line, where.end.column)
        edit = self._expressions.pop(key, None)
        if key in self._holes:
            self._kept[key] = updated
        if edit is None:
            return updated
        self.missing.discard(edit)
        apart = self.kept if edit.moves else self.kept - {id(updated)}
        made = self._fill(cst.parse_expression(with_holes(edit.template)), edit.holes)
        if isinstance(updated, cst.GeneratorExp) and isinstance(made, cst.GeneratorExp):
            made = made.with_changes(lpar=updated.lpar, rpar=updated.rpar)
        there = {id(comment) for comment in comments_in(made)}
        lost = [comment for comment in comments_in(updated, apart) if id(comment) not in there]
        self._lost += [(key[:2], comment) for comment in lost]
        if key in self._holes and not edit.moves:
            self._kept[key] = made  # for edits of what is around
        return made

    @property
    def kept(self) -> set[int]:
        """Return the ids of the expressions that holes are filled with."""
        return {id(node) for node in self._kept.values()}

    def _fill(self, template: cst.CSTNodeT, holes: Sequence[Position]) -> cst.CSTNodeT:
        kept = [self._take(self._places.whole(hole)) for hole in holes]
        filler = Filler(kept, self.names, single=self.single)
        made = template.visit(filler)
        assert not isinstance(made, (cst.RemovalSentinel, cst.FlattenSentinel))
        self.made += filler.calls
        return made

    def _take(self, hole: tuple[int, int, int, int]) -> cst.BaseExpression:
        """Return the expression for a hole; a copy of it where it has been used already."""
        again = hole in self._taken
        self._taken.add(hole)
        return self._kept[hole].deep_clone() if again else self._kept[hole]

    # Statements

    def leave_Module(self, original_node: cst.Module, updated_node: cst.Module) -> cst.Module:
        return self._block(original_node, updated_node)

    def leave_IndentedBlock(self, original_node: cst.IndentedBlock, updated_node: cst.IndentedBlock) -> cst.BaseSuite:
        return self._block(original_node, updated_node)

    def _block(self, original: Block, updated: Block) -> Block:
        if not self._statements and not self._lost:
            return updated
        build: BlockBuilder = BlockBuilder(self)
        for old, new in zip(original.body, updated.body, strict=True):
            build.take(old, new)
        body = build.finish()
        if not build.touched:
            return updated
        if isinstance(updated, cst.Module):
            return updated.with_changes(body=body, footer=[*build.footer, *updated.footer])
        return updated.with_changes(
            body=body or [cst.SimpleStatementLine([cst.Pass()])], footer=[*build.footer, *updated.footer]
        )

    def edits_at(self, node: cst.CSTNode) -> list[Edit]:
        where = self.get_metadata(PositionProvider, node, None)
        if where is None:
            return []
        edits = self._statements.get((where.start.line, where.start.column), [])
        self.missing.difference_update(edits)
        return edits

    def lost_in(self, statement: cst.CSTNode) -> list[cst.Comment]:
        """Take the comments of expressions that an edit has replaced in a statement."""
        where = self.get_metadata(PositionProvider, statement, None)
        if where is None or not self._lost:
            return []
        start, end = (where.start.line, where.start.column), (where.end.line, where.end.column)
        found = [comment for at, comment in self._lost if start <= at < end]
        self._lost = [(at, comment) for at, comment in self._lost if not start <= at < end]
        return found

    def start(self, place: Position) -> tuple[int, int]:
        return self._places.start(place)

    def postponed_by(self, node: cst.CSTNode) -> cst.For | None:
        """Return the loop that goes after this statement."""
        where = self.get_metadata(PositionProvider, node, None)
        late = self.postponed.pop((where.start.line, where.start.column), None) if where and self.postponed else None
        return None if late is None else late.loop

    def behind(self, node: cst.CSTNode) -> list[Statement]:
        """Return the statements that go behind this one."""
        where = self.get_metadata(PositionProvider, node, None)
        return self.moved_behind.pop((where.start.line, where.start.column), []) if where and self.moved_behind else []

    def starts_at(self, node: cst.CSTNode, place: Position) -> bool:
        where = self.get_metadata(PositionProvider, node)
        return (where.start.line, where.start.column) == self._places.start(place)

    def statements(self, template: str, holes: Sequence[Position]) -> list[Statement]:
        module = self._fill(cst.parse_module(with_holes(template)), holes)
        return list(module.body)
