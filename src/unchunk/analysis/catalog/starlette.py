"""starlette and fastapi: the bodies of requests by pieces, the messages of websockets whole.

https://www.starlette.io/websockets/, https://www.starlette.io/requests/
"""

from __future__ import annotations

from .dsl import CHUNK, MESSAGE, WHOLE, client

STARLETTE = client("starlette", "fastapi", docs="https://www.starlette.io/websockets/#iterating-data")
WebSocket = STARLETTE.type("websockets.WebSocket", "WebSocket")
Session = STARLETTE.type("testclient.WebSocketTestSession")
Client = STARLETTE.type("testclient.TestClient")
Endpoint = STARLETTE.type("endpoints.WebSocketEndpoint")
Received = STARLETTE.type("message of a websocket")
Request = STARLETTE.type("requests.Request", "Request")

WebSocket.yields(MESSAGE, "iter_text", text=True)
WebSocket.yields(MESSAGE, "iter_bytes", text=False)
Client.returns(Session, "websocket_connect")
for kind in (WebSocket, Session):
    kind.read(MESSAGE, "receive_text", text=True)
    kind.read(MESSAGE, "receive_bytes", text=False)
    kind.returns(Received, "receive")
Received.part(MESSAGE, "text", text=True)
Received.part(MESSAGE, "bytes", text=False)
Endpoint.callback(MESSAGE, "on_receive", parameter=1)

Request.yields(CHUNK, "stream", text=False)
Request.returns(WHOLE, "body", text=False)
