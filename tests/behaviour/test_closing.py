"""A fixed program that leaves its loop early lets go of the connection as the original did."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from .clients import CLIENTS, Client
from .running import run
from .shapes import Shape, shape
from .streams import offsets
from .test_shapes import fixed

sys.path.insert(0, str(Path(__file__).resolve().parent.parent.parent / "examples"))

from server import CuttingServer

EARLY = [
    shape(
        "break",
        "lines",
        """
        FOR chunk in STREAM:
            data = json.loads(chunk)
            print(data)
            break
        """,
    ),
    shape(
        "return from a cut stream",
        "lines",
        """
        FOR chunk in STREAM:
            print(len(chunk) > 0, json.loads(chunk))
            return
        """,
    ),
    shape(
        "exception",
        "lines",
        """
        try:
            FOR chunk in STREAM:
                raise KeyError(json.loads(chunk)["k"])
        except KeyError as error:
            print(error)
        """,
    ),
]
# What the server has to say is far from over when the program has seen enough.
LONG = [b'{"k": 1}\n', *[b'{"filler": "%s"}\n' % (b"x" * 65536)] * 200]


@pytest.mark.parametrize("shape_", EARLY, ids=lambda shape_: shape_.name)
@pytest.mark.parametrize("client", CLIENTS, ids=lambda client: client.name)
def test_server_sees_the_program_hang_up(client: Client, shape_: Shape) -> None:
    pytest.importorskip(client.package)
    program = client.program(shape_)
    for source in (program, fixed(program)):
        with CuttingServer(b"".join(LONG), cuts=offsets(LONG), delay=0.02) as server:
            assert len(run(source, server.url)) == 1
            assert server.hung_up.wait(10), source
