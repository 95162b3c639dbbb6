"""curl_cffi: https://curl-cffi.readthedocs.io/en/latest/api.html"""

from __future__ import annotations

from .dsl import CHUNK, LINE, MESSAGE, WHOLE, client, given

CURL_CFFI = client(
    "curl_cffi", "curl_cffi.requests", docs="https://curl-cffi.readthedocs.io/en/latest/api.html", http=True
)
Response = CURL_CFFI.type("Response")
Session = CURL_CFFI.type("Session", "AsyncSession")
WebSocket = CURL_CFFI.type("WebSocket", "AsyncWebSocket")

VERBS = ("get", "post", "put", "patch", "delete", "head", "options", "request")

CURL_CFFI.returns(Response, *VERBS)
Session.returns(Response, *VERBS, "stream")
CURL_CFFI.invokes(CHUNK, *VERBS, argument="content_callback", text=False)
Session.invokes(CHUNK, *VERBS, argument="content_callback", text=False)

Response.yields(CHUNK, "iter_content", "aiter_content", text=False)
Response.yields(MESSAGE, "iter_lines", "aiter_lines", text=False, only=given("delimiter", 2))
Response.yields(LINE, "iter_lines", "aiter_lines", text=False)
Response.attribute(WHOLE, "text", text=True)
Response.attribute(WHOLE, "content", text=False)
Response.returns(WHOLE, "atext", text=True)
Response.returns(WHOLE, "acontent", text=False)

Session.returns(WebSocket, "ws_connect")
WebSocket.returns(WebSocket, "connect")
WebSocket.read((MESSAGE, None), "recv", text=False)
WebSocket.read(MESSAGE, "recv_str", text=True)
WebSocket.iterates(MESSAGE, text=False)
