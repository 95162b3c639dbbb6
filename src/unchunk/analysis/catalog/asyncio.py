"""asyncio streams, protocols and pipes: https://docs.python.org/3/library/asyncio-stream.html"""

from __future__ import annotations

from .dsl import CHUNK, LINE, MESSAGE, WHOLE, absent, client, given

ASYNCIO = client("asyncio", distribution="", docs="https://docs.python.org/3/library/asyncio-stream.html#streamreader")
StreamReader = ASYNCIO.type("StreamReader")
Process = ASYNCIO.type("subprocess.Process")
Loop = ASYNCIO.type("AbstractEventLoop", "BaseEventLoop")
Protocol = ASYNCIO.type("Protocol")
DatagramProtocol = ASYNCIO.type("DatagramProtocol")
SubprocessProtocol = ASYNCIO.type("SubprocessProtocol")

ASYNCIO.returns((StreamReader, None), "open_connection", "open_unix_connection")
ASYNCIO.invokes(StreamReader, "start_server", "start_unix_server", argument=0)
StreamReader.read(CHUNK, "read", text=False, only=given("n", 0))
StreamReader.returns(WHOLE, "read", text=False, only=absent("n", 0))
StreamReader.read(LINE, "readline", text=False)
StreamReader.read(MESSAGE, "readexactly", "readuntil", text=False)
StreamReader.iterates(LINE, text=False)
StreamReader.callback(CHUNK, "feed_data", text=False, note="called by the protocol with what arrived")

ASYNCIO.returns(Process, "create_subprocess_exec", "create_subprocess_shell")
Process.attribute(StreamReader, "stdout", "stderr")
Process.returns((WHOLE, WHOLE), "communicate", text=False)

ASYNCIO.returns(Loop, "get_event_loop", "get_running_loop", "new_event_loop")
Loop.read(CHUNK, "sock_recv", text=False, untyped=True, of=0)
Protocol.callback(CHUNK, "data_received", text=False)
DatagramProtocol.callback(MESSAGE, "datagram_received", text=False)
SubprocessProtocol.callback(CHUNK, "pipe_data_received", parameter=1, text=False)
