"""Places where a parse call and pieces can meet, by words and indentation alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from unchunk.analysis import api, check_source
from unchunk.analysis.prefilter import may_contain_alone

HEAD = "import json, requests\n"


@pytest.mark.parametrize(
    "program",
    [
        "def f(t):\n    return json.loads(t)\ndef g(r):\n    return list(r.iter_content())\n",
        "def f(t):\n    # r.iter_content()\n    return json.loads(t)\n",
        'def f(t):\n    """Not of r.iter_content()."""\n    return json.loads(t)\ndef g(r): r.iter_content()\n',
        "class A:\n    def data(self):\n        return r.iter_content()\ndef f(data):\n    return json.loads(data)\n",
        "def load(r):\n    return r.iter_content()\ndef f(t):\n    t.load(json.loads(t))\n",
        "def f(t):\n    log('cannot use r.iter_content() here')\n    return json.loads(t)\n",
        "def f(t):\n    log(f'cannot use {t} for r.iter_content()')\n    return json.loads(t)\n",
        "class A:\n    def iter_content(self):\n        return json.loads(self.x)\n",
        "class A:\n    def a(self, r):\n        self.x = r.iter_content()\n"
        "    def b(self):\n        json.loads(self.y)\n",
        "def a(r):\n    x = r.iter_content()\ndef b(x):\n    json.loads(x)\n",
        "def a(r):\n    def go(): return r.iter_content()\n    return go\ndef b(x):\n    go(json.loads(x))\n",
        "def a(r):\n    if b'x' == next(r.iter_content()): return\ndef b(x):\n    if x: json.loads(x)\n",
        "def a(r):\n    with r.iter_content() as c: pass\ndef b(c):\n    json.loads(c)\n",
        "def f(t):\n    if json.loads(t)['state'] == 'open': config.read(9)\n",
        "from .x import f\ndef a(r):\n    return f(r.iter_content())\nclass B(A):\n"
        "    def f(self):\n        json.loads(x)\n",
        "import os\ndef f(t):\n    read(9)\n    return json.loads(t)\n",
        "def f(t):\n    config.read('x')\n    return json.loads(open(t).read())\n",
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
        "def g(r):\n    for c in getattr(r, 'iter_content')(): json.loads(c)\n",
        "def g(r):\n    print(f'{[json.loads(c) for c in r.iter_content()]} it')\n",
        "class P:\n    parse = staticmethod(json.loads)\n"
        "    def g(self, r):\n        for c in r.iter_content(): self.parse(c)\n",
        "if x:\n    stream = r.iter_content()\ndef g():\n    for c in stream: json.loads(c)\n",
        "with r.iter_content() as stream:\n    pass\ndef g():\n    for c in stream: json.loads(c)\n",
        "def a(r):\n    global s\n    s = r.iter_content()\ndef g():\n    for c in s: json.loads(c)\n",
        "class A:\n    def a(self, r):\n        (self.x, self.y) = r.iter_content(), 1\n"
        "    def b(self):\n        for c in self.x: json.loads(c)\n",
        "class A:\n    def a(self, r):\n        self.x[f(1)] = r.iter_content()\n"
        "    def b(self):\n        for c in self.x[0]: json.loads(c)\n",
        "class A:\n    def a(self, r):\n        if r: self.x = r.iter_content()\n"
        "    def b(self):\n        for c in self.x: json.loads(c)\n",
        "class A:\n    def a(self, r):\n        return r.iter_content()\n"
        "    def b(self):\n        for c in getattr(self, 'a')(r): json.loads(c)\n",
        "def g(u):\n    for c in requests.get(u): json.loads(c)  # upstream\n",
        "def a():\n    return requests.get(u, stream=True)\ndef g(u):\n    for c in requests.post(u): json.loads(c)\n",
        "def h(): pass\nif x:\n    def f(t): json.loads(t)\ndef g(r):\n    for c in r.iter_content(): f(c)\n",
        "class H: pass\nif x:\n    def f(t): json.loads(t)\ndef g(r):\n    for c in r.iter_content(): f(c)\n",
        "import os\nread = os.read\ndef g(f):\n    while c := read(f, 9): json.loads(c)\n",
        "from os import read as get\ndef g(f):\n    while c := get(f, 9): json.loads(c)\n",
        "SIZE = 9\ndef g(p):\n    with open(p) as f:\n        while c := f.read(SIZE): json.loads(c)\n",
    ],
)
def test_what_meets_stays_in(program: str) -> None:
    assert may_contain_alone((HEAD + program).encode())


@pytest.mark.parametrize(
    "path", sorted((Path(__file__).parent.parent / "eval").rglob("*.py")), ids=lambda path: path.stem
)
def test_functions_that_are_left_out_hold_no_finding(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = path.read_text()
    found = check_source(text)
    monkeypatch.setattr(api, "_reach", lambda module, run: None)
    assert found == check_source(text)
