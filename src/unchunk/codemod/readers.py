"""Who reads from an object: followed by its name, also into the functions of the file that it is handed to.

What is only closed, written to or asked for its state is not read. Functions of other files cannot be looked into.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator, Sequence
from typing import TypeAlias

from unchunk.codemod.heirs import bases
from unchunk.codemod.syntax import Function, Tree, bound, own_names

Path: TypeAlias = tuple[str, ...]
"""A name with its attributes: `("self", "sock")`."""

READS = re.compile(
    r"a?iter_\w+|recv\w*|receive\w*|sock_recv\w*|read(1|all|any|some|chunk|exactly|into1?|lines?|until|_\w+)?"
    r"|makefile|communicate|detach|stream"
)
"""What reading methods are called: those of sockets, files, pipes, asyncio's streams, and of the clients' responses."""

_TAKE = frozenset(("next", "anext", "iter", "aiter", "list", "tuple", "set", "enumerate", "copyfileobj"))
_TELL = {"print", "str", "repr", "id", "hash", "type", "isinstance", "len", "bool", "hasattr", "format", "cast"}
_LOG = {"debug", "info", "warning", "warn", "error", "exception", "critical", "log"}
_KEEP = {"append", "add", "remove", "discard", "index", "count", "pop", "register", "unregister", "get", "setdefault"}
_WRITE = {"closing", "sock_connect", "sock_sendall", "sock_sendto", "sock_sendfile"}
_NO_READERS = _TELL | _LOG | _KEEP | _WRITE | {"super"}
"""Functions and methods that tell, keep or forget an object, and do no more with it."""


class Readers:
    """Collects who reads an object.

    Args:
        own: tells the nodes that are not to count: the read that a fix is about, and what the fix takes away.

    Attributes:
        read: where the object is surely read, in words.
        doubt: what may read it, in a sentence.
    """

    def __init__(self, tree: Tree, own: Callable[[ast.AST], bool]) -> None:
        self.read: str | None = None
        self.doubt: str | None = None
        self._tree = tree
        self._own = own
        self._seen: set[tuple[ast.AST, Path]] = set()

    def doubted(self, note: str) -> None:
        self.doubt = self.doubt or note

    def look(self, nodes: Sequence[ast.AST], path: Path, where: str) -> None:
        """Look at what is done with the object that goes by `path` in these nodes."""
        pending, known = [path], {path}
        while pending:
            current = pending.pop()
            for node in self._walk(nodes, current[0]):
                if isinstance(node, (ast.Name, ast.Attribute, ast.Subscript)):
                    self._method(node, current)
                    alias = self._use(node, current, where)
                    if alias is not None and alias not in known:
                        known.add(alias)
                        pending.append(alias)
                elif isinstance(node, ast.Call):
                    self._call(node, current)

    def suspect(self, function: Function, path: Path) -> None:
        """Doubt where other functions read an object that outlives this one."""
        for other in self._that_share(function, path):
            if other is function or other.name == "__init__":
                continue
            inner = Readers(self._tree, self._own)
            inner._seen = set(self._seen)
            inner._enter(other, _own_path(other, path, self._is_method(function)))
            if inner.read is not None:
                self.doubted(f"`{'.'.join(path)}` is read in `{other.name}`, too")

    def callers(self, function: Function, path: Path) -> Iterator[tuple[ast.Call, Path]]:
        """The calls of a function in this file, with what the object is called there."""
        for call in ast.walk(self._tree.module):
            if isinstance(call, ast.Call) and function in self._resolved(call.func):
                yield from ((call, outside) for outside in self.outside(call, function, path))

    def outside(self, call: ast.Call, function: Function, path: Path) -> Iterator[Path]:
        """What a function's object is called where the function is called."""
        for inner, outer in self._handed_over(call, function):
            if inner == path[: len(inner)]:
                yield (*outer, *path[len(inner) :])

    # What is done with it

    def _walk(self, nodes: Sequence[ast.AST], root: str) -> Iterator[ast.AST]:
        """All nodes below in which the name is the same one."""
        stack = list(nodes)
        while stack:
            node = stack.pop()
            if self._own(node):
                continue
            yield node
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)) and root in own_names(node):
                continue
            stack.extend(ast.iter_child_nodes(node))

    def _use(self, node: ast.Name | ast.Attribute | ast.Subscript, path: Path, where: str) -> Path | None:
        """Note a use of the object; gives the other name that it gets, if it does."""
        parent = self._tree.parent(node)
        if isinstance(parent, ast.Attribute) or (isinstance(parent, ast.Subscript) and parent.value is node):
            return None
        found = path_of(node)
        if found is None or not isinstance(node.ctx, ast.Load):
            return None
        if isinstance(parent, (ast.Call, ast.keyword)) and _is_reading(found, path):
            self.read = self.read or where
        if found[: len(path)] != path:
            return None
        if len(found) > len(path):
            return None
        match parent:
            case ast.For(iter=iterated) | ast.AsyncFor(iter=iterated) | ast.comprehension(iter=iterated):
                if iterated is node:
                    self.read = self.read or where
            case ast.YieldFrom():
                self.read = self.read or where
            case ast.Assign(targets=[target], value=value) if value is node:
                return path_of(target)
            case ast.withitem(optional_vars=ast.expr() as target):
                return path_of(target)
            case _:
                self._handed_on(node, path, where)
        return None

    def _handed_on(self, node: ast.expr, path: Path, where: str) -> None:
        """An argument of a call that cannot be looked into is judged by what is called."""
        current: ast.AST | None = node
        parent = self._tree.parent(node)
        while isinstance(parent, (ast.Tuple, ast.List, ast.Set, ast.Dict, ast.Starred, ast.keyword)):
            current, parent = parent, self._tree.parent(parent)
        if not isinstance(parent, ast.Call) or parent.func is current or self._resolved(parent.func):
            return
        match parent.func:
            case ast.Name(id=name) | ast.Attribute(attr=name):
                pass
            case _:
                name = ast.unparse(parent.func)
        if READS.fullmatch(name) or name in _TAKE:
            self.read = self.read or where
        elif name not in _NO_READERS:
            self.doubted(f"`{name}` is given `{'.'.join(path)}`, and would miss what has come ahead if it reads on")

    # Into functions

    def _call(self, call: ast.Call, path: Path) -> None:
        for function in self._resolved(call.func):
            for inner, outer in self._handed_over(call, function):
                if outer == path[: len(outer)]:
                    self._enter(function, (*inner, *path[len(outer) :]))
            if not self._is_method(function) and path[0] not in own_names(function):
                self._enter(function, path)
        for function in self._chosen(call, path):
            self._enter(function, _own_path(function, path, True))

    def _method(self, node: ast.expr, path: Path) -> None:
        """A method that is handed on may be called: `Thread(target=self.upload)`."""
        if isinstance(node, ast.Attribute) and path[0] in ("self", "cls") and not self._is_called(node):
            for function in self._resolved(node):
                self._enter(function, _own_path(function, path, True))

    def _enter(self, function: Function, path: Path) -> None:
        if (function, path) not in self._seen:
            self._seen.add((function, path))
            self.look(function.body, path, f"in `{function.name}`")

    def _resolved(self, called: ast.expr) -> list[Function]:
        """The functions of this file that a call may be of."""
        match called:
            case ast.Name(id=name):
                around = [*self._tree.above(called)]
                found = [node for node in self._functions(name) if self._tree.parent(node) in around]
                return [node for node in found if not self._is_method(node)]
            case ast.Attribute(value=ast.Name(id="self" | "cls") | ast.Call(func=ast.Name(id="super")), attr=name):
                methods = [node for owner in self._related(called) for node in owner.body]
                return [node for node in methods if isinstance(node, Function) and node.name == name]
            case ast.Attribute(value=ast.Name(id=owner), attr=name):
                return [
                    node
                    for node in self._functions(name)
                    if isinstance(parent := self._tree.parent(node), ast.ClassDef) and parent.name == owner
                ]
        return []

    def _chosen(self, call: ast.Call, path: Path) -> list[Function]:
        """The methods one of which a call picks while the program runs: by `getattr`, or from a table of them."""
        if path[0] not in ("self", "cls"):
            return []
        match call.func:
            case ast.Name(id="getattr") if len(call.args) > 1 and not isinstance(call.args[1], ast.Constant):
                picked = path_of(call.args[0]) == path[:1]
            case ast.Subscript() | ast.Call():
                picked = True
            case ast.Name(id=name):
                function = self._tree.function(call)
                picked = function is not None and name in bound(function.body) and not self._functions(name)
            case _:
                return []
        methods = [node for owner in self._related(call) for node in owner.body if isinstance(node, Function)]
        if not picked or (isinstance(call.func, ast.Name) and call.func.id == "getattr"):
            return methods if picked else []
        values = {
            node.attr
            for owner in self._related(call)
            for node in ast.walk(owner)
            if isinstance(node, ast.Attribute) and not self._is_called(node)
        }
        return [method for method in methods if method.name in values]

    def _is_called(self, node: ast.expr) -> bool:
        parent = self._tree.parent(node)
        return isinstance(parent, ast.Call) and parent.func is node

    def _handed_over(self, call: ast.Call, function: Function) -> Iterator[tuple[Path, Path]]:
        """Which parameter of a function a call gives what to."""
        parameters = [item.arg for item in (*function.args.posonlyargs, *function.args.args)]
        if self._is_method(function) and parameters and not _is_static(function):
            if isinstance(call.func, ast.Attribute):
                receiver = path_of(call.func.value) or ("self",)
                yield (parameters[0],), receiver
            parameters = parameters[1:]
        given = [*zip(parameters, call.args, strict=False)]
        given += [(item.arg, item.value) for item in call.keywords if item.arg is not None]
        for name, value in given:
            if (outer := path_of(value)) is not None:
                yield (name,), outer

    def _that_share(self, function: Function, path: Path) -> list[Function]:
        """The other functions that see the same object by the same name: methods, or those of the module."""
        if self._is_method(function) and path[0] == "self":
            return [node for owner in self._related(function) for node in owner.body if isinstance(node, Function)]
        if path[0] in own_names(function):
            return []
        found = [node for node in ast.walk(self._tree.module) if isinstance(node, Function)]
        return [node for node in found if path[0] not in own_names(node)]

    def _functions(self, name: str) -> list[Function]:
        return [node for node in ast.walk(self._tree.module) if isinstance(node, Function) and node.name == name]

    def _is_method(self, function: Function) -> bool:
        return isinstance(self._tree.parent(function), ast.ClassDef)

    def _related(self, node: ast.AST) -> list[ast.ClassDef]:
        """The class around a node, its bases and its heirs."""
        home = self._tree.class_(node)
        if home is None:
            return []
        classes = [other for other in ast.walk(self._tree.module) if isinstance(other, ast.ClassDef)]
        heirs = [other for other in classes if home in bases(other, self._tree)]
        return [home, *bases(home, self._tree), *heirs]


def path_of(node: ast.AST) -> Path | None:
    """A name with its attributes and subscripts; None for anything else."""
    match node:
        case ast.Name(id=name):
            return (name,)
        case ast.Attribute(value=value, attr=part):
            inner = path_of(value)
        case ast.Subscript(value=value, slice=index):
            inner, part = path_of(value), f"[{ast.unparse(index)}]"
        case _:
            return None
    return None if inner is None else (*inner, part)


def _is_reading(found: Path, path: Path) -> bool:
    """Whether this is a reading method of the object, of a part of it, or of what it belongs to: `process.communicate`
    for `process.stdout`.
    """
    *owner, method = found
    if not READS.fullmatch(method):
        return False
    return found[: len(path)] == path or (owner not in ([], ["self"], ["cls"]) and tuple(owner) == path[: len(owner)])


def _own_path(function: Function, path: Path, method: bool) -> Path:
    """What a method calls the object that its class keeps."""
    parameters = [item.arg for item in (*function.args.posonlyargs, *function.args.args)]
    return (parameters[0], *path[1:]) if method and parameters else path


def _is_static(function: Function) -> bool:
    return any(isinstance(item, ast.Name) and item.id == "staticmethod" for item in function.decorator_list)
