"""Decoding and parsing, with one clear sentence for each failure."""

from __future__ import annotations

import ast

import pytest

from unchunk.analysis import SourceError, check_source, check_tree

BUG = "import json\nfor c in r.iter_content(): json.loads(c)\n"


@pytest.mark.parametrize(
    ("source", "line", "words"),
    [
        (b"def f(:\n", 1, "not Python"),
        (b"x = 1\ny = (\n", 2, "not Python"),
        (b"x = 1\n\xff\n", 2, "0xff"),
        (b"# coding: no-such-encoding\n", 1, "cannot be decoded"),
        (b"x = 1\n\x00\n", 2, "NUL"),
        ("x = 1\n\0", 2, "NUL"),
        ("x = 1".encode("utf-16"), 1, "UTF-16"),
        ("(" * 5000 + ")" * 5000, None, ""),
        ("x = " + "-" * 100_000 + "1", None, "too deep"),
        ("x = " + "[" * 5000 + "]" * 5000, None, ""),
        (f"import a{'.a' * 32_000}\n", None, "too long a dotted name"),
        (f"import a{'.' + chr(92) + chr(10)}".ljust(20) + f"a{'.a' * 32_000}\n", None, "too long a dotted name"),
        ((f"import a{'.a' * 900}\n") * 500, None, "too long a dotted name"),
    ],
)
def test_bad_source_is_one_error(source: str | bytes, line: int | None, words: str) -> None:
    with pytest.raises(SourceError) as caught:
        check_source(source, "bad.py")
    assert caught.value.path == "bad.py"
    assert words in caught.value.message
    assert "\n" not in caught.value.message
    if line is not None:
        assert caught.value.line == line
        assert str(caught.value).startswith(f"bad.py:{line}: ")


@pytest.mark.parametrize("names", [f"import a{'.a' * 5_000}", "import a.b.c\n" * 20_000, f"x = [{'1.5, ' * 50_000}]"])
def test_names_with_dots_that_a_parser_can_keep_are_no_hindrance(names: str) -> None:
    assert [finding.code for finding in check_source(f"{BUG}{names}\n")] == ["UNC101"]


@pytest.mark.parametrize(
    "nested",
    ["-" * 5000 + "1", "a" + ".b" * 5000, "1" + "+1" * 5000, "f(" * 90 + ")" * 90, "[" * 90 + "]" * 90],
    ids=lambda nested: nested[:4],
)
def test_what_nests_deep_is_looked_through_where_the_python_that_runs_can_parse_it(nested: str) -> None:
    source = f"{BUG}x = {nested}\n"
    try:
        ast.parse(source)
    except RecursionError:
        with pytest.raises(SourceError, match="nests too deep"):
            check_source(source)
    else:
        assert [finding.code for finding in check_source(source)] == ["UNC101"]


@pytest.mark.parametrize(
    "source",
    [
        BUG.encode(),
        b"\xef\xbb\xbf" + BUG.encode(),
        ("# coding: latin-1\n" + BUG.replace("r.", "é.")).encode("latin-1"),
        BUG.replace("\n", "\r\n").encode(),
        BUG.replace("\n", "\r").encode(),
        BUG.rstrip().encode(),
        BUG,
        "\ufeff" + BUG,
    ],
)
def test_every_encoding_and_line_end_is_read(source: str | bytes) -> None:
    assert [finding.code for finding in check_source(source)] == ["UNC101"]


def test_columns_count_characters_not_bytes() -> None:
    (finding,) = check_source('import json\nfor c in r.iter_content(): ("héé", json.loads(c))\n')
    line = 'for c in r.iter_content(): ("héé", json.loads(c))'
    assert line[finding.span.column : finding.span.end_column] == "json.loads(c)"
    assert line[finding.source.column : finding.source.end_column] == "r.iter_content()"


def test_a_tree_that_is_there_already_is_taken() -> None:
    assert [finding.code for finding in check_tree(ast.parse(BUG), BUG, "given.py")] == ["UNC101"]


@pytest.mark.parametrize(
    "deep",
    [
        "x = " + " + ".join(["1"] * 3000),
        "x = " + "(" * 90 + "1" + ")" * 90,
        "x = a" + ".b" * 900,
        "x = a" + "()" * 900,
        "if a:\n    pass\n" + "elif b:\n    pass\n" * 900,
        "".join("    " * depth + "if a:\n" for depth in range(95)) + "    " * 95 + "pass\n",
        "".join(" " * depth + f"def f{depth}():\n" for depth in range(90)) + " " * 90 + "pass\n",
        "x = [" * 80 + "]" * 80,
        "x = lambda: " * 80 + "1",
    ],
    ids=["sum", "parentheses", "attributes", "calls", "elif", "if", "def", "list", "lambda"],
)
def test_deep_nesting_never_overflows_the_stack(deep: str) -> None:
    inside = deep + "\nimport json\ndef f(r):\n    for c in r.iter_content():\n        json.loads(c)\n"
    around = "import json\ndef f(r):\n    for c in r.iter_content():\n" + "".join(
        f"        {line}\n" for line in [*deep.splitlines(), "json.loads(c)"]
    )
    try:
        ast.parse(inside)
    except (RecursionError, MemoryError, SyntaxError):
        pytest.skip("too deep for this Python's parser")
    assert [finding.code for finding in check_source(inside)] == ["UNC101"]
    try:
        ast.parse(around)
    except (RecursionError, MemoryError, SyntaxError):
        return
    assert [finding.code for finding in check_source(around)] == ["UNC101"]
