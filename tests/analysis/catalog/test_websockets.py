"""websockets, websocket-client and httpx-ws against a server of websockets: every step is a whole message.

https://websockets.readthedocs.io/en/stable/reference/asyncio/client.html
"""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator
from typing import Any

import pytest

from .facts import LINES, check, run

websockets = pytest.importorskip("websockets")
sync_client = pytest.importorskip("websockets.sync.client")
sync_server = pytest.importorskip("websockets.sync.server")
asyncio_client = pytest.importorskip("websockets.asyncio.client")

CONNECTION = "websockets.asyncio.connection.Connection"


def send_lines(connection: Any) -> None:
    """Each line twice, the second time in fragments of seven characters."""
    for line in LINES:
        connection.send(line)
    for line in LINES:
        connection.send(line[start : start + 7] for start in range(0, len(line), 7))
    connection.close()


@contextlib.contextmanager
def server() -> Iterator[str]:
    with sync_server.serve(send_lines, "127.0.0.1", 0) as made:
        thread = threading.Thread(target=made.serve_forever, daemon=True)
        thread.start()
        yield f"ws://127.0.0.1:{made.socket.getsockname()[1]}"
        made.shutdown()
        thread.join(20)


def test_a_connection_hands_out_whole_messages() -> None:
    with server() as url, sync_client.connect(url) as connection:
        check(connection, "websockets", "sync.client.connect")
        check([connection.recv() for _ in LINES], CONNECTION, "recv")
        check(list(connection), CONNECTION)


def test_recv_streaming_hands_out_pieces_of_a_message() -> None:
    with server() as url, sync_client.connect(url) as connection:
        for _ in LINES:
            connection.recv()
        got = list(connection.recv_streaming())
        list(connection)
        check(got, CONNECTION, "recv_streaming", body=LINES[0].encode())


def test_an_asyncio_connection_hands_out_whole_messages() -> None:
    async def program() -> None:
        async with websockets.connect(url) as connection:
            check(connection, "websockets", "connect")
            check([await connection.recv() for _ in LINES], CONNECTION, "recv")
            check([message async for message in connection], CONNECTION)

    with server() as url:
        run(program)


def test_websocket_client_hands_out_whole_messages() -> None:
    websocket = pytest.importorskip("websocket")
    with server() as url, contextlib.closing(websocket.create_connection(url)) as connection:
        check(connection, "websocket", "create_connection")
        check([connection.recv() for _ in LINES], "websocket.WebSocket", "recv")
        check([connection.recv_data() for _ in LINES], "websocket.WebSocket", "recv_data")


@pytest.mark.parametrize("name", ["httpx_ws", "httpx2"])
def test_the_websockets_of_httpx_hand_out_whole_messages(name: str) -> None:
    module = pytest.importorskip(name)
    pytest.importorskip("wsproto")
    connect = module.connect_ws if name == "httpx_ws" else module.websocket
    owner, session = ("httpx_ws", "httpx_ws.WebSocketSession") if name == "httpx_ws" else ("httpx", "")
    with server() as url, connect(url) as connection:
        check(connection, owner, "connect_ws" if name == "httpx_ws" else "websocket")
        got = [connection.receive_text() for _ in LINES]
        check(got, session or "httpx2.websockets.WebSocketSession", "receive_text")


def test_the_websocket_of_curl_cffi_hands_out_whole_messages() -> None:
    curl_cffi = pytest.importorskip("curl_cffi", minversion="0.13")
    with server() as url, curl_cffi.Session() as session, contextlib.closing(session.ws_connect(url)) as connection:
        check(connection, "curl_cffi.Session", "ws_connect")
        check([connection.recv() for _ in LINES], "curl_cffi.WebSocket", "recv")
        check([connection.recv_str() for _ in LINES], "curl_cffi.WebSocket", "recv_str")
