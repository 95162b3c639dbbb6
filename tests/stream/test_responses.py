"""Responses of real clients over a loopback server: read as they are, and connections that are used again."""

from __future__ import annotations

import asyncio
import contextlib
import http.client
import threading
import time
import urllib.request
from collections.abc import AsyncIterator, Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, ClassVar

import pytest

from unchunk import MalformedJSONError, aiter_json, iter_json

EVENTS = (b'data: {"a": 1}\n\nda', b'ta: {"a":', b" 2}\n\ndata: [DONE]", b"\n\n")
VALUES = [{"a": 1}, {"a": 2}]
BODIES: dict[str, tuple[str, tuple[bytes, ...]]] = {
    "/events": ("text/event-stream; charset=utf-8", EVENTS),
    "/late": ("text/event-stream", (*EVENTS, b"", b": bye\n\n")),
    "/lines": ("application/x-ndjson", (b'{"a": 1}\n{"a"', b": 2}\n")),
    "/done": ("application/x-ndjson", (b'{"a": 1}\n{"a"', b": 2}\n[DO", b"NE]\n")),
    "/sequence": ("application/json-seq", (b'\x1e{"a": 1}\n', b'\x1e{"a": 2}\n')),
    "/json": ("application/json", (b'{"a": 1}', b'{"a": 2}')),
    "/fixed": ("application/json", (b'{"a": 1}\n{"a": 2}',)),
}


class Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.connections = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def setup(self) -> None:
        super().setup()
        self.server.connections += 1  # type: ignore[attr-defined]

    def do_GET(self) -> None:
        kind, pieces = BODIES[self.path]
        self.send_response(200)
        self.send_header("Content-Type", kind)
        if self.path == "/fixed":
            self.send_header("Content-Length", str(len(pieces[0])))
            self.end_headers()
            self.wfile.write(pieces[0])
            return
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        for piece in pieces:
            time.sleep(0.005)
            if piece:
                self.wfile.write(b"%x\r\n%s\r\n" % (len(piece), piece))
        time.sleep(0.005)
        self.wfile.write(b"0\r\n\r\n")

    def log_message(self, *_: Any) -> None:
        pass


@pytest.fixture
def server() -> Iterator[Server]:
    with Server() as server:
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        yield server
        server.shutdown()


# Each way gives a function that makes a request and reads its values, on one pool of connections.
Read = Callable[[str], list[Any]]


@contextlib.contextmanager
def by_requests(*, whole: bool) -> Iterator[Read]:
    requests = pytest.importorskip("requests")
    with requests.Session() as session:

        def read(url: str) -> list[Any]:
            response = session.get(url, stream=True)
            return list(iter_json(response if whole else response.iter_content(None)))

        yield read


@contextlib.contextmanager
def by_httpx(*, whole: bool, package: str = "httpx") -> Iterator[Read]:
    httpx = pytest.importorskip(package)
    with httpx.Client() as client:

        def read(url: str) -> list[Any]:
            with client.stream("GET", url) as response:
                return list(iter_json(response if whole else response.iter_bytes()))

        yield read


@contextlib.contextmanager
def by_httpx2(*, whole: bool) -> Iterator[Read]:
    with by_httpx(whole=whole, package="httpx2") as read:
        yield read


@contextlib.contextmanager
def by_urllib3(*, whole: bool) -> Iterator[Read]:
    urllib3 = pytest.importorskip("urllib3")
    with urllib3.PoolManager() as pool:

        def read(url: str) -> list[Any]:
            response = pool.request("GET", url, preload_content=False)
            values = list(iter_json(response if whole else response.stream()))
            response.release_conn()
            return values

        yield read


@contextlib.contextmanager
def by_aiohttp(*, whole: bool) -> Iterator[Read]:
    aiohttp = pytest.importorskip("aiohttp")
    loop = asyncio.new_event_loop()

    async def made() -> Any:
        return aiohttp.ClientSession()

    session = loop.run_until_complete(made())

    async def values(url: str) -> list[Any]:
        async with session.get(url) as response:
            return [value async for value in aiter_json(response if whole else response.content.iter_any())]

    yield lambda url: loop.run_until_complete(values(url))
    loop.run_until_complete(session.close())
    loop.close()


@contextlib.contextmanager
def by_httpx_async(*, whole: bool) -> Iterator[Read]:
    httpx = pytest.importorskip("httpx")
    loop = asyncio.new_event_loop()
    client = httpx.AsyncClient()

    async def values(url: str) -> list[Any]:
        async with client.stream("GET", url) as response:
            return [value async for value in aiter_json(response if whole else response.aiter_bytes())]

    yield lambda url: loop.run_until_complete(values(url))
    loop.run_until_complete(client.aclose())
    loop.close()


WAYS: list[Any] = [by_requests, by_httpx, by_httpx2, by_urllib3, by_aiohttp, by_httpx_async]


@pytest.mark.parametrize("whole", [True, False])
@pytest.mark.parametrize("way", WAYS)
def test_five_streams_with_an_end_mark_take_one_connection(way: Any, whole: bool, server: Server) -> None:
    with way(whole=whole) as read:
        for path in ("/events", "/late", "/events", "/late", "/events"):
            assert read(server.url + path) == VALUES
        if whole:
            assert read(server.url + "/done") == VALUES
    assert server.connections == 1


@pytest.mark.parametrize("path", BODIES)
@pytest.mark.parametrize("way", WAYS)
def test_the_content_type_tells_the_framing(way: Any, path: str, server: Server) -> None:
    with way(whole=True) as read:
        assert read(server.url + path) == VALUES


@pytest.mark.parametrize("path", ["/events", "/lines", "/fixed"])
def test_responses_of_the_standard_library(path: str, server: Server) -> None:
    with urllib.request.urlopen(server.url + path) as response:
        assert list(iter_json(response)) == VALUES
    connection = http.client.HTTPConnection("127.0.0.1", server.server_address[1])
    for _ in range(2):
        connection.request("GET", path)
        assert list(iter_json(connection.getresponse())) == VALUES
    connection.close()
    assert server.connections == 2


@pytest.mark.parametrize("path", ["/events", "/json"])
def test_responses_that_are_read_already(path: str, server: Server) -> None:
    requests = pytest.importorskip("requests")
    urllib3 = pytest.importorskip("urllib3")
    httpx = pytest.importorskip("httpx")
    for response in (
        requests.get(server.url + path),
        urllib3.PoolManager().request("GET", server.url + path),
        httpx.get(server.url + path),
    ):
        assert list(iter_json(response)) == VALUES


def test_the_caller_may_know_the_framing_better(server: Server) -> None:
    with urllib.request.urlopen(server.url + "/lines") as response:
        assert list(iter_json(response, framing="concat")) == VALUES
    with urllib.request.urlopen(server.url + "/json") as response, pytest.raises(MalformedJSONError):
        list(iter_json(response, framing="sse", strict=True))


def test_a_response_for_the_other_kind_of_code_is_refused() -> None:
    class Asynchronous:
        headers: ClassVar[dict[str, str]] = {}
        content = None

    class Synchronous(Asynchronous):
        def read1(self, size: int) -> bytes:
            return b""

    with pytest.raises(TypeError, match="aiter_json"):
        iter_json(Asynchronous())  # type: ignore[call-overload]
    with pytest.raises(TypeError, match="iter_json"):
        aiter_json(Synchronous())  # type: ignore[call-overload]


# How far it is read on


def numbered(pieces: list[bytes], pause: float = 0) -> tuple[Iterator[bytes], list[int]]:
    taken: list[int] = []

    def source() -> Iterator[bytes]:
        for number, piece in enumerate(pieces):
            if number > 1:
                time.sleep(pause)
            taken.append(number)
            yield piece

    return source(), taken


def test_what_follows_the_end_mark_is_read_up_to_a_limit() -> None:
    source, taken = numbered([b"data: 1\n\n", b"data: [DONE]\n\n", *[b": more\n\n" * 1000] * 100])
    assert list(iter_json(source)) == [1]
    assert 5 < len(taken) < 15


def test_what_comes_late_is_not_waited_for_again() -> None:
    source, taken = numbered([b"data: 1\n\n", b"data: [DONE]\n\n", b": ping\n\n", b": ping\n\n"], 1.1)
    assert list(iter_json(source)) == [1]
    assert taken == [0, 1, 2]


def test_what_goes_wrong_behind_the_end_is_nobodys_concern() -> None:
    def source() -> Iterator[bytes]:
        yield b"data: 1\n\ndata: [DONE]\n\n"
        raise ConnectionResetError

    async def asource() -> AsyncIterator[bytes]:
        for chunk in source():
            yield chunk

    async def values() -> list[Any]:
        return [value async for value in aiter_json(asource())]

    assert list(iter_json(source())) == [1]
    assert asyncio.run(values()) == [1]


def test_a_stream_of_documents_may_go_on_behind_its_end_mark() -> None:
    source, taken = numbered([b"[1]\n", b"[DONE]\n", b"[2]\n", b"[DONE]\n"])
    assert list(iter_json(source)) == [[1]]
    assert list(iter_json(source)) == [[2]]
    assert taken == [0, 1, 2, 3]
