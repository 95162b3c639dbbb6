"""A connection that a helper opens anew in every round is read once; one that it keeps is read on."""

from __future__ import annotations

import textwrap

import pytest

from unchunk.analysis import check_source

HEAD = "import asyncio, json, socket\n"


def codes(program: str) -> list[str]:
    return [finding.code for finding in check_source((HEAD + textwrap.dedent(program)).encode(), "program.py")]


@pytest.mark.parametrize(
    "program",
    [
        """
        def opened(): return socket.socket()
        def run():
            while True:
                connection = opened()
                json.loads(connection.recv(1024))
        """,
        """
        def opened(): return socket.socket()
        def run():
            while True:
                with opened() as connection:
                    json.loads(connection.recv(1024))
        """,
        """
        def opened(host):
            connection = socket.create_connection(host)
            return connection
        def run(hosts):
            for host in hosts:
                json.loads(opened(host).recv(1024))
        """,
        """
        async def opened(host): return await asyncio.open_connection(host)
        async def run(hosts):
            for host in hosts:
                reader, writer = await opened(host)
                json.loads(await reader.read(1024))
        """,
    ],
)
def test_a_new_connection_is_read_once(program: str) -> None:
    assert codes(program) == []


@pytest.mark.parametrize(
    "program",
    [
        """
        def opened(): return socket.socket()
        def run():
            connection = opened()
            while True:
                json.loads(connection.recv(1024))
        """,
        """
        known = None
        def opened():
            global known
            known = known or socket.socket()
            return known
        def run():
            while True:
                json.loads(opened().recv(1024))
        """,
        """
        KNOWN = socket.socket()
        def opened(): return KNOWN
        def run():
            while True:
                connection = opened()
                json.loads(connection.recv(1024))
        """,
        """
        class Client:
            def opened(self):
                if not self.connection:
                    self.connection = socket.socket()
                return self.connection
            def run(self):
                while True:
                    connection = self.opened()
                    json.loads(connection.recv(1024))
        """,
    ],
)
def test_a_kept_connection_is_read_on(program: str) -> None:
    assert codes(program) == ["UNC101"]
