"""websockets, websocket-client and httpx-ws: every step is a whole message.

https://websockets.readthedocs.io/en/stable/reference/
"""

from __future__ import annotations

from .dsl import CHUNK, MESSAGE, client

WEBSOCKETS = client("websockets", docs="https://websockets.readthedocs.io/en/stable/reference/asyncio/client.html")
Connection = WEBSOCKETS.type(
    "asyncio.connection.Connection",
    "asyncio.client.ClientConnection",
    "asyncio.server.ServerConnection",
    "sync.connection.Connection",
    "sync.client.ClientConnection",
    "sync.server.ServerConnection",
    "ClientConnection",
    "ServerConnection",
    "WebSocketClientProtocol",
    "WebSocketServerProtocol",
)
WEBSOCKETS.returns(Connection, "connect", "unix_connect", "asyncio.client.connect", "sync.client.connect")
WEBSOCKETS.invokes(Connection, "serve", "asyncio.server.serve", "sync.server.serve", argument=0)
Connection.read(MESSAGE, "recv")
Connection.yields(CHUNK, "recv_streaming", note="the frames of one message; since 13")
Connection.iterates(MESSAGE)

WEBSOCKET = client(
    "websocket",
    distribution="websocket-client",
    docs="https://websocket-client.readthedocs.io/en/latest/core.html#websocket.WebSocket.recv",
)
WebSocket = WEBSOCKET.type("WebSocket")
WEBSOCKET.returns(WebSocket, "create_connection")
WebSocket.read(MESSAGE, "recv")
WebSocket.read((None, MESSAGE), "recv_data")
WebSocket.iterates(MESSAGE)

HTTPX_WS = client("httpx_ws", distribution="httpx-ws", docs="https://frankie567.github.io/httpx-ws/reference/httpx_ws/")
Session = HTTPX_WS.type("WebSocketSession", "AsyncWebSocketSession")
HTTPX_WS.returns(Session, "connect_ws", "aconnect_ws")
Session.read(MESSAGE, "receive_text", text=True)
Session.read(MESSAGE, "receive_bytes", text=False)
