"""asyncore and asynchat of the standard library before 3.12: https://docs.python.org/3.11/library/asyncore.html"""

from __future__ import annotations

from .dsl import CHUNK, MESSAGE, client, sibling_call
from .socket import OF_DATAGRAMS

ASYNCORE = client(
    "asyncore", distribution="", docs="https://docs.python.org/3.11/library/asyncore.html#asyncore.dispatcher"
)
Dispatcher = ASYNCORE.type("dispatcher", "dispatcher_with_send")
Dispatcher.read(
    MESSAGE,
    "recv",
    text=False,
    only=sibling_call("SOCK_DGRAM", *OF_DATAGRAMS),
    note="a datagram, by what it is made with",
)
Dispatcher.read(CHUNK, "recv", text=False)
Dispatcher.callback(None, "handle_read")

ASYNCHAT = client(
    "asynchat", distribution="", docs="https://docs.python.org/3.11/library/asynchat.html#asynchat.async_chat"
)
Chat = ASYNCHAT.type("async_chat", bases=(Dispatcher,))
Chat.callback(CHUNK, "collect_incoming_data", text=False)
