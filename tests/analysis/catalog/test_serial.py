"""pyserial 3.5 over a port whose other end is in the same process:
https://pyserial.readthedocs.io/en/latest/url_handlers.html"""

from __future__ import annotations

from typing import Any

import pytest

from .facts import BODY, CUTS, Computed, Waiting, check, pieces, row

serial = pytest.importorskip("serial")


@pytest.fixture
def port() -> Any:
    with serial.serial_for_url("loop://", timeout=0) as opened:
        yield opened


def as_it_comes(port: Any, take: Any) -> list[bytes]:
    """Return the reads of a program that reads whenever something has come."""
    got = []
    for piece in pieces(BODY, CUTS):
        port.write(piece)
        got.append(take())
    return got


def test_a_port_has_a_number_of_bytes_that_have_come(port: Any) -> None:
    port.write(b"{}")
    assert port.in_waiting == port.inWaiting() == 2
    check(port, "serial", "serial_for_url")


def test_what_has_come_is_cut_anywhere(port: Any) -> None:
    check(as_it_comes(port, lambda: port.read(port.in_waiting)), "serial.Serial", "read", size=Waiting(1))
    check(as_it_comes(port, port.read_all), "serial.Serial", "read_all")


def test_what_brings_nothing_is_no_end(port: Any) -> None:
    assert port.read(7) == port.read_all() == b""
    port.write(b"{}")
    assert port.read(7) == b"{}"
    assert row("serial.Serial", "read", size=7).idle
    assert row("serial.Serial", "read_all").idle


def test_so_many_bytes_are_cut_anywhere(port: Any) -> None:
    port.write(BODY)
    check([port.read(7) for _ in range(0, len(BODY), 7)], "serial.Serial", "read", size=7)


def test_a_length_that_was_read_brings_its_message(port: Any) -> None:
    port.timeout = None
    messages = BODY.splitlines(keepends=True)
    got = []
    for message in messages:
        port.write(len(message).to_bytes(2, "big") + message)
    for _ in messages:
        got.append(port.read(int.from_bytes(port.read(2), "big")))
    check(got, "serial.Serial", "read", size=Computed(9))


@pytest.mark.parametrize(
    "take", [lambda port: [port.readline() for _ in range(3)], list, lambda port: port.readlines()]
)
def test_lines_are_lines(port: Any, take: Any) -> None:
    port.write(BODY)
    check(take(port), "serial.Serial", "readline")


def test_reading_until_something_is_a_line(port: Any) -> None:
    port.timeout = 9
    port.write(BODY)
    check([port.read_until() for _ in range(3)], "serial.Serial", "read_until")
