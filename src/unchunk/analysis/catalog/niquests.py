"""niquests: https://niquests.readthedocs.io/en/latest/api.html"""

from __future__ import annotations

from .rows import CHUNK, LINE, MESSAGE, WHOLE, client, given, mentions, unless, when

NIQUESTS = client("niquests", docs="https://niquests.readthedocs.io/en/latest/api.html", http=True)
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

for kind in (Response, AsyncResponse):
    kind.step(CHUNK, "iter_content", text=when("decode_unicode", 1))
    kind.step(CHUNK, "iter_raw", text=False)
    kind.step(MESSAGE, "iter_lines", text=when("decode_unicode", 1), only=given("delimiter", 2))
    kind.step(LINE, "iter_lines", text=when("decode_unicode", 1))
    kind.iterates(CHUNK, text=False, only=mentions("stream"))
    kind.attribute(WHOLE, "text", text=True)
    kind.attribute(WHOLE, "content", text=False)
    kind.attribute(Extension, "extension")
Extension.read(MESSAGE, "next_payload", note="a message of a websocket, an event of server-sent events")
