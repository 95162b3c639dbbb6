"""Ways to read a stream: every client's methods, by name, each a function from an address to the pieces."""

from __future__ import annotations

import asyncio
import http.client
import importlib
import io
import ssl
import urllib.request
from collections.abc import AsyncIterator, Callable, Iterator
from functools import cache
from typing import Any

Pieces = Iterator[bytes]
METHODS: dict[str, Callable[[str], Pieces]] = {}
LIMIT = 50
"""The length that methods which take one are given."""


def method(function: Callable[[str], Any]) -> Callable[[str], Any]:
    METHODS[function.__name__] = function
    return function


def module(name: str) -> Any:
    return importlib.import_module(name)


@cache
def tls() -> ssl.SSLContext:
    """Return a context that every client of httpx shares: to make one takes half a second."""
    return ssl.create_default_context()


def until_empty(read: Callable[[], bytes]) -> Pieces:
    return iter(read, b"")


def opened(url: str) -> http.client.HTTPResponse:
    response: http.client.HTTPResponse = urllib.request.urlopen(url)
    return response


@method
def urllib_read1(url: str) -> Pieces:
    with opened(url) as response:
        yield from until_empty(response.read1)


@method
def urllib_read1_n(url: str) -> Pieces:
    with opened(url) as response:
        yield from until_empty(lambda: response.read1(LIMIT))


@method
def urllib_read_n(url: str) -> Pieces:
    with opened(url) as response:
        yield from until_empty(lambda: response.read(LIMIT))


@method
def urllib_readinto(url: str) -> Pieces:
    buffer = bytearray(LIMIT)
    with opened(url) as response:
        yield from until_empty(lambda: bytes(buffer[: response.readinto(buffer)]))


@method
def requests_iter_content(url: str) -> Pieces:
    with module("requests").get(url, stream=True) as response:
        yield from response.iter_content(None)


@method
def requests_iter_content_n(url: str) -> Pieces:
    with module("requests").get(url, stream=True) as response:
        yield from response.iter_content(LIMIT)


def pooled(url: str) -> Any:
    return module("urllib3").PoolManager().request("GET", url, preload_content=False)


@method
def urllib3_stream(url: str) -> Pieces:
    response = pooled(url)
    yield from response.stream(decode_content=True)
    response.release_conn()


@method
def urllib3_read_n(url: str) -> Pieces:
    response = pooled(url)
    yield from until_empty(lambda: response.read(LIMIT, decode_content=True))
    response.release_conn()


@method
def urllib3_read1(url: str) -> Pieces:
    response = pooled(url)
    yield from until_empty(lambda: response.read1(LIMIT, decode_content=True))
    response.release_conn()


@method
def urllib3_while_open(url: str) -> Pieces:
    response = pooled(url)
    while not response.closed:
        if piece := response.read(LIMIT, decode_content=True):
            yield piece
    response.release_conn()


@method
def httpx_iter_bytes(url: str) -> Pieces:
    with module("httpx").stream("GET", url, verify=tls()) as response:
        yield from response.iter_bytes()


@method
def httpx2_iter_bytes(url: str) -> Pieces:
    with module("httpx2").stream("GET", url, verify=tls()) as response:
        yield from response.iter_bytes()


@method
def httpx_iter_bytes_n(url: str) -> Pieces:
    with module("httpx").stream("GET", url, verify=tls()) as response:
        yield from response.iter_bytes(LIMIT)


@method
def httpx_iter_text(url: str) -> Pieces:
    with module("httpx").stream("GET", url, verify=tls()) as response:
        yield from (text.encode() for text in response.iter_text() if text)


def collected(pieces: Callable[[str], AsyncIterator[bytes]]) -> Callable[[str], Pieces]:
    async def collect(url: str) -> list[bytes]:
        return [piece async for piece in pieces(url)]

    def run(url: str) -> Pieces:
        return iter(asyncio.run(collect(url)))

    run.__name__ = pieces.__name__
    return method(run)


@collected
async def httpx_aiter_bytes(url: str) -> AsyncIterator[bytes]:
    async with module("httpx").AsyncClient(verify=tls()) as client, client.stream("GET", url) as response:
        async for piece in response.aiter_bytes():
            yield piece


@collected
async def aiohttp_iter_any(url: str) -> AsyncIterator[bytes]:
    async with module("aiohttp").ClientSession() as session, session.get(url) as response:
        async for piece in response.content.iter_any():
            yield piece


@collected
async def aiohttp_iter_chunked(url: str) -> AsyncIterator[bytes]:
    async with module("aiohttp").ClientSession() as session, session.get(url) as response:
        async for piece in response.content.iter_chunked(LIMIT):
            yield piece


@collected
async def aiohttp_iter_chunks(url: str) -> AsyncIterator[bytes]:
    async with module("aiohttp").ClientSession() as session, session.get(url) as response:
        async for piece, _ in response.content.iter_chunks():
            if piece:
                yield piece


@method
def asyncio_read_n(url: str) -> Pieces:
    """Read the body of an answer that ends with its connection."""

    async def collect() -> list[bytes]:
        address = url.removeprefix("http://").rstrip("/").split(":")
        reader, writer = await asyncio.open_connection(*address)
        writer.write(b"GET / HTTP/1.0\r\n\r\n")
        await reader.readuntil(b"\r\n\r\n")
        pieces = []
        while piece := await reader.read(LIMIT):
            pieces.append(piece)
        writer.close()
        await writer.wait_closed()
        return pieces

    return iter(asyncio.run(collect()))


def file_of_requests(body: bytes) -> Pieces:
    """Read a response whose raw file a test has set."""
    response = module("requests").Response()
    response.raw = io.BytesIO(body)
    yield from response.iter_content(LIMIT)
