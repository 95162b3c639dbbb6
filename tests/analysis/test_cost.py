"""The work is linear in the size of a program, however it is made. Work is counted, not timed."""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import Any

import pytest

from unchunk.analysis import api
from unchunk.analysis.flow.syntax import Syntax

HEAD = "import json\n"


def work(program: str) -> int:
    """Return how many statements were visited."""
    run, module = api._looked_at(Syntax(ast.parse(program), program), "it.py", None, False)
    budget = api.MIN_BUDGET + api.STATEMENTS_PER_STATEMENT * len(module.outline.statements)
    return budget - run.budget


def long_function(size: int) -> str:
    body = "".join(f"    a{n} = r.get({n})\n    if a{n}:\n        a{n} = a{n} + 1\n" for n in range(size))
    return f"{HEAD}def f(r):\n{body}    for c in r.iter_content():\n        json.loads(c)\n"


def many_functions(size: int) -> str:
    one = "def f{n}(r):\n    for c in r.iter_content():\n        json.loads(c)\n"
    return HEAD + "".join(one.format(n=n) for n in range(size))


def many_methods(size: int) -> str:
    head = "    def f{n}(self, r):\n        self.a{n} = r\n"
    one = head + "        for c in self.a{m}.iter_content():\n            json.loads(c)\n"
    return HEAD + "class C:\n" + "".join(one.format(n=n, m=size - 1 - n) for n in range(size))


def chain_of_calls(size: int) -> str:
    one = "def f{n}(c):\n    return f{m}(c)\n"
    chain = "".join(one.format(n=n, m=n + 1) for n in range(size))
    last = f"def f{size}(c):\n    return json.loads(c)\n"
    return f"{HEAD}{chain}{last}def g(r):\n    for c in r.iter_content():\n        f0(c)\n"


def many_callers(size: int) -> str:
    one = "def g{n}(r):\n    for c in r.iter_content():\n        f(c)\n"
    return f"{HEAD}def f(c):\n    return json.loads(c)\n" + "".join(one.format(n=n) for n in range(size))


def many_branches(size: int) -> str:
    body = "".join(f"        if x == {n}:\n            c = c.strip()\n" for n in range(size))
    return f"{HEAD}def f(r, x):\n    for c in r.iter_content():\n{body}        json.loads(c)\n"


def many_tries(size: int) -> str:
    body = "".join(
        "        try:\n            c = c.strip()\n        except ValueError:\n            pass\n" for _ in range(size)
    )
    return f"{HEAD}def f(r, x):\n    for c in r.iter_content():\n{body}        json.loads(c)\n"


def many_heirs(size: int) -> str:
    heir = "class C{n}(Base):\n    def g(self, r):\n        for c in r.iter_content():\n            json.loads(c)\n"
    return f"{HEAD}class Base:\n    def f(self, r):\n        return self.g(r)\n" + "".join(
        heir.format(n=n) for n in range(size)
    )


CHANGES = ("{c}[1:]", "{c}.decode()", "{c}.split()[0]", "buf + {c}", "[{c}][0]", "x or {c}")


def calls_that_fan_out(size: int) -> str:
    """Build functions that each hand their piece to the next one in many ways: paths without number."""
    ways = "".join(f"    f{{m}}({change.format(c='c')}, {n})\n" for n, change in enumerate(CHANGES))
    loop = "    for b in c.split():\n        f{m}(b, 9)\n"
    guard = "    try:\n        f{m}(c, 8)\n    except ValueError:\n        pass\n"
    one = f"def f{{n}}(c, x, buf=''):\n    json.loads(c)\n{ways}{loop}{guard}"
    chain = "".join(one.format(n=n, m=(n + 1) % size) for n in range(size))
    return f"{HEAD}{chain}def g(r):\n    for c in r.iter_content():\n        f0(c, 0)\n"


def functions_inside_that_fan_out(size: int) -> str:
    """Return the same for functions that see what is around them."""
    one = "    def f{n}(c, x):\n        json.loads(c)\n" + "        f{m}(c[1:], x)\n" * 2
    chain = "".join(one.format(n=n, m=n + 1) for n in reversed(range(size)))
    return (
        f"{HEAD}def g(r):\n    def f{size}(c, x):\n        json.loads(c)\n{chain}"
        "    for c in r.iter_content():\n        f0(c, 0)\n"
    )


def calls_in_many_ways(size: int) -> str:
    """Return one function that each of many loops hands pieces of another kind, and other constants."""
    one = "def g{n}(r):\n    for c in r.iter_content({n}):\n        f(c, {n})\n        f(c.split()[0], 'a{n}')\n"
    return f"{HEAD}def f(c, x):\n    h(c, x)\n    h(c[1:], x)\ndef h(c, x):\n    return json.loads(c)\n" + "".join(
        one.format(n=n) for n in range(size)
    )


SHAPES = [
    calls_that_fan_out,
    functions_inside_that_fan_out,
    calls_in_many_ways,
    long_function,
    many_functions,
    many_methods,
    many_heirs,
    chain_of_calls,
    many_callers,
    many_branches,
    many_tries,
]


@pytest.mark.parametrize("shape", SHAPES, ids=lambda shape: shape.__name__)
def test_work_grows_with_the_size(shape: Callable[[int], str]) -> None:
    small, large = work(shape(40)), work(shape(160))
    assert large <= 5 * small


@pytest.mark.parametrize("shape", SHAPES, ids=lambda shape: shape.__name__)
def test_large_programs_are_done(shape: Callable[[int], str]) -> None:
    assert api.check_source(shape(400)) or shape is chain_of_calls


def test_five_thousand_statements_in_one_function() -> None:
    program = long_function(1700)
    assert len(program.splitlines()) > 5000
    assert [finding.code for finding in api.check_source(program)] == ["UNC101"]


def test_fifty_thousand_lines() -> None:
    program = many_functions(16_700)
    assert len(program.splitlines()) > 50_000
    assert len(api.check_source(program)) == 16_700


def test_loops_inside_loops_are_not_looked_at_over_and_over() -> None:
    depth = 12
    loops = "".join("    " * (n + 1) + f"for a{n} in x:\n" + "    " * (n + 2) + f"b{n} = a{n}\n" for n in range(depth))
    inner = "    " * (depth + 1)
    program = f"{HEAD}def f(r, x):\n{loops}{inner}for c in r.iter_content():\n    {inner}json.loads(c)\n"
    assert [finding.code for finding in api.check_source(program)] == ["UNC101"]
    assert work(program) < 20_000


def test_a_class_is_held_against_its_own_bases_only(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = 0

    def counting(*arguments: Any) -> Any:
        nonlocal asked
        asked += 1
        return find_method(*arguments)

    find_method = api.find_method
    monkeypatch.setattr(api, "find_method", counting)
    assert len(api.check_source(many_heirs(100))) == 100
    assert asked <= 200
