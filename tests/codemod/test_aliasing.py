"""Other readers of the object that a fix reads from, which would miss what has come behind a document."""

from __future__ import annotations

import pytest

from unchunk.analysis import check_source
from unchunk.codemod.plan import Planned, plan

from .rewrites import check_noop, program

IMPORTS = """
import json
import socket
from elsewhere import handle, read_all, Worker
"""


def planned(source: str) -> Planned:
    entries = plan(check_source(program(IMPORTS) + "\n" + program(source)))
    assert entries, "nothing is found"
    return entries[0]


LOOP = """
def serve(connection):
    hello = connection.recv(16)
    try:
        while True:
            data = connection.recv(1024)
            if not data:
                break
            print(json.loads(data))
            {inside}
        {after}
    finally:
        connection.close()


def answer(connection, value):
    connection.sendall(json.dumps(value).encode())


def receive(connection, size):
    return take(connection.recv(size), 1)


def upload(connection, size):
    answer(connection, "go on")
    return receive(size=size, connection=connection)


def take(value, size):
    return value[:size]


def gone(other):
    return other.recv(1)
"""

NO_READING = [
    "connection.sendall(b'ok')",
    "connection.settimeout(3)",
    "print(connection, connection.getpeername())",
    "answer(connection, bool(data))",
    "connections.remove(connection)",
    "if connection is None:\n                continue",
    "others.recv(1024)",
    "gone(others)",
    "with lock, others as connected:\n                connected.sendall(b'ok')",
    "del tasks[connection]",
    "handle(bool(data))",
]


@pytest.mark.parametrize("inside", NO_READING)
def test_what_reads_nothing_leaves_the_fix_safe(inside: str) -> None:
    assert planned(LOOP.format(inside=inside, after="")).safe


NO_READING_AFTER = [
    "answer(connection, 1)",
    "connection.recv(10)",
    "receive(connection, 10)",
    "handle(connection)",
]


@pytest.mark.parametrize("after", NO_READING_AFTER)
def test_nothing_is_left_after_a_loop_that_ends_with_the_stream(after: str) -> None:
    assert planned(LOOP.format(inside="", after=after)).safe


READING = {
    "connection.recv(10)": "in the loop",
    "blob = bytearray(10)\n            connection.recv_into(blob)": "in the loop",
    "with connection.makefile() as file:\n                print(file.read())": "in the loop",
    "for part in iter(lambda: connection.recv(10), b''):\n                print(part)": "in the loop",
    "more = partial(connection.recv, 10)": "in the loop",
    "other = connection\n            other.recv(10)": "in the loop",
    "receive(connection, 10)": "in `receive`",
    "upload(connection, 10)": "in `receive`",
    "read_all(connection)": "in the loop",
}


@pytest.mark.parametrize(("inside", "where"), READING.items())
def test_another_read_in_the_loop_is_refused(inside: str, where: str) -> None:
    entry = planned(LOOP.format(inside=inside, after=""))
    assert entry.fix is None
    assert entry.reason == f"`connection` is read {where}, too, where what has come ahead would be missing"


@pytest.mark.parametrize("after", ["connection.recv(10)", "upload(connection, 10)"])
def test_another_read_after_a_loop_that_may_be_left_is_refused(after: str) -> None:
    entry = planned(LOOP.format(inside="if data == b'end':\n                break", after=after))
    assert entry.fix is None
    assert "too, where what has come ahead would be missing" in entry.reason


HANDED_ON = {
    "handle(connection, bool(data))": "`handle` is given `connection`",
    "Worker(connection).start()": "`Worker` is given `connection`",
    "tasks.submit(handle, connection)": "`submit` is given `connection`",
    "ready, _, _ = select.select([connection], [], [])": "`select` is given `connection`",
}


@pytest.mark.parametrize(("inside", "note"), HANDED_ON.items())
def test_what_is_handed_to_other_files_makes_the_fix_unsafe(inside: str, note: str) -> None:
    entry = planned(LOOP.format(inside=inside, after=""))
    assert entry.fixable
    assert not entry.safe
    assert entry.reason.startswith(note)


def test_each_connection_of_a_loop_around_is_another_one() -> None:
    source = """
    def serve(server: socket.socket):
        while True:
            connection, _ = server.accept()
            name = connection.recv(16)
            while True:
                data = connection.recv(1024)
                if not data:
                    break
                if json.loads(data) == name:
                    break
    """
    assert planned(source).safe


def test_the_same_connection_in_the_next_round_of_a_loop_around_is_refused() -> None:
    source = """
    def serve(connection: socket.socket):
        while connection.fileno() >= 0:
            name = connection.recv(16)
            while True:
                data = connection.recv(1024)
                if not data:
                    break
                if json.loads(data) == name:
                    break
    """
    assert "`connection` is read after the loop, too" in planned(source).reason


CLASS = """
class Base:
    def get(self, size):
        return self.sock.recv(size)


class Client(Base):
    def __init__(self, sock: socket.socket):
        self.sock = sock
        self.hello = self.get(16)
        self.commands = {{"put": self.put, "say": self.say}}

    def run(self):
        while True:
            data = self.sock.recv(1024)
            if not data:
                break
            message = json.loads(data)
            {inside}

    def say(self, message):
        self.sock.sendall(message)

    def put(self, message):
        return {more}
"""

OF_A_CLASS = {
    "what it says is sent": ("self.say(message)", "self.get(10)", "safe"),
    "its other method is for others": ("print(message)", "self.get(10)", "safe"),
    "no method reads": ("getattr(self, message['do'])(message)", "message", "safe"),
    "a method reads": ("self.put(message)", "self.sock.recv(10)", "in `put`"),
    "a method of its base reads": ("self.put(message)", "self.get(10)", "in `get`"),
    "a method that is picked by its name reads": (
        "func = getattr(self, message['do'])\n            func(message)",
        "self.sock.recv(10)",
        "in `put`",
    ),
    "a method that is picked from a table reads": (
        "self.commands[message['do']](message)",
        "self.sock.recv(10)",
        "in `put`",
    ),
    "a method that is handed on reads": ("Thread(target=self.put).start()", "self.sock.recv(10)", "in `put`"),
    "a method reads when the loop has been left": (
        "if not message:\n                break",
        "self.sock.recv(10)",
        "unsafe",
    ),
}


@pytest.mark.parametrize(("inside", "more", "outcome"), OF_A_CLASS.values(), ids=OF_A_CLASS)
def test_methods_that_read_the_same_attribute(inside: str, more: str, outcome: str) -> None:
    source = CLASS.format(inside=inside, more=more)
    if "self.get(10)" not in more and outcome == "safe":
        source = source.replace("        self.hello = self.get(16)\n", "").replace(
            "return self.sock.recv(size)", "return size"
        )
    entry = planned(source)
    if outcome == "safe":
        assert entry.safe, entry.reason
    elif outcome == "unsafe":
        assert entry.fixable
        assert not entry.safe
        assert entry.reason == "`self.sock` is read in `put`, too"
    else:
        assert entry.fix is None
        assert outcome in entry.reason


CALLERS = """
    def documents(connection):
        while True:
            data = connection.recv(1024)
            if not data:
                return
            yield json.loads(data)

    def first(sock):
        while True:
            data = sock.recv(1024)
            if not data:
                break
            if (value := json.loads(data)):
                return value

    def serve(connection: socket.socket):
        for value in documents(connection):
            {}
"""


@pytest.mark.parametrize(
    ("inside", "reason"),
    [
        ("connection.sendall(b'ok')", ""),
        ("connection.recv(value['size'])", "`connection` is read while the values are gone through, too"),
    ],
)
def test_whoever_takes_the_values_of_a_generator_may_read(inside: str, reason: str) -> None:
    entry = planned(CALLERS.format(inside))
    assert entry.reason.startswith(reason)
    assert entry.safe is not bool(reason)


def test_whoever_takes_the_pieces_of_a_generator_may_read() -> None:
    source = """
    class Reader:
        def pieces(self, connection):
            while True:
                data = connection.recv(1024)
                if not data:
                    return
                yield data

        def run(self, sock: socket.socket):
            for data in self.pieces(sock):
                print(json.loads(data))
                sock.{}
    """
    assert planned(source.format("sendall(bytes(bool(data)))")).safe
    assert "read in the loop, too" in planned(source.format("recv(data[0])")).reason


def test_function_that_gives_back_a_value_loses_what_has_come_behind_it() -> None:
    entries = plan(check_source(program(IMPORTS) + program(CALLERS.format("pass"))))
    assert entries[1].fixable
    assert not entries[1].safe
    assert "`first`" in entries[1].reason


RESPONSES = {
    "nothing else": ("print(value)", True),
    "its state": ("print(response.status_code, response.headers)", True),
    "it is handed on": ("handle(response, value)", True),
    "its raw stream": ("print(response.raw.read(value['size']))", False),
    "another iterator": ("print(next(response.iter_content(10)))", False),
}


@pytest.mark.parametrize(("inside", "safe"), RESPONSES.values(), ids=RESPONSES)
def test_response_that_is_read_in_the_loop(inside: str, safe: bool) -> None:
    entry = planned(
        f"""
        def f(response):
            for chunk in response.iter_content(None):
                value = json.loads(chunk)
                {inside}
        """
    )
    assert entry.safe is safe
    assert entry.fixable is safe


def test_response_that_is_read_after_its_head() -> None:
    source = """
    def f(response):
        for chunk in response.iter_content(100):
            print(json.loads(chunk))
            {}
        for chunk in response.iter_content(100):
            print(chunk)
    """
    assert planned(source.format("pass")).safe
    assert "`response` is read after the loop, too" in planned(source.format("break")).reason


def test_streams_that_are_read_to_a_length_are_right() -> None:
    check_noop(
        """
        import json
        from asyncio import StreamReader

        async def f(reader: StreamReader):
            while size := await reader.readexactly(4):
                print(json.loads(await reader.readexactly(int.from_bytes(size, "big"))))
        """
    )


PROCESS = """
    import subprocess

    def f(command):
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        for chunk in iter(lambda: process.stdout.read1(1024), b""):
            print(json.loads(chunk))
            {}
"""


def test_output_that_is_read_by_its_process() -> None:
    assert planned(PROCESS.format("process.stdin.write(process.stderr.readline())")).safe
    assert planned(PROCESS.format("print(process.wait(), process.poll())")).safe
    assert "is read in the loop, too" in planned(PROCESS.format("print(process.communicate())")).reason
    assert "is read in the loop, too" in planned(PROCESS.format("print(process.stdout.readline())")).reason


def test_head_and_body_of_a_message() -> None:
    source = """
    from asyncio import StreamReader

    async def f(reader: StreamReader):
        while head := await reader.read(1024):
            size = json.loads(head)["size"]
            print(await reader.readexactly(size))
    """
    assert "`reader` is read in the loop, too" in planned(source).reason
