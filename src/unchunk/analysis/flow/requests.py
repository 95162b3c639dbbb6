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
from .places import place_of, root_of
from .values import UNKNOWN, Const, Data, Instance, Items, Record, Steps, Unknown, Value, alternatives, join

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
    known = {STREAMED} if streams and _is_read_as_stream(made) else set()
    if _accepts_events(made):
        known.add(SSE)
    for address in _addresses(made):
        if address.endswith(ALWAYS_STREAM):
            known.add(SSE)
        if streams is not False and address.endswith(STREAM_IF_ASKED):
            known |= {SSE, ENDS_WITH_DONE} if address.endswith(OPENAI_KIND) else {SSE}
    return frozenset(known)


def address_of_events(value: Value) -> bool:
    """Whether it is a text that ends like the address of a stream of events."""
    return any(_ending_of_value(item).endswith(ENDPOINTS) for item in alternatives(value))


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


def _is_read_as_stream(made: Call) -> bool:
    """Whether the client is told to stream the answer, too: one that is fetched as a whole need not be events."""
    if isinstance(made.node.func, ast.Attribute) and made.node.func.attr == "stream":
        return True
    return made.given("stream", None) == Const(True)


def _addresses(made: Call) -> list[str]:
    """How what may be the address ends."""
    given = [*made.arguments[:2], *(value for name, value in made.keywords.items() if name == "url")]
    written = [*made.node.args[:2], *(word.value for word in made.node.keywords if word.arg == "url")]
    return [*map(_ending_of_value, given), *(ending_of(node, made.frame) for node in written)]


def _body_streams(made: Call) -> bool | None:
    """Whether the body asks for a stream; None where that cannot be told, False also where there is no body."""
    for name in _BODIES:
        if name in made.keywords:
            found = _entry(_given(name, made), "stream", made.frame)
            return found if found is None else found == {True}
    if made.more_keywords:
        return None
    return None if len(made.arguments) > 1 and not isinstance(made.arguments[0], Const) else False


def _accepts_events(made: Call) -> bool:
    if "headers" not in made.keywords:
        return False
    accepted = _entry(_given("headers", made), "accept", made.frame) or set()
    return bool(accepted) and all(str(value).strip() == EVENT_STREAM for value in accepted)


def _given(name: str, made: Call) -> tuple[Value, ast.expr | None]:
    """An argument by name: what it is, and how it is written, if it stands in the call."""
    written = next((word.value for word in made.node.keywords if word.arg == name), None)
    return made.keywords[name], written if written is None else _dumped(written)


def _dumped(node: ast.expr) -> ast.expr:
    """What is made JSON: `json.dumps(body).encode()`."""
    match node:
        case ast.Call(func=ast.Attribute(value=ast.Call() as inner, attr="encode" | "decode")):
            return _dumped(inner)
        case ast.Call(func=ast.Name() | ast.Attribute(), args=[inner, *_]):
            return inner
        case _:
            return node


def _entry(given: tuple[Value, ast.expr | None], wanted: str, frame: Frame) -> set[object] | None:
    """What may lie under a key of a dict, in lower case; None where that is not known."""
    from .sources import glimpse

    value, node = given
    if isinstance(node, ast.Dict):
        for key, field in zip(node.keys, node.values, strict=True):
            if isinstance(key, ast.Constant) and str(key.value).lower() == wanted:
                return _constants(glimpse(field, frame))
        return None if None in node.keys else set()
    place = None if node is None else place_of(node)
    put = None if place is None else frame.state.find(f"{place}[{wanted!r}]")
    if put is not None:
        return _constants(put)
    known = value if node is None else join(value, glimpse(node, frame))
    held = [item for item in alternatives(known) if isinstance(item, Record)]
    fields = {str(key).lower(): part for item in held for key, part in item.fields}
    if wanted in fields:
        return _constants(fields[wanted])
    if not isinstance(known, Record) or known.rest != UNKNOWN:
        return None
    handed_in = place is not None and root_of(place) in frame.parameters
    return None if node is not None and not handed_in and frame.may_have_put(node, wanted) else set()


def _constants(value: Value) -> set[object]:
    """What a value may be; what is not written in the program is none of what is looked for."""
    return {item.value if isinstance(item, Const) else item for item in alternatives(value)}
