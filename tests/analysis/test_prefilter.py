"""The prefilter is sound: no file with a finding is left out, and its table says what the catalog's rows say."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from unchunk.analysis import Settings, SourceError, check_source
from unchunk.analysis.catalog.dsl import Use
from unchunk.analysis.catalog.generate_prefilter import table
from unchunk.analysis.catalog.index import builtin_clients
from unchunk.analysis.flow.parse_calls import WRAPPERS
from unchunk.analysis.prefilter import (
    DECODERS,
    FILES,
    PARSER_WORDS,
    PARSES,
    YIELDS,
    has_sink,
    has_source,
    may_contain,
    may_contain_alone,
)

EVAL = sorted((Path(__file__).parent.parent / "eval").rglob("*.py"))
SRC = Path(__file__).parents[2] / "src"
EVERYTHING = Settings()


@pytest.mark.parametrize("path", EVAL, ids=lambda path: path.stem)
def test_no_function_with_a_finding_is_left_out(path: Path) -> None:
    """Each finding has to survive by itself: the other functions of the file must not keep the file in."""
    source = path.read_text()
    lines = source.splitlines(keepends=True)
    head = "".join(line for line in lines if line.startswith(("import ", "from ")))
    for number, line in enumerate(lines):
        if not line.startswith(("def ", "async def ", "class ")):
            continue
        end = next((at for at in range(number + 1, len(lines)) if lines[at][:1] not in (" ", "\n", "#")), len(lines))
        program = head + "".join(lines[number:end])
        if check_source(program, settings=EVERYTHING):
            assert may_contain(program.encode(), EVERYTHING), program
        if check_source(program):
            assert may_contain_alone(program.encode()), program


def installed() -> list[Path]:
    """Files of the packages that the tests run with, as far as they name a parser."""
    folder = Path(pytest.__file__).parent.parent
    named = ("loads", "validate_json", "from_json", "parse_raw")
    found = []
    for path in sorted(folder.rglob("*.py")):
        source = path.read_bytes()
        if len(source) < 60_000 and any(name.encode() in source for name in named):
            found.append(path)
    return found


def test_no_installed_file_with_a_finding_is_left_out() -> None:
    for path in installed():
        source = path.read_bytes()
        if may_contain(source, EVERYTHING) and may_contain_alone(source):
            continue
        settings = None if may_contain(source, EVERYTHING) else EVERYTHING
        try:
            assert not check_source(source, str(path), settings=settings), path
        except SourceError:
            continue


def test_table_is_what_the_rows_say() -> None:
    written = (SRC / "unchunk" / "analysis" / "prefilter_table.py").read_text()
    assert written.split() == table().split(), "run `python -m unchunk.analysis.catalog.generate_prefilter`"


def test_every_parser_is_known_by_its_word() -> None:
    rows = [row for client in builtin_clients() for row in client.all_rows() if row.use is Use.PARSE]
    for row in rows:
        name = row.member.rpartition(".")[2]
        if name == "load":
            continue  # a parser of pieces only where one is made a file, and the words for that are looked for
        decodes = name == "decode" and {row.client, row.owner.rpartition(".")[2]} & {*DECODERS}
        assert decodes or name in PARSER_WORDS
    assert FILES
    assert {*PARSER_WORDS} >= WRAPPERS


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (b"", 0),
        (b"import json\njson.dumps(x)", 0),
        (b"import pickle\npickle.loads(chunk)", 0),
        (b"import json\njson.loads(text)", PARSES),
        (b"for chunk in r.iter_content(): pass", YIELDS),
        (b"import json\nfor c in r.iter_content(): json.loads(c)", PARSES | YIELDS),
        (b"import json, requests\njson.loads(requests.get(u).text)", PARSES),
        (b"import json\njson.loads(open(p).read())", PARSES),
        (b"import json\nr.decode(); downloads(chunk)", 0),
        (b"from json import JSONDecoder as D\nD().decode(text)", PARSES),
        (b"import json\nfor chunk in iter_content(r): json.loads(chunk)", PARSES),
        (b"import json\nfor chunk in r \\\n . iter_content(): json.loads(chunk)", PARSES | YIELDS),
        (b"import json\nfor chunk in getattr(r, 'iter_content')(): json.loads(chunk)", PARSES | YIELDS),
        (b"import json\nread = open(p).read\njson.loads(read(9))", PARSES | YIELDS),
        (b"import json\nwhile c := open(p).read(9): json.loads(c)", PARSES | YIELDS),
        (b"import os, \\\n  socket\nimport json\njson.loads(socket.socket().recv(1))", PARSES | YIELDS),
    ],
)
def test_what_a_file_names(source: bytes, expected: int) -> None:
    assert (PARSES if has_sink(source) else 0) | (YIELDS if has_source(source) else 0) == expected


def test_users_own_names_count() -> None:
    source = b"import json\nfor frame in client.frames(): json.loads(frame)"
    assert not may_contain(source)
    assert may_contain(source, Settings(select=frozenset(("UNC101",)), sources=(("frames", "chunk"),)))


def test_importing_it_brings_in_next_to_nothing() -> None:
    program = (
        "import sys; before = set(sys.modules); import unchunk.analysis.prefilter, unchunk.analysis.project_graph;"
        "print(sorted(set(sys.modules) - before))"
    )
    out = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True).stdout
    loaded = set(eval(out))
    assert not {"ast", "dataclasses", "inspect", "typing", "json", "enum"} & (loaded - {"enum", "re"}) - {"enum"}, out
