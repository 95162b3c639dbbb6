"""Layout of a program by words and indentation."""

from __future__ import annotations

import pytest

from unchunk.analysis.layout import ANYHOW, BARE, MEMBER, QUOTED, Layout


@pytest.mark.parametrize(
    ("name", "kinds", "lines"),
    [
        (b"name", ANYHOW, [1, 2, 3, 4]),
        (b"name", (MEMBER,), [2]),
        (b"name", (BARE,), [1, 3]),
        (b"name", (QUOTED,), [4]),
        (b"other", ANYHOW, []),
    ],
)
def test_mentions(name: bytes, kinds: tuple[int, ...], lines: list[int]) -> None:
    layout = Layout(b"name\nx.name\nname()\ngetattr(x, 'name')\nnames\na_name\n")
    assert layout.lines_of(name, kinds) == lines


@pytest.mark.parametrize("count", [3, 500])
def test_many_names_are_found_as_few_are(count: int) -> None:
    code = b"".join(b"def f%d(): x.f%d(f%d)\n" % (n, n + 1, n + 2) for n in range(count))
    one, many = Layout(code), Layout(code)
    names = [b"f%d" % n for n in range(count)]
    many.index(names)
    assert [many.mentions(name) for name in names] == [one.mentions(name) for name in names]


PROGRAM = b"""\
x = 1
class A(B):
    y = 2
    def f(
        self,
    ):
        def g():
            return 1
        return g
    z = 3
async def h():
    pass
if x:
    def i(): pass
    x = 2
"""


def test_what_a_line_stands_in() -> None:
    layout = Layout(PROGRAM)
    found = [[one.name for one in layout.around(line)] for line in (1, 3, 8, 12, 14)]
    assert found == [[], [b"A"], [b"g", b"f", b"A"], [b"h"], [b"i", b"h"]]
    assert [one.name for one in layout.functions if one.outermost] == [b"f", b"h"]


def test_lines_outside_of_functions() -> None:
    layout = Layout(PROGRAM)
    assert [line for line in range(1, 16) if layout.is_outside(line)] == [1, 2, 3, 10, 13, 14, 15]


@pytest.mark.parametrize(
    ("statement", "targets"),
    [
        (b"x = f(y=1)", [b"x"]),
        (b"x == y", []),
        (b"if x <= y: z = 1", [b"z"]),
        (b"x: T = 1", [b"x"]),
        (b"self.x = 1", [b".x"]),
        (b"self.x.y = z", [b".y"]),
        (b"x, self.y = z", [b"x", b".y"]),
        (b"x = y = z", [b"x", b"y"]),
        (b"x[f(a=1)] = z", [b"x", b"f", b"a"]),
        (b"self.x[1:2] = z", [b".x"]),
        (b"x += z", [b"x"]),
        (b"with f() as x, g() as self.y: pass", [b"x", b".y"]),
        (b"while x := f(): pass", [b"x"]),
        (b"f(x=1, y=lambda z=2: z)", []),
        (b"x: T = (\n    f()", [b"x"]),
        (b"x = (f\n    .g()\n)", [b"x"]),
    ],
)
def test_targets_of_a_statement(statement: bytes, targets: list[bytes]) -> None:
    found = Layout(b"pass\n" + statement).targets(2 + statement.count(b"\n"))
    assert [b"." * is_attribute + name for name, is_attribute in found] == targets


def test_statements_without_calls() -> None:
    code = b"import a\nfrom b import (\n    c,\n)\n@d\nclass E(F):\n    x = 1\nclass G(H()):\n"
    code += b"__all__ = [\n    'I'\n]\nf()\n"
    assert sorted(Layout(code).without_calls) == [1, 2, 3, 4, 5, 6, 9, 10]
