"""tornado 6: https://www.tornadoweb.org/en/stable/iostream.html"""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from .facts import BODY, LINES, check, run, serve
from .feeding import send_to, tcp_server

pytest.importorskip("tornado")
httpclient = pytest.importorskip("tornado.httpclient")
tcpclient = pytest.importorskip("tornado.tcpclient")
tcpserver = pytest.importorskip("tornado.tcpserver")
iostream = pytest.importorskip("tornado.iostream")
web = pytest.importorskip("tornado.web")
websocket = pytest.importorskip("tornado.websocket")


def test_a_streaming_callback_is_called_with_chunks() -> None:
    got: list[bytes] = []

    async def program() -> Any:
        client = httpclient.AsyncHTTPClient(force_instance=True)
        response = await client.fetch(server.url, streaming_callback=got.append)
        request = httpclient.HTTPRequest(server.url, streaming_callback=again.append)
        await client.fetch(request)
        check(response, "tornado.httpclient.AsyncHTTPClient", "fetch")
        check((await client.fetch(server.url)).body, "tornado.httpclient.HTTPResponse", "body")
        client.close()

    again: list[bytes] = []
    with serve() as server:
        run(program)
    check(got, "tornado.httpclient.AsyncHTTPClient", "fetch", callback=True)
    check(again, "tornado.httpclient.HTTPRequest", "", callback=True)


def test_a_stream_hands_out() -> None:
    owner = "tornado.iostream.IOStream"

    async def chunks(stream: Any) -> list[bytes]:
        got = []
        while True:
            try:
                got.append(await stream.read_bytes(1024, partial=True))
            except iostream.StreamClosedError:
                return got

    async def program() -> None:
        stream = await tcpclient.TCPClient().connect("127.0.0.1", port)
        check(stream, "tornado.tcpclient.TCPClient", "connect")
        check(await chunks(stream), owner, "read_bytes", partial=True)
        stream = await tcpclient.TCPClient().connect("127.0.0.1", port)
        check([await stream.read_until(b"\n") for _ in LINES], owner, "read_until")
        stream = await tcpclient.TCPClient().connect("127.0.0.1", port)
        check([await stream.read_bytes(len(line.encode()) + 1) for line in LINES], owner, "read_bytes")
        stream = await tcpclient.TCPClient().connect("127.0.0.1", port)
        check(await stream.read_until_close(), owner, "read_until_close")

    with tcp_server(connections=4) as port:
        run(program)


def test_a_server_is_handed_a_stream() -> None:
    async def program() -> None:
        handled = asyncio.get_running_loop().create_future()

        class Server(tcpserver.TCPServer):  # type: ignore[misc, name-defined]
            async def handle_stream(self, stream: Any, address: Any) -> None:
                check(stream, "tornado.tcpserver.TCPServer", "handle_stream")
                handled.set_result(await stream.read_until_close())

        server = Server()
        server.listen(0, "127.0.0.1")
        send_to(next(iter(server._sockets.values())).getsockname()[1])
        check(await handled, "tornado.iostream.IOStream", "read_until_close")
        server.stop()

    run(program)


def test_handlers_are_handed_chunks_bodies_and_messages() -> None:
    seen: dict[str, list[Any]] = {"chunks": [], "bodies": [], "messages": []}

    @web.stream_request_body
    class Streamed(web.RequestHandler):  # type: ignore[misc, name-defined]
        def data_received(self, chunk: bytes) -> None:
            seen["chunks"].append(chunk)

        def post(self) -> None:
            self.finish()

    class Whole(web.RequestHandler):  # type: ignore[misc, name-defined]
        def post(self) -> None:
            check(self.request, "tornado.web.RequestHandler", "request")
            seen["bodies"].append(self.request.body)

    class Echo(websocket.WebSocketHandler):  # type: ignore[misc, name-defined]
        def on_message(self, message: Any) -> None:
            seen["messages"].append(message)
            self.write_message(message)

    async def program() -> None:
        application = web.Application([("/streamed", Streamed), ("/whole", Whole), ("/echo", Echo)])
        server = application.listen(0, "127.0.0.1")
        port = next(iter(server._sockets.values())).getsockname()[1]
        client = httpclient.AsyncHTTPClient(force_instance=True)

        async def body(write: Any) -> None:
            for start in range(0, len(BODY), 20):
                await write(BODY[start : start + 20])
                await asyncio.sleep(0.01)

        await client.fetch(f"http://127.0.0.1:{port}/streamed", method="POST", body_producer=body)
        await client.fetch(f"http://127.0.0.1:{port}/whole", method="POST", body=BODY)
        connection = await websocket.websocket_connect(f"ws://127.0.0.1:{port}/echo")
        check(connection, "tornado", "websocket.websocket_connect")
        for line in LINES:
            await connection.write_message(line)
        answers = [await connection.read_message() for _ in LINES]
        check(answers, "tornado.websocket.WebSocketClientConnection", "read_message")
        connection.close()
        client.close()
        server.stop()

    run(program)
    check(seen["chunks"], "tornado.web.RequestHandler", "data_received")
    check(seen["bodies"][0], "tornado.httputil.HTTPServerRequest", "body")
    check(seen["messages"], "tornado.websocket.WebSocketHandler", "on_message")
