"""`.recv(how much)` of something whose type nobody says: what is asked for tells whether it is a socket's."""

from __future__ import annotations

import textwrap

import pytest

from unchunk.analysis import check_source

HEAD = "import json\nfrom settings import BUFFER_SIZE, NOBLOCK\nfrom network import Base\n"
SIZE = "SIZE = 8 * 1024\n"


def codes(program: str) -> list[str]:
    return [finding.code for finding in check_source((HEAD + textwrap.dedent(program)).encode(), "program.py")]


@pytest.mark.parametrize(
    "asked", ["", "None", "NOBLOCK", "flags", "1.5", "timeout=5", "-1", "2 ** 1000 ** 1000", "1 // 0"]
)
def test_what_is_no_amount_is_no_evidence(asked: str) -> None:
    assert codes(f"def run(s, flags):\n    while True: json.loads(s.recv({asked}))\n") == []


@pytest.mark.parametrize(
    "asked",
    ["1024", "8 * 1024", "2 ** 10", "1 << 16", "4096 - 1", "64 + 1", "9000 // 2", "SIZE", "BUFFER_SIZE", "size"],
)
def test_an_amount_is_evidence(asked: str) -> None:
    assert codes(SIZE + f"def run(s, size=1024):\n    while True: json.loads(s.recv({asked}))\n") == ["UNC101"]


@pytest.mark.parametrize(
    "program",
    [
        """
        class Own:
            def recv(self, amount):
                return self.messages.pop()
            def run(self):
                while True: json.loads(self.recv(1024))
        """,
        """
        class Inherited(Base):
            def run(self):
                while True: json.loads(self.recv(1024))
        """,
        """
        import websockets.sync.client
        class Known:
            connection = None
            def open(self, url):
                self.connection = websockets.sync.client.connect(url)
            def run(self):
                while True: json.loads(self.connection.recv(5))
        """,
        """
        import websockets.sync.client
        def main(url):
            with websockets.sync.client.connect(url) as connection:
                run(connection)
        def run(connection):
            while True: json.loads(connection.recv(5))
        """,
    ],
)
def test_what_is_known_is_no_socket(program: str) -> None:
    assert codes(program) == []


@pytest.mark.parametrize(
    "program",
    [
        """
        class Inherited(Base):
            def run(self):
                while True: json.loads(self.sock.recv(1024))
        """,
        """
        class Given:
            sock = None
            def __init__(self, sock): self.sock = sock
            def run(self):
                while True: json.loads(self.sock.recv(1024))
        """,
        """
        class SetLater:
            def __init__(self): self.sock = None
            def run(self):
                while True: json.loads(self.sock.recv(1024))
        """,
        """
        class Sized:
            def __init__(self, sock, size=1024):
                self.sock = sock
                self.size = size
            def run(self):
                while True: json.loads(self.sock.recv(self.size))
        """,
        """
        import socket
        def main(address):
            run(socket.create_connection(address))
        def run(connection):
            while True: json.loads(connection.recv(5))
        """,
    ],
)
def test_an_attribute_that_nobody_types_is_like_a_parameter(program: str) -> None:
    assert codes(program) == ["UNC101"]
