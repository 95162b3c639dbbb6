"""Title and text of a pull request, in Markdown: what changed and why, what behaves differently, what is left."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from unchunk.analysis.visible import visible
from unchunk.campaign.commit import message_of
from unchunk.report.rule_pages import page

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from unchunk.campaign.ledger import Row
    from unchunk.campaign.record import Settings

_WHY = """\
A step of a stream is not a JSON document: a chunk is cut wherever the network cut it, a fragment is a few letters of a
model's text. Parsed as if it were whole, half a document raises, and so do two in one piece.
"""
_BEHAVIOUR = (
    "Where every step was a whole document, nothing changes: the same values in the same order.",
    "A document that comes in pieces, or together with others, is now parsed; before, it raised or was dropped.",
    "A stream that ends within a document raises a `ValueError` behind the last whole one: from `iter_json` it is"
    " `unchunk.TruncatedError`.",
)
_SPECIAL = re.compile(r"([\\`*_\[\]<>|#])")
_MAX_COUNT = 100
"""Findings that are listed one by one: forges bound the length of a text."""


def title(row: Row, findings: Sequence[dict[str, Any]], settings: Settings) -> str:
    """Return the subject of the commit."""
    return message_of(settings, findings, row.record.changes).split("\n", 1)[0]


def body(row: Row, findings: Sequence[dict[str, Any]], settings: Settings) -> str:
    """Return the text below it."""
    fixed = [finding for finding in findings if finding["outcome"] == "fixed"]
    left = [finding for finding in findings if finding["outcome"] == "left"]
    parts = [
        _WHY if fixed else "",
        _section("What changed", [*_listed(fixed), *_other_changes(row)]),
        _section("What behaves differently", [*_BEHAVIOUR, *_to_review(fixed)] if fixed else []),
        _section("Left for a person", _listed(left)),
        _section("To do", [*map(_noted, row.record.notes), *map(_noted, row.record.problems)]),
        _section("Rules", _rules(findings)),
        f"Verified with `{settings.verify}`.\n" if settings.verify and row.record.commit else "",
    ]
    return "\n".join(part for part in parts if part)


def escaped(text: str) -> str:
    """Return a text that Markdown shows as it is."""
    return _SPECIAL.sub(r"\\\1", _clean(text))


def _section(heading: str, items: Iterable[str]) -> str:
    lines = [f"- {item}\n" for item in items]
    return f"## {heading}\n\n{''.join(lines)}" if lines else ""


def _listed(findings: Sequence[dict[str, Any]]) -> Iterator[str]:
    for finding in findings[:_MAX_COUNT]:
        cell = f" cell {finding['cell']}" if finding["cell"] else ""
        place = f"{_code(finding['path'])}{cell} line {finding['line']}"
        reason = f": {_noted(finding['reason'])}" if finding["outcome"] == "left" and finding["reason"] else ""
        yield f"{place}: {finding['code']} {escaped(finding['message'])}{reason}"
    if len(findings) > _MAX_COUNT:
        yield f"and {len(findings) - _MAX_COUNT} more"


def _other_changes(row: Row) -> Iterator[str]:
    words = {"dependency": "declares the dependency on `unchunk`", "copy": "is a copy of the helper"}
    for change in row.record.changes:
        if change.kind in words:
            yield f"{_code(change.path)} {words[change.kind]}"


def _to_review(fixed: Sequence[dict[str, Any]]) -> Iterator[str]:
    for finding in fixed:
        if finding["applicability"] == "unsafe" and finding["reason"]:
            yield f"Please look at {_code(finding['path'])} line {finding['line']}: {_noted(finding['reason'])}"


def _rules(findings: Sequence[dict[str, Any]]) -> Iterator[str]:
    for code in sorted({finding["code"] for finding in findings}):
        known = page(code)
        yield f"{code} {known.name}: {known.summary}" if known else code


def _noted(note: str) -> str:
    """Keep the commands of a note, which stand between backticks, and show the rest as it is."""
    pieces = _clean(note).split("`")
    if len(pieces) % 2 == 0:
        return escaped(note)
    return "`".join(piece if at % 2 else _SPECIAL.sub(r"\\\1", piece) for at, piece in enumerate(pieces))


def _code(text: str) -> str:
    """Return a name as code, whatever is in it."""
    clean = _clean(text)
    longest = max((len(run) for run in re.findall(r"`+", clean)), default=0)
    fence = "`" * (longest + 1)
    return f"{fence} {clean} {fence}" if longest else f"`{clean}`"


def _clean(text: str) -> str:
    """Bring a text on one line of characters that can be seen."""
    return visible(" ".join(text.split())).encode("utf-8", "backslashreplace").decode()
