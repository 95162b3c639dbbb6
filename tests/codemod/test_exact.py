"""Reads of a length that was told before."""

from __future__ import annotations

import pytest

from .rewrites import check_noop, check_refused, check_transformed

HEAD = """
    import asyncio
    import json
    import socket

    async def ask(reader: asyncio.StreamReader, connection: socket.socket):
        length = int.from_bytes({}, "big")
"""
READER = HEAD.format("await reader.readexactly(4)")
SOCKET = HEAD.format("connection.recv(4)")


@pytest.mark.parametrize(
    "body",
    [
        pytest.param("return json.loads(await reader.readexactly(length))", id="all of it already"),
        pytest.param(
            "body = await reader.read(length)\n        if len(body) != length:\n            raise EOFError\n"
            "        return json.loads(body)",
            id="counted",
        ),
    ],
)
def test_noop(body: str) -> None:
    check_noop(f"{READER}        {body}\n")


@pytest.mark.parametrize(
    "body",
    [
        pytest.param("return json.loads(await reader.{}(length))", id="inline"),
        pytest.param("data = await reader.{}(length - 1)\n        print(json.loads(data.decode()))", id="by a name"),
        pytest.param(
            "try:\n            data = await reader.{}(length)  # the body\n"
            "        finally:\n            print(length)\n        return json.loads(data)",
            id="in a try",
        ),
    ],
)
def test_all_of_it_is_read(body: str) -> None:
    before = f"{READER}        {body}\n"
    check_transformed(before.replace("{}", "read"), before.replace("{}", "readexactly"), safe=False)


@pytest.mark.parametrize(
    ("program", "reason"),
    [
        pytest.param(
            f"{READER}        data = await reader.read(length)\n        if not data:\n            return None\n"
            "        return json.loads(data)\n",
            "an empty read tells the end",
            id="the end is told by an empty read",
        ),
        pytest.param(f"{SOCKET}        return json.loads(connection.recv(length))\n", "takes a loop", id="a socket"),
    ],
)
def test_refused(program: str, reason: str) -> None:
    check_refused(program, reason)
