"""Prefilter on bytes: files that cannot hold a finding, 98 of a hundred, never reach the engine.

Imports nothing but what it needs, since this is all that most runs see of the engine.
"""

from __future__ import annotations

import re
from functools import lru_cache

from .byte_tokens import TokenIndex

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from .reach import Reach
    from .settings import Settings

    Words = tuple[bytes, ...]
    Groups = Sequence[tuple[Sequence[Words], Sequence[Words]]]
    Table = Mapping[bytes, Sequence[tuple[Words, Groups]]]

PARSES = 1
"""The file calls a parser, as far as its words tell."""
YIELDS = 2
"""The file uses something that hands out pieces, as far as its words tell."""

PARSER_WORDS = (
    "loads",
    "model_validate_json",
    "validate_json",
    "parse_raw",
    "parse_raw_as",
    "from_json",
    "json_decode",
    "json_loads",
    "loads_json",
    "jsonloads",
    "parse_json",
)
"""Words of parser calls, without decoders: `decode` occurs everywhere."""
DECODERS = ("JSONDecoder", "msgspec", "ujson", "cjson")
"""Owners of a `decode` that parses; one of these words occurs where they are created or imported."""
FILES = ("BytesIO", "StringIO")
"""Makers of in-memory files for a `load` that parses."""
_PARSER_PARTS = {
    part: frozenset(word.encode() for word in PARSER_WORDS if part.decode() in word)
    for part in (b"loads", b"validate_json", b"parse_raw", b"from_json", b"json_decode", b"parse_json")
}
"""The parsers' words by parts that all of them have: these are looked for, since that is fast."""
_EVENT = b"data:"
_REQUESTS = (
    b"/completions",
    b"/responses",
    b"/v1/messages",
    b":streamGenerateContent",
    b"/generate_stream",
    b"text/event-stream",
    b"with_streaming_response",
)
"""Words of a request for an event stream; see `flow.requests`."""
_PREFIX_CUT = re.compile(rb"\[[56]:[]-]")
# Both begin with a plain word, by which the search is many times faster.
_FROM = re.compile(rb"from[ \t\\\r\n]+(\w+)[\w.]*[ \t\\\r\n]+import")
_IMPORT = re.compile(rb"import[ \t]+((?:[\w., \t]|\\\r?\n)+)")
_FIRST_WORDS = re.compile(rb"(?:^|,)[ \t\\\r\n]*(\w+)")


def may_contain(source: bytes, settings: Settings | None = None) -> bool:
    """Decide whether the engine has to run: a parser is named, and something that returns pieces.

    Sound: a file for which this is False has no finding of the rules that are on by default, and, with `settings`, of
    those that it selects and with the names that it adds. (A finding across files is the matter of `Tree`.)
    """
    return has_sink(source, settings) and has_source(source, settings)


def may_contain_alone(source: bytes, settings: Settings | None = None) -> bool:
    """Decide whether the engine has to run on a file that is checked by itself: as `may_contain`, and both can meet in
    some function. As sound as that one.
    """
    if not may_contain(source, settings):
        return False
    return not uses_default_rules(settings) or reach_of(source).meets()


def uses_default_rules(settings: Settings | None) -> bool:
    """Decide whether only the default rules and the catalog's own rows are asked for."""
    if settings is None:
        return True
    if settings.sources or settings.parsers or settings.select is None:
        return False
    return "UNC202" not in settings.select


def reach_of(source: bytes, parsing: Iterable[bytes] = (), handing: Iterable[bytes] = ()) -> Reach:
    """Return the lines of a file that lead to a parse call and to pieces, by the catalog's words and some names."""
    return _reach_of(source, frozenset(parsing), frozenset(handing))


@lru_cache(maxsize=1)  # whoever decides by it whether to look asks again while looking
def _reach_of(source: bytes, parsing: frozenset[bytes], handing: frozenset[bytes]) -> Reach:
    return Seeds(source).reach(parsing, handing)


class Seeds:
    """The offsets at which a program parses, and those at which it gets pieces."""

    def __init__(self, source: bytes) -> None:
        from .layout import Layout
        from .literals import strip_comments_and_strings

        self._said = TokenIndex(strip_comments_and_strings(source), source)
        self._layout = Layout(self._said.source)
        self._parses = list(_parsers(self._said))
        self._source = source
        self._pieces: list[int] | None = None

    def reach(self, parsing: Iterable[bytes] = (), handing: Iterable[bytes] = ()) -> Reach:
        """Return the lines leading there, and to some names where they are imported or used as members."""
        from .reach import Reach

        parsing = self._meant(parsing)
        if not parsing and not self._parses:
            return Reach(self._layout, (), ())
        if self._pieces is None:
            self._pieces = _pieces(self._said, self._source)
        return Reach(self._layout, self._parses, self._pieces, parsing, self._meant(handing))

    def _meant(self, names: Iterable[bytes]) -> list[bytes]:
        return [name if self._said.is_imported(name) else b"." + name for name in names]


def _parsers(tokens: TokenIndex) -> Iterator[int]:
    """Yield the offsets of parsers."""
    for part, words in _PARSER_PARTS.items():
        if part in tokens.source:
            for word in words:
                yield from tokens.offsets(word)
    for word in _parsers_beside(tokens):
        yield from tokens.offsets(word)


def _parsers_beside(tokens: TokenIndex) -> Iterator[bytes]:
    """Yield the words that mean parsing only in the company of others."""
    for word, others in ((b"decode", DECODERS), (b"load", FILES)):
        if word in tokens.source and any(tokens.contains(other.encode()) for other in others):
            yield word


def _has_events(source: bytes) -> bool:
    """Decide whether a program handles event-stream lines: it requests them, a string in it begins with `data:`, or it
    cuts that prefix off.
    """
    if any(word in source for word in _REQUESTS):
        return True
    at = source.find(_EVENT)
    while at >= 0:
        if source[max(at - 1000, 0) : at].rstrip(b" \t")[-1:] in (b"'", b'"'):
            return True
        at = source.find(_EVENT, at + 1)
    return _PREFIX_CUT.search(source) is not None


def _pieces(tokens: TokenIndex, source: bytes) -> list[int]:
    """Return the offsets at which pieces are returned; `source` is the program with its comments and strings."""
    from . import prefilter_table as table

    lines = _has_events(source)
    words = {word for ways in (table.UNTYPED, table.UNTYPED_LINES)[: 1 + lines] for word in _told(tokens, ways)}
    imported = imported_roots(tokens.source)
    for typed in (table.TYPED, table.TYPED_LINES)[: 1 + lines]:
        for ways, handing in _groups(tokens, imported, typed):
            words.update(_told(tokens, handing))
            if any(
                tokens.contains_all(each) and not _telling(each) for each in handing
            ):  # it is iterated over as it is
                words.update(_told(tokens, ways))
    return [at for word in words for at in tokens.offsets(word)]


def _told(tokens: TokenIndex, ways: Sequence[Words]) -> Iterator[bytes]:
    """Yield the telling word of each token set that occurs."""
    return (word for words in ways if tokens.contains_all(words) for word in _telling(words))


def _telling(words: Words) -> Words:
    """Return the word at which pieces are returned: the last one that is no condition."""
    return tuple(word.replace(b"~", b".") for word in words if word[:1] != b"?")[-1:]


def has_sink(source: bytes, settings: Settings | None = None) -> bool:
    """Decide by its words whether a file calls a parser."""
    if settings is not None and any(_last(name) in source for name in settings.parsers):
        return True
    if settings is not None and b".decode" in source and (settings.select is None or "UNC202" in settings.select):
        return True
    if b"json" not in source and b"parse_raw" not in source:
        return False
    tokens = TokenIndex(source)
    if any(part in source and any(map(tokens.contains, words)) for part, words in _PARSER_PARTS.items()):
        return True
    return any(True for _ in _parsers_beside(tokens))


def has_source(source: bytes, settings: Settings | None = None) -> bool:
    """Decide by its words whether a file uses something that returns pieces."""
    from . import prefilter_table as table  # large: for those files only that name a parser

    tokens = TokenIndex(source)
    if tokens.contains_any(table.UNTYPED):
        return True
    if settings is not None and any(_last(name) in source for name, _ in settings.sources):
        return True
    imported = imported_roots(source)
    if _uses(tokens, imported, table.TYPED):
        return True
    if not _has_events(source):
        return False
    return tokens.contains_any(table.UNTYPED_LINES) or _uses(tokens, imported, table.TYPED_LINES)


def has_source_from(source: bytes, root: str) -> bool:
    """Decide whether a file can get pieces through a package that it imports."""
    from . import prefilter_table as table

    tokens, first = TokenIndex(source), {root.partition(".")[0].encode()}
    if _uses(tokens, first, table.TYPED):
        return True
    return _has_events(source) and _uses(tokens, first, table.TYPED_LINES)


def _last(name: str) -> bytes:
    return name.rpartition(".")[2].encode()


def imported_roots(source: bytes) -> set[bytes]:
    """Return the first words of a file's imports, and `builtins`."""
    found = {b"builtins", *_FROM.findall(source)}
    for several in _IMPORT.findall(source):
        found.update(_FIRST_WORDS.findall(several))
    return found


def _uses(tokens: TokenIndex, imported: set[bytes], table: Table) -> bool:
    """Decide whether an imported package is used in a way that returns pieces."""
    return any(True for _ in _groups(tokens, imported, table))


def _groups(
    tokens: TokenIndex, imported: set[bytes], table: Table
) -> Iterator[tuple[Sequence[Words], Sequence[Words]]]:
    """Yield the pairs of token sets, for getting an object and for getting pieces from it, that both occur."""
    for name in imported & table.keys():
        for rest, groups in table[name]:
            if tokens.contains_all(rest):
                yield from (
                    group for group in groups if tokens.contains_any(group[1]) and tokens.contains_any(group[0])
                )
