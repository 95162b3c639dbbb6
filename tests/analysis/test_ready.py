"""What is called whenever something can be read, and reads that may bring nothing: no loop says where a stream ends, so
that nothing of it is rewritten.
"""

from __future__ import annotations

from textwrap import dedent

import pytest

from unchunk.codemod import fix_source

from .test_eval import expected, reported

HEAD = """\
import asyncore, json, socket
import serial
"""

PROGRAMS = {
    "a dispatcher": """
        class Echo(asyncore.dispatcher_with_send):
            def handle_read(self):
                data = self.recv(8192)
                if data:
                    self.send(data)
                    print(json.loads(data))  # error: UNC101
    """,
    "through a method": """
        class ThroughAMethod(asyncore.dispatcher):
            def handle_read(self):
                self.answer()

            def answer(self):
                print(json.loads(self.recv(8192)))  # error: UNC101
    """,
    "with a buffer": """
        class Buffered(asyncore.dispatcher):
            def __init__(self, connection):
                asyncore.dispatcher.__init__(self, connection)
                self.buffer = b""

            def handle_read(self):
                self.buffer += self.recv(8192)
                while b"\\n" in self.buffer:
                    line, self.buffer = self.buffer.split(b"\\n", 1)
                    print(json.loads(line))
    """,
    "datagrams": """
        class Datagrams(asyncore.dispatcher):
            def __init__(self, port):
                asyncore.dispatcher.__init__(self)
                self.create_socket(socket.AF_INET, socket.SOCK_DGRAM)
                self.bind(("", port))

            def handle_read(self):
                print(json.loads(self.recv(8192)))
    """,
    "lines": """
        class Polled:
            def __init__(self, name):
                self.port = serial.Serial(name, 115200, timeout=0.1)

            def lines(self):
                while True:
                    yield json.loads(self.port.readline())
    """,
    "all of a line": """
        class Polled:
            def __init__(self, name):
                self.port = serial.Serial(name, 115200, timeout=0.1)

            def all_of_a_line(self):
                if self.port.in_waiting > 0:
                    return json.loads(self.port.readline().decode().rstrip())
    """,
    "announced": """
        class Polled:
            def __init__(self, name):
                self.port = serial.Serial(name, 115200, timeout=0.1)

            def announced(self):
                while True:
                    length = int.from_bytes(self.port.read(4), "big")
                    yield json.loads(self.port.read(length))
    """,
    "until a line is there": """
        class Polled:
            def __init__(self, name):
                self.port = serial.Serial(name, 115200, timeout=0.1)

            def until_a_line_is_there(self):
                line = b""
                while not line.endswith(b"\\n"):
                    line += self.port.read(self.port.in_waiting or 1)
                return json.loads(line)
    """,
    "what has come": """
        class Polled:
            def __init__(self, name):
                self.port = serial.Serial(name, 115200, timeout=0.1)

            def what_has_come(self):
                while True:
                    if self.port.in_waiting:
                        yield json.loads(self.port.read(self.port.in_waiting))  # error: UNC101
    """,
    "so many": """
        class Polled:
            def __init__(self, name):
                self.port = serial.Serial(name, 115200, timeout=0.1)

            def so_many(self):
                while True:
                    data = self.port.read(1024)
                    if data:
                        yield json.loads(data)  # error: UNC101
    """,
    "counted before": """
        class Polled:
            def __init__(self, name):
                self.port = serial.Serial(name, 115200, timeout=0.1)

            def counted_before(self):
                while True:
                    count = self.port.inWaiting()
                    if count:
                        yield json.loads(self.port.read(count))  # error: UNC101
    """,
    "first and rest": """
        class Polled:
            def __init__(self, name):
                self.port = serial.Serial(name, 115200, timeout=0.1)

            def first_and_rest(self):
                while True:
                    data = self.port.read(1)
                    data += self.port.read(self.port.in_waiting)
                    yield json.loads(data)  # error: UNC101
    """,
}


@pytest.mark.parametrize("program", PROGRAMS.values(), ids=PROGRAMS)
def test_exactly_the_marked_lines_are_reported_and_left_to_a_person(program: str) -> None:
    text = HEAD + dedent(program)
    assert reported(text, "ready.py") == expected(text)
    assert fix_source(text, unsafe=True).source == text
