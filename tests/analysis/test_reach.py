"""Where a parse call and pieces can meet, told by words and indentation alone."""

from __future__ import annotations

import pytest

from unchunk.analysis.prefilter import may_contain_alone
from unchunk.analysis.reach import Layout, code_of

HEAD = "import json, requests\n"


@pytest.mark.parametrize(
    "program",
    [
        "def f(t):\n    return json.loads(t)\ndef g(r):\n    return list(r.iter_content())\n",
        "def f(t):\n    # r.iter_content()\n    return json.loads(t)\n",
        'def f(t):\n    """Not of r.iter_content()."""\n    return json.loads(t)\ndef g(r): r.iter_content()\n',
        "class A:\n    def data(self):\n        return r.iter_content()\ndef f(data):\n    return json.loads(data)\n",
        "def load(r):\n    return r.iter_content()\ndef f(t):\n    t.load(json.loads(t))\n",
    ],
)
def test_what_never_meets_is_left_out(program: str) -> None:
    assert not may_contain_alone((HEAD + program).encode())


@pytest.mark.parametrize(
    "program",
    [
        "for c in r.iter_content(): json.loads(c)\n",
        "def f(t):\n    return json.loads(t)\ndef g(r):\n    for c in r.iter_content(): f(c)\n",
        "def f(r):\n    return r.iter_content()\ndef g(r):\n    for c in f(r): json.loads(c)\n",
        "def f(r):\n    return r.iter_content()\n\nfor c in f(r):\n    json.loads(c)\n",
        "class A:\n    def a(self, r):\n        self.x = r.iter_content()\n"
        "    def b(self):\n        json.loads(self.x)\n",
        "class A:\n    def a(self, r):\n        self.x: T = (\n            r\n            .iter_content()\n        )\n"
        "    def b(self):\n        json.loads(self.x)\n",
        "parse = json.loads\ndef g(r):\n    for c in r.iter_content(): parse(c)\n",
        "from json import loads as parse\ndef g(r):\n    for c in r.iter_content(): parse(c)\n",
        "parse = lambda t: json.loads(t)\ndef g(r):\n    for c in r.iter_content(): parse(c)\n",
        "class A:\n    def a(self, r):\n        for c in r.iter_content(): self.b(c)\n"
        "    def b(self, c):\n        json.loads(c)\n",
        "class P:\n    def __init__(self, c):\n        json.loads(c)\ndef g(r):\n    for c in r.iter_content(): P(c)\n",
        'def g(r):\n    """Says\ndef f():\n    nothing."""\n    for c in r.iter_content(): json.loads(c)\n',
        "def g(\n    r,\n):\n    for c in r.iter_content(): json.loads(c)\n",
    ],
)
def test_what_meets_stays_in(program: str) -> None:
    assert may_contain_alone((HEAD + program).encode())


@pytest.mark.parametrize(
    ("source", "code"),
    [
        (b"x = 1", b"x = 1"),
        (b"x = 1  # one\ny = '#'", b"x = 1  \ny = '#'"),
        (b'"""a\nb"""\nx', b"''\n\nx"),
        (b"x = \"it's\"  # it's\ny = 'a\\'#'", b"x = \"it's\"  \ny = 'a\\'#'"),
        (b'x = f"""{y}"""', b'x = f"""{y}"""'),
        (b'x = ""\ny = 1 # ""', b'x = ""\ny = 1 '),
    ],
)
def test_comments_and_long_strings_are_no_code(source: bytes, code: bytes) -> None:
    assert code_of(source) == code


@pytest.mark.parametrize(
    ("mention", "lines"), [(b"name", [1, 2, 3, 4]), (b".name", [2, 4]), (b"!name", [1, 3, 4]), (b"other", [])]
)
def test_mentions(mention: bytes, lines: list[int]) -> None:
    layout = Layout(b"name\nx.name\nname()\ngetattr(x, 'name')\nnames\na_name\n")
    assert layout.lines_of(mention) == lines


@pytest.mark.parametrize("count", [3, 500])
def test_many_names_are_found_as_few_are(count: int) -> None:
    code = b"".join(b"def f%d(): x.f%d(f%d)\n" % (n, n + 1, n + 2) for n in range(count))
    one, many = Layout(code), Layout(code)
    mentions = [mark + b"f%d" % n for n in range(count) for mark in (b"", b".", b"!")]
    many.index(mentions)
    assert [many.lines_of(mention) for mention in mentions] == [one.lines_of(mention) for mention in mentions]
