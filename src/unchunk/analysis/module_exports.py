"""Names that a file exports: functions, classes and globals that parse, or return pieces."""

from __future__ import annotations

import re

from .byte_tokens import TokenIndex, is_word
from .enclosing import enclosing_definitions
from .prefilter import DECODERS, FILES, PARSER_WORDS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

MAX_CHAIN = 3
"""Through how many functions of its file a name that is imported may lead to a parse call, or to pieces."""
_ITERATES = re.compile(rb"iter_(?:content|bytes|text|raw|any|chunked|chunks)(?![\w\x80-\xff])")
_ALSO_ASYNCHRONOUS = (b"iter_bytes", b"iter_text", b"iter_raw")
_HANDS_OUT = (b"recv", b"stream=True", b"read_chunked", b"readany", b"data_received", b"feed_data", b"partial_json")
_PARSES = tuple(word.encode() for word in (*PARSER_WORDS, *DECODERS, *FILES))


def may_hand_out(source: bytes) -> bool:
    """Decide quickly whether a file may return pieces, by the usual words."""
    return b"iter_" in source or b".recv(" in source or b"stream=True" in source or b"data_received" in source


def hands_out(source: bytes) -> bool:
    """Decide by its words whether a file has something that returns pieces."""
    return may_hand_out(source) and next(_pieces(source), -1) >= 0


def names_that_hand_out(source: bytes) -> frozenset[bytes]:
    """Return the names in a file that return pieces."""
    return enclosing_definitions(source, sorted(_pieces(source)))


def names_that_parse(source: bytes) -> frozenset[bytes]:
    """Return the names in a file that parse."""
    return names_of(source, _PARSES)


def leading_to(names: frozenset[bytes], source: bytes) -> frozenset[bytes]:
    """Return some of a file's names with all names that mention them, directly or through others."""
    known: frozenset[bytes] = frozenset()
    for _ in range(MAX_CHAIN):
        known, names = names, names | names_of(source, names - known)
        if known == names:
            break
    return names


def names_of(source: bytes, words: Iterable[bytes]) -> frozenset[bytes]:
    """Return the names in a file whose definitions contain some words."""
    tokens = TokenIndex(source)
    return enclosing_definitions(source, sorted({at for word in words for at in tokens.offsets(word)}))


def _pieces(source: bytes) -> Iterator[int]:
    """Yield the offsets at which a file returns pieces."""
    for match in _ITERATES.finditer(source):
        at = match.start()
        before = source[at - 1 : at] if at else b""
        if not is_word(before):
            yield at
        elif before == b"a" and match[0] in _ALSO_ASYNCHRONOUS and not is_word(source[max(at - 2, 0) : at - 1]):
            yield at - 1
    tokens = TokenIndex(source)
    for word in _HANDS_OUT:
        yield from tokens.offsets(word)
