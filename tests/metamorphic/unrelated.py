"""Changes of code unrelated to the streams: more of it, less of it, another order."""

from __future__ import annotations

import ast

from .shapes import Function, after_imports, blocks, define, each_block

_MORE = """
import collections
import math
import random
import statistics

LIMIT = 12
TOTALS = collections.Counter()


def average(numbers):
    return statistics.mean(numbers) if numbers else 0.0


class Shape:
    def __init__(self, width, height):
        self.width = width
        self.height = height

    def area(self):
        return self.width * self.height


def toss():
    return random.choice(["heads", "tails"])
"""
_IN_CLIENTS = """
import json
import os
import httpx
import requests


def settings(path):
    with open(path) as file:
        return json.load(file)


def home(url):
    return requests.get(url).json()


def other_home(url):
    return httpx.get(url).json()
"""


def statements_added(tree: ast.Module) -> bool:
    """Add a statement without effect on them before every statement."""
    count = 0

    def change(statement: ast.stmt) -> list[ast.stmt] | None:
        nonlocal count
        if isinstance(statement, ast.ImportFrom) and statement.module == "__future__":
            return None
        if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant):
            return None
        count += 1
        return [*ast.parse(f"unrelated{count} = {count}").body, statement]

    for block in list(blocks(tree)):
        if block is not tree.body and not isinstance(block[0], ast.Import | ast.ImportFrom):
            block.insert(0, ast.Expr(ast.Constant("What comes next.")))
    return each_block(tree, change) > 0


def definitions_added(tree: ast.Module) -> bool:
    """Add unrelated imports, functions and classes."""
    define(tree, _MORE)
    tree.body += ast.parse("def last(rows):\n    return rows[-1] if rows else None").body
    return True


def clients_added(tree: ast.Module) -> bool:
    """Functions that use clients and parsers as they should be used."""
    define(tree, _IN_CLIENTS)
    return True


def words_added(tree: ast.Module) -> bool:
    """Comments of a kind: texts that speak of streams."""
    text = "reads stream=True iter_content, recv(4096), data: [DONE], json.loads(chunk), decode, podman, SOCK_DGRAM"
    tree.body.append(ast.Assign([ast.Name("ABOUT", ast.Store())], ast.Constant(text), lineno=0))
    return True


def docstrings_removed(tree: ast.Module) -> bool:
    """Without docstrings."""
    changed = False
    for node in ast.walk(tree):
        if isinstance(node, Function | ast.ClassDef | ast.Module) and ast.get_docstring(node) is not None:
            changed = True
            node.body[:1] = [] if len(node.body) > 1 else [ast.Pass()]
    return changed


def uncalled_removed(tree: ast.Module) -> bool:
    """Without imports that nothing uses."""
    used = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    changed = False
    for node in list(tree.body):
        if isinstance(node, ast.Import):
            kept = [alias for alias in node.names if (alias.asname or alias.name.split(".")[0]) in used]
            changed = changed or len(kept) < len(node.names)
            node.names = kept
            if not kept:
                tree.body.remove(node)
    return changed


def functions_reversed(tree: ast.Module) -> bool:
    """Functions that stand one behind another, the last one first."""
    return _reordered(tree.body, lambda run: run[::-1])


def methods_reversed(tree: ast.Module) -> bool:
    """Methods of classes, the last one first."""
    changed = False
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef) and not any(
            item.decorator_list for item in node.body if isinstance(item, Function)
        ):
            changed = _reordered(node.body, lambda run: run[::-1]) or changed
    return changed


def _reordered(body: list[ast.stmt], order: object) -> bool:
    changed, at = False, 0
    while at < len(body):
        end = at
        while end < len(body) and isinstance(body[end], Function) and not body[end].decorator_list:  # type: ignore[attr-defined]
            end += 1
        if end - at > 1:
            body[at:end] = order(body[at:end])  # type: ignore[operator]
            changed = True
        at = max(end, at + 1)
    return changed


def twice(tree: ast.Module) -> bool:
    """Return every function once more, under another name, in front of the first one."""
    import copy

    made = []
    for node in tree.body:
        if isinstance(node, Function) and not node.decorator_list:
            again = copy.deepcopy(node)
            again.name = f"{node.name}_again"
            made.append(again)
    at = after_imports(tree)
    tree.body[at:at] = made
    return bool(made)


def assignments_swapped(tree: ast.Module) -> bool:
    """Swap successive assignments of constants."""
    changed = False
    for block in blocks(tree):
        for at in range(len(block) - 1):
            first, second = block[at : at + 2]
            if _plain(first) and _plain(second) and _plain(first) != _plain(second):
                block[at], block[at + 1] = second, first
                changed = True
    return changed


def _plain(statement: ast.stmt) -> str:
    match statement:
        case ast.Assign(targets=[ast.Name(id=known)], value=ast.Constant() | ast.List(elts=[]) | ast.Dict(keys=[])):
            return known
        case _:
            return ""
