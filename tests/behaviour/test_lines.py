"""Programs that parse lines of event streams: right while nothing but data comes, and once fixed on any such stream."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from .clients import CLIENTS, Client
from .running import run
from .shapes import Shape, shape
from .streams import offsets
from .test_shapes import fixed

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path[:0] = [str(ROOT / "examples"), str(ROOT / "tests")]

from cuts import at_random, one_at_a_time  # noqa: E402
from server import CuttingServer  # noqa: E402

SHAPES = [
    shape(
        "prefix tested",
        "lines",
        """
        FOR line in STREAM:
            if line.startswith(PREFIX):
                data = json.loads(line[6:])
                print(data["choices"][0]["delta"].get("content"))
        """,
    ),
    shape(
        "blank lines tested",
        "lines",
        """
        FOR line in STREAM:
            if line:
                print(json.loads(line.removeprefix(PREFIX))["choices"][0]["delta"])
        """,
    ),
    shape(
        "letters of the prefix stripped",
        "lines",
        """
        FOR line in STREAM:
            if line.strip():
                print(json.loads(line.lstrip(PREFIX))["choices"][0]["delta"])
        """,
    ),
    shape(
        "prefix cut off by its length",
        "lines",
        """
        FOR line in STREAM:
            if line.strip():
                print(json.loads(line[6:])["choices"][0]["delta"])
        """,
    ),
]
LINES = {
    "requests": "response.iter_lines()",
    "httpx": "response.iter_lines()",
    "httpx, async": "response.aiter_lines()",
    "aiohttp": "response.content",
}
CHOICES = [json.dumps({"choices": [{"delta": {"content": text}}]}, ensure_ascii=False) for text in ("ü", "{[", "\n東")]
PLAIN = "".join(f"data: {choice}\n\n" for choice in CHOICES).encode()
FULL = f"event: message\n: hello\nid: 1\n{PLAIN.decode()}retry: 5\n\ndata: [DONE]\n\n".encode()
CRLF = FULL.replace(b"\n", b"\r\n")


def with_lines(client: Client) -> Client:
    kind = "str" if client.name.startswith("httpx") else "bytes"
    return Client(client.name, client.package, client.setup, LINES[client.name], kind, client.is_async)


CASES = [
    pytest.param(with_lines(client), shape_, id=f"{client.name}: {shape_.name}")
    for client in CLIENTS
    for shape_ in SHAPES
    if client.name in LINES
    # A blank line of aiohttp's is "\n", and true.
    and not (client.name == "aiohttp" and shape_.name == "blank lines tested")
]


@pytest.mark.parametrize(("client", "shape_"), CASES)
def test_fixed_program_takes_every_event_stream_however_it_is_cut(client: Client, shape_: Shape) -> None:
    pytest.importorskip(client.package)
    prefix = '"data: "' if client.kind == "str" else 'b"data: "'
    program = client.program(shape_).replace("PREFIX", prefix)
    with CuttingServer(PLAIN) as server:
        wanted = run(program, server.url)
        assert len(wanted) == len(CHOICES)
        server.body = FULL
        with pytest.raises(ValueError, match="Expecting value"):
            run(program, server.url)
        repaired = fixed(program)
        for body in (PLAIN, FULL, CRLF):
            server.body = body
            for parts in ([body], one_at_a_time(body), at_random(body, 1), at_random(body, 2)):
                server.cuts = tuple(offsets(parts))
                assert run(repaired, server.url) == wanted, repaired
