"""aiohttp 3.14, `aiohttp/streams.py` and `aiohttp/client_ws.py`: https://docs.aiohttp.org/en/stable/streams.html"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from .facts import BODY, LINES, check, collect, fact, read_all, run, serve

aiohttp = pytest.importorskip("aiohttp")
pytest.importorskip("aiohttp.web")


async def itself(thing: Any) -> Any:
    return thing


FACTS = [
    fact("aiohttp.ClientResponse", "content", lambda got: itself(got.content)),
    fact("aiohttp.ClientResponse", "text", lambda got: got.text()),
    fact("aiohttp.ClientResponse", "read", lambda got: got.read()),
    fact("aiohttp.StreamReader", "", lambda got: collect(got.content)),
    fact("aiohttp.StreamReader", "iter_any", lambda got: collect(got.content.iter_any())),
    fact("aiohttp.StreamReader", "iter_chunked", lambda got: collect(got.content.iter_chunked(7))),
    fact("aiohttp.StreamReader", "iter_chunks", lambda got: collect(got.content.iter_chunks())),
    fact("aiohttp.StreamReader", "readany", lambda got: read_all(got.content.readany)),
    fact("aiohttp.StreamReader", "readchunk", lambda got: read_all(got.content.readchunk, (b"", False))),
    fact("aiohttp.StreamReader", "read", lambda got: read_all(lambda: got.content.read(7)), n=7),
    fact("aiohttp.StreamReader", "read", lambda got: got.content.read()),
    fact("aiohttp.StreamReader", "readline", lambda got: read_all(got.content.readline)),
    fact("aiohttp.StreamReader", "readuntil", lambda got: read_all(got.content.readuntil)),
]


@pytest.mark.parametrize(("owner", "member", "take", "arguments"), FACTS)
def test_a_response_hands_out(
    owner: str, member: str, take: Callable[[Any], Awaitable[Any]], arguments: dict[str, Any]
) -> None:
    async def program() -> Any:
        async with aiohttp.ClientSession() as session, session.get(server.url) as response:
            check(response, "aiohttp.ClientSession", "get")
            return await take(response)

    with serve() as server:
        check(run(program), owner, member, **arguments)


def test_a_websocket_and_the_request_of_a_handler_hand_out() -> None:
    async def handler(request: Any) -> Any:
        socket = aiohttp.web.WebSocketResponse()
        await socket.prepare(request)
        for _ in range(2):
            for line in LINES:
                await socket.send_str(line)
        for line in LINES:
            await socket.send_bytes(line.encode())
        await socket.close()
        return socket

    async def upload(request: Any) -> Any:
        check(request.content, "aiohttp.web.Request", "content")
        check(await request.read(), "aiohttp.web.Request", "read")
        check(await request.text(), "aiohttp.web.Request", "text")
        return aiohttp.web.Response()

    async def program() -> None:
        application = aiohttp.web.Application()
        application.router.add_get("/", handler)
        application.router.add_post("/", upload)
        runner = aiohttp.web.AppRunner(application)
        await runner.setup()
        site = aiohttp.web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        url = f"http://127.0.0.1:{runner.addresses[0][1]}/"
        async with aiohttp.ClientSession() as session:
            async with session.post(url, data=BODY) as response:
                assert response.status == 200
            async with session.ws_connect(url) as socket:
                check(socket, "aiohttp.ClientSession", "ws_connect")
                messages = [await socket.receive() for _ in LINES]
                check(messages, "aiohttp.ClientWebSocketResponse", "receive")
                check([message.data for message in messages], "aiohttp.WSMessage", "data")
                texts = [await socket.receive_str() for _ in LINES]
                check(texts, "aiohttp.ClientWebSocketResponse", "receive_str")
                blobs = [await socket.receive_bytes() for _ in LINES]
                check(blobs, "aiohttp.ClientWebSocketResponse", "receive_bytes")
        await runner.cleanup()

    run(program)
