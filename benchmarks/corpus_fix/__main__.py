"""Fixes every file of the pinned packages in memory, as `unchunk fix` does, and checks what comes out.

    python -m benchmarks.corpus_fix             # a row for each finding, and the shares
    python -m benchmarks.corpus_fix --diffs     # the diffs, too, to be read by a person
    python -m benchmarks.corpus_fix --write     # brings docs/corpus-fixes.md up to date

Each result must parse and compile, stay as it is when fixed again, have nothing left that was called fixed, and differ
from the source in nothing but the edits: every line that vanishes or comes belongs to a loop that a fix was made for,
to the imports, or to the helper it makes. The exit status is 1 if one does not, or if the page lacks a verdict: a
person's, about a diff as it is now.
"""

from __future__ import annotations

import argparse
import ast
import difflib
import itertools
import statistics
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from benchmarks.corpus.fetch import fetch_all
from benchmarks.corpus_fix.page import PAGE, Row, digest, read_page, write_page
from unchunk.analysis import Finding, SourceError, check_source
from unchunk.codemod import FixError, FixResult, fix_source
from unchunk.codemod.plan import Planned, plan


class Case(NamedTuple):
    """One file of a package with findings."""

    package: str
    name: str
    path: Path
    source: bytes
    planned: list[Planned]

    @property
    def label(self) -> str:
        return f"{self.package} {self.name}"


def find(source: bytes, path: str) -> list[Finding]:
    """Return what `unchunk fix` finds, imports within the package followed."""
    return check_source(source, path, follow_imports=True)


def fixed(source: bytes, path: Path) -> FixResult[bytes]:
    return fix_source(source, str(path), unsafe=True, find=find)


def cases() -> Iterator[Case]:
    for package, folder in fetch_all():
        for path in sorted(folder.rglob("*.py")):
            source = path.read_bytes()
            try:
                planned = plan(find(source, str(path)))
            except SourceError:
                continue
            if planned:
                yield Case(package.pin, path.relative_to(folder).as_posix(), path, source, planned)


def kind(entry: Planned) -> str:
    return "safe" if entry.safe else "unsafe" if entry.fixable else "refused"


def faults(case: Case, result: FixResult[bytes]) -> Iterator[str]:
    """Yield what is wrong with a result."""
    try:
        compile(result.source, str(case.path), "exec", dont_inherit=True)
    except (SyntaxError, ValueError) as error:
        yield f"does not compile: {error}"
        return
    again = fixed(result.source, case.path)
    if again.source != result.source:
        yield "a second run changes it again"
    if len(find(result.source, str(case.path))) > sum(not entry.fixable for entry in case.planned):
        yield "something that was called fixed is still found"
    yield from strays(case, result)


def strays(case: Case, result: FixResult[bytes]) -> Iterator[str]:
    """Top-level statements that differ though no fix was made in them."""
    touched = {
        line
        for entry in case.planned
        if entry.fix
        for edit in entry.fix.edits
        for line in (edit.at.line, edit.at.end_line)
    }
    before, after = ast.parse(case.source), ast.parse(result.source)
    old = {ast.dump(node) for node in before.body}
    new = {ast.dump(node) for node in after.body}
    for node in before.body:
        meant = any(node.lineno <= line <= (node.end_lineno or 0) for line in touched)
        if ast.dump(node) not in new and not meant and not isinstance(node, (ast.Import, ast.ImportFrom)):
            yield f"line {node.lineno} changed without need"
    made = [node for node in after.body if ast.dump(node) not in old]
    if len(made) > len({id(node) for node in made if isinstance(node, (ast.Import, ast.ImportFrom))}) + len(touched):
        yield "more statements are new than fixes were made"


def diff(case: Case, result: FixResult[bytes]) -> list[str]:
    old, new = (data.decode("utf-8", "replace").splitlines() for data in (case.source, result.source))
    return list(difflib.unified_diff(old, new, case.label, case.label, lineterm="", n=2))


def hunks(lines: list[str]) -> list[int]:
    """Return the size of each hunk of a diff: lines removed or added, whichever is more."""
    sizes = []
    for changed, stretch in itertools.groupby(lines[2:], key=lambda line: line[:1] in ("+", "-")):
        if changed:
            signs = Counter(line[0] for line in stretch)
            sizes.append(max(signs.values()))
    return sizes


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--diffs", action="store_true", help="print every diff")
    parser.add_argument("--write", action="store_true", help=f"write {PAGE.name}")
    options = parser.parse_args()
    shares: Counter[str] = Counter()
    rows: list[Row] = []
    verdicts = read_page()
    sizes: list[int] = []
    wrong = 0
    for case in cases():
        try:
            result = fixed(case.source, case.path)
        except FixError as error:
            print(f"  FAULT {error}")
            wrong += 1
            continue
        lines = diff(case, result)
        for entry in case.planned:
            shares[kind(entry)] += 1
            finding = entry.finding
            place = f"{case.name}:{finding.span.line}"
            row = Row(case.package, place, finding.code, kind(entry), entry.reason, digest(lines))
            rows.append(row._replace(verdict=verdicts.get(row.key, "")))
            print(f"{case.label}:{finding.span.line} {finding.code} {kind(entry)} {entry.reason}")
        sizes += hunks(lines)
        for fault in faults(case, result) if result.changed else ():
            print(f"  FAULT {fault}")
            wrong += 1
        if options.diffs:
            print("\n".join(f"    {line}" for line in lines))
    if options.write:
        write_page(rows)
    unread = [row for row in rows if row.kind != "refused" and not row.verdict]
    for row in unread:
        print(f"no verdict in {PAGE.name}: {row.package} {row.place}")
    print(f"lines of a change: median {statistics.median(sizes)}, most {max(sizes)}")
    total = sum(shares.values()) or 1
    print(", ".join(f"{name} {shares[name]} ({shares[name] / total:.0%})" for name in ("safe", "unsafe", "refused")))
    return 1 if wrong or unread else 0


if __name__ == "__main__":
    sys.exit(main())
