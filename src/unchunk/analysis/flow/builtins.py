"""What Python brings along and streams are led through: `enumerate`, `zip`, `iter`, `str(chunk, "utf-8")`,
`functools.partial`, `re.split`.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable
from dataclasses import replace

from .arguments import Call
from .conditions import forget
from .data import data_in, each, killed, names_data, throughout
from .iteration import in_pace, is_stream, step_of
from .methods import updated
from .picks import chosen
from .values import (
    CHANGED,
    OPEN,
    READY,
    SPLIT,
    UNKNOWN,
    Channel,
    Const,
    Data,
    Dotted,
    Function,
    Instance,
    Items,
    Listing,
    Own,
    Partial,
    Record,
    Steps,
    Unknown,
    Value,
    alternatives,
    interesting,
    join_all,
)

Handler = Callable[[Call], Value]


def _same(made: Call) -> Value:
    """An iterable that hands out what the one inside hands out."""
    return _steps(made.argument(0), made)


def _steps(value: Value, made: Call) -> Value:
    if not interesting(value):
        return value if isinstance(value, Listing | Items) else UNKNOWN
    if is_stream(value):
        return Steps(step_of(value, _first(made.node), made.frame))
    if any(isinstance(item, Data) for item in alternatives(value)):
        return UNKNOWN
    return Listing(step_of(value, _first(made.node), made.frame))


def _first(node: ast.Call) -> ast.expr:
    return node.args[0] if node.args else node


def _with_step(value: Value, shape: Callable[[Value], Value], made: Call) -> Value:
    steps = _steps(value, made)
    match steps:
        case Steps(step=step):
            return Steps(shape(step))
        case Listing(element=element):
            return Listing(shape(element))
        case _:
            return UNKNOWN


def _enumerate(made: Call) -> Value:
    return _with_step(made.argument(0), lambda step: Items((UNKNOWN, step)), made)


def _zip(made: Call) -> Value:
    steps = tuple(step_of(value, made.node, made.frame) for value in made.arguments)
    if all(isinstance(value, Listing) for value in made.arguments):
        # Each of a list is known to belong to one of the other.
        return Listing(Items(tuple(chosen(step, made.frame) for step in steps)))
    if not any(interesting(value) for value in made.arguments):
        return UNKNOWN
    streamed = any(is_stream(value) for value in made.arguments)
    return Steps(Items(steps)) if streamed else Listing(Items(steps))


def _chain(made: Call) -> Value:
    if not any(interesting(value) for value in made.arguments):
        return UNKNOWN
    step = join_all([step_of(value, made.node, made.frame) for value in made.arguments])
    return Steps(step) if any(is_stream(value) for value in made.arguments) else Listing(step)


def _second(made: Call) -> Value:
    """`filter(test, steps)`, `takewhile(test, steps)`."""
    return _steps(made.argument(1), made)


def _collect(made: Call) -> Value:
    """`list(steps)`: all of them at hand."""
    value = made.argument(0)
    if not made.node.args:
        return Listing(UNKNOWN)
    steps = _steps(value, made)
    return Listing(steps.step, complete=True) if isinstance(steps, Steps) else steps


def _select(made: Call) -> Value:
    """`select.select(readers, writers, others)`: those of each that are ready, out of the same ones every time."""
    return Items(tuple(value if isinstance(value, Listing | Items) else READY for value in made.arguments[:3]))


def _queue(made: Call) -> Value:
    """`queue.Queue(…)`."""
    return Channel(made.node)


def _two_ends(made: Call) -> Value:
    """`send, receive = anyio.create_memory_object_stream()`."""
    return Items((Channel(made.node), Channel(made.node)))


def _iter(made: Call) -> Value:
    if len(made.arguments) < 2:
        return made.argument(0)
    from .calls import invoke

    produced = invoke(made.argument(0), Call(made.node, [], {}, made.frame))
    return Steps(produced) if interesting(produced) else UNKNOWN


def _next(made: Call) -> Value:
    return _taken(made, asynchronous=False)


def _anext(made: Call) -> Value:
    return _taken(made, asynchronous=True)


def _taken(made: Call, asynchronous: bool) -> Value:
    """One step, taken by hand."""
    steps = each(made.argument(0), lambda item: in_pace(item, asynchronous))
    frame = made.frame
    step = chosen(step_of(steps, _first(made.node), frame), frame)

    def take(item: Value) -> Value:
        loop = frame.loop
        producer: ast.AST = made.node if loop is None else loop.node
        match item:
            case Data():
                origin = frame.run.origin(item.origin.source, producer, made.node)
                hops = item.via(made.node, "taken by next()", frame.module.path)
                return replace(item, origin=origin, loop=loop, hops=hops)
            case Instance(origin=known) if known is not None:
                origin = frame.run.origin(known.source, producer, made.node)
                return replace(item, origin=origin, loop=loop)
            case _:
                return item

    forget(step, frame)
    return throughout(step, take)


def mapped(made: Call) -> Value:
    """`map(function, steps)`."""
    from .passing import applied

    step = step_of(made.argument(1), made.node, made.frame)
    result = applied(made.argument(0), [step], made) or UNKNOWN
    streamed = is_stream(made.argument(1))
    return Steps(result) if streamed else Listing(result)


def _text(made: Call) -> Value:
    """`str(chunk, "utf-8")`, `bytes(chunk)`."""
    if not made.node.args:
        return Const("")
    value = made.argument(0)
    text = isinstance(made.node.func, ast.Name) and made.node.func.id == "str"

    def convert(item: Value) -> Value:
        match item:
            case Data():
                return replace(item, text=text, hops=item.via(made.node, "converted", made.frame.module.path))
            case Const(value=str() | bytes()):
                return item
            case _:
                return UNKNOWN

    return each(value, convert)


def of_text(made: Call) -> Value:
    """`html.unescape(chunk)`, `unicodedata.normalize("NFC", text)`: what functions from text to text give."""
    values = made.every_value()
    found = next((value for value in values if data_in(value)), None)
    if found is None:
        return killed("a function", made.node, values)
    path = made.frame.module.path

    def change(item: Value) -> Value:
        return replace(item, hops=item.via(made.node, CHANGED, path)) if isinstance(item, Data) else UNKNOWN

    return each(found, change)


def _incremental(name: str) -> Handler:
    """What makes something that is told apart by its name alone, such as an incremental decoder."""
    return lambda made: Dotted(name)


def _next_part(text: bool) -> Handler:
    """`decoder.decode(chunk)`, `decompressor.decompress(chunk)`: documents are cut as before."""

    def convert(made: Call) -> Value:
        def part(item: Value) -> Value:
            if not isinstance(item, Data):
                return UNKNOWN
            return replace(item, text=text, hops=item.via(made.node, "decoded", made.frame.module.path))

        return each(made.arguments[0] if made.arguments else made.amount(0), part)

    return convert


def _file_like(made: Call) -> Value:
    """`io.BytesIO(chunk)`; an empty one is an empty buffer."""
    if not made.node.args:
        return Const(b"")

    def wrap(item: Value) -> Value:
        if not isinstance(item, Data):
            return UNKNOWN
        return replace(item, wrapped=True, hops=item.via(made.node, "wrapped in a file", made.frame.module.path))

    return each(made.argument(0), wrap)


def _line_reader(made: Call) -> Value:
    """`io.TextIOWrapper(raw)`: it buffers by itself, and hands out lines."""
    return UNKNOWN


def _partial(made: Call) -> Value:
    if not made.arguments:
        return UNKNOWN

    def fix(item: Value) -> Value:
        arguments, keywords = tuple(made.arguments[1:]), tuple(made.keywords.items())
        if isinstance(item, Function):
            return replace(item, arguments=(*item.arguments, *arguments), keywords=(*item.keywords, *keywords))
        return Partial(item, arguments, keywords)

    return each(made.arguments[0], fix)


def _regex_split(made: Call) -> Value:
    """`re.split(pattern, chunk)`, `re.findall(pattern, chunk)`, `re.finditer(pattern, chunk)`: pieces of the chunk."""
    finds = not isinstance(made.node.func, ast.Attribute) or made.node.func.attr != "split"

    def split(item: Value) -> Value:
        if not isinstance(item, Data):
            return UNKNOWN
        if finds and _needs_both_ends(made):
            return _WHOLE_MATCH
        return Listing(replace(item, split=made.node, hops=item.via(made.node, SPLIT, made.frame.module.path)))

    return each(made.argument(1, "string"), split)


def _regex_sub(made: Call) -> Value:
    def replaced(item: Value) -> Value:
        if not isinstance(item, Data):
            return UNKNOWN
        hops = item.via(made.node, "replaced", made.frame.module.path)
        return replace(item, cut=True, sse=item.sse or names_data(made), hops=hops)

    return each(made.argument(2, "string"), replaced)


_WHOLE_MATCH = Unknown("matched by a pattern that needs a mark at both ends, so that half a document is none")
_BEGINS = re.compile(r"[\^(]*(?:\?:)?(?:\\[^\w\s]|[^\\.*+?\[\]|^$()])")
_ENDS = re.compile(r"(?:\\[^\w\s]|(?<!\\)[^\\.*+?\[\]|^$()\d\s,}]|[^\d,\\?]\})[)$]*\Z")


def _needs_both_ends(made: Call) -> bool:
    """Whether a pattern begins and ends with something that has to be there as it is written: `\\{.*\\}`."""
    match made.argument(0, "pattern"):
        case Const(value=bytes(raw)):
            text = raw.decode("latin-1")
        case Const(value=str(text)):
            pass
        case _:
            return False
    if re.search(r"[*+]\?[)\\]*\}", text):
        return False  # the first brace that closes need not be the document's
    return _BEGINS.match(text) is not None and _ENDS.search(text) is not None


def _regex_match(made: Call) -> Value:
    """`re.search(pattern, chunk)`: what its groups hold is a part of the chunk."""

    def cut(item: Value) -> Value:
        if not isinstance(item, Data):
            return UNKNOWN
        if _needs_both_ends(made):
            return _WHOLE_MATCH
        return replace(item, cut=True, hops=item.via(made.node, "matched", made.frame.module.path))

    return each(made.argument(1, "string"), cut)


def _cast(made: Call) -> Value:
    """`typing.cast(Type, value)`."""
    from .annotations import annotation_value

    value = made.argument(1)
    known = annotation_value(made.node.args[0], made.frame) if made.node.args else UNKNOWN
    return value if known == UNKNOWN else known


def _getattr(made: Call) -> Value:
    """`getattr(thing, "name", default)` with the name written out."""
    from .members import member_of

    match made.argument(1), made.node.args:
        case Const(value=str(name)), [owner, *_]:
            attribute = ast.copy_location(ast.Attribute(owner, name, ast.Load()), made.node)
            return member_of(made.argument(0), attribute, made.frame)
        case _:
            return UNKNOWN


def _super(made: Call) -> Value:
    """`self`, seen from the class behind the one whose method says `super()`."""
    from .classes import defining_class

    frame = made.frame
    receiver = frame.find(frame.self_name) if frame.self_name is not None else UNKNOWN
    if not isinstance(receiver, Own):
        return receiver
    above = defining_class(receiver.cls, frame.node)
    return receiver if above is None else Own(receiver.cls, above)


def _measured(made: Call) -> Value:
    """`len(chunk)`: how much has come, which tells nothing about what is to come."""
    return UNKNOWN


def _dict_of(made: Call) -> Value:
    """`dict(pairs)`, `vars(thing)`."""

    def fill(item: Value) -> Value:
        pair = step_of(item, made.node, made.frame) if isinstance(item, Listing | Steps) else UNKNOWN
        if isinstance(pair, Listing | Items):
            return Record((), step_of(pair, made.node, made.frame))
        return item

    named = Record(tuple(made.keywords.items()), OPEN if made.more_keywords else UNKNOWN)
    if not made.arguments:
        return named
    filled = each(made.argument(0), fill)
    return updated(filled, [named]) if isinstance(filled, Record) else filled


def _namespace(made: Call) -> Value:
    """`types.SimpleNamespace(value=chunk)`."""
    return Record(tuple(made.keywords.items()), OPEN if made.more_keywords else UNKNOWN, members=True)


def _wait_for(made: Call) -> Value:
    return made.argument(0)


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
"""What decodes letters that stand for bytes: documents are cut as before."""

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
