"""Callbacks that run whenever something can be read, and reads that may bring nothing: no loop says where a stream
ends, so that nothing of it is rewritten.
"""

from __future__ import annotations

from textwrap import dedent

import pytest

from unchunk.codemod import fix_source

from .test_eval import expected, reported

HEAD = """\
import asyncore, json, socket
import serial
from functools import partial
from PyQt6 import QtNetwork, QtWebSockets
from PyQt6.QtCore import QEventLoop, QProcess, pyqtSlot
from PyQt6.QtNetwork import QTcpSocket
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
    "a slot of a socket": """
        class Client:
            def __init__(self):
                self.socket = QTcpSocket()
                self.socket.readyRead.connect(self.on_ready)

            @pyqtSlot()
            def on_ready(self):
                data = self.socket.readAll()
                print(json.loads(bytes(data)))  # error: UNC101
    """,
    "a slot of what a server accepted": """
        class Window:
            def start(self):
                self.server = QtNetwork.QTcpServer(self)
                self.server.newConnection.connect(self.on_connection)

            def on_connection(self):
                connection = self.server.nextPendingConnection()
                connection.readyRead.connect(lambda: self.on_ready(connection))

            def on_ready(self, connection):
                print(json.loads(connection.readAll().data().decode()))  # error: UNC101
    """,
    "a slot with a buffer": """
        class Client:
            def __init__(self):
                self.socket = QTcpSocket()
                self.buffer = b""
                self.socket.readyRead.connect(self.on_ready)

            def on_ready(self):
                self.buffer += self.socket.readAll().data()
                while b"\\n" in self.buffer:
                    line, self.buffer = self.buffer.split(b"\\n", 1)
                    print(json.loads(line))
    """,
    "a slot that reads lines": """
        class Client:
            def __init__(self):
                self.socket = QTcpSocket()
                self.socket.readyRead.connect(self.on_ready)

            def on_ready(self):
                while self.socket.canReadLine():
                    print(json.loads(self.socket.readLine().data()))
    """,
    "a slot that reads announced lengths": """
        class Client:
            def __init__(self):
                self.socket = QTcpSocket()
                self.socket.readyRead.connect(self.on_ready)

            def on_ready(self):
                while self.socket.bytesAvailable() >= 4:
                    length = int.from_bytes(self.socket.read(4).data(), "big")
                    print(json.loads(self.socket.read(length).data()))
    """,
    "a socket that was closed": """
        def ask(port):
            socket = QTcpSocket()
            socket.connectToHost("localhost", port)
            socket.waitForDisconnected()
            return json.loads(socket.readAll().data())
    """,
    "what a process writes, and has written": """
        class Runner:
            def __init__(self):
                self.process = QProcess()
                self.process.readyReadStandardOutput.connect(self.on_output)
                self.process.finished.connect(self.on_finished)

            def on_output(self):
                print(json.loads(self.process.readAllStandardOutput().data()))  # error: UNC101

            def on_finished(self):
                print(json.loads(self.process.readAllStandardOutput().data()))

        def run(command):
            process = QProcess()
            process.start(command)
            process.waitForFinished()
            return json.loads(bytes(process.readAllStandardOutput()))
    """,
    "an answer in parts, and all of it": """
        class Fetcher:
            def __init__(self):
                self.manager = QtNetwork.QNetworkAccessManager()

            def get(self, url):
                reply = self.manager.get(QtNetwork.QNetworkRequest(url))
                reply.readyRead.connect(partial(self.on_part, reply))
                reply.finished.connect(partial(self.on_finished, reply))

            def on_finished(self, reply):
                print(json.loads(reply.readAll().data()))

            def on_part(self, reply):
                print(json.loads(str(reply.readAll(), "utf-8")))  # error: UNC101
    """,
    "an answer that was waited for": """
        class Fetcher:
            def get(self, url):
                reply = self.manager.get(QtNetwork.QNetworkRequest(url))
                loop = QEventLoop()
                reply.finished.connect(loop.quit)
                loop.exec()
                return json.loads(reply.readAll().data())
    """,
    "datagrams of Qt": """
        class Announcements:
            def __init__(self):
                self.socket = QtNetwork.QUdpSocket()
                self.socket.readyRead.connect(self.on_ready)

            def on_ready(self):
                while self.socket.hasPendingDatagrams():
                    data, host, port = self.socket.readDatagram(self.socket.pendingDatagramSize())
                    print(json.loads(data), json.loads(self.socket.receiveDatagram().data().data()))
    """,
    "messages of a web socket": """
        class Messages:
            def __init__(self):
                self.socket = QtWebSockets.QWebSocket()
                self.socket.textMessageReceived.connect(self.on_message)

            def on_message(self, message):
                print(json.loads(message))
    """,
}


@pytest.mark.parametrize("program", PROGRAMS.values(), ids=PROGRAMS)
def test_exactly_the_marked_lines_are_reported_and_left_to_a_person(program: str) -> None:
    text = HEAD + dedent(program)
    assert reported(text, "ready.py") == expected(text)
    assert fix_source(text, unsafe=True).source == text


BINDINGS = ["PyQt5", "PySide2", "PySide6", "qtpy", "qgis.PyQt"]


@pytest.mark.parametrize("binding", BINDINGS)
def test_whichever_binding_it_is(binding: str) -> None:
    text = HEAD.replace("PyQt6", binding) + dedent(PROGRAMS["a slot of a socket"])
    assert reported(text, "ready.py") == expected(text)
