"""`unchunk rule`: what a rule reports, why that is bad, and what to write instead."""

from __future__ import annotations

import sys

from unchunk.cli.parsing import Group, Option

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from unchunk.cli.parsing import Options
    from unchunk.report.rule_pages import Page

SUMMARY = "explain a rule, or list all rules"
EPILOG = """\
examples:
  unchunk rule            all rules, a line each
  unchunk rule UNC101     one rule: what it does, why it is bad, before and after, when to ignore it
  unchunk rule UNC2       every rule whose code begins so
  unchunk rule --all      every rule
"""


OPTIONS = (
    Group(
        "what to show",
        Option("codes", metavar="CODE", help="codes, beginnings of codes or names of rules (default: a list of all)"),
        Option("--all", help="explain every rule"),
        Option("--output-format", choices=("text", "json"), default="text", help="how to write it"),
    ),
)


def run(options: Options) -> int:
    """Print the pages, or the list."""
    from unchunk.cli import output
    from unchunk.project.selection import why_removed
    from unchunk.report.rule_pages import NOTICES, pages

    explained = options.codes or options.all
    known = pages(_mended if explained and options.output_format == "text" else _nothing)
    known += [page for page in NOTICES if any(word.upper() == page.code or word == page.name for word in options.codes)]
    unknown = [word for word in options.codes if not any(_means(word, page) for page in known)]
    for word in unknown:
        if (why := why_removed(word)) is not None:
            print(f"unchunk: there is no rule {word!r}: {why}", file=sys.stderr)
            return 2
    if unknown:
        import difflib

        words = {word: page.code for page in known for word in (page.code, page.name)}
        close = [hit for word in unknown for hit in difflib.get_close_matches(word, words, 1) or ()]
        hint = f"; did you mean {', '.join(close)}?" if close else ""
        listed = ", ".join(page.code for page in known)
        print(f"unchunk: there is no rule {', '.join(map(repr, unknown))}{hint} (known: {listed})", file=sys.stderr)
        return 2
    chosen = [page for page in known if not options.codes or any(_means(word, page) for word in options.codes)]
    if options.output_format == "json":
        output.write([_as_json(chosen)])
    elif explained:
        output.write(_as_text(chosen))
    else:
        width = max(len(page.name) for page in chosen)
        output.write(f"{page.code}  {page.name:<{width}}  {page.summary}\n" for page in chosen)
    return 0


def _nothing(source: str) -> None:
    """Return no fix: none is shown."""


def _mended(source: str) -> str | None:
    """Return the fixed example; None if it is left alone, or the packages of `unchunk[fix]` are missing."""
    from unchunk.codemod.fix import fix_source

    try:
        fixed = fix_source(source)
    except ModuleNotFoundError:
        return None
    return fixed.source if fixed.changed else None


def _means(word: str, page: Page) -> bool:
    return page.code.startswith(word.upper()) or word.lower() == page.name


def _as_json(pages: Sequence[Page]) -> str:
    import dataclasses
    import json

    return json.dumps([dataclasses.asdict(page) for page in pages], indent=2) + "\n"


def _as_text(pages: Sequence[Page]) -> list[str]:
    """Return Markdown as it is, or rendered for a terminal if rich is installed."""
    if sys.stdout.isatty():
        try:
            return [_rendered(page.markdown) for page in pages]
        except ModuleNotFoundError:
            pass
    return [page.markdown for page in pages]


def _rendered(markdown: str) -> str:
    from rich.console import Console
    from rich.markdown import Markdown

    console = Console()
    with console.capture() as captured:
        console.print(Markdown(markdown))
    return captured.get()
