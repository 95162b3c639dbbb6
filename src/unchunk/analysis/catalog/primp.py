"""primp: https://github.com/deedy5/primp#readme"""

from __future__ import annotations

from .dsl import CHUNK, LINE, WHOLE, client

PRIMP = client("primp", distribution="primp>=1", docs="https://github.com/deedy5/primp#readme", http=True)
Response = PRIMP.type("Response")
AsyncResponse = PRIMP.type("AsyncResponse")
Client = PRIMP.type("Client")
AsyncClient = PRIMP.type("AsyncClient")

VERBS = ("get", "post", "put", "patch", "delete", "head", "options", "request")

PRIMP.returns(Response, *VERBS)
Client.returns(Response, *VERBS)
AsyncClient.returns(AsyncResponse, *VERBS)

Response.yields(CHUNK, "iter_bytes", text=False)
Response.yields(CHUNK, "iter_text", text=True)
Response.yields(LINE, "iter_lines", text=True)
Response.read(CHUNK, "next", text=False)
Response.returns(WHOLE, "read", text=False)
AsyncResponse.yields(CHUNK, "aiter_bytes", text=False)
AsyncResponse.yields(CHUNK, "aiter_text", text=True)
AsyncResponse.yields(LINE, "aiter_lines", text=True)
AsyncResponse.read(CHUNK, "anext", text=False)
AsyncResponse.returns(WHOLE, "aread", text=False)
for kind in (Response, AsyncResponse):
    kind.attribute(WHOLE, "text", text=True)
    kind.attribute(WHOLE, "content", text=False)

# Before 1, where the class has no name to import it by.
PRIMP_0 = client("primp", distribution="primp<1", docs="https://github.com/deedy5/primp")
OldResponse = PRIMP_0.type("Response")
OldClient = PRIMP_0.type("Client")
PRIMP_0.returns(OldResponse, *VERBS)
OldClient.returns(OldResponse, *VERBS)
OldResponse.yields(CHUNK, "stream", text=False)
