"""curl_cffi: https://curl-cffi.readthedocs.io/en/latest/api.html"""

from __future__ import annotations

from .rows import CHUNK, LINE, MESSAGE, WHOLE, client, given

CURL_CFFI = client(
    "curl_cffi", "curl_cffi.requests", docs="https://curl-cffi.readthedocs.io/en/latest/api.html", http=True
)
Response = CURL_CFFI.type("Response")
Session = CURL_CFFI.type("Session", "AsyncSession")
WebSocket = CURL_CFFI.type("WebSocket", "AsyncWebSocket")

VERBS = ("get", "post", "put", "patch", "delete", "head", "options", "request")

CURL_CFFI.makes(Response, *VERBS)
Session.makes(Response, *VERBS, "stream")
CURL_CFFI.calls_back(CHUNK, *VERBS, argument="content_callback", text=False)
Session.calls_back(CHUNK, *VERBS, argument="content_callback", text=False)

Response.step(CHUNK, "iter_content", "aiter_content", text=False)
Response.step(MESSAGE, "iter_lines", "aiter_lines", text=False, only=given("delimiter", 2))
Response.step(LINE, "iter_lines", "aiter_lines", text=False)
Response.attribute(WHOLE, "text", text=True)
Response.attribute(WHOLE, "content", text=False)
Response.makes(WHOLE, "atext", text=True)
Response.makes(WHOLE, "acontent", text=False)

Session.makes(WebSocket, "ws_connect")
WebSocket.makes(WebSocket, "connect")
WebSocket.read((MESSAGE, None), "recv", text=False)
WebSocket.read(MESSAGE, "recv_str", text=True)
WebSocket.iterates(MESSAGE, text=False)
