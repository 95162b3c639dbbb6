"""Rule selection: by command line, then configuration, then defaults."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Protocol

from unchunk.analysis.rules import all_rules, default_codes, rule_names
from unchunk.project.patterns import Patterns
from unchunk.project.selection import Selection, names, parse_codes

if TYPE_CHECKING:
    from unchunk.project.configuration import Configuration


class SelectionOptions(Protocol):
    """The options of a command line that select rules."""

    select: list[str]
    extend_select: list[str]
    ignore: list[str]
    per_file_ignores: list[str]


class RuleSelector:
    """The codes that count in each file.

    Raises:
        ValueError: a code of the command line is none.
    """

    def __init__(self, options: SelectionOptions) -> None:
        on = default_codes()
        self.defaults = {rule.CODE: rule.CODE in on for rule in all_rules()}
        self._select = self._codes(options.select)
        self._extend = self._codes(options.extend_select) or ()
        self._ignore = self._codes(options.ignore) or ()
        self._per_file = [self._per_file_ignore(text) for text in options.per_file_ignores]
        self._selections: dict[int, Selection] = {}

    def codes(self, path: str, config: Configuration | None) -> frozenset[str]:
        """Return the codes to report in a file."""
        wanted = self.selection(config).codes()
        per_file = [*self._per_file, *(config.per_file_ignores if config else ())]
        ignored = [prefix for patterns, prefixes in per_file if patterns.match(path) for prefix in prefixes]
        return frozenset(code for code in wanted if not names(code, ignored))

    def selection(self, config: Configuration | None) -> Selection:
        """Return the selection under a configuration. `--select` replaces all of it; the others add to it."""
        if config is None or self._select is not None:
            return Selection(self.defaults, self._select, self._extend, self._ignore)
        return Selection(
            self.defaults, config.select, (*config.extend_select, *self._extend), (*config.ignore, *self._ignore)
        )

    def _codes(self, words: list[str]) -> tuple[str, ...] | None:
        return parse_codes(words, rule_names()) if words else None

    def _per_file_ignore(self, text: str) -> tuple[Patterns, tuple[str, ...]]:
        pattern, colon, codes = text.rpartition(":")
        if not colon:
            raise ValueError(f"--per-file-ignores wants PATTERN:CODES, not {text!r}")
        return Patterns([pattern], os.curdir), parse_codes(codes, rule_names())
