"""anyio 4, `anyio/abc/_streams.py`: https://anyio.readthedocs.io/en/stable/streams.html"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from .facts import BODY, LINES, check, collect, fact, read_all, row, run
from .feeding import COMMAND, send_to, tcp_server

anyio = pytest.importorskip("anyio")
buffered = pytest.importorskip("anyio.streams.buffered")
text = pytest.importorskip("anyio.streams.text")


async def until_end(read: Callable[[], Awaitable[Any]]) -> list[Any]:
    got = []
    try:
        while True:
            got.append(await read())
    except anyio.EndOfStream:
        return got


FACTS = [
    fact("anyio.abc.ByteReceiveStream", "", collect),
    fact("anyio.abc.ByteReceiveStream", "receive", lambda got: until_end(got.receive)),
    fact("anyio.streams.text.TextReceiveStream", "", lambda got: collect(text.TextReceiveStream(got))),
    fact("anyio.streams.text.TextReceiveStream", "receive", lambda got: until_end(text.TextReceiveStream(got).receive)),
    fact(
        "anyio.streams.buffered.BufferedByteReceiveStream",
        "",
        lambda got: collect(buffered.BufferedByteReceiveStream(got)),
    ),
    fact(
        "anyio.streams.buffered.BufferedByteReceiveStream",
        "receive",
        lambda got: until_end(buffered.BufferedByteReceiveStream(got).receive),
    ),
]


@pytest.mark.parametrize(("owner", "member", "take", "arguments"), FACTS)
def test_a_connection_hands_out(
    owner: str, member: str, take: Callable[[Any], Awaitable[Any]], arguments: dict[str, Any]
) -> None:
    async def program() -> Any:
        async with await anyio.connect_tcp("127.0.0.1", port) as stream:
            check(stream, "anyio", "connect_tcp")
            return await take(stream)

    with tcp_server() as port:
        check(run(program), owner, member, **arguments)


def test_a_buffered_stream_hands_out_what_was_asked_for() -> None:
    async def program() -> Any:
        async with await anyio.connect_tcp("127.0.0.1", port) as stream:
            whole = buffered.BufferedByteReceiveStream(stream)
            return [await whole.receive_until(b"\n", 1024) for _ in LINES]

    with tcp_server() as port:
        check(run(program), "anyio.streams.buffered.BufferedByteReceiveStream", "receive_until")


def test_the_function_given_to_serve_is_called_with_a_stream() -> None:
    async def program() -> Any:
        got: list[bytes] = []
        async with anyio.create_task_group() as tasks:

            async def handle(stream: Any) -> None:
                check(stream, "anyio.abc.SocketListener", "serve")
                async with stream:
                    got.extend(await collect(stream))
                tasks.cancel_scope.cancel()

            listener = await anyio.create_tcp_listener(local_host="127.0.0.1")
            send_to(listener.extra(anyio.abc.SocketAttribute.local_port))
            async with listener:
                await listener.serve(handle)
        return got

    check(run(program), "anyio.abc.ByteReceiveStream")


def test_datagrams_are_whole() -> None:
    async def program() -> None:
        async with await anyio.create_udp_socket(local_host="127.0.0.1") as receiving:
            port = receiving.extra(anyio.abc.SocketAttribute.local_port)
            async with await anyio.create_connected_udp_socket("127.0.0.1", port) as sending:
                for line in LINES:
                    await sending.send(line.encode())
                packets = [await receiving.receive() for _ in LINES]
                check(packets, "anyio.abc.UDPSocket", "receive")
                for data, _ in packets:
                    await receiving.sendto(data, "127.0.0.1", sending.extra(anyio.abc.SocketAttribute.local_port))
                check([await sending.receive() for _ in LINES], "anyio.abc.ConnectedUDPSocket", "receive")

    run(program)


def test_the_output_of_a_process_is_a_stream() -> None:
    async def program() -> Any:
        async with await anyio.open_process(COMMAND) as process:
            check(process, "anyio", "open_process")
            assert row("anyio.abc.Process", "stdout").what == row("anyio", "connect_tcp").what
            return await collect(process.stdout)

    check(run(program), "anyio.abc.ByteReceiveStream")


def test_a_file_hands_out_lines_or_all(tmp_path: Path) -> None:
    path = tmp_path / "lines"
    path.write_bytes(BODY)

    async def program() -> None:
        async with await anyio.open_file(path, "rb") as file:
            check(file, "anyio", "open_file")
            check(await collect(file), "anyio.AsyncFile")
            await file.seek(0)
            check(await read_all(lambda: file.read(7)), "anyio.AsyncFile", "read", size=7)
            await file.seek(0)
            check(await file.read(), "anyio.AsyncFile", "read")
        check(await anyio.Path(path).read_text(encoding="utf-8"), "anyio.Path", "read_text")
        check(await anyio.Path(path).read_bytes(), "anyio.Path", "read_bytes")

    run(program)
