"""A server on loopback that cuts its answer wherever it is told to.

Every piece goes out as an HTTP chunk of its own (or as a write of its own, with `chunked=False`), so a client that
hands out what it receives hands out exactly these pieces. The server stops with its `with` block.

    with CuttingServer(b'{"a": 1}\\n', cuts=[3]) as server:
        requests.get(server.url, stream=True)  # sees b'{"a' and b'": 1}\\n'
"""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Iterable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType


def pieces(body: bytes, cuts: Iterable[int]) -> Iterator[bytes]:
    """The body cut at the given offsets; empty pieces are left out, since an empty HTTP chunk would end the answer."""
    start = 0
    for end in [*sorted(cut for cut in cuts if 0 < cut < len(body)), len(body)]:
        if end > start:
            yield body[start:end]
        start = end


class CuttingServer:
    """Serves one body, cut at `cuts`, to every GET and POST. `body` and `cuts` may be changed between requests.

    Args:
        body: what is sent.
        cuts: offsets in the body after which a new piece starts; `range(1, len(body))` sends single bytes.
        content_type: of the answer.
        chunked: whether pieces are HTTP chunks; otherwise the answer ends when the connection closes.
        pause: seconds between two pieces, for clients that join what has arrived.
    """

    def __init__(
        self,
        body: bytes,
        *,
        cuts: Iterable[int] = (),
        content_type: str = "text/event-stream",
        chunked: bool = True,
        pause: float = 0.0,
    ) -> None:
        self.body = body
        self.cuts = tuple(cuts)
        self.content_type = content_type
        self.chunked = chunked
        self.pause = pause
        self.requests: list[tuple[str, bytes]] = []
        self.hung_up = threading.Event()
        self._server = _Server(("127.0.0.1", 0), _handler(self))
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)

    @property
    def host(self) -> str:
        return "127.0.0.1"

    @property
    def port(self) -> int:
        return int(self._server.server_address[1])

    @property
    def url(self) -> str:
        return f"http://{self.host}:{self.port}/"

    def __enter__(self) -> CuttingServer:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that hangs up is what programs that crash do; anything else is told."""
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(request, client_address)  # type: ignore[arg-type]


def _handler(owner: CuttingServer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def do_GET(self) -> None:
            self._answer(b"")

        def do_POST(self) -> None:
            self._answer(self.rfile.read(int(self.headers.get("Content-Length", 0))))

        def _answer(self, sent: bytes) -> None:
            owner.requests.append((self.path, sent))
            self.send_response(200)
            self.send_header("Content-Type", owner.content_type)
            if owner.chunked:
                self.send_header("Transfer-Encoding", "chunked")
            else:
                self.send_header("Connection", "close")
                self.close_connection = True
            self.end_headers()
            try:
                self._send_pieces()
            except (BrokenPipeError, ConnectionResetError):
                owner.hung_up.set()
                self.close_connection = True

        def _send_pieces(self) -> None:
            for number, piece in enumerate(pieces(owner.body, owner.cuts)):
                if number and owner.pause:
                    time.sleep(owner.pause)
                self.wfile.write(b"%x\r\n%s\r\n" % (len(piece), piece) if owner.chunked else piece)
                self.wfile.flush()
            if owner.chunked:
                self.wfile.write(b"0\r\n\r\n")

        def log_message(self, format: str, *args: object) -> None:
            """Examples print what their programs print, nothing else."""

    return Handler
