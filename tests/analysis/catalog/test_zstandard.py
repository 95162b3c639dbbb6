"""zstandard 0.25: https://python-zstandard.readthedocs.io/en/latest/decompressor.html"""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from .facts import BODY, check, fact, read_on

zstandard = pytest.importorskip("zstandard")

READER = "zstandard.ZstdDecompressionReader"
FACTS = [
    fact(READER, "read", lambda got: read_on(lambda: got.read(7)), size=7),
    fact(READER, "read", lambda got: got.read()),
    fact(READER, "read1", lambda got: read_on(lambda: got.read1(7))),
    fact(READER, "readall", lambda got: got.readall()),
]


def compressed() -> io.BytesIO:
    return io.BytesIO(zstandard.ZstdCompressor().compress(BODY))


@pytest.mark.parametrize(("owner", "member", "take", "arguments"), FACTS)
def test_a_reader_hands_out(owner: str, member: str, take: Callable[[Any], Any], arguments: dict[str, Any]) -> None:
    reader = zstandard.ZstdDecompressor().stream_reader(compressed())
    check(reader, "zstandard.ZstdDecompressor", "stream_reader")
    check(take(reader), owner, member, **arguments)


def test_a_decompressor_hands_out() -> None:
    decompressor = zstandard.ZstdDecompressor()
    check(list(decompressor.read_to_iter(compressed(), write_size=7)), "zstandard.ZstdDecompressor", "read_to_iter")
    check(decompressor.decompress(compressed().getvalue()), "zstandard.ZstdDecompressor", "decompress")


def test_a_file_that_is_opened_hands_out_lines_and_blocks(tmp_path: Path) -> None:
    path = tmp_path / "lines.zst"
    path.write_bytes(compressed().getvalue())
    with zstandard.open(path, "rt", encoding="utf-8") as lines:
        check(list(lines), "io.file object", "")
    with zstandard.open(path, "rb") as blocks:
        check(read_on(lambda: blocks.read(7)), "io.file object", "read", size=7)
