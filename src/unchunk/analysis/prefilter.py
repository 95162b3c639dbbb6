"""Whether a file can hold a finding at all, judged by its bytes: of a hundred files about two can.

Imports nothing but what it needs, since this is all that most runs see of the engine.
"""

from __future__ import annotations

import re
from functools import cache

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

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
_SAID = (b"loads", b"validate_json", b"parse_raw", b"from_json", b"json_decode", b"parse_json")
"""Parts of the parsers' words that all of them have: looked for first, since that is fast."""
_PARSER = re.compile(rb"\b(?:" + "|".join(PARSER_WORDS).encode() + rb")\b")
_DECODER = re.compile(rb"\b(?:" + "|".join(DECODERS).encode() + rb")\b")
_EVENT_LINE = re.compile(rb"""["'][ \t]*data:""")
_GUESSES = re.compile(rb"\bfor[ \t]+(?:chunk|piece|part|data_chunk|raw_chunk|chunk_bytes)[ \t]+in\b")
# Both begin with a plain word, by which the search is many times faster.
_FROM = re.compile(rb"from[ \t\\\r\n]+(\w+)[\w.]*[ \t\\\r\n]+import")
_IMPORT = re.compile(rb"import[ \t]+((?:[\w., \t]|\\\r?\n)+)")
_FIRST_WORDS = re.compile(rb"(?:^|,)[ \t\\\r\n]*(\w+)")


def may_contain(source: bytes, settings: Settings | None = None) -> bool:
    """Whether the engine has to look: a parser is named, and something that hands out pieces.

    Sound: a file for which this is False has no finding of the rules that are on by default, and, with `settings`, of
    those that it selects and with the names that it adds. (A finding across files is the matter of `Tree`.)
    """
    return parses(source, settings) and _yields(source, settings)


def kind(source: bytes, settings: Settings | None = None) -> int:
    """What a file names: PARSES, YIELDS, both, or neither (0)."""
    found = PARSES if parses(source, settings) else 0
    return found | YIELDS if _yields(source, settings) else found


def parses(source: bytes, settings: Settings | None = None) -> bool:
    """Whether a file calls a parser, as far as its words tell."""
    if settings is not None and any(_last(name) in source for name in settings.parsers):
        return True
    if settings is not None and b".decode" in source and (settings.select is None or "UNC202" in settings.select):
        return True
    if b"json" not in source and b"parse_raw" not in source:
        return False
    if any(part in source for part in _SAID) and _PARSER.search(source) is not None:
        return True
    return b"decode" in source and _DECODER.search(source) is not None


def _yields(source: bytes, settings: Settings | None) -> bool:
    from . import prefilter_table as table  # large: for those files only that name a parser

    if any(_says(source, words) for words in table.UNTYPED):
        return True
    if settings is not None and _by_settings(source, settings):
        return True
    imported = _imported(source)
    if _uses(source, imported, table.TYPED):
        return True
    if b"data:" not in source or not _EVENT_LINE.search(source):
        return False
    return any(_says(source, words) for words in table.UNTYPED_LINES) or _uses(source, imported, table.TYPED_LINES)


def yields_from(source: bytes, root: str) -> bool:
    """Whether a file can come by pieces through a package that it imports."""
    from . import prefilter_table as table

    first = root.partition(".")[0].encode()
    if _uses(source, {first}, table.TYPED):
        return True
    return b"data:" in source and _EVENT_LINE.search(source) is not None and _uses(source, {first}, table.TYPED_LINES)


def _by_settings(source: bytes, settings: Settings) -> bool:
    if any(_last(name) in source for name, _ in settings.sources):
        return True
    guesses = settings.select is None or any(code.startswith("UNC9") for code in settings.select)
    return guesses and _GUESSES.search(source) is not None


def _last(name: str) -> bytes:
    return name.rpartition(".")[2].encode()


def _imported(source: bytes) -> set[bytes]:
    """The first words of what a file imports; what is always there is imported by all."""
    found = {b"builtins", *_FROM.findall(source)}
    for several in _IMPORT.findall(source):
        found.update(_FIRST_WORDS.findall(several))
    return found


def _uses(source: bytes, imported: set[bytes], table: Table) -> bool:
    """Whether something of what is imported is used in a way that hands out pieces."""
    for name in imported & table.keys():
        for rest, groups in table[name]:
            if _says(source, rest) and any(_ways(source, ways) and _ways(source, words) for ways, words in groups):
                return True
    return False


def _ways(source: bytes, ways: Sequence[Words]) -> bool:
    return any(_says(source, words) for words in ways)


def _says(source: bytes, words: Words) -> bool:
    return all(word.strip(b".(") in source and _pattern(word).search(source) is not None for word in words)


@cache
def _pattern(word: bytes) -> re.Pattern[bytes]:
    """How a word is said: `name` anywhere, `.name` of something (by `getattr` too) or where it is defined, `name(` not
    called with nothing.
    """
    name = re.escape(word.strip(b".("))
    before = rb"""(?:[.'"][\s\\]*|\bdef[ \t]+)""" if word.startswith(b".") else rb"\b"
    return re.compile(before + name + rb"\b" + (rb"(?![\s\\]*\(\s*\))" if word.endswith(b"(") else b""))
