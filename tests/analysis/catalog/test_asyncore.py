"""asyncore and asynchat, which Python had before 3.12: https://docs.python.org/3.11/library/asyncore.html"""

from __future__ import annotations

import socket
from typing import Any

import pytest

from unchunk.analysis.catalog.dsl import CHUNK, MESSAGE

from .facts import BODY, CUTS, LINES, check, pieces, row

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")


@pytest.fixture
def pair() -> Any:
    one, other = socket.socketpair()
    with one, other:
        yield one, other


def test_a_dispatcher_is_told_again_and_again_that_it_can_read_and_receives_chunks(pair: Any) -> None:
    asyncore = pytest.importorskip("asyncore")
    sending, receiving = pair
    got: list[bytes] = []

    class Reader(asyncore.dispatcher):  # type: ignore[misc, name-defined]
        def handle_read(self) -> None:
            got.append(self.recv(8192))

    reader = Reader(receiving, {})
    for piece in pieces(BODY, CUTS):
        sending.sendall(piece)
        asyncore.loop(map=reader._map, count=1)
    check(got, "asyncore.dispatcher", "recv")
    assert row("asyncore.dispatcher", "handle_read").what is None


def test_a_dispatcher_of_datagrams_receives_them_whole() -> None:
    asyncore = pytest.importorskip("asyncore")
    sending, receiving = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)
    with sending, receiving:
        reader = asyncore.dispatcher(receiving, {})
        for line in LINES:
            sending.send(line.encode())
        check([reader.recv(8192) for _ in LINES], "asyncore.dispatcher", "recv", sibling_call=True)
    assert row("asyncore.dispatcher", "recv", sibling_call=True).what is MESSAGE
    assert row("asyncore.dispatcher", "recv").what is CHUNK


def test_a_chat_collects_chunks(pair: Any) -> None:
    asynchat = pytest.importorskip("asynchat")
    sending, receiving = pair
    got: list[bytes] = []

    class Chat(asynchat.async_chat):  # type: ignore[misc, name-defined]
        def collect_incoming_data(self, data: bytes) -> None:
            got.append(data)

        def found_terminator(self) -> None:
            """There is none in what is sent."""

    chat = Chat(receiving, {})
    chat.set_terminator(b"\0")
    for piece in pieces(BODY, CUTS):
        sending.sendall(piece)
        chat.handle_read()
    check(got, "asynchat.async_chat", "collect_incoming_data")
