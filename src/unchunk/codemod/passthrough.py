"""Passthrough of pieces to code that does not parse them: streams that are JSON only at times.

A download whose first piece may be an error in JSON must not be cut at brackets: nothing of it is a document, so it
would be held until one of its bytes happens to end a line.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from unchunk.codemod.rewrite_site import RewriteSite
from unchunk.codemod.symbolic.runner import End
from unchunk.codemod.syntax import Tree, scoped_loads, walk
from unchunk.codemod.wrap_targets import iterators_of

_NO_JSON = "lorem {ipsum dolor"
"""The bracket makes tests for what stands inside of documents as open as they are for a document."""


def passes_on(case: RewriteSite) -> bool:
    """Decide whether the body passes some pieces on unparsed, judging by their beginning or by earlier ones."""
    probe = case.probe()
    for kind in case.kinds():
        piece = _NO_JSON if kind is str else _NO_JSON.encode()
        for run in probe.runs(piece):
            untold = run.reached or run.asked_inside or run.end is End.ERROR
            if not untold and any(map(_is_of_piece, run.handed_on)):
                return True
    return False


def rest_is_raw(case: RewriteSite) -> bool:
    """Decide whether other code that parses nothing also reads the iterator of the pieces.

    A first piece that is taken out of a stream of documents is no such thing.
    """
    for iterator in iterators_of(case):
        others = [use for use in _uses(case, iterator) if case.steps.isdisjoint((use, *case.tree.above(use)))]
        raw = [use for use in others if _is_read(case, use)]
        handed_over = case.tree.scope(iterator) is not case.tree.scope(case.site.step)
        if len(raw) > handed_over:
            return True
    return False


def _is_of_piece(text: str | bytes) -> bool:
    return ("ipsum" in text) if isinstance(text, str) else (b"ipsum" in text)


def _uses(case: RewriteSite, iterator: ast.expr) -> Iterator[ast.expr]:
    """Yield the reads of the iterator by its name, or by that of the attribute holding it."""
    match iterator:
        case ast.Name(id=name):
            yield from scoped_loads(case.tree.scope(iterator), {name})
        case ast.Attribute(value=ast.Name(id="self"), attr=attribute):
            owner = case.tree.class_(iterator)
            if owner is not None:
                yield from case.tree.once(_own_attributes, owner).get(attribute, ())


def _own_attributes(tree: Tree, owner: ast.ClassDef) -> dict[str, list[ast.expr]]:
    """Return a class's reads of its attributes on `self`."""
    found: dict[str, list[ast.expr]] = {}
    for node in walk(owner):
        match node:
            case ast.Attribute(value=ast.Name(id="self"), attr=name, ctx=ast.Load()):
                found.setdefault(name, []).append(node)
    return found


def _is_read(case: RewriteSite, use: ast.expr) -> bool:
    """Decide whether pieces may be taken there: the iterator is neither only tested, nor only asked for a method."""
    match case.tree.parent(use):
        case ast.Attribute() | ast.If() | ast.While() | ast.UnaryOp() | ast.BoolOp() | ast.Compare():
            return False
        case ast.Call(func=ast.Name(id="next" | "anext")):
            return case.is_next
    return True
