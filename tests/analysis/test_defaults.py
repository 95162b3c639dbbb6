"""A parser that is the default of a parameter is what parses, unless the program hands in another; a fix keeps it."""

from __future__ import annotations

from textwrap import dedent

import pytest

from unchunk.codemod import fix_source

from .test_eval import expected, reported

PROGRAMS = {
    "another one is handed in": """
        def show(connection, loads=json.loads):
            while True:
                print(loads(connection))

        def main():
            connection = socket.create_connection(("localhost", 9999))
            while True:
                show(connection.recv(4096), loads=str)
    """,
    "no parser": """
        def show(connection, show=print):
            while True:
                show(connection.recv(4096))
    """,
    "a buffer": """
        def show(connection, loads=json.loads):
            buffer = b""
            while True:
                buffer += connection.recv(4096)
                while b"\\n" in buffer:
                    line, buffer = buffer.split(b"\\n", 1)
                    print(loads(line))
    """,
    "a function": """
        def show(connection, loads=json.loads):
            while True:
                print(loads(connection.recv(4096)))  # error: UNC101
    """,
    "a module": """
        def show(connection, *, codec=json):
            while True:
                print(codec.loads(connection.recv(4096)))  # error: UNC101
    """,
    "kept by an object": """
        class Client:
            def __init__(self, address, codec=json):
                self._socket = socket.create_connection(address)
                self._codec = codec

            def listen(self):
                while True:
                    print(self._codec.loads(self._socket.recv(4096).decode()))  # error: UNC101
    """,
}


@pytest.mark.parametrize("program", PROGRAMS.values(), ids=PROGRAMS)
def test_exactly_the_marked_lines_are_reported_and_keep_their_parser(program: str) -> None:
    text = "import json, socket\n" + dedent(program)
    assert reported(text, "defaults.py") == expected(text)
    fixed = fix_source(text, unsafe=True).source
    assert ("rechunk(" in fixed) is ("# error" in text)
    assert "iter_json" not in fixed
    assert fixed.count("loads(") == text.count("loads(")
