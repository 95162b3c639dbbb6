"""What the methods of strings, and the functions that programs use on them, make of a made-up piece."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterable
from typing import Any

from unchunk.codemod.trial.runs import UNKNOWN, Raised

_UNBOUNDED = {"center", "expandtabs", "format", "format_map", "join", "ljust", "rjust", "translate", "zfill"}
METHODS: dict[type, frozenset[str]] = {
    kind: frozenset(name for name in dir(kind) if not name.startswith("_")) - _UNBOUNDED for kind in (str, bytes)
} | {dict: frozenset({"get", "keys", "values", "items"}), re.Match: frozenset({"group", "groups", "groupdict"})}
"""Methods that do no harm and do not blow up, by type."""

_TYPES = {"str": str, "bytes": bytes, "bytearray": bytearray, "memoryview": memoryview, "list": list, "dict": dict}
_FRAMING = re.compile(r"(data|event|id|retry)?\s*:?\s*(\[DONE\]|[\[{}\]])?\s*", re.IGNORECASE)


TELLS = frozenset(("print", "debug", "info", "warning", "warn", "error", "exception", "critical", "log", "fail"))
"""What functions and methods are called that tell a person something."""


def texts_in(values: Iterable[Any]) -> list[str | bytes]:
    """The texts among values, also those in lists and dictionaries."""
    found: list[str | bytes] = []
    for value in values:
        if isinstance(value, (str, bytes)):
            found.append(value)
        elif isinstance(value, dict):
            found += texts_in(value.values())
        elif isinstance(value, (list, tuple)):
            found += texts_in(value)
    return found


def about_framing(constant: Any) -> bool:
    """Whether a string that is looked for belongs to the framing (`data: `, `[DONE]`) rather than to a document."""
    if isinstance(constant, bytes):
        constant = constant.decode("latin-1")
    return not isinstance(constant, str) or _FRAMING.fullmatch(constant) is not None


def holds_document(text: Any) -> bool:
    return (isinstance(text, str) and "{" in text) or (isinstance(text, bytes) and b"{" in text)


def decoded(value: Any) -> Any:
    return value.decode("utf-8", "replace") if isinstance(value, (bytes, bytearray)) else UNKNOWN


def apply(function: Callable[..., Any], *values: Any) -> Any:
    if any(value is UNKNOWN for value in values):
        return UNKNOWN
    return attempted(lambda: function(*values))


def attempted(thunk: Callable[[], Any]) -> Any:
    try:
        return thunk()
    except Exception as error:  # the body would raise the same: the run goes on in its handlers
        raise Raised(type(error)) from error


def ordered(op: ast.cmpop, left: Any, right: Any) -> Any:
    match op:
        case ast.Lt():
            return apply(lambda a, b: a < b, left, right)
        case ast.LtE():
            return apply(lambda a, b: a <= b, left, right)
        case ast.Gt():
            return apply(lambda a, b: a > b, left, right)
        case _:
            return apply(lambda a, b: a >= b, left, right)


def is_instance(value: Any, types: ast.expr) -> Any:
    names = [types] if not isinstance(types, ast.Tuple) else types.elts
    known = [_TYPES[item.id] for item in names if isinstance(item, ast.Name) and item.id in _TYPES]
    if isinstance(value, tuple(known)):
        return True
    return False if len(known) == len(names) else UNKNOWN
