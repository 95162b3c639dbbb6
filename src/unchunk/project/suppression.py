"""Comments that silence a finding: `# noqa`, `# noqa: UNC101`, `# unchunk: ignore[UNC101]`, and those for a whole file.

`# noqa` and `# flake8: noqa` mean here exactly what they mean to flake8: they count on the line that the finding is
reported at, or anywhere on the lines that a multi-line string or a backslash joins to it. `# unchunk: ignore` counts
there, and on every line of the call that is reported. https://flake8.pycqa.org/en/latest/user/violations.html
"""

from __future__ import annotations

import enum
import io
import re
import tokenize
from bisect import bisect_left
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

# As flake8 has them (flake8/defaults.py).
_NOQA = re.compile(r"# noqa(?::[\s]?(?P<codes>([A-Z]+[0-9]+(?:[,\s]+)?)+))?", re.IGNORECASE)
_NOQA_FILE = re.compile(r"\s*# flake8[:=]\s*noqa", re.IGNORECASE)
_IGNORE = re.compile(r"#\s*unchunk:\s*ignore(?![\w-])\s*(?:\[(?P<codes>[^\]]*)\])?", re.IGNORECASE)
_IGNORE_FILE = re.compile(r"#\s*unchunk:\s*ignore-file(?![\w-])\s*(?:\[(?P<codes>[^\]]*)\])?", re.IGNORECASE)


class Kind(enum.Enum):
    """The kind of a suppression comment, and its reach."""

    NOQA = "noqa"
    IGNORE = "ignore"
    IGNORE_FILE = "ignore-file"


@dataclass(frozen=True, slots=True)
class Comment:
    """A suppression comment.

    Attributes:
        line: where it stands, from 1.
        column, end_column: from 0, in characters.
        codes: what it silences; empty for everything.
    """

    kind: Kind
    line: int
    column: int
    end_column: int
    codes: tuple[str, ...]

    def names(self, code: str) -> bool:
        """Decide whether the comment silences this code."""
        return not self.codes or code.startswith(self.codes)


@dataclass(frozen=True, slots=True)
class Unused:
    """A suppression comment, or some codes of one, that silences nothing. `codes` is empty where all of it is meant."""

    comment: Comment
    codes: tuple[str, ...]


class Suppressions:
    """The suppression comments of one file, with a record of those in use.

    Args:
        source: the text of the file.
        noqa: whether `# noqa` and `# flake8: noqa` count; flake8 sees to them itself.
    """

    def __init__(self, source: str, *, noqa: bool = True) -> None:
        lowered = source.lower()
        self._source = source
        self._noqa = noqa and "noqa" in lowered
        self._ignores = "unchunk:" in lowered
        self._silenced: dict[Comment, set[str]] = {}
        self._searched: dict[range, re.Match[str] | None] = {}

    def silences(self, code: str, line: int, end_line: int) -> bool:
        """Decide whether a finding of this code, of a call from `line` to `end_line`, is silenced."""
        if not self._noqa and not self._ignores:
            return False
        comments = list(self._comments_for(code, line, end_line))
        for comment in comments:
            self._silenced.setdefault(comment, set()).add(code)
        return bool(comments) or (self._noqa and self._silenced_by_flake8(code, line))

    def unused(self, wanted: frozenset[str]) -> list[Unused]:
        """Return the comments that have silenced nothing so far. A blanket `# noqa` is none of our business.

        Args:
            wanted: the rules that were run; of a code that was not looked for nobody knows.
        """
        candidates = [self._unused(comment, wanted) for comment in self.comments]
        return [unused for unused in candidates if unused is not None]

    @cached_property
    def lines(self) -> list[str]:
        """Return the lines as the tokenizer counts them, with their ends."""
        return io.StringIO(self._source.removeprefix("\ufeff"), newline=None).readlines()

    @cached_property
    def joined(self) -> dict[int, range]:
        """Return for every line the lines that flake8 reads together with it (`FileProcessor._noqa_line_mapping`)."""
        ranges: dict[int, range] = {}
        first, last = len(self.lines) + 2, -1
        for token in self._tokens:
            if token.type in (tokenize.ENDMARKER, tokenize.DEDENT):
                continue
            first, last = min(first, token.start[0]), max(last, token.end[0])
            if token.type in (tokenize.NL, tokenize.NEWLINE):
                together = range(first, last + 1)
                ranges.update(dict.fromkeys(together, together))
                first, last = len(self.lines) + 2, -1
        return ranges

    @cached_property
    def comments(self) -> list[Comment]:
        """Return every suppression comment, in order."""
        tokens = (token for token in self._tokens if token.type == tokenize.COMMENT)
        return [comment for token in tokens if (comment := _comment(token)) is not None]

    @cached_property
    def _whole_file(self) -> bool:
        """Tell if a `# flake8: noqa` silences all of the file."""
        return any(map(_NOQA_FILE.match, self.lines))

    @cached_property
    def _in_lines(self) -> list[Comment]:
        """Those of the comments that count where they stand, in order."""
        return [comment for comment in self.comments if comment.kind is not Kind.IGNORE_FILE]

    @cached_property
    def _commented(self) -> tuple[list[int], list[Comment]]:
        """Return the lines of those, and the comments that count for all of the file."""
        of_file = [comment for comment in self.comments if comment.kind is Kind.IGNORE_FILE]
        return [comment.line for comment in self._in_lines], of_file

    @cached_property
    def _tokens(self) -> list[tokenize.TokenInfo]:
        try:
            return list(tokenize.generate_tokens(iter(self.lines).__next__))
        except (tokenize.TokenError, SyntaxError):
            return []

    def _together(self, line: int) -> range:
        return self.joined.get(line, range(line, line + 1))

    def _silenced_by_flake8(self, code: str, line: int) -> bool:
        if self._whole_file:
            return True
        together = self._together(line)
        if together not in self._searched:
            self._searched[together] = _NOQA.search("".join(self.lines[together.start - 1 : together.stop - 1]))
        match = self._searched[together]
        return match is not None and (match["codes"] is None or code.startswith(_codes(match["codes"])))

    def _comments_for(self, code: str, line: int, end_line: int) -> Iterator[Comment]:
        together = self._together(line)
        call = range(line, end_line + 1)
        lines, of_file = self._commented
        first = bisect_left(lines, min(together.start, line))
        last = bisect_left(lines, max(together.stop, call.stop))
        for comment in (*of_file, *self._in_lines[first:last]):
            match comment.kind:
                case Kind.IGNORE_FILE:
                    reaches = True
                case Kind.IGNORE:
                    reaches = comment.line in call or comment.line in together
                case Kind.NOQA:
                    reaches = self._noqa and comment.line in together
            if reaches and comment.names(code):
                yield comment

    def _unused(self, comment: Comment, wanted: frozenset[str]) -> Unused | None:
        helped = self._silenced.get(comment, set())
        if comment.kind is Kind.NOQA or comment.codes:
            ours = [code for code in comment.codes if any(known.startswith(code) for known in wanted)]
            idle = tuple(code for code in ours if not any(silenced.startswith(code) for silenced in helped))
            return Unused(comment, idle if idle != comment.codes else ()) if idle else None
        return None if helped else Unused(comment, ())


def _comment(token: tokenize.TokenInfo) -> Comment | None:
    kind, match = _kind(token)
    if match is None:
        return None
    line, column = token.start
    codes = _codes(match["codes"] or "")
    if kind is not Kind.NOQA:
        codes = tuple(_code(word) for word in codes)
    return Comment(kind, line, column + match.start(), column + match.end(), codes)


def _kind(token: tokenize.TokenInfo) -> tuple[Kind, re.Match[str] | None]:
    if (match := _IGNORE_FILE.search(token.string)) is not None:
        return Kind.IGNORE_FILE, match
    if (match := _IGNORE.search(token.string)) is not None:
        return Kind.IGNORE, match
    return Kind.NOQA, _NOQA.search(token.string)


def _code(word: str) -> str:
    """Return the code, or the prefix of one, that a word means: it may be the name of a rule."""
    if "-" not in word:
        return word.upper()
    from unchunk.analysis.rules import rule_names  # where none is named, none is loaded

    named = (code for code, name in rule_names().items() if name == word.lower())
    return next(named, word.upper())


def _codes(text: str) -> tuple[str, ...]:
    return tuple(word for word in re.split(r"[,\s]+", text) if word)
