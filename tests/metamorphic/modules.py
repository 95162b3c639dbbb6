"""A program in two modules: the parser, the source, the stream, the client or the piece is handed over."""

from __future__ import annotations

import ast

from .marks import move_mark
from .shapes import PARSERS, Loop, binds_in, called, define, each_block, free_names, is_parse, is_source, name

OTHER = "elsewhere"
Split = dict[str, ast.Module]


def piece_handed_over(tree: ast.Module) -> Split | None:
    """Pass the parsed expression to a function of another module."""
    return _parsed_elsewhere(tree, "def parseN(value):\n    return PARSE", "parseN")


def piece_stored(tree: ast.Module) -> Split | None:
    """Store the parsed expression by the constructor of a class of another module."""
    return _parsed_elsewhere(
        tree,
        "class ParseN:\n    def __init__(self, value):\n        self.value = value\n"
        "    def parsed(self):\n        value = self.value\n        return PARSE",
        "ParseN",
        "parsed",
    )


def _parsed_elsewhere(tree: ast.Module, definition: str, made: str, method: str = "") -> Split | None:
    texts: list[str] = []
    imports = [node for node in tree.body if isinstance(node, ast.Import | ast.ImportFrom)]

    class Parsers(ast.NodeTransformer):
        def visit_Call(self, node: ast.Call) -> ast.AST:
            self.generic_visit(node)
            if not is_parse(node) or len(node.args) != 1 or not _is_imported(node.func, imports):
                return node
            number = str(len(texts) + 1)
            parse = ast.unparse(ast.Call(node.func, [name("value")], node.keywords))
            texts.append(definition.replace("PARSE", parse).replace("seN", f"se{number}"))
            call = ast.Call(name(made.replace("N", number)), [node.args[0]], [])
            if method:
                call = ast.Call(ast.Attribute(call, method, ast.Load()), [], [])
            move_mark(node, call)
            return call

    Parsers().visit(tree)
    if not texts:
        return None
    module = ast.Module([*imports, *ast.parse("\n".join(texts)).body], [])
    _import_all(tree, module)
    return {f"{OTHER}.py": module}


def _is_imported(function: ast.expr, imports: list[ast.Import | ast.ImportFrom]) -> bool:
    root = function
    while isinstance(root, ast.Attribute):
        root = root.value
    known = {(alias.asname or alias.name).split(".")[0] for node in imports for alias in node.names}
    return isinstance(root, ast.Name) and root.id in known


def _import_all(tree: ast.Module, module: ast.Module) -> None:
    names = [
        node.name for node in module.body if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
    ]
    define(tree, f"from {OTHER} import {', '.join(names)}")


def source_elsewhere(tree: ast.Module) -> Split | None:
    """Get the stream from a function of another module."""
    imports = [node for node in tree.body if isinstance(node, ast.Import | ast.ImportFrom)]
    own = {node.name for node in tree.body if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)}
    made: list[ast.stmt] = []

    def take_out(statement: ast.stmt) -> list[ast.stmt] | None:
        if not isinstance(statement, Loop) or not isinstance(statement.iter, ast.Call) or binds_in(statement.iter):
            return None
        inside = {node.id for node in ast.walk(statement.iter) if isinstance(node, ast.Name)}
        parts = list(ast.walk(statement.iter))
        if not is_source(statement.iter) or inside & own or any(_stays(part) for part in parts):
            return None
        names = free_names(statement.iter, tree)
        function = f"source{len(made) + 1}"
        parameters = ast.arguments([], [ast.arg(known) for known in names], None, [], [], None, [])
        made.append(ast.FunctionDef(function, parameters, [ast.Return(statement.iter)], [], lineno=0))
        statement.iter = ast.Call(name(function), [name(known) for known in names], [])
        return [statement]

    each_block(tree, take_out)
    if not made:
        return None
    module = ast.Module([*imports, *made], [])
    _import_all(tree, module)
    return {f"{OTHER}.py": module}


def _stays(node: ast.AST) -> bool:
    """Decide whether an expression means something else in another module, or is missing there."""
    parser = isinstance(node, ast.Attribute) and node.attr in PARSERS
    return parser or called(node) == "super"


_STREAMS = """
def each(items):
    for item in items:
        yield item

async def aeach(items):
    async for item in items:
        yield item
"""
_READERS = """
class ReaderN:
    def __init__(self, items):
        self.items = items

    def each(self):
        for item in self.items:
            yield item

class AReaderN:
    def __init__(self, items):
        self.items = items

    async def each(self):
        async for item in self.items:
            yield item
"""


def stream_handed_over(tree: ast.Module) -> Split | None:
    """Iterate over the stream in a generator of another module."""
    return _through(tree, lambda kind, number, items: ast.Call(name(f"{kind}each"), [items], []), _STREAMS)


def stream_stored(tree: ast.Module) -> Split | None:
    """Keep the stream in an object of a class of another module, which iterates over it."""

    def read(kind: str, number: str, items: ast.expr) -> ast.Call:
        reader = ast.Call(name(f"{kind.upper()}Reader{number}"), [items], [])
        return ast.Call(ast.Attribute(reader, "each", ast.Load()), [], [])

    return _through(tree, read, _READERS)


def client_handed_over(tree: ast.Module) -> Split | None:
    """Ask the client for its stream in a function of another module."""
    texts: list[str] = []

    def hand_over(statement: ast.stmt) -> list[ast.stmt] | None:
        if not isinstance(statement, Loop):
            return None
        match statement.iter:
            case ast.Call(func=ast.Attribute(value=ast.Call() | ast.Attribute() as client, attr=method)) as call:
                if called(client) == "super":
                    return None
                number = str(len(texts) + 1)
                texts.append(
                    f"def opened{number}(client, *args, **kwargs):\n    return client.{method}(*args, **kwargs)"
                )
                statement.iter = ast.Call(name(f"opened{number}"), [client, *call.args], call.keywords)
                return [statement]
            case _:
                return None

    each_block(tree, hand_over)
    if not texts:
        return None
    module = ast.parse("\n".join(texts))
    _import_all(tree, module)
    return {f"{OTHER}.py": module}


def _through(tree: ast.Module, read: object, definitions: str) -> Split | None:
    numbers: list[str] = []

    def change(statement: ast.stmt) -> list[ast.stmt] | None:
        if not isinstance(statement, Loop) or not is_source(statement.iter):
            return None
        numbers.append(str(len(numbers) + 1))
        kind = "" if isinstance(statement, ast.For) else "a"
        statement.iter = read(kind, numbers[-1], statement.iter)  # type: ignore[operator]
        return [statement]

    each_block(tree, change)
    if not numbers:
        return None
    texts = [definitions.replace("ReaderN", f"Reader{number}") for number in numbers]
    module = ast.parse("\n".join(dict.fromkeys(texts)))
    _import_all(tree, module)
    return {f"{OTHER}.py": module}
