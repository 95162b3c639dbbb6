"""Each program shape with each real client: right on well-cut streams, and after the fix right at every cut."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from unchunk.analysis import check_source
from unchunk.codemod import fix_source

from .clients import CLIENTS, Client
from .running import run
from .shapes import SHAPES, Shape
from .streams import STREAMS, offsets

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path[:0] = [str(ROOT / "examples"), str(ROOT / "tests")]

from cuts import at_random, halvings, one_at_a_time, two_way  # noqa: E402
from server import CuttingServer  # noqa: E402

PAIRS = [
    pytest.param(client, shape, id=f"{client.name}: {shape.name}")
    for client in CLIENTS
    for shape in SHAPES
    if client.fits(shape)
]


def fixed(source: str) -> str:
    """Return the program with all its findings fixed; there must be some."""
    result = fix_source(source, "program.py", unsafe=True)
    assert not result.left, [entry.reason for entry in result.left]
    assert result.fixed, "nothing was found"
    assert check_source(result.source, "program.py") == []
    assert fix_source(result.source, "program.py", unsafe=True).source == result.source
    return result.source


def expected(server: CuttingServer, source: str, pieces: list[bytes]) -> list[str]:
    """Return what the program prints as it was written, on the stream that it was written for."""
    server.cuts = tuple(offsets(pieces))
    server.delay = 0.01
    printed = run(source, server.url)
    server.delay = 0.0
    return printed


def cuts(body: bytes, thorough: bool) -> Iterator[list[int]]:
    """Whole, byte by byte, in halves and quarters and so on, at random, and in two: everywhere for one client."""
    yield []
    yield offsets(one_at_a_time(body))
    for parts in list(halvings(body))[: None if thorough else 3]:
        yield offsets(parts)
    for seed in range(4 if thorough else 2):
        yield offsets(at_random(body, seed))
    for parts in list(two_way(body))[1 : -1 : 2 if thorough else 31]:
        yield offsets(parts)


@pytest.mark.parametrize(("client", "shape"), PAIRS)
def test_fixed_program_prints_the_same_at_every_cut(client: Client, shape: Shape) -> None:
    pytest.importorskip(client.package)
    source = client.program(shape)
    repaired = fixed(source)
    pieces = STREAMS[shape.stream]
    with CuttingServer(b"".join(pieces), content_type="application/octet-stream") as server:
        wanted = expected(server, source, pieces)
        assert wanted
        for cut in cuts(server.body, thorough=client.name == "requests"):
            server.cuts = tuple(cut)
            assert run(repaired, server.url) == wanted, f"cut at {cut}:\n{repaired}"


@pytest.mark.parametrize("shape", [shape for shape in SHAPES if shape.kind != "str"], ids=lambda shape: shape.name)
def test_program_was_wrong_before_at_some_cut(shape: Shape) -> None:
    client = next(client for client in CLIENTS if client.name == "requests")
    pytest.importorskip(client.package)
    source, pieces = client.program(shape), STREAMS[shape.stream]
    with CuttingServer(b"".join(pieces), content_type="application/octet-stream") as server:
        wanted = expected(server, source, pieces)
        server.cuts = tuple(offsets(at_random(server.body, 1)))
        try:
            printed = run(source, server.url)
        except Exception:
            return
        assert printed != wanted
