"""A value that goes another way: through a temporary, a tuple, a dict, an object, a function."""

from __future__ import annotations

import ast
from collections.abc import Callable
from dataclasses import dataclass, field

from .marks import move_mark
from .shapes import (
    Loop,
    called,
    define,
    each_block,
    expression,
    holds,
    is_parse,
    is_read,
    is_source,
    statements,
)


@dataclass(frozen=True)
class Way:
    """A way for a value: statements in front, the expression that holds it then, and definitions for the module.

    `VALUE` stands for the value, `N` at the end of a name for a number that no other place has.
    """

    name: str
    result: str
    before: str = ""
    definitions: str = ""
    imports: str = ""
    each: bool = field(default=False)


WAYS = (
    Way("a temporary", "heldN", "heldN = VALUE"),
    Way("a walrus", "(heldN := VALUE)"),
    Way("a tuple", "pairN[0]", "pairN = (VALUE, None)"),
    Way("an unpacked tuple", "heldN", "heldN, otherN = VALUE, None"),
    Way("a dict", "boxN['value']", "boxN = {'value': VALUE, 'other': None}"),
    Way("a dict that is filled later", "boxN['value']", "boxN = {}\nboxN['value'] = VALUE"),
    Way("a dict with a constant for its key", "boxN[KEY]", "boxN = {}\nboxN[KEY] = VALUE", "KEY = 'value'"),
    Way(
        "a dict under a variable key",
        "boxN['value']",
        "boxN = {}\nheldN = VALUE\nfor keyN in sys.argv:\n    boxN[keyN] = heldN",
        imports="import sys",
    ),
    Way("an attribute", "boxN.value", "boxN = types.SimpleNamespace()\nboxN.value = VALUE", imports="import types"),
    Way("a namespace", "types.SimpleNamespace(value=VALUE).value", imports="import types"),
    Way(
        "a data class",
        "BoxN(VALUE).value",
        definitions="@dataclasses.dataclass\nclass BoxN:\n    value: object",
        imports="import dataclasses",
        each=True,
    ),
    Way(
        "an object",
        "BoxN(VALUE).value",
        definitions="class BoxN:\n    def __init__(self, value):\n        self.value = value",
        each=True,
    ),
    Way("a conditional expression", "(VALUE if sys.argv else VALUE)", imports="import sys"),
    Way("a lambda", "(lambda value: value)(VALUE)"),
    Way("a function", "same(VALUE)", definitions="def same(value):\n    return value"),
    Way("a keyword", "same(value=VALUE)", definitions="def same(value):\n    return value"),
    Way("keywords in a dict", "same(**{'value': VALUE})", definitions="def same(value):\n    return value"),
    Way(
        "forwarded arguments",
        "forward(same, VALUE)",
        definitions="def same(value):\n    return value\n"
        "def forward(function, *args, **kwargs):\n    return function(*args, **kwargs)",
    ),
    Way(
        "functools.partial",
        "functools.partial(same, VALUE)()",
        definitions="def same(value):\n    return value",
        imports="import functools",
    ),
)


class _Sites:
    """The places in which a value goes another way."""

    def __init__(self, way: Way) -> None:
        self.way = way
        self.count = 0

    def led(self, value: ast.expr) -> tuple[list[ast.stmt], ast.expr]:
        self.count += 1
        number = str(self.count)

        def numbered(text: str) -> str:
            for stem in ("held", "pair", "other", "box", "key", "Box"):
                text = text.replace(f"{stem}N", stem + number)
            return text

        before = statements(numbered(self.way.before), VALUE=value) if self.way.before else []
        return before, expression(numbered(self.way.result), VALUE=value)

    def finish(self, tree: ast.Module) -> bool:
        if self.count:
            numbers = range(1, self.count + 1) if self.way.each else (1,)
            for number in numbers:
                define(tree, self.way.definitions.replace("BoxN", f"Box{number}"))
            define(tree, self.way.imports)
        return self.count > 0


def piece(way: Way) -> Callable[[ast.Module], bool]:
    """Transform the last step of the parsed expression."""

    def change(tree: ast.Module) -> bool:
        sites = _Sites(way)
        if way.before:
            each_block(tree, lambda statement: _before_statement(statement, sites))
        else:
            _Pieces(sites).visit(tree)
        return sites.finish(tree)

    return change


def _before_statement(statement: ast.stmt, sites: _Sites) -> list[ast.stmt] | None:
    value = getattr(statement, "value", None)
    parse = first_parse(value) if isinstance(value, ast.expr) else None
    if parse is None or isinstance(statement, ast.AugAssign) or holds(parse.args[0], ast.NamedExpr):
        return None
    before, parse.args[0] = sites.led(parse.args[0])
    return [*before, statement]


def first_parse(value: ast.expr) -> ast.Call | None:
    """Return the parse call that is evaluated first in an expression, if there is one."""
    if is_parse(value):
        assert isinstance(value, ast.Call)
        return value
    match value:
        case ast.Yield(value=ast.expr() as inner) | ast.Await(value=inner) | ast.Subscript(value=inner):
            return first_parse(inner)
        case ast.Attribute(value=inner):
            return first_parse(inner)
        case ast.Call(func=ast.Name(), args=[inner, *_]):
            return first_parse(inner)
        case _:
            return None


class _Pieces(ast.NodeTransformer):
    def __init__(self, sites: _Sites) -> None:
        self.sites = sites
        self.in_class = False

    def visit_Call(self, node: ast.Call) -> ast.AST:
        self.generic_visit(node)
        if is_parse(node) and not (self.sites.way.name == "a walrus" and self.in_class):
            _, node.args[0] = self.sites.led(node.args[0])
        return node

    def visit_comprehension(self, node: ast.comprehension) -> ast.AST:
        was, self.in_class = self.in_class, True
        self.generic_visit(node)
        self.in_class = was
        return node


def stream(way: Way) -> Callable[[ast.Module], bool]:
    """Transform the iterable of a loop."""

    def change(tree: ast.Module) -> bool:
        sites = _Sites(way)

        def lead(statement: ast.stmt) -> list[ast.stmt] | None:
            if not isinstance(statement, Loop) or not is_source(statement.iter):
                return None
            before, statement.iter = sites.led(statement.iter)
            return [*before, statement]

        each_block(tree, lead)
        return sites.finish(tree)

    return change


def client(way: Way) -> Callable[[ast.Module], bool]:
    """Transform the receiver that returns a stream."""

    def change(tree: ast.Module) -> bool:
        sites = _Sites(way)

        def lead(statement: ast.stmt) -> list[ast.stmt] | None:
            if not isinstance(statement, Loop):
                return None
            match statement.iter:
                case ast.Call(func=ast.Attribute(value=ast.Call() | ast.Attribute())) if is_source(statement.iter):
                    assert isinstance(statement.iter, ast.Call)
                    assert isinstance(statement.iter.func, ast.Attribute)
                    before, statement.iter.func.value = sites.led(statement.iter.func.value)
                    return [*before, statement]
                case _:
                    return None

        each_block(tree, lead)
        return sites.finish(tree)

    return change


def read(way: Way) -> Callable[[ast.Module], bool]:
    """Transform a read before it is bound."""

    def change(tree: ast.Module) -> bool:
        sites = _Sites(way)

        class Reads(ast.NodeTransformer):
            def visit_Call(self, node: ast.Call) -> ast.AST:
                self.generic_visit(node)
                return sites.led(node)[1] if is_read(node) else node

        for function in ast.walk(tree):
            if isinstance(function, ast.FunctionDef) and not way.before:
                function.body = [Reads().visit(statement) for statement in function.body]
        return sites.finish(tree)

    return change


def parser(text: str, imports: str = "", definitions: str = "") -> Callable[[ast.Module], bool]:
    """Call the parser by another name: `PARSER` and `VALUE` stand for it and for its argument."""

    def change(tree: ast.Module) -> bool:
        count = 0

        class Parsers(ast.NodeTransformer):
            def visit_Call(self, node: ast.Call) -> ast.AST:
                nonlocal count
                self.generic_visit(node)
                alone = is_parse(node) and len(node.args) == 1 and not node.keywords
                if called(node) != "loads" or not alone or not _is_json(node.func):
                    return node
                count += 1
                made = expression(text, PARSER=node.func, VALUE=node.args[0])
                inner = next(
                    (part for part in ast.walk(made) if isinstance(part, ast.Call) and part.func is node.func), made
                )
                move_mark(node, inner)
                return made

        Parsers().visit(tree)
        if count:
            define(tree, definitions)
            define(tree, imports)
        return count > 0

    return change


def _is_json(function: ast.expr) -> bool:
    return isinstance(function, ast.Attribute) and isinstance(function.value, ast.Name) and function.value.id == "json"
