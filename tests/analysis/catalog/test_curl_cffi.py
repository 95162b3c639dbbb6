"""curl_cffi 0.7 and later, `requests/models.py`: https://curl-cffi.readthedocs.io/en/latest/api.html"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from typing import Any

import pytest

from .facts import check, collect, fact, run, serve

curl_cffi = pytest.importorskip("curl_cffi")


def _said(lines: Iterable[bytes]) -> list[bytes]:
    return [line for line in lines if line]


SYNC = [
    fact("curl_cffi.Response", "iter_content", lambda got: list(got.iter_content())),
    fact("curl_cffi.Response", "iter_lines", lambda got: list(got.iter_lines())),
    fact("curl_cffi.Response", "iter_lines", lambda got: _said(got.iter_lines(delimiter=b"\n")), delimiter=b"\n"),
]
ASYNC = [
    fact("curl_cffi.Response", "aiter_content", lambda got: collect(got.aiter_content())),
    fact("curl_cffi.Response", "aiter_lines", lambda got: collect(got.aiter_lines())),
    fact("curl_cffi.Response", "acontent", lambda got: got.acontent()),
    fact("curl_cffi.Response", "atext", lambda got: got.atext()),
]


@pytest.mark.parametrize(("owner", "member", "take", "arguments"), SYNC)
def test_a_response_hands_out(owner: str, member: str, take: Callable[[Any], Any], arguments: dict[str, Any]) -> None:
    with serve() as server, curl_cffi.Session() as session:
        response = session.get(server.url, stream=True)
        check(response, "curl_cffi.Session", "get")
        check(take(response), owner, member, **arguments)
        response.close()


@pytest.mark.parametrize(("owner", "member", "take", "arguments"), ASYNC)
def test_a_response_of_the_async_session_hands_out(
    owner: str, member: str, take: Callable[[Any], Awaitable[Any]], arguments: dict[str, Any]
) -> None:
    async def program() -> Any:
        async with curl_cffi.AsyncSession() as session:
            response = await session.get(server.url, stream=True)
            check(response, "curl_cffi.Session", "get")
            return await take(response)

    with serve() as server:
        check(run(program), owner, member, **arguments)


def test_a_content_callback_is_called_with_chunks() -> None:
    got: list[bytes] = []
    with serve() as server:
        response = curl_cffi.get(server.url, content_callback=got.append)
    check(response, "curl_cffi", "get")
    check(got, "curl_cffi.Session", "get", callback=True)


def test_a_response_that_is_not_streamed_is_whole() -> None:
    with serve() as server:
        response = curl_cffi.get(server.url)
    check(response.content, "curl_cffi.Response", "content")
    check(response.text, "curl_cffi.Response", "text")
