"""Hygiene of fixes: the author's comments, names, imports and lines stay; and a reported fix is made."""

from __future__ import annotations

import ast
import io
import re
import subprocess
import sys
import tokenize
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.codemod.rewrites import fixed_file
from unchunk.analysis import check_source
from unchunk.codemod import fix_source
from unchunk.codemod.layout import line_limit
from unchunk.codemod.plan import plan

EVALUATION = Path(__file__).parent.parent / "eval"
FILES = sorted(EVALUATION.rglob("*.py"))
by_file = pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(EVALUATION)))

# Comments


def comments(source: str) -> Counter[str]:
    tokens = tokenize.generate_tokens(io.StringIO(source).readline)
    return Counter(token.string for token in tokens if token.type == tokenize.COMMENT)


def commented(source: str) -> str:
    """Add a comment of its own behind every line that takes one, and above every statement."""
    tokens = list(tokenize.generate_tokens(io.StringIO(source).readline))
    ends = {token.start[0] for token in tokens if token.type in (tokenize.NEWLINE, tokenize.NL)}
    taken = {token.start[0] for token in tokens if token.type == tokenize.COMMENT}
    starts = {node.lineno for node in ast.walk(ast.parse(source)) if isinstance(node, ast.stmt)}
    lines = []
    for number, line in enumerate(source.splitlines(), start=1):
        if number in starts and number not in taken:
            lines.append(f"{line[: len(line) - len(line.lstrip())]}# above {number}")
        fits = number in ends and number not in taken and line.strip()
        lines.append(f"{line}  # at {number}" if fits else line)
    return "\n".join(lines) + "\n"


def bracketed(source: str) -> str:
    """Add a comment of its own behind every bracket that opens, and every comma in brackets."""
    lines = source.splitlines(keepends=True)
    places, depth, inside_text = [], 0, 0
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        kind = tokenize.tok_name[token.type]
        inside_text += {"FSTRING_START": 1, "FSTRING_END": -1}.get(kind, 0)
        if kind != "OP" or inside_text:
            continue
        depth += {"(": 1, "[": 1, "{": 1, ")": -1, "]": -1, "}": -1}.get(token.string, 0)
        if token.string in "([{" or (token.string == "," and depth):
            places.append(token.end)
    for number, (line, column) in enumerate(reversed(places)):
        text = lines[line - 1]
        lines[line - 1] = f"{text[:column]}  # in {number}\n{text[column:]}"
    return "".join(lines)


@by_file
@pytest.mark.parametrize("change", [commented, bracketed], ids=["on every line", "in brackets"])
def test_no_comment_is_missing_after_a_fix(path: Path, change: Callable[[str], str]) -> None:
    source = change(path.read_text(encoding="utf-8"))
    before = comments(source)
    safe = fix_source(source)
    assert before - comments(safe.source) == Counter()
    if any(entry.fixable for entry in safe.left):  # or else the other run would make the very same fixes
        assert before - comments(fix_source(source, unsafe=True).source) == Counter()


@by_file
@pytest.mark.parametrize("unsafe", [False, True])
def test_no_comment_of_the_evaluation_files_is_missing(path: Path, unsafe: bool) -> None:
    before = comments(path.read_text(encoding="utf-8"))
    assert before - comments(fixed_file(path, unsafe=unsafe).source.decode()) == Counter()


# Names


def faults(folder: Path) -> dict[str, Counter[str]]:
    """Return what Pyflakes' rules find in each file of a folder, and those for imports and blanks at line ends."""
    command = [sys.executable, "-m", "ruff", "check", "--isolated", "--no-cache", "--select", "F,E4,E9,I,W"]
    done = subprocess.run([*command, "--output-format", "concise", "."], cwd=folder, capture_output=True, text=True)
    found: dict[str, Counter[str]] = {}
    for line in done.stdout.splitlines():
        if (match := re.match(r"(.+\.py):\d+:\d+: (.*)", line)) is not None:
            found.setdefault(match[1], Counter())[match[2]] += 1
    return found


def test_fix_adds_no_fault_that_a_linter_finds(tmp_path: Path) -> None:
    before, after = tmp_path / "before", tmp_path / "after"
    for folder in (before, after):
        folder.mkdir()
    for number, path in enumerate(FILES):
        (before / f"{number}.py").write_bytes(path.read_bytes())
        (after / f"{number}.py").write_bytes(fixed_file(path, unsafe=True).source)
    had = faults(before)
    assert {
        FILES[int(name.removesuffix(".py"))].name: new
        for name, found in faults(after).items()
        if (new := found - had.get(name, Counter()))
    } == {}


# Lines


@by_file
def test_new_lines_are_no_longer_than_the_file_has_them(path: Path) -> None:
    source = path.read_text(encoding="utf-8")
    known, limit = set(source.splitlines()), line_limit(source)
    new = [line for line in fixed_file(path, unsafe=True).source.decode().splitlines() if line not in known]
    assert [line for line in new if len(line) > limit] == []


def head(source: str) -> list[str]:
    """Return the docstring, the imports from the future and changes of the import path, in the order of a file."""
    kept = re.compile(r"from __future__ |sys\.path|\w+\.patch_all")
    body = ast.parse(source).body
    found = [ast.unparse(node) for node in body if kept.match(ast.unparse(node))]
    return [ast.get_docstring(ast.parse(source)) or "", *found]


HEADS = {
    "docstring": '"""Doc."""\n\nimport json\n',
    "docstring, and more in its line": '"""Doc."""; import json, os; URL = os.sep\n',
    "future": '"""Doc."""\n\nfrom __future__ import annotations\n\nimport json\n',
    "path": 'import sys\n\nsys.path.insert(0, "lib")\n\nimport json  # noqa: E402\n',
    "path, and a docstring": '"""Doc."""\n# first\nimport sys\n\nsys.path[:0] = ["lib"]\nimport json  # noqa: E402\n',
    "patches": "from gevent import monkey\n\nmonkey.patch_all()\n\nimport json  # noqa: E402\n",
}
LOOP = """

def read(response):
    for chunk in response.iter_content(None):
        print(json.loads(chunk)["id"])
"""


@pytest.mark.parametrize("text", HEADS.values(), ids=HEADS)
def test_the_head_of_a_file_stays_in_place(text: str) -> None:
    source = text + LOOP
    result = fix_source(source).source
    assert "iter_json" in result
    assert head(result) == head(source)
    tree = ast.parse(result)
    imported = next(node for node in tree.body if isinstance(node, ast.ImportFrom) and node.module == "unchunk")
    assert all(node.lineno < imported.lineno for node in tree.body if "sys.path" in ast.unparse(node))


# What is told


@by_file
@pytest.mark.parametrize("unsafe", [False, True])
def test_every_fix_that_is_told_of_is_made(path: Path, unsafe: bool) -> None:
    source = path.read_bytes()
    told = [entry for entry in plan(check_source(source, str(path))) if (entry.fixable if unsafe else entry.safe)]
    result = fixed_file(path, unsafe=unsafe)
    assert {entry.finding.span for entry in told} <= {entry.finding.span for entry in result.fixed}
    assert all(entry.reason for entry in result.left if unsafe or not entry.safe)
    assert not any(entry.safe for entry in result.left)
