"""Programs of a given size, made up: each function has the bug, or a long function has it at its end."""

from __future__ import annotations

HEAD = "import json\n"
FUNCTION = "def f{number}(r):\n    for c in r.iter_content():\n        json.loads(c)\n"


def of_lines(lines: int) -> str:
    """Return a file of about that many lines, of functions with a finding each."""
    return HEAD + "".join(FUNCTION.format(number=number) for number in range(lines // 3))


def of_statements(count: int) -> str:
    """Return one function of that many statements, with a finding at its end."""
    body = "".join(f"    a{n} = r.get({n})\n    if a{n}:\n        a{n} = a{n} + 1\n" for n in range(count // 3))
    return f"{HEAD}def f(r):\n{body}    for c in r.iter_content():\n        json.loads(c)\n"


def nested(depth: int) -> str:
    """Return a finding inside as many brackets as Python's parser bears, and a chain of as many `elif`s as asked
    for.
    """
    branches = "".join(f"        elif c == {n}:\n            pass\n" for n in range(depth))
    inner = "(" * 80 + "json.loads(c)" + ")" * 80
    start = "def f(r):\n    for c in r.iter_content():\n        if c is None:\n            pass\n"
    return f"{HEAD}{start}{branches}        {inner}\n"
