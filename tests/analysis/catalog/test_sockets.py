"""socket, ssl and socketserver of the standard library: https://docs.python.org/3/library/socket.html"""

from __future__ import annotations

import socket
import socketserver
import ssl
from typing import Any

import pytest

from unchunk.analysis.catalog.rows import TypeName

from .facts import LINES, check, read_on, row
from .feeding import send_to, tcp_server


def test_recv_hands_out_chunks() -> None:
    with tcp_server() as port, socket.create_connection(("127.0.0.1", port)) as connected:
        check(connected, "socket", "create_connection")
        check(read_on(lambda: connected.recv(1024)), "socket.socket", "recv")


def test_a_file_made_of_a_socket_has_lines() -> None:
    with (
        tcp_server() as port,
        socket.create_connection(("127.0.0.1", port)) as connected,
        connected.makefile("rb") as file,
    ):
        check(list(file), "io.file object")


def test_a_socket_accepts_sockets() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        check(listening, "socket", "create_server")
        thread = send_to(listening.getsockname()[1])
        connected, _ = listening.accept()
        with connected:
            assert isinstance(connected, socket.socket)
            check(read_on(lambda: connected.recv(1024)), "socket.socket", "recv")
        thread.join(20)


@pytest.mark.parametrize("kind", ["SOCK_DGRAM", "SOCK_SEQPACKET"])
def test_a_datagram_socket_receives_whole_messages(kind: str) -> None:
    if not hasattr(socket, kind) or not hasattr(socket, "AF_UNIX"):
        pytest.skip(f"no {kind} here")
    assert row("socket.socket", "", type=kind).what == TypeName("socket.datagram socket")
    sending, receiving = socket.socketpair(socket.AF_UNIX, getattr(socket, kind))
    with sending, receiving:
        for line in LINES:
            sending.send(line.encode())
        check([receiving.recv(4096) for _ in LINES], "socket.datagram socket", "recv")
        for line in LINES:
            sending.send(line.encode())
        check([receiving.recvfrom(4096) for _ in LINES], "socket.datagram socket", "recvfrom")


def test_recvfrom_receives_whole_datagrams() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as receiving:
        receiving.bind(("127.0.0.1", 0))
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sending:
            for line in LINES:
                sending.sendto(line.encode(), receiving.getsockname())
        check([receiving.recvfrom(4096) for _ in LINES], "socket.socket", "recvfrom")


def test_a_handler_of_socketserver_has_the_socket_and_a_file() -> None:
    handled: list[Any] = []

    class Handler(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            check(self.request, "socketserver.BaseRequestHandler", "request")
            handled.extend(self.rfile)

    with socketserver.TCPServer(("127.0.0.1", 0), Handler) as server:
        thread = send_to(server.server_address[1])
        server.handle_request()
        thread.join(20)
    check(handled, "io.BufferedIOBase")


def test_tls_sockets_read_chunks_as_well() -> None:
    assert issubclass(ssl.SSLSocket, socket.socket)
    assert row("ssl.SSLSocket", "recv") == row("socket.socket", "recv")
    assert row("ssl.SSLSocket", "read", len=1024).what == row("socket.socket", "recv").what
    assert ssl.create_default_context().sslsocket_class is ssl.SSLSocket
