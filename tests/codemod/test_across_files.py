"""Programs whose pieces are parsed by a function of another file: the loop is mended, the helper is not touched."""

from __future__ import annotations

from pathlib import Path

import pytest

from unchunk.analysis import check_source
from unchunk.codemod import fix_source
from unchunk.codemod.fix import FixResult

from .rewrites import program

HELPERS = '''
import json

try:
    import orjson
except ImportError:
    orjson = None


def parsed(text):
    """Also fed with lines by others."""
    return json.loads(text)


def of_event(event):
    return json.loads(event.decode().removeprefix("data: "))


def fastest(text):
    return orjson.loads(text) if orjson else json.loads(text)


class Reader:
    def show(self, piece):
        print(json.loads(piece))
'''

FIXED = [
    pytest.param(
        "for chunk in r.iter_content():\n    print(bool(chunk), parsed(chunk))",
        'for chunk in rechunk(r.iter_content(), at="document", skip_blank=True):\n'
        "    print(bool(chunk), parsed(chunk))",
        id="documents",
    ),
    pytest.param(
        "for chunk in r.iter_content():\n    print(of_event(chunk))",
        'for chunk in rechunk(r.iter_content(), at="event"):\n    print(of_event(chunk))',
        id="the helper cuts the prefix off",
    ),
    pytest.param(
        "for chunk in r.iter_content():\n    for line in chunk.splitlines():\n        print(parsed(line))",
        'for chunk in rechunk(r.iter_content(), at="line"):\n    for line in chunk.splitlines():\n'
        "        print(parsed(line))",
        id="lines",
    ),
    pytest.param(
        "reader = Reader()\nfor chunk in r.iter_content():\n    reader.show(chunk)",
        "reader = Reader()\n"
        'for chunk in rechunk(r.iter_content(), at="document", skip_blank=True):\n    reader.show(chunk)',
        id="a method",
    ),
    pytest.param(
        "x = [parsed(c) for c in r.iter_content()]",
        'x = [parsed(c) for c in rechunk(r.iter_content(), at="document", skip_blank=True)]',
        id="in a comprehension",
    ),
    pytest.param(
        "for chunk in r.iter_content():\n    print(bool(chunk), fastest(chunk))",
        'for chunk in rechunk(r.iter_content(), at="document", skip_blank=True):\n'
        "    print(bool(chunk), fastest(chunk))",
        id="one of two parsers, whichever is there",
    ),
    pytest.param(
        "for chunk in r.iter_content():\n"
        '    for part in chunk.split(b"data:"):\n'
        "        if part := part.strip():\n"
        '            if part == b"[DONE]":\n'
        "                break\n"
        "            print(fastest(part))",
        'for chunk in rechunk(r.iter_content(), at="line"):\n'
        '    for part in chunk.split(b"data:"):\n'
        "        if part := part.strip():\n"
        '            if part == b"[DONE]":\n'
        "                break\n"
        "            print(fastest(part))",
        id="events that are split at their field",
    ),
]


def fixed(folder: Path, source: str) -> FixResult[bytes]:
    (folder / "app").mkdir()
    (folder / "app" / "__init__.py").touch()
    (folder / "app" / "helpers.py").write_text(program(HELPERS))
    path = folder / "app" / "main.py"
    path.write_text(source)
    return fix_source(
        source.encode(),
        str(path),
        unsafe=True,
        find=lambda text, name: check_source(text, name, follow_imports=True),
    )


@pytest.mark.parametrize(("before", "after"), FIXED)
def test_loop_is_mended(tmp_path: Path, before: str, after: str) -> None:
    head = "import requests\n{}\nfrom .helpers import Reader, fastest, of_event, parsed\n\nr = requests.get(u)\n"
    result = fixed(tmp_path, head.format("") + before + "\n")
    assert not result.left
    assert all(entry.safe for entry in result.fixed)
    assert result.source.decode() == head.format("from unchunk import rechunk\n") + after + "\n"


EVENTS = (
    "import openai\nfrom .helpers import parsed\n\n"
    "stream = openai.OpenAI().chat.completions.create(model=m, messages=[], stream=True)\n"
    "for chunk in stream:\n    print(parsed(chunk.choices[0].delta.content))\n"
)


def test_events_whose_text_is_parsed_elsewhere(tmp_path: Path) -> None:
    result = fixed(tmp_path, EVENTS)
    assert not result.left
    assert result.source.decode().endswith(
        "for content in rechunk(\n"
        '    (chunk.choices[0].delta.content for chunk in stream), at="document", skip_blank=True\n'
        "):\n    print(parsed(content))\n"
    )


def test_events_that_are_needed_too_are_left(tmp_path: Path) -> None:
    source = EVENTS.replace("    print", "    print(chunk.id)\n    print")
    result = fixed(tmp_path, source)
    assert result.source.decode() == source
    (left,) = result.left
    assert "the event is needed for something else" in left.reason
