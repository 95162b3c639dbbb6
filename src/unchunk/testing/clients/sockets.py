"""Sockets of streams without TLS: whatever is built on them has its transport cut."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from types import ModuleType
from typing import Any

from unchunk.testing.clients import Patch, replaced
from unchunk.testing.streams import Stream, current

MODULE = "socket"
ON_REQUEST = True


def patches(module: ModuleType) -> Iterator[Patch]:
    """Cut what `recv` and `recv_into` give; the rest stays with the system."""
    yield replaced(module.socket, "recv", _recv)
    yield replaced(module.socket, "recv_into", _recv_into)


def _recv(original: Callable[..., bytes]) -> Callable[..., bytes]:
    def recv(self: socket.socket, bufsize: int, flags: int = 0) -> bytes:
        stream = _stream(self, bufsize, flags)
        if stream is None:
            return original(self, bufsize, flags)
        there = original(self, bufsize, socket.MSG_PEEK)
        return stream.handed_out(original(self, stream.step(there) or bufsize))

    return recv


def _recv_into(original: Callable[..., int]) -> Callable[..., int]:
    def recv_into(self: socket.socket, buffer: Any, nbytes: int = 0, flags: int = 0) -> int:
        stream = _stream(self, nbytes or memoryview(buffer).nbytes, flags)
        if stream is None:
            return original(self, buffer, nbytes, flags)
        count = original(self, buffer, nbytes, socket.MSG_PEEK)
        data = bytes(memoryview(buffer).cast("B")[:count])
        count = original(self, buffer, stream.step(data) or nbytes)
        stream.handed_out(data[:count])
        return count

    return recv_into


def _stream(sock: socket.socket, size: int, flags: int) -> Stream | None:
    recorder = current()
    if recorder is None or flags or not size or sock.type != socket.SOCK_STREAM:
        return None
    return recorder.stream(sock, "socket.recv")
