"""Programs that are made to be dear: all kinds of statements and expressions, many or nested, around a parsed piece."""

# ruff: noqa: E501 - a program is read more easily in one line

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator
from textwrap import indent

from unchunk.analysis.source import SourceError, parsed

Shape = Callable[[int], str]
"""A function from a number of repetitions to the program."""

HEAD = "import json, requests, socket, httpx, asyncio\nr = requests.get('u', stream=True)\n"
LOOP = HEAD + "for c in r.iter_content(9):\n"
PARSE = "json.loads(c)"

STATEMENTS = {
    "expression": "{p}",
    "assignment": "x{i} = {p}",
    "the piece under another name": "c{i} = c",
    "assignment to a tuple": "x{i}, y{i} = {p}, c",
    "assignment to many": "x{i} = y{i} = z = {p}",
    "assignment to an attribute": "o.x{i} = c; json.loads(o.x{i})",
    "assignment to an item": "o[{i}] = c; json.loads(o[{i}])",
    "annotated assignment": "x{i}: bytes = {p}",
    "addition in place": "b{i} += c; json.loads(b{i})",
    "addition to one buffer": "b += c; json.loads(b)",
    "append": "b.append(c); json.loads(b''.join(b))",
    "delete": "x{i} = {p}; del x{i}",
    "assert": "assert c, {p}",
    "raise": "if c == {i}: raise ValueError({p})",
    "import": "import json as j{i}; j{i}.loads(c)",
    "import from": "from json import loads as l{i}; l{i}(c)",
    "global": "x{i} = {p}",
    "return in a function": "def f{i}(c): return {p}\nf{i}(c)",
    "function that is handed on": "def f{i}(g): return g(c)\nf{i}(json.loads)",
    "generator": "def f{i}(c): yield {p}\nlist(f{i}(c))",
    "coroutine": "async def f{i}(c): return {p}",
    "class": "class C{i}:\n def m(self, c): return {p}\nC{i}().m(c)",
    "class with a field": "class C{i}:\n def m(self, c): self.c = c\n def n(self): return json.loads(self.c)\nC{i}().m(c)",
    "call of one function": "g(c)",
    "if": "if c: {p}",
    "if with a name": "if a{i}: c{i} = c",
    "if with a comparison": "if c == b'{i}': {p}",
    "if that skips": "if c == b'{i}': continue",
    "if that cuts": "if c.startswith(b'{i}'): c = c[{i}:]",
    "if else": "if a{i}: x{i} = c\nelse: x{i} = None\njson.loads(x{i})",
    "while": "while a{i}: {p}",
    "for": "for x in c.split(b'{i}'): json.loads(x)",
    "for over a list": "for x in [c]: json.loads(x)",
    "stream": "for d in r.iter_content({i}): json.loads(d)",
    "stream on a line with else": "for d in r.iter_content({i}): json.loads(d)\nelse: print(d)",
    "stream of lines": "for d in r.iter_lines(): json.loads(d)",
    "stream of events": "for d in r.iter_content({i}):\n if d.startswith(b'data: '): json.loads(d[6:])",
    "stream of split pieces": "for d in r.iter_content({i}):\n for e in d.split(b'\\n'): json.loads(e)",
    "stream to a buffer": "b{i} = b''\nfor d in r.iter_content({i}):\n b{i} += d\n json.loads(b{i})",
    "reads": "while True:\n d = s.recv({i})\n if not d: break\n json.loads(d)",
    "with": "with open(c) as f{i}: {p}",
    "with a stream": "with requests.get('u', stream=True) as q{i}:\n for d in q{i}.iter_content(9): json.loads(d)",
    "try": "try: x{i} = {p}\nexcept ValueError: e{i} = c",
    "try finally": "try: {p}\nfinally: c{i} = c",
    "try with many handlers": "try: {p}\nexcept ValueError as e: pass\nexcept TypeError: pass\nelse: g(c)\nfinally: g(c)",
    "match": "match c:\n case {i}: {p}",
    "match with a capture": "match c:\n case [x{i}, *_]: json.loads(x{i})\n case y{i}: json.loads(y{i})",
    "pass": "pass",
    "print": "print(c)",
    "comprehension": "x{i} = [json.loads(y) for y in c.split()]",
    "comprehension over a stream": "x{i} = [json.loads(y) for y in r.iter_content({i})]",
    "walrus": "if x{i} := c: json.loads(x{i})",
    "lambda": "f{i} = lambda x: json.loads(x)\nf{i}(c)",
    "map": "x{i} = list(map(json.loads, r.iter_content({i})))",
    "decode": "c = c.decode()",
    "strip": "c = c.strip()",
    "slice": "c = c[{i}:]",
    "joined to itself": "c = c + c",
    "text around it": "c = f'{{c}}{{c}}'",
    "a tuple of itself": "c = (c, c)",
    "a list of itself": "c = [c, c][0]",
    "a dict of itself": "c = {{'a': c, 'b': c}}",
    "choice": "c = c if a{i} else c.strip()",
    "alternatives": "c = a{i} or c or b{i}",
    "names in a ring": "c{i}, c{j} = c{j}, c{i}",
    "method chain": "self.a{i}(c); self.b{i} = c",
}
"""In the body of a loop over a stream. `c` is a piece, `{p}` parses it, `{i}` counts."""

WITH_BODIES = {
    "if": "if a{i}:",
    "if else": "if a{i}: c{i} = c\nelse:",
    "while": "while a{i}:",
    "for": "for x{i} in c:",
    "for over pieces": "for c in c.split(b'{i}'):",
    "streams": "for c{i} in r.iter_content(9):",
    "with": "with open(c) as f{i}:",
    "try": "try: g(c)\nexcept ValueError:",
    "try finally": "try: g(c)\nfinally:",
    "match": "match c:\n case _:",
    "function": "def f{i}(c):",
    "class": "class C{i}:",
}
"""Statements that hold the next ones, to be nested."""

EXPRESSIONS = {
    "call": "g({x})",
    "call of a method": "{x}.strip()",
    "call of a result": "{x}()",
    "keyword": "g(a={x})",
    "spread": "g(*{x})",
    "spread of a dict": "g(**{x})",
    "parse": "json.loads({x})",
    "dump": "json.dumps({x})",
    "text of": "str({x}, 'utf-8')",
    "decode": "{x}.decode()",
    "split": "{x}.split(b',')",
    "replace": "{x}.replace(b'a', b'b')",
    "join": "b''.join([{x}])",
    "attribute": "{x}.a",
    "item": "{x}[0]",
    "slice": "{x}[1:]",
    "step": "{x}[a:b:c]",
    "index": "a[{x}]",
    "addition": "{x} + c",
    "addition, right": "(c + {x})",
    "constant addition": "{x} + b'a'",
    "product": "{x} * 2",
    "power": "2 ** {x}",
    "format": "'%s' % {x}",
    "minus": "-{x}",
    "not": "not {x}",
    "invert": "~{x}",
    "and": "({x} and c)",
    "or": "({x} or c)",
    "comparison": "({x} == c)",
    "choice": "({x} if a else c)",
    "choice, else": "c if a else {x}",
    "choice, test": "(c if {x} else a)",
    "lambda": "lambda: {x}",
    "lambda with default": "(lambda c={x}: c)()",
    "tuple": "({x},)",
    "tuple of two": "({x}, c)",
    "list": "[{x}]",
    "list of two": "[{x}, c]",
    "set": "{{{x}}}",
    "dict": "{{'a': {x}}}",
    "dict of two": "{{'a': {x}, 'b': c}}",
    "dict key": "{{{x}: 1}}",
    "star": "[*{x}]",
    "list comprehension": "[y for y in {x}]",
    "comprehension, element": "[{x} for y in c]",
    "comprehension, test": "[y for y in c if {x}]",
    "generator": "list(y for y in {x})",
    "dict comprehension": "{{y: 1 for y in {x}}}",
    "walrus": "(y := {x})",
    "brackets": "({x})",
    "stream": "next(iter(requests.get({x}, stream=True).iter_content(9)))",
    "enumerate": "enumerate({x})",
    "zip": "zip({x}, c)",
    "iter": "iter({x})",
    "map": "map(json.loads, {x})",
    "bytes in memory": "io.BytesIO({x})",
    "await": "(await {x})",
    "yield": "(yield {x})",
}
"""Around `{x}`, which is the piece or the next one."""

LITERALS = {
    "a list": ("[", "c, ", "]"),
    "a list of parse calls": ("[", "json.loads(c), ", "]"),
    "a list of calls": ("[", "g(c), ", "]"),
    "a tuple": ("(", "c, ", ")"),
    "a set": ("{", "c, ", "}"),
    "a dict": ("{", "'a': c, ", "}"),
    "a dict of many keys": ("{", "{i}: c, ", "}"),
    "a dict that is spread": ("{", "**c, ", "}"),
    "a list that is spread": ("[", "*c, ", "]"),
    "arguments": ("g(", "c, ", ")"),
    "keywords": ("g(", "a{i}=c, ", ")"),
    "spread arguments": ("g(", "*c, ", ")"),
    "fields": ("f'", "{{c}}", "'"),
    "fields with formats": ("f'", "{{c!r:>{{c}}}}", "'"),
    "texts one after the other": ("(c, ", "b'a' ", ")"),
    "sum": ("", "c + ", "c"),
    "sum of constants": ("c + ", "b'a' + ", "b'a'"),
    "and": ("", "c and ", "c"),
    "or": ("", "a{i} or c or ", "c"),
    "comparisons": ("", "c == ", "c"),
    "attributes": ("c", ".a", ""),
    "calls of methods": ("c", ".strip()", ""),
    "calls of what was called": ("c", "()", ""),
    "items": ("c", "[0]", ""),
    "slices": ("c", "[1:]", ""),
    "an index of many": ("c[", "c, ", "]"),
    "brackets one after the other": ("", "[[[[[[[[c]]]]]]]], ", ""),
    "signs": ("", "----------------c, ", ""),
    "numbers": ("[c, ", "1,", "]"),
    "empty lists": ("[c, ", "[],", "]"),
    "comprehension with many ifs": ("[y for y in c ", "if y ", "]"),
    "comprehension with many fors": ("[y for y in c ", "for z in y ", "]"),
    "lambdas": ("[", "lambda: json.loads(c), ", "]"),
    "lambda with parameters": ("lambda ", "a{i}=c, ", "**k: c"),
    "choices": ("[", "(c if a else c), ", "]"),
    "choices in a row": ("", "c if a else ", "c"),
    "walrus": ("[", "(x{i} := c), ", "]"),
    "comprehensions": ("[", "[json.loads(y) for y in c], ", "]"),
    "comprehensions over streams": ("[", "[json.loads(y) for y in r.iter_content(9)], ", "]"),
    "streams": ("[", "next(r.iter_content(9)), ", "]"),
}
"""Begin, what is repeated, end: one expression."""

MODULES: dict[str, Shape] = {
    "functions": lambda n: (
        HEAD + _numbered("def f{i}(r: requests.Response):\n for c in r.iter_content(9):\n  json.loads(c)\n", n)
    ),
    "functions that call the next": lambda n: (
        HEAD
        + _numbered("def f{i}(c): return f{j}(c)\n", n)
        + f"def f{n}(c): return json.loads(c)\nfor c in r.iter_content(9): f0(c)\n"
    ),
    "functions that call each other": lambda n: (
        HEAD
        + _numbered("def f{i}(c):\n json.loads(c)\n return f{j}(c) or f{h}(c)\n", n)
        + f"def f{n}(c): return f0(c)\ndef f{n + 1}(c): return f1(c)\nfor c in r.iter_content(9): f0(c)\n"
    ),
    "functions that call the last": lambda n: (
        HEAD
        + "def f(c): return json.loads(c)\n"
        + _numbered("def f{i}(r: requests.Response):\n for c in r.iter_content(9): f(c)\n", n)
    ),
    "functions that hand out a stream": lambda n: (
        HEAD
        + _numbered("def f{i}():\n yield from f{j}()\n", n)
        + f"def f{n}():\n yield from r.iter_content(9)\nfor c in f0(): json.loads(c)\n"
    ),
    "decorators": lambda n: (
        HEAD + "@d\n" * n + "def f(r: requests.Response):\n for c in r.iter_content(9): json.loads(c)\n"
    ),
    "decorated functions": lambda n: (
        HEAD
        + "def d(f):\n def g(*a): return f(*a)\n return g\n"
        + _numbered("@d\ndef f{i}(c): return json.loads(c)\n", n)
        + "for c in r.iter_content(9): f0(c)\n"
    ),
    "parameters": lambda n: (
        HEAD + f"def f({_numbered('a{i}, ', n)}r: requests.Response):\n for c in r.iter_content(9): json.loads(c)\n"
    ),
    "calls with parameters": lambda n: (
        HEAD + "def f(a): return json.loads(a)\nfor c in r.iter_content(9):\n" + _numbered(" f([c, {i}][0])\n", n)
    ),
    "calls with other parameters": lambda n: (
        HEAD + "def f(a): return json.loads(a)\nfor c in r.iter_content(9):\n" + _numbered(" f(c[{i}:])\n", n)
    ),
    "methods": lambda n: (
        HEAD
        + "class A:\n"
        + _numbered(
            " def f{i}(self, r: requests.Response):\n  for c in r.iter_content(9): self.f{j}(json.loads(c))\n", n
        )
    ),
    "methods that read one socket": lambda n: (
        HEAD
        + "class A:\n"
        + _numbered(
            " def f{i}(self):\n  while True:\n   d = self.s.recv(9)\n   if not d: return\n   self.g{i}(json.loads(d))\n",
            n,
        )
    ),
    "methods that write attributes": lambda n: (
        HEAD
        + "class A:\n"
        + _numbered(" def f{i}(self, c):\n  self.a{i} = c\n  json.loads(self.a{j})\n", n)
        + "for c in r.iter_content(9): A().f0(c)\n"
    ),
    "methods that write one attribute": lambda n: (
        HEAD
        + "class A:\n"
        + _numbered(
            " def f{i}(self, r: requests.Response):\n  for c in r.iter_content(9): self.a = c\n  json.loads(self.a)\n",
            n,
        )
    ),
    "methods that call the next": lambda n: (
        HEAD
        + "class A:\n"
        + _numbered(" def f{i}(self, c): return self.f{j}(c)\n", n)
        + f" def f{n}(self, c): return json.loads(c)\nfor c in r.iter_content(9): A().f0(c)\n"
    ),
    "empty methods": lambda n: (
        HEAD
        + "class A:\n def f(self, r: requests.Response):\n  for c in r.iter_content(9): json.loads(c)\n"
        + _numbered(" def f{i}(self): pass\n", n)
    ),
    "classes": lambda n: (
        HEAD
        + _numbered(
            "class A{i}:\n def f(self, r: requests.Response):\n  for c in r.iter_content(9): json.loads(c)\n", n
        )
    ),
    "classes derived from each other": lambda n: (
        HEAD
        + "class A0:\n def p(self, c): return json.loads(c)\n"
        + _numbered("class A{j}(A{i}):\n def q(self, r):\n  for c in r.iter_content(9): self.p(c)\n", n)
    ),
    "classes derived from one": lambda n: (
        HEAD
        + "class A:\n def p(self, c): return json.loads(c)\n def q(self, r):\n  for c in r.iter_content(9): self.p(c)\n"
        + _numbered("class A{i}(A):\n def p(self, c): return json.loads(c)\n", n)
    ),
    "a class with many bases": lambda n: (
        HEAD
        + _numbered("class A{i}:\n def p(self, c): return json.loads(c)\n", n)
        + f"class B({_numbered('A{i}, ', n)}):\n def q(self, r):\n  for c in r.iter_content(9): self.p(c)\n"
    ),
    "constants": lambda n: HEAD + _numbered("A{i} = {i}\n", n) + "for c in r.iter_content(9): json.loads(c)\n",
    "constants of constants": lambda n: (
        HEAD
        + "A0 = b'a'\n"
        + _numbered("A{j} = A{i} + A{i}\n", n)
        + f"for c in r.iter_content(9):\n if c == A{n}: break\n json.loads(c)\n"
    ),
    "sums of constants": lambda n: (
        HEAD
        + "A0 = b'a'\n"
        + _numbered("A{j} = A{i} + b'a'\n", n)
        + f"for c in r.iter_content(9):\n if c == A{n}: break\n json.loads(c)\n"
    ),
    "products of constants": lambda n: (
        HEAD
        + "A = b'a' * 10000000\nfor c in r.iter_content(9):\n"
        + _numbered(" if c == A * {i}: break\n", n)
        + " json.loads(c)\n"
    ),
    "imports": lambda n: HEAD + _numbered("import a{i}\n", n) + "for c in r.iter_content(9): json.loads(c)\n",
    "imports on a line": lambda n: (
        HEAD + f"import {_numbered('a{i}, ', n)}b\nfor c in r.iter_content(9): json.loads(c)\n"
    ),
    "stars": lambda n: HEAD + _numbered("from a{i} import *\n", n) + "for c in r.iter_content(9): json.loads(c)\n",
    "comments": lambda n: HEAD + "for c in r.iter_content(9):\n" + " # noqa: UNC101\n" * n + " json.loads(c)\n",
    "silencing comments": lambda n: HEAD + "for c in r.iter_content(9):\n" + " json.loads(c)  # noqa: UNC101\n" * n,
    "blank lines": lambda n: HEAD + "for c in r.iter_content(9):\n" + "\n" * n + " json.loads(c)\n",
    "blanks": lambda n: HEAD + "for c in r.iter_content(9):" + " " * n + "json.loads(c)\n",
    "continued lines": lambda n: HEAD + "for c in r.iter_content(9):" + "\\\n" * n + "json.loads(c)\n",
    "semicolons": lambda n: HEAD + "for c in r.iter_content(9): " + "json.loads(c); " * n + "\n",
    "one long name": lambda n: HEAD + f"for {'c' * n} in r.iter_content(9): json.loads({'c' * n})\n",
    "one long text": lambda n: HEAD + f"for c in r.iter_content(9):\n if c == '{'c' * n}': break\n json.loads(c)\n",
    "one long number": lambda n: HEAD + f"for c in r.iter_content(0x{'1' * n}): json.loads(c)\n",
    "one long comment": lambda n: HEAD + f"for c in r.iter_content(9): json.loads(c)  # {'c' * n}\n",
    "one long dotted name": lambda n: HEAD + f"import a{'.a' * n}\nfor c in r.iter_content(9): json.loads(c)\n",
    "global names": lambda n: (
        HEAD + f"def f():\n global {_numbered('a{i}, ', n)}b\n for c in r.iter_content(9): json.loads(c)\n"
    ),
    "a chain of tests": lambda n: LOOP + " if z: pass\n" + _numbered(" elif a{i}: c{i} = c\n", n) + " json.loads(c)\n",
    "cases": lambda n: LOOP + " match c:\n" + _numbered("  case {i}: x{i} = c\n", n) + " json.loads(c)\n",
    "cases of patterns": lambda n: LOOP + f" match c:\n  case [{_numbered('x{i}, ', n)}]: pass\n json.loads(c)\n",
    "cases of alternatives": lambda n: LOOP + f" match c:\n  case {_numbered('{i} | ', n)}None: pass\n json.loads(c)\n",
    "handlers": lambda n: LOOP + " try: json.loads(c)\n" + _numbered(" except E{i}: c{i} = c\n", n),
    "with-items": lambda n: LOOP + f" with {_numbered('open(c) as f{i}, ', n)} open(c): json.loads(c)\n",
    "targets": lambda n: LOOP + f" {_numbered('x{i} = ', n)}c\n json.loads(x0)\n",
    "targets of a tuple": lambda n: LOOP + f" {_numbered('x{i}, ', n)} = c\n json.loads(x0)\n",
    "an if around a chain": lambda n: (
        LOOP + _numbered(" if a{i}: c = c.strip()\n else: c = c[1:]\n", n) + " json.loads(c)\n"
    ),
    "loops of one function": lambda n: (
        "import json, requests\ndef f(r: requests.Response):\n" + " for c in r.iter_content(9):\n  json.loads(c)\n" * n
    ),
    "streams in brackets": lambda n: (
        "import json, requests\n" + "[json.loads(c) for c in requests.get('u', stream=True).iter_content(9)]\n" * n
    ),
    "queues": lambda n: (
        HEAD
        + "import queue\n"
        + _numbered("q{i} = queue.Queue()\n", n)
        + "for c in r.iter_content(9):\n"
        + _numbered(" q{i}.put(c)\n json.loads(q{j}.get())\n", n)
    ),
}


def _numbered(text: str, n: int) -> str:
    return "".join(text.format(i=i, j=i + 1, h=i + 2, p=PARSE) for i in range(n))


def _in_a_loop(statement: str) -> Shape:
    return lambda n: LOOP + indent(_numbered(statement + "\n", n) + PARSE, " ") + "\n"


def _in_functions(statement: str) -> Shape:
    body = indent(statement, "  ")
    return lambda n: (
        HEAD
        + _numbered(f"def q{{i}}(r: requests.Response, s: socket.socket):\n for c in r.iter_content(9):\n{body}\n", n)
    )


def _nested(head: str) -> Shape:
    """Return statements nested as deep as Python allows, again and again."""

    def build(n: int) -> str:
        lines = []
        while n > 0:
            depth = min(n, 18 if head.startswith(("for", "while", "with", "try", "if a{i}: c")) else 45)
            for i in range(depth):
                lines.append(indent(head.format(i=i), " " * (1 + 2 * i)))
            lines.append(" " * (1 + 2 * depth) + PARSE)
            n -= depth
        return LOOP + "\n".join(lines) + "\n"

    return build


def _around(expression: str, deepest: int, parse: bool = True) -> Shape:
    """Return an expression nested as deep as Python reads it, again and again."""

    def build(n: int) -> str:
        lines = []
        while n > 0:
            text = "c"
            for _ in range(min(n, deepest)):
                text = expression.format(x=text)
            lines.append(f"  json.loads({text})\n")
            n -= deepest
        return HEAD + "async def f():\n for c in r.iter_content(9):\n" + "".join(lines)

    return build


def _is_read(text: str) -> bool:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            parsed(text, "")
    except SourceError:
        return False
    return True


def _deepest(expression: str) -> int:
    """Return how deep an expression may nest."""
    low, high = 1, 4096
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if _is_read(_around(expression, middle)(middle)) else (low, middle)
    return low


def _literal(begin: str, item: str, end: str) -> Shape:
    return lambda n: LOOP + f" x = {begin}{_numbered(item, n)}{end}\n json.loads(x)\n json.loads(c)\n"


def shapes() -> Iterator[tuple[str, Shape]]:
    """Yield all of them, by name."""
    yield from MODULES.items()
    for name, statement in STATEMENTS.items():
        yield f"{name}: statements of a loop", _in_a_loop(statement)
        yield f"{name}: in functions", _in_functions(statement)
    for name, head in WITH_BODIES.items():
        yield f"{name}: nested", _nested(head)
    for name, expression in EXPRESSIONS.items():
        yield f"{name}: side by side", _around(expression, 1)
        yield f"{name}: nested", _around(expression, _deepest(expression))
        yield f"{name}: nested a little", _around(expression, min(_deepest(expression), 12))
    for name, (begin, item, end) in LITERALS.items():
        yield f"{name}: in one expression", _literal(begin, item, end)
