"""urllib3 (`urllib3/response.py`, 1.26 and 2), http.client and urllib.request of the standard library."""

from __future__ import annotations

import http.client
import urllib.request
from collections.abc import Callable
from typing import Any

import pytest

from .facts import check, fact, read_on, serve

HTTP_CLIENT = [
    fact("http.client.HTTPResponse", "", list),
    fact("http.client.HTTPResponse", "read", lambda got: read_on(lambda: got.read(7)), amt=7),
    fact("http.client.HTTPResponse", "read", lambda got: got.read()),
    fact("http.client.HTTPResponse", "read1", lambda got: read_on(lambda: got.read1(7))),
    fact("http.client.HTTPResponse", "readline", lambda got: read_on(got.readline)),
    fact("http.client.HTTPResponse", "readlines", lambda got: got.readlines()),
]
URLLIB3 = [
    fact("urllib3.HTTPResponse", "stream", lambda got: list(got.stream())),
    fact("urllib3.HTTPResponse", "stream", lambda got: list(got.stream(7))),
    fact("urllib3.HTTPResponse", "read_chunked", lambda got: list(got.read_chunked())),
    fact("urllib3.HTTPResponse", "", list),
    fact("urllib3.HTTPResponse", "read", lambda got: read_on(lambda: got.read(7)), amt=7),
    fact("urllib3.HTTPResponse", "read", lambda got: got.read()),
    fact("urllib3.HTTPResponse", "readline", lambda got: read_on(got.readline)),
    fact("urllib3.HTTPResponse", "readlines", lambda got: got.readlines()),
    fact("urllib3.HTTPResponse", "data", lambda got: got.data),
]


@pytest.mark.parametrize(("owner", "member", "take", "arguments"), HTTP_CLIENT)
def test_a_response_of_the_standard_library_hands_out(
    owner: str, member: str, take: Callable[[Any], Any], arguments: dict[str, Any]
) -> None:
    with serve() as server:
        connection = http.client.HTTPConnection(server.host, server.port)
        connection.request("GET", "/")
        response = connection.getresponse()
        check(response, "http.client.HTTPConnection", "getresponse")
        check(take(response), owner, member, **arguments)
        connection.close()
        with urllib.request.urlopen(server.url) as opened:
            check(opened, "urllib.request", "urlopen")
            check(take(opened), owner, member, **arguments)
        with urllib.request.build_opener().open(server.url) as opened:
            check(opened, "urllib.request.OpenerDirector", "open")


@pytest.mark.parametrize(("owner", "member", "take", "arguments"), URLLIB3)
def test_a_response_of_urllib3_hands_out(
    owner: str, member: str, take: Callable[[Any], Any], arguments: dict[str, Any]
) -> None:
    urllib3 = pytest.importorskip("urllib3")
    with serve() as server, urllib3.PoolManager() as manager:
        response = manager.request("GET", server.url, preload_content=False)
        check(response, "urllib3.PoolManager", "request")
        check(take(response), owner, member, **arguments)
        response.release_conn()


def test_read1_of_urllib3_hands_out_chunks() -> None:
    urllib3 = pytest.importorskip("urllib3", minversion="2")
    with serve() as server, urllib3.PoolManager() as manager:
        response = manager.request("GET", server.url, preload_content=False)
        check(read_on(lambda: response.read1(7)), "urllib3.HTTPResponse", "read1")
        response.release_conn()
