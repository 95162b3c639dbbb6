"""Files of the standard library: https://docs.python.org/3/library/io.html"""

from __future__ import annotations

import bz2
import codecs
import gzip
import io
import lzma
import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from .facts import BODY, LINES, Computed, check, fact, read_on

FACTS = [
    fact("io.file object", "", list),
    fact("io.file object", "readlines", lambda got: got.readlines()),
    fact("io.file object", "readline", lambda got: read_on(got.readline, type(got.read(0))())),
    fact("io.file object", "read", lambda got: got.read()),
    fact("io.file object", "read", lambda got: read_on(lambda: got.read(7), type(got.read(0))()), size=7),
]


def opened(path: Path) -> Iterator[tuple[str, Any]]:
    """Yield the same file, opened in each way that the catalog names."""
    yield "io.TextIOWrapper", open(path, encoding="utf-8")  # noqa: SIM115
    yield "io.BufferedIOBase", open(path, "rb")  # noqa: SIM115
    yield "io.BufferedIOBase", open(path, "rb", buffering=0)  # noqa: SIM115
    yield "io.TextIOWrapper", path.open(encoding="utf-8")
    yield "io.BufferedIOBase", os.fdopen(os.open(path, os.O_RDONLY), "rb")
    yield "io.TextIOWrapper", io.StringIO(BODY.decode())
    yield "io.BufferedIOBase", io.BytesIO(BODY)
    for packer in (gzip, bz2, lzma):
        packed = path.with_suffix(f".{packer.__name__}")
        packed.write_bytes(packer.compress(BODY))
        yield "io.BufferedIOBase", packer.open(packed)


@pytest.mark.parametrize(("owner", "member", "take", "arguments"), FACTS)
def test_a_file_hands_out(
    tmp_path: Path, owner: str, member: str, take: Callable[[Any], Any], arguments: dict[str, Any]
) -> None:
    path = tmp_path / "lines"
    path.write_bytes(BODY)
    for kind, file in opened(path):
        with file:
            got = take(file)
        check(got, owner, member, **arguments)
        check(got, kind, member, **arguments)


def test_a_length_that_was_read_before_gives_a_whole_message() -> None:
    """Read as the Language Server Protocol does, whose messages follow their own length."""
    file = io.BytesIO("".join(LINES).encode())
    lengths = [Computed(len(line.encode())) for line in LINES]
    check([file.read(length) for length in lengths], "io.BufferedIOBase", "read", size=lengths[0])


def test_read_of_os_hands_out_chunks(tmp_path: Path) -> None:
    path = tmp_path / "lines"
    path.write_bytes(BODY)
    descriptor = os.open(path, os.O_RDONLY)
    check(read_on(lambda: os.read(descriptor, 7)), "os", "read", length=7)
    os.close(descriptor)


def test_what_reads_a_file_at_once_hands_out_the_whole(tmp_path: Path) -> None:
    path = tmp_path / "lines"
    path.write_bytes(BODY)
    check(path.read_text(encoding="utf-8"), "pathlib.Path", "read_text")
    check(path.read_bytes(), "pathlib.Path", "read_bytes")
    check(io.BytesIO(BODY).getvalue(), "io.BufferedIOBase", "getvalue")
    check(io.StringIO(BODY.decode()).getvalue(), "io.TextIOWrapper", "getvalue")
    with codecs.open(str(path), encoding="utf-8") as file:
        check(list(file), "io.TextIOWrapper")


def test_standard_input_is_a_text_file_over_a_byte_file() -> None:
    assert isinstance(sys.__stdin__, io.TextIOWrapper)
    check(sys.__stdin__, "sys", "stdin")
    check(sys.__stdin__.buffer, "io.TextIOWrapper", "buffer")
