"""A server on loopback that streams a body with given cuts."""

from __future__ import annotations

import contextlib
import itertools
import socket
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

from .cutting import at_offsets

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from types import TracebackType


class StreamServer:
    """Serve one body to every request, in pieces. `body`, `cuts` and the others may be changed between requests.

    Every piece is an HTTP chunk and a write of its own, so that a client that hands out what it receives hands out
    exactly these pieces. The server stops with its `with` block, and ends the connections that are open by then.

    Args:
        body: what is sent.
        cuts: offsets in the body after which a new piece starts; `range(1, len(body))` sends single bytes.
        content_type: of the answer.
        chunked: whether the transfer is chunked; otherwise the answer ends when the connection closes.
        delay: seconds before every piece but the first.
        close_after: how many bytes are sent before the connection breaks; None sends all.
        headers: more of them.
        status: of the answer.

    Attributes:
        requests: path and body of every request so far.
        hung_up: set once a client has hung up before the end.
    """

    def __init__(
        self,
        body: bytes | str,
        cuts: Iterable[int] = (),
        *,
        content_type: str = "text/event-stream",
        chunked: bool = True,
        delay: float = 0.0,
        close_after: int | None = None,
        headers: Iterable[tuple[str, str]] = (),
        status: int = 200,
    ) -> None:
        self.body = body.encode() if isinstance(body, str) else body
        self.cuts = cuts
        self.content_type = content_type
        self.chunked = chunked
        self.delay = delay
        self.close_after = close_after
        self.headers = tuple(headers)
        self.status = status
        self.requests: list[tuple[str, bytes]] = []
        self.hung_up = threading.Event()
        self.stopped = threading.Event()
        self._server = _Server(("127.0.0.1", 0), _handler(self))
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)

    @property
    def cuts(self) -> list[int]:
        """Offsets after which a new piece starts, in order."""
        return self._cuts

    @cuts.setter
    def cuts(self, offsets: Iterable[int]) -> None:
        self._cuts = sorted(offsets)

    @property
    def host(self) -> str:
        return "127.0.0.1"

    @property
    def port(self) -> int:
        return int(self._server.server_address[1])

    @property
    def url(self) -> str:
        """Return the address, which ends with a slash."""
        return f"http://{self.host}:{self.port}/"

    def __enter__(self) -> StreamServer:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self.stopped.set()
        self._server.end_connections()
        self._server.server_close()
        self._thread.join()

    def pieces(self) -> Iterator[bytes]:
        """Yield what is sent, piece by piece."""
        body = self.body if self.close_after is None else self.body[: self.close_after]
        return filter(None, at_offsets(body, self.cuts))


@contextlib.contextmanager
def stream_server(body: bytes | str, cuts: Iterable[int] = (), **options: Any) -> Iterator[StreamServer]:
    """Run a `StreamServer` for the length of a `with` block."""
    with StreamServer(body, cuts, **options) as server:
        yield server


class _Server(ThreadingHTTPServer):
    daemon_threads = False  # so that closing waits for them

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self._connections: set[Any] = set()

    def process_request(self, request: Any, client_address: Any) -> None:
        self._connections.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        self._connections.discard(request)
        super().shutdown_request(request)

    def end_connections(self) -> None:
        """End what clients have kept alive, or are reading."""
        for connection in list(self._connections):
            with contextlib.suppress(OSError):  # it has ended meanwhile
                connection.shutdown(socket.SHUT_RDWR)

    def handle_error(self, request: Any, client_address: Any) -> None:
        if not isinstance(sys.exc_info()[1], ConnectionError):  # a client may hang up
            super().handle_error(request, client_address)


def _handler(owner: StreamServer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def do_GET(self) -> None:
            sent = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            owner.requests.append((self.path, sent))
            self.send_response(owner.status)
            for name, value in (("Content-Type", owner.content_type), *owner.headers):
                self.send_header(name, value)
            if owner.chunked:
                self.send_header("Transfer-Encoding", "chunked")
            else:
                self.send_header("Connection", "close")
            self.end_headers()
            self.close_connection = not owner.chunked or owner.close_after is not None
            try:
                if self.command != "HEAD":
                    self._send()
            except (BrokenPipeError, ConnectionResetError):
                self.close_connection = True
                owner.hung_up.set()

        do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = do_GET

        def _send(self) -> None:
            for piece, wait in zip(owner.pieces(), itertools.chain([0.0], itertools.repeat(owner.delay))):  # noqa: B905
                if owner.stopped.wait(wait):
                    break
                self.wfile.write(b"%x\r\n%s\r\n" % (len(piece), piece) if owner.chunked else piece)
                self.wfile.flush()
            if owner.chunked and owner.close_after is None:
                self.wfile.write(b"0\r\n\r\n")

        def log_message(self, format: str, *args: object) -> None:
            """Keep the output of the tests free of requests."""

    return Handler
