"""Imports of parsers that a fix leaves without a use, removed if nothing else in the module needs them."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Sequence
from pathlib import Path

import libcst as cst

from unchunk.codemod.imports import Statement, dotted


def remove_unused(module: cst.Module, parsers: Iterable[str], path: str, before: str) -> cst.Module:
    """Drop the imports of parsers that nothing uses any more. What a package's `__init__` imports is for others.

    `before` is the module as it was: what a function imported without a use is none of our business.
    """
    if Path(path).name == "__init__.py":
        return module
    used = _used_names(module)
    lost = _names_of_functions(ast.parse(before))
    for function, names in _names_of_functions(ast.parse(module.code)).items():
        lost[function] = lost.get(function, set()) - names
    remover = _Remover({parser.split(".")[0] for parser in parsers}, set(parsers), used, lost)
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


def _names_of_functions(tree: ast.Module) -> dict[tuple[str, ...], set[str]]:
    """The names that each function reads, by the names of the functions and classes around it and its own.

    What an inner function reads may be what the outer one has imported.
    """
    found: dict[tuple[str, ...], set[str]] = {}

    def collect(node: ast.AST, around: tuple[str, ...]) -> None:
        for child in ast.iter_child_nodes(node):
            match child:
                case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
                    collect(child, (*around, name))
                    continue
                case ast.Name(id=name):
                    for depth in range(1, len(around) + 1):
                        found.setdefault(around[:depth], set()).add(name)
                case ast.Global(names=names) | ast.Nonlocal(names=names):
                    found.setdefault(around, set()).update(names)
            collect(child, around)

    collect(tree, ())
    return found


def _words(node: ast.AST) -> set[str]:
    return {
        word
        for part in ast.walk(node)
        if isinstance(part, ast.Constant) and isinstance(part.value, str)
        for word in re.findall(r"\w+", part.value)
    }


class _Remover(cst.CSTTransformer):
    """Removes import aliases that bind a parser, or its module, to a name that is not used.

    Args:
        used: the names that the module uses.
        lost: the names that each function used and uses no more.
    """

    def __init__(
        self, roots: set[str], parsers: set[str], used: set[str], lost: dict[tuple[str, ...], set[str]]
    ) -> None:
        super().__init__()
        self.roots = roots
        self.parsers = parsers
        self.used = used
        self.lost = lost
        self.found = False
        self._around: list[str] = []
        self._functions = 0

    def visit_FunctionDef(self, node: cst.FunctionDef) -> None:
        self._around.append(node.name.value)
        self._functions += 1

    def leave_FunctionDef(self, original_node: cst.FunctionDef, updated_node: cst.FunctionDef) -> cst.FunctionDef:
        self._around.pop()
        self._functions -= 1
        return updated_node

    def visit_ClassDef(self, node: cst.ClassDef) -> None:
        self._around.append(node.name.value)

    def leave_ClassDef(self, original_node: cst.ClassDef, updated_node: cst.ClassDef) -> cst.ClassDef:
        self._around.pop()
        return updated_node

    def visit_Try(self, node: cst.Try) -> bool:
        return not _is_fallback(node)

    def visit_If(self, node: cst.If) -> bool:
        return bool(self._functions)  # in a module it chooses what to import

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
        used = spelt not in self.lost.get(tuple(self._around), set()) if self._functions else spelt in self.used
        if used or (alias.evaluated_alias == name):
            return False
        if isinstance(node, cst.Import):
            return name in self.roots
        return node.module is not None and not node.relative and f"{dotted(node.module)}.{name}" in self.parsers


def _is_fallback(node: cst.Try) -> bool:
    """Whether a parser may be missing: nothing but imports is tried, or a failed import is caught."""
    body = node.body.body if isinstance(node.body, cst.IndentedBlock) else ()
    only_imports = all(
        isinstance(line, cst.SimpleStatementLine) and isinstance(line.body[0], (cst.Import, cst.ImportFrom))
        for line in body
    )
    caught = " ".join(cst.Module([]).code_for_node(handler.type) for handler in node.handlers if handler.type)
    return only_imports or "ImportError" in caught or "ModuleNotFoundError" in caught


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
