"""What a request tells of its answer: the endpoint, `"stream": True` in its body, an accept header.

Lines of an answer to such a request are lines of an event stream, whatever the program does with them.
"""

from __future__ import annotations

import ast
from dataclasses import replace
from typing import TYPE_CHECKING

from unchunk.analysis.catalog.rows import ENDS_WITH_DONE

from .conditions import SSE, STREAMED
from .data import each
from .places import place_of
from .values import Const, Data, Instance, Items, Record, Steps, Unknown, Value, alternatives

if TYPE_CHECKING:
    from .arguments import Call
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


def asked_for(made: Call) -> _Known:
    """What a call tells of the lines of the answer, as tests would have made sure of it."""
    if not _speaks_of_events(made.frame):
        return _NOTHING
    streams = _body_streams(made)
    known = {STREAMED} if streams and _is_read_as_stream(made.node) else set()
    if _accepts_events(made):
        known.add(SSE)
    for address in _addresses(made):
        if address.endswith(ALWAYS_STREAM):
            known.add(SSE)
        if streams is not False and address.endswith(STREAM_IF_ASKED):
            known |= {SSE, ENDS_WITH_DONE} if address.endswith(OPENAI_KIND) else {SSE}
    return frozenset(known)


def answered(value: Value, known: _Known) -> Value:
    """What comes of a request, with what that tells of its lines."""
    if not known:
        return value

    def mark(item: Value) -> Value:
        match item:
            case Instance() | Data():
                return replace(item, known=item.known | known)
            case Steps(step=step, asynchronous=asynchronous):
                return Steps(each(step, mark), asynchronous)
            case Items(values=values):
                return Items(tuple(each(part, mark) for part in values))
            case _:
                return item

    return each(value, mark)


def ending_of(node: ast.expr, frame: Frame) -> str:
    """How a text ends, as far as it is written in the program."""
    from .sources import glimpse

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
            return _ending_of_value(glimpse(node, frame))
        case _:
            return ""


def _ending_of_value(value: Value) -> str:
    match value:
        case Const(value=str(text)):
            return text.rstrip("/")
        case Unknown(ending=ending):
            return ending
        case _:
            return ""


def _speaks_of_events(frame: Frame) -> bool:
    text = frame.module.text
    return any(word in text for word in (EVENT_STREAM, '"stream"', "'stream'", *ENDPOINTS))


def _is_read_as_stream(call: ast.Call) -> bool:
    """Whether the client is told to stream the answer, too: one that is fetched as a whole need not be events."""
    if isinstance(call.func, ast.Attribute) and call.func.attr == "stream":
        return True
    words = [word.value for word in call.keywords if word.arg == "stream"]
    return any(isinstance(value, ast.Constant) and value.value is True for value in words)


def _addresses(made: Call) -> list[str]:
    """How what may be the address ends."""
    given = [*zip(made.node.args[:2], made.arguments, strict=False)]
    given += [(word.value, made.keywords["url"]) for word in made.node.keywords if word.arg == "url"]
    return [_ending_of_value(value) or ending_of(node, made.frame) for node, value in given]


def _body_streams(made: Call) -> bool | None:
    """Whether the body asks for a stream; None where that cannot be told, False also where there is no body."""
    for keyword in made.node.keywords:
        if keyword.arg in _BODIES:
            return _says_stream(_dumped(keyword.value), made.frame)
        if keyword.arg is None:
            return None
    return None if len(made.node.args) > 1 and not isinstance(made.node.args[0], ast.Constant) else False


def _dumped(node: ast.expr) -> ast.expr:
    """What is made JSON: `json.dumps(body).encode()`."""
    match node:
        case ast.Call(func=ast.Attribute(value=ast.Call() as inner, attr="encode" | "decode")):
            return _dumped(inner)
        case ast.Call(func=ast.Name() | ast.Attribute(), args=[inner, *_]):
            return inner
        case _:
            return node


def _says_stream(body: ast.expr, frame: Frame) -> bool | None:
    found = _entry(body, "stream", frame)
    return found if found is None else found == {True}


def _entry(node: ast.expr, wanted: str, frame: Frame) -> set[object] | None:
    """What may lie under a key of a dict, in lower case; None where that is not known."""
    from .sources import glimpse

    if isinstance(node, ast.Dict):
        for key, value in zip(node.keys, node.values, strict=True):
            if isinstance(key, ast.Constant) and str(key.value).lower() == wanted:
                return _constants(glimpse(value, frame))
        return None if None in node.keys else set()
    place = place_of(node)
    if place is None:
        return None
    put = frame.state.find(f"{place}[{wanted!r}]")
    if put is not None:
        return _constants(put)
    fields = {
        str(key).lower(): value
        for item in alternatives(glimpse(node, frame))
        if isinstance(item, Record)
        for key, value in item.fields
    }
    if wanted in fields:
        return _constants(fields[wanted])
    known = glimpse(node, frame)
    return set() if isinstance(known, Record) and not frame.may_have_put(node, wanted) else None


def _constants(value: Value) -> set[object]:
    """What a value may be; what is not written in the program is none of what is looked for."""
    return {item.value if isinstance(item, Const) else item for item in alternatives(value)}


def _accepts_events(made: Call) -> bool:
    for keyword in made.node.keywords:
        if keyword.arg == "headers":
            accepted = _entry(keyword.value, "accept", made.frame) or set()
            return bool(accepted) and all(str(value).strip() == EVENT_STREAM for value in accepted)
    return False
