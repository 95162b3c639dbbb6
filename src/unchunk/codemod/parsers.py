"""The `loads=` argument: the program's parser, passed to the runtime helper."""

from __future__ import annotations

import ast

from unchunk.codemod.edits import Position, Refusal, position_of
from unchunk.codemod.rewrite_site import RewriteSite
from unchunk.codemod.syntax import Function, walk

_OURS = {"json.loads", "json.JSONDecoder.decode"}
_TAKES_BOTH = {"orjson.loads", "ujson.loads", "simplejson.loads", "rapidjson.loads", "pydantic_core.from_json"}
_METHODS = {"model_validate_json", "validate_json"}
_CATCHES_OURS = {"Exception", "BaseException", "ValueError"}


def loads_argument(case: RewriteSite, number: int) -> tuple[str, tuple[Position, ...]] | Refusal:
    """Return the `loads=` argument for `iter_json` as the tail of a template with its holes; empty for `json.loads`.

    Refuses parsers that do not take bytes and text alike, and those whose own errors are caught around the loop: the
    helper raises errors of its own.
    """
    parser, call = case.site.parser, case.site.parse
    if parser == "json.loads" and isinstance(call, ast.Call):
        function = call.func if case.site.argument is not None else call.args[0]
        if not _is_imported(case, function):
            return Refusal("the parser is one of the program's own making")
        return "", ()
    if parser not in _TAKES_BOTH and parser.rpartition(".")[2] not in _METHODS:
        return Refusal(f"`{parser}` does not take bytes and text alike")
    if not isinstance(call, ast.Call) or _errors_are_told_apart(case):
        return Refusal(f"errors of `{parser}` are caught around the loop")
    function = call.func if case.site.argument is not None else call.args[0]
    if any(isinstance(node, (ast.Call, ast.Await)) for node in walk(function)):
        return Refusal(f"`{parser}` is made anew for each piece")
    if {node.id for node in walk(function) if isinstance(node, ast.Name)} & case.bound_names:
        return Refusal("the parser depends on the piece")
    return f", loads={{{number}}}", (position_of(function),)


def _is_imported(case: RewriteSite, function: ast.expr) -> bool:
    """Decide whether a function is the imported parser itself, not something derived from it."""
    root = function
    while isinstance(root, ast.Attribute):
        root = root.value
    return isinstance(root, ast.Name) and root.id in case.tree.imported


def _errors_are_told_apart(case: RewriteSite) -> bool:
    for node in case.tree.above(case.site.producer):
        if isinstance(node, Function):
            return False
        if isinstance(node, ast.Try):
            for handler in node.handlers:
                kinds = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
                names = {kind.id if isinstance(kind, ast.Name) else "" for kind in kinds}
                if handler.type is not None and not names <= _CATCHES_OURS:
                    return True
    return False
