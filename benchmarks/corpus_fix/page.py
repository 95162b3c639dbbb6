"""The page that lists every fix in the corpus with the verdict of the person who has read it."""

from __future__ import annotations

import hashlib
from collections import Counter
from pathlib import Path
from typing import NamedTuple

PAGE = Path(__file__).parent.parent.parent / "docs" / "corpus-fixes.md"
TOP = """# Every fix in the corpus, read

`unchunk fix --unsafe-fixes` on the {packages} pinned packages of `benchmarks/corpus` with a finding: what was fixed,
and what a person who has read the diff says about it. `diff` is a digest of the file's diff: a diff that changes has
to be read again, and `python -m benchmarks.corpus_fix` fails until that is done. `--diffs` prints the diffs, `--write`
makes this page; verdicts are written into it by hand. No source of those packages is kept here.

{safe} safe, {unsafe} unsafe, {refused} refused: {share:.0%} of {total} findings are fixed.

| package | place | code | fix | diff | verdict |
|---|---|---|---|---|---|
"""


class Row(NamedTuple):
    """One finding; `verdict` is empty where nobody has read the diff as it is now."""

    package: str
    place: str
    code: str
    kind: str
    reason: str
    digest: str
    verdict: str = ""

    @property
    def key(self) -> tuple[str, str, str, str, str]:
        return self.package, self.place, self.code, self.kind, self.digest if self.kind != "refused" else "–"

    def __str__(self) -> str:
        verdict = f"left: {self.reason}" if self.kind == "refused" else self.verdict or "**to be read**"
        return f"| {' | '.join((*self.key, verdict))} |"


def digest(diff: list[str]) -> str:
    return hashlib.sha256("\n".join(diff).encode()).hexdigest()[:8]


def read_page() -> dict[tuple[str, ...], str]:
    """Return the verdicts by their subjects."""
    verdicts = {}
    for line in PAGE.read_text(encoding="utf-8").splitlines() if PAGE.exists() else ():
        cells = [cell.strip() for cell in line.strip("| ").split(" | ")]
        if line.startswith("| ") and len(cells) == 6 and "to be read" not in cells[-1]:
            verdicts[tuple(cells[:-1])] = cells[-1]
    return verdicts


def write_page(rows: list[Row]) -> None:
    kinds = Counter(row.kind for row in rows)
    top = TOP.format(
        packages=len({row.package for row in rows}),
        safe=kinds["safe"],
        unsafe=kinds["unsafe"],
        refused=kinds["refused"],
        share=1 - kinds["refused"] / len(rows),
        total=len(rows),
    )
    PAGE.write_text(top + "".join(f"{row}\n" for row in rows), encoding="utf-8")
