"""Every client hands out the same bytes in every mode, cut where the mode says, and keeps what its method promises."""

from __future__ import annotations

import asyncio
import contextlib
import gzip
import io
import itertools
import json
import shutil
import struct
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from testing.served import LIMIT, METHODS, file_of_requests, tls
from unchunk.testing import StreamServer
from unchunk.testing.clients import all_clients
from unchunk.testing.modes import Change, Mode, Replay, parse
from unchunk.testing.patching import patched
from unchunk.testing.streams import Recorder, recording

EVENTS = [f'data: {{"number": {number}, "city": "Zürich"}}\n\n'.encode() for number in range(4)]
BODY = b"".join(EVENTS)
ENDS = list(itertools.accumulate(map(len, EVENTS)))[:-1]
UNCHUNKED = {"asyncio_read_n"}
FILLED = {
    "urllib_read_n",
    "urllib_readinto",
    "urllib3_read_n",
    "urllib3_while_open",
    "httpx_iter_bytes_n",
}
"""Methods whose pieces are as long as was asked for, all but the last."""


@contextmanager
def cut(mode: str | Mode, sockets: bool = False) -> Iterator[Recorder]:
    """Cut the streams of all clients for the length of a block."""
    made = parse(mode)[0] if isinstance(mode, str) else mode
    with patched(sockets), recording(Recorder(made)) as recorder:
        yield recorder


@pytest.fixture(scope="module", autouse=True)
def _clients() -> None:
    for name in ("requests", "httpx", "httpx2", "aiohttp"):
        pytest.importorskip(name)


@pytest.fixture(scope="module")
def server() -> Iterator[StreamServer]:
    with StreamServer(BODY, ENDS, delay=0.002) as running:
        yield running


@pytest.fixture(scope="module")
def unchunked() -> Iterator[StreamServer]:
    with StreamServer(BODY, ENDS, chunked=False, delay=0.002) as running:
        yield running


@pytest.mark.parametrize("mode", ["byte", "half", "coalesce", "random:1"])
@pytest.mark.parametrize("name", METHODS)
def test_pieces_are_the_body_in_every_mode(name: str, mode: str, server: StreamServer, unchunked: StreamServer) -> None:
    for each in (unchunked,) if name in UNCHUNKED else (server, unchunked):
        with cut(mode) as recorder:
            pieces = list(METHODS[name](each.url))
        assert b"".join(pieces) == BODY
        assert all(pieces), "only the end is empty"
        if keeps_the_limit(name):
            assert max(map(len, pieces)) <= LIMIT
        if mode == "byte":
            check_single_bytes(name, pieces, recorder)


def keeps_the_limit(name: str) -> bool:
    return name.endswith(("_n", "readinto", "while_open", "chunked", "urllib3_read1"))


def check_single_bytes(name: str, pieces: list[bytes], recorder: Recorder) -> None:
    if name in FILLED:
        full = len(BODY) // LIMIT * LIMIT
        assert pieces[: len(BODY) // LIMIT] == [BODY[at : at + LIMIT] for at in range(0, full, LIMIT)]
        pieces = pieces[len(BODY) // LIMIT :]
    characters = BODY.decode() if name == "httpx_iter_text" else ""
    assert len(pieces) == len(characters) or max(map(len, pieces)) == 1
    assert recorder.changes


@pytest.mark.parametrize("name", sorted(METHODS))
def test_a_replay_cuts_where_it_says_and_nowhere_else(name: str, unchunked: StreamServer) -> None:
    at = len(BODY) - 5
    with cut(Replay([Change(1, at)])) as recorder:
        pieces = list(METHODS[name](unchunked.url))
    assert at in itertools.accumulate(map(len, pieces)) or name == "httpx_iter_text"
    assert list(recorder.changes) == [Change(1, at)]
    assert recorder.changes[Change(1, at)] == (BODY[at - 40 : at], BODY[at:])


def test_patches_are_undone() -> None:
    def methods() -> list[object]:
        clients = [(client, sys.modules[client.MODULE]) for client in all_clients() if client.MODULE in sys.modules]
        return [vars(patch.owner).get(patch.name) for client, module in clients for patch in client.patches(module)]

    before = methods()
    with contextlib.suppress(ZeroDivisionError), cut("byte", sockets=True):
        assert methods() != before
        raise ZeroDivisionError
    assert methods() == before


@pytest.mark.parametrize(
    "name", ["requests_iter_content", "urllib3_stream", "urllib3_read1", "httpx_iter_bytes", "aiohttp_iter_any"]
)
def test_compressed_bodies_are_cut_behind_their_decoder(name: str, server: StreamServer) -> None:
    packed = gzip.compress(BODY)
    with StreamServer(packed, [20], headers=[("Content-Encoding", "gzip")]) as compressed, cut("byte"):
        pieces = list(METHODS[name](compressed.url))
    assert pieces == [bytes([each]) for each in BODY]


def test_pieces_are_joined_by_pairs(server: StreamServer) -> None:
    with StreamServer(BODY, ENDS) as slow, cut("coalesce") as recorder:
        slow.delay = 0.02
        assert list(METHODS["requests_iter_content"](slow.url)) == [BODY[: ENDS[1]], BODY[ENDS[1] :]]
    assert [change.joined for change in recorder.changes] == [True, True]
    assert recorder.changes[Change(1, ENDS[0], True)] == (EVENTS[0][-40:], EVENTS[1][:40])


def lines_of_requests(url: str) -> list[bytes]:
    import requests

    return list(requests.get(url, stream=True).iter_lines())


def lines_of_urllib(url: str) -> list[bytes]:
    with urllib.request.urlopen(url) as response:
        return [line.rstrip(b"\n") for line in response]


def lines_of_httpx(url: str) -> list[bytes]:
    import httpx

    with httpx.stream("GET", url, verify=tls()) as response:
        return [line.encode() for line in response.iter_lines()]


def lines_of_aiohttp(url: str) -> list[bytes]:
    import aiohttp

    async def collect() -> list[bytes]:
        async with aiohttp.ClientSession() as session, session.get(url) as response:
            return [line.rstrip(b"\n") async for line in response.content]

    return asyncio.run(collect())


def chunks_of_aiohttp(url: str) -> list[bytes]:
    """Join what `iter_chunks` tells to be one HTTP chunk."""
    import aiohttp

    async def collect() -> list[bytes]:
        chunks = [b""]
        async with aiohttp.ClientSession() as session, session.get(url) as response:
            async for piece, is_end in response.content.iter_chunks():
                chunks[-1] += piece
                chunks += [b""] if is_end else []
        return [chunk for chunk in chunks if chunk]  # aiohttp may tell the end of the last one twice

    return [chunk[:-2] for chunk in asyncio.run(collect()) for chunk in (chunk, b"\n\n")]


def wholes(url: str) -> list[bytes]:
    import httpx
    import requests

    got = requests.get(url)
    loaded_ = httpx.get(url, verify=tls())
    assert [got.content, loaded_.text.encode(), loaded_.content, *got.iter_content(None), *loaded_.iter_bytes()] == [
        BODY
    ] * 5
    return BODY.split(b"\n")[:-1]


def exact_reads(url: str) -> list[bytes]:
    with urllib.request.urlopen(url) as response:
        assert response.read(len(BODY)) == BODY
    with urllib.request.urlopen(url) as response:
        assert struct.unpack("4s2s", response.read(6)) == (b"data", b": ")
        assert response.read() == BODY[6:]
    return BODY.split(b"\n")[:-1]


@pytest.mark.parametrize("mode", ["byte", "half", "random:7"])
@pytest.mark.parametrize(
    "read",
    [lines_of_requests, lines_of_urllib, lines_of_httpx, lines_of_aiohttp, chunks_of_aiohttp, wholes, exact_reads],
)
def test_lines_wholes_and_exact_reads_stay_what_they_promise(
    read: Callable[[str], list[bytes]], mode: str, server: StreamServer
) -> None:
    with cut(mode):
        assert read(server.url) == BODY.split(b"\n")[:-1]


def test_file_of_a_response_is_cut(server: StreamServer) -> None:
    with cut("byte"):
        assert list(file_of_requests(BODY)) == [bytes([each]) for each in BODY]


@pytest.mark.parametrize("mode", ["byte", "half", "random:2"])
def test_file_objects_on_a_response_read_it_to_its_end(mode: str, unchunked: StreamServer) -> None:
    import requests

    def raw() -> Any:
        return requests.get(unchunked.url, stream=True).raw

    copied = io.BytesIO()
    with cut(mode):
        shutil.copyfileobj(raw(), copied)
        assert copied.getvalue() == io.BufferedReader(raw()).read() == b"".join(io.BufferedReader(raw())) == BODY
        assert io.TextIOWrapper(raw(), "utf-8").read() == BODY.decode()
        assert [*io.TextIOWrapper(urllib.request.urlopen(unchunked.url), "utf-8")] == BODY.decode().splitlines(True)


def test_readers_of_one_response_share_what_is_left_of_it(server: StreamServer) -> None:
    import requests
    import urllib3

    with cut("half"):
        response = requests.get(server.url, stream=True)
        first = response.iter_content(None)
        assert next(first) + b"".join(response.iter_content(None)) == BODY
        pooled: Any = urllib3.PoolManager().request("GET", server.url, preload_content=False)
        first, second = pooled.stream(), pooled.stream(7)  # one that is dropped closes the response
        pieces = [next(first), pooled.read(5), pooled.read1(3), next(second), pooled.read()]
        assert b"".join(pieces) == BODY
        with urllib.request.urlopen(server.url) as plain:
            assert plain.read1() + plain.readline() + plain.read(1000) + plain.read1(4) + plain.read() == BODY


def test_what_outlives_its_test_is_not_cut_any_more(server: StreamServer) -> None:
    import requests

    with cut("byte"):
        pieces = requests.get(server.url, stream=True).iter_content(None)
        assert next(pieces) == BODY[:1]
    assert b"".join(pieces) == BODY[1:]


@pytest.mark.parametrize("name", ["requests_iter_content", "urllib3_read1", "urllib_read1", "httpx_iter_bytes"])
def test_error_behind_a_piece_that_waits_to_be_joined_comes_behind_it(name: str) -> None:
    with StreamServer(BODY, ENDS, close_after=ENDS[0]) as broken, cut("coalesce"):
        pieces = METHODS[name](broken.url)
        assert next(pieces) == EVENTS[0]
        with pytest.raises(Exception, match=r"(?i)incomplete|0 bytes read|prematurely"):
            next(pieces)


@pytest.mark.parametrize("mode", ["byte", "coalesce"])
def test_error_of_aiohttp_comes_behind_what_came_before_it(mode: str) -> None:
    import aiohttp

    async def collect(url: str) -> bytes:
        got = b""
        async with aiohttp.ClientSession() as session, session.get(url) as response:
            with contextlib.suppress(aiohttp.ClientPayloadError):
                while piece := await response.content.readany():
                    got += piece
                raise AssertionError("the end of the stream was not told to be none")
        return got

    with StreamServer(BODY, ENDS, close_after=ENDS[0], delay=0.01) as broken, cut(mode):
        assert asyncio.run(collect(broken.url)) in (EVENTS[0], EVENTS[0][:1])


@pytest.mark.parametrize("name", ["urllib_read1", "asyncio_read_n", "aiohttp_iter_any"])
def test_sockets_are_cut_on_request(name: str, unchunked: StreamServer) -> None:
    with cut("random:3", sockets=True) as recorder:
        assert b"".join(METHODS[name](unchunked.url)) == BODY
    assert "socket.recv" in {stream.name for stream in recorder.streams}


def test_documents_come_through_threads(server: StreamServer) -> None:
    from concurrent.futures import ThreadPoolExecutor

    with cut("random:2"), ThreadPoolExecutor(4) as pool:
        bodies = pool.map(lambda _: b"".join(METHODS["requests_iter_content"](server.url)), range(8))
        assert set(bodies) == {BODY}


def test_long_piece_is_cut_without_being_copied_for_every_cut() -> None:
    import httpx

    body = bytes(8_000_000)
    with cut("byte"):
        before = time.process_time()
        assert sum(map(len, httpx.Response(200, content=body).iter_bytes())) == len(body)
        assert time.process_time() - before < 10  # it was minutes


def test_json_of_a_response_is_whole() -> None:
    import httpx
    import requests

    with StreamServer(b'{"a": [1, 2]}', [3, 7], content_type="application/json") as api, cut("byte"):
        assert (
            requests.get(api.url).json()
            == httpx.get(api.url, verify=tls()).json()
            == json.load(urllib.request.urlopen(api.url))
        )
