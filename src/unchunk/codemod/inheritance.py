"""Inheritance: pieces that pass through a loop of a base class on their way from, or to, a derived class."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping, Sequence

from unchunk.codemod.rewrite_site import RewriteSite
from unchunk.codemod.syntax import Function, Tree, loads, walk


def is_shared_with_subclasses(case: RewriteSite) -> bool:
    """Decide whether the loop is shared with other classes: it stands in a base of the class that opens the stream or
    parses the pieces, or passes pieces to a method that a derived class overrides.
    """
    home = _class_around(case.site.producer, case.tree)
    if home is None:
        return False
    others = {_class_around(node, case.tree) for node in (case.site.source, case.site.parse) if node is not None}
    if any(other is not None and home in bases(other, case.tree) for other in others - {home}):
        return True
    handed = set(_methods_with_pieces(case))
    methods = (node.name for heir in subclasses(home, case.tree) for node in heir.body if isinstance(node, Function))
    return bool(handed) and not handed.isdisjoint(methods)


def _methods_with_pieces(case: RewriteSite) -> Iterator[str]:
    """Yield the methods of the loop's own class that are called with a piece."""
    for node in walk([*case.body()]):
        match node:
            case ast.Call(func=ast.Attribute(value=ast.Name(id="self" | "cls"), attr=name)):
                if any(True for _ in loads([*node.args, *node.keywords], case.bound_names)):
                    yield name


def _class_around(node: ast.AST, tree: Tree) -> ast.ClassDef | None:
    return next((around for around in tree.above(node) if isinstance(around, ast.ClassDef)), None)


def bases(cls: ast.ClassDef, tree: Tree) -> Iterator[ast.ClassDef]:
    """Return the classes of the same file that a class is derived from."""
    return _reached(cls, tree.bases)


def subclasses(cls: ast.ClassDef, tree: Tree) -> Iterator[ast.ClassDef]:
    """Return the classes of the same file that are derived from a class."""
    return _reached(cls, tree.heirs)


def _reached(cls: ast.ClassDef, ways: Mapping[ast.ClassDef, Sequence[ast.ClassDef]]) -> Iterator[ast.ClassDef]:
    waiting, seen = [cls], {cls}
    while waiting:
        for other in ways.get(waiting.pop(), ()):
            if other not in seen:
                seen.add(other)
                waiting.append(other)
                yield other
