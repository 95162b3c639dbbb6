"""niquests: https://niquests.readthedocs.io/en/latest/api.html"""

from __future__ import annotations

from .rows import CHUNK, LINE, MESSAGE, WHOLE, Pace, client, mentions, unless, when

NIQUESTS = client("niquests", docs="https://niquests.readthedocs.io/en/latest/api.html")
Response = NIQUESTS.type("Response")
AsyncResponse = NIQUESTS.type("AsyncResponse")
Session = NIQUESTS.type("Session")
AsyncSession = NIQUESTS.type("AsyncSession")
Extension = NIQUESTS.type("extension of a response")

VERBS = ("get", "post", "put", "patch", "delete", "head", "options", "request")
ASYNC_VERBS = tuple(f"a{verb}" for verb in VERBS)

NIQUESTS.makes(Response, *VERBS)
Session.makes(Response, *VERBS, "send")
NIQUESTS.makes(AsyncResponse, *ASYNC_VERBS, only=when("stream"))
NIQUESTS.makes(Response, *ASYNC_VERBS, only=unless("stream"))
AsyncSession.makes(AsyncResponse, *VERBS, "send", only=when("stream"))
AsyncSession.makes(Response, *VERBS, "send", only=unless("stream"))

Response.step(CHUNK, "iter_content", text=when("decode_unicode", 1))
Response.step(CHUNK, "iter_raw", text=False)
Response.step(LINE, "iter_lines", text=when("decode_unicode", 1))
AsyncResponse.step(CHUNK, "iter_content", text=when("decode_unicode", 1), untyped=True, pace=Pace.AWAITED)
AsyncResponse.step(CHUNK, "iter_raw", text=False, untyped=True, pace=Pace.AWAITED)
AsyncResponse.step(LINE, "iter_lines", text=when("decode_unicode", 1), untyped=True, pace=Pace.AWAITED)
for kind in (Response, AsyncResponse):
    kind.iterates(CHUNK, text=False, only=mentions("stream"))
    kind.attribute(WHOLE, "text", text=True)
    kind.attribute(WHOLE, "content", text=False)
    kind.attribute(Extension, "extension")
Extension.read(MESSAGE, "next_payload", note="a message of a websocket, an event of server-sent events")
