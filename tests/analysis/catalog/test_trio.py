"""trio 0.27 and later: https://trio.readthedocs.io/en/stable/reference-io.html"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

import pytest

from .facts import LINES, check, collect, fact, read_all
from .feeding import COMMAND, send_to, tcp_server

trio = pytest.importorskip("trio")

FACTS = [
    fact("trio.abc.ReceiveStream", "", collect),
    fact("trio.abc.ReceiveStream", "receive_some", lambda got: read_all(got.receive_some)),
]


def run(program: Callable[[], Awaitable[Any]]) -> Any:
    async def limited() -> Any:
        with trio.fail_after(30):
            return await program()

    return trio.run(limited)


@pytest.mark.parametrize(("owner", "member", "take", "arguments"), FACTS)
def test_a_connection_hands_out(
    owner: str, member: str, take: Callable[[Any], Awaitable[Any]], arguments: dict[str, Any]
) -> None:
    async def program() -> Any:
        async with await trio.open_tcp_stream("127.0.0.1", port) as stream:
            check(stream, "trio", "open_tcp_stream")
            return await take(stream)

    with tcp_server() as port:
        check(run(program), owner, member, **arguments)


def test_the_function_given_to_serve_tcp_is_called_with_a_stream() -> None:
    async def program() -> Any:
        got: list[bytes] = []
        async with trio.open_nursery() as nursery:

            async def handle(stream: Any) -> None:
                check(stream, "trio", "serve_tcp")
                got.extend(await collect(stream))
                nursery.cancel_scope.cancel()

            listeners = await nursery.start(partial(trio.serve_tcp, handle, 0, host="127.0.0.1"))
            send_to(listeners[0].socket.getsockname()[1])
        return got

    check(run(program), "trio.abc.ReceiveStream")


def test_a_socket_receives_chunks_and_datagrams() -> None:
    async def program() -> Any:
        with trio.socket.socket() as connected:
            await connected.connect(("127.0.0.1", port))
            return await read_all(lambda: connected.recv(1024))

    async def datagrams() -> Any:
        with (
            trio.socket.socket(type=trio.socket.SOCK_DGRAM) as receiving,
            trio.socket.socket(type=trio.socket.SOCK_DGRAM) as sending,
        ):
            await receiving.bind(("127.0.0.1", 0))
            for line in LINES:
                await sending.sendto(line.encode(), receiving.getsockname())
            return [await receiving.recvfrom(1024) for _ in LINES]

    with tcp_server() as port:
        check(run(program), "trio.socket.SocketType", "recv")
    check(run(datagrams), "trio.socket.SocketType", "recvfrom")


def test_the_output_of_a_process_is_a_stream() -> None:
    async def program() -> Any:
        process = await trio.lowlevel.open_process(COMMAND, stdout=-1)
        got = await collect(process.stdout)
        await process.wait()
        return got

    check(run(program), "trio.abc.ReceiveStream")
