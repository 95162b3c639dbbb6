"""What a file has that others may use: the functions, classes and globals in which it parses, or hands out pieces."""

from __future__ import annotations

import re

from .enclosing import names_around
from .prefilter import DECODERS, FILES, PARSER_WORDS
from .said import Said, is_word

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

DEEPEST_CHAIN = 3
"""Through how many functions of its file a name that is imported may lead to a parse call, or to pieces."""
_ITERATES = re.compile(rb"iter_(?:content|bytes|text|raw|any|chunked|chunks)(?![\w\x80-\xff])")
_ALSO_ASYNCHRONOUS = (b"iter_bytes", b"iter_text", b"iter_raw")
_HANDS_OUT = (b"recv", b"stream=True", b"read_chunked", b"readany", b"data_received", b"feed_data", b"partial_json")
_PARSES = tuple(word.encode() for word in (*PARSER_WORDS, *DECODERS, *FILES))


def may_hand_out(source: bytes) -> bool:
    """Whether a file says something that those say, as a rule, that hand out pieces: told fast."""
    return b"iter_" in source or b".recv(" in source or b"stream=True" in source or b"data_received" in source


def hands_out(source: bytes) -> bool:
    """Whether a file has something that hands out pieces, as far as its words tell."""
    return may_hand_out(source) and next(_pieces(source), -1) >= 0


def names_that_hand_out(source: bytes) -> frozenset[bytes]:
    """What a file has that hands out pieces."""
    return names_around(source, sorted(_pieces(source)))


def names_that_parse(source: bytes) -> frozenset[bytes]:
    """What a file has that parses."""
    return names_of(source, _PARSES)


def leading_to(names: frozenset[bytes], source: bytes) -> frozenset[bytes]:
    """Some of what a file has, with all that mentions it, and all that mentions that."""
    known: frozenset[bytes] = frozenset()
    for _ in range(DEEPEST_CHAIN):
        known, names = names, names | names_of(source, names - known)
        if known == names:
            break
    return names


def names_of(source: bytes, words: Iterable[bytes]) -> frozenset[bytes]:
    """What a file has in which some words occur."""
    said = Said(source)
    return names_around(source, sorted({at for word in words for at in said.offsets(word)}))


def _pieces(source: bytes) -> Iterator[int]:
    """Where a file says that it hands out pieces."""
    for match in _ITERATES.finditer(source):
        at = match.start()
        before = source[at - 1 : at] if at else b""
        if not is_word(before):
            yield at
        elif before == b"a" and match[0] in _ALSO_ASYNCHRONOUS and not is_word(source[max(at - 2, 0) : at - 1]):
            yield at - 1
    said = Said(source)
    for word in _HANDS_OUT:
        yield from said.offsets(word)
