"""A plain TCP server that sends a body in pieces and hangs up, for programs that read from sockets."""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from collections.abc import Iterator, Sequence


@contextlib.contextmanager
def tcp_server(pieces: Sequence[bytes], pause: float) -> Iterator[tuple[str, int]]:
    """Serve one connection after the other until the block ends; `pause` is seconds between two pieces."""
    listener = socket.create_server(("127.0.0.1", 0))
    thread = threading.Thread(target=_serve, args=(listener, pieces, pause), daemon=True)
    thread.start()
    try:
        yield listener.getsockname()
    finally:
        with contextlib.suppress(OSError):
            listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        thread.join()


def _serve(listener: socket.socket, pieces: Sequence[bytes], pause: float) -> None:
    with contextlib.suppress(OSError):
        while True:
            connection, _ = listener.accept()
            with connection, contextlib.suppress(OSError):
                connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                for piece in pieces:
                    connection.sendall(piece)
                    time.sleep(pause)
