"""pexpect with a child of ours: https://pexpect.readthedocs.io/en/stable/api/pexpect.html"""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

import pytest

from .facts import BODY, CUTS, Computed, check, pieces, read_on

pexpect = pytest.importorskip("pexpect")

CHILD = """
import sys, termios, time
modes = termios.tcgetattr(1)
modes[1] &= ~termios.OPOST
termios.tcsetattr(1, termios.TCSANOW, modes)
for piece in {pieces!r}:
    sys.stdout.buffer.write(piece)
    sys.stdout.flush()
    time.sleep({pause})
"""


def child(of: list[bytes], pause: float = 0.05, **options: Any) -> Any:
    return pexpect.spawn(sys.executable, ["-c", CHILD.format(pieces=of, pause=pause)], timeout=20, **options)


def until_the_end(read: Callable[[], Any]) -> list[Any]:
    got = []
    while True:
        try:
            got.append(read())
        except pexpect.EOF:
            return got


@pytest.mark.skipif(not hasattr(pexpect, "spawn"), reason="no terminals here")
def test_what_a_child_writes_is_cut_anywhere() -> None:
    started = child(list(pieces(BODY, CUTS)))
    check(until_the_end(lambda: started.read_nonblocking(4096)), "pexpect.spawn", "read_nonblocking")


def test_so_many_bytes_are_cut_anywhere_and_all_of_them_are_the_whole() -> None:
    started = child([BODY])
    check(read_on(lambda: started.read(7)), "pexpect.spawn", "read", size=7)
    check(child([BODY]).read(), "pexpect.spawn", "read")


def test_a_length_that_was_read_brings_its_message() -> None:
    messages = BODY.splitlines(keepends=True)
    started = child([b"%3d" % len(message) + message for message in messages])
    got = [started.read(int(started.read(3))) for _ in messages]
    check(got, "pexpect.spawn", "read", size=Computed(9))


LINES = BODY.replace(b"\n", b"\r\n")


def test_lines_are_lines() -> None:
    for take in (list, lambda started: started.readlines(), lambda started: list(iter(started.readline, b""))):
        check(take(child([LINES])), "pexpect.spawn")
    check(list(child([LINES], encoding="utf-8")), "pexpect.spawn", "readline")
