"""Write `docs/metamorphic.md` from the transformations and what stays behind each: `python docs/metamorphic_page.py`.

It goes through all of them, which takes some minutes.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

TESTS = Path(__file__).parent.parent / "tests"
PAGE = Path(__file__).with_name("metamorphic.md")
ROW = re.compile(r"^\| (.+) \| (\d+) \| (\d+) \| (\d\.\d{3}) \|$", re.MULTILINE)

INTRODUCTION = """\
# Spelling does not matter

Every evaluation file and every example of a rule is written in other words that mean the same
(`tests/metamorphic/`), and checked again: the same rules have to report the same calls, and nothing else.
The share is that of the findings, before or behind the change, that are the same in both.
`python docs/metamorphic_page.py` makes this page.

| in other words | programs | findings | share |
|---|---|---|---|
"""
EXCEPTIONS = """
## What does not stay

| program | rule | behind | because |
|---|---|---|---|
"""


def listed(page: str) -> dict[str, float]:
    """Return the shares of a page, by transformation."""
    return {name: float(share) for name, _, _, share in ROW.findall(page)}


def page() -> str:
    """Return the page, as it has to be."""
    sys.path.insert(0, str(TESTS))
    from metamorphic.exceptions import EXCEPTIONS as exceptions
    from metamorphic.measure import measured

    rows = [
        f"| {name} | {share.programs} | {share.findings} | {share.share:.3f} |" for name, share in measured().items()
    ]
    reasons = [
        "| "
        + " | ".join(_listed(cell) for cell in (known.program, known.code, known.transformations, known.reason))
        + " |"
        for known in exceptions
    ]
    return INTRODUCTION + "\n".join(rows) + "\n" + EXCEPTIONS + "\n".join(reasons) + "\n"


def _listed(cell: str) -> str:
    """Several of them, as a page says it: a bar would end the cell."""
    return cell.replace("|", ", ")


def main() -> None:
    """Write the page."""
    PAGE.write_text(page(), encoding="utf-8")


if __name__ == "__main__":
    main()
