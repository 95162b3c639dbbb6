"""socket, ssl and socketserver of the standard library: https://docs.python.org/3/library/socket.html"""

from __future__ import annotations

import socket
import socketserver
import ssl
from pathlib import Path
from typing import Any

import pytest

from unchunk.analysis.catalog.dsl import CHUNK, MESSAGE, TypeName

from .facts import LINES, check, read_on, row
from .feeding import send_to, tcp_server

STREAM = "socket.of a stream.socket"
DATAGRAMS = "socket.datagram socket"


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


def test_recvfrom_of_a_stream_hands_out_chunks() -> None:
    with tcp_server() as port, socket.create_connection(("127.0.0.1", port)) as connected:
        check(read_on(lambda: connected.recvfrom(1024), (b"", None)), STREAM, "recvfrom")


def test_a_socket_is_a_stream_where_nothing_else_is_said() -> None:
    with socket.socket() as alone, socket.create_server(("127.0.0.1", 0)) as listening:
        one, other = socket.socketpair()
        with one, other:
            assert {made.type for made in (alone, listening, one, other)} == {socket.SOCK_STREAM}
    for made in (row("socket.socket"), row("socket", "create_server"), row("socket", "create_connection")):
        assert made.what == TypeName(STREAM)
    assert row("socket", "socketpair").what == (TypeName(STREAM), TypeName(STREAM))
    assert row("socket.socket", "accept").what == (TypeName(STREAM), None)


@pytest.mark.parametrize("kind", ["SOCK_DGRAM", "SOCK_SEQPACKET"])
def test_a_socket_made_of_a_descriptor_or_in_a_pair_is_of_the_kind_that_is_said(kind: str) -> None:
    if not hasattr(socket, kind) or not hasattr(socket, "AF_UNIX"):
        pytest.skip(f"no {kind} here")
    assert row("socket", "fromfd", type=kind).what == TypeName(DATAGRAMS)
    assert row("socket", "socketpair", type=kind).what == (TypeName(DATAGRAMS), TypeName(DATAGRAMS))
    one, other = socket.socketpair(socket.AF_UNIX, getattr(socket, kind))
    with one, other, socket.fromfd(one.fileno(), socket.AF_UNIX, getattr(socket, kind)) as copied:
        for line in LINES:
            other.send(line.encode())
        check([copied.recv(4096) for _ in LINES], DATAGRAMS, "recv")


def test_what_a_socket_of_records_accepts_receives_records(tmp_path: Path) -> None:
    if not hasattr(socket, "SOCK_SEQPACKET"):
        pytest.skip("no SOCK_SEQPACKET here")
    kind = socket.AF_UNIX, socket.SOCK_SEQPACKET
    with socket.socket(*kind) as listening, socket.socket(*kind) as calling:
        listening.bind(str(tmp_path / "s"))
        listening.listen()
        calling.connect(str(tmp_path / "s"))
        accepted, _ = listening.accept()
        with accepted:
            assert accepted.type is socket.SOCK_SEQPACKET
    assert row(DATAGRAMS, "accept").what == (TypeName(DATAGRAMS), None)


def test_a_socket_that_is_told_where_to_send_to_is_no_stream() -> None:
    """Show why the other calls on a socket decide its kind."""
    assert row("socket.socket", "recv", sibling_call=True).what is MESSAGE
    assert row(STREAM, "recv").what is CHUNK
    with socket.socket() as unconnected, pytest.raises(OSError, match="Errno"):
        unconnected.sendto(b"{}", ("127.0.0.1", 9))


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
