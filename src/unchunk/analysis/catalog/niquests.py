"""niquests: https://niquests.readthedocs.io/en/latest/api.html"""

from __future__ import annotations

from .dsl import CHUNK, LINE, MESSAGE, WHOLE, client, file_mentions, given, unless, when

NIQUESTS = client("niquests", docs="https://niquests.readthedocs.io/en/latest/api.html", http=True)
Response = NIQUESTS.type("Response")
AsyncResponse = NIQUESTS.type("AsyncResponse")
Session = NIQUESTS.type("Session")
AsyncSession = NIQUESTS.type("AsyncSession")
Extension = NIQUESTS.type("extension of a response")

VERBS = ("get", "post", "put", "patch", "delete", "head", "options", "request")
ASYNC_VERBS = tuple(f"a{verb}" for verb in VERBS)

NIQUESTS.returns(Response, *VERBS)
Session.returns(Response, *VERBS, "send")
NIQUESTS.returns(AsyncResponse, *ASYNC_VERBS, only=when("stream"))
NIQUESTS.returns(Response, *ASYNC_VERBS, only=unless("stream"))
AsyncSession.returns(AsyncResponse, *VERBS, "send", only=when("stream"))
AsyncSession.returns(Response, *VERBS, "send", only=unless("stream"))

for kind in (Response, AsyncResponse):
    kind.yields(CHUNK, "iter_content", text=when("decode_unicode", 1))
    kind.yields(CHUNK, "iter_raw", text=False)
    kind.yields(MESSAGE, "iter_lines", text=when("decode_unicode", 1), only=given("delimiter", 2))
    kind.yields(LINE, "iter_lines", text=when("decode_unicode", 1))
    kind.iterates(CHUNK, text=False, only=file_mentions("stream"))
    kind.attribute(WHOLE, "text", text=True)
    kind.attribute(WHOLE, "content", text=False)
    kind.attribute(Extension, "extension")
Extension.read(MESSAGE, "next_payload", note="a message of a websocket, an event of server-sent events")
