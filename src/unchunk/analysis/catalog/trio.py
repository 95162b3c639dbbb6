"""trio: https://trio.readthedocs.io/en/stable/reference-io.html"""

from __future__ import annotations

from .dsl import CHUNK, MESSAGE, client, equals, sibling_call
from .socket import OF_DATAGRAMS, Datagrams
from .subprocess import CompletedProcess

TRIO = client("trio", docs="https://trio.readthedocs.io/en/stable/reference-io.html#trio.abc.ReceiveStream")
Stream = TRIO.type(
    "abc.ReceiveStream", "abc.Stream", "abc.HalfCloseableStream", "SocketStream", "SSLStream", "StapledStream"
)
Socket = TRIO.type("socket.SocketType")
Process = TRIO.type("Process")

TRIO.returns(Stream, "open_tcp_stream", "open_ssl_over_tcp_stream", "open_unix_socket")
TRIO.invokes(Stream, "serve_tcp", "serve_ssl_over_tcp", "serve_listeners", argument=0)
Stream.read(CHUNK, "receive_some", text=False, untyped=True)
Stream.iterates(CHUNK, text=False)

TRIO.returns(Datagrams, "socket.socket", only=equals("type", "SOCK_DGRAM", 1))
TRIO.returns(Socket, "socket.socket")
Socket.read(
    MESSAGE, "recv", text=False, only=sibling_call(*OF_DATAGRAMS), note="a datagram, by what else is done with it"
)
Socket.read(CHUNK, "recv", text=False)
Socket.read((MESSAGE, None), "recvfrom", text=False)

TRIO.returns(Process, "lowlevel.open_process")
TRIO.returns(CompletedProcess, "run_process")
Process.attribute(Stream, "stdout", "stderr")
