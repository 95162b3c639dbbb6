"""Parse calls: which functions parse, what they are given, and what stands around them."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

from unchunk.analysis.catalog.rows import Row, Use

from .outline import FunctionDef
from .run import Parsed
from .values import UNKNOWN, Value

if TYPE_CHECKING:
    from unchunk.analysis.catalog.index import Catalog

    from .frames import Frame

_PACE = re.compile(r"(?:^|_)a?sync(?:_|$)")
_KEYS_READ = re.compile(r"""[\[(]["'](choices|delta)["']""")
WRAPPERS = frozenset(("json_loads", "loads_json", "jsonloads", "json_decode", "parse_json"))
"""Functions imported from elsewhere whose name says that they are `json.loads`."""


def parser_rows(dotted: str, catalog: Catalog) -> list[Row]:
    """The rows that make a dotted name a parser."""
    found = catalog.find(dotted)
    if found is not None:
        return [row for row in found.type.calls.get(found.member, ()) if row.use is Use.PARSE]
    owner, _, name = dotted.rpartition(".")
    if name == "loads" and owner.rpartition(".")[2].endswith("json"):
        return catalog.type("json").calls["loads"]
    if name in WRAPPERS and owner and owner != "builtins":
        return catalog.type("json").calls["loads"]
    return catalog.untyped_parsers.get(name, []) if owner else []


def parse_argument(
    row: Row, node: ast.Call, arguments: list[Value], keywords: dict[str, Value]
) -> tuple[ast.expr | None, Value]:
    """The argument that is parsed, where it is written out, and its value."""
    if node.args and not isinstance(node.args[0], ast.Starred):
        place = row.parameter if isinstance(row.parameter, int) else 0
        if place < len(node.args):
            return node.args[place], arguments[place]
    elif arguments:
        return None, arguments[0]
    written = {keyword.arg: keyword.value for keyword in node.keywords}
    for name in (row.parameter, "s", "data", "json_data", "obj"):
        if isinstance(name, str) and name in keywords:
            return written.get(name), keywords[name]
    return None, UNKNOWN


def _ends_with_done(frame: Frame) -> bool:
    """Whether the function takes what it parses for OpenAI's chunks, and never looks for the mark at their end."""
    known = frame.run.ends_with_done
    if frame.node not in known:
        text = frame.module.text_of(frame.node)
        of_chunks = {"choices", "delta"} <= set(_KEYS_READ.findall(text))
        known[frame.node] = "DONE" not in text and (of_chunks or _twin_looks_for_done(frame))
    return known[frame.node]


def _twin_looks_for_done(frame: Frame) -> bool:
    """Whether the same function for the other kind of clients, such as `astream` for `stream`, knows the mark."""
    module, node = frame.module, frame.node
    if "[DONE]" not in module.text or not isinstance(node, FunctionDef):
        return False
    names = _twin_names(node.name)
    return any(
        other is not node and not names.isdisjoint(_twin_names(other.name)) and "[DONE]" in module.text_of(other)
        for other, _ in module.outline.functions
        if isinstance(other, ast.AsyncFunctionDef) is not isinstance(node, ast.AsyncFunctionDef)
    )


def _twin_names(name: str) -> set[str]:
    """A function's name without what says that it is (not) asynchronous: `_astream` is the twin of `_stream`."""
    bare = _PACE.sub("_", name).strip("_")
    return {bare, bare.removeprefix("a")}


def record_parse(
    node: ast.Call, argument: ast.expr | None, parser: str, value: Value, frame: Frame, *, spread: bool = False
) -> None:
    """Note that something is parsed here."""
    frame.run.record(
        Parsed(
            node,
            argument,
            parser,
            frame.module,
            frame.context,
            frame.callers,
            value,
            frame.guards,
            frame.loop,
            frame.state.facts,
            _ends_with_done(frame),
            frame.node,
            spread,
        )
    )
