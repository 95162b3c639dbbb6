"""Loops of reads."""

from __future__ import annotations

import pytest

from .rewrites import check_noop, check_refused, check_transformed

SOCKET = """
import json
import socket

def f(host):
    connection = socket.create_connection((host, 80))
{}
"""
VALUES = SOCKET.replace("import json\n", "").replace("socket\n", "socket\n\nfrom unchunk import iter_json\n", 1)
PIECES = SOCKET.replace("socket\n", "socket\n\nfrom unchunk import rechunk\n", 1)


def at(text: str) -> str:
    return "\n".join(f"    {line}" if line else "" for line in text.strip("\n").splitlines())


HEAD = 'for data in iter_json(iter(lambda: connection.recv(4096), b"")):\n    print(data)'
LOOPS = {
    "while True and a test for the end": """
while True:
    data = connection.recv(4096)
    if not data:
        break
    print(json.loads(data))
""",
    "a test of the length": """
while 1:
    data = connection.recv(4096)
    if len(data) == 0:
        break
    print(json.loads(data))
""",
    "walrus": """
while data := connection.recv(4096):
    print(json.loads(data))
""",
    "walrus compared": """
while (data := connection.recv(4096)) != b"":
    print(json.loads(data))
""",
    "read before the loop and at its end": """
data = connection.recv(4096)
while data:
    print(json.loads(data))
    data = connection.recv(4096)
""",
    "return at the end of a function": """
while True:
    data = connection.recv(4096)
    if data == b"":
        return
    print(json.loads(data))
""",
}


@pytest.mark.parametrize("loop", LOOPS.values(), ids=LOOPS)
def test_read_loop_becomes_a_loop_over_values(loop: str) -> None:
    check_transformed(SOCKET.format(at(loop)), VALUES.format(at(HEAD)))


def test_read_loop_that_needs_its_pieces_keeps_its_body() -> None:
    check_transformed(
        SOCKET.format(
            at("""
while True:
    # what has come
    data = connection.recv(4096)
    if not data:
        break

    # each line
    for line in data.splitlines():
        print(json.loads(line))
print("bye")
""")
        ),
        PIECES.format(
            at("""
for data in rechunk(iter(lambda: connection.recv(4096), b""), at="line"):
    # each line
    for line in data.splitlines():
        print(json.loads(line))
print("bye")
""")
        ),
    )


def test_loop_without_a_test_for_the_end_is_unsafe() -> None:
    loop = "while True:\n    data = connection.recv(4096)\n    print(json.loads(data))"
    check_transformed(SOCKET.format(at(loop)), VALUES.format(at(HEAD)), safe=False)


def test_condition_of_the_loop_moves_to_a_generator() -> None:
    check_transformed(
        SOCKET.format(
            at(
                """
    running = True

# go on
while running:
    data = connection.recv(4096)
    if not data:
        break
    message = json.loads(data)
    running = message["more"]
""".replace("    running = True\n", "running = True\n")
            )
        ),
        VALUES.format(
            at("""
running = True

def chunks():
    while running and (data := connection.recv(4096)):
        yield data

# go on
for message in iter_json(chunks()):
    running = message["more"]
""")
        ),
    )


def test_awaited_reads_move_to_an_async_generator() -> None:
    check_transformed(
        """
        import asyncio
        import json

        async def f(host):
            reader, writer = await asyncio.open_connection(host, 80)
            while not reader.at_eof():
                data = await reader.read(100)
                print(json.loads(data))
        """,
        """
        import asyncio

        from unchunk import aiter_json

        async def f(host):
            reader, writer = await asyncio.open_connection(host, 80)

            async def chunks():
                while not reader.at_eof():
                    yield await reader.read(100)

            async for data in aiter_json(chunks()):
                print(data)
        """,
    )


REFUSED = {
    "the end raises": """
while True:
    data = connection.recv(4096)
    if not data:
        raise ConnectionError("gone")
    print(json.loads(data))
""",
    "something is done before the read": """
while True:
    print("waiting")
    data = connection.recv(4096)
    if not data:
        break
    print(json.loads(data))
""",
    "else tells how it ended": """
while data := connection.recv(4096):
    print(json.loads(data))
else:
    print("all")
""",
    "how much is read depends on what was read": """
size = 10
while True:
    data = connection.recv(size)
    if not data:
        break
    size = json.loads(data)["next"]
""",
    "the piece is used after the loop": """
while True:
    data = connection.recv(4096)
    if not data:
        break
    print(len(data), json.loads(data))
print(data)
""",
}


@pytest.mark.parametrize("loop", REFUSED.values(), ids=REFUSED)
def test_refused(loop: str) -> None:
    check_refused(SOCKET.format(at(loop)), "")


def test_reads_that_are_put_together_stay() -> None:
    check_noop(
        SOCKET.format(
            at("""
whole = b""
while data := connection.recv(4096):
    whole += data
print(json.loads(whole))
""")
        )
    )
