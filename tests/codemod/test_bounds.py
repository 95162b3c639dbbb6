"""However a file is written, looking into it and planning its fixes takes work in proportion to its size."""

from __future__ import annotations

import ast
import sys
from collections.abc import Callable
from types import FrameType

import pytest

from unchunk.analysis import SourceError, check_source
from unchunk.analysis.limits import limits
from unchunk.codemod import budget
from unchunk.codemod.plan import NO_STRATEGY, TOO_MUCH, plan

OPENED = "import json, requests, socket\nr = requests.get('u', stream=True)\n"
LOOP = OPENED + "for c in r.iter_content(9):\n"


def _proxy(n: int) -> str:
    """Methods that call each other, and each hand a stream to one loop."""
    methods = (
        f"    async def m{i}(self, key):\n        response = await httpx.AsyncClient().send(key, stream=True)\n"
        f"        if response.status_code != {i}:\n            await self.m{(i + 1) % n}(key)\n"
        "        return self.pieces(response)\n\n"
        for i in range(n)
    )
    return (
        "import json, httpx\n\n\nclass Proxy:\n    async def pieces(self, response):\n"
        "        async for chunk in response.aiter_bytes():\n            for part in chunk.split(b'data: '):\n"
        "                try:\n                    yield json.loads(part)\n"
        "                except Exception:\n                    yield part\n\n" + "".join(methods)
    )


def _sockets(n: int) -> str:
    method = (
        " def f{0}(self):\n  while True:\n   d = self.s.recv(9)\n   if not d: return\n   self.g{0}(json.loads(d))\n"
    )
    return "import json, socket\nclass A:\n" + "".join(method.format(i) for i in range(n))


def _chain(n: int) -> str:
    classes = (
        f"class B{i}(B{i - 1}):\n def q(self, r):\n  for c in r.iter_content(9):\n   self.p(c)\n" for i in range(1, n)
    )
    return OPENED + "class B0:\n def p(self, c): return json.loads(c)\n" + "".join(classes) + f"B{n - 1}().q(r)\n"


SHAPES: dict[str, Callable[[int], str]] = {
    "methods that call each other": _proxy,
    "methods that read one socket": _sockets,
    "classes derived from each other": _chain,
    "loops": lambda n: OPENED + "for c in r.iter_content(9):\n print(json.loads(c))\n" * n,
    "loops in one line each": lambda n: OPENED + "for c in r.iter_content(9): print(json.loads(c))\n" * n,
    "loops in one function": lambda n: (
        "import json, requests\ndef f(r: requests.Response):\n" + " for c in r.iter_content(9):\n  json.loads(c)\n" * n
    ),
    "loops below constants": lambda n: (
        OPENED + "".join(f"A{i} = {i}\n" for i in range(n)) + "for c in r.iter_content(9):\n print(json.loads(c))\n" * n
    ),
    "functions": lambda n: (
        OPENED
        + "".join(f"def f{i}(r: requests.Response):\n for c in r.iter_content(9):\n  json.loads(c)\n" for i in range(n))
    ),
    "cases": lambda n: LOOP + " match c:\n" + "".join(f"  case {i}: x{i} = c\n" for i in range(n)) + " json.loads(c)\n",
    "tests": lambda n: LOOP + "".join(f" if a{i}: c{i} = c\n" for i in range(n)) + " json.loads(c)\n",
    "a chain of tests": lambda n: (
        LOOP + " if z: pass\n" + "".join(f" elif a{i}: c{i} = c\n" for i in range(n)) + " json.loads(c)\n"
    ),
    "tries": lambda n: LOOP + "".join(f" try: d{i} = json.loads(c)\n except ValueError: e{i} = c\n" for i in range(n)),
    "names": lambda n: LOOP + "".join(f" c{i} = c\n json.loads(c{i})\n" for i in range(n)),
    "fields of a text": lambda n: LOOP + f" x = f'{'{c}' * n}'\n json.loads(x)\n",
    "parse calls on a line": lambda n: LOOP + f" x = [{'json.loads(c),' * n}]\n",
    "with-items": lambda n: LOOP + f" with {''.join(f'o(c) as f{i}, ' for i in range(n))}o(c): json.loads(c)\n",
    "names of an import": lambda n: (
        f"from json import {''.join(f'loads as l{i}, ' for i in range(n))}dumps\n"
        + LOOP
        + "".join(f" l{i}(c)\n" for i in range(n))
    ),
    "texts that double": lambda n: LOOP + " c = c + c\n" * n + " json.loads(c)\n",
    "lists that double": lambda n: LOOP + " d = [c]\n" + " d = [d, d]\n" * n + " print(d)\n json.loads(c)\n",
    "calls on a line": lambda n: LOOP + f" x = [{'g(c),' * n}]\n json.loads(c)\n",
}


def _work(source: str) -> int:
    """Count the calls, steps of generators included, that finding and planning take."""
    calls = 0

    def count(frame: FrameType, event: str, argument: object) -> None:
        nonlocal calls
        calls += event == "call"

    sys.setprofile(count)
    try:
        plan(check_source(source))
    finally:
        sys.setprofile(None)
    return calls


@pytest.mark.parametrize("shape", SHAPES.values(), ids=SHAPES)
def test_the_work_grows_with_the_file_and_no_faster(shape: Callable[[int], str]) -> None:
    _work(shape(2))
    # Of a chain of tests 64 ways are tried at the most: below that the work still grows with the square.
    size = 192 if shape is SHAPES["a chain of tests"] else 64
    assert _work(shape(4 * size)) < 5.5 * _work(shape(size)) + 10_000


def test_planning_costs_at_most_a_small_multiple_of_the_nodes(monkeypatch: pytest.MonkeyPatch) -> None:
    findings = check_source(_proxy(200))
    nodes = sum(1 for _ in ast.walk(ast.parse(_proxy(200))))
    seen = 0
    whole = ast.iter_child_nodes

    def counted(node: ast.AST) -> object:
        nonlocal seen
        seen += 1
        return whole(node)

    monkeypatch.setattr(ast, "iter_child_nodes", counted)
    plan(findings)
    assert seen < 20 * nodes


@pytest.mark.parametrize("methods", [1, 64, 200, 400])
def test_a_long_chain_of_methods_raises_nothing_and_is_found(methods: int) -> None:
    assert len(check_source(_proxy(methods))) == 1


def test_where_the_bound_is_reached_the_rest_is_left_without_a_fix(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(budget, "MAX_LOOKS", 8_000)
    with limits() as reached:
        planned = plan(check_source(SHAPES["loops"](40)))
    assert planned[0].fixable
    assert planned[-1].reason == TOO_MUCH
    assert list(reached) == ["too much in one file to work out every fix: some findings are left without"]


def test_nothing_is_said_where_no_bound_is_reached() -> None:
    with limits() as reached:
        planned = plan(check_source(SHAPES["loops"](40)))
    assert not reached
    assert {entry.reason for entry in planned} <= {"", NO_STRATEGY}


TOO_MUCH_CODE = {
    "names": "c\n" * 500_000,
    "calls": "f(c)\n" * 150_000,
    "numbers": f"x = [{'1,' * 400_000}]\n",
}


@pytest.mark.parametrize("source", TOO_MUCH_CODE.values(), ids=TOO_MUCH_CODE)
def test_more_code_than_people_write_is_refused_before_it_is_parsed(source: str) -> None:
    with pytest.raises(SourceError, match="too much code"):
        check_source(source)


def test_a_text_with_too_many_fields_is_refused_before_it_is_parsed() -> None:
    with pytest.raises(SourceError, match="too many fields"):
        check_source(f"x = f'{'{c}' * 200_000}'\n")


def test_long_texts_and_comments_are_no_code() -> None:
    letters = "a, b, c. " * 60_000
    assert check_source(f"# {letters}\nx = '{letters}'\n{LOOP} json.loads(c)\n")


@pytest.mark.parametrize("pattern", ["(a+)+$", "(a|a)*$", "(.*a){9}", ".*.*.*.*.*=", "a?" * 30 + "a" * 30])
def test_no_regular_expression_is_waited_for(pattern: str) -> None:
    long = "a" * 39 + "!"
    body = f" if c == {long!r}: continue\n if re.search({pattern!r}, c): continue\n json.loads(c)\n"
    assert _work("import re\n" + LOOP + body) < 3_000_000
