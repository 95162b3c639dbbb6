"""requests: https://requests.readthedocs.io/en/latest/api/"""

from __future__ import annotations

from .dsl import CHUNK, LINE, MESSAGE, WHOLE, client, file_mentions, given, when
from .urllib3 import HTTPResponse

REQUESTS = client("requests", docs="https://requests.readthedocs.io/en/latest/api/#requests.Response", http=True)
Response = REQUESTS.type("Response")
Session = REQUESTS.type("Session")
Raw = REQUESTS.type("anything with a raw response")

VERBS = ("get", "post", "put", "patch", "delete", "head", "options", "request")

REQUESTS.returns(Response, *VERBS)
REQUESTS.returns(Session, "session", "sessions.session")
Session.returns(Response, *VERBS, "send")

Response.yields(CHUNK, "iter_content", text=when("decode_unicode", 1), untyped=True, note="chunk_size is 1 by default")
Response.yields(
    MESSAGE,
    "iter_lines",
    text=when("decode_unicode", 1),
    only=given("delimiter", 2),
    untyped=True,
    note="what the program delimits",
)
Response.yields(LINE, "iter_lines", text=when("decode_unicode", 1), untyped=True)
Response.iterates(CHUNK, text=False, only=file_mentions("stream"), note="128 bytes at a time")
Response.attribute(HTTPResponse, "raw")
Response.attribute(WHOLE, "text", text=True)
Response.attribute(WHOLE, "content", text=False)

Raw.read(CHUNK, "raw.read", text=False, only=given("amt", 0), untyped=True, exact=True)
Raw.yields(CHUNK, "raw.stream", text=False, untyped=True)
