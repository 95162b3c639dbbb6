"""Clients of server-sent events, on a stream that is cut everywhere: every step is a whole event."""

from __future__ import annotations

from typing import Any

import pytest

from .facts import BODY, LINES, CuttingServer, check, collect, run, serve

EVENTS = "".join(f"event: city\r\ndata: {line}\r\n\r\n" for line in LINES).encode()


def events() -> CuttingServer:
    return serve(EVENTS, range(1, len(EVENTS), 3), content_type="text/event-stream", delay=0.0)


def check_data(got: list[Any], owner: str) -> None:
    check([event.data for event in got], owner, "data", body=BODY)


def test_httpx_sse() -> None:
    httpx_sse = pytest.importorskip("httpx_sse")
    httpx = pytest.importorskip("httpx")
    with events() as server, httpx.Client() as client, httpx_sse.connect_sse(client, "GET", server.url) as source:
        check(source, "httpx_sse", "connect_sse")
        check(source.response, "httpx_sse.EventSource", "response")
        got = list(source.iter_sse())
    check(got, "httpx_sse.EventSource", "iter_sse")
    check_data(got, "httpx_sse.ServerSentEvent")


def test_httpx_sse_of_the_async_client() -> None:
    httpx_sse = pytest.importorskip("httpx_sse")
    httpx = pytest.importorskip("httpx")

    async def program() -> Any:
        async with httpx.AsyncClient() as client, httpx_sse.aconnect_sse(client, "GET", server.url) as source:
            check(source, "httpx_sse", "aconnect_sse")
            return await collect(source.aiter_sse())

    with events() as server:
        check_data(run(program), "httpx_sse.ServerSentEvent")


def test_sseclient_py() -> None:
    sseclient = pytest.importorskip("sseclient")
    requests = pytest.importorskip("requests")
    if not hasattr(sseclient.SSEClient, "events"):
        pytest.skip("sseclient is here, sseclient-py is not")
    with events() as server, requests.get(server.url, stream=True) as response:
        got = list(sseclient.SSEClient(response).events())
    check(got, "sseclient.SSEClient", "events")
    check_data(got, "sseclient.Event")


def test_sseclient() -> None:
    sseclient = pytest.importorskip("sseclient")
    if hasattr(sseclient.SSEClient, "events"):
        pytest.skip("sseclient-py is here, sseclient is not")
    # Of an answer in HTTP chunks, it takes the sizes of the chunks for data (`SSEClient.iter_content`, 0.0.27).
    with serve(EVENTS, range(1, len(EVENTS), 3), chunked=False, delay=0.0) as server:
        source = iter(sseclient.SSEClient(server.url))
        got = [next(source) for _ in LINES]
    check(got, "sseclient.SSEClient")
    check_data(got, "sseclient.Event")


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_aiohttp_sse_client() -> None:
    source_type = pytest.importorskip("aiohttp_sse_client.client").EventSource

    async def program() -> Any:
        async with source_type(server.url) as source:
            return [await source.__anext__() for _ in LINES]

    with events() as server:
        got = run(program)
    check(got, "aiohttp_sse_client.client.EventSource")
    check_data(got, "aiohttp_sse_client.client.MessageEvent")
