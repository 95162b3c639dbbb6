"""IPython's own syntax, located as IPython does."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from unchunk.notebook.magics import is_foreign, magics, masked

NO_MAGICS = [
    "import json\n",
    'text = """\n!ls\n%foo\n"""\n',
    "f(a,\n%b)\n",
    "x = [1,\n!ls]\n",
    "s = 'a\\\n%b'\n",
    "x = 1 # foo?\n",
    "# %time\n",
    "a == !x\n",
    "f(x=%foo)\n",
    "x = y %z\n",
    "x = y \\\n%z\n",
    "foo ?\n",
    'f"{x!r}"\n',
    "for x in y: !ls\n",
    "a += !ls\n",
    "x //= 2\n",
    "get_ipython().run_line_magic('time', '')\n",
]
MAGICS = [
    ("%matplotlib inline\nimport json\n", "M\nimport json\n"),
    ("!ls\n", "M\n"),
    ("!!ls", "M"),
    ("x = !ls -l\n", "x = M\n"),
    ("x = %time f(3)  # c\n", "x = M\n"),
    ("d[k] = !ls\n", "d[k] = M\n"),
    ("foo?\n", "M\n"),
    ("foo.bar[0]??\n", "M\n"),
    ("?foo\n", "M\n"),
    ("%timeit?\n", "M\n"),
    ("if x:\n    !pip install \\\n  foo\n    y = 1\n", "if x:\n    M\n    y = 1\n"),
    ("%%time\nx = 1\n!ls\n", "M\nx = 1\nM\n"),
    ("\n\n%%capture out --no-stderr\nx = 1\n", "\n\nM\nx = 1\n"),
    ("/f 1 2\n,g a b\n;h a\n", "M\nM\nM\n"),
    ("!echo \"it's\nx = 3\n", "M\nx = 3\n"),
    ("async def f():\n  %time await g()\n  return 1\n", "async def f():\n  M\n  return 1\n"),
    ('a = \'it\\\'s\' + """\n%b\n"""\r\n!ls\r\nb = 2', 'a = \'it\\\'s\' + """\n%b\n"""\r\nM\r\nb = 2'),
    ("print(1)\nfoo?\nimport x\n", "print(1)\nM\nimport x\n"),
]


@pytest.mark.parametrize("cell", NO_MAGICS)
def test_python_and_what_only_looks_like_magic_stays(cell: str) -> None:
    assert not list(magics(cell))


@pytest.mark.parametrize(("cell", "expected"), MAGICS)
def test_magics_become_names_and_the_rest_stays(cell: str, expected: str) -> None:
    assert masked(cell, lambda magic: "M") == expected


@pytest.mark.parametrize(
    ("cell", "foreign"),
    [
        ("x = 1\n%%bash\n", False),
        ("# %%bash\nls\n", False),
        ("%%time\nx = 1\n", False),
        ("%%timeit -n 3 setup()\nx = 1\n", False),
        ("%%bash?\n", False),
        ("%%bash\nls\n", True),
        ("\n  \n%%html\n<b>\n", True),
        ("%%writefile a.py\nimport json\n", True),
        ("%%python\nimport json\n", True),
        ("%%\n", True),
    ],
)
def test_a_cell_is_foreign_where_its_first_line_gives_it_away(cell: str, foreign: bool) -> None:
    assert is_foreign(cell) is foreign


def transformed(cell: str) -> str:
    manager = pytest.importorskip("IPython.core.inputtransformer2").TransformerManager()
    return str(manager.transform_cell(cell))


@pytest.mark.parametrize("cell", [cell for cell in NO_MAGICS if "get_ipython" not in cell])
def test_ipython_sees_no_magic_either(cell: str) -> None:
    assert "get_ipython" not in transformed(cell)


@pytest.mark.parametrize("cell", [cell for cell, _ in MAGICS if not cell.strip().startswith(("%%", "/"))])
def test_ipython_sees_as_many_magics(cell: str) -> None:
    assert transformed(cell).count("get_ipython()") == len(list(magics(cell)))


LINES = [
    "import json",
    "x = 1",
    "!ls 'a",
    "%time f(x)",
    "y = !ls",
    "y = %env A",
    "foo?",
    '"""',
    "if x:",
    "    !ls \\",
    "    pass",
    "f(\n%b)",
    "# c",
    "",
]


@given(st.lists(st.sampled_from(LINES), max_size=8))
def test_the_magics_of_any_cell_are_those_that_ipython_sees(lines: list[str]) -> None:
    cell = "\n".join([*lines, ""])
    real = transformed(cell)
    try:
        compile(real, "cell", "exec")
    except SyntaxError:
        return  # IPython cannot run it, so that the cell is left out
    assert len(list(magics(cell))) == real.count("get_ipython()")


@given(st.text(alphabet="ab1 \t\r\n\\'\"()[]{}=!?%,;/#"))
def test_any_text_is_taken_apart_without_loss(cell: str) -> None:
    found: list[str] = []
    text = masked(cell, lambda magic: f"\0{found.append(magic) or len(found) - 1}\0")
    for number, magic in enumerate(found):
        text = text.replace(f"\0{number}\0", magic)
    assert text == cell
