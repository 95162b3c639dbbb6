"""aiohttp: https://docs.aiohttp.org/en/stable/streams.html"""

from __future__ import annotations

from .dsl import CHUNK, LINE, MESSAGE, WHOLE, absent, client, given

AIOHTTP = client("aiohttp", docs="https://docs.aiohttp.org/en/stable/streams.html", http=True)
ClientSession = AIOHTTP.type("ClientSession")
ClientResponse = AIOHTTP.type("ClientResponse")
StreamReader = AIOHTTP.type("StreamReader")
WebSocket = AIOHTTP.type("ClientWebSocketResponse", "web.WebSocketResponse")
WSMessage = AIOHTTP.type("WSMessage")

AIOHTTP.returns(ClientResponse, "request")
ClientSession.returns(ClientResponse, "get", "post", "put", "patch", "delete", "head", "options", "request")
ClientSession.returns(WebSocket, "ws_connect")

ClientResponse.attribute(StreamReader, "content")
ClientResponse.returns(WHOLE, "text", text=True)
ClientResponse.returns(WHOLE, "read", text=False)

StreamReader.yields(CHUNK, "iter_any", "iter_chunked", text=False, untyped=True, asynchronous=True)
StreamReader.yields((CHUNK, None), "iter_chunks", text=False, untyped=True, asynchronous=True)
StreamReader.iterates(LINE, text=False, note="a StreamReader iterates over lines")
StreamReader.read(CHUNK, "readany", "read_nowait", text=False)
StreamReader.read((CHUNK, None), "readchunk", text=False)
StreamReader.read(CHUNK, "read", text=False, only=given("n", 0))
StreamReader.returns(WHOLE, "read", text=False, only=absent("n", 0))
StreamReader.read(LINE, "readline", text=False)
StreamReader.returns(MESSAGE, "readexactly", "readuntil", text=False)

WebSocket.read(WSMessage, "receive")
WebSocket.read(MESSAGE, "receive_str", text=True)
WebSocket.read(MESSAGE, "receive_bytes", text=False)
WebSocket.iterates(WSMessage)
WSMessage.part(MESSAGE, "data")

Request = AIOHTTP.type("web.Request", "web.BaseRequest")
Request.attribute(StreamReader, "content")
Request.returns(WHOLE, "text", text=True)
Request.returns(WHOLE, "read", text=False)
