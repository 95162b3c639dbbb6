"""urllib.request of the standard library: https://docs.python.org/3/library/urllib.request.html"""

from __future__ import annotations

from .http_client import HTTPResponse
from .rows import client

URLLIB = client(
    "urllib.request",
    "six.moves.urllib.request",
    distribution="",
    docs="https://docs.python.org/3/library/urllib.request.html#urllib.request.urlopen",
)
Opener = URLLIB.type("OpenerDirector")

URLLIB.makes(HTTPResponse, "urlopen")
URLLIB.makes(Opener, "build_opener")
Opener.makes(HTTPResponse, "open")
