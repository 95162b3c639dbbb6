"""Higher-order calls: functions passed to something that calls them, such as `map(json.loads, chunks)` or
`run_in_executor(None, parse, chunk)`.
"""

from __future__ import annotations

from unchunk.analysis.catalog.dsl import Use

from .call_args import CallArgs
from .call_key import sees_only_module
from .parse_calls import parser_rows, record_parse
from .values import (
    UNKNOWN,
    BoundMethod,
    CatalogInstance,
    Function,
    MappingValue,
    Partial,
    QualifiedName,
    TupleValue,
    Unknown,
    Value,
    affects_callee,
    join,
    union_members,
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


def call_higher_order(name: str, call: CallArgs) -> Value | None:
    """Evaluate a call that is passed a function and its data; None if this is no such call."""
    last = name.rpartition(".")[2]
    if last in MAPS and len(call.arguments) >= 2:
        return _mapped(call)
    if last in CALLERS:
        return _called(call, last in IN_A_TUPLE)
    return None


def _mapped(call: CallArgs) -> Value | None:
    from .builtins import mapped

    return mapped(call)


def _called(call: CallArgs, in_a_tuple: bool) -> Value | None:
    for place, value in enumerate(call.arguments):
        if _callable(value):
            rest = call.arguments[place + 1 :]
            if in_a_tuple:
                packed = rest[0] if rest else call.keywords.get("args", UNKNOWN)
                rest = list(packed.values) if isinstance(packed, TupleValue) else []
            return apply_function(value, rest, call)
    target = call.keywords.get("target")
    given = call.keywords.get("args")
    named = call.keywords.get("kwargs")
    if target is None:
        return None
    arguments = list(given.values) if isinstance(given, TupleValue) else []
    fields = named.fields if isinstance(named, MappingValue) else ()
    return apply_function(target, arguments, call, {str(name): value for name, value in fields})


def _callable(value: Value) -> bool:
    return any(isinstance(item, Function | Partial | QualifiedName | BoundMethod) for item in union_members(value))


def _sees_around(value: Value) -> bool:
    """Decide whether a value is a function that closes over another function's names."""
    return isinstance(value, Function) and not sees_only_module(value)


def _parser(function: Value, call: CallArgs) -> str | None:
    """Return the name of a parser, if the function is one: `json.loads`, `TypeAdapter(…).validate_json`."""
    catalog = call.frame.run.catalog
    match function:
        case QualifiedName(name=name) if any(row.only is None for row in parser_rows(name, catalog)):
            return name
        case CatalogInstance(type=known, at=member) if any(row.use is Use.PARSE for row in known.calls.get(member, ())):
            return f"{known.dotted}.{member}"
        case BoundMethod(owner=Unknown(), name=name) if name in catalog.untyped_parsers:
            return None if call.frame.module.own_methods(name) else name
        case _:
            return None


def apply_function(
    function: Value, arguments: list[Value], call: CallArgs, keywords: dict[str, Value] | None = None
) -> Value | None:
    """Call a function that was passed on, with the data passed along."""
    from .calls import invoke

    keywords = keywords or {}
    if not any(map(affects_callee, (*arguments, *keywords.values()))) and not any(
        map(_sees_around, union_members(function))
    ):
        return None
    result: Value = UNKNOWN
    for item in union_members(function):
        parser = _parser(item, call)
        match item:
            case _ if parser is not None and arguments:
                record_parse(call.node, None, parser, arguments[0], call.frame)
            case Unknown():
                continue
            case _:
                result = join(result, invoke(item, call.on(arguments, keywords)))
    return result
