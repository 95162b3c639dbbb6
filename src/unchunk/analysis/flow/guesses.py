"""What is suggested where nothing is known: `for chunk in response`, `ask(stream=True)`; for the opt-in rules only."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from unchunk.analysis.findings import Framing

from .values import Const, Data, Evidence, Hop, Loop, Steps, Unknown, Value

if TYPE_CHECKING:
    from .arguments import Call
    from .frames import Frame

STREAMS = frozenset(
    ("response", "resp", "res", "stream", "streaming_response", "response_stream", "chunks", "body_iterator")
)
TEXTS = frozenset(("text", "content", "delta", "completion", "partial_json", "arguments", "token"))
OF_TEXT = frozenset((*dir(str), *dir(bytes)))
PIECES = frozenset(("chunk", "piece", "part", "data_chunk", "raw_chunk", "chunk_bytes"))


def guessed_step(
    value: Unknown,
    producer: ast.AST,
    step: ast.expr,
    target: ast.expr | None,
    loop: Loop,
    frame: Frame,
) -> Value:
    """A chunk, if both the iterable and the loop variable are called as if it were one, and nothing else is known.

    Something with attributes that neither text nor bytes have is an event, of which the parts may be fragments.
    """
    if value.why or not isinstance(target, ast.Name) or target.id not in PIECES or _last_name(step) not in STREAMS:
        return value
    run = frame.run
    path = frame.module.path
    framing = Framing.OBJECT if _has_parts(target.id, producer) else Framing.CHUNK
    source = run.source(step, path, framing, ast.unparse(step), None, Evidence.GUESSED)
    origin = run.origin(source, producer, step, target)
    hops = (Hop(step, "looks like a stream by its name", path),)
    return Data(origin, framing, loop, sources=frozenset((source,)), hops=hops)


def _has_parts(name: str, producer: ast.AST) -> bool:
    """Whether attributes of a loop variable are read that text and bytes do not have."""
    return any(
        isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Name)
        and node.value.id == name
        and node.attr not in OF_TEXT
        for node in ast.walk(producer)
    )


def guessed_stream(name: str, made: Call) -> Value | None:
    """Pieces, if something of which nothing is known is called with `stream=True`."""
    node, frame = made.node, made.frame
    if not frame.run.guesses or made.given("stream", None) != Const(True):
        return None
    path = frame.module.path
    source = frame.run.source(node, path, Framing.CHUNK, f"{name}() with stream=True", None, Evidence.GUESSED)
    hops = (Hop(node, "asked to stream", path),)
    return Steps(
        Data(frame.run.origin(source, node, node), Framing.CHUNK, None, sources=frozenset((source,)), hops=hops)
    )


def guessed_part(owner: Data, name: str, node: ast.expr, frame: Frame) -> Value | None:
    """A fragment of text, if something of a stream of events has an attribute that is called as if it were one."""
    known = owner.origin
    if name not in TEXTS or _last_name_of(known.step) == "chunks":
        return None
    path = frame.module.path
    key = (known.source, name)
    source = frame.run.source(node, path, Framing.FRAGMENT, f"chunk.{name}", True, Evidence.GUESSED, key=key)
    origin = frame.run.origin(source, known.producer, known.step, known.target)
    hops = (*owner.hops, Hop(node, "looks like a fragment by its name", path))
    return Data(origin, Framing.FRAGMENT, owner.loop, True, sources=frozenset((source,)), hops=hops)


def _last_name_of(step: ast.AST) -> str:
    return _last_name(step) if isinstance(step, ast.expr) else ""


def _last_name(node: ast.expr) -> str:
    match node:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
        case ast.Call(func=function):
            return _last_name(function)
        case _:
            return ""
