"""The definitions around a place, found without parsing: what the engine's own search by indentation finds."""

from __future__ import annotations

from pathlib import Path

import pytest

from unchunk.analysis.flow.outline import Words, defining
from unchunk.analysis.module_exports import names_of

PROGRAM = b"""\
import json
default = 1
parse: T = json.loads
class A(B):
    x = json.loads
    def f(self):
        def g(): return json.loads
        return json.loads
    async def h(self): pass
json.loads(x)
async def i(): json.loads
if x:
    def j(): json.loads
"""


@pytest.mark.parametrize(
    ("line", "names"),
    [
        (1, []),
        (3, [b"parse"]),
        (5, [b"A"]),
        (7, [b"A", b"f", b"g"]),
        (8, [b"A", b"f", b"g"]),
        (10, [b"A", b"h"]),
        (11, [b"i"]),
        (13, [b"i", b"j"]),
    ],
)
def test_definitions_around_a_line(line: int, names: list[bytes]) -> None:
    lines = PROGRAM.splitlines(keepends=True)
    lines[line - 1] = lines[line - 1].replace(b"json", b"here")
    assert sorted(names_of(b"".join(lines), [b"here"])) == names


def test_a_program_without_outermost_definitions() -> None:
    source = b"try:\n    x(here)\nexcept E:\n    def f(t):\n        return here(t)\n"
    assert names_of(source, [b"here"]) == {b"f"}


@pytest.mark.parametrize("word", ["loads", "self", "None"])
def test_the_same_is_found_as_in_the_text(word: str) -> None:
    for path in Path(__file__).parents[2].glob("src/**/*.py"):
        source = path.read_bytes()
        found = {name.decode() for name in names_of(source, [word.encode()])}
        assert found == defining(Words(source.decode()), [word]), path
