"""urllib.request of the standard library: https://docs.python.org/3/library/urllib.request.html"""

from __future__ import annotations

from .dsl import client
from .http_client import HTTPResponse

URLLIB = client(
    "urllib.request",
    "six.moves.urllib.request",
    distribution="",
    docs="https://docs.python.org/3/library/urllib.request.html#urllib.request.urlopen",
)
Opener = URLLIB.type("OpenerDirector")

URLLIB.returns(HTTPResponse, "urlopen")
URLLIB.returns(Opener, "build_opener")
Opener.returns(HTTPResponse, "open")
