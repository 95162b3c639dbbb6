"""anyio: https://anyio.readthedocs.io/en/stable/streams.html"""

from __future__ import annotations

from .dsl import CHUNK, LINE, MESSAGE, WHOLE, absent, client, constant, given

ANYIO = client("anyio", docs="https://anyio.readthedocs.io/en/stable/streams.html")
ByteStream = ANYIO.type(
    "abc.ByteReceiveStream",
    "abc.ByteStream",
    "abc.SocketStream",
    "abc.UNIXSocketStream",
    "streams.tls.TLSStream",
    "streams.stapled.StapledByteStream",
    "streams.file.FileReadStream",
)
TextStream = ANYIO.type("streams.text.TextReceiveStream", "streams.text.TextStream")
Buffered = ANYIO.type("streams.buffered.BufferedByteReceiveStream", "streams.buffered.BufferedByteStream")
Datagrams = ANYIO.type("abc.ConnectedUDPSocket")
Packets = ANYIO.type("abc.UDPSocket")
Listener = ANYIO.type("abc.SocketListener", "streams.stapled.MultiListener")
Process = ANYIO.type("abc.Process")
AsyncFile = ANYIO.type("AsyncFile")
Path = ANYIO.type("Path")

ANYIO.returns(ByteStream, "connect_tcp", "connect_unix")
ANYIO.returns(Listener, "create_tcp_listener", "create_unix_listener")
Listener.invokes(ByteStream, "serve", argument=0)
ByteStream.read(CHUNK, "receive", text=False)
ByteStream.iterates(CHUNK, text=False)
TextStream.read(CHUNK, "receive", text=True)
TextStream.iterates(CHUNK, text=True)
Buffered.read(CHUNK, "receive", text=False)
Buffered.read(MESSAGE, "receive_exactly", "receive_until", text=False)
Buffered.iterates(CHUNK, text=False)

ANYIO.returns(Datagrams, "create_connected_udp_socket")
ANYIO.returns(Packets, "create_udp_socket")
Datagrams.read(MESSAGE, "receive", text=False)
Datagrams.iterates(MESSAGE, text=False)
Packets.read((MESSAGE, None), "receive", text=False)
Packets.iterates((MESSAGE, None), text=False)

ANYIO.returns(Process, "open_process")
Process.attribute(ByteStream, "stdout", "stderr")

ANYIO.returns(AsyncFile, "open_file", "wrap_file")
Path.returns(AsyncFile, "open")
Path.returns(WHOLE, "read_text", text=True)
Path.returns(WHOLE, "read_bytes", text=False)
AsyncFile.iterates(LINE)
AsyncFile.read(LINE, "readline")
AsyncFile.returns(WHOLE, "read", only=absent("size", 0))
AsyncFile.read(CHUNK, "read", only=constant("size", 0), exact=True)
AsyncFile.read(MESSAGE, "read", only=given("size", 0), note="a length that was read before")
AsyncFile.read(CHUNK, "read1", text=False)
