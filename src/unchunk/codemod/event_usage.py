"""Other uses of an event in its loop, which a decoder fed in that loop must leave unchanged.

A document may come in several fragments, and a fragment may bring several documents. What is done once a value sees the
last of the events that brought it, and what is done once an event is done more often than there are documents.
"""

from __future__ import annotations

import ast
from collections.abc import Sequence
from dataclasses import dataclass, field

from unchunk.codemod.edits import Refusal
from unchunk.codemod.event_paths import (
    Stepping,
    asks_for_text,
    base,
    holds,
    is_path,
    path_around,
    same,
    spellings,
    spelt_out,
    text_of,
)
from unchunk.codemod.fragment import ASKS_TEXT, read_outside
from unchunk.codemod.rewrite_site import RewriteSite
from unchunk.codemod.syntax import jumps, loads, quoted, scoped_loads, target_names, walk

TRANSFORMED = "the text is changed before it is parsed, and a fragment is a part of what is to be changed only"
BLANKS = "blanks at the ends of a fragment, which may stand inside of a string, are stripped"
WHICH = "which of the parallel texts a fragment belongs to cannot be told"
LATE = "arguments of parallel calls are whole when the stream has ended, and something else is done in its loop before"
_OF_STREAM = {"id", "model", "object", "created", "service_tier", "system_fingerprint"}
"""Fields with the same value in each event of a stream."""
_OF_PART = {"type", "index", "item_id", "output_index", "content_index"}
"""Fields with the same value in each fragment of a text."""
_SAME_AGAIN = {"add", "setdefault", "update", "discard", "flush", "debug"}
"""Methods that may as well be called once more."""
KEPT = "a fragment of the text is kept where others may read it"


@dataclass(slots=True)
class Uses:
    """The way the text is fed to decoders.

    Attributes:
        argument: what is fed.
        index: the expression that tells which of parallel texts a fragment belongs to.
        of_tools: whether the texts are arguments of tool calls, one document each.
        kept: where something of a tool call is read that comes with its first fragment only.
        indexes: where the index of a tool call is read.
    """

    argument: ast.expr
    index: str = ""
    of_tools: bool = False
    kept: list[ast.Name] = field(default_factory=list)
    indexes: list[ast.expr] = field(default_factory=list)


def other_uses(case: RewriteSite, loop: Stepping, inner: ast.For | None, once: Sequence[ast.stmt]) -> Uses | Refusal:
    """Return what a decoder needs to know of the loop, or refuse; `once` is what will be done once a value.

    Refuses where what is done beside the parsing would be another thing with several fragments a document.
    """
    text = text_of(case)
    argument = case.site.argument
    if text is None or argument is None or not is_path(argument):
        return Refusal(TRANSFORMED)
    search = _Beside(case, loop, inner, text)
    found = search.fed()
    if isinstance(found, Refusal):
        return found
    return search.during(loop.body, once) or search.once(once, found) or search.outside() or found


class _Beside:
    def __init__(self, case: RewriteSite, loop: Stepping, inner: ast.For | None, text: ast.expr) -> None:
        self.case = case
        self.loop = loop
        self.inner = inner
        self.text = text
        self.known = spellings(case, loop)
        self.events = target_names(loop.target) | (target_names(inner.target) if inner else set())
        self.names = self.events | set(self.known)
        self.made = self._made_of_text()

    def fed(self) -> Uses | Refusal:
        """Return the text that is fed: as it comes, not stripped."""
        argument = self.case.site.argument
        assert argument is not None
        while _is_strip(argument):
            assert isinstance(argument, ast.Call)
            assert isinstance(argument.func, ast.Attribute)
            argument = argument.func.value
        parse = self.case.site.parse
        on_way = (part for site in self.case.sites for node in site.path for part in walk(node))
        stripped = (part for part in on_way if not self.case.tree.inside(part, parse))
        if any(map(_is_strip, (*walk(spelt_out(argument, self.known)), *stripped))):
            return Refusal(BLANKS)
        if not any(True for _ in loads(argument, self.names)):
            return Refusal("what is parsed is not only the text of an event")
        if self._is_changed(argument):
            return Refusal(TRANSFORMED)
        if self.inner is None:
            return Uses(argument)
        index = self._index(self.inner)
        return Refusal(WHICH) if index is None else Uses(argument, index, "tool_call" in ast.unparse(self.inner.iter))

    def _is_changed(self, argument: ast.expr) -> bool:
        """Decide whether a name in the parsed expression is bound to anything but a path in the event."""
        names = {node.id for node in walk(argument) if isinstance(node, ast.Name)}
        for node in walk(self.loop.body):
            match node:
                case ast.Assign(targets=[ast.Name(id=name)], value=value) if name in names and not is_path(value):
                    return True
                case ast.AugAssign(target=ast.Name(id=name)) if name in names:
                    return True
        return False

    def _index(self, inner: ast.For) -> str | None:
        """Return the index of each part of an event, read as an attribute or a key like its text."""
        around = base(spelt_out(inner.iter, self.known))
        match around:
            case ast.Attribute(attr="tool_call_chunks"):
                index = '["index"]'
            case ast.Attribute(attr="choices" | "tool_calls"):
                index = ".index"
            case ast.Subscript(slice=ast.Constant(value="choices" | "tool_calls" | "tool_call_chunks")):
                index = '["index"]'
            case ast.Call(
                func=ast.Attribute(attr="get"),
                args=[ast.Constant(value="choices" | "tool_calls" | "tool_call_chunks"), *_],
            ):
                index = '["index"]'
            case _:
                return None
        return f"{inner.target.id}{index}" if isinstance(inner.target, ast.Name) else None

    # What is done once an event

    def during(self, block: Sequence[ast.stmt], once: Sequence[ast.stmt]) -> Refusal | None:
        for statement in block:
            if statement in once or self._is_the_parse(statement):
                continue
            if (refusal := self._statement(statement, once)) is not None:
                return refusal
        return None

    def _leads_to_the_parse(self, statement: ast.stmt) -> bool:
        return self.case.tree.inside(self.case.site.parse, statement)

    def _is_the_parse(self, statement: ast.stmt) -> bool:
        return statement is self.case.tree.statement(self.case.site.parse)

    def _statement(self, statement: ast.stmt, once: Sequence[ast.stmt]) -> Refusal | None:
        on_way = self._leads_to_the_parse(statement)
        match statement:
            case ast.If(test=test, body=body, orelse=orelse):
                asks = self._reads_text(test)
                if asks and not all(map(self._is_about_text, _atoms(test))):
                    return Refusal(ASKS_TEXT)
                if any(map(_is_strip, walk(spelt_out(test, self.known)))):
                    return Refusal(BLANKS)
                # What an event that is told by something else brings is done as often as before.
                branches = [part for part in (body, orelse) if asks or any(map(self._leads_to_the_parse, part))]
                if asks and len(_atoms(test)) == 1:  # the other branch is for events without text
                    branches = [part for part in branches if any(map(self._leads_to_the_parse, part))]
                return next((found for part in branches if (found := self.during(part, once))), None)
            case ast.For(body=body) if statement is self.inner:
                return self.during(body, once)
            case _ if on_way:
                return Refusal(f"the text is parsed inside of another `{_word(statement)}` for each event")
            case ast.Assign(targets=targets, value=value) if self._reads_text(value):
                named = all(isinstance(target, ast.Name) for target in targets)
                return None if named else Refusal(KEPT)
            case ast.AugAssign(target=ast.Attribute() as target, value=value) if self._is_text(value):
                return Refusal(KEPT) if _works_on(target, once) else None
            case ast.Assign() | ast.AnnAssign() | ast.Pass() | ast.Assert() | ast.Continue() | ast.Import():
                return None
            case ast.AugAssign(value=value) if self._is_text(value):
                return None
            case ast.Expr(value=ast.Constant()):
                return None
            case ast.Expr(value=ast.Call(func=ast.Attribute(attr=name))) if name in _SAME_AGAIN:
                return None
            case ast.Expr(value=ast.Call(func=ast.Attribute(value=ast.Name(id=name), attr="append"), args=[text])):
                if self._is_text(text) and self._is_only_joined(name):
                    return None
        return Refusal(f"`{quoted(statement)}` is done once an event, and a document may come in several")

    def _reads_text(self, node: ast.expr) -> bool:
        return holds(spelt_out(node, self.known), self.text) or any(True for _ in loads(node, self.made))

    def _is_text(self, node: ast.expr) -> bool:
        return same(base(spelt_out(node, self.known)), self.text)

    def _is_about_text(self, test: ast.expr) -> bool:
        return not self._reads_text(test) or asks_for_text(spelt_out(test, self.known), self.text)

    def _is_only_joined(self, name: str) -> bool:
        """Decide whether a list of texts is only joined again."""
        for use in scoped_loads(self.case.tree.scope(self.loop), {name}):
            match self.case.tree.parent(use):
                case ast.Attribute(attr="append"):
                    pass
                case ast.Call(func=ast.Attribute(value=ast.Constant(value=""), attr="join")):
                    if self.case.tree.inside(use, self.loop):
                        return False
                case _:
                    return False
        return True

    def _made_of_text(self) -> set[str]:
        """Return the names of values computed from a fragment, beside the fragment itself."""
        names: set[str] = set()
        for node in walk(self.loop.body):
            match node:
                case ast.Assign(targets=[ast.Name(id=name)], value=value) if not self._is_parsed(value):
                    if name not in self.known and holds(spelt_out(value, self.known), self.text):
                        names.add(name)
                case ast.AugAssign(target=ast.Name(id=name), value=value) if not self._is_parsed(value):
                    if holds(spelt_out(value, self.known), self.text):
                        names.add(name)
        return names

    def _is_parsed(self, value: ast.expr) -> bool:
        return self.case.tree.inside(self.case.site.parse, value)

    # What is done once a value

    def once(self, statements: Sequence[ast.stmt], found: Uses) -> Refusal | None:
        argument = self.case.site.argument
        assert argument is not None
        if any(True for _ in loads(statements, self.made)):
            return Refusal("what is made of the text so far is used beside the value, and more of it may have come")
        for name in loads(statements, self.names):
            if self.case.tree.inside(name, argument):
                continue
            path = path_around(self.case.tree, name)
            if found.of_tools and ast.unparse(path).replace("'", '"') == found.index:
                found.indexes.append(path)
            elif found.of_tools and self._is_of_call(name, path):
                found.kept.append(name)
            elif not self._says_the_same(base(spelt_out(path, self.known))):
                return Refusal(
                    f"`{quoted(path)}` is read beside the value, and may be another in each event that brings a part"
                )
        return None

    def _says_the_same(self, path: ast.expr) -> bool:
        """Decide whether a field is the same in each event, or in each that carries a part of the same text."""
        match path:
            case (
                ast.Attribute(value=owner, attr=name) | ast.Subscript(value=owner, slice=ast.Constant(value=str(name)))
            ):
                of_event = isinstance(owner, ast.Name) and owner.id in target_names(self.loop.target)
                return name in _OF_PART or (name in _OF_STREAM and of_event)
        return False

    def _is_of_call(self, name: ast.Name, path: ast.expr) -> bool:
        """Decide whether a field of one of several tool calls is read, other than its arguments."""
        inner = self.inner
        if inner is None or name.id not in target_names(inner.target) or path is name:
            return False
        spelt = spelt_out(path, self.known)
        return not holds(self.text, spelt) and not holds(spelt, self.text)

    # What is done elsewhere

    def outside(self) -> Refusal | None:
        for name in read_outside(self.case, self.loop, self.names):
            if self.case.tree.parent(name) is None:
                return Refusal(f"`{name.id}` belongs to another scope")
            spelt = spelt_out(path_around(self.case.tree, name), self.known)
            if holds(self.text, spelt) or holds(spelt, self.text):
                return Refusal(f"`{name.id}` is used for something else, too, and has a fragment of the text only")
        return None


def moves(case: RewriteSite, loop: Stepping, moved: Sequence[ast.stmt]) -> Refusal | None:
    """Refuse where statements cannot move behind the loop: something else in it depends on them."""
    gone = {id(node) for node in walk(moved)}
    for node in walk(loop.body):
        if id(node) in gone:
            continue
        match node:
            case ast.Expr(value=ast.Call(func=ast.Attribute(attr=name))) if name in _SAME_AGAIN:
                pass
            case ast.Expr(value=ast.Constant()):
                pass
            case ast.Expr() | ast.Assign() if case.tree.inside(case.site.parse, node):
                pass
            case ast.Expr():
                return Refusal(LATE)
            case ast.AugAssign() | ast.Raise() | ast.Return() | ast.Yield() | ast.With() | ast.AsyncWith():
                return Refusal(LATE)
            case ast.Assign(targets=[ast.Name(id=name)]) if any(True for _ in loads(moved, {name})):
                return Refusal(f"`{name}` is another for later fragments when the arguments are whole")
    if loop.orelse or (jumps(loop.body, ast.Break) and not ends_with_text(case, loop)):
        return Refusal("the loop may be left before the arguments are complete")
    return None


def ends_with_text(case: RewriteSite, loop: Stepping) -> bool:
    """Decide whether the loop is left only where an event says that the text is complete."""
    names = target_names(loop.target) | set(spellings(case, loop))
    for node in walk(loop.body):
        if isinstance(node, ast.Break):
            around = case.tree.parent(node)
            if not isinstance(around, ast.If) or not any(True for _ in loads(around.test, names)):
                return False
    return True


def _works_on(kept: ast.Attribute, statements: Sequence[ast.stmt]) -> bool:
    """Decide whether statements read an attribute, or call a method of its object."""
    owner, whole = ast.unparse(kept.value), ast.unparse(kept)
    for node in walk(statements):
        match node:
            case ast.Attribute() if ast.unparse(node) == whole:
                return True
            case ast.Call(func=ast.Attribute(value=called)) if ast.unparse(called) == owner:
                return True
    return False


def _atoms(test: ast.expr) -> list[ast.expr]:
    match test:
        case ast.BoolOp(values=values):
            return [atom for value in values for atom in _atoms(value)]
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            return _atoms(operand)
    return [test]


def _is_strip(node: ast.AST) -> bool:
    match node:
        case ast.Call(func=ast.Attribute(attr="strip" | "lstrip" | "rstrip")):
            return True
    return False


def _word(statement: ast.stmt) -> str:
    return type(statement).__name__.removeprefix("Async").lower()
