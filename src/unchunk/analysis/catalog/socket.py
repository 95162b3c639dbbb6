"""Sockets of the standard library, plain and TLS: https://docs.python.org/3/library/socket.html#socket-objects"""

from __future__ import annotations

from .files import ByteFile, File
from .rows import CHUNK, MESSAGE, client, counted, equals, given

SOCKET = client("socket", distribution="", docs="https://docs.python.org/3/library/socket.html#socket-objects")
Socket = SOCKET.type("socket", "SocketType")
Datagrams = SOCKET.type("datagram socket")

SOCKET.makes(Socket, "create_connection", "fromfd")
SOCKET.makes((Socket, Socket), "socketpair")
SOCKET.makes(Socket, "create_server")
Socket.makes(Datagrams, "", only=equals("type", "SOCK_DGRAM", 1), note="one recv, one datagram")
Socket.makes(Datagrams, "", only=equals("type", "SOCK_SEQPACKET", 1), note="one recv, one record")
Socket.makes((Socket, None), "accept")
Socket.makes(Socket, "dup")
Socket.makes(File, "makefile")
Socket.read(
    MESSAGE, "recv", text=False, only=equals("flags", "MSG_WAITALL", 1), untyped=True, note="waits for all of it"
)
Socket.read(
    CHUNK,
    "recv",
    text=False,
    only=counted("bufsize", 0),
    untyped=True,
    doubt=("SOCK_DGRAM", "SOCK_SEQPACKET", "SOCK_RAW", "zmq", "pynng", "nanomsg"),
    note="so many bytes at most",
)
Socket.read(CHUNK, "recv", text=False)
Socket.read((MESSAGE, None), "recvfrom", text=False, note="of use with datagrams only")
Datagrams.read(MESSAGE, "recv", text=False)
Datagrams.read((MESSAGE, None), "recvfrom", text=False)

SSL = client("ssl", distribution="", docs="https://docs.python.org/3/library/ssl.html#ssl.SSLSocket.read")
SSLSocket = SSL.type("SSLSocket", bases=(Socket,))
Context = SSL.type("SSLContext")
SSL.makes(Context, "create_default_context")
Context.makes(SSLSocket, "wrap_socket")
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
