"""Methods of bytes, text, lists, dicts and file-like objects that hold data."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

from .access_paths import access_path_of
from .call_args import CallArgs
from .data import added, bound_to_loop, concatenated, joined, map_union, names_data, with_flow_step
from .narrowing import with_facts
from .values import (
    CHANGED,
    OPEN,
    QUEUED,
    SPLIT,
    UNKNOWN,
    BoundMethod,
    Channel,
    CollectionValue,
    Constant,
    IterableValue,
    MappingValue,
    StreamData,
    TupleValue,
    Unknown,
    Value,
    contains_stream_data,
    join,
    join_all,
)

PRESERVING = {
    "decode": "decoded",
    "encode": "encoded",
    "strip": "stripped",
    "lstrip": "stripped",
    "rstrip": "stripped",
    "lower": "lowered",
    "upper": "raised",
    "expandtabs": "expanded",
    "translate": "translated",
    "tobytes": "converted",
    "data": "converted",
    "format": "formatted",
    "hex": "converted",
    "casefold": "lowered",
    "__str__": "converted",
}
_TEXTS: tuple[str | bytes, ...] = ("a", b"a")
TRIMMING = {"removeprefix": "prefix removed", "removesuffix": "suffix removed", "replace": "replaced"}
SPLITTING = frozenset(("split", "rsplit", "splitlines"))
PARTITION = frozenset(("partition", "rpartition"))
FROM_FILE = frozenset(("read", "getvalue", "getbuffer", "read1", "group"))
APPEND_METHODS = frozenset(("append", "appendleft", "add", "insert"))
POP_METHODS = frozenset(("pop", "popleft"))
INTO_QUEUE = frozenset(("put", "put_nowait", "send", "send_nowait"))
FROM_QUEUE = frozenset(("get", "get_nowait", "receive", "receive_nowait"))


@cache
def gives_text(name: str) -> bool:
    """Decide by trial whether a method of text or bytes returns text or bytes again."""
    for sample in _TEXTS:
        tries: tuple[tuple[object, ...], ...] = ((), (3,), (sample,), (sample, sample), ({},))
        for arguments in tries:
            try:
                if isinstance(getattr(sample, name)(*arguments), str | bytes):
                    return not name.startswith("__")
            except Exception:
                continue
    return False


def call_data_method(function: BoundMethod, call: CallArgs) -> Value | None:
    """Return the result of a method of data, a collection or a constant; None if it is no such method."""
    owner = function.owner
    match owner:
        case StreamData():
            return _of_data(owner, function, call)
        case Constant():
            return _of_constant(owner, function, call)
        case CollectionValue() | TupleValue():
            return _of_collection(owner, function, call)
        case MappingValue():
            return _of_record(owner, function, call)
        case IterableValue():
            return _of_steps(owner, function, call)
        case Channel():
            return _of_channel(owner, function.name, call)
        case _:
            return None


def _of_data(data: StreamData, function: BoundMethod, call: CallArgs) -> Value:
    name, node, path = function.name, call.node, call.frame.module.path
    if name in PRESERVING:
        text = True if name == "decode" else False if name == "encode" else data.text
        if name == "decode":
            _note_decode(data, call)
        cut = data.cut or (name in ("lstrip", "strip") and bool(call.arguments))
        sse = data.sse or (name in ("lstrip", "strip") and names_data(call))
        return replace(data, text=text, cut=cut, sse=sse, trace=data.with_step(node, PRESERVING[name], path))
    if name in TRIMMING:
        return replace(
            data, cut=True, sse=data.sse or names_data(call), trace=data.with_step(node, TRIMMING[name], path)
        )
    if name in SPLITTING:
        sse = data.sse or names_data(call)
        return CollectionValue(replace(data, split=node, sse=sse, trace=data.with_step(node, SPLIT, path)))
    if name in PARTITION:
        part = replace(
            data, cut=True, sse=data.sse or names_data(call), trace=data.with_step(node, "partitioned", path)
        )
        return TupleValue((part, UNKNOWN, part))
    if name in FROM_FILE:
        return replace(data, file_like=False)
    if name == "readlines":
        return CollectionValue(
            replace(data, file_like=False, split=node, trace=data.with_step(node, "read line by line", path))
        )
    if name == "join":
        return joined(call.argument(0), node, call.frame)
    if name in ("extend", "write"):
        return _grow(data, function, call)
    if gives_text(name):
        return replace(data, trace=data.with_step(node, CHANGED, path))
    return Unknown(f"not data any more after .{name}()", node=node)


def _note_decode(data: StreamData, call: CallArgs) -> None:
    if data.text is not True or data.origin.source.asked:
        decodes = call.frame.run.decodes
        known = decodes.get(call.node)
        decodes[call.node] = (call.frame.module, data if known is None else join(known[1], data))


def _grow(owner: Value, function: BoundMethod, call: CallArgs) -> Value:
    """Evaluate `buffer.write(chunk)`, `buffer.extend(chunk)`: the buffer is longer from now on."""
    place = access_path_of(function.node.value)
    parts = [owner, call.argument(0)]
    if place is not None and call.frame.is_outside(place):
        parts.append(UNKNOWN)  # an earlier call may have put something in
    grown = concatenated(parts, call.node, call.frame)
    if isinstance(owner, StreamData):
        grown = map_union(
            grown, lambda item: replace(item, file_like=owner.file_like) if isinstance(item, StreamData) else item
        )
    _store(function, grown, call)
    return UNKNOWN


def _store(function: BoundMethod, value: Value, call: CallArgs) -> None:
    """Rebind the place of a receiver that was changed in place."""
    from .statements import write_changed

    write_changed(function.node.value, value, call.frame)


def _of_constant(owner: Constant, function: BoundMethod, call: CallArgs) -> Value | None:
    if function.name == "join":
        return joined(call.argument(0), call.node, call.frame)
    if function.name in ("write", "extend"):
        return _grow(owner, function, call)
    if function.name in ("getvalue", "getbuffer", "read", "strip", "decode", "encode"):
        return owner
    if function.name in SPLITTING:
        return CollectionValue(owner)
    if function.name in ("format", "format_map"):
        held = [part for value in call.every_value() for part in parts_of(value)]
        return concatenated([owner, *held], call.node, call.frame)
    return None


def parts_of(value: Value) -> list[Value]:
    """Return the values in a dict or a tuple that a text is formatted from."""
    match value:
        case MappingValue(fields=fields):
            return [part for _, part in fields]
        case TupleValue(values=values):
            return list(values)
        case _:
            return [value]


def _of_collection(owner: CollectionValue | TupleValue, function: BoundMethod, call: CallArgs) -> Value | None:
    if isinstance(owner, TupleValue):
        owner = CollectionValue(join_all(list(owner.values)))
    name = function.name
    if name in APPEND_METHODS:
        place = 1 if name == "insert" else 0
        added_one = with_facts(call.argument(place), call.frame)
        _store(function, CollectionValue(join(owner.element, added_one), owner.complete), call)
        return UNKNOWN
    if name == "extend":
        _store(function, added([owner, call.argument(0)], call.node, call.frame), call)
        return UNKNOWN
    if name == "clear":
        _store(function, CollectionValue(UNKNOWN), call)
        return UNKNOWN
    if name in POP_METHODS:
        return owner.element
    if name == "copy":
        return owner
    return None


def _of_channel(owner: Channel, name: str, call: CallArgs) -> Value | None:
    """Evaluate a queue's method: each item taken is the next one in every iteration of a loop."""
    if name in INTO_QUEUE:
        call.frame.run.put(owner, with_facts(call.argument(0, "item"), call.frame))
        return UNKNOWN
    if name in FROM_QUEUE:
        taken, loop = with_flow_step(call.frame.run.take(owner), call.node, QUEUED, call.frame), call.frame.loop
        return taken if loop is None else bound_to_loop(taken, loop)
    return owner if name in ("clone", "__enter__", "__aenter__") else None


def _of_record(owner: MappingValue, function: BoundMethod, call: CallArgs) -> Value | None:
    fields = dict(owner.fields)
    match function.name, call.arguments:
        case (("get" | "pop"), [Constant(value=key), *_]):
            value = join(fields.get(key, owner.rest), call.argument(1))
            return (
                UNKNOWN
                if not contains_stream_data(value) and call.frame.may_hold_stored_value(function.node.value, key)
                else value
            )
        case "setdefault", [Constant(), *_]:
            return call.argument(1)
        case "update", _:
            _store(function, updated(owner, [*call.arguments, MappingValue(tuple(call.keywords.items()))]), call)
            return UNKNOWN
        case "copy", _:
            return owner
        case (("values" | "get" | "pop"), _):
            value = join_all([owner.rest, *fields.values()])
            return CollectionValue(value) if function.name == "values" else value
        case "items", _:
            return CollectionValue(TupleValue((UNKNOWN, join_all([owner.rest, *fields.values()]))))
        case _:
            return None


def updated(record: MappingValue, others: list[Value]) -> MappingValue:
    """Merge other dicts into a dict; anything else may hold any value under any key."""
    fields, rest = dict(record.fields), record.rest
    for other in others:
        if isinstance(other, MappingValue):
            fields.update(other.fields)
            rest = join(rest, other.rest)
        else:
            rest = join(rest, OPEN)
    return MappingValue(tuple(fields.items()), rest)


def _of_steps(owner: IterableValue, function: BoundMethod, call: CallArgs) -> Value | None:
    """Evaluate methods of iterators and generators."""
    if function.name in ("__next__", "__anext__", "send", "asend"):
        from .builtins import BUILTINS

        taking = "builtins.next" if function.name in ("__next__", "send") else "builtins.anext"
        return BUILTINS[taking](CallArgs(call.node, [owner], {}, call.frame))
    if function.name in ("__iter__", "__aiter__", "__enter__", "__aenter__"):
        return owner
    return None
