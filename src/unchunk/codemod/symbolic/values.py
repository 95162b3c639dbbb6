"""Results of string methods, and of common functions on strings, on a made-up piece."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterable
from typing import Any

from unchunk.codemod.symbolic.runs import UNKNOWN, Raised

_UNBOUNDED = {"center", "expandtabs", "format", "format_map", "join", "ljust", "rjust", "translate", "zfill"}
METHODS: dict[type, frozenset[str]] = {
    kind: frozenset(name for name in dir(kind) if not name.startswith("_")) - _UNBOUNDED for kind in (str, bytes)
} | {dict: frozenset({"get", "keys", "values", "items"}), re.Match: frozenset({"group", "groups", "groupdict"})}
"""Methods that do no harm and do not blow up, by type."""

_TYPES = {"str": str, "bytes": bytes, "bytearray": bytearray, "memoryview": memoryview, "list": list, "dict": dict}
_FRAMING = re.compile(r"(data|event|id|retry)?\s*:?\s*(\[DONE\]|[\[{}\]])?\s*", re.IGNORECASE)

_LOOPS = re.compile(r"[*+{]")
_NESTED = re.compile(r"\)[*+{]")
_MAX_PATTERN = 200
_MAX_OPTIONS = 6
_LETTERS_A_STEP = 20_000
_MAX_SEARCHED = 20_000

TELLS = frozenset(("print", "debug", "info", "warning", "warn", "error", "exception", "critical", "log", "fail"))
"""Names of functions and methods that print or log for a person."""


def texts_in(values: Iterable[Any]) -> list[str | bytes]:
    """Return the texts among values, also those in lists and dictionaries."""
    found: list[str | bytes] = []
    for value in values:
        if isinstance(value, (str, bytes)):
            found.append(value)
        elif isinstance(value, dict):
            found += texts_in(value.values())
        elif isinstance(value, (list, tuple)):
            found += texts_in(value)
    return found


def size_of(value: Any, enough: int) -> int:
    """Count a value's letters and parts, up to `enough`: what it contains twice counts twice."""
    size = 0
    pending = [value]
    while pending and size < enough:
        match pending.pop():
            case str() | bytes() | bytearray() as text:
                size += len(text)
            case list() | tuple() as parts:
                size += len(parts)
                pending += parts[:enough]
            case dict() as fields:
                size += len(fields)
                pending += fields.values()
            case _:
                size += 1
    return size


def search_steps(pattern: str | bytes, *texts: Any) -> int | None:
    """Return an upper bound of the steps of a regular-expression search; None where it may be endless.

    A repetition of what repeats itself takes time without bound, as do many that may share letters among them.
    """
    spelled = pattern if isinstance(pattern, str) else pattern.decode("latin-1")
    loops = len(_LOOPS.findall(spelled))
    if len(spelled) > _MAX_PATTERN or _NESTED.search(spelled) or spelled.count("?") > _MAX_OPTIONS:
        return None
    length = sum(len(text) for text in texts if isinstance(text, (str, bytes)))
    steps = length ** (loops + 1) // _LETTERS_A_STEP
    return steps if steps <= _MAX_SEARCHED else None


def about_framing(constant: Any) -> bool:
    """Decide whether a searched string belongs to the framing (`data: `, `[DONE]`) rather than to a document."""
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
