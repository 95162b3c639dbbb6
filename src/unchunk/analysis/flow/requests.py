"""Evidence in a request about its response: the endpoint, `"stream": True` in its body, an accept header.

Lines of an answer to such a request are lines of an event stream, whatever the program does with them.
"""

from __future__ import annotations

import ast
from dataclasses import replace
from typing import TYPE_CHECKING

from unchunk.analysis.catalog.dsl import ENDS_WITH_DONE

from .access_paths import access_path_of, root_of
from .data import map_union
from .narrowing import SSE, STREAMED
from .values import (
    UNKNOWN,
    CatalogInstance,
    Constant,
    IterableValue,
    MappingValue,
    StreamData,
    TupleValue,
    Unknown,
    Value,
    join,
    union_members,
)

if TYPE_CHECKING:
    from .call_args import CallArgs
    from .frames import Frame

OPENAI_KIND = ("/chat/completions", "/completions")
"""Endpoints whose streams end with `data: [DONE]`."""
STREAM_IF_ASKED = (*OPENAI_KIND, "/responses", "/v1/messages")
ALWAYS_STREAM = (":streamGenerateContent?alt=sse", "/generate_stream")
ENDPOINTS = (*STREAM_IF_ASKED, *ALWAYS_STREAM)
REQUESTING = frozenset(("get", "post", "put", "request", "send", "stream"))
"""Methods of clients of HTTP, whoever makes them."""
EVENT_STREAM = "text/event-stream"
_BODIES = ("json", "data", "content", "body")
_Known = frozenset[str]
_NOTHING: _Known = frozenset()


def asked_for(call: CallArgs) -> _Known:
    """Return the facts that a request establishes about the response's lines."""
    if not _speaks_of_events(call.frame):
        return _NOTHING
    streams = _body_streams(call)
    known = {STREAMED} if streams and _is_read_as_stream(call) else set()
    if _accepts_events(call):
        known.add(SSE)
    for address in _addresses(call):
        if address.endswith(ALWAYS_STREAM):
            known.add(SSE)
        if streams is not False and address.endswith(STREAM_IF_ASKED):
            known |= {SSE, ENDS_WITH_DONE} if address.endswith(OPENAI_KIND) else {SSE}
    return frozenset(known)


def address_of_events(value: Value) -> bool:
    """Decide whether a text ends like the address of an event stream."""
    return any(_ending_of_value(item).endswith(ENDPOINTS) for item in union_members(value))


def answered(value: Value, known: _Known) -> Value:
    """Attach a request's facts to its response."""
    if not known:
        return value

    def mark(item: Value) -> Value:
        match item:
            case CatalogInstance() | StreamData():
                return replace(item, known=item.known | known)
            case IterableValue(step=step, asynchronous=asynchronous):
                return IterableValue(map_union(step, mark), asynchronous)
            case TupleValue(values=values):
                return TupleValue(tuple(map_union(part, mark) for part in values))
            case _:
                return item

    return map_union(value, mark)


def ending_of(node: ast.expr, frame: Frame) -> str:
    """Return the end of a text, as far as the program contains it."""
    from .catalog_rows import evaluate_plain

    match node:
        case ast.Constant(value=str(text)):
            return text.rstrip("/")
        case ast.JoinedStr(values=[*_, last]):
            return ending_of(last, frame)
        case ast.BinOp(op=ast.Add() | ast.Div(), right=right):
            return ending_of(right, frame)
        case ast.Call(func=ast.Attribute(value=ast.Constant() as text, attr="format")):
            return ending_of(text, frame)
        case ast.Call(func=ast.Name(id="urljoin" | "URL") | ast.Attribute(attr="urljoin" | "URL"), args=[*_, last]):
            return ending_of(last, frame)
        case ast.Name() | ast.Attribute():
            return _ending_of_value(evaluate_plain(node, frame))
        case _:
            return ""


def _ending_of_value(value: Value) -> str:
    match value:
        case Constant(value=str(text)):
            return text.rstrip("/")
        case Unknown(ending=ending):
            return ending
        case _:
            return ""


def _speaks_of_events(frame: Frame) -> bool:
    text = frame.module.text
    return any(word in text for word in (EVENT_STREAM, '"stream"', "'stream'", *ENDPOINTS))


def _is_read_as_stream(call: CallArgs) -> bool:
    """Decide whether the client is told to stream the response: one that is fetched whole need not be events."""
    if isinstance(call.node.func, ast.Attribute) and call.node.func.attr == "stream":
        return True
    return call.given("stream", None) == Constant(True)


def _addresses(call: CallArgs) -> list[str]:
    """Return the ends of the arguments that may be the address."""
    given = [*call.arguments[:2], *(value for name, value in call.keywords.items() if name == "url")]
    written = [*call.node.args[:2], *(word.value for word in call.node.keywords if word.arg == "url")]
    return [*map(_ending_of_value, given), *(ending_of(node, call.frame) for node in written)]


def _body_streams(call: CallArgs) -> bool | None:
    """Decide whether the body asks for a stream; None where that is unknown, False also without a body."""
    for name in _BODIES:
        if name in call.keywords:
            found = _entry(_given(name, call), "stream", call.frame)
            return found if found is None else found == {True}
    if call.more_keywords:
        return None
    return None if len(call.arguments) > 1 and not isinstance(call.arguments[0], Constant) else False


def _accepts_events(call: CallArgs) -> bool:
    if "headers" not in call.keywords:
        return False
    accepted = _entry(_given("headers", call), "accept", call.frame) or set()
    return bool(accepted) and all(str(value).strip() == EVENT_STREAM for value in accepted)


def _given(name: str, call: CallArgs) -> tuple[Value, ast.expr | None]:
    """Return a keyword argument's value, and its expression if it stands in the call."""
    written = next((word.value for word in call.node.keywords if word.arg == name), None)
    return call.keywords[name], written if written is None else _dumped(written)


def _dumped(node: ast.expr) -> ast.expr:
    """Return the expression that is encoded as JSON: `json.dumps(body).encode()`."""
    match node:
        case ast.Call(func=ast.Attribute(value=ast.Call() as inner, attr="encode" | "decode")):
            return _dumped(inner)
        case ast.Call(func=ast.Name() | ast.Attribute(), args=[inner, *_]):
            return inner
        case _:
            return node


def _entry(given: tuple[Value, ast.expr | None], wanted: str, frame: Frame) -> set[object] | None:
    """Return the possible values of a dict's key, in lower case; None where they are unknown."""
    from .catalog_rows import evaluate_plain

    value, node = given
    if isinstance(node, ast.Dict):
        for key, field in zip(node.keys, node.values, strict=True):
            if isinstance(key, ast.Constant) and str(key.value).lower() == wanted:
                return _constants(evaluate_plain(field, frame))
        return None if None in node.keys else set()
    place = None if node is None else access_path_of(node)
    put = None if place is None else frame.state.find(f"{place}[{wanted!r}]")
    if put is not None:
        return _constants(put)
    known = value if node is None else join(value, evaluate_plain(node, frame))
    held = [item for item in union_members(known) if isinstance(item, MappingValue)]
    fields = {str(key).lower(): part for item in held for key, part in item.fields}
    if wanted in fields:
        return _constants(fields[wanted])
    if not isinstance(known, MappingValue) or known.rest != UNKNOWN:
        return None
    handed_in = place is not None and root_of(place) in frame.parameters
    return None if node is not None and not handed_in and frame.may_hold_stored_value(node, wanted) else set()


def _constants(value: Value) -> set[object]:
    """Return the possible constants of a value; anything else stands for itself and matches nothing."""
    return {item.value if isinstance(item, Constant) else item for item in union_members(value)}
