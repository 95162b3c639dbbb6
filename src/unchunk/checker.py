"""The checker: findings of one program, without the suppressed and the known ones, the same for every shell."""

from __future__ import annotations

import io
import tokenize
from typing import TYPE_CHECKING

from unchunk.analysis import check_source, check_tree
from unchunk.project.fingerprint import fingerprints
from unchunk.project.suppression import Suppressions

if TYPE_CHECKING:
    import ast
    from collections.abc import Callable, Sequence

    from unchunk.analysis.findings import Finding
    from unchunk.analysis.settings import Settings


def find(
    source: str | bytes,
    path: str,
    settings: Settings | None = None,
    *,
    follow_imports: bool,
    suppressions: bool = True,
    comments: Suppressions | None = None,
) -> list[Finding]:
    """Return the findings of a program that no comment silences.

    Args:
        settings: what to report and what to know; without it the rules that are on by default.
        follow_imports: look into the modules that it imports as well, as far as they matter.
        suppressions: whether comments silence findings.
        comments: those of the program, for a caller that asks afterwards which of them were of use.

    Raises:
        SourceError: it is no Python that can be read.
    """
    findings = check_source(source, path, settings=settings, follow_imports=follow_imports)
    if not findings or not suppressions:
        return findings
    return _unsuppressed(findings, comments or Suppressions(text_of(source)))


def find_in_tree(
    tree: ast.Module, text: str, path: str, settings: Settings | None = None, *, suppressions: bool = True
) -> list[Finding]:
    """Return the findings of a program that flake8 has parsed, without those that comments of ours silence.

    flake8 itself sees to `# noqa`.

    Raises:
        SourceError: it is too much to be analyzed.
    """
    findings = check_tree(tree, text, path, settings=settings)
    if not findings or not suppressions:
        return findings
    return _unsuppressed(findings, Suppressions(text, noqa=False))


def unknown(
    findings: Sequence[Finding], source: str | bytes, is_known: Callable[[Finding, str], bool]
) -> list[Finding]:
    """Return the findings that are not known already, as `is_known` says of each and its fingerprint."""
    known_by = zip(findings, fingerprints(findings, lines_of(source)), strict=True)
    return [each for each, fingerprint in known_by if not is_known(each, fingerprint)]


def encoding_of(data: bytes) -> str:
    """Return a Python file's encoding by its cookie or byte order mark; Latin-1 where that is nonsense."""
    try:
        return tokenize.detect_encoding(io.BytesIO(data).readline)[0]
    except SyntaxError:
        return "latin-1"


def text_of(source: str | bytes) -> str:
    """Decode a Python file with its own line ends; undecodable bytes are escaped."""
    if isinstance(source, str):
        return source
    try:
        return source.decode(encoding_of(source), "backslashreplace")
    except (UnicodeError, LookupError):  # a codec that is none of texts, or knows no way to go on
        return source.decode("latin-1")


def lines_of(source: str | bytes) -> list[str]:
    """Return the lines of a program as its parser counts them, without their ends."""
    return [line.rstrip("\n") for line in io.StringIO(text_of(source), newline=None)]


def _unsuppressed(findings: Sequence[Finding], comments: Suppressions) -> list[Finding]:
    return [each for each in findings if not comments.silences(each.code, each.span.line, each.span.end_line)]
