"""Independence of the findings from a program's words, the order of its parts, and other files."""

from __future__ import annotations

import itertools
import textwrap
from pathlib import Path

import pytest

from unchunk.analysis import Settings, api, check_source
from unchunk.analysis.flow import reachability
from unchunk.analysis.flow.modules import Module

from .test_eval import FILES, SELECT, expected, reported


def every_line(module: Module) -> list[int]:
    return list(range(1, module.text.count("\n") + 2))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_looking_everywhere_finds_no_more_than_looking_where_words_lead(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reachability, "sink_lines", every_line)
    monkeypatch.setattr(reachability, "source_lines", every_line)
    monkeypatch.setattr(api, "_reach", lambda module, run: None)
    text = path.read_text(encoding="utf-8")
    assert reported(text, path.name) == expected(text)


WITH_DEFAULTS = [path for path in FILES if not SELECT.search(path.read_text(encoding="utf-8"))]


@pytest.mark.parametrize("path", WITH_DEFAULTS, ids=lambda path: path.stem)
def test_nothing_is_reported_of_what_was_seen_before_all_was_known(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    found = check_source(text, path.name)
    assert sorted((finding.span.line, finding.code) for finding in found) == expected(text)


HEAD = "import json, queue, requests, threading\n"
LISTENER = {
    "init": "    def __init__(self):\n        self.pieces = queue.Queue()\n",
    "fill": "    def fill(self):\n        for chunk in requests.get(U, stream=True).iter_content(None):\n"
    "            self.pieces.put(chunk)\n",
    "run": "    def run(self):\n        while True:\n            print(json.loads(self.pieces.get()))\n",
}
HELPERS = {
    "source": "def source(url):\n    return requests.get(url, stream=True)\n",
    "pieces": "def pieces(url):\n    yield from source(url).iter_content(None)\n",
    "parse": "def parse(chunk):\n    return json.loads(chunk)\n",
    "main": "def main(url):\n    for chunk in pieces(url):\n        print(parse(chunk))\n",
}
GLOBAL = {
    "fill": "def fill(url):\n    for chunk in requests.get(url, stream=True).iter_content(None):\n"
    "        FOUND.put(chunk)\n",
    "main": "def main():\n    while True:\n        print(json.loads(FOUND.get()))\n",
    "start": "def start():\n    threading.Thread(target=fill, args=('https://example.com',)).start()\n",
}
RIGHT = {
    "payload": "def payload(line):\n    return line[6:]\n",
    "lines": "def lines(url):\n    for line in requests.get(url, stream=True).iter_lines():\n"
    "        if line.startswith(b'data: ') and line != b'data: [DONE]':\n            yield payload(line)\n",
    "one": "def one(url):\n    for line in lines(url):\n        print(json.loads(line))\n",
    "two": "def two(url):\n    for line in lines(url):\n        print(json.loads(line))\n",
}


@pytest.mark.parametrize(
    ("head", "parts", "count"),
    [
        ("class Listener:\n", LISTENER, 1),
        ("", HELPERS, 1),
        ("FOUND = queue.Queue()\n", GLOBAL, 1),
        ("", RIGHT, 0),
    ],
    ids=["class", "functions", "global", "right"],
)
def test_order_does_not_count(head: str, parts: dict[str, str], count: int) -> None:
    for order in itertools.permutations(parts.values()):
        program = HEAD + head + "".join(order)
        assert len(check_source(program)) == count, program


@pytest.mark.parametrize("name", ["payload", "stream", "read", "lines", "x", "decode", "get", "data"])
@pytest.mark.parametrize("more", ["", "import httpx\n", "import socket\nclient = socket.socket()\n", "x = 1\n"])
def test_names_and_imports_that_have_nothing_to_do_with_it_do_not_count(name: str, more: str) -> None:
    program = HEAD + more + "".join(RIGHT.values()).replace("payload", name)
    assert check_source(program) == []
    wrong = HEAD + more + "".join(HELPERS.values()).replace("source", f"{name}_of")
    assert [finding.code for finding in check_source(wrong)] == ["UNC101"]


DECODES = Settings(select=frozenset({"UNC202"}))


@pytest.mark.parametrize(
    ("iterable", "count"),
    [
        ("requests.get(u).iter_content(9)", 1),
        ("requests.get(u).iter_content(9, decode_unicode=True)", 1),
        ("requests.get(u).iter_content(9, **{'decode_unicode': True})", 1),
        ("requests.get(u).iter_lines(decode_unicode=True)", 0),
        ("httpx.get(u).iter_text()", 0),
    ],
)
def test_text_that_is_asked_for_may_still_be_bytes(iterable: str, count: int) -> None:
    program = f"import httpx, requests\nfor c in {iterable}:\n    print(c.decode() if isinstance(c, bytes) else c)\n"
    assert len(check_source(program, settings=DECODES)) == count


def written(folder: Path, **files: str) -> Path:
    for name, text in files.items():
        (folder / f"{name}.py").write_text(textwrap.dedent(text), encoding="utf-8")
    return folder / "main.py"


READER = """
    import json

    def drain(client):
        with client.messages.stream(model="m", max_tokens=9, messages=[]) as stream:
            for text in stream.text_stream:
                yield json.loads(text)

    def opened(client, *args, **kwargs):
        return client.create(*args, **kwargs)

    class Reader:
        def __init__(self, chunks):
            self.chunks = chunks

        def values(self):
            for chunk in self.chunks:
                yield json.loads(chunk)
"""


@pytest.mark.parametrize(
    ("main", "lines"),
    [
        ("import anthropic\nfrom reader import drain\nprint(list(drain(anthropic.Anthropic())))\n", [3]),
        ("import unknown\nfrom reader import drain\nprint(list(drain(unknown.Anthropic())))\n", []),
        (
            "import json\nfrom openai import OpenAI\nfrom reader import opened\n"
            "for event in opened(OpenAI().chat.completions, model='m', messages=[], stream=True):\n"
            "    print(json.loads(event))\n",
            [5],
        ),
        (
            "import json\nfrom openai import OpenAI\nfrom reader import opened\n"
            "print(opened(OpenAI().chat.completions, model='m', messages=[]).choices[0].message.content)\n",
            [],
        ),
        (
            "import requests\nfrom .reader import Reader\n"
            "one = Reader(requests.get('u', stream=True).iter_content(9)).values()\n"
            "two = Reader(requests.get('u', stream=True).iter_content(9)).values()\n",
            [3, 4],
        ),
        ("import requests\nfrom reader import Reader\nprint(Reader(requests.get('u').iter_lines()).values())\n", []),
    ],
    ids=["typed client", "unknown client", "typed events", "a whole reply", "two readers", "lines"],
)
def test_clients_and_streams_are_followed_into_other_modules(main: str, lines: list[int], tmp_path: Path) -> None:
    path = written(tmp_path, main=main, reader=READER)
    found = check_source(path.read_bytes(), str(path), follow_imports=True)
    assert [finding.span.line for finding in found] == lines


def test_what_a_test_made_sure_of_is_not_lost_where_nothing_was_known_at_first() -> None:
    program = (
        "import json\n"
        "class Client:\n"
        "    @classmethod\n"
        "    def create(cls, session):\n        return cls.ask(session)\n"
        "    def ask(session):\n"
        "        for line in session.post('u', json={}, stream=True).iter_lines():\n"
        "            if line.startswith(b'data: {'):\n"
        "                yield json.loads(line.split(b'data: ')[1])\n"
    )
    assert check_source(program) == []


def test_what_a_base_class_reads_and_parses_is_told_of_in_its_own_file(tmp_path: Path) -> None:
    base = (
        "import asyncio, json\n"
        "class Base:\n"
        "    async def open(self):\n        self.reader, self.writer = await asyncio.open_unix_connection('p')\n"
        "    async def read(self):\n        while True:\n            print(json.loads(await self.reader.read(1024)))\n"
    )
    heir = "from .base import Base\nclass Heir(Base):\n    async def ask(this):\n        return await this.read()\n"
    path = written(tmp_path, heir=heir, base=base, __init__="").with_name("heir.py")
    found = {
        name: check_source(text.encode(), str(path.with_name(name)), follow_imports=True)
        for name, text in (("base.py", base), ("heir.py", heir))
    }
    assert [len(findings) for findings in found.values()] == [1, 0]
