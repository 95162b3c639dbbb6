"""Whether a file can hold a finding at all, judged by its bytes: of a hundred files about two can.

Imports nothing but what it needs, since this is all that most runs see of the engine.
"""

from __future__ import annotations

import re
from functools import lru_cache

from .said import Said

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
"""What a call of a parser says, decoders left out: `decode` is said everywhere."""
DECODERS = ("JSONDecoder", "msgspec", "ujson", "cjson")
"""Whose `decode` parses; one of these says so where it is made or imported."""
FILES = ("BytesIO", "StringIO")
"""What makes a file of what the program has, whose `load` parses; one of these says so."""
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
"""What a program says to ask for an event stream; see `flow.requests`."""
_PREFIX_CUT = re.compile(rb"\[[56]:[]-]")
# Both begin with a plain word, by which the search is many times faster.
_FROM = re.compile(rb"from[ \t\\\r\n]+(\w+)[\w.]*[ \t\\\r\n]+import")
_IMPORT = re.compile(rb"import[ \t]+((?:[\w., \t]|\\\r?\n)+)")
_FIRST_WORDS = re.compile(rb"(?:^|,)[ \t\\\r\n]*(\w+)")


def may_contain(source: bytes, settings: Settings | None = None) -> bool:
    """Whether the engine has to look: a parser is named, and something that hands out pieces.

    Sound: a file for which this is False has no finding of the rules that are on by default, and, with `settings`, of
    those that it selects and with the names that it adds. (A finding across files is the matter of `Tree`.)
    """
    return parses(source, settings) and yields(source, settings)


def may_contain_alone(source: bytes, settings: Settings | None = None) -> bool:
    """Whether the engine has to look at a file that is not taken together with others: as `may_contain`, and what is
    named can meet in some function. Sound as that is.
    """
    if not may_contain(source, settings):
        return False
    return not is_usual(settings) or reach_of(source).meets()


def is_usual(settings: Settings | None) -> bool:
    """Whether nothing is asked for but what the catalog knows, parsed."""
    if settings is None:
        return True
    if settings.sources or settings.parsers or settings.select is None:
        return False
    return "UNC202" not in settings.select


def reach_of(source: bytes, parsing: Iterable[bytes] = (), handing: Iterable[bytes] = ()) -> Reach:
    """What in a file leads to a parse call and to pieces, by the words of the catalog and by some names."""
    return _reach_of(source, frozenset(parsing), frozenset(handing))


@lru_cache(maxsize=1)  # whoever decides by it whether to look asks again while looking
def _reach_of(source: bytes, parsing: frozenset[bytes], handing: frozenset[bytes]) -> Reach:
    return Seeds(source).reach(parsing, handing)


class Seeds:
    """Where a program says by itself that it parses, and where that it comes by pieces."""

    def __init__(self, source: bytes) -> None:
        from .layout import Layout
        from .literals import code_of

        self._said = Said(code_of(source), source)
        self._layout = Layout(self._said.source)
        self._parses = list(_parsers(self._said))
        self._source = source
        self._pieces: list[int] | None = None

    def reach(self, parsing: Iterable[bytes] = (), handing: Iterable[bytes] = ()) -> Reach:
        """What leads there, and to what has some names: where it is imported, or something of what is."""
        from .reach import Reach

        parsing = self._meant(parsing)
        if not parsing and not self._parses:
            return Reach(self._layout, (), ())
        if self._pieces is None:
            self._pieces = _pieces(self._said, self._source)
        return Reach(self._layout, self._parses, self._pieces, parsing, self._meant(handing))

    def _meant(self, names: Iterable[bytes]) -> list[bytes]:
        return [name if self._said.is_imported(name) else b"." + name for name in names]


def _parsers(said: Said) -> Iterator[int]:
    """Where a program says that it parses."""
    for part, words in _PARSER_PARTS.items():
        if part in said.source:
            for word in words:
                yield from said.offsets(word)
    for word in _parsers_beside(said):
        yield from said.offsets(word)


def _parsers_beside(said: Said) -> Iterator[bytes]:
    """The words that say that something is parsed beside others only."""
    for word, others in ((b"decode", DECODERS), (b"load", FILES)):
        if word in said.source and any(said.word(other.encode()) for other in others):
            yield word


def _has_events(source: bytes) -> bool:
    """Whether a program speaks of the lines of an event stream: it asks for one, a string in it begins with `data:`, or
    as much as that is cut off from something.
    """
    if any(word in source for word in _REQUESTS):
        return True
    at = source.find(_EVENT)
    while at >= 0:
        if source[max(at - 1000, 0) : at].rstrip(b" \t")[-1:] in (b"'", b'"'):
            return True
        at = source.find(_EVENT, at + 1)
    return _PREFIX_CUT.search(source) is not None


def _pieces(said: Said, source: bytes) -> list[int]:
    """Where a program says that pieces are handed out; `source` is the program with its comments and strings."""
    from . import prefilter_table as table

    lines = _has_events(source)
    words = {word for ways in (table.UNTYPED, table.UNTYPED_LINES)[: 1 + lines] for word in _told(said, ways)}
    imported = imported_roots(said.source)
    for typed in (table.TYPED, table.TYPED_LINES)[: 1 + lines]:
        for ways, handing in _groups(said, imported, typed):
            words.update(_told(said, handing))
            if any(said.all(each) and not _telling(each) for each in handing):  # it is iterated over as it is
                words.update(_told(said, ways))
    return [at for word in words for at in said.offsets(word)]


def _told(said: Said, ways: Sequence[Words]) -> Iterator[bytes]:
    """Of the ways that are said the words that stand where it happens."""
    return (word for words in ways if said.all(words) for word in _telling(words))


def _telling(words: Words) -> Words:
    """The word that stands where pieces are handed out: the last one, of those that are no condition."""
    return tuple(word.replace(b"~", b".") for word in words if word[:1] != b"?")[-1:]


def parses(source: bytes, settings: Settings | None = None) -> bool:
    """Whether a file calls a parser, as far as its words tell."""
    if settings is not None and any(_last(name) in source for name in settings.parsers):
        return True
    if settings is not None and b".decode" in source and (settings.select is None or "UNC202" in settings.select):
        return True
    if b"json" not in source and b"parse_raw" not in source:
        return False
    said = Said(source)
    if any(part in source and any(map(said.word, words)) for part, words in _PARSER_PARTS.items()):
        return True
    return any(True for _ in _parsers_beside(said))


def yields(source: bytes, settings: Settings | None = None) -> bool:
    """Whether a file uses something that hands out pieces, as far as its words tell."""
    from . import prefilter_table as table  # large: for those files only that name a parser

    said = Said(source)
    if said.any(table.UNTYPED):
        return True
    if settings is not None and any(_last(name) in source for name, _ in settings.sources):
        return True
    imported = imported_roots(source)
    if _uses(said, imported, table.TYPED):
        return True
    if not _has_events(source):
        return False
    return said.any(table.UNTYPED_LINES) or _uses(said, imported, table.TYPED_LINES)


def yields_from(source: bytes, root: str) -> bool:
    """Whether a file can come by pieces through a package that it imports."""
    from . import prefilter_table as table

    said, first = Said(source), {root.partition(".")[0].encode()}
    if _uses(said, first, table.TYPED):
        return True
    return _has_events(source) and _uses(said, first, table.TYPED_LINES)


def _last(name: str) -> bytes:
    return name.rpartition(".")[2].encode()


def imported_roots(source: bytes) -> set[bytes]:
    """The first words of what a file imports; what is always there is imported by all."""
    found = {b"builtins", *_FROM.findall(source)}
    for several in _IMPORT.findall(source):
        found.update(_FIRST_WORDS.findall(several))
    return found


def _uses(said: Said, imported: set[bytes], table: Table) -> bool:
    """Whether something of what is imported is used in a way that hands out pieces."""
    return any(True for _ in _groups(said, imported, table))


def _groups(said: Said, imported: set[bytes], table: Table) -> Iterator[tuple[Sequence[Words], Sequence[Words]]]:
    """The ways to come by things and to have them hand out pieces that are both there."""
    for name in imported & table.keys():
        for rest, groups in table[name]:
            if said.all(rest):
                yield from (group for group in groups if said.any(group[1]) and said.any(group[0]))
