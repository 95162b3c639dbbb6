"""urllib3, 1 and 2: https://urllib3.readthedocs.io/en/stable/reference/urllib3.response.html"""

from __future__ import annotations

from .dsl import CHUNK, LINE, WHOLE, absent, client, given

URLLIB3 = client("urllib3", docs="https://urllib3.readthedocs.io/en/stable/reference/urllib3.response.html", http=True)
HTTPResponse = URLLIB3.type("HTTPResponse", "BaseHTTPResponse")
Pool = URLLIB3.type("HTTPConnectionPool", "HTTPSConnectionPool")
Manager = URLLIB3.type("PoolManager", "ProxyManager")

URLLIB3.returns(HTTPResponse, "request", note="since 2")
URLLIB3.returns(Pool, "connection_from_url")
URLLIB3.returns(Manager, "proxy_from_url")
REQUESTS = ("request", "urlopen", "request_encode_url", "request_encode_body")
Manager.returns(HTTPResponse, *REQUESTS)
Manager.returns(Pool, "connection_from_url", "connection_from_host")
Pool.returns(HTTPResponse, *REQUESTS)

HTTPResponse.yields(CHUNK, "stream", text=False)
HTTPResponse.yields(CHUNK, "read_chunked", text=False, untyped=True)
HTTPResponse.iterates(LINE, text=False)
HTTPResponse.yields(LINE, "readlines", text=False)
HTTPResponse.read(LINE, "readline", text=False)
HTTPResponse.read(CHUNK, "read", text=False, only=given("amt", 0), exact=True)
HTTPResponse.returns(WHOLE, "read", text=False, only=absent("amt", 0))
HTTPResponse.read(CHUNK, "read1", text=False, note="since 2")
HTTPResponse.attribute(WHOLE, "data", text=False)
