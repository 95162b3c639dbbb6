"""Reads of so many bytes: of pipes that only their name tells of, of files, and sizes as programs write them."""

from __future__ import annotations

import textwrap

import pytest

from unchunk.analysis import check_source
from unchunk.analysis.prefilter import may_contain_alone

HEAD = """\
import asyncio, bz2, gzip, json, lzma, os
import zstandard as zstd
KIB = 1024
SIZE = 64 * KIB
"""


def codes(program: str) -> list[str]:
    source = (HEAD + textwrap.dedent(program)).encode()
    found = [finding.code for finding in check_source(source, "program.py")]
    assert not found or may_contain_alone(source)
    return found


PIPE = """
    def program(process):
        while chunk := {0}:
            for line in chunk.splitlines():
                print(json.loads(line))
"""
ASYNC_PIPE = """
    async def program(owner):
        while True:
            chunk = await {0}
            if not chunk:
                break
            for line in chunk.decode().split("\\n"):
                if line.strip():
                    print(json.loads(line))
"""
FILE = """
    def program(path):
        with {0} as file:
            while chunk := file.read({1}):
                for line in chunk.splitlines():
                    print(json.loads(line))
"""
SILENT = {
    "lines": """
        def program(process):
            for line in process.stdout:
                print(json.loads(line))
            while line := process.stdout.readline():
                print(json.loads(line))
    """,
    "all of it": """
        def program(process, result):
            print(json.loads(process.stdout.read()), json.loads(result.stdout))
            for line in result.stdout.splitlines():
                print(json.loads(line))
    """,
    "once": """
        def program(process):
            return json.loads(process.stdout.read(65536))
    """,
    "a length that was read before": """
        class Process:
            def messages(self):
                while head := self.process.stdout.read(4):
                    yield json.loads(self.process.stdout.read(int.from_bytes(head, "big")))
    """,
    "the remainder put back": """
        def program(process):
            rest = b""
            while chunk := process.stdout.read(64 * 1024):
                *lines, rest = (rest + chunk).split(b"\\n")
                for line in lines:
                    print(json.loads(line))
    """,
    "until the end of a line": """
        def program(process):
            line = b""
            while letter := process.stdout.read(1):
                line += letter
                if letter == b"\\n":
                    print(json.loads(line))
                    line = b""
    """,
    "its own process": """
        class Pipe:
            def read(self, size):
                return self.queue.get()
        class Process:
            def __init__(self):
                self.stdout = Pipe()
        def program():
            process = Process()
            while True:
                print(json.loads(process.stdout.read(10)))
    """,
}


@pytest.mark.parametrize("program", SILENT.values(), ids=SILENT)
def test_what_is_whole_is_left_alone(program: str) -> None:
    assert codes(program) == []


@pytest.mark.parametrize(
    "read",
    [
        "process.stdout.read(4096)",
        "process.stderr.read(4096)",
        "process.stdout.read(SIZE)",
        "process.stdout.read(4 * KIB)",
        "process.owner.inner.stdout.read(1 << 12)",
    ],
)
def test_a_pipe_is_known_by_its_name(read: str) -> None:
    assert codes(PIPE.format(read)) == ["UNC102"]


@pytest.mark.parametrize(
    "read",
    [
        "owner.stdout.read(4096)",
        "owner.process.stdout.read(4096)",
        "asyncio.wait_for(owner.process.stdout.read(4096), timeout=300)",
        "asyncio.wait_for(owner.stdout.read(2**12), 300)",
    ],
)
def test_so_it_is_where_it_is_awaited(read: str) -> None:
    assert codes(ASYNC_PIPE.format(read)) == ["UNC102"]


@pytest.mark.parametrize("size", ["4096", "64 * 1024", "1 << 20", "2**16", "16 * KIB * 2", "SIZE", "size=1024 * 8"])
@pytest.mark.parametrize(
    "opened",
    [
        "open(path)",
        'gzip.open(path, "rb")',
        'bz2.open(path, "rt")',
        'lzma.open(path, "rb")',
        'zstd.ZstdDecompressor().stream_reader(open(path, "rb"))',
        'zstd.open(path, "rb")',
    ],
)
def test_a_size_of_the_programs_own_cuts_a_file_anywhere(opened: str, size: str) -> None:
    assert codes(FILE.format(opened, size)) == ["UNC102"]


@pytest.mark.parametrize("size", ["", "-1", "path.size", "os.stat(path).st_size", "len(path)", "int(path) * 2"])
def test_any_other_size_may_be_that_of_a_message(size: str) -> None:
    assert codes(FILE.format("open(path)", size)) == []


@pytest.mark.parametrize("size", ["2 ** 10 ** 10", "1 << 10**9", "9 ** 9 ** 9", "(-1) ** 3", "0 * -5"])
def test_no_number_is_too_large_to_be_computed(size: str) -> None:
    assert codes(f"SIZES = [{size}]\n" + textwrap.dedent(FILE).format("open(path)", size)) in ([], ["UNC102"])


def test_a_size_that_grows_in_a_loop_comes_to_rest() -> None:
    program = """
        def program(path):
            size = 1
            with open(path) as file:
                while chunk := file.read(size):
                    size = size * 2
                    size = size << 1
                    print(json.loads(chunk))
    """
    assert codes(program) in ([], ["UNC101"])
