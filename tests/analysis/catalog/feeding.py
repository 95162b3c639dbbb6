"""Feeding of sockets, pipes and other non-HTTP clients with a body, piece by piece."""

from __future__ import annotations

import contextlib
import socket
import sys
import threading
import time
from collections.abc import Iterator

from .facts import BODY, CUTS, pieces

PAUSE = 0.01
PROGRAM = f"""
import sys, time
for piece in {list(pieces(BODY, CUTS))!r}:
    sys.stdout.buffer.write(piece)
    sys.stdout.buffer.flush()
    time.sleep({PAUSE * 2})
"""
COMMAND = [sys.executable, "-c", PROGRAM]
"""A program that writes the body to its standard output, piece by piece."""


def feed(to: socket.socket) -> None:
    """Send the body piece by piece, and end the stream."""
    to.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    for piece in pieces(BODY, CUTS):
        to.sendall(piece)
        time.sleep(PAUSE)
    to.shutdown(socket.SHUT_WR)


@contextlib.contextmanager
def tcp_server(connections: int = 1) -> Iterator[int]:
    """Yield a port on loopback where whoever connects is sent the body."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.settimeout(20)

        def answer() -> None:
            for _ in range(connections):
                connected, _ = listening.accept()
                with connected:
                    feed(connected)

        thread = threading.Thread(target=answer, daemon=True)
        thread.start()
        yield listening.getsockname()[1]
        thread.join(20)


def send_to(port: int) -> threading.Thread:
    """Connect to a port on loopback and send the body there, in a thread."""

    def program() -> None:
        with socket.create_connection(("127.0.0.1", port), timeout=20) as connected:
            feed(connected)

    thread = threading.Thread(target=program, daemon=True)
    thread.start()
    return thread
