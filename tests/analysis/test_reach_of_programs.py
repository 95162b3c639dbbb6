"""Soundness of the reachability filter: it never drops what the engine reports without it."""

from __future__ import annotations

import itertools

import pytest

from unchunk.analysis import api, check_source
from unchunk.analysis.prefilter import may_contain_alone

HEAD = """\
import functools, json, os, requests, socket
from json import loads as parsed
from requests import get as fetch
"""

PIECES = {
    "direct": ("", "requests.get(u, stream=True).iter_content(9)"),
    "function": ("def pieces(u):\n    return requests.get(u, stream=True).iter_content(9)\n", "pieces(u)"),
    "generator": ("def pieces(u):\n    yield from fetch(u, stream=True).iter_content(9)\n", "pieces(u)"),
    "two functions": (
        "def inner(r):\n    return r.iter_content(9)\ndef pieces(u):\n    return inner(requests.get(u))\n",
        "pieces(u)",
    ),
    "method": ("class S:\n    def pieces(self, u):\n        return requests.get(u).iter_content(9)\n", "S().pieces(u)"),
    "getattr": (
        "class S:\n    def pieces(self, u):\n        return requests.get(u).iter_content(9)\n",
        "getattr(S(), 'pieces')(u)",
    ),
    "property": (
        "class S:\n    @property\n    def pieces(self):\n        return requests.get(self.u).iter_content(9)\n",
        "S().pieces",
    ),
    "instance": (
        "class S:\n    def __iter__(self):\n        return requests.get(self.u).iter_content(9)\n",
        "S()",
    ),
    "attribute": (
        "class S:\n    def __init__(self, u):\n        self.body = requests.get(u).iter_content(9)\n",
        "S(u).body",
    ),
    "attribute behind an if": (
        "class S:\n    def __init__(self, u):\n        if u: self.body = requests.get(u).iter_content(9)\n",
        "S(u).body",
    ),
    "global": ("body = requests.get(U).iter_content(9)\n", "body"),
    "global in a try": ("try:\n    body = requests.get(U).iter_content(9)\nexcept OSError:\n    body = ()\n", "body"),
    "global of a function": (
        "def make():\n    global body\n    body = requests.get(U).iter_content(9)\nmake()\n",
        "body",
    ),
    "with": ("with requests.get(U, stream=True) as r:\n    body = r.iter_content(9)\n", "body"),
    "function in a try": (
        "try:\n    import x\nexcept ImportError:\n    def pieces(u): return requests.get(u).iter_content(9)\n",
        "pieces(u)",
    ),
    "partial": (
        "pieces = functools.partial(requests.Response.iter_content, chunk_size=9)\n",
        "pieces(requests.get(u))",
    ),
    "lambda": ("pieces = lambda u: requests.get(u).iter_content(9)\n", "pieces(u)"),
    "response itself": ("# upstream\n", "requests.get(u)"),
    "session": ("def session() -> requests.Session: pass\n", "session().get(u, stream=True).iter_content(9)"),
    "file": ("SIZE = 9\n", "iter(lambda: open(u).read(SIZE), '')"),
    "descriptor": ("read = os.read\n", "iter(lambda: read(0, 9), b'')"),
    "socket": ("", "iter(socket.create_connection(u).recv, b'')"),
    "inner function": (
        "def pieces(u):\n    def go(): return requests.get(u).iter_content(9)\n    return go\n",
        "pieces(u)()",
    ),
    "passed on": ("def same(x): return x\n", "same(requests.get(u).iter_content(9))"),
    "f-string": ("", "[f'{c}' for c in requests.get(u).iter_content(9)]"),
}
PARSES = {
    "direct": ("", "json.loads(c)"),
    "renamed": ("", "parsed(c)"),
    "function": ("def parse(t): return json.loads(t)\n", "parse(c)"),
    "two functions": ("def inner(t): return json.loads(t)\ndef parse(t): return inner(t)\n", "parse(c)"),
    "method": ("class P:\n    def parse(self, t): return json.loads(t)\n", "P().parse(c)"),
    "method of a base": (
        "class B:\n    def parse(self, t): return json.loads(t)\nclass P(B): pass\n",
        "P().parse(c)",
    ),
    "instance": ("class P:\n    def __init__(self, t): self.v = json.loads(t)\n", "P(c)"),
    "called instance": ("class P:\n    def __call__(self, t): return json.loads(t)\n", "P()(c)"),
    "kept and parsed": (
        "class P:\n    def __init__(self, t): self.t = t\n    def get(self): return json.loads(self.t)\n",
        "P(c).get()",
    ),
    "alias": ("parse = json.loads\n", "parse(c)"),
    "alias of a class": ("class P:\n    parse = staticmethod(json.loads)\n", "P().parse(c)"),
    "alias on self": ("class P:\n    def __init__(self):\n        self.parse = json.loads\n", "P().parse(c)"),
    "lambda": ("parse = lambda t: json.loads(t)\n", "parse(c)"),
    "partial": ("parse = functools.partial(json.loads, strict=False)\n", "parse(c)"),
    "function in a try": ("try:\n    import y\nexcept E:\n    def parse(t): return json.loads(t)\n", "parse(c)"),
    "inner function": ("", "(lambda t: json.loads(t))(c)"),
    "passed on": ("def use(f, t): f(t)\n", "use(json.loads, c)"),
    "getattr": ("", "getattr(json, 'loads')(c)"),
    "f-string": ("", "print(f'it is {json.loads(c)} here')"),
    "instance of an annotation": ("class P:\n    def parse(self, t): json.loads(t)\np: 'P' = make()\n", "p.parse(c)"),
}
PLACES = {
    "function": "def main(u):\n    for c in {pieces}:\n        {parse}\n",
    "module": "u = 1\nfor c in {pieces}:\n    {parse}\n",
    "method": "class M:\n    def main(self, u):\n        for c in {pieces}:\n            {parse}\n",
    "functions": "def handle(c):\n    {parse}\ndef main(u):\n    for c in {pieces}:\n        handle(c)\n",
    "methods": "class M:\n    def main(self, u):\n        self.body = {pieces}\n"
    "    def handle(self):\n        for c in self.body:\n            {parse}\n",
    "inner": "def main(u):\n    def handle(c):\n        {parse}\n    for c in {pieces}:\n        handle(c)\n",
}


@pytest.mark.parametrize("place", PLACES)
def test_no_way_to_a_finding_is_left_out(place: str, monkeypatch: pytest.MonkeyPatch) -> None:
    reported = 0
    for (before, pieces), (beside, parse) in itertools.product(PIECES.values(), PARSES.values()):
        program = HEAD + before + beside + PLACES[place].format(pieces=pieces, parse=parse)
        with monkeypatch.context() as without:
            without.setattr(api, "_reach", lambda module, run: None)
            expected = check_source(program)
        assert check_source(program) == expected, program
        assert may_contain_alone(program.encode()) or not expected, program
        reported += bool(expected)
    assert reported > 400
