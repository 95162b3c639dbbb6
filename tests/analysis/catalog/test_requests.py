"""requests 2.34, `requests/models.py`: https://requests.readthedocs.io/en/latest/api/#requests.Response"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from .facts import check, fact, read_on, serve

requests = pytest.importorskip("requests")

FACTS = [
    fact("requests.Response", "iter_content", lambda got: list(got.iter_content(None))),
    fact("requests.Response", "iter_content", lambda got: list(got.iter_content())),
    fact("requests.Response", "iter_content", lambda got: list(got.iter_content(1024))),
    fact(
        "requests.Response",
        "iter_content",
        lambda got: list(got.iter_content(None, decode_unicode=True)),
        decode_unicode=True,
    ),
    fact("requests.Response", "iter_lines", lambda got: list(got.iter_lines())),
    fact(
        "requests.Response",
        "iter_lines",
        lambda got: list(got.iter_lines(decode_unicode=True)),
        decode_unicode=True,
    ),
    fact(
        "requests.Response",
        "iter_lines",
        lambda got: [line for line in got.iter_lines(delimiter=b"\n") if line],
        delimiter=b"\n",
    ),
    fact("requests.Response", "raw", lambda got: got.raw),
    fact("requests.Response", "text", lambda got: got.text),
    fact("requests.Response", "content", lambda got: got.content),
    fact("urllib3.HTTPResponse", "read", lambda got: read_on(lambda: got.raw.read(7)), amt=7),
    fact("urllib3.HTTPResponse", "read", lambda got: got.raw.read()),
    fact("urllib3.HTTPResponse", "", lambda got: list(got.raw)),
]


@pytest.mark.parametrize(("owner", "member", "take", "arguments"), FACTS)
def test_a_response_hands_out(owner: str, member: str, take: Callable[[Any], Any], arguments: dict[str, Any]) -> None:
    with serve() as server, requests.get(server.url, stream=True) as response:
        check(take(response), owner, member, **arguments)


def test_iterating_over_a_response_gives_128_bytes_at_a_time() -> None:
    with serve(b'{"a": "%s"}\n' % (b"x" * 200)) as server, requests.get(server.url, stream=True) as response:
        check(list(response), "requests.Response", body=server.body)


def test_a_body_that_was_read_at_once_is_still_cut_into_single_bytes() -> None:
    with serve() as server:
        check(list(requests.get(server.url).iter_content()), "requests.Response", "iter_content")


@pytest.mark.parametrize("member", ["get", "post", "request"])
def test_a_request_makes_a_response(member: str) -> None:
    with serve() as server:
        arguments = ("GET", server.url) if member == "request" else (server.url,)
        check(getattr(requests, member)(*arguments), "requests", member)
        with requests.Session() as session:
            check(getattr(session, member)(*arguments), "requests.Session", member)
