"""Findings that need more than one file: what a module hands out, parses or passes on, followed through imports."""

from __future__ import annotations

import textwrap
from pathlib import Path

import pytest

from unchunk.analysis import Finding, check_source, explain
from unchunk.analysis.project_graph import ImportGraph


def written(folder: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(textwrap.dedent(text))
    return folder


def check(path: Path, *, follow: bool = True) -> list[Finding]:
    return check_source(path.read_bytes(), str(path), follow_imports=follow)


SOURCE = """
    import requests

    def chunks(url):
        for chunk in requests.get(url, stream=True).iter_content(None):
            yield chunk

    def lines(url):
        return requests.get(url, stream=True).iter_lines()

    class Client:
        def __init__(self):
            self.session = requests.Session()

        def stream(self, url):
            return self.session.get(url, stream=True).iter_content(None)
"""
HELPERS = """
    import json

    def parse(text):
        return json.loads(text)

    def tidy(raw):
        return raw.decode().strip()

    class Parser:
        def feed(self, text):
            return json.loads(text)
"""

CODEC = """
    import json

    decoder = json.JSONDecoder()

    class Base:
        def __init__(self):
            self.own = json.JSONDecoder()
"""


@pytest.mark.parametrize(
    ("program", "lines"),
    [
        ("import json\nfrom .net import chunks\nfor c in chunks(u):\n    json.loads(c)", [4]),
        ("import json\nfrom . import net\nfor c in net.chunks(u):\n    json.loads(c)", [4]),
        ("import json\nimport app.net\nfor c in app.net.chunks(u):\n    json.loads(c)", [4]),
        ("import json\nfrom app.net import chunks as pieces\nfor c in pieces(u):\n    json.loads(c)", [4]),
        ("import json\nfrom .net import Client\nfor c in Client().stream(u):\n    json.loads(c)", [4]),
        ("import json\nfrom .api import chunks\nfor c in chunks(u):\n    json.loads(c)", [4]),
        ("import json\nfrom .star import chunks\nfor c in chunks(u):\n    json.loads(c)", [4]),
        ("from .helpers import parse\nfor c in r.iter_content():\n    parse(c)", [3]),
        ("from .helpers import Parser\np = Parser()\nfor c in r.iter_content():\n    p.feed(c)", [4]),
        ("from .net import chunks\nfrom .helpers import parse\nfor c in chunks(u):\n    parse(c)", [4]),
        ("import json\nfrom .helpers import tidy\nfor c in r.iter_content():\n    json.loads(tidy(c))", [4]),
        ("from .helpers import parse\nx = list(map(parse, r.iter_content()))", [2]),
        ("from .codec import decoder\nfor c in r.iter_content():\n    decoder.decode(c)", [3]),
        (
            "from .codec import Base\nclass X(Base):\n"
            "    def f(self, r):\n        for c in r.iter_content():\n            self.own.decode(c)",
            [5],
        ),
        ("from .codec import Base\nfor c in r.iter_content():\n    c.decode()", []),
        ("import json\nfrom .net import lines\nfor c in lines(u):\n    json.loads(c)", []),
        ("from .helpers import parse\nfor c in r.iter_lines():\n    parse(c)", []),
        ("from .helpers import parse\nparse(open(p).read())", []),
        ("import json\nfrom .missing import chunks\nfor c in chunks(u):\n    json.loads(c)", []),
        ("import json\nfrom .broken import chunks\nfor c in chunks(u):\n    json.loads(c)", []),
        ("import json\nfrom ..... import chunks\nfor c in chunks(u):\n    json.loads(c)", []),
    ],
)
def test_imports_are_followed(tmp_path: Path, program: str, lines: list[int]) -> None:
    written(
        tmp_path,
        {
            "app/__init__.py": "",
            "app/net.py": SOURCE,
            "app/helpers.py": HELPERS,
            "app/codec.py": CODEC,
            "app/api/__init__.py": "from ..net import chunks",
            "app/star.py": "from .net import *",
            "app/broken.py": "def (",
            "app/main.py": program,
        },
    )
    found = check(tmp_path / "app" / "main.py")
    assert [finding.span.line for finding in found] == lines
    assert all(finding.path == str(tmp_path / "app" / "main.py") for finding in found)


def test_one_file_by_itself_is_not_followed(tmp_path: Path) -> None:
    written(tmp_path, {"app/__init__.py": "", "app/net.py": SOURCE})
    main = written(
        tmp_path, {"app/main.py": "import json\nfrom .net import chunks\nfor c in chunks(u):\n    json.loads(c)"}
    )
    assert check(main / "app" / "main.py", follow=False) == []


def test_the_trace_names_the_other_file(tmp_path: Path) -> None:
    written(
        tmp_path,
        {
            "app/__init__.py": "",
            "app/net.py": SOURCE,
            "app/main.py": "import json\nfrom .net import chunks\nfor c in chunks(u):\n    json.loads(c)",
        },
    )
    (finding,) = check(tmp_path / "app" / "main.py")
    assert finding.source_path is not None
    assert finding.source_path.endswith("net.py")
    assert finding.trace[0].path == finding.source_path
    assert finding.trace[-1].path is None
    assert finding.site is not None


def test_what_is_parsed_elsewhere_is_reported_at_the_call_that_leads_there(tmp_path: Path) -> None:
    written(
        tmp_path,
        {
            "app/__init__.py": "",
            "app/helpers.py": HELPERS,
            "app/main.py": "from .helpers import parse\nfor c in r.iter_content():\n    parse(c)",
        },
    )
    (finding,) = check(tmp_path / "app" / "main.py")
    assert "parse() of a chunk" in finding.message
    assert finding.site is not None
    assert finding.site.call is not None
    assert finding.site.call.lineno == 3
    assert [name for name, _ in finding.site.helpers] == ["parse"]
    assert finding.trace[-1].path is not None
    assert finding.trace[-1].path.endswith("helpers.py")
    assert check(tmp_path / "app" / "helpers.py") == []


def test_modules_that_import_each_other_come_to_an_end(tmp_path: Path) -> None:
    written(
        tmp_path,
        {
            "app/__init__.py": "from .a import x",
            "app/a.py": "import json\nfrom .b import y\ndef x(r):\n    for c in y(r):\n        json.loads(c)",
            "app/b.py": "from .a import x\ndef y(r):\n    x(r)\n    return r.iter_content()",
        },
    )
    assert [finding.span.line for finding in check(tmp_path / "app" / "a.py")] == [5]


def test_the_methods_of_a_base_elsewhere_call_what_a_class_overrides(tmp_path: Path) -> None:
    base = """
        class Stream:
            def __init__(self, response):
                self.response = response

            def __iter__(self):
                for chunk in self.response.iter_content(None):
                    yield self.decode(chunk)
    """
    derived = """
        import json
        from .base import Stream
        class J(Stream):
            def decode(self, data):
                return json.loads(data)
    """
    written(tmp_path, {"app/__init__.py": "", "app/base.py": base, "app/main.py": derived})
    assert [finding.span.line for finding in check(tmp_path / "app" / "main.py")] == [6]


def test_a_class_elsewhere_decides_what_its_own_method_yields(tmp_path: Path) -> None:
    own = """
        class Lines:
            def __init__(self, f):
                self.f = f
            def iter_any(self):
                for line in self.f:
                    yield line
    """
    program = "import json\nfrom .own import Lines\nfor c in Lines(f).iter_any():\n    json.loads(c)"
    written(tmp_path, {"app/__init__.py": "", "app/own.py": own, "app/main.py": program})
    assert check(tmp_path / "app" / "main.py") == []


def test_why_follows_imports_too(tmp_path: Path) -> None:
    written(
        tmp_path,
        {
            "app/__init__.py": "",
            "app/net.py": SOURCE,
            "app/main.py": "import json\nfrom .net import lines\nfor c in lines(u):\n    json.loads(c)",
        },
    )
    main = tmp_path / "app" / "main.py"
    (reason,) = explain(main.read_bytes(), str(main), 4, follow_imports=True)
    assert reason.startswith("line: ")


@pytest.mark.parametrize(
    ("program", "together"),
    [
        ("import json\nfrom .net import chunks\ndef f(u):\n    for c in chunks(u):\n        json.loads(c)", True),
        ("import json\nfrom .api import chunks\ndef f(u):\n    for c in chunks(u):\n        json.loads(c)", True),
        ("import json\nfrom . import net\ndef f(u):\n    for c in net.chunks(u):\n        json.loads(c)", True),
        ("import json\nfrom .net import chunks\ndef f(u):\n    chunks(u)\ndef g():\n    json.loads(x)", False),
        ("import json\nfrom .other import chunks\ndef f(u):\n    for c in chunks(u):\n        json.loads(c)", False),
        ("import json\ndef f(x):\n    json.loads(x)", False),
        ("from .net import chunks\ndef f(u):\n    for c in chunks(u):\n        print(c)", False),
    ],
)
def test_halves_are_found_by_their_words(tmp_path: Path, program: str, together: bool) -> None:
    written(
        tmp_path,
        {
            "app/__init__.py": "",
            "app/api/__init__.py": "from ..net import chunks",
            "app/net.py": SOURCE,
            "app/other.py": "def chunks(u):\n    return [u]",
            "app/main.py": program,
        },
    )
    tree = ImportGraph()
    alone = {str(path): tree.add(str(path), path.read_bytes()) for path in sorted(tmp_path.rglob("*.py"))}
    assert not any(alone.values())
    assert (str(tmp_path / "app" / "main.py") in tree.link_candidates()) is together


def test_half_with_a_source_meets_a_helper_that_parses(tmp_path: Path) -> None:
    program = "from .helpers import parse\ndef f(r):\n    for c in r.iter_content():\n        parse(c)"
    written(tmp_path, {"app/__init__.py": "", "app/helpers.py": HELPERS, "app/main.py": program})
    tree = ImportGraph()
    for path in sorted(tmp_path.rglob("*.py")):
        tree.add(str(path), path.read_bytes())
    assert tree.link_candidates() == [str(tmp_path / "app" / "main.py")]


def test_methods_of_a_base_elsewhere_call_what_is_put_in_the_place_of_a_library_s(tmp_path: Path) -> None:
    written(
        tmp_path,
        {
            "app/__init__.py": "",
            "app/base.py": """
                import asyncio

                class Base:
                    async def connect(self, path):
                        self.reader, self.writer = await asyncio.open_unix_connection(path)
                        self.reader.feed_data = self.on_data
            """,
            "app/client.py": """
                import json
                from .base import Base

                class Client(Base):
                    def on_data(self, data):
                        print(json.loads(data[8:]))

                    def on_text(self, data):
                        print(json.loads(data))
            """,
        },
    )
    assert [finding.span.line for finding in check(tmp_path / "app" / "client.py")] == [7]


def test_what_a_base_elsewhere_keeps_is_handed_to_the_methods_of_its_heirs(tmp_path: Path) -> None:
    written(
        tmp_path,
        {
            "app/__init__.py": "",
            "app/base.py": """
                class Wrapper:
                    def __init__(self, stream, name):
                        self.stream = stream

                    def __iter__(self):
                        for chunk in self.stream:
                            yield self.make(chunk)
            """,
            "app/client.py": """
                import json, requests
                from .base import Wrapper

                class Client(Wrapper):
                    def __init__(self, **options):
                        super().__init__(**options)

                    def make(self, chunk):
                        return json.loads(chunk[5:])

                class Whole(Wrapper):
                    def make(self, chunk):
                        return json.loads(chunk)

                def opened(url):
                    stream = requests.get(url, stream=True).iter_content(None)
                    return Client(stream=stream, name="it")
            """,
        },
    )
    assert [finding.span.line for finding in check(tmp_path / "app" / "client.py")] == [10]


NAMESPACED = {
    "app/__init__.py": "",
    "app/sources.py": SOURCE,
    "app/parts/client.py": """
        import json
        from app.sources import chunks
        from ..sources import lines
        from beside import pieces

        def run(url):
            for chunk in chunks(url):
                json.loads(chunk)
            for line in lines(url):
                json.loads(line)
            for piece in pieces(url):
                json.loads(piece)
    """,
    "app/parts/beside.py": """
        import requests

        def pieces(url):
            return requests.get(url, stream=True).iter_content(None)
    """,
}


def test_folder_without_an_init_file_is_part_of_the_package_around_it(tmp_path: Path) -> None:
    """Find what lies beside a script all the same."""
    written(tmp_path, NAMESPACED)
    assert [finding.span.line for finding in check(tmp_path / "app" / "parts" / "client.py")] == [9, 13]


def test_events_by_classes_of_the_program_are_events(tmp_path: Path) -> None:
    written(
        tmp_path,
        {
            "app/__init__.py": "",
            "app/types.py": """
                import json
                from typing import TypedDict
                from pydantic import BaseModel

                class Block(TypedDict):
                    delta: dict

                class Chunk(BaseModel):
                    choices: list

                class Whole(BaseModel):
                    text: str
                    def parsed(self):
                        return json.loads(self.text)
            """,
            "app/main.py": """
                import json
                from .types import Block, Chunk, Whole

                def run(lines):
                    for line in lines:
                        block = Block(**json.loads(line))
                        json.loads(block["delta"]["partial_json"])
                        chunk = Chunk(**json.loads(line))
                        json.loads(chunk.choices[0].delta.content)
                        whole = Whole(**json.loads(line))
                        json.loads(whole.text)
            """,
        },
    )
    assert [finding.span.line for finding in check(tmp_path / "app" / "main.py")] == [8, 10]


READER = """
    import json
    import requests

    def values(url):
        for chunk in requests.get(url, stream=True).iter_content(None):
            yield json.loads(chunk)

    def of(response):
        for chunk in response.iter_content(None):
            yield json.loads(chunk)

    def handed(client, url):
        for chunk in client.open(url):
            yield json.loads(chunk)
"""


@pytest.mark.parametrize(
    ("program", "lines"),
    [
        ("from .reader import values\nprint(*values('u'))", []),
        ("from .reader import of\nimport requests\nprint(*of(requests.get('u', stream=True)))", []),
        ("from .reader import handed\nfrom .net import Opener\nprint(*handed(Opener(), 'u'))", [3]),
        ("from .net import chunks\nfrom .helpers import parse\nprint(*map(parse, chunks('u')))", [3]),
    ],
    ids=["read and parsed there", "a response handed in", "a client of one's own handed in", "read and parsed apart"],
)
def test_what_another_file_tells_of_by_itself_is_not_told_again(program: str, lines: list[int], tmp_path: Path) -> None:
    opener = """
    class Opener:
        def open(self, url):
            return requests.get(url, stream=True).iter_content(None)
    """
    net = textwrap.dedent(SOURCE) + textwrap.dedent(opener)
    files = {"app/__init__.py": "", "app/helpers.py": HELPERS, "app/net.py": net, "app/reader.py": READER}
    written(tmp_path, {**files, "app/main.py": program})
    assert [finding.span.line for finding in check(tmp_path / "app" / "main.py")] == lines
    assert [finding.span.line for finding in check(tmp_path / "app" / "reader.py")] == [7, 11]


def test_why_names_the_file_that_tells(tmp_path: Path) -> None:
    program = "from .reader import of\nimport requests\nprint(*of(requests.get('u', stream=True)))"
    files = {"app/__init__.py": "", "app/helpers.py": HELPERS, "app/reader.py": READER}
    main = written(tmp_path, {**files, "app/main.py": program}) / "app/main.py"
    reasons = explain(main.read_bytes(), str(main), 3, follow_imports=True)
    assert any("reader.py reads and parses it" in reason for reason in reasons)
