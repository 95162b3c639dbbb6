"""asyncio of the standard library: https://docs.python.org/3/library/asyncio-stream.html"""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from .facts import BODY, LINES, check, collect, fact, read_all, row, run
from .feeding import COMMAND, send_to, tcp_server

FACTS = [
    fact("asyncio.StreamReader", "", collect),
    fact("asyncio.StreamReader", "read", lambda got: read_all(lambda: got.read(1024)), n=1024),
    fact("asyncio.StreamReader", "read", lambda got: got.read()),
    fact("asyncio.StreamReader", "readline", lambda got: read_all(got.readline)),
]


@pytest.mark.parametrize(("owner", "member", "take", "arguments"), FACTS)
def test_a_connection_hands_out(
    owner: str, member: str, take: Callable[[Any], Awaitable[Any]], arguments: dict[str, Any]
) -> None:
    async def program() -> Any:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        try:
            return await take(reader)
        finally:
            writer.close()

    with tcp_server() as port:
        check(run(program), owner, member, **arguments)


def test_readuntil_and_readexactly_hand_out_what_was_asked_for() -> None:
    async def program() -> Any:
        reader = asyncio.StreamReader()
        for at in range(len(BODY)):
            reader.feed_data(BODY[at : at + 1])
        for at in range(len(BODY)):
            reader.feed_data(BODY[at : at + 1])
        exact = [await reader.readexactly(len(line.encode()) + 1) for line in LINES]
        return exact, [await reader.readuntil(b"\n") for _ in LINES]

    exact, until = run(program)
    check(exact, "asyncio.StreamReader", "readexactly")
    check(until, "asyncio.StreamReader", "readuntil")


def test_the_function_given_to_start_server_is_called_with_a_reader_first() -> None:
    async def program() -> None:
        called = asyncio.get_running_loop().create_future()

        async def connected(reader: Any, writer: Any) -> None:
            check(reader, "asyncio", "start_server")
            called.set_result(await collect(reader))
            writer.close()

        server = await asyncio.start_server(connected, "127.0.0.1", 0)
        send_to(server.sockets[0].getsockname()[1])
        check(await called, "asyncio.StreamReader")
        server.close()

    run(program)


def test_a_protocol_is_handed_chunks() -> None:
    received: list[bytes] = []

    async def program() -> None:
        ended = asyncio.get_running_loop().create_future()

        class Protocol(asyncio.Protocol):
            def data_received(self, data: bytes) -> None:
                received.append(data)

            def connection_lost(self, error: Exception | None) -> None:
                ended.set_result(error)

        await asyncio.get_running_loop().create_connection(Protocol, "127.0.0.1", port)
        await ended

    with tcp_server() as port:
        run(program)
    check(received, "asyncio.Protocol", "data_received")


def test_a_datagram_protocol_is_handed_messages() -> None:
    received: list[bytes] = []

    async def program() -> None:
        loop = asyncio.get_running_loop()
        ended = loop.create_future()

        class Protocol(asyncio.DatagramProtocol):
            def datagram_received(self, data: bytes, address: Any) -> None:
                received.append(data)
                if len(received) == len(LINES):
                    ended.set_result(None)

        transport, _ = await loop.create_datagram_endpoint(Protocol, local_addr=("127.0.0.1", 0))
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sending:
            for line in LINES:
                sending.sendto(line.encode(), transport.get_extra_info("sockname"))
        await ended
        transport.close()

    run(program)
    check(received, "asyncio.DatagramProtocol", "datagram_received")


def test_sock_recv_hands_out_chunks() -> None:
    async def program() -> Any:
        loop = asyncio.get_running_loop()
        check(loop, "asyncio", "get_running_loop")
        with socket.create_connection(("127.0.0.1", port)) as connected:
            connected.setblocking(False)
            return await read_all(lambda: loop.sock_recv(connected, 1024))

    with tcp_server() as port:
        check(run(program), "asyncio.AbstractEventLoop", "sock_recv")


def test_the_output_of_a_process_is_a_stream() -> None:
    async def program() -> Any:
        process = await asyncio.create_subprocess_exec(*COMMAND, stdout=asyncio.subprocess.PIPE)
        check(process, "asyncio", "create_subprocess_exec")
        check(process.stdout, "asyncio.subprocess.Process", "stdout")
        assert process.stdout is not None
        got = await read_all(lambda: process.stdout.read(1024))  # type: ignore[union-attr]
        await process.wait()
        return got

    check(run(program), "asyncio.StreamReader", "read", n=1024)


def test_a_subprocess_protocol_is_handed_chunks_in_its_second_parameter() -> None:
    fact_of_the_row = row("asyncio.SubprocessProtocol", "pipe_data_received")
    received: list[bytes] = []

    async def program() -> None:
        loop = asyncio.get_running_loop()
        ended = loop.create_future()

        class Protocol(asyncio.SubprocessProtocol):
            def pipe_data_received(self, *given: Any) -> None:
                received.append(given[fact_of_the_row.parameter])  # type: ignore[index]

            def process_exited(self) -> None:
                ended.set_result(None)

        transport, _ = await loop.subprocess_exec(Protocol, *COMMAND, stdin=None, stderr=None)
        await ended
        transport.close()

    run(program)
    check(received, "asyncio.SubprocessProtocol", "pipe_data_received")
