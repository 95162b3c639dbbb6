"""Twisted and treq: https://docs.twisted.org/en/stable/core/howto/servers.html

Protocols are fed as a transport feeds them. treq is checked against its own agent without a network: a reactor cannot
be started twice in one process, and would be a guest in this one.
"""

from __future__ import annotations

from typing import Any

import pytest

from .facts import BODY, CUTS, LINES, check, pieces

pytest.importorskip("twisted")
basic = pytest.importorskip("twisted.protocols.basic")
testing = pytest.importorskip("twisted.internet.testing")
protocol = pytest.importorskip("twisted.internet.protocol")


def fed(kind: Any, member: str, body: bytes = BODY, cuts: Any = CUTS, prepare: Any = None) -> list[bytes]:
    """Return the arguments of a protocol's method when the body arrives cut."""
    got: list[bytes] = []
    made = type("Mine", (kind,), {member: lambda self, data: got.append(data), "delimiter": b"\n"})()
    made.makeConnection(testing.StringTransport())
    if prepare is not None:
        prepare(made)
    for piece in pieces(body, cuts):
        made.dataReceived(piece)
    return got


def test_a_protocol_is_handed_chunks() -> None:
    check(fed(protocol.Protocol, "dataReceived"), "twisted.internet.protocol.Protocol", "dataReceived")


def test_a_line_receiver_is_handed_lines() -> None:
    owner = "twisted.protocols.basic.LineReceiver"
    check(fed(basic.LineReceiver, "lineReceived"), owner, "lineReceived")
    check(fed(basic.LineOnlyReceiver, "lineReceived"), owner, "lineReceived")
    raw = fed(basic.LineReceiver, "rawDataReceived", prepare=lambda made: made.setRawMode())
    check(raw, owner, "rawDataReceived")


def test_a_string_receiver_is_handed_messages() -> None:
    owner = "twisted.protocols.basic.Int32StringReceiver"
    messages = [line.encode() for line in LINES]
    body = b"".join(len(message).to_bytes(4, "big") + message for message in messages)
    check(fed(basic.Int32StringReceiver, "stringReceived", body), owner, "stringReceived")
    body = b"".join(b"%d:%s," % (len(message), message) for message in messages)
    check(fed(basic.NetstringReceiver, "stringReceived", body), owner, "stringReceived")


def test_a_process_protocol_is_handed_chunks() -> None:
    owner = "twisted.internet.protocol.ProcessProtocol"
    out: list[bytes] = []
    child: list[bytes] = []
    made = type("Mine", (protocol.ProcessProtocol,), {"outReceived": lambda self, data: out.append(data)})()
    raw = type("Mine", (protocol.ProcessProtocol,), {"childDataReceived": lambda self, _, data: child.append(data)})()
    for piece in pieces(BODY, CUTS):
        made.childDataReceived(1, piece)
        raw.childDataReceived(1, piece)
    check(out, owner, "outReceived")
    check(child, owner, "childDataReceived")


def test_the_function_given_to_collect_is_called_with_chunks() -> None:
    treq = pytest.importorskip("treq")
    got: list[bytes] = []

    class Response:
        length = len(BODY)

        def deliverBody(self, receiver: Any) -> None:
            for piece in pieces(BODY, CUTS):
                receiver.dataReceived(piece)

    treq.collect(Response(), got.append)
    check(got, "treq", "collect")
