"""Aliasing: other readers of the object that a fix reads from. The helper holds back what follows a document, where no
other read finds it.

    data = connection.recv(1024)
    info = json.loads(data)
    while received < info["size"]:
        blob = connection.recv(1024)
"""

from __future__ import annotations

import ast
import itertools
from dataclasses import replace

from unchunk.analysis.findings import Applicability, Framing
from unchunk.codemod.edits import Delete, Fix, MoveBehind, Position, Refusal, position_of
from unchunk.codemod.objects import READS, Path, path_of
from unchunk.codemod.reaching_definitions import has_other_value
from unchunk.codemod.readers import Readers
from unchunk.codemod.rewrite_site import RewriteSite
from unchunk.codemod.syntax import Function, Loop, has, returns, target_names, walk

_MAX_DEPTH = 3
_OF_FIRST_ARGUMENT = ("sock_recv", "sock_recv_into")


def held_against_others(case: RewriteSite, fix: Fix) -> Fix | Refusal:
    """Return the fix, unless something else reads from the same object; mark it unsafe where that is unknown."""
    owner = _owner(case) if fix.imports and case.findings[0].framing is Framing.CHUNK else None
    if owner is None:
        return fix
    search = _Search(case, fix, owner)
    search.inside()
    if search.may_leave or search.gives_back or search.is_generator:
        search.afterwards()
    readers = search.readers
    if readers.read is not None:
        reason = f"`{'.'.join(owner)}` is read {readers.read}, too, where what has come ahead would be missing"
        return Refusal(reason, final=True)
    if readers.doubt is not None and not _is_iterated(case):
        return replace(fix, applicability=Applicability.UNSAFE, note=fix.note or readers.doubt)
    return fix


def _owner(case: RewriteSite) -> Path | None:
    """Return the path of the object being read in the code around the loop: `conn` of `conn.recv(1024)`."""
    for node in (case.site.step, case.site.source):
        owner = _read_by(node) if isinstance(node, ast.expr) else None
        if node is None or owner is None:
            continue
        function = case.tree.function(node)
        if function is case.tree.function(case.site.producer) or case.tree.inside(node, case.site.producer):
            return owner
        if function is not None and isinstance(case.site.step, ast.Call):
            return next(Readers(case.tree).outside(case.site.step, function, owner), None)
    return None


def _read_by(node: ast.expr) -> Path | None:
    match node:
        case ast.Call(func=ast.Attribute(attr=method), args=[first, *_]) if method in _OF_FIRST_ARGUMENT:
            return path_of(first)
        case ast.Call(func=ast.Attribute(value=ast.Name(id="os"), attr="read"), args=[first, *_]):
            return path_of(first)
        case ast.Call(func=ast.Attribute(value=owner, attr=method)) if READS.fullmatch(method):
            return path_of(owner)
    return None


def _is_iterated(case: RewriteSite) -> bool:
    """Decide whether a client's own iterator yields the pieces: whoever is passed its response then is there for the
    rest.
    """
    match case.site.step:
        case ast.Call(func=ast.Attribute(attr=method)):
            return "iter" in method or method == "stream"
    return True


class _Search:
    """A search for reads of the owner while the loop runs, and after it."""

    def __init__(self, case: RewriteSite, fix: Fix, owner: Path) -> None:
        self.tree = case.tree
        self.owner = owner
        self.loop = case.site.producer
        self.gone = [edit.at for edit in fix.edits if isinstance(edit, (MoveBehind, Delete))]
        self.readers = Readers(case.tree, self._is_own, self._touches)
        self.step = case.site.step
        body = [node for node in getattr(self.loop, "body", []) if not self._is_gone(node)]
        self.body: list[ast.stmt] = body
        self.gives_back = any(not isinstance(node.value, ast.Constant | None) for node in returns(body))
        self.is_generator = has(body, ast.Yield, ast.YieldFrom)
        self.may_leave = self._is_broken() or self._has_a_test() or self._is_tried()

    def _is_own(self, node: ast.AST) -> bool:
        return node is self.step or self._is_gone(node)

    def _is_gone(self, node: ast.AST) -> bool:
        return isinstance(node, (ast.stmt, ast.expr)) and any(_holds(at, position_of(node)) for at in self.gone)

    def _touches(self, function: Function) -> bool:
        at = position_of(function)
        step = [position_of(self.step)] if isinstance(self.step, ast.expr) else []
        return any(_holds(at, inner) or _holds(inner, at) for inner in (*self.gone, *step))

    def _is_broken(self) -> bool:
        """Decide whether the loop may be left early: by a `break` that the fix leaves, or after an error."""
        for node in walk(self.body):
            if isinstance(node, ast.Break):
                around = [*itertools.takewhile(lambda above: above is not self.loop, self.tree.above(node))]
                tried = any(isinstance(above, ast.ExceptHandler) for above in around)
                if not any(isinstance(above, Loop) for above in around) and (tried or not self._is_gone(node)):
                    return True
        return False

    def _has_a_test(self) -> bool:
        match self.loop:
            case ast.While(test=ast.Constant()):
                return False
            case ast.While(test=test):
                return not self.tree.inside(self.step, test)
        return False

    def _is_tried(self) -> bool:
        """Decide whether an error may end the loop while the function continues."""
        for node in self.tree.above(self.loop):
            if isinstance(node, Function):
                return False
            if isinstance(node, ast.Try) and node.handlers:
                return True
        return False

    def inside(self) -> None:
        match self.loop:
            case ast.While(test=test):
                self.readers.look([test, *self.body], self.owner, "in the loop")
            case ast.For() | ast.AsyncFor():
                self.readers.look(self.body, self.owner, "in the loop")
            case ast.comprehension() as generator:
                element = self.tree.parent(generator)
                if element is not None:
                    self.readers.look([element], self.owner, "in the comprehension")

    def afterwards(self) -> None:
        """Search the code that runs when the loop has ended, and the object may still have something to read."""
        if not isinstance(self.loop, Loop):
            return
        function = self.tree.function(self.loop)
        if self.may_leave:
            self._behind(self.loop, self.owner)
        if function is None:
            return
        self._in_callers(function, self.owner)
        if self.is_generator:
            return
        self.readers.suspect(function, self.owner)
        if self.gives_back and not self._is_made_in(function):
            self.readers.doubted(f"a call that gives back a value loses what has come behind it: `{function.name}`")

    def _is_made_in(self, function: Function) -> bool:
        """Decide whether the object being read is the function's own, and unread after it."""
        own = {name for statement in walk(function.body) for name in _bound_by(statement)}
        return len(self.owner) == 1 and self.owner[0] in own

    def _behind(self, node: ast.stmt, owner: Path, *, again: bool = True) -> None:
        """Search the code behind a statement, up to the end of its function."""
        below: ast.AST = node
        for above in self.tree.above(node):
            if isinstance(below, ast.stmt):
                nodes: list[ast.AST] = [*self.tree.after(below)]
                if isinstance(above, ast.Try) and below in above.body:
                    nodes += [*above.handlers, *above.orelse, *above.finalbody]
                if isinstance(above, Loop) and below in above.body and again and not _binds(above, owner, node):
                    nodes += self.tree.before(below)
                nodes = [other for other in nodes if not self._has_other_value(other, owner, node)]
                self.readers.look(nodes, owner, "after the loop")
            if isinstance(above, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda, ast.Module)):
                return
            below = above

    def _has_other_value(self, node: ast.AST, owner: Path, behind: ast.stmt) -> bool:
        """Decide whether the owner's name surely has another value wherever it is read there."""
        if len(owner) > 1:
            return False
        names = [name for name in walk(node) if isinstance(name, ast.Name) and name.id == owner[0]]
        read = [name for name in names if isinstance(name.ctx, ast.Load)]
        return bool(read) and all(has_other_value(self.tree, name, behind) for name in read)

    def _in_callers(self, function: Function, owner: Path) -> None:
        """Search the functions that call this one: after it returns, or between the values that it yields."""
        pending = [(function, self.readers.callers(function, owner))]
        seen: set[tuple[ast.Call, Path, int]] = set()
        while pending and self.readers.read is None:
            called, calls = pending[-1]
            call, path = next(calls, (None, owner))
            if call is None:
                pending.pop()
                continue
            caller = self.tree.function(call)
            if caller is called or (call, path, len(pending)) in seen:
                continue
            seen.add((call, path, len(pending)))
            self._in_caller(called, call, path)
            if caller is not None and len(pending) < _MAX_DEPTH:
                pending.append((caller, self.readers.callers(caller, path)))

    def _in_caller(self, called: Function, call: ast.Call, path: Path) -> None:
        statement = self.tree.statement(call)
        if has(called.body, ast.Yield, ast.YieldFrom):
            self.readers.look([*getattr(statement, "body", [])], path, "while the values are gone through")
            self._behind(statement, path, again=False)
        elif self.may_leave or self.gives_back:
            self._behind(statement, path)


def _bound_by(node: ast.AST) -> set[str]:
    match node:
        case ast.Assign(targets=targets):
            return set().union(*map(target_names, targets))
        case ast.With(items=items) | ast.AsyncWith(items=items):
            return set().union(*(target_names(item.optional_vars) for item in items))
    return set()


def _binds(loop: ast.AST, owner: Path, but: ast.AST) -> bool:
    """Decide whether each iteration of a loop binds the owner anew."""
    for node in walk(loop):
        match node:
            case ast.Assign(targets=targets):
                parts = [part for target in targets for part in _parts(target)]
            case ast.With(items=items) | ast.AsyncWith(items=items):
                parts = [part for item in items if item.optional_vars for part in _parts(item.optional_vars)]
            case ast.For(target=target) | ast.AsyncFor(target=target):
                parts = _parts(target)
            case _:
                continue
        if node is not but and any((path := path_of(part)) == owner[: len(path or ())] for part in parts):
            return True
    return False


def _parts(target: ast.expr) -> list[ast.expr]:
    return list(target.elts) if isinstance(target, (ast.Tuple, ast.List)) else [target]


def _holds(outer: Position, inner: Position) -> bool:
    return outer[:2] <= inner[:2] and inner[2:] <= outer[2:]
