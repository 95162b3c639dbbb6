"""A rule's page, made of the rule's own docstring and examples, and its address on the web."""

from __future__ import annotations

import functools
import inspect
import textwrap
from dataclasses import dataclass
from typing import TYPE_CHECKING

from unchunk.analysis.rules import all_rules

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import ModuleType

_WIDTH = 110


@dataclass(frozen=True, slots=True)
class Page:
    """The content of a rule's page.

    Attributes:
        default: whether the rule is on unless a user says otherwise.
        summary: one sentence.
        description: a paragraph that says why it matters.
        markdown: all of it.
    """

    code: str
    name: str
    default: bool
    summary: str
    description: str
    markdown: str


def pages(mend: Callable[[str], str | None] = lambda source: None) -> list[Page]:
    """Return the pages of all rules, by code.

    Args:
        mend: what `unchunk fix` makes of an example; None if it leaves it alone, or is not there.
    """
    return [_page(rule, mend) for rule in all_rules()]  # type: ignore[arg-type]


NOTICES = (
    Page(
        "UNC000",
        "not-checked",
        True,
        "A file, or a part of it, was not checked.",
        "A file, or a part of it, was not checked; the message says why.",
        """\
# UNC000 not-checked

A file, or a part of it, was not checked; the message says why. Only flake8 shows this code: `unchunk check` writes the
same line to standard error and ends with status 2.

It is about the run and not about the program, so it is no rule and cannot be selected.
""",
    ),
    Page(
        "UNC001",
        "unused-ignore",
        False,
        "A comment that silences nothing.",
        "A comment that silences nothing, reported by `unchunk check --report-unused-ignores`.",
        """\
# UNC001 unused-ignore

A `# noqa: UNC101` or `# unchunk: ignore` silences nothing: the finding is gone, or was never there. Remove the comment,
so that it hides no finding that comes later.

Reported by `unchunk check --report-unused-ignores` only. A bare `# noqa` is never reported: it may be there for another
tool. To keep a comment for a rule that is off, leave the rule off: only rules that ran are judged.
""",
    ),
)
"""Codes that are no rules: they cannot be selected, and only `unchunk rule CODE` shows them."""


@functools.cache
def page(code: str) -> Page | None:
    """Return the page of one rule, without the fixes of its examples; None if there is no such rule."""
    return next((found for found in pages() if found.code == code), None)


def url(code: str) -> str | None:
    """Return the address of a rule's page, below the documentation address in the installed package's metadata, if
    any.
    """
    base = _documentation()
    return None if base is None else f"{base.rstrip('/')}/rules/{code}"


def _page(rule: ModuleType, mend: Callable[[str], str | None]) -> Page:
    paragraphs = inspect.cleandoc(rule.__doc__ or "").split("\n\n")
    summary, text = paragraphs[0], "\n\n".join(textwrap.fill(each, _WIDTH) for each in paragraphs)
    lines = [f"# {rule.CODE} {rule.NAME}", "", text, "", _state(rule), ""]
    lines += ["## Reported", "", *_reported(rule, mend)]
    lines += ["## Not reported", "", *(line for source in rule.VALID for line in _code(source))]
    lines += ["## To silence it", "", *_silencing(rule.CODE)]
    markdown = "\n".join(lines).rstrip() + "\n"
    description = " ".join(" ".join(paragraphs[:2]).split())
    return Page(rule.CODE, rule.NAME, rule.DEFAULT, " ".join(summary.split()), description, markdown)


def _state(rule: ModuleType) -> str:
    if rule.DEFAULT:
        return "On by default."
    return f"Off by default: `unchunk check --extend-select {rule.CODE}`, `flake8 --extend-select {rule.CODE}`."


def _reported(rule: ModuleType, mend: Callable[[str], str | None]) -> Iterator[str]:
    for source in rule.INVALID:
        yield from _code(source)
        mended = mend(source)
        if mended is not None:
            yield from ("`unchunk fix` makes of it:", "")
            yield from _code(mended)


def _code(source: str) -> Iterator[str]:
    yield from ("```python", *source.strip("\n").splitlines(), "```", "")


def _silencing(code: str) -> Iterator[str]:
    yield f"For one call: `# noqa: {code}` on its first line, or `# unchunk: ignore[{code}]` on any of its lines."
    yield f"For a file: `# unchunk: ignore-file[{code}]`."
    yield "For many files: `per-file-ignores` or `ignore` in the configuration."


@functools.cache
def _documentation() -> str | None:
    from importlib.metadata import PackageNotFoundError, metadata

    try:
        addresses = metadata("unchunk").get_all("Project-URL") or []
    except PackageNotFoundError:  # a copy of the sources that was never installed
        return None
    for address in addresses:
        label, _, place = str(address).partition(",")
        if label.strip().lower() == "documentation":
            return place.strip()
    return None
