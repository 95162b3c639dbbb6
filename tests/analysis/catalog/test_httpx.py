"""httpx 0.28 and httpx2 2.16, `_models.py` and `_sse.py`: https://www.python-httpx.org/api/#response"""

from __future__ import annotations

import importlib
from collections.abc import Callable
from types import ModuleType
from typing import Any

import pytest

from .facts import LINES, check, collect, fact, run, serve

SYNC = [
    fact("httpx.Response", "iter_bytes", lambda got: list(got.iter_bytes())),
    fact("httpx.Response", "iter_raw", lambda got: list(got.iter_raw())),
    fact("httpx.Response", "iter_text", lambda got: list(got.iter_text())),
    fact("httpx.Response", "iter_lines", lambda got: list(got.iter_lines())),
    fact("httpx.Response", "read", lambda got: got.read()),
    fact("httpx.Response", "text", lambda got: got.read() and got.text),
    fact("httpx.Response", "content", lambda got: got.read() and got.content),
    fact("httpx.Response", "stream", lambda got: got.stream),
    fact("httpx.SyncByteStream", "", lambda got: list(got.stream)),
]
ASYNC = [
    fact("httpx.Response", "aiter_bytes", lambda got: collect(got.aiter_bytes())),
    fact("httpx.Response", "aiter_raw", lambda got: collect(got.aiter_raw())),
    fact("httpx.Response", "aiter_text", lambda got: collect(got.aiter_text())),
    fact("httpx.Response", "aiter_lines", lambda got: collect(got.aiter_lines())),
    fact("httpx.Response", "aread", lambda got: got.aread()),
    fact("httpx.SyncByteStream", "", lambda got: collect(got.stream)),
]


@pytest.fixture(params=["httpx", "httpx2"])
def httpx(request: pytest.FixtureRequest) -> ModuleType:
    pytest.importorskip(request.param)
    return importlib.import_module(request.param)


@pytest.mark.parametrize(("owner", "member", "take", "arguments"), SYNC)
def test_a_response_hands_out(
    httpx: ModuleType, owner: str, member: str, take: Callable[[Any], Any], arguments: dict[str, Any]
) -> None:
    with serve() as server, httpx.stream("GET", server.url) as response:
        check(response, "httpx", "stream")
        check(take(response), owner, member, **arguments)


@pytest.mark.parametrize(("owner", "member", "take", "arguments"), ASYNC)
def test_a_response_of_the_async_client_hands_out(
    httpx: ModuleType, owner: str, member: str, take: Callable[[Any], Any], arguments: dict[str, Any]
) -> None:
    async def program() -> Any:
        async with httpx.AsyncClient() as client, client.stream("GET", server.url) as response:
            check(response, "httpx.Client", "stream")
            return await take(response)

    with serve() as server:
        check(run(program), owner, member, **arguments)


def test_an_event_of_httpx2_has_whole_data_however_the_stream_is_cut() -> None:
    httpx2 = pytest.importorskip("httpx2")
    body = "".join(f"data: {line}\n\n" for line in LINES).encode()
    server = serve(body, range(1, len(body), 3), content_type="text/event-stream", delay=0.0)
    with server, httpx2.Client() as client, client.sse(server.url) as events:
        check(events, "httpx.Client", "sse")
        got = list(events)
    check(got, "httpx.EventSource")
    check([event.data for event in got], "httpx.ServerSentEvent", "data")
