"""Values that one function stores in an attribute or a global, and another one reads that does not mention it."""

from __future__ import annotations

import textwrap

import pytest

from unchunk.analysis import check_source

HEAD = """\
import asyncio, json, queue, socket
from collections import deque
"""


def codes(program: str) -> list[str]:
    return [finding.code for finding in check_source((HEAD + textwrap.dedent(program)).encode(), "program.py")]


LINES_OF_A_CLASS = """
    class Inbox:
        def __init__(self, reader: asyncio.StreamReader):
            self.reader = reader
            self.arrived = asyncio.Queue()
            self.known = asyncio.Queue()

        async def pump(self):
            while True:
                await self.{into}.put({what})

        async def each(self):
            while True:
                yield json.loads(await self.{out}.get())
"""
THROUGH_A_DEQUE = """
    class Inbox:
        def __init__(self, address):
            self.socket = socket.create_connection(address)
            self.pending = deque()

        def receive(self):
            while data := self.socket.{read}:
                self.pending.append(data)

        def each(self):
            while self.pending:
                yield json.loads(self.pending.popleft())
"""
THROUGH_A_LOCAL = """
    class Inbox:
        def receive(self, connection: socket.socket):
            while True:
                data = connection.recv(1024)
                if data:
                    self.last = data

        def each(self):
            while True:
                print(json.loads(self.{name}))

    class Derived(Inbox):
        def other(self):
            while True:
                print(json.loads(self.{derived}))
"""
THROUGH_A_GLOBAL = """
    ARRIVED = queue.Queue()
    KNOWN = queue.Queue()

    def receive(address):
        connection = socket.create_connection(address)
        {receive}
            ARRIVED.put_nowait(data)

    def parse():
        while True:
            print(json.loads({name}.get()))
"""
THROUGH_A_DECLARED_GLOBAL = """
    latest = b""

    def receive(address):
        {declared}
        connection = socket.create_connection(address)
        while True:
            latest = connection.recv(1024)

    def parse():
        while True:
            print(json.loads(latest))
"""
LINES = "for data in connection.makefile():"
CHUNKS = "while data := connection.recv(1024):"


@pytest.mark.parametrize(
    "program",
    [
        LINES_OF_A_CLASS.format(into="arrived", what="await self.reader.readline()", out="arrived"),
        LINES_OF_A_CLASS.format(into="arrived", what="await self.reader.read(1024)", out="known"),
        THROUGH_A_DEQUE.format(read="makefile().readline()"),
        THROUGH_A_LOCAL.format(name="first", derived="first"),
        THROUGH_A_GLOBAL.format(receive=LINES, name="ARRIVED"),
        THROUGH_A_GLOBAL.format(receive=CHUNKS, name="KNOWN"),
        THROUGH_A_DECLARED_GLOBAL.format(declared="pass"),
    ],
)
def test_what_is_right_or_never_meets_is_not_reported(program: str) -> None:
    assert codes(program) == []


@pytest.mark.parametrize(
    ("program", "count"),
    [
        (LINES_OF_A_CLASS.format(into="arrived", what="await self.reader.read(1024)", out="arrived"), 1),
        (THROUGH_A_DEQUE.format(read="recv(1024)"), 1),
        (THROUGH_A_LOCAL.format(name="last", derived="last"), 2),
        (THROUGH_A_LOCAL.format(name="first", derived="last"), 1),
        (THROUGH_A_GLOBAL.format(receive=CHUNKS, name="ARRIVED"), 1),
        (THROUGH_A_DECLARED_GLOBAL.format(declared="global latest"), 1),
    ],
)
def test_pieces_are_followed_through_what_functions_share(program: str, count: int) -> None:
    assert codes(program) == ["UNC101"] * count
