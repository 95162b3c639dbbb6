"""Parse calls: the functions that parse, their arguments, and their surroundings."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

from unchunk.analysis.catalog.dsl import Row, Use

from .context import ParseRecord
from .outline import FunctionDef
from .values import UNKNOWN, Value

if TYPE_CHECKING:
    from unchunk.analysis.catalog.index import Catalog

    from .frames import Frame

_PACE = re.compile(r"(?:^|_)a?sync(?:_|$)")
_KEYS_READ = re.compile(r"""[\[(]["'](choices|delta)["']""")
WRAPPERS = frozenset(("json_loads", "loads_json", "jsonloads", "json_decode", "parse_json"))
"""Functions imported from elsewhere whose name says that they are `json.loads`."""


def parser_rows(dotted: str, catalog: Catalog) -> list[Row]:
    """Return the rows that make a dotted name a parser."""
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
    """Return the parsed argument's expression, if it is written out, and its value."""
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
    """Decide whether the function parses OpenAI's chunks without looking for the `[DONE]` at their end."""
    known = frame.run.ends_with_done
    if frame.node not in known:
        text = frame.module.text_of(frame.node)
        of_chunks = {"choices", "delta"} <= set(_KEYS_READ.findall(text))
        known[frame.node] = "DONE" not in text and (of_chunks or _twin_looks_for_done(frame))
    return known[frame.node]


def _twin_looks_for_done(frame: Frame) -> bool:
    """Decide whether the function's (a)synchronous twin, such as `astream` for `stream`, looks for `[DONE]`."""
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
    """Return a function's name without its mark of being asynchronous: `_astream` is the twin of `_stream`."""
    bare = _PACE.sub("_", name).strip("_")
    return {bare, bare.removeprefix("a")}


def record_parse(
    node: ast.Call, argument: ast.expr | None, parser: str, value: Value, frame: Frame, *, spread: bool = False
) -> None:
    """Record a parse call."""
    frame.run.record(
        ParseRecord(
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
