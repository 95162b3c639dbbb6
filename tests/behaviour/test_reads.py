"""Programs that read from sockets, pipes, responses and asyncio streams, as they were and as they are fixed."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from textwrap import dedent, indent

import pytest

from .running import run
from .servers import tcp_server
from .streams import STREAMS, offsets
from .test_shapes import fixed

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path[:0] = [str(ROOT / "examples"), str(ROOT / "tests")]

from cuts import at_random, at_sizes, one_at_a_time  # noqa: E402
from server import CuttingServer  # noqa: E402

# The programs leave it to Python to close what they have opened, as programs do.
pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning")

BODIES = {
    "values": ("lines", "print(json.loads(data))"),
    "lines": ("lines", "for line in data.splitlines():\n    print(json.loads(line))"),
    "records": ("records", 'for part in data.split(b"\\0"):\n    if part:\n        print(json.loads(part))'),
    "swallowed": (
        "lines",
        "try:\n    value = json.loads(data)\nexcept ValueError:\n    continue\nprint(value['k'])",
    ),
    "left early": ("lines", "value = json.loads(data)\nprint(value)\nif value['k'] == 2:\n    break"),
}
LOOPS = {
    "while True": "while True:\n    data = READ\n    if not data:\n        break\n{}\nprint('end')",
    "walrus": "while data := READ:\n{}\nprint('end')",
    "condition": "going = True\nwhile going:\n    data = READ\n    if not data:\n        break\n{}\nprint('end')",
}
SYNC_LOOPS = {
    "sentinel": "for data in iter(lambda: READ, b''):\n{}\nprint('end')",
}


@dataclass(frozen=True, slots=True)
class Source:
    """A program's reader: the lines before its loop, and one read."""

    setup: str
    read: str
    is_async: bool = False
    http: bool = False

    def program(self, loop: str, body: str) -> str:
        text = f"{self.setup}\n{loop.format(indent(body, '    '))}".replace("READ", self.read)
        word = "async def" if self.is_async else "def"
        imports = "\n".join(f"import {name}" for name in ("asyncio", "http.client", "json", "socket", "urllib.request"))
        return f"{imports}\n\n\n{word} main(host, port):\n{indent(text, '    ')}\n"


SOURCES = {
    "socket": Source("connection = socket.create_connection((host, port))", "connection.recv(4096)"),
    "asyncio": Source(
        "reader, writer = await asyncio.open_connection(host, port)", "await reader.read(4096)", is_async=True
    ),
    "http.client": Source(
        "connection = http.client.HTTPConnection(host, port)\n"
        "connection.request('GET', '/')\n"
        "response = connection.getresponse()",
        "response.read1(4096)",
        http=True,
    ),
    "urllib": Source("response = urllib.request.urlopen(f'http://{host}:{port}/')", "response.read1(4096)", http=True),
}

CASES = [
    pytest.param(source, loop, body, id=f"{source_name}, {loop_name}, {body_name}")
    for source_name, source in SOURCES.items()
    for loop_name, loop in ({**LOOPS, **({} if source.is_async else SYNC_LOOPS)}).items()
    for body_name, body in BODIES.items()
]


TAKEN_BACK = (
    "going = True\nwhile going:\n    data = READ\n    if not data:\n        break\n{}\nprint('end')",
    "value = json.loads(data)\nprint(value)\ngoing = value['k'] < 2",
)
DECODED = (
    "while True:\n    data = (READ).decode()\n    if not data:\n        break\n{}\nprint('end')",
    "print(json.loads(data))",
)
CASES += [
    pytest.param(source, loop, ("lines", body), id=f"{source_name}, {name}")
    for source_name, source in SOURCES.items()
    for name, (loop, body) in (("condition taken back", TAKEN_BACK), ("decoded at once", DECODED))
]


ENDS_WITH_ERROR = (
    "try:\n    while True:\n        data = READ\n        if not data:\n            raise ConnectionError('gone')\n"
    "        value = json.loads(data)\n        print(value)\n        if value['k'] == LAST:\n            break\n"
    "except ConnectionError as error:\n    print(error)\nprint('end')"
)
CASES += [
    pytest.param(source, ENDS_WITH_ERROR.replace("LAST", last), ("lines", ""), id=f"{source_name}, error at {last}")
    for source_name, source in SOURCES.items()
    for last in ("2", "99")
]
ASYNC_LOOPS = {
    "time limit": LOOPS["while True"].replace("READ", "await asyncio.wait_for(reader.read(4096), 9)"),
    "condition goes round": (
        "while not reader.at_eof():\n    data = READ\n    if not data:\n        continue\n{}\nprint('end')"
    ),
}
CASES += [
    pytest.param(SOURCES["asyncio"], loop, body, id=f"asyncio, {name}, {body_name}")
    for name, loop in ASYNC_LOOPS.items()
    for body_name, body in BODIES.items()
    if body_name != "left early"
]


def printed(source: Source, program: str, pieces: list[bytes], pause: float) -> list[str]:
    if source.http:
        with CuttingServer(b"".join(pieces), cuts=offsets(pieces), delay=pause) as server:
            return run(program, server.host, server.port)
    with tcp_server(pieces, pause) as (host, port):
        return run(program, host, port)


def cuts(body: bytes) -> Iterator[list[bytes]]:
    yield [body]
    yield at_sizes(body, 40)
    yield at_random(body, 3)
    yield one_at_a_time(body)


@pytest.mark.parametrize(("source", "loop", "body"), CASES)
def test_fixed_program_prints_the_same_at_every_cut(source: Source, loop: str, body: tuple[str, str]) -> None:
    stream, text = body
    program = source.program(loop, text)
    repaired = fixed(program)
    pieces = STREAMS[stream]
    wanted = printed(source, program, pieces, pause=0.02)
    assert wanted[-1] == "end"
    assert len(wanted) > 2
    for parts in cuts(b"".join(pieces)):
        # The pause is what keeps the system from joining pieces; if it does so all the same, that is a cut, too.
        assert printed(source, repaired, parts, pause=0.0005) == wanted, repaired


def test_pipe_of_a_process() -> None:
    program = dedent(
        """
        import json
        import subprocess
        import sys

        def main(writer):
            process = subprocess.Popen([sys.executable, "-c", writer], stdout=subprocess.PIPE, bufsize=0)
            with process:
                while True:
                    data = process.stdout.read(65536)
                    if not data:
                        break
                    print(json.loads(data))
        """
    )
    writer = "import os, time\nfor piece in {!r}:\n    os.write(1, piece)\n    time.sleep({})\n"
    pieces = STREAMS["lines"]
    wanted = run(program, writer.format(pieces, 0.1))
    assert len(wanted) == len(pieces)
    repaired = fixed(program)
    for parts in cuts(b"".join(pieces)):
        assert run(repaired, writer.format(parts, 0.001)) == wanted


PROTOCOL = dedent(
    """
    import asyncio
    import json

    class Receiver(asyncio.Protocol):
        def connection_made(self, transport):
            self.done = asyncio.get_running_loop().create_future()

        def data_received(self, data):
            message = json.loads(data.decode("utf-8"))
            print(message)

        def connection_lost(self, error):
            self.done.set_result(None)

    async def main(host, port):
        _, receiver = await asyncio.get_running_loop().create_connection(Receiver, host, port)
        await receiver.done
    """
)


SPLIT = PROTOCOL.replace(
    'message = json.loads(data.decode("utf-8"))\n        print(message)',
    "for line in data.splitlines():\n            if line:\n                print(json.loads(line))",
)


@pytest.mark.parametrize("program", [PROTOCOL, SPLIT], ids=["whole", "split"])
def test_callback_of_a_protocol(program: str) -> None:
    pieces = STREAMS["lines"]
    with tcp_server(pieces, 0.02) as (host, port):
        wanted = run(program, host, port)
    assert len(wanted) == len(pieces)
    repaired = fixed(program)
    for parts in cuts(b"".join(pieces)):
        with tcp_server(parts, 0.0005) as (host, port):
            assert run(repaired, host, port) == wanted


TOLD = dedent(
    """
    import asyncio
    import json

    async def main(host, port):
        reader, writer = await asyncio.open_connection(host, port)
        while True:
            head = await reader.read(4)
            if not head:
                break
            body = await reader.read(int.from_bytes(head, "big"))
            if not body:
                break
            print(json.loads(body))
        print("end")
    """
)


def test_announced_length() -> None:
    bodies = STREAMS["documents"]
    pieces = [part for body in bodies for part in (len(body).to_bytes(4, "big"), body)]
    with tcp_server(pieces, 0.02) as (host, port):
        wanted = run(TOLD, host, port)
    assert len(wanted) == len(bodies) + 1
    repaired = fixed(TOLD)
    for parts in cuts(b"".join(pieces)):
        with tcp_server(parts, 0.0005) as (host, port):
            assert run(repaired, host, port) == wanted
