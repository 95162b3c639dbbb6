"""Word search on bytes: the names a program contains, and where."""

from __future__ import annotations

import re

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_NOTHING = re.compile(rb"[\s\\]*\(\s*\)")
_NUMBER = re.compile(rb"[\s\\]*(?:[^\s\\(]|\Z|\([\s\\]*(?:[\d(*#]|[A-Za-z_\x80-\xff][\w\x80-\xff.]*[\s\\]*[,)=\[#]))")
_BUILTINS = b"builtins."
_PART = b"iter_"
_SPACE = b" \t\r\n\f\\"
_MARKS = b".:~!@?(#"
_IMPORT = re.compile(rb"import[ \t\\\r\n]*(?:\(((?:[^)#]|#[^\n]*)*)\)|((?:[^\r\n#\\;]|\\\r?\n)+))")
_WORD = re.compile(rb"[\w\x80-\xff]+|\*")


class TokenIndex:
    """A word index of a program.

    `name` is said anywhere, `!name` of nothing (or `builtins`), `.name` of something (by `getattr` or as a key too),
    `:name` and `~name` of something or where it is defined, `@name` of something or, once it is imported, anywhere;
    `?name` in a comment or a part of a word as well. `name(` is not just called with nothing, and so are `.name(` and
    the others; `name#` is not called with what is no number that the program names.

    Args:
        source: the program, perhaps without comments and strings that are no names.
        whole: all of it.
    """

    def __init__(self, source: bytes, whole: bytes | None = None) -> None:
        self.source = source
        self._whole = source if whole is None else whole
        self._known: dict[bytes, bool] = {}
        self._occurring: dict[bytes, bool] = {}
        self._imported: frozenset[bytes] | None = None

    def contains_all(self, words: Sequence[bytes]) -> bool:
        """Decide whether all of some words occur."""
        return all(self.contains(word) for word in words)

    def contains_any(self, ways: Sequence[Sequence[bytes]]) -> bool:
        """Decide whether all words of one of some sets occur."""
        return any(self.contains_all(words) for words in ways)

    def contains(self, word: bytes) -> bool:
        known = self._known.get(word)
        if known is None:
            occurs = word[:1] == b"?" or self._occurs(word.strip(_MARKS))
            known = self._known[word] = occurs and next(self.offsets(word), -1) >= 0
        return known

    def _occurs(self, name: bytes) -> bool:
        """Decide whether a name occurs at all, even inside another; many names share a part that most programs lack."""
        known = self._occurring.get(name)
        if known is None:
            known = _PART not in name or name == _PART or self._occurs(_PART)
            known = self._occurring[name] = known and name in self.source
        return known

    def offsets(self, word: bytes) -> Iterator[int]:
        """Yield the offsets of a word; for a `?name` that occurs in a comment only, the end of the text."""
        name = word.strip(_MARKS)
        if word[:1] == b"?":
            return iter((len(self.source),) if name in self._whole else ())
        found = self._names(name)
        if word[:1] == b"." or (word[:1] == b"@" and not self.is_imported(name)):
            found = (at for at in found if _is_member(self.source, at))
        elif word[:1] == b"!":
            found = (at for at in found if not _is_member(self.source, at) or self.source.endswith(_BUILTINS, 0, at))
        elif word[:1] in (b":", b"~"):
            found = (at for at in found if _is_member(self.source, at) or _is_defined(self.source, at))
        end = len(name)
        match word[-1:]:
            case b"(":
                return (at for at in found if not _NOTHING.match(self.source, at + end))
            case b"#":
                return (at for at in found if _NUMBER.match(self.source, at + end))
            case _:
                return found

    def _names(self, name: bytes) -> Iterator[int]:
        """Yield the offsets of a name as a whole word."""
        source, length = self.source, len(name)
        at = source.find(name)
        while at >= 0 and name:
            end = at + length
            if not (at and is_word(source[at - 1 : at])) and not is_word(source[end : end + 1]):
                yield at
            at = source.find(name, end)

    def is_imported(self, name: bytes) -> bool:
        """Decide whether a name may come from an import."""
        if self._imported is None:
            lists = _IMPORT.findall(self.source)
            self._imported = frozenset(word for several in lists for word in _WORD.findall(b",".join(several)))
        return name in self._imported or b"*" in self._imported


def is_word(letter: bytes) -> bool:
    """Decide whether a letter (or nothing) belongs to names; every non-ASCII letter may."""
    return letter.isalnum() or letter == b"_" or letter >= b"\x80"


def _is_member(source: bytes, at: int) -> bool:
    return _before(source, at)[-1:] in (b".", b"'", b'"')


def _is_defined(source: bytes, at: int) -> bool:
    before = _before(source, at)
    return before[-3:] == b"def" and not is_word(before[-4:-3])


def _before(source: bytes, at: int) -> bytes:
    return source[max(at - 200, 0) : at].rstrip(_SPACE)
