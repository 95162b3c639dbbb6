"""http.client of the standard library: https://docs.python.org/3/library/http.client.html#httpresponse-objects"""

from __future__ import annotations

from .dsl import CHUNK, LINE, WHOLE, absent, client, given

HTTP = client(
    "http.client",
    distribution="",
    docs="https://docs.python.org/3/library/http.client.html#httpresponse-objects",
    http=True,
)
HTTPResponse = HTTP.type("HTTPResponse")
Connection = HTTP.type("HTTPConnection", "HTTPSConnection")

Connection.returns(HTTPResponse, "getresponse")
HTTPResponse.read(CHUNK, "read", text=False, only=given("amt", 0), exact=True)
HTTPResponse.returns(WHOLE, "read", text=False, only=absent("amt", 0))
HTTPResponse.read(CHUNK, "read1", text=False)
HTTPResponse.read(LINE, "readline", text=False)
HTTPResponse.yields(LINE, "readlines", text=False)
HTTPResponse.iterates(LINE, text=False, note="an io.BufferedIOBase iterates over lines")
