"""What a fix leaves of a file is what its author wrote: comments, names, imports; and a fix that is told of is made."""

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

from unchunk.analysis import check_source
from unchunk.codemod import fix_source
from unchunk.codemod.plan import plan

EVALUATION = Path(__file__).parent.parent / "eval"
FILES = sorted(EVALUATION.rglob("*.py"))
by_file = pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(EVALUATION)))

# Comments


def comments(source: str) -> Counter[str]:
    tokens = tokenize.generate_tokens(io.StringIO(source).readline)
    return Counter(token.string for token in tokens if token.type == tokenize.COMMENT)


def commented(source: str) -> str:
    """The source with a comment of its own behind every line that takes one, and above every statement."""
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
    """The source with a comment of its own behind every bracket that opens, and every comma in brackets."""
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
@pytest.mark.parametrize("unsafe", [False, True])
@pytest.mark.parametrize("change", [str, commented, bracketed], ids=["as it is", "on every line", "in brackets"])
def test_no_comment_is_missing_after_a_fix(path: Path, change: Callable[[str], str], unsafe: bool) -> None:
    source = change(path.read_text(encoding="utf-8"))
    before = comments(source)
    assert before - comments(fix_source(source, unsafe=unsafe).source) == Counter()


# Names


def faults(folder: Path) -> dict[str, Counter[str]]:
    """What Pyflakes' rules find in each file of a folder."""
    command = [sys.executable, "-m", "ruff", "check", "--isolated", "--no-cache", "--select", "F,E9"]
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
        source = path.read_text(encoding="utf-8")
        (before / f"{number}.py").write_text(source, encoding="utf-8")
        (after / f"{number}.py").write_text(fix_source(source, unsafe=True).source, encoding="utf-8")
    had = faults(before)
    assert {
        FILES[int(name.removesuffix(".py"))].name: new
        for name, found in faults(after).items()
        if (new := found - had.get(name, Counter()))
    } == {}


# What is told


@by_file
@pytest.mark.parametrize("unsafe", [False, True])
def test_every_fix_that_is_told_of_is_made(path: Path, unsafe: bool) -> None:
    source = path.read_bytes()
    told = [entry for entry in plan(check_source(source, str(path))) if (entry.fixable if unsafe else entry.safe)]
    result = fix_source(source, str(path), unsafe=unsafe)
    assert {entry.finding.span for entry in told} <= {entry.finding.span for entry in result.fixed}
    assert all(entry.reason for entry in result.left if unsafe or not entry.safe)
    assert not any(entry.safe for entry in result.left)
