"""httpx and httpx2: https://www.python-httpx.org/api/"""

from __future__ import annotations

from .dsl import CHUNK, EVENT, LINE, MESSAGE, WHOLE, client

HTTPX = client("httpx", "httpx2", docs="https://www.python-httpx.org/api/#response", http=True)
Response = HTTPX.type("Response")
Client = HTTPX.type("Client", "AsyncClient")
ByteStream = HTTPX.type("SyncByteStream", "AsyncByteStream")

VERBS = ("get", "post", "put", "patch", "delete", "head", "options", "request")

HTTPX.returns(Response, *VERBS, "stream")
Client.returns(Response, *VERBS, "stream", "send")

# In an `async for` it may be a websocket of starlette that hands out messages.
Response.yields(CHUNK, "iter_bytes", text=False, untyped=True, asynchronous=False)
Response.yields(CHUNK, "iter_text", text=True, untyped=True, asynchronous=False)
Response.yields(CHUNK, "iter_raw", text=False, untyped=True)
Response.yields(CHUNK, "aiter_bytes", "aiter_raw", text=False, untyped=True, asynchronous=True)
Response.yields(CHUNK, "aiter_text", text=True, untyped=True, asynchronous=True)
Response.yields(LINE, "iter_lines", "aiter_lines", text=True, untyped=True)
Response.returns(WHOLE, "read", "aread", text=False)
Response.attribute(WHOLE, "text", text=True)
Response.attribute(WHOLE, "content", text=False)
Response.attribute(ByteStream, "stream")
ByteStream.iterates(CHUNK, text=False)

# Since httpx2.
EventSource = HTTPX.type("EventSource")
ServerSentEvent = HTTPX.type("ServerSentEvent")
HTTPX2_WS = client("httpx2.websockets", distribution="httpx2[ws]", docs="https://github.com/pydantic/httpx2")
WebSocket = HTTPX2_WS.type("WebSocketSession", "AsyncWebSocketSession")

HTTPX.returns(Response, "query", note="httpx2")
Client.returns(Response, "query", note="httpx2")
Client.returns(EventSource, "sse", note="httpx2")
EventSource.attribute(Response, "response", note="httpx2")
EventSource.iterates(ServerSentEvent, note="httpx2")
ServerSentEvent.part(EVENT, "data", text=True, note="httpx2")
HTTPX.returns(WebSocket, "websocket", note="httpx2")
Client.returns(WebSocket, "websocket", note="httpx2")
WebSocket.read(MESSAGE, "receive_text", text=True)
WebSocket.read(MESSAGE, "receive_bytes", text=False)
