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


def test_a_test_for_the_end_is_given_what_came_before_it() -> None:
    before = """
        while True:
            head = await reader.read(4)  # the length
            if not head:
                break
            # the body
            body = await asyncio.wait_for(reader.read(int(head)), 5)
            if not body:
                break
            print(json.loads(body))
"""
    after = """
        while True:
            try:
                head = await reader.readexactly(4)  # the length
            except asyncio.IncompleteReadError as error:
                head = error.partial
            if not head:
                break
            # the body
            try:
                body = await asyncio.wait_for(reader.readexactly(int(head)), 5)
            except asyncio.IncompleteReadError as error:
                body = error.partial
            if not body:
                break
            print(json.loads(body))
"""
    top = READER.rpartition("        length")[0]
    check_transformed(f"{top}{before}", f"{top}{after}")


def test_a_head_that_may_be_cut_is_read_as_a_whole() -> None:
    before = HEAD.format("await reader.{}(4)") + "        return json.loads(await reader.{}(length))\n"
    check_transformed(before.replace("{}", "read"), before.replace("{}", "readexactly"), safe=False)


@pytest.mark.parametrize(
    ("program", "reason"),
    [
        pytest.param(
            f"{READER}        if not (data := await reader.read(length)):\n            return None\n"
            "        return json.loads(data)\n",
            "an empty read tells the end",
            id="the end is told by an empty read that is no statement",
        ),
        pytest.param(f"{SOCKET}        return json.loads(connection.recv(length))\n", "takes a loop", id="a socket"),
    ],
)
def test_refused(program: str, reason: str) -> None:
    check_refused(program, reason)
