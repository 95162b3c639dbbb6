"""Sockets of the standard library, plain and TLS: https://docs.python.org/3/library/socket.html#socket-objects"""

from __future__ import annotations

from .dsl import CHUNK, MESSAGE, absent, client, equals, given, sibling_call, sized
from .files import ByteFile, File

SOCKET = client("socket", distribution="", docs="https://docs.python.org/3/library/socket.html#socket-objects")
Socket = SOCKET.type("socket", "SocketType")
Datagrams = SOCKET.type("datagram socket")
Streams = SOCKET.type("of a stream.socket", bases=(Socket,))
"""One that is known to be none of the others."""
OF_DATAGRAMS = (
    "sendto",
    "recvfrom",
    "recvfrom_into",
    "IP_ADD_MEMBERSHIP",
    "IP_MULTICAST_IF",
    "IP_MULTICAST_LOOP",
    "IP_MULTICAST_TTL",
    "IPV6_JOIN_GROUP",
    "IPV6_MULTICAST_HOPS",
    "SO_BROADCAST",
)
"""Methods and options that only datagram sockets are used with."""

SOCKET.returns(Streams, "create_connection", "create_server")
for kind in ("SOCK_DGRAM", "SOCK_SEQPACKET"):
    Socket.returns(Datagrams, "", only=equals("type", kind, 1), note="one recv, one datagram or record")
    SOCKET.returns(Datagrams, "fromfd", only=equals("type", kind, 2))
    SOCKET.returns((Datagrams, Datagrams), "socketpair", only=equals("type", kind, 1))
Socket.returns(Streams, "", only=equals("type", "SOCK_STREAM", 1))
Socket.returns(Socket, "", only=given("fileno", 3), note="of the kind that it has")
Socket.returns(Streams, "", only=absent("type", 1))
SOCKET.returns(Socket, "fromfd")
SOCKET.returns((Streams, Streams), "socketpair", only=absent("type", 1))
SOCKET.returns((Socket, Socket), "socketpair")
Socket.returns((Streams, None), "accept")
Datagrams.returns((Datagrams, None), "accept", note="of records")
for made in (Socket, Datagrams, Streams):
    made.returns(made, "dup")
Socket.returns(File, "makefile")
for made in (Socket, Streams):
    made.read(
        MESSAGE, "recv", text=False, only=equals("flags", "MSG_WAITALL", 1), untyped=True, note="waits for all of it"
    )
Socket.read(
    MESSAGE,
    "recv",
    text=False,
    only=sibling_call(*OF_DATAGRAMS),
    untyped=True,
    note="a datagram",
)
Socket.read(
    CHUNK,
    "recv",
    text=False,
    only=sized("bufsize", 0),
    untyped=True,
    doubt=("SOCK_DGRAM", "SOCK_SEQPACKET", "SOCK_RAW", "zmq", "pynng", "nanomsg"),
    note="so many bytes at most",
)
Socket.read(CHUNK, "recv", text=False)
Socket.read((MESSAGE, None), "recvfrom", text=False, note="of use with datagrams only")
Datagrams.read(MESSAGE, "recv", text=False)
Datagrams.read((MESSAGE, None), "recvfrom", text=False)
Datagrams.read(MESSAGE, "sock_recv", text=False, note="of an event loop")
Streams.read(CHUNK, "recv", text=False)
Streams.read((CHUNK, None), "recvfrom", text=False)

SSL = client("ssl", distribution="", docs="https://docs.python.org/3/library/ssl.html#ssl.SSLSocket.read")
SSLSocket = SSL.type("SSLSocket", bases=(Socket,))
Context = SSL.type("SSLContext")
SSL.returns(Context, "create_default_context")
Context.returns(SSLSocket, "wrap_socket")
SSLSocket.read(CHUNK, "read", text=False, only=given("len", 0))

SOCKETSERVER = client(
    "socketserver", distribution="", docs="https://docs.python.org/3/library/socketserver.html#request-handler-objects"
)
Handler = SOCKETSERVER.type("BaseRequestHandler")
StreamHandler = SOCKETSERVER.type("StreamRequestHandler", bases=(Handler,))
Handler.attribute(Socket, "request")
StreamHandler.attribute(ByteFile, "rfile")
DatagramHandler = SOCKETSERVER.type("DatagramRequestHandler", bases=(Handler,))
DatagramHandler.attribute(ByteFile, "rfile")
