"""Write `docs/rules/` from the rules' own docstrings and examples: `python docs/rule_pages.py`."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from unchunk.codemod.fix import fix_source
from unchunk.report.rule_pages import Page
from unchunk.report.rule_pages import pages as rule_pages

FOLDER = Path(__file__).with_name("rules")

INTRODUCTION = """\
# Rules

These pages are made from the rules themselves (`python docs/rule_pages.py`); `unchunk rule CODE` shows the same.

Turn rules on and off with `--select`, `--extend-select` and `--ignore`, or in the
[configuration](../configuration.md): by code, by the beginning of one (`UNC2`), or `ALL`.
A rule that is off by default wants more than the family's name: `--select UNC` keeps to the defaults.

| code | name | reports | default |
|---|---|---|---|
"""


def mended(source: str) -> str | None:
    """Return what `unchunk fix` makes of an example; None if it leaves it alone."""
    fixed = fix_source(source)
    return fixed.source if fixed.changed else None


def pages() -> dict[Path, str]:
    """Return every page, by its file."""
    rules = rule_pages(mended)
    return {FOLDER / "README.md": _index(rules), **{FOLDER / f"{page.code}.md": page.markdown for page in rules}}


def _index(rules: Sequence[Page]) -> str:
    rows = [
        f"| [{page.code}]({page.code}.md) | {page.name} | {page.summary} | {'on' if page.default else 'off'} |"
        for page in rules
    ]
    return INTRODUCTION + "\n".join(rows) + "\n"


def main() -> None:
    """Write the pages, and drop those of rules that are no more."""
    written = pages()
    for path in set(FOLDER.glob("*.md")) - set(written):
        path.unlink()
    for path, text in written.items():
        path.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
