"""starlette 1, `websockets.py` and `requests.py`, and fastapi, which hands the same classes on.

https://www.starlette.io/websockets/
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from .facts import BODY, CUTS, LINES, check, pieces, run

websockets = pytest.importorskip("starlette.websockets")
requests = pytest.importorskip("starlette.requests")
endpoints = pytest.importorskip("starlette.endpoints")
testclient = pytest.importorskip("starlette.testclient")

SOCKET = "starlette.websockets.WebSocket"
SESSION = "starlette.testclient.WebSocketTestSession"
CONNECT = {"type": "websocket.connect"}
TEXTS = [{"type": "websocket.receive", "text": line} for line in LINES]
BYTES = [{"type": "websocket.receive", "bytes": line.encode()} for line in LINES]
GONE = {"type": "websocket.disconnect", "code": 1000}


def source(messages: list[dict[str, Any]]) -> Callable[[], Awaitable[dict[str, Any]]]:
    """Return a server's `receive`."""
    queue = iter(messages)

    async def receive() -> dict[str, Any]:
        return next(queue)

    return receive


async def send(message: Any) -> None:
    """Accept what a server's `send` is given."""


async def socket(*messages: dict[str, Any]) -> Any:
    made = websockets.WebSocket({"type": "websocket"}, source([CONNECT, *messages, GONE]), send)
    await made.accept()
    return made


def test_a_websocket_hands_out_whole_messages() -> None:
    async def program() -> None:
        texts, both = await socket(*TEXTS), await socket(*BYTES)
        check([line async for line in texts.iter_text()], SOCKET, "iter_text")
        check([line async for line in both.iter_bytes()], SOCKET, "iter_bytes")
        texts, both = await socket(*TEXTS), await socket(*BYTES)
        check([await texts.receive_text() for _ in LINES], SOCKET, "receive_text")
        check([await both.receive_bytes() for _ in LINES], SOCKET, "receive_bytes")
        texts, both = await socket(*TEXTS), await socket(*BYTES)
        received = "starlette.message of a websocket"
        check([(await texts.receive())["text"] for _ in LINES], received, "text")
        check([(await both.receive())["bytes"] for _ in LINES], received, "bytes")

    run(program)


def test_an_endpoint_is_called_with_whole_messages() -> None:
    got: list[bytes] = []

    class Endpoint(endpoints.WebSocketEndpoint):  # type: ignore[misc, name-defined]
        encoding = "bytes"

        async def on_receive(self, websocket: Any, data: bytes) -> None:
            got.append(data)

    async def program() -> None:
        await Endpoint({"type": "websocket"}, source([CONNECT, *BYTES, GONE]), send)

    run(program)
    check(got, "starlette.endpoints.WebSocketEndpoint", "on_receive")


def test_a_session_of_the_test_client_hands_out_whole_messages() -> None:
    async def app(scope: Any, receive: Any, answer: Any) -> None:
        websocket = websockets.WebSocket(scope, receive, answer)
        await websocket.accept()
        for line in LINES:
            await websocket.send_text(line)
            await websocket.send_bytes(line.encode())
        await websocket.close()

    with testclient.TestClient(app).websocket_connect("/") as session:
        check(session, "starlette.testclient.TestClient", "websocket_connect")
        both = [(session.receive_text(), session.receive_bytes()) for _ in LINES]
    check([text for text, _ in both], SESSION, "receive_text")
    check([data for _, data in both], SESSION, "receive_bytes")


def test_the_body_of_a_request_comes_by_pieces() -> None:
    def request() -> Any:
        parts = [{"type": "http.request", "body": part, "more_body": True} for part in pieces(BODY, CUTS)]
        return requests.Request({"type": "http"}, source([*parts, {"type": "http.request", "body": b""}]), send)

    async def program() -> None:
        got = [part async for part in request().stream()]
        check([part for part in got if part], "starlette.requests.Request", "stream")
        check(await request().body(), "starlette.requests.Request", "body")

    asyncio.run(program())


def test_fastapi_has_the_same_classes() -> None:
    fastapi = pytest.importorskip("fastapi")
    assert issubclass(fastapi.WebSocket, websockets.WebSocket)
    assert issubclass(fastapi.Request, requests.Request)
