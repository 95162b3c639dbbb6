"""Which words a program says, and where: found by searching its bytes."""

from __future__ import annotations

import re

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_NOTHING = re.compile(rb"[\s\\]*\(\s*\)")
_SPACE = b" \t\r\n\f\\"


class Said:
    """The words of a program.

    `name` is said anywhere, `.name` of something (by `getattr` too), `:name` of something or where it is defined;
    `name(` is not just called with nothing, and so are `.name(` and `:name(`.
    """

    def __init__(self, source: bytes) -> None:
        self.source = source
        self._known: dict[bytes, bool] = {}

    def all(self, words: Sequence[bytes]) -> bool:
        """Whether all of some words are said."""
        return all(self.word(word) for word in words)

    def any(self, ways: Sequence[Sequence[bytes]]) -> bool:
        """Whether all words of one of some ways are said."""
        return any(self.all(words) for words in ways)

    def word(self, word: bytes) -> bool:
        known = self._known.get(word)
        if known is None:
            known = self._known[word] = next(self.offsets(word), -1) >= 0
        return known

    def offsets(self, word: bytes) -> Iterator[int]:
        """Where a word is said."""
        source = self.source
        name = word.strip(b".:(")
        length, member, given = len(name), word[:1] in (b".", b":"), word[-1:] == b"("
        defined = word[:1] == b":"
        at = source.find(name)
        while at >= 0:
            end = at + length
            whole = not (at and is_word(source[at - 1 : at])) and not is_word(source[end : end + 1])
            if (
                whole
                and (not member or _is_member(source, at, defined))
                and not (given and _NOTHING.match(source, end))
            ):
                yield at
            at = source.find(name, end)


def is_word(letter: bytes) -> bool:
    """Whether a letter (or nothing) belongs to names; every letter that is not ASCII may."""
    return letter.isalnum() or letter == b"_" or letter >= b"\x80"


def _is_member(source: bytes, at: int, defined: bool) -> bool:
    before = source[max(at - 200, 0) : at].rstrip(_SPACE)
    return before[-1:] in (b".", b"'", b'"') or (defined and before[-3:] == b"def" and not is_word(before[-4:-3]))
