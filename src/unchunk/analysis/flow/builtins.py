"""Builtins and standard functions that streams pass through: `enumerate`, `zip`, `iter`, `str(chunk, "utf-8")`,
`functools.partial`, `re.split`.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable
from dataclasses import replace

from .call_args import CallArgs
from .data import data_in, lost_data, map_nested, map_union, names_data
from .iteration import in_pace, is_stream, step_of
from .methods import updated
from .narrowing import drop_facts
from .selection import selected
from .values import (
    CHANGED,
    OPEN,
    READY,
    SPLIT,
    UNKNOWN,
    CatalogInstance,
    Channel,
    CollectionValue,
    Constant,
    Function,
    IterableValue,
    MappingValue,
    Partial,
    QualifiedName,
    StreamData,
    TupleValue,
    Unknown,
    UserInstance,
    Value,
    affects_callee,
    join_all,
    union_members,
)

Handler = Callable[[CallArgs], Value]


def _same(call: CallArgs) -> Value:
    """Evaluate a wrapper that yields the steps of the iterable inside."""
    return _steps(call.argument(0), call)


def _steps(value: Value, call: CallArgs) -> Value:
    if not affects_callee(value):
        return value if isinstance(value, CollectionValue | TupleValue) else UNKNOWN
    if is_stream(value):
        return IterableValue(step_of(value, _first(call.node), call.frame))
    if any(isinstance(item, StreamData) for item in union_members(value)):
        return UNKNOWN
    return CollectionValue(step_of(value, _first(call.node), call.frame))


def _first(node: ast.Call) -> ast.expr:
    return node.args[0] if node.args else node


def _with_step(value: Value, shape: Callable[[Value], Value], call: CallArgs) -> Value:
    steps = _steps(value, call)
    match steps:
        case IterableValue(step=step):
            return IterableValue(shape(step))
        case CollectionValue(element=element):
            return CollectionValue(shape(element))
        case _:
            return UNKNOWN


def _enumerate(call: CallArgs) -> Value:
    return _with_step(call.argument(0), lambda step: TupleValue((UNKNOWN, step)), call)


def _zip(call: CallArgs) -> Value:
    steps = tuple(step_of(value, call.node, call.frame) for value in call.arguments)
    if all(isinstance(value, CollectionValue) for value in call.arguments):
        # Each of a list is known to belong to one of the other.
        return CollectionValue(TupleValue(tuple(selected(step, call.frame) for step in steps)))
    if not any(affects_callee(value) for value in call.arguments):
        return UNKNOWN
    streamed = any(is_stream(value) for value in call.arguments)
    return IterableValue(TupleValue(steps)) if streamed else CollectionValue(TupleValue(steps))


def _chain(call: CallArgs) -> Value:
    if not any(affects_callee(value) for value in call.arguments):
        return UNKNOWN
    step = join_all([step_of(value, call.node, call.frame) for value in call.arguments])
    return IterableValue(step) if any(is_stream(value) for value in call.arguments) else CollectionValue(step)


def _second(call: CallArgs) -> Value:
    """Evaluate `filter(test, steps)`, `takewhile(test, steps)`."""
    return _steps(call.argument(1), call)


def _collect(call: CallArgs) -> Value:
    """Evaluate `list(steps)`: a collection of all steps."""
    value = call.argument(0)
    if not call.node.args:
        return CollectionValue(UNKNOWN)
    steps = _steps(value, call)
    return CollectionValue(steps.step, complete=True) if isinstance(steps, IterableValue) else steps


def _select(call: CallArgs) -> Value:
    """Evaluate `select.select(readers, writers, others)`: the ready ones, out of the same objects every time."""
    return TupleValue(
        tuple(value if isinstance(value, CollectionValue | TupleValue) else READY for value in call.arguments[:3])
    )


def _queue(call: CallArgs) -> Value:
    """Evaluate `queue.Queue(…)`."""
    return Channel(call.node)


def _two_ends(call: CallArgs) -> Value:
    """Evaluate `send, receive = anyio.create_memory_object_stream()`."""
    return TupleValue((Channel(call.node), Channel(call.node)))


def _iter(call: CallArgs) -> Value:
    if len(call.arguments) < 2:
        return call.argument(0)
    from .calls import invoke

    produced = invoke(call.argument(0), CallArgs(call.node, [], {}, call.frame))
    return IterableValue(produced) if affects_callee(produced) else UNKNOWN


def _next(call: CallArgs) -> Value:
    return _taken(call, asynchronous=False)


def _anext(call: CallArgs) -> Value:
    return _taken(call, asynchronous=True)


def _taken(call: CallArgs, asynchronous: bool) -> Value:
    """Evaluate one step taken by hand, as `next` does."""
    steps = map_union(call.argument(0), lambda item: in_pace(item, asynchronous))
    frame = call.frame
    step = selected(step_of(steps, _first(call.node), frame), frame)

    def take(item: Value) -> Value:
        loop = frame.loop
        producer: ast.AST = call.node if loop is None else loop.node
        match item:
            case StreamData():
                origin = frame.run.origin(item.origin.source, producer, call.node)
                trace = item.with_step(call.node, "taken by next()", frame.module.path)
                return replace(item, origin=origin, loop=loop, trace=trace)
            case CatalogInstance(origin=known) if known is not None:
                origin = frame.run.origin(known.source, producer, call.node)
                return replace(item, origin=origin, loop=loop)
            case _:
                return item

    drop_facts(step, frame)
    return map_nested(step, take)


def mapped(call: CallArgs) -> Value:
    """Evaluate `map(function, steps)`."""
    from .higher_order import apply_function

    step = step_of(call.argument(1), call.node, call.frame)
    result = apply_function(call.argument(0), [step], call) or UNKNOWN
    streamed = is_stream(call.argument(1))
    return IterableValue(result) if streamed else CollectionValue(result)


def _text(call: CallArgs) -> Value:
    """Evaluate `str(chunk, "utf-8")`, `bytes(chunk)`."""
    if not call.node.args:
        return Constant("")
    value = call.argument(0)
    text = isinstance(call.node.func, ast.Name) and call.node.func.id == "str"

    def convert(item: Value) -> Value:
        match item:
            case StreamData():
                return replace(item, text=text, trace=item.with_step(call.node, "converted", call.frame.module.path))
            case Constant(value=str() | bytes()):
                return item
            case _:
                return UNKNOWN

    return map_union(value, convert)


def of_text(call: CallArgs) -> Value:
    """Evaluate functions from text to text: `html.unescape(chunk)`, `unicodedata.normalize("NFC", text)`."""
    values = call.every_value()
    found = next((value for value in values if data_in(value)), None)
    if found is None:
        return lost_data("a function", call.node, values)
    path = call.frame.module.path

    def change(item: Value) -> Value:
        return (
            replace(item, trace=item.with_step(call.node, CHANGED, path)) if isinstance(item, StreamData) else UNKNOWN
        )

    return map_union(found, change)


def _incremental(name: str) -> Handler:
    """Return a handler for objects that are identified by name alone, such as an incremental decoder."""
    return lambda call: QualifiedName(name)


def _next_part(text: bool) -> Handler:
    """Return a handler for `decoder.decode(chunk)`, `decompressor.decompress(chunk)`: documents stay cut."""

    def convert(call: CallArgs) -> Value:
        def part(item: Value) -> Value:
            if not isinstance(item, StreamData):
                return UNKNOWN
            return replace(item, text=text, trace=item.with_step(call.node, "decoded", call.frame.module.path))

        return map_union(call.arguments[0] if call.arguments else call.amount(0), part)

    return convert


def _file_like(call: CallArgs) -> Value:
    """Evaluate `io.BytesIO(chunk)`; an empty one is an empty buffer."""
    if not call.node.args:
        return Constant(b"")

    def wrap(item: Value) -> Value:
        if not isinstance(item, StreamData):
            return UNKNOWN
        return replace(
            item, file_like=True, trace=item.with_step(call.node, "wrapped in a file", call.frame.module.path)
        )

    return map_union(call.argument(0), wrap)


def _line_reader(call: CallArgs) -> Value:
    """Evaluate `io.TextIOWrapper(raw)`: it buffers by itself, and yields lines."""
    return UNKNOWN


def _partial(call: CallArgs) -> Value:
    if not call.arguments:
        return UNKNOWN

    def fix(item: Value) -> Value:
        arguments, keywords = tuple(call.arguments[1:]), tuple(call.keywords.items())
        if isinstance(item, Function):
            return replace(item, arguments=(*item.arguments, *arguments), keywords=(*item.keywords, *keywords))
        return Partial(item, arguments, keywords)

    return map_union(call.arguments[0], fix)


def _regex_split(call: CallArgs) -> Value:
    """Evaluate `re.split`, `re.findall` and `re.finditer` of a chunk: pieces of the chunk."""
    finds = not isinstance(call.node.func, ast.Attribute) or call.node.func.attr != "split"

    def split(item: Value) -> Value:
        if not isinstance(item, StreamData):
            return UNKNOWN
        if finds and _needs_both_ends(call):
            return _WHOLE_MATCH
        return CollectionValue(
            replace(item, split=call.node, trace=item.with_step(call.node, SPLIT, call.frame.module.path))
        )

    return map_union(call.argument(1, "string"), split)


def _regex_sub(call: CallArgs) -> Value:
    def replaced(item: Value) -> Value:
        if not isinstance(item, StreamData):
            return UNKNOWN
        trace = item.with_step(call.node, "replaced", call.frame.module.path)
        return replace(item, cut=True, sse=item.sse or names_data(call), trace=trace)

    return map_union(call.argument(2, "string"), replaced)


_WHOLE_MATCH = Unknown("matched by a pattern that needs a mark at both ends, so that half a document is none")
_BEGINS = re.compile(r"[\^(]*(?:\?:)?(?:\\[^\w\s]|[^\\.*+?\[\]|^$()])")
_ENDS = re.compile(r"(?:\\[^\w\s]|(?<!\\)[^\\.*+?\[\]|^$()\d\s,}]|[^\d,\\?]\})[)$]*\Z")


def _needs_both_ends(call: CallArgs) -> bool:
    r"""Decide whether a pattern begins and ends with required literal text: `\{.*\}`."""
    match call.argument(0, "pattern"):
        case Constant(value=bytes(raw)):
            text = raw.decode("latin-1")
        case Constant(value=str(text)):
            pass
        case _:
            return False
    if re.search(r"[*+]\?[)\\]*\}", text):
        return False  # the first brace that closes need not be the document's
    return _BEGINS.match(text) is not None and _ENDS.search(text) is not None


def _regex_match(call: CallArgs) -> Value:
    """Evaluate `re.search(pattern, chunk)`: its groups are parts of the chunk."""

    def cut(item: Value) -> Value:
        if not isinstance(item, StreamData):
            return UNKNOWN
        if _needs_both_ends(call):
            return _WHOLE_MATCH
        return replace(item, cut=True, trace=item.with_step(call.node, "matched", call.frame.module.path))

    return map_union(call.argument(1, "string"), cut)


def _cast(call: CallArgs) -> Value:
    """Evaluate `typing.cast(Type, value)`."""
    from .annotations import annotation_value

    value = call.argument(1)
    known = annotation_value(call.node.args[0], call.frame) if call.node.args else UNKNOWN
    return value if known == UNKNOWN else known


def _getattr(call: CallArgs) -> Value:
    """Evaluate `getattr(thing, "name", default)` with a literal name."""
    from .attributes import member_of

    match call.argument(1), call.node.args:
        case Constant(value=str(name)), [owner, *_]:
            attribute = ast.copy_location(ast.Attribute(owner, name, ast.Load()), call.node)
            return member_of(call.argument(0), attribute, call.frame)
        case _:
            return UNKNOWN


def _super(call: CallArgs) -> Value:
    """Evaluate `super()`: `self`, seen from the class behind the method's own."""
    from .classes import defining_class

    frame = call.frame
    receiver = frame.find(frame.self_name) if frame.self_name is not None else UNKNOWN
    if not isinstance(receiver, UserInstance):
        return receiver
    above = defining_class(receiver.cls, frame.node)
    return receiver if above is None else UserInstance(receiver.cls, above)


def _measured(call: CallArgs) -> Value:
    """Evaluate `len(chunk)`: the amount received says nothing about what is to come."""
    return UNKNOWN


def _dict_of(call: CallArgs) -> Value:
    """Evaluate `dict(pairs)`, `vars(thing)`."""

    def fill(item: Value) -> Value:
        pair = step_of(item, call.node, call.frame) if isinstance(item, CollectionValue | IterableValue) else UNKNOWN
        if isinstance(pair, CollectionValue | TupleValue):
            return MappingValue((), step_of(pair, call.node, call.frame))
        return item

    named = MappingValue(tuple(call.keywords.items()), OPEN if call.more_keywords else UNKNOWN)
    if not call.arguments:
        return named
    filled = map_union(call.argument(0), fill)
    return updated(filled, [named]) if isinstance(filled, MappingValue) else filled


def _namespace(call: CallArgs) -> Value:
    """Evaluate `types.SimpleNamespace(value=chunk)`."""
    return MappingValue(tuple(call.keywords.items()), OPEN if call.more_keywords else UNKNOWN, members=True)


def _wait_for(call: CallArgs) -> Value:
    return call.argument(0)


_SAME = (
    "builtins.reversed",
    "itertools.islice",
    "itertools.cycle",
    "itertools.tee",
    "tqdm.tqdm",
    "tqdm.auto.tqdm",
    "tqdm.asyncio.tqdm",
    "tqdm.notebook.tqdm",
    "tqdm.std.tqdm",
    "rich.progress.track",
    "builtins.sorted",
    "contextlib.aclosing",
    "contextlib.closing",
)

_QUEUES = (
    "queue.Queue",
    "queue.LifoQueue",
    "queue.SimpleQueue",
    "queue.PriorityQueue",
    "asyncio.Queue",
    "asyncio.LifoQueue",
    "asyncio.PriorityQueue",
    "gevent.queue.Queue",
    "eventlet.queue.Queue",
    "multiprocessing.Queue",
    "multiprocessing.SimpleQueue",
    "multiprocessing.JoinableQueue",
)

TEXT_MODULES = frozenset(
    (
        "urllib.parse",
        "six.moves.urllib.parse",
        "html",
        "unicodedata",
        "codecs",
        "textwrap",
        "binascii",
        "base64",
        "quopri",
        "zlib",
        "gzip",
        "bz2",
        "lzma",
        "copy",
        "xml.sax.saxutils",
        "w3lib.html",
        "ftfy",
    )
)
"""Modules whose functions make text or bytes of text or bytes."""
_OF_TEXT = ("os.fsdecode", "os.fsencode", "sys.intern", "builtins.format", "urllib.unquote")

_LETTERS = (
    "base64.b64decode",
    "base64.standard_b64decode",
    "base64.urlsafe_b64decode",
    "base64.b32decode",
    "base64.b16decode",
    "base64.b85decode",
    "binascii.a2b_base64",
    "binascii.a2b_hex",
    "binascii.unhexlify",
    "builtins.bytes.fromhex",
)
"""Functions that decode letters to bytes: documents stay cut."""

BUILTINS: dict[str, Handler] = {
    **dict.fromkeys(_SAME, _same),
    **dict.fromkeys(_QUEUES, _queue),
    "anyio.create_memory_object_stream": _two_ends,
    "trio.open_memory_channel": _two_ends,
    "types.SimpleNamespace": _namespace,
    "argparse.Namespace": _namespace,
    "select.select": _select,
    "builtins.enumerate": _enumerate,
    "builtins.zip": _zip,
    "itertools.zip_longest": _zip,
    "itertools.chain": _chain,
    "builtins.filter": _second,
    "itertools.takewhile": _second,
    "itertools.dropwhile": _second,
    "itertools.filterfalse": _second,
    "builtins.list": _collect,
    "builtins.tuple": _collect,
    "builtins.set": _collect,
    "collections.deque": _collect,
    "builtins.iter": _iter,
    "builtins.aiter": _iter,
    "builtins.next": _next,
    "builtins.anext": _anext,
    "builtins.map": mapped,
    "builtins.str": _text,
    "builtins.bytes": _text,
    "builtins.bytearray": _text,
    "builtins.memoryview": _text,
    "codecs.getincrementaldecoder": _incremental("codecs.IncrementalDecoder"),
    "codecs.IncrementalDecoder": _incremental("codecs.IncrementalDecoder"),
    "codecs.IncrementalDecoder.decode": _next_part(True),
    "zlib.decompressobj": _incremental("zlib.Decompress"),
    "zlib.Decompress.decompress": _next_part(False),
    **dict.fromkeys(_LETTERS, _next_part(False)),
    **dict.fromkeys(_OF_TEXT, of_text),
    "six.ensure_str": _text,
    "six.ensure_text": _text,
    "io.BytesIO": _file_like,
    "io.StringIO": _file_like,
    "io.TextIOWrapper": _line_reader,
    "functools.partial": _partial,
    "re.split": _regex_split,
    "re.findall": _regex_split,
    "re.finditer": _regex_split,
    "re.sub": _regex_sub,
    "re.search": _regex_match,
    "re.match": _regex_match,
    "re.fullmatch": _regex_match,
    "typing.cast": _cast,
    "builtins.getattr": _getattr,
    "builtins.super": _super,
    "builtins.dict": _dict_of,
    "builtins.len": _measured,
    "asyncio.wait_for": _wait_for,
    "asyncio.shield": _wait_for,
    "asyncio.create_task": _wait_for,
    "asyncio.ensure_future": _wait_for,
    "asyncio.run": _wait_for,
    "builtins.vars": _dict_of,
}
