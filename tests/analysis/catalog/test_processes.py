"""subprocess and multiprocessing of the standard library: https://docs.python.org/3/library/subprocess.html"""

from __future__ import annotations

import multiprocessing
import multiprocessing.connection
import subprocess
import threading
from collections.abc import Callable
from typing import Any

import pytest

from unchunk.analysis.findings import Framing

from .facts import BODY, LINES, check, fact, read_on, row
from .feeding import COMMAND

PIPE = [
    fact("io.file object", "", list),
    fact("io.file object", "readline", lambda got: read_on(got.readline)),
    fact("io.file object", "read", lambda got: read_on(lambda: got.read(7)), size=7),
    fact("io.file object", "read", lambda got: got.read()),
    fact("io.BufferedIOBase", "read1", lambda got: read_on(lambda: got.read1(1024))),
]


@pytest.mark.parametrize(("owner", "member", "take", "arguments"), PIPE)
def test_the_output_of_a_process_hands_out(
    owner: str, member: str, take: Callable[[Any], Any], arguments: dict[str, Any]
) -> None:
    with subprocess.Popen(COMMAND, stdout=subprocess.PIPE) as process:
        check(take(process.stdout), owner, member, **arguments)


def test_the_output_of_a_process_that_only_its_name_tells_of_comes_by_pieces() -> None:
    owner = "subprocess.anything with the pipes of a process"
    with subprocess.Popen(COMMAND, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        check(read_on(lambda: process.stdout.read(7)), owner, "stdout.read", size=7)


def test_what_waits_for_the_end_hands_out_the_whole() -> None:
    check(subprocess.check_output(COMMAND), "subprocess", "check_output")
    finished = subprocess.run(COMMAND, capture_output=True, check=True)
    check(finished, "subprocess", "run")
    check(finished.stdout, "subprocess.CompletedProcess", "stdout")
    with subprocess.Popen(COMMAND, stdout=subprocess.PIPE) as process:
        assert row("subprocess.Popen", "communicate").what == (Framing.WHOLE, Framing.WHOLE)
        assert process.communicate()[0] == BODY


def test_a_connection_keeps_messages_whole() -> None:
    receiving, sending = multiprocessing.Pipe(duplex=False)
    for line in LINES:
        sending.send_bytes(line.encode())
    check([receiving.recv_bytes() for _ in LINES], "multiprocessing.connection.Connection", "recv_bytes")
    for line in LINES:
        sending.send(line)
    check([receiving.recv() for _ in LINES], "multiprocessing.connection.Connection", "recv")
    receiving.close()
    sending.close()


def test_a_listener_and_a_client_have_connections() -> None:
    with multiprocessing.connection.Listener(("127.0.0.1", 0)) as listener:

        def send() -> None:
            with multiprocessing.connection.Client(listener.address) as connection:
                check(connection, "multiprocessing", "connection.Client")
                for line in LINES:
                    connection.send_bytes(line.encode())

        thread = threading.Thread(target=send, daemon=True)
        thread.start()
        with listener.accept() as connection:
            check(connection, "multiprocessing.connection.Listener", "accept")
            check([connection.recv_bytes() for _ in LINES], "multiprocessing.connection.Connection", "recv_bytes")
        thread.join(20)
