"""requests: https://requests.readthedocs.io/en/latest/api/"""

from __future__ import annotations

from .rows import CHUNK, LINE, MESSAGE, WHOLE, client, given, mentions, when
from .urllib3 import HTTPResponse

REQUESTS = client("requests", docs="https://requests.readthedocs.io/en/latest/api/#requests.Response", http=True)
Response = REQUESTS.type("Response")
Session = REQUESTS.type("Session")
Raw = REQUESTS.type("anything with a raw response")

VERBS = ("get", "post", "put", "patch", "delete", "head", "options", "request")

REQUESTS.makes(Response, *VERBS)
REQUESTS.makes(Session, "session", "sessions.session")
Session.makes(Response, *VERBS, "send")

Response.step(CHUNK, "iter_content", text=when("decode_unicode", 1), untyped=True, note="chunk_size is 1 by default")
Response.step(
    MESSAGE,
    "iter_lines",
    text=when("decode_unicode", 1),
    only=given("delimiter", 2),
    untyped=True,
    note="what the program delimits",
)
Response.step(LINE, "iter_lines", text=when("decode_unicode", 1), untyped=True)
Response.iterates(CHUNK, text=False, only=mentions("stream"), note="128 bytes at a time")
Response.attribute(HTTPResponse, "raw")
Response.attribute(WHOLE, "text", text=True)
Response.attribute(WHOLE, "content", text=False)

Raw.read(CHUNK, "raw.read", text=False, only=given("amt", 0), untyped=True, exact=True)
Raw.step(CHUNK, "raw.stream", text=False, untyped=True)
