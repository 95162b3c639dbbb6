"""Corresponding calls of two programs: marks on the nodes of a tree, kept by every change."""

from __future__ import annotations

import ast
import copy
from collections import Counter
from pathlib import Path

from unchunk.analysis import Settings, check_source

from .programs import Program

Mark = tuple[int, int]
Place = tuple[int, int, int, int]
Found = Counter[tuple[str, Mark | None]]
MAIN = "program.py"


def marked(text: str) -> ast.Module:
    """Return the tree of a program, each call with its place for a mark."""
    tree = ast.parse(text)
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            node.mark = (node.lineno, node.col_offset)  # type: ignore[attr-defined]
    return tree


def move_mark(old: ast.AST, new: ast.AST) -> None:
    """Move the mark of one node to another."""
    new.mark = old.mark  # type: ignore[attr-defined]
    old.mark = None  # type: ignore[attr-defined]


def printed(tree: ast.Module) -> tuple[str, dict[Place, Mark]]:
    """Return the program of a tree, with the positions of its marks."""
    text = ast.unparse(ast.fix_missing_locations(tree)) + "\n"
    again = ast.parse(text)
    marks: dict[Place, Mark] = {}
    for old, new in zip(ast.walk(tree), ast.walk(again), strict=True):
        if isinstance(old, ast.expr_context):
            continue
        assert type(old) is type(new), (ast.dump(old), ast.dump(new))
        if isinstance(new, ast.Call) and getattr(old, "mark", None) is not None:
            assert new.end_lineno is not None
            assert new.end_col_offset is not None
            marks[new.lineno, new.col_offset, new.end_lineno, new.end_col_offset] = old.mark  # type: ignore[attr-defined]
    return text, marks


def fresh(tree: ast.Module) -> ast.Module:
    return copy.deepcopy(tree)


def findings(
    program: Program, tree: ast.Module, folder: Path, name: str = MAIN, beside: dict[str, ast.Module] | None = None
) -> Found:
    """Return the findings in a tree, by code and mark; modules `beside` it are written to the folder."""
    text, marks = printed(tree)
    follow = bool(beside)
    path = folder / name
    for file, module in (beside or {}).items():
        (folder / file).write_text(ast.unparse(ast.fix_missing_locations(module)) + "\n", encoding="utf-8")
    if follow:
        path.write_text(text, encoding="utf-8")
    found = check_source(
        text, str(path) if follow else name, settings=Settings(select=program.codes), follow_imports=follow
    )
    lines = text.splitlines()
    kept: Found = Counter()
    for finding in found:
        span = finding.span
        place = (
            span.line,
            len(lines[span.line - 1][: span.column].encode()),
            span.end_line,
            len(lines[span.end_line - 1][: span.end_column].encode()),
        )
        kept[finding.code, marks.get(place)] = 1
    return kept
