"""Clients of server-sent events: every step is a whole event.

https://html.spec.whatwg.org/multipage/server-sent-events.html
"""

from __future__ import annotations

from .dsl import EVENT, client
from .httpx import Response

HTTPX_SSE = client(
    "httpx_sse", distribution="httpx-sse", docs="https://github.com/florimondmanca/httpx-sse#api-reference"
)
EventSource = HTTPX_SSE.type("EventSource")
ServerSentEvent = HTTPX_SSE.type("ServerSentEvent")
HTTPX_SSE.returns(EventSource, "connect_sse", "aconnect_sse")
EventSource.yields(ServerSentEvent, "iter_sse", "aiter_sse")
EventSource.attribute(Response, "response")
ServerSentEvent.part(EVENT, "data", text=True)

SSECLIENT_PY = client("sseclient", distribution="sseclient-py>=1", docs="https://github.com/mpetazzoni/sseclient#usage")
Client = SSECLIENT_PY.type("SSEClient")
Event = SSECLIENT_PY.type("Event")
Client.yields(Event, "events")
Event.part(EVENT, "data", text=True)

SSECLIENT = client("sseclient", distribution="sseclient>=0", docs="https://github.com/btubbs/sseclient#usage")
SSECLIENT.type("SSEClient").iterates(Event)

AIOHTTP_SSE = client(
    "aiohttp_sse_client",
    "aiohttp_sse_client2",
    distribution="aiohttp-sse-client",
    docs="https://aiohttp-sse-client.readthedocs.io/en/latest/usage.html",
)
AiohttpSource = AIOHTTP_SSE.type("client.EventSource")
MessageEvent = AIOHTTP_SSE.type("client.MessageEvent")
AiohttpSource.iterates(MessageEvent)
MessageEvent.part(EVENT, "data", text=True)
