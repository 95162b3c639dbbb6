"""Selection of rules: `select`, `extend-select`, `ignore` and per-file ignores, by code or prefix of a code.

A prefix such as `UNC2` means every code that starts with it, `ALL` every rule. The longer match wins; at equal length
`ignore` does. The rules that are off by default are chosen by their code, a longer prefix than `UNC`, or `ALL`:
`--select UNC` keeps to the defaults, in flake8 as well, where `--select UNC` is how the plugin is picked out among
others.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

FAMILY = "UNC"
EVERYTHING = "ALL"
REMOVED = {"UNC9": "it was removed, as it found no true bugs; to teach unchunk a client, add it to `sources`"}
"""Fates of removed codes, by prefix."""


@dataclass(frozen=True, slots=True)
class Selection:
    """A user's selection, and its resolution.

    Attributes:
        defaults: every known code and whether it is on by default.
        select: replaces the defaults where it is not None.
        extend: turned on on top of `select` or the defaults.
        ignore: turned off.
    """

    defaults: Mapping[str, bool]
    select: tuple[str, ...] | None = None
    extend: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()

    def wants(self, code: str) -> bool:
        """Decide whether findings of this rule are to be reported."""
        return self._strength(code) > _longest(code, self.ignore)

    def codes(self) -> frozenset[str]:
        """Return every selected code."""
        return frozenset(code for code in self.defaults if self.wants(code))

    def _strength(self, code: str) -> int:
        chosen = self.extend if self.select is None else (*self.select, *self.extend)
        on_by_default = self.defaults.get(code, False)
        strength = _longest(code, (prefix for prefix in chosen if on_by_default or prefix != FAMILY))
        if strength or self.select is not None or not on_by_default:
            return strength
        return _BY_DEFAULT


_BY_DEFAULT = 1
_BY_ALL = 2


def _longest(code: str, prefixes: Iterable[str]) -> int:
    """Return how exactly the best of the prefixes matches the code; 0 if none does."""
    return max((_exactness(code, prefix) for prefix in prefixes), default=0)


def _exactness(code: str, prefix: str) -> int:
    if prefix == EVERYTHING:
        return _BY_ALL
    return len(prefix) if code.startswith(prefix) else 0


def names(code: str, prefixes: Iterable[str]) -> bool:
    """Decide whether one of the prefixes matches the code."""
    return _longest(code, prefixes) > 0


def parse_codes(text: str | Iterable[str], known: Mapping[str, str]) -> tuple[str, ...]:
    """Return the codes or prefixes in a list, or in words separated by commas and blanks.

    Args:
        known: the codes, with the names of their rules, which may stand for them.

    Raises:
        ValueError: one of them is the start of no known code; says which, and what is close.
    """
    words = (
        text.replace(",", " ").split()
        if isinstance(text, str)
        else [word for item in text for word in item.replace(",", " ").split()]
    )
    return tuple(_known(word, known) for word in words)


def why_removed(word: str) -> str | None:
    """Tell what became of the code that a word means; None if there never was one."""
    return next((why for code, why in REMOVED.items() if word.upper().startswith(code)), None)


def _known(word: str, known: Mapping[str, str]) -> str:
    prefix = word.upper()
    if prefix == EVERYTHING or any(code.startswith(prefix) for code in known):
        return prefix
    for code, name in known.items():
        if word.lower() == name:
            return code
    if (why := why_removed(word)) is not None:
        raise ValueError(f"unknown rule {word!r}: {why}")
    import difflib

    codes = sorted(known)
    close = [*difflib.get_close_matches(word.lower(), known.values()), *difflib.get_close_matches(prefix, codes)]
    hint = f"; did you mean {close[0]}?" if close else ""
    raise ValueError(f"unknown rule {word!r}{hint} (known: {', '.join(codes)})")
