"""tornado: https://www.tornadoweb.org/en/stable/iostream.html"""

from __future__ import annotations

from .dsl import CHUNK, LINE, MESSAGE, WHOLE, client, unless, when

TORNADO = client("tornado", docs="https://www.tornadoweb.org/en/stable/iostream.html")
AsyncHTTPClient = TORNADO.type("httpclient.AsyncHTTPClient", "httpclient.HTTPClient")
HTTPRequest = TORNADO.type("httpclient.HTTPRequest")
HTTPResponse = TORNADO.type("httpclient.HTTPResponse")
IOStream = TORNADO.type("iostream.IOStream", "iostream.SSLIOStream", "iostream.PipeIOStream", "iostream.BaseIOStream")
TCPClient = TORNADO.type("tcpclient.TCPClient")
TCPServer = TORNADO.type("tcpserver.TCPServer")
ServerRequest = TORNADO.type("httputil.HTTPServerRequest")
RequestHandler = TORNADO.type("web.RequestHandler")
WebSocketHandler = TORNADO.type("websocket.WebSocketHandler", bases=(RequestHandler,))
WebSocket = TORNADO.type("websocket.WebSocketClientConnection")

AsyncHTTPClient.returns(HTTPResponse, "fetch")
AsyncHTTPClient.invokes(CHUNK, "fetch", argument="streaming_callback", text=False)
HTTPRequest.invokes(CHUNK, "", argument="streaming_callback", text=False)
HTTPResponse.attribute(WHOLE, "body", text=False)

TCPClient.returns(IOStream, "connect")
TCPServer.callback(IOStream, "handle_stream")
IOStream.read(CHUNK, "read_bytes", text=False, only=when("partial", 1))
IOStream.read(MESSAGE, "read_bytes", text=False, only=unless("partial", 1))
IOStream.read(LINE, "read_until", "read_until_regex", text=False)
IOStream.returns(WHOLE, "read_until_close", text=False)

RequestHandler.callback(CHUNK, "data_received", text=False, note="of handlers with @stream_request_body")
RequestHandler.attribute(ServerRequest, "request")
ServerRequest.attribute(WHOLE, "body", text=False)
TORNADO.returns(WebSocket, "websocket.websocket_connect")
WebSocket.read(MESSAGE, "read_message")
WebSocketHandler.callback(MESSAGE, "on_message")
TORNADO.parses_json("escape.json_decode", argument="value")
TORNADO.returns(WHOLE, "escape.json_encode", text=True)
