"""Methods of bytes, text, lists, dicts and file-likes that hold data."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

from .arguments import Call
from .conditions import stamped
from .data import added, concatenated, each, hopped, joined, names_data, rebound
from .places import place_of
from .values import (
    CHANGED,
    OPEN,
    QUEUED,
    SPLIT,
    UNKNOWN,
    Channel,
    Const,
    Data,
    Items,
    Listing,
    Method,
    Record,
    Steps,
    Unknown,
    Value,
    carries,
    join,
    join_all,
)

KEEP = {
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
CUT = {"removeprefix": "prefix removed", "removesuffix": "suffix removed", "replace": "replaced"}
SPLITTING = frozenset(("split", "rsplit", "splitlines"))
PARTITION = frozenset(("partition", "rpartition"))
FROM_FILE = frozenset(("read", "getvalue", "getbuffer", "read1", "group"))
ADDING = frozenset(("append", "appendleft", "add", "insert"))
TAKING = frozenset(("pop", "popleft"))
INTO_QUEUE = frozenset(("put", "put_nowait", "send", "send_nowait"))
FROM_QUEUE = frozenset(("get", "get_nowait", "receive", "receive_nowait"))


@cache
def gives_text(name: str) -> bool:
    """Whether a method of text or bytes gives text or bytes again, found by trying it."""
    for sample in _TEXTS:
        tries: tuple[tuple[object, ...], ...] = ((), (3,), (sample,), (sample, sample), ({},))
        for arguments in tries:
            try:
                if isinstance(getattr(sample, name)(*arguments), str | bytes):
                    return not name.startswith("__")
            except Exception:
                continue
    return False


def call_data_method(function: Method, made: Call) -> Value | None:
    """The result of a method whose receiver is data, a collection or a constant; None if this is no such method."""
    owner = function.owner
    match owner:
        case Data():
            return _of_data(owner, function, made)
        case Const():
            return _of_constant(owner, function, made)
        case Listing() | Items():
            return _of_collection(owner, function, made)
        case Record():
            return _of_record(owner, function, made)
        case Steps():
            return _of_steps(owner, function, made)
        case Channel():
            return _of_channel(owner, function.name, made)
        case _:
            return None


def _of_data(data: Data, function: Method, made: Call) -> Value:
    name, node, path = function.name, made.node, made.frame.module.path
    if name in KEEP:
        text = True if name == "decode" else False if name == "encode" else data.text
        if name == "decode":
            _note_decode(data, made)
        cut = data.cut or (name in ("lstrip", "strip") and bool(made.arguments))
        sse = data.sse or (name in ("lstrip", "strip") and names_data(made))
        return replace(data, text=text, cut=cut, sse=sse, hops=data.via(node, KEEP[name], path))
    if name in CUT:
        return replace(data, cut=True, sse=data.sse or names_data(made), hops=data.via(node, CUT[name], path))
    if name in SPLITTING:
        sse = data.sse or names_data(made)
        return Listing(replace(data, split=node, sse=sse, hops=data.via(node, SPLIT, path)))
    if name in PARTITION:
        part = replace(data, cut=True, sse=data.sse or names_data(made), hops=data.via(node, "partitioned", path))
        return Items((part, UNKNOWN, part))
    if name in FROM_FILE:
        return replace(data, wrapped=False)
    if name == "readlines":
        return Listing(replace(data, wrapped=False, split=node, hops=data.via(node, "read line by line", path)))
    if name == "join":
        return joined(made.argument(0), node, made.frame)
    if name in ("extend", "write"):
        return _grow(data, function, made)
    if gives_text(name):
        return replace(data, hops=data.via(node, CHANGED, path))
    return Unknown(f"not data any more after .{name}()", node=node)


def _note_decode(data: Data, made: Call) -> None:
    if data.text is not True or data.origin.source.asked:
        decodes = made.frame.run.decodes
        known = decodes.get(made.node)
        decodes[made.node] = (made.frame.module, data if known is None else join(known[1], data))


def _grow(owner: Value, function: Method, made: Call) -> Value:
    """`buffer.write(chunk)`, `buffer.extend(chunk)`: the buffer is longer from now on."""
    place = place_of(function.node.value)
    parts = [owner, made.argument(0)]
    if place is not None and made.frame.is_outside(place):
        parts.append(UNKNOWN)  # an earlier call may have put something in
    grown = concatenated(parts, made.node, made.frame)
    if isinstance(owner, Data):
        grown = each(grown, lambda item: replace(item, wrapped=owner.wrapped) if isinstance(item, Data) else item)
    _store(function, grown, made)
    return UNKNOWN


def _store(function: Method, value: Value, made: Call) -> None:
    """A receiver was changed in place: its place holds something else from now on."""
    from .statements import write_changed

    write_changed(function.node.value, value, made.frame)


def _of_constant(owner: Const, function: Method, made: Call) -> Value | None:
    if function.name == "join":
        return joined(made.argument(0), made.node, made.frame)
    if function.name in ("write", "extend"):
        return _grow(owner, function, made)
    if function.name in ("getvalue", "getbuffer", "read", "strip", "decode", "encode"):
        return owner
    if function.name in SPLITTING:
        return Listing(owner)
    if function.name in ("format", "format_map"):
        held = [part for value in made.every_value() for part in parts_of(value)]
        return concatenated([owner, *held], made.node, made.frame)
    return None


def parts_of(value: Value) -> list[Value]:
    """What lies in a dict or a tuple that a text is made of."""
    match value:
        case Record(fields=fields):
            return [part for _, part in fields]
        case Items(values=values):
            return list(values)
        case _:
            return [value]


def _of_collection(owner: Listing | Items, function: Method, made: Call) -> Value | None:
    if isinstance(owner, Items):
        owner = Listing(join_all(list(owner.values)))
    name = function.name
    if name in ADDING:
        place = 1 if name == "insert" else 0
        added_one = stamped(made.argument(place), made.frame)
        _store(function, Listing(join(owner.element, added_one), owner.complete), made)
        return UNKNOWN
    if name == "extend":
        _store(function, added([owner, made.argument(0)], made.node, made.frame), made)
        return UNKNOWN
    if name == "clear":
        _store(function, Listing(UNKNOWN), made)
        return UNKNOWN
    if name in TAKING:
        return owner.element
    if name == "copy":
        return owner
    return None


def _of_channel(owner: Channel, name: str, made: Call) -> Value | None:
    """A queue: what is taken from it is the next one in every round of a loop."""
    if name in INTO_QUEUE:
        made.frame.run.put(owner, stamped(made.argument(0, "item"), made.frame))
        return UNKNOWN
    if name in FROM_QUEUE:
        taken, loop = hopped(made.frame.run.take(owner), made.node, QUEUED, made.frame), made.frame.loop
        return taken if loop is None else rebound(taken, loop)
    return owner if name in ("clone", "__enter__", "__aenter__") else None


def _of_record(owner: Record, function: Method, made: Call) -> Value | None:
    fields = dict(owner.fields)
    match function.name, made.arguments:
        case (("get" | "pop"), [Const(value=key), *_]):
            value = join(fields.get(key, owner.rest), made.argument(1))
            return UNKNOWN if not carries(value) and made.frame.may_have_put(function.node.value, key) else value
        case "setdefault", [Const(), *_]:
            return made.argument(1)
        case "update", _:
            _store(function, updated(owner, [*made.arguments, Record(tuple(made.keywords.items()))]), made)
            return UNKNOWN
        case "copy", _:
            return owner
        case (("values" | "get" | "pop"), _):
            value = join_all([owner.rest, *fields.values()])
            return Listing(value) if function.name == "values" else value
        case "items", _:
            return Listing(Items((UNKNOWN, join_all([owner.rest, *fields.values()]))))
        case _:
            return None


def updated(record: Record, others: list[Value]) -> Record:
    """A dict with what others hold put over it; what is no dict may hold anything under any key."""
    fields, rest = dict(record.fields), record.rest
    for other in others:
        if isinstance(other, Record):
            fields.update(other.fields)
            rest = join(rest, other.rest)
        else:
            rest = join(rest, OPEN)
    return Record(tuple(fields.items()), rest)


def _of_steps(owner: Steps, function: Method, made: Call) -> Value | None:
    """Methods of iterators and generators."""
    if function.name in ("__next__", "__anext__", "send", "asend"):
        from .builtins import BUILTINS

        taking = "builtins.next" if function.name in ("__next__", "send") else "builtins.anext"
        return BUILTINS[taking](Call(made.node, [owner], {}, made.frame))
    if function.name in ("__iter__", "__aiter__", "__enter__", "__aenter__"):
        return owner
    return None
