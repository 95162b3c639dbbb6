"""Functions that are handed to something that will call them: `map(json.loads, chunks)`, `run_in_executor(None,
parse, chunk)`.
"""

from __future__ import annotations

from unchunk.analysis.catalog.rows import Use

from .arguments import Call
from .parsing import parser_rows, record_parse
from .shapes import sees_only_module
from .values import (
    UNKNOWN,
    Dotted,
    Function,
    Instance,
    Items,
    Method,
    Partial,
    Record,
    Unknown,
    Value,
    alternatives,
    interesting,
    join,
)

MAPS = frozenset(("map", "imap", "imap_unordered", "amap", "filter", "starmap"))
CALLERS = frozenset(
    (
        "submit",
        "run_in_executor",
        "to_thread",
        "run_sync",
        "call_soon",
        "call_soon_threadsafe",
        "apply",
        "apply_async",
        "Thread",
        "Process",
        "start_soon",
        "run_sync_in_worker_thread",
        "start_new_thread",
        "start_background_task",
    )
)
IN_A_TUPLE = frozenset(("start_new_thread", "apply_async", "apply"))
"""Those that are given the arguments of the function as one tuple."""


def pass_on(name: str, made: Call) -> Value | None:
    """What comes of handing a function and its data to something; None if that is not what happens here."""
    last = name.rpartition(".")[2]
    if last in MAPS and len(made.arguments) >= 2:
        return _mapped(made)
    if last in CALLERS:
        return _called(made, last in IN_A_TUPLE)
    return None


def _mapped(made: Call) -> Value | None:
    from .builtins import mapped

    return mapped(made)


def _called(made: Call, in_a_tuple: bool) -> Value | None:
    for place, value in enumerate(made.arguments):
        if _callable(value):
            rest = made.arguments[place + 1 :]
            if in_a_tuple:
                packed = rest[0] if rest else made.keywords.get("args", UNKNOWN)
                rest = list(packed.values) if isinstance(packed, Items) else []
            return applied(value, rest, made)
    target = made.keywords.get("target")
    given = made.keywords.get("args")
    named = made.keywords.get("kwargs")
    if target is None:
        return None
    arguments = list(given.values) if isinstance(given, Items) else []
    fields = named.fields if isinstance(named, Record) else ()
    return applied(target, arguments, made, {str(name): value for name, value in fields})


def _callable(value: Value) -> bool:
    return any(isinstance(item, Function | Partial | Dotted | Method) for item in alternatives(value))


def _sees_around(value: Value) -> bool:
    """Whether it is a function that sees the names of another one around it."""
    return isinstance(value, Function) and not sees_only_module(value)


def _parser(function: Value, made: Call) -> str | None:
    """The name of a parser, if the function is one: `json.loads`, `TypeAdapter(…).validate_json`."""
    catalog = made.frame.run.catalog
    match function:
        case Dotted(name=name) if any(row.only is None for row in parser_rows(name, catalog)):
            return name
        case Instance(type=known, at=member) if any(row.use is Use.PARSE for row in known.calls.get(member, ())):
            return f"{known.dotted}.{member}"
        case Method(owner=Unknown(), name=name) if name in catalog.untyped_parsers:
            return None if made.frame.module.own_methods(name) else name
        case _:
            return None


def applied(
    function: Value, arguments: list[Value], made: Call, keywords: dict[str, Value] | None = None
) -> Value | None:
    """Call a function that was passed on, with data that was passed along."""
    from .calls import invoke

    keywords = keywords or {}
    if not any(map(interesting, (*arguments, *keywords.values()))) and not any(
        map(_sees_around, alternatives(function))
    ):
        return None
    result: Value = UNKNOWN
    for item in alternatives(function):
        parser = _parser(item, made)
        match item:
            case _ if parser is not None and arguments:
                record_parse(made.node, None, parser, arguments[0], made.frame)
            case Unknown():
                continue
            case _:
                result = join(result, invoke(item, made.on(arguments, keywords)))
    return result
