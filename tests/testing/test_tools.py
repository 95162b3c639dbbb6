"""`unchunk.testing` for one's own tests: cuts, recordings, a server."""

from __future__ import annotations

import asyncio
import http.client
import socket
import threading
import urllib.request
from collections.abc import AsyncIterator, Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import unchunk.testing
from unchunk import iter_json
from unchunk.testing import cuts, recut, replay, stream_server, tap
from unchunk.testing.modes import Change, Mode, Replay, parse
from unchunk.testing.shrinking import smallest

BODY = '{"city": "Zürich"}\n[1, 2]\n'.encode()


@pytest.mark.parametrize("body", [b"", b"a", BODY, BODY.decode(), b"x" * 5000])
def test_every_cut_is_of_the_body(body: Any) -> None:
    all_cuts = list(recut(body))
    assert all(body[:0].join(pieces) == body for pieces in all_cuts)
    assert len(all_cuts) <= 2600
    if len(body) == len(BODY):
        assert [[body[:at], body[at:]] for at in range(1, len(body))] == [c for c in all_cuts if len(c) == 2][
            : len(body) - 1
        ]
    assert [*recut(body, two_way=False, single=False, random=0)] == [[body]]
    assert [*recut(body, seed=1)] == [*recut(body, seed=1)]


@given(cuts(BODY))
def test_strategy_gives_cuts_of_the_body(pieces: list[bytes]) -> None:
    assert b"".join(pieces) == BODY
    assert all(pieces)
    assert list(iter_json(pieces)) == [{"city": "Zürich"}, [1, 2]]


def test_strategy_cuts_what_cannot_be_cut_in_one_way() -> None:
    from hypothesis import find

    assert find(cuts(b""), lambda pieces: True) == [b""]
    assert find(cuts("a"), lambda pieces: True) == ["a"]
    assert find(cuts(b"abc"), lambda pieces: len(pieces) > 1) == [b"a", b"bc"]


CHUNKS = st.lists(st.one_of(st.binary(), st.text(), st.none()))


@settings(max_examples=30)
@given(CHUNKS)
def test_recording_gives_the_chunks_back(tmp_path_factory: pytest.TempPathFactory, chunks: list[Any]) -> None:
    path = tmp_path_factory.getbasetemp() / "chunks.jsonl"
    assert list(tap(chunks, path)) == chunks
    assert list(replay(path)) == chunks


async def asynchronous(chunks: list[bytes]) -> AsyncIterator[bytes]:
    for chunk in chunks:
        yield chunk


def test_asynchronous_chunks_and_all_kinds_of_bytes_are_recorded(tmp_path: Path) -> None:
    async def collect() -> list[bytes]:
        return [chunk async for chunk in tap(asynchronous([b"a", b"\xc3"]), tmp_path / "a")]

    assert asyncio.run(collect()) == list(replay(tmp_path / "a")) == [b"a", b"\xc3"]
    mixed: list[Any] = [bytearray(b"a"), memoryview(b"b")]
    assert list(tap(mixed, tmp_path / "b")) == mixed
    assert list(replay(tmp_path / "b")) == [b"a", b"b"]


def test_recording_holds_what_had_come_when_the_program_broke(tmp_path: Path) -> None:
    path = tmp_path / "chunks"
    chunks = tap([b"[1", b", 2", b"]"], path)
    next(chunks), next(chunks)
    assert list(replay(path)) == [b"[1", b", 2"]
    path.write_text(path.read_text() + '{"bytes": "unfin')
    assert list(replay(path)) == [b"[1", b", 2"]


def test_source_of_a_recording_is_closed_with_it(tmp_path: Path) -> None:
    def endless() -> Iterator[bytes]:
        yield from iter(lambda: b"x", b"")

    async def close() -> Any:
        source = aendless()
        chunks = tap(source, tmp_path / "y")
        assert await anext(chunks) == b"x"
        await chunks.aclose()  # type: ignore[attr-defined]
        return source

    async def aendless() -> AsyncIterator[bytes]:
        while True:
            yield b"x"

    source = endless()
    chunks: Any = tap(source, tmp_path / "x")
    assert next(chunks) == b"x"
    chunks.close()
    assert next(source, None) is None
    assert asyncio.run(close()).ag_frame is None


def test_recording_that_a_person_has_edited_is_read(tmp_path: Path) -> None:
    (tmp_path / "x").write_bytes(b'{"bytes": "Z\xc3\xbcrich\xff"}\n')
    assert list(replay(tmp_path / "x")) == [b"Z\xc3\xbcrich\xff"]


@pytest.mark.parametrize("text", ["no JSON\n", '{"bytes": 1}\n', "[]\n"])
def test_file_that_is_no_recording_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "x").write_text(text)
    with pytest.raises(ValueError, match="x:1: not a chunk"):
        list(replay(tmp_path / "x"))
    with pytest.raises(TypeError, match="not int"):
        list(tap([1], tmp_path / "y"))


def test_errors_of_the_helper_say_how_to_make_a_test_of_them(tmp_path: Path) -> None:
    for stream in ([b'{"a": 1'], [b"{]"]):
        with pytest.raises(ValueError) as caught:  # noqa: PT011 (any of them)
            list(iter_json(tap(stream, tmp_path / "x")))
        assert any("unchunk.testing.tap" in note for note in caught.value.__notes__)
        with pytest.raises(type(caught.value)):
            list(iter_json(replay(tmp_path / "x")))


def get(url: str) -> tuple[bytes, Any]:
    with urllib.request.urlopen(url) as response:
        return response.read(), response.headers


def test_server_streams_chunked_or_until_it_closes() -> None:
    with stream_server(BODY, [3, 9]) as server:
        body, headers = get(server.url)
        assert (body, headers["Transfer-Encoding"], headers["Content-Type"]) == (BODY, "chunked", "text/event-stream")
        server.body, server.chunked = b"new", False
        body, headers = get(server.url + "path")
        assert (body, headers["Transfer-Encoding"]) == (b"new", None)
        assert [path for path, _ in server.requests] == ["/", "/path"]


def test_server_breaks_off_and_waits() -> None:
    with stream_server("[1, 2]", range(1, 6), close_after=3, delay=0.001, status=201) as server:
        with pytest.raises(http.client.IncompleteRead) as caught:
            get(server.url)
        assert caught.value.partial == b"[1,"


def test_server_leaves_no_thread_and_no_connection_behind() -> None:
    before = threading.enumerate()
    with stream_server(
        b"x" * 20_000_000, [1], delay=60
    ) as server:  # one client waits, one reads nothing, one is silent
        waiting = urllib.request.urlopen(server.url)
        server.delay = 0.0
        clients = [waiting, urllib.request.urlopen(server.url), socket.create_connection((server.host, server.port))]
        assert waiting.read(1) == b"x"
    assert threading.enumerate() == before
    for client in clients:
        client.close()


def test_server_answers_every_method_and_takes_cuts_as_they_come() -> None:
    with stream_server(b"abcd") as server:
        server.cuts = iter([3, 1])
        assert (server.cuts, [*server.pieces()]) == ([1, 3], [b"a", b"bc", b"d"])
        for method in ("PUT", "DELETE", "PATCH", "HEAD"):
            with urllib.request.urlopen(urllib.request.Request(server.url, b"12", method=method)) as response:
                assert response.read() == (b"abcd" if method != "HEAD" else b"")
        assert server.requests == [("/", b"12")] * 4


def test_server_tells_that_a_client_has_hung_up() -> None:
    with stream_server(b"x" * 20_000_000, [1]) as server:
        urllib.request.urlopen(server.url).close()
        assert server.hung_up.wait(10)


def test_names_are_there_and_no_others() -> None:
    assert set(unchunk.testing.__all__) <= set(dir(unchunk.testing))
    assert all(getattr(unchunk.testing, name) for name in unchunk.testing.__all__)
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        unchunk.testing.nothing  # noqa: B018


# Modes: where a piece from 10 to 20 of the first stream is cut.
@pytest.mark.parametrize(
    ("mode", "cuts"),
    [
        ("byte", [*range(11, 20)]),
        ("half", [15]),
        ("coalesce", []),
        ("replay:", []),
        ("replay:1@3,12,+15,20/2@14", [12]),
    ],
)
def test_mode_cuts_where_it_says(mode: str, cuts: list[int]) -> None:
    [made] = parse(mode)
    assert list(made.cuts(1, 10, 20)) == cuts
    assert parse(made.name)[0].name == made.name == mode
    assert made.joins(1, 15) == (mode in ("coalesce", "replay:1@3,12,+15,20/2@14"))


@given(st.sets(st.integers(1, 200)), st.integers(0, 99))
def test_random_cuts_are_the_same_however_pieces_come(ends: set[int], seed: int) -> None:
    def cut_by(mode: Mode, ends: list[int]) -> set[int]:
        bounds = [0, *ends, 201]
        return {at for start, end in pairwise(bounds) for at in mode.cuts(1, start, end)} | set(ends)

    [mode] = parse(f"random:{seed}")
    together = cut_by(mode, [])
    for each in (mode, parse(mode.name)[0]):  # in the next test, and in another process
        assert cut_by(each, sorted(ends)) == together | ends


@given(st.sets(st.integers(0, 60), min_size=1), st.data())
def test_smallest_part_that_fails_is_found(items: set[int], data: st.DataObject) -> None:
    needed = data.draw(st.sets(st.sampled_from(sorted(items)), min_size=1))
    assert smallest(sorted(items), needed.issubset) == sorted(needed)


def test_replay_is_written_as_it_is_read() -> None:
    changes = [Change(2, 5), Change(1, 7, True), Change(1, 3)]
    assert Replay(changes).name == "replay:1@3,+7/2@5"
    assert parse(Replay(changes).name)[0].name == Replay(changes).name
