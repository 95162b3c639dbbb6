"""Connections between processes, which keep messages whole.

https://docs.python.org/3/library/multiprocessing.html#connection-objects
"""

from __future__ import annotations

from .dsl import MESSAGE, client

MULTIPROCESSING = client(
    "multiprocessing",
    distribution="",
    docs="https://docs.python.org/3/library/multiprocessing.html#multiprocessing.connection.Connection",
)
Connection = MULTIPROCESSING.type("connection.Connection")
Listener = MULTIPROCESSING.type("connection.Listener")

MULTIPROCESSING.returns((Connection, Connection), "Pipe")
MULTIPROCESSING.returns(Connection, "connection.Client")
Listener.returns(Connection, "accept")
Connection.read(MESSAGE, "recv", note="the object that was sent")
Connection.read(MESSAGE, "recv_bytes", text=False)
