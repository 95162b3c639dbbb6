"""The cost of a keystroke: the language server's work on a changed file, over `ast.parse` on the same text.

    python -m benchmarks.lsp_speed

The file has 2,000 lines: a module of the standard library, and functions that parse chunks of a stream, from one to as
many as there is room for. Every round changes the first line, parses the text and looks into it; the figure is the
median of the ratios of CPU time.
"""

from __future__ import annotations

import argparse
import ast
import inspect
import statistics
import time

from pygls.workspace import PositionCodec

from unchunk.cli.commands.lsp import OPTIONS
from unchunk.cli.parsing import parse
from unchunk.lsp import protocol
from unchunk.lsp.checks import Checker
from unchunk.lsp.workspace import Subject, Text

LINES = 2_000
ROUNDS = 21
LIMIT = 5.0
FUNCTION = '''
def stream_{number}(url: str) -> int:
    """Add up the records of a stream."""
    response = requests.get(url, stream=True)
    total = 0
    for chunk in response.iter_content(None):
        if not chunk:
            continue
        try:
            record = json.loads(chunk)
        except ValueError as error:
            print("bad record", error)
            continue
        total += record["n"]
    return total

'''


def program(functions: int) -> str:
    """Return a module of about 2,000 lines, of which this many functions have the bug."""
    room = LINES - 2 - functions * FUNCTION.count("\n")
    ordinary = inspect.getsource(argparse).splitlines(keepends=True)[: max(room, 0)]
    while ordinary and not _parses("".join(ordinary)):
        ordinary.pop()
    found = "".join(FUNCTION.format(number=number) for number in range(functions))
    return "".join(["import json\nimport requests\n", *ordinary, "\n", found])


def _parses(text: str) -> bool:
    try:
        ast.parse(text)
    except SyntaxError:
        return False
    return True


def ratios(text: str, looker: Checker) -> list[float]:
    """Return the cost of a check in every round, in units of parsing the text."""
    measured: list[float] = []
    for number in range(ROUNDS):
        typed = f"# {number}\n{text}"
        start = time.process_time()
        ast.parse(typed)
        parsed = time.process_time()
        look = looker.look(Subject("file:///app.py", number, {0: Text("file:///app.py", number, typed)}))
        protocol.diagnostics(look, PositionCodec())
        measured.append((time.process_time() - parsed) / (parsed - start))
    return measured


def main() -> None:
    """Print a line for every share of functions with the bug."""
    looker = Checker(parse(OPTIONS, ["--isolated"]))
    for functions in (0, 1, 10, 50, 120):
        text = program(functions)
        look = looker.look(Subject("file:///app.py", 0, {0: Text("file:///app.py", 0, text)}))
        median = statistics.median(ratios(text, looker))
        words = "within" if median <= LIMIT else "BEYOND"
        count = text.count("\n")
        print(f"{count} lines, {len(look.findings)} findings: {median:.2f} x ast.parse, {words} {LIMIT:.0f} x")


if __name__ == "__main__":
    main()
