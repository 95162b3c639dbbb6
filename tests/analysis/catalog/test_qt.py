"""Qt by PyQt6, without a screen: https://doc.qt.io/qt-6/qiodevice.html#readyRead"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from typing import Any

import pytest

from unchunk.analysis.catalog.dsl import MESSAGE

from .facts import BODY, CUTS, LINES, Computed, Waiting, check, pieces, row, serve
from .feeding import tcp_server

core = pytest.importorskip("PyQt6.QtCore")
network = pytest.importorskip("PyQt6.QtNetwork")
CHILD = "import sys, time\nfor piece in {!r}:\n    sys.stdout.buffer.write(piece); sys.stdout.flush(); time.sleep(0.05)"


@pytest.fixture
def application() -> Any:
    return core.QCoreApplication.instance() or core.QCoreApplication([])


def until(application: Any, done: Callable[[], bool]) -> None:
    """Let Qt run until something is so, for twenty seconds at most."""
    end = time.monotonic() + 20
    while not done() and time.monotonic() < end:
        application.processEvents(core.QEventLoop.ProcessEventsFlag.AllEvents, 20)
    assert done()


def connected(port: int, on_ready: Callable[[Any], None]) -> Any:
    socket = network.QTcpSocket()
    socket.readyRead.connect(lambda: on_ready(socket))
    socket.connectToHost("127.0.0.1", port)
    return socket


def test_whenever_a_socket_can_be_read_there_is_a_piece(application: Any) -> None:
    got: list[bytes] = []
    with tcp_server() as port:
        socket = connected(port, lambda socket: got.append(socket.readAll().data()))
        until(application, lambda: b"".join(got) == BODY)
        assert socket.readAll().data() == b""  # which does not tell of an end
    check(got, "Qt.QtNetwork.QTcpSocket", "readAll")
    assert row("Qt.QtNetwork.QTcpSocket", "readyRead.connect").what is None


def test_once_it_is_closed_a_socket_has_all_of_it(application: Any) -> None:
    with tcp_server() as port:
        socket = connected(port, lambda socket: None)
        assert socket.waitForDisconnected(20000) or socket.state().name == "UnconnectedState"
        check(socket.readAll().data(), "Qt.QtNetwork.QTcpSocket", "readAll", sibling_call=True)


def test_so_many_bytes_are_cut_anywhere(application: Any) -> None:
    some: list[bytes] = []
    all_there: list[bytes] = []
    with tcp_server() as port, tcp_server() as other:
        sockets = [
            connected(port, lambda socket: some.extend(iter(lambda: socket.read(7), b""))),
            connected(other, lambda socket: all_there.append(socket.read(socket.bytesAvailable()))),
        ]
        until(application, lambda: b"".join(some) == b"".join(all_there) == BODY)
        assert sockets
    check(some, "Qt.QtNetwork.QTcpSocket", "read", maxlen=7)
    check(all_there, "Qt.QtNetwork.QTcpSocket", "read", maxlen=Waiting(1))
    assert row("Qt.QtNetwork.QTcpSocket", "read", maxlen=Computed(1)).what is MESSAGE


def test_lines_are_lines(application: Any) -> None:
    got: list[bytes] = []

    def read(socket: Any) -> None:
        while socket.canReadLine():
            got.append(socket.readLine().data())

    with tcp_server() as port:
        socket = connected(port, read)
        until(application, lambda: len(got) == len(LINES))
        assert socket is not None
    check(got, "Qt.QtNetwork.QTcpSocket", "readLine")


def test_a_server_hands_out_sockets(application: Any) -> None:
    server = network.QTcpServer()
    assert server.listen(network.QHostAddress("127.0.0.1"))
    client = connected(server.serverPort(), lambda socket: None)
    until(application, server.hasPendingConnections)
    check(server.nextPendingConnection(), "Qt.QtNetwork.QTcpServer", "nextPendingConnection")
    client.abort()


@pytest.mark.parametrize("signal", ["readyRead", "readyReadStandardOutput"])
@pytest.mark.parametrize("read", ["readAll", "readAllStandardOutput"])
def test_what_a_process_writes_comes_in_pieces(application: Any, signal: str, read: str) -> None:
    got: list[bytes] = []
    process = core.QProcess()
    getattr(process, signal).connect(lambda: got.append(getattr(process, read)().data()))
    process.start(sys.executable, ["-c", CHILD.format(list(pieces(BODY, CUTS)))])
    until(application, lambda: process.state() == core.QProcess.ProcessState.NotRunning and b"".join(got) == BODY)
    check(got, "Qt.QtCore.QProcess", read, repeated_callback=True)
    assert row("Qt.QtCore.QProcess", f"{signal}.connect").what is None


def test_a_process_that_has_finished_has_all_of_it(application: Any) -> None:
    """Show why a process yields pieces only where the program is called whenever it can be read."""
    process = core.QProcess()
    process.start(sys.executable, ["-c", CHILD.format([BODY])])
    assert process.waitForFinished(20000)
    assert process.readAllStandardOutput().data() == BODY
    with pytest.raises(LookupError):
        row("Qt.QtCore.QProcess", "readAllStandardOutput")


def test_an_answer_comes_in_pieces_and_is_whole_once_it_has_finished(application: Any) -> None:
    got: list[bytes] = []
    whole: list[bytes] = []
    with serve() as server:
        manager = network.QNetworkAccessManager()
        request = network.QNetworkRequest(core.QUrl(server.url))
        in_pieces, at_once = manager.get(request), manager.get(request)
        in_pieces.readyRead.connect(lambda: got.append(in_pieces.readAll().data()))
        at_once.finished.connect(lambda: whole.append(at_once.readAll().data()))
        until(application, lambda: bool(whole) and in_pieces.isFinished())
        check(at_once, "Qt.QtNetwork.QNetworkAccessManager", "get")
    check(got, "Qt.QtNetwork.QNetworkReply", "readAll", repeated_callback=True)
    assert whole == [BODY]
    with pytest.raises(LookupError):
        row("Qt.QtNetwork.QNetworkReply", "readAll")


def test_datagrams_are_whole(application: Any) -> None:
    sending, receiving = network.QUdpSocket(), network.QUdpSocket()
    here = network.QHostAddress("127.0.0.1")
    assert receiving.bind(here, 0)
    for line in LINES:
        sending.writeDatagram(line.encode(), here, receiving.localPort())
    got = []
    until(application, receiving.hasPendingDatagrams)
    while receiving.hasPendingDatagrams():
        got.append(receiving.readDatagram(receiving.pendingDatagramSize()))
    check(got, "Qt.QtNetwork.QUdpSocket", "readDatagram")
