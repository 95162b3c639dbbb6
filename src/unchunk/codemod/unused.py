"""Imports of parsers that a fix leaves without a use, removed if nothing else in the module needs them."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Sequence
from pathlib import Path

import libcst as cst

from unchunk.codemod.imports import Statement, dotted


def remove_unused(module: cst.Module, parsers: Iterable[str], path: str) -> cst.Module:
    """Drop the imports of parsers that nothing uses any more. What a package's `__init__` imports is for others."""
    if Path(path).name == "__init__.py":
        return module
    used = _used_names(module)
    remover = _Remover({parser.split(".")[0] for parser in parsers}, set(parsers), used)
    changed = module.visit(remover)
    return changed if remover.found else module


def _used_names(module: cst.Module) -> set[str]:
    """Names that are read anywhere, also in annotations that are strings, and those that `__all__` hands out."""
    tree = ast.parse(module.code)
    used = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    for node in ast.walk(tree):
        match node:
            case ast.AnnAssign(annotation=annotation) | ast.arg(annotation=ast.expr() as annotation):
                used |= _words(annotation)
            case (
                ast.FunctionDef(returns=ast.expr() as annotation)
                | ast.AsyncFunctionDef(returns=ast.expr() as annotation)
            ):
                used |= _words(annotation)
            case (
                ast.Assign(targets=[ast.Name(id="__all__")], value=value)
                | ast.AugAssign(target=ast.Name(id="__all__"), value=value)
            ):
                used |= _words(value)
            case ast.Global(names=names) | ast.Nonlocal(names=names):
                used.update(names)
    return used


def _words(node: ast.AST) -> set[str]:
    return {
        word
        for part in ast.walk(node)
        if isinstance(part, ast.Constant) and isinstance(part.value, str)
        for word in re.findall(r"\w+", part.value)
    }


class _Remover(cst.CSTTransformer):
    """Removes import aliases that bind a parser, or its module, to a name that is not used."""

    def __init__(self, roots: set[str], parsers: set[str], used: set[str]) -> None:
        super().__init__()
        self.roots = roots
        self.parsers = parsers
        self.used = used
        self.found = False

    def visit_Try(self, node: cst.Try) -> bool:
        return False  # a fallback for a parser that may be missing

    def visit_If(self, node: cst.If) -> bool:
        return False

    def leave_Module(self, original_node: cst.Module, updated_node: cst.Module) -> cst.Module:
        return updated_node.with_changes(body=self._block(updated_node.body))

    def leave_IndentedBlock(self, original_node: cst.IndentedBlock, updated_node: cst.IndentedBlock) -> cst.BaseSuite:
        body = self._block([part for part in updated_node.body if isinstance(part, Statement)])
        return updated_node.with_changes(body=body) if body else updated_node

    def _block(self, body: Sequence[Statement]) -> list[Statement]:
        kept: list[Statement] = []
        orphaned: Sequence[cst.EmptyLine] | None = None
        for statement in body:
            left = self._left(statement)
            if left is None:
                self.found = True
                if orphaned is None:
                    orphaned = statement.leading_lines
                continue
            if orphaned is not None:
                left = _adopt(left, orphaned, first=not kept)
                orphaned = None
            kept.append(left)
        return kept

    def _left(self, statement: Statement) -> Statement | None:
        """What is left of a statement; None if nothing is."""
        if not isinstance(statement, cst.SimpleStatementLine) or len(statement.body) != 1:
            return statement
        node = statement.body[0]
        if not isinstance(node, (cst.Import, cst.ImportFrom)) or isinstance(node.names, cst.ImportStar):
            return statement
        if statement.trailing_whitespace.comment is not None:
            return statement
        kept = [alias for alias in node.names if not self._goes(node, alias)]
        if not kept or len(kept) == len(node.names):
            return statement if kept else None
        self.found = True
        last = kept[-1].with_changes(comma=node.names[-1].comma)
        return statement.with_changes(body=[node.with_changes(names=[*kept[:-1], last])])

    def _goes(self, node: cst.Import | cst.ImportFrom, alias: cst.ImportAlias) -> bool:
        name = dotted(alias.name)
        spelt = alias.evaluated_alias or name.split(".")[0]
        if spelt in self.used or (alias.evaluated_alias == name):
            return False
        if isinstance(node, cst.Import):
            return name in self.roots
        return node.module is not None and not node.relative and f"{dotted(node.module)}.{name}" in self.parsers


def _adopt(statement: Statement, orphaned: Sequence[cst.EmptyLine], *, first: bool) -> Statement:
    """Give the statement after a removed import the lines that stood above it, if it has none of its own."""
    own: Sequence[cst.EmptyLine] = getattr(statement, "leading_lines", ())
    if not own:
        return statement.with_changes(leading_lines=orphaned)
    if first:
        lines = list(own)
        while lines and lines[0].comment is None:
            lines.pop(0)
        return statement.with_changes(leading_lines=lines)
    return statement
