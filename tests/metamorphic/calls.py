"""Calls in another form: methods on their class, `getattr`, keywords in dicts, helpers taken out."""

from __future__ import annotations

import ast
import copy
from collections.abc import Callable

from .marks import move_mark
from .shapes import Loop, binds_in, called, define, each_block, free_names, is_parse, is_source, name

_NO_VALUES = frozenset(("bytes", "str", "codecs"))
"""Classes, and a module, whose functions are called so already."""
_OF_BOTH = frozenset(
    ("split", "rsplit", "splitlines", "strip", "lstrip", "rstrip", "partition", "startswith", "replace", "removeprefix")
)


class _Methods(ast.NodeTransformer):
    def __init__(self) -> None:
        self.count = 0

    def visit_Call(self, node: ast.Call) -> ast.AST:
        self.generic_visit(node)
        match node:
            case ast.Call(func=ast.Attribute(value=receiver, attr=method)) if not isinstance(receiver, ast.Constant):
                owner = _class_of(receiver, method, node)
                if owner is not None:
                    self.count += 1
                    node.func = ast.Attribute(name(owner), method, ast.Load())
                    node.args = [receiver, *node.args]
        return node


def _class_of(receiver: ast.expr, method: str, node: ast.Call) -> str | None:
    if isinstance(receiver, ast.Name) and receiver.id in _NO_VALUES:
        return None
    if method == "decode":
        return None if _may_be_decoder(receiver) else "bytes"
    if method not in _OF_BOTH:
        return None
    match receiver:
        case ast.Call(func=ast.Attribute(attr="decode")) | ast.Call(func=ast.Attribute(value=ast.Name("bytes"))):
            return "str"
    match node.args:
        case [ast.Constant(value=str())]:
            return "str"
        case [ast.Constant(value=bytes())]:
            return "bytes"
    return None


def _may_be_decoder(receiver: ast.expr) -> bool:
    match receiver:
        case ast.Name(id=known):
            return "decoder" in known.lower()
        case ast.Call(func=ast.Attribute(attr=known) | ast.Name(id=known)):
            return "decoder" in known.lower()
        case _:
            return True


def on_their_class(tree: ast.Module) -> bool:
    """`bytes.decode(chunk)`, `str.split(text, "\\n")`."""
    methods = _Methods()
    methods.visit(tree)
    return methods.count > 0


def by_getattr(tree: ast.Module) -> bool:
    """`getattr(response, "iter_content")(…)`."""
    count = 0

    class Members(ast.NodeTransformer):
        def visit_Call(self, node: ast.Call) -> ast.AST:
            nonlocal count
            self.generic_visit(node)
            match node.func:
                case ast.Attribute(value=owner, attr=member) if not (
                    isinstance(owner, ast.Call) and called(owner) == "super"
                ):
                    count += 1
                    node.func = ast.Call(name("getattr"), [owner, ast.Constant(member)], [])
            return node

    Members().visit(tree)
    return count > 0


def keywords(before: bool, later: bool) -> Callable[[ast.Module], bool]:
    """Keywords collected in a dict: at once, in front of the call, or one by one."""

    def change(tree: ast.Module) -> bool:
        count = 0

        def spread(statement: ast.stmt) -> list[ast.stmt] | None:
            nonlocal count
            calls = [node for node in _own_expressions(statement) if isinstance(node, ast.Call)]
            calls = [node for node in calls if node.keywords and all(keyword.arg for keyword in node.keywords)]
            if not calls:
                return None
            made: list[ast.stmt] = []
            for call in calls:
                count += 1
                held = f"keywords{count}"
                pairs = [(ast.Constant(str(keyword.arg)), keyword.value) for keyword in call.keywords]
                if not before:
                    call.keywords = [
                        ast.keyword(None, ast.Dict([key for key, _ in pairs], [value for _, value in pairs]))
                    ]
                    continue
                filled: list[ast.expr] = [] if later else [key for key, _ in pairs]
                values: list[ast.expr] = [] if later else [value for _, value in pairs]
                made.append(ast.Assign([ast.Name(held, ast.Store())], ast.Dict(filled, values), lineno=0))
                for key, value in pairs if later else ():
                    made.append(ast.Assign([ast.Subscript(name(held), key, ast.Store())], value, lineno=0))
                call.keywords = [ast.keyword(None, name(held))]
            return [*made, statement]

        each_block(tree, spread)
        return count > 0

    return change


def _own_expressions(statement: ast.stmt) -> list[ast.AST]:
    """Return the parts of a statement that are evaluated once, before everything in it."""
    match statement:
        case ast.Assign(value=value) | ast.Return(value=ast.expr() as value) | ast.Expr(value=value):
            roots: list[ast.AST] = [value]
        case ast.For(iter=value) | ast.AsyncFor(iter=value):
            roots = [value]
        case ast.With(items=items) | ast.AsyncWith(items=items):
            roots = [items[0].context_expr]
        case _:
            return []
    if binds_in(roots[0]) and not isinstance(roots[0], ast.Await):
        return []
    return list(ast.walk(roots[0]))


def forwarded(tree: ast.Module) -> bool:
    """`forward(requests.get, url, stream=True)`."""
    count = 0

    class Calls(ast.NodeTransformer):
        def visit_Call(self, node: ast.Call) -> ast.AST:
            nonlocal count
            self.generic_visit(node)
            if isinstance(node.func, ast.Attribute) and any(keyword.arg == "stream" for keyword in node.keywords):
                count += 1
                node.args = [node.func, *node.args]
                node.func = name("forward")
            return node

    Calls().visit(tree)
    if count:
        define(tree, "def forward(function, *args, **kwargs):\n    return function(*args, **kwargs)")
    return count > 0


def parse_taken_out(tree: ast.Module) -> bool:
    """Return each parse call stands in a function of its own."""
    made: list[ast.stmt] = []

    class Parsers(ast.NodeTransformer):
        def visit_Call(self, node: ast.Call) -> ast.AST:
            self.generic_visit(node)
            if not is_parse(node) or len(node.args) != 1 or free_names(node.func, tree):
                return node
            number = len(made) + 1
            call = ast.Call(name(f"parse{number}"), [node.args[0]], [])
            inner = ast.Call(node.func, [name("value")], node.keywords)
            move_mark(node, inner)
            made.append(_function(f"parse{number}", ["value"], inner))
            return call

    Parsers().visit(tree)
    _put_behind_imports(tree, made)
    return bool(made)


def source_taken_out(tree: ast.Module) -> bool:
    """Return each iterable that may be a stream comes from a function of its own."""
    made: list[ast.stmt] = []

    def take_out(statement: ast.stmt) -> list[ast.stmt] | None:
        if not isinstance(statement, Loop) or not isinstance(statement.iter, ast.Call) or binds_in(statement.iter):
            return None
        if not is_source(statement.iter) or any(called(node) == "super" for node in ast.walk(statement.iter)):
            return None
        names = free_names(statement.iter, tree)
        function = f"source{len(made) + 1}"
        made.append(_function(function, names, statement.iter))
        statement.iter = ast.Call(name(function), [name(known) for known in names], [])
        return [statement]

    each_block(tree, take_out)
    _put_behind_imports(tree, made)
    return bool(made)


def _function(function: str, names: list[str], value: ast.expr) -> ast.FunctionDef:
    parameters = ast.arguments([], [ast.arg(known) for known in names], None, [], [], None, [])
    return ast.FunctionDef(function, parameters, [ast.Return(value)], [], lineno=0)


def _put_behind_imports(tree: ast.Module, made: list[ast.stmt]) -> None:
    tree.body += (
        made
        if not any(
            not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Import | ast.ImportFrom)
            for node in tree.body[1:]
        )
        else []
    )
    if made and made[0] not in tree.body:
        from .shapes import after_imports

        at = after_imports(tree)
        tree.body[at:at] = made


def inlined(tree: ast.Module) -> bool:
    """Functions that only give back an expression of their one parameter are put in the place of their calls."""
    bodies: dict[str, tuple[str, ast.expr]] = {}
    for node in tree.body:
        match node:
            case ast.FunctionDef(
                name=known,
                args=ast.arguments(
                    args=[ast.arg(arg=parameter)], posonlyargs=[], kwonlyargs=[], vararg=None, kwarg=None
                ),
                body=[ast.Return(value=ast.expr() as value)],
                decorator_list=[],
            ) if sum(isinstance(part, ast.Name) and part.id == parameter for part in ast.walk(value)) == 1:
                bodies[known] = (parameter, value)
    uses = dict.fromkeys(bodies, 0)
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and node.id in uses:
            uses[node.id] += 1
    count = 0

    class Calls(ast.NodeTransformer):
        def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
            return node if node.name in bodies else self.generic_visit(node)

        def visit_Call(self, node: ast.Call) -> ast.AST:
            nonlocal count
            self.generic_visit(node)
            match node:
                case ast.Call(func=ast.Name(id=known), args=[argument], keywords=[]) if uses.get(known) == 1:
                    parameter, value = bodies[known]
                    count += 1
                    return _replaced(value, parameter, argument)
            return node

    Calls().visit(tree)
    return count > 0


def _replaced(value: ast.expr, parameter: str, argument: ast.expr) -> ast.expr:
    class Names(ast.NodeTransformer):
        def visit_Name(self, node: ast.Name) -> ast.expr:
            return argument if node.id == parameter else node

    return Names().visit(copy.deepcopy(value))  # type: ignore[no-any-return]
