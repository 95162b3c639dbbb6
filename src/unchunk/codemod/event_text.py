"""Loop bodies over an SDK's events that need only the event's text."""

from __future__ import annotations

import ast
import keyword
from dataclasses import dataclass, field

from unchunk.codemod.edits import Edit, Refusal, Replace, position_of
from unchunk.codemod.event_paths import Stepping, base, path_around, same, spelt_out, stripped
from unchunk.codemod.fragment import Expression, Way, parts_of, read_outside
from unchunk.codemod.rewrite_site import RewriteSite
from unchunk.codemod.syntax import Tree, bound, loads


@dataclass(slots=True)
class Piece:
    """A body, or the end of one, that needs nothing of an event but the fragment.

    Attributes:
        name: what the fragment is called.
        text: the fragment, from the event.
        filters: tests that an event must pass to get that far.
        edits: what takes the statements away that only lead to the fragment, and gives it its name.
        body: what is left of the body.
        paths: the places in it that the name takes.
        has_text: whether events without text do not get that far.
    """

    name: str
    text: Expression
    filters: list[Expression]
    edits: list[Edit]
    body: list[ast.stmt]
    paths: list[ast.expr] = field(default_factory=list)
    has_text: bool = False


def piece_of(case: RewriteSite, loop: Stepping, event: str) -> Piece | None:
    """Return the fragment by the name that the body gives it, or by the one path to it that the body keeps reading."""
    way = Way(case, {event})
    found = None
    block = [*loop.body]
    while block:
        statement, *rest = block
        found = _only_text(case, way, loop, block) or found
        if found is not None and not isinstance(statement, ast.Assign):
            break
        if not case.tree.inside(case.call, statement):
            if not way.skip(statement):
                break
            block = rest
        elif rest or not isinstance(statement, ast.If) or not way.enter(statement):
            break
        else:
            block = statement.body
    return found


def _only_text(case: RewriteSite, way: Way, loop: Stepping, rest: list[ast.stmt]) -> Piece | None:
    """Return the fragment, if the rest of a body reads it and nothing else of the event."""
    paths = [path_around(case.tree, use) for use in loads(rest, way.own)]
    if not paths or bound(rest) & way.own or any(True for _ in read_outside(case, loop, way.own)):
        return None
    first = paths[0]
    whole = [spelt_out(path, way.spelt) for path in paths]
    text = way.text or base(whole[0])
    if any(not same(base(path), text) or stripped(path) is not path for path in whole):
        return None
    if way.text is None and not any(_is_handed_over(case.tree, path) for path in paths):
        return None
    if len({ast.dump(path) for path in whole}) > 1:
        return None
    way.text = text
    filters, expression = way.filters(way.choices()), way.expression(first)
    if isinstance(filters, Refusal) or expression is None:
        return None
    has_text = any(way.is_about_text(part) for test, wanted in way.tests for part, _ in parts_of(test, wanted))
    if isinstance(first, ast.Name):
        return Piece(first.id, expression, filters, [*way.edits], rest, [], has_text)
    name = case.free_name(*_names_for(first), "text", "content", "fragment")
    edits = [*way.edits, *(Replace(position_of(path), name) for path in paths)]
    return Piece(name, expression, filters, edits, rest, paths, has_text)


def _names_for(path: ast.expr) -> list[str]:
    """Return the name at the end of a path: `content` of `event.delta.content`."""
    match path:
        case ast.Attribute(attr=name) | ast.Subscript(slice=ast.Constant(value=str(name))):
            return [name] if name.isidentifier() and not keyword.iskeyword(name) else []
    return []


def _is_handed_over(tree: Tree, path: ast.expr) -> bool:
    """Decide whether a path is an argument of a call, and not the whole event."""
    parent = tree.parent(path)
    call = tree.parent(parent) if isinstance(parent, ast.keyword) else parent
    return isinstance(call, ast.Call) and path is not call.func
