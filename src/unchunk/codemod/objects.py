"""Events on an object in some nodes of a file: followed by its name, and by its aliases.

What is only closed, written to or asked for its state is not read. Functions of other files cannot be looked into.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from unchunk.codemod.budget import budget
from unchunk.codemod.inheritance import bases, subclasses
from unchunk.codemod.syntax import Function, Tree, bound, own_names, walk

Path: TypeAlias = tuple[str, ...]
"""A name with its attributes: `("self", "sock")`."""

READS = re.compile(
    r"a?iter_\w+|recv\w*|receive\w*|sock_recv\w*|read(1|all|any|some|chunk|exactly|into1?|lines?|until|_\w+)?"
    r"|makefile|communicate|detach|stream"
)
"""Names of reading methods: of sockets, files, pipes, asyncio's streams, and the clients' responses."""

_TAKE = frozenset(("next", "anext", "iter", "aiter", "list", "tuple", "set", "enumerate", "copyfileobj"))
_TELL = {"print", "str", "repr", "id", "hash", "type", "isinstance", "len", "bool", "hasattr", "format", "cast"}
_LOG = {"debug", "info", "warning", "warn", "error", "exception", "critical", "log"}
_KEEP = {"append", "add", "remove", "discard", "index", "count", "pop", "register", "unregister", "get", "setdefault"}
_WRITE = {"closing", "sock_connect", "sock_sendall", "sock_sendto", "sock_sendfile"}
_NO_READERS = _TELL | _LOG | _KEEP | _WRITE | {"super"}
"""Functions and methods that tell, keep or forget an object, and do no more with it."""

Named: TypeAlias = ast.Name | ast.Attribute | ast.Subscript
Entry: TypeAlias = tuple[Function, Path]
"""A function that is entered with an object, and what it calls it."""


@dataclass(frozen=True, slots=True)
class Doubt:
    """A possible reader of an object, as a sentence."""

    note: str


READ: Final = "read"
Event: TypeAlias = Literal["read"] | Doubt | Entry
"""An event on an object: it is read, may be read, or is passed to a function."""


def done_in(tree: Tree, function: Function, path: Path) -> list[Event]:
    """Return what a function does with an object, whichever fix asks."""
    return list(Scan(tree).events(function.body, path))


class Scan:
    """A scan for what is done with an object in some nodes; functions it is passed to are only named.

    Args:
        own: tells the nodes that are not to count.
    """

    def __init__(self, tree: Tree, own: Callable[[ast.AST], bool] = lambda _: False) -> None:
        self._tree = tree
        self._own = own

    def events(self, nodes: Sequence[ast.AST], path: Path) -> Iterator[Event]:
        """Yield what is done with the object called `path`, and with its aliases."""
        pending, known = [path], {path}
        while pending:
            current = pending.pop()
            for node in self._walk(nodes, current[0]):
                if isinstance(node, (ast.Name, ast.Attribute, ast.Subscript)):
                    yield from self._method(node, current)
                    yield from self._use(node, current)
                    alias = self._alias(node, current)
                    if alias is not None and alias not in known:
                        known.add(alias)
                        pending.append(alias)
                elif isinstance(node, ast.Call):
                    yield from self._call(node, current)

    def _walk(self, nodes: Sequence[ast.AST], root: str) -> Iterator[ast.AST]:
        """Yield all nodes below in which the name means the same object."""
        stack = list(nodes)
        while stack:
            node = stack.pop()
            budget.look()
            if self._own(node):
                continue
            yield node
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)) and root in own_names(node):
                continue
            stack.extend(ast.iter_child_nodes(node))

    def _read_as(self, node: Named) -> Path | None:
        """Return the whole path read at a name; None inside a longer path."""
        parent = self._tree.parent(node)
        if isinstance(parent, ast.Attribute) or (isinstance(parent, ast.Subscript) and parent.value is node):
            return None
        return path_of(node) if isinstance(node.ctx, ast.Load) else None

    def _use(self, node: Named, path: Path) -> Iterator[Event]:
        """Yield the events of one use of the object by its name."""
        found, parent = self._read_as(node), self._tree.parent(node)
        if found is None:
            return
        if isinstance(parent, (ast.Call, ast.keyword)) and _is_reading(found, path):
            yield READ
        if found != path:
            return
        match parent:
            case ast.For(iter=iterated) | ast.AsyncFor(iter=iterated) | ast.comprehension(iter=iterated):
                if iterated is node:
                    yield READ
            case ast.YieldFrom():
                yield READ
            case _:
                if self._alias(node, path) is None:
                    yield from self._handed_on(node, path)

    def _alias(self, node: Named, path: Path) -> Path | None:
        """Return the alias that the object gets there, if any."""
        match self._tree.parent(node):
            case ast.Assign(targets=[target], value=value) if value is node and self._read_as(node) == path:
                return path_of(target)
            case ast.withitem(optional_vars=ast.expr() as target) if self._read_as(node) == path:
                return path_of(target)
        return None

    def _handed_on(self, node: ast.expr, path: Path) -> Iterator[Event]:
        """Yield the event of an argument of a call that cannot be looked into, judged by the callee."""
        current: ast.AST | None = node
        parent = self._tree.parent(node)
        while isinstance(parent, (ast.Tuple, ast.List, ast.Set, ast.Dict, ast.Starred, ast.keyword)):
            current, parent = parent, self._tree.parent(parent)
        if not isinstance(parent, ast.Call) or parent.func is current or resolved(self._tree, parent.func):
            return
        match parent.func:
            case ast.Name(id=name) | ast.Attribute(attr=name):
                pass
            case _:
                name = ast.unparse(parent.func)
        if READS.fullmatch(name) or name in _TAKE:
            yield READ
        elif name not in _NO_READERS:
            yield Doubt(f"`{name}` is given `{'.'.join(path)}`, and would miss what has come ahead if it reads on")

    def _call(self, call: ast.Call, path: Path) -> Iterator[Event]:
        for function in resolved(self._tree, call.func):
            for inner, outer in handed_over(self._tree, call, function):
                if outer == path[: len(outer)]:
                    yield function, (*inner, *path[len(outer) :])
            if not is_method(self._tree, function) and path[0] not in own_names(function):
                yield function, path
        for function in self._chosen(call, path):
            yield function, own_path(function, path, method=True)

    def _method(self, node: ast.expr, path: Path) -> Iterator[Event]:
        """Yield the methods passed on as values, which may be called: `Thread(target=self.upload)`."""
        if isinstance(node, ast.Attribute) and path[0] in ("self", "cls") and not _is_called(self._tree, node):
            for function in resolved(self._tree, node):
                yield function, own_path(function, path, method=True)

    def _chosen(self, call: ast.Call, path: Path) -> list[Function]:
        """Return the methods that a call picks from at runtime: by `getattr`, or from a table of them."""
        if path[0] not in ("self", "cls"):
            return []
        match call.func:
            case ast.Name(id="getattr") if len(call.args) > 1 and not isinstance(call.args[1], ast.Constant):
                return methods_of(self._tree, call) if path_of(call.args[0]) == path[:1] else []
            case ast.Subscript() | ast.Call():
                pass
            case ast.Name(id=name):
                function = self._tree.function(call)
                if function is None or name in self._tree.named or name not in self._tree.once(_bound_in, function):
                    return []
            case _:
                return []
        home = self._tree.class_(call)
        return [] if home is None else self._tree.once(_handed_out, home)


def _bound_in(_: Tree, function: Function) -> set[str]:
    return bound(function.body)


def _handed_out(tree: Tree, home: ast.ClassDef) -> list[Function]:
    """Return the methods of a class, its bases and its subclasses that are used as values there."""
    values = {
        node.attr
        for owner in tree.once(_family, home)
        for node in walk(owner)
        if isinstance(node, ast.Attribute) and not _is_called(tree, node)
    }
    return [method for method in methods_of(tree, home.body[0]) if method.name in values]


def _is_called(tree: Tree, node: ast.expr) -> bool:
    parent = tree.parent(node)
    return isinstance(parent, ast.Call) and parent.func is node


def is_method(tree: Tree, function: Function) -> bool:
    return isinstance(tree.parent(function), ast.ClassDef)


def methods_of(tree: Tree, node: ast.AST) -> list[Function]:
    """Return the methods of the class around a node, of its bases and its subclasses."""
    return [method for owner in _related(tree, node) for method in owner.body if isinstance(method, Function)]


def _related(tree: Tree, node: ast.AST) -> list[ast.ClassDef]:
    home = tree.class_(node)
    return [] if home is None else tree.once(_family, home)


def _family(tree: Tree, home: ast.ClassDef) -> list[ast.ClassDef]:
    """Return a class, its bases and its subclasses."""
    return [home, *bases(home, tree), *subclasses(home, tree)]


def resolved(tree: Tree, called: ast.expr) -> list[Function]:
    """Return the functions of this file that a call may mean."""
    match called:
        case ast.Name(id=name):
            around = [node for node in tree.above(called) if not isinstance(node, ast.ClassDef)]
            return [function for node in around[::-1] for function in tree.definitions.get((node, name), ())]
        case ast.Attribute(value=ast.Name(id="self" | "cls") | ast.Call(func=ast.Name(id="super")), attr=name):
            owners = _related(tree, called)
        case ast.Attribute(value=ast.Name(id=owner), attr=name):
            owners = tree.classes.get(owner, [])
        case _:
            return []
    return [function for node in owners for function in tree.definitions.get((node, name), ())]


def handed_over(tree: Tree, call: ast.Call, function: Function) -> Iterator[tuple[Path, Path]]:
    """Yield the pairs of a function's parameter and the path that a call passes for it."""
    parameters = [item.arg for item in (*function.args.posonlyargs, *function.args.args)]
    if is_method(tree, function) and parameters and not _is_static(function):
        if isinstance(call.func, ast.Attribute):
            receiver = path_of(call.func.value) or ("self",)
            yield (parameters[0],), receiver
        parameters = parameters[1:]
    given = [*zip(parameters, call.args, strict=False)]
    given += [(item.arg, item.value) for item in call.keywords if item.arg is not None]
    for name, value in given:
        if (outer := path_of(value)) is not None:
            yield (name,), outer


def path_of(node: ast.AST) -> Path | None:
    """Return a name with its attributes and subscripts; None for anything else."""
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
    """Decide whether a path is a reading method of the object, of a part of it, or of its owner: `process.communicate`
    for `process.stdout`.
    """
    *owner, method = found
    if not READS.fullmatch(method):
        return False
    return found[: len(path)] == path or (owner not in ([], ["self"], ["cls"]) and tuple(owner) == path[: len(owner)])


def own_path(function: Function, path: Path, *, method: bool) -> Path:
    """Return a method's own path of an object kept by its class."""
    parameters = [item.arg for item in (*function.args.posonlyargs, *function.args.args)]
    return (parameters[0], *path[1:]) if method and parameters else path


def _is_static(function: Function) -> bool:
    return any(isinstance(item, ast.Name) and item.id == "staticmethod" for item in function.decorator_list)
