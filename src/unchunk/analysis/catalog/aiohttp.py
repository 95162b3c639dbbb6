"""aiohttp: https://docs.aiohttp.org/en/stable/streams.html"""

from __future__ import annotations

from .rows import CHUNK, LINE, MESSAGE, WHOLE, absent, client, given

AIOHTTP = client("aiohttp", docs="https://docs.aiohttp.org/en/stable/streams.html", http=True)
ClientSession = AIOHTTP.type("ClientSession")
ClientResponse = AIOHTTP.type("ClientResponse")
StreamReader = AIOHTTP.type("StreamReader")
WebSocket = AIOHTTP.type("ClientWebSocketResponse", "web.WebSocketResponse")
WSMessage = AIOHTTP.type("WSMessage")

AIOHTTP.makes(ClientResponse, "request")
ClientSession.makes(ClientResponse, "get", "post", "put", "patch", "delete", "head", "options", "request")
ClientSession.makes(WebSocket, "ws_connect")

ClientResponse.attribute(StreamReader, "content")
ClientResponse.makes(WHOLE, "text", text=True)
ClientResponse.makes(WHOLE, "read", text=False)

StreamReader.step(CHUNK, "iter_any", "iter_chunked", text=False, untyped=True, asynchronous=True)
StreamReader.step((CHUNK, None), "iter_chunks", text=False, untyped=True, asynchronous=True)
StreamReader.iterates(LINE, text=False, note="a StreamReader iterates over lines")
StreamReader.read(CHUNK, "readany", "read_nowait", text=False)
StreamReader.read((CHUNK, None), "readchunk", text=False)
StreamReader.read(CHUNK, "read", text=False, only=given("n", 0))
StreamReader.makes(WHOLE, "read", text=False, only=absent("n", 0))
StreamReader.read(LINE, "readline", text=False)
StreamReader.makes(MESSAGE, "readexactly", "readuntil", text=False)

WebSocket.read(WSMessage, "receive")
WebSocket.read(MESSAGE, "receive_str", text=True)
WebSocket.read(MESSAGE, "receive_bytes", text=False)
WebSocket.iterates(WSMessage)
WSMessage.part(MESSAGE, "data")

Request = AIOHTTP.type("web.Request", "web.BaseRequest")
Request.attribute(StreamReader, "content")
Request.makes(WHOLE, "text", text=True)
Request.makes(WHOLE, "read", text=False)
