"""A function that is handed the same again is not looked into again, as long as nothing came of it; what comes of a
call does not hang on the calls before it.
"""

from __future__ import annotations

import ast
import gc
from collections import Counter
from pathlib import Path

import pytest

from unchunk.analysis import check_source
from unchunk.analysis.flow import functions
from unchunk.analysis.flow.context import AnalysisContext
from unchunk.analysis.flow.frames import Frame
from unchunk.analysis.flow.values import Value
from unchunk.analysis.memory import paused_gc

HEAD = "import json\nimport requests\n\n\n"
CALLER = """
def f{n}(url):
    r = requests.get(url)
    check(r)
    for chunk in r.iter_content():
        json.loads(chunk)
"""
CALLERS = "".join(CALLER.format(n=n) for n in range(8))

HELPERS = {
    "looks at it": """\
def check(response):
    if not response.ok:
        raise ValueError(json.loads(response.text))
""",
    "hands it on": """\
def check(response):
    look(response)

def look(response):
    print(response.json())
    json.loads('1')
""",
    "calls itself": """\
def check(response):
    if response.history:
        check(response)
    json.loads(response.text)
""",
}


@pytest.fixture
def runs(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """Count how often each function is analyzed."""
    counted: Counter[str] = Counter()
    original = functions._run

    def counting(frame: Frame) -> Value:
        counted[getattr(frame.node, "name", "")] += 1
        return original(frame)

    monkeypatch.setattr(functions, "_run", counting)
    return counted


@pytest.mark.parametrize("helper", HELPERS.values(), ids=HELPERS)
def test_a_helper_that_nothing_comes_of_is_looked_into_once(helper: str, runs: Counter[str]) -> None:
    assert len(check_source(HEAD + helper + CALLERS)) == 8
    assert runs["f0"] == runs["f7"] == 1
    assert runs["check"] <= 2  # by itself, and once for all responses


def test_a_helper_that_hands_out_pieces_is_not_looked_into_again_for_the_same_response(runs: Counter[str]) -> None:
    helper = "def check(response):\n    for chunk in response.iter_content():\n        json.loads(chunk)\n"
    assert len(check_source(HEAD + helper + CALLERS)) == 9
    assert runs["check"] <= 2  # by itself, and once for all responses: what it finds is found there


SAME_SHAPE = {
    "another type": """\
def step(r):
    return next(r.iter_content())

def f(url):
    step(Quiet())
    json.loads(step(requests.get(url, stream=True)))

class Quiet:
    def iter_content(self):
        return iter([b"1"])
""",
    "another constant": """\
def read(r, whole):
    return r.content if whole else next(r.iter_content())

def f(url):
    json.loads(read(requests.get(url), True))
    json.loads(read(requests.get(url), False))
""",
    "kept by the first call": """\
class Client:
    def keep(self, r):
        self.r = r

    def f(self, url):
        self.keep(None)
        self.keep(requests.get(url, stream=True))

    def g(self):
        for chunk in self.r.iter_content():
            json.loads(chunk)
""",
    "the first call was cut short": """\
def a(r):
    b(r)
    return r.iter_content()

def b(r):
    return a(r)

def c(r):
    return b(r)

def f(url):
    r = requests.get(url, stream=True)
    a(r)
    for chunk in c(r):
        json.loads(chunk)
""",
    "in a loop": """\
def parse(it):
    if it:
        json.loads(it)

def f(url):
    it = requests.get(url, stream=True)
    for chunk in it.iter_content():
        parse(it)
        it = chunk
""",
}


@pytest.mark.parametrize("program", SAME_SHAPE.values(), ids=SAME_SHAPE)
def test_what_comes_of_a_call_does_not_hang_on_earlier_ones(program: str) -> None:
    assert "UNC101" in [finding.code for finding in check_source(HEAD + program)]


def test_each_call_that_leads_to_a_parse_in_another_file_is_reported(tmp_path: Path) -> None:
    (tmp_path / "__init__.py").touch()
    (tmp_path / "parsing.py").write_text("import json\n\n\ndef parse(piece):\n    return json.loads(piece)\n")
    one = "\n\ndef f{n}(url):\n    for c in requests.get(url).iter_content():\n        parse(c)\n"
    program = "import requests\nfrom .parsing import parse\n" + "".join(one.format(n=n) for n in range(3))
    findings = check_source(program, str(tmp_path / "it.py"), follow_imports=True)
    assert [finding.span.line for finding in findings] == [7, 12, 17]


CLOSING_OVER = f"""{HEAD}
class Client:
    def __init__(self):
        self.session = requests.Session()

    def get(self, url):
        def parse(text):
            return json.loads(text)
        decode = lambda: parse(self.session.get(url).text)
        return decode()

    def steps(self, url):
        for chunk in self.session.get(url).iter_content():
            yield self.get(chunk)

json.loads(next(open("it")))
"""


def held() -> int:
    """Count the trees and analyses that are alive."""
    return sum(isinstance(each, AnalysisContext | Frame | ast.Module) for each in gc.get_objects())


def test_nothing_is_left_for_the_collector_where_nothing_was_found() -> None:
    check_source(CLOSING_OVER)  # what is made once
    with paused_gc():
        gc.collect()
        before = held()
        assert check_source(CLOSING_OVER) == []
        assert held() == before
