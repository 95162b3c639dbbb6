"""The forms in which a word counts."""

from __future__ import annotations

import pytest

from unchunk.analysis.byte_tokens import TokenIndex


@pytest.mark.parametrize(
    ("word", "program"),
    [
        (b"open", b"open(p)"),
        (b"!open", b"with open(p) as f: pass"),
        (b"!open", b"with builtins.open(p) as f: pass"),
        (b".read", b"f.read()"),
        (b".read", b"f \\\n . read()"),
        (b".read", b"getattr(f, 'read')"),
        (b":data_received", b"def data_received(self, data): pass"),
        (b"~iter_content", b"async  def iter_content(self): pass"),
        (b"@read", b"os.read(0, 9)"),
        (b"@read", b"from os import (\n    fdopen,  # not (this)\n    read,\n)\nread(0, 9)"),
        (b"@read", b"from os import path, \\\n    read\nread(0, 9)"),
        (b"@read", b"from os import *\nread(0, 9)"),
        (b".read(", b"f.read(9)"),
        (b".read(", b"read = f.read"),
        (b".read#", b"f.read(9)"),
        (b".read#", b"f.read(\n    SIZE,\n)"),
        (b".read#", b"f.read(self.size)"),
        (b".read#", b"f.read(sizes[0])"),
        (b".read#", b"f.read(size=9)"),
        (b".read#", b"f.read(*given)"),
        (b".read#", b"f.read((9))"),
        (b".read#", b"partial(f.read, 9)"),
        (b".read#", b"getattr(f, 'read')(9)"),
        (b"?stream", b"# upstream"),
    ],
)
def test_what_counts(word: bytes, program: bytes) -> None:
    assert TokenIndex(program).contains(word)


@pytest.mark.parametrize(
    ("word", "program"),
    [
        (b"open", b"reopen(p); opened"),
        (b"!open", b"path.open()"),
        (b"!open", b"state: Literal['open']"),
        (b".read", b"read(f)"),
        (b".read", b"def read(self): pass"),
        (b":data_received", b"data_received = 1"),
        (b"@read", b"read(0, 9)"),
        (b"@read", b"import os\nread(0, 9)"),
        (b".read(", b"f.read()"),
        (b".read(", b"f.read (\n)"),
        (b".read#", b"f.read()"),
        (b".read#", b"f.read(-1)"),
        (b".read#", b"config.read('setup.cfg')"),
        (b".read#", b"cache.read(key_of(x))"),
        (b".read#", b"f.read(size - done)"),
        (b"?stream", b"# steam"),
    ],
)
def test_what_does_not(word: bytes, program: bytes) -> None:
    assert not TokenIndex(program).contains(word)


def test_a_condition_may_stand_in_a_comment_that_is_no_code() -> None:
    assert TokenIndex(b"x", b"x  # stream").contains(b"?stream")
