"""redis against a server on loopback that cuts its answers: https://redis.io/docs/latest/develop/pubsub/"""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest

from .facts import LINES, check, run

redis = pytest.importorskip("redis")


def bulk(*items: bytes) -> bytes:
    return b"*%d\r\n" % len(items) + b"".join(b"$%d\r\n%s\r\n" % (len(item), item) for item in items)


def answer(connected: socket.socket) -> None:
    """Say OK to everything, and publish the lines to whoever subscribes, twelve bytes at a time."""
    with connected, contextlib.suppress(ConnectionError):
        while asked := connected.recv(65536):
            if b"SUBSCRIBE" not in asked.upper():
                connected.sendall(b"+OK\r\n" * max(1, asked.count(b"*")))
                continue
            confirmed = bulk(b"subscribe", b"cities")[:-1].replace(b"*2", b"*3", 1) + b"\n:1\r\n"
            published = confirmed + b"".join(bulk(b"message", b"cities", line.encode()) for line in LINES)
            for start in range(0, len(published), 12):
                connected.sendall(published[start : start + 12])
                time.sleep(0.001)


@contextlib.contextmanager
def server() -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def accept() -> None:
            with contextlib.suppress(OSError):
                while True:
                    threading.Thread(target=answer, args=(listening.accept()[0],), daemon=True).start()

        thread = threading.Thread(target=accept, daemon=True)
        thread.start()
        yield listening.getsockname()[1]


def messages(got: list[Any]) -> list[Any]:
    return [message for message in got if message["type"] == "message"]


@pytest.mark.parametrize("member", ["listen", "get_message"])
def test_a_subscription_hands_out_whole_messages(member: str) -> None:
    with server() as port, redis.Redis(port=port, protocol=2) as client, client.pubsub() as pubsub:
        check(pubsub, "redis.Redis", "pubsub")
        pubsub.subscribe("cities")
        source = pubsub.listen()
        count = len(LINES) + 1
        got = [next(source) if member == "listen" else pubsub.get_message(timeout=10) for _ in range(count)]
    check(got, "redis.client.PubSub", member)
    check([message["data"] for message in messages(got)], "redis.pub/sub message", "data")


def test_a_subscription_of_the_async_client_hands_out_whole_messages() -> None:
    asyncio_client = pytest.importorskip("redis.asyncio")

    async def program() -> Any:
        async with asyncio_client.Redis(port=port, protocol=2) as client, client.pubsub() as pubsub:
            check(pubsub, "redis.Redis", "pubsub")
            await pubsub.subscribe("cities")
            source = pubsub.listen()
            return [await source.__anext__() for _ in range(len(LINES) + 1)]

    with server() as port:
        got = run(program)
    check([message["data"] for message in messages(got)], "redis.pub/sub message", "data")
