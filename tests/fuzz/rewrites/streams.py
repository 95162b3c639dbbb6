"""Server streams: the pieces as their author has them, and the same stream at every other cut."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence

DOCUMENTS: dict[str, list[str]] = {
    "plain": ['{"id": 1, "text": "hello"}', '{"id": 2, "text": "two"}', '{"id": 3, "done": true}'],
    "quoted": [
        '{"id": 1, "text": "br{ces} [and] \\"quotes\\" \\\\"}',
        '{"id": 2, "text": "it\'s None"}',
        '{"id": 3, "text": ""}',
    ],
    "foreign": ['{"id": 1, "text": "naïve 日本"}', '{"id": 2, "text": "\\u00e9 \\u0000"}', '{"id": 3}'],
    "separators": [
        '{"id": 1, "text": "a;b|c,d"}',
        '{"id": 2, "text": "data: [DONE]"}',
        '{"id": 3, "a": [{"b": 1}, {"c": "x: y"}], "e": "<END>"}',
    ],
    "lists": ["[1, 2]", '["a", {"b": 1}]', "[]"],
    "strings": ['"a"', '"b\\n"', '"}{"'],
    "numbers": ["1", "23", "4.5"],
    # whose second bytes are `\\` in Big5, Shift-JIS and GBK, before the quotation mark
    "second bytes": ['{"id": 1, "text": "成功"}', '{"id": 2, "text": "ソ"}', '{"id": 3, "text": "誠"}'],
    "one": ['{"id": 1, "text": "hello"}'],
    "mixed": ['{"id": 1}', "[2]", '{"id": 3, "text": "hello"}'],
}
OBJECTS = {name for name, documents in DOCUMENTS.items() if all(each[0] == "{" for each in documents)}
UNBOUNDED = {"numbers"}  # they end only where something else begins

Framing = Callable[[list[str]], list[str]]


def each(before: str, after: str) -> Framing:
    return lambda documents: [before + document + after for document in documents]


def between(pieces: Framing, *others: str, first: str = "", last: Sequence[str] = ()) -> Framing:
    """Return the pieces with others between them, one in front, and some at the end."""

    def framed(documents: list[str]) -> list[str]:
        made = [first] if first else []
        for number, piece in enumerate(pieces(documents)):
            if number and others:
                made.append(others[(number - 1) % len(others)])
            made.append(piece)
        return [*made, *last]

    return framed


def array_lines(documents: list[str]) -> list[str]:
    return ["[\n", *(document + ",\n" for document in documents[:-1]), documents[-1] + "\n", "]\n"]


def array_elements(documents: list[str]) -> list[str]:
    return ["[" + documents[0], *("," + document for document in documents[1:]), "]"]


def banner(documents: list[str]) -> list[str]:
    """Return a greeting on a line of its own, and then documents without one."""
    return [documents[0] + "\n", *documents[1:]]


def pairs(documents: list[str]) -> list[str]:
    """Two documents a piece, as a server that flushes every second one; the last may be alone."""
    return ["".join(documents[at : at + 2]) for at in range(0, len(documents), 2)]


def pretty(documents: list[str]) -> list[str]:
    return [document.replace('": ', '":\n  ') + "\n" for document in documents]


def single_quoted(documents: list[str]) -> list[str]:
    return [document.replace('"', "'") + "\n" for document in documents]


def constants(documents: list[str]) -> list[str]:
    return [document[:-1] + ', "v": None}\n' if document[-1] == "}" else document + "\n" for document in documents]


def trailing_comma(documents: list[str]) -> list[str]:
    return [document[:-1] + ",}\n" if document[-1] == "}" else document + "\n" for document in documents]


EVENTS = each("data: ", "\n\n")
DONE = "data: [DONE]\n\n"
LINES = each("", "\n")

FRAMINGS: dict[str, Framing] = {
    "concatenated": each("", ""),
    "lines": LINES,
    "crlf lines": each("", "\r\n"),
    "greeting": banner,
    "pretty": pretty,
    "events": EVENTS,
    "events, done": between(EVENTS, last=[DONE]),
    "events, done, more": between(EVENTS, last=[DONE, 'data: {"id": 9}\n\n']),
    "events, crlf": between(each("data: ", "\r\n\r\n"), last=["data: [DONE]\r\n\r\n"]),
    "events, no blank": between(each("data:", "\n\n"), last=["data:[DONE]\n\n"]),
    "events, one line end": each("data: ", "\n"),
    "events, one line end, done": between(each("data: ", "\n"), last=["data: [DONE]\n"]),
    "events, comments": between(EVENTS, ": ping\n\n", first=": hello\n\n", last=[DONE]),
    "events, named": between(each("event: token\ndata: ", "\n\n"), last=["event: end\ndata: {}\n\n"]),
    "events, some named": between(EVENTS, 'event: ping\ndata: {"type": "ping"}\n\n', last=[DONE]),
    "events, id": between(each("id: 7\ndata: ", "\n\n"), last=[DONE]),
    "events, id behind": each("data: ", "\nid: 7\n\n"),
    "events, retry": between(EVENTS, first="retry: 10\n\n", last=[DONE]),
    "events, done in lower case": between(EVENTS, last=["data: done\n\n"]),
    "lines, done": between(LINES, last=["[DONE]\n"]),
    "lines, done, more": between(LINES, last=["[DONE]\n", "not for us\n"]),
    "lines, end": between(LINES, last=["END\n"]),
    "concatenated, done": between(each("", ""), last=["[DONE]"]),
    "lines, blank ones": between(LINES, "\n"),
    "lines, blank ends": between(LINES, last=["\n", "not for us\n"]),
    "concatenated, blank ones": between(each("", ""), "\n"),
    "concatenated, spaces": between(each("", ""), " "),
    "lines, words": between(LINES, "ping\n"),
    "concatenated, words": between(each("", ""), "ping"),
    "lines, log": between(LINES, "[info] step\n", first="starting {worker 1\n"),
    "lines, log without brackets": between(LINES, "step\n", "another: one\n", first="starting worker 1\n"),
    "NUL": each("", "\0"),
    "RS behind": each("", "\x1e"),
    "RS before": each("\x1e", "\n"),
    "comma": each("", ","),
    "comma line": each("", ",\n"),
    "semicolon": each("", ";"),
    "semicolon line": each("", ";\n"),
    "bar": each("", "|"),
    "END": each("", "<END>"),
    "line separator": each("", "\u2028"),
    "blank line": each("", "\n\n"),
    "assigned": each("var x = ", ";\n"),
    "called": each("cb(", ");\n"),
    "vercel": each("0:", "\n"),
    "progress": each("progress: ", "\n"),
    "time stamp": each("17000|", "\n"),
    "checksum": each("", "|0001\n"),
    "log prefix": each("12:00 [info] ", "\n"),
    "array lines": array_lines,
    "array elements": array_elements,
    "pairs": pairs,
    "single quotes": single_quoted,
    "constants": constants,
    "trailing comma": trailing_comma,
}
WITHOUT_LINES = frozenset({
    "concatenated", "concatenated, done", "concatenated, blank ones", "concatenated, spaces", "concatenated, words",
    "greeting", "pairs", "NUL", "RS behind", "comma", "semicolon", "bar", "END", "array elements", "pretty",
})  # fmt: skip
NOTHING_BEHIND = WITHOUT_LINES - {"NUL", "RS behind", "comma", "semicolon", "bar", "END"}

FLAWS = ("", "cut short", "half a document", "garbage", "page", "error", "wrong bytes")


def well_cut(framing: str, documents: Sequence[str], flaw: str = "", codec: str = "utf-8") -> list[bytes]:
    """Return the pieces as the author's server sends them; with a flaw, those of a stream that goes wrong.

    Its end is missing, a document is half, something else is among them, or it is an answer of another kind.
    """
    middle = len(documents) // 2
    before, document, after = documents[:middle], documents[middle], documents[middle + 1 :]
    half = document[: max(1, len(document) * 2 // 3)]
    made = FRAMINGS[framing]
    match flaw:
        case "page":
            return [b"<html><body>502 {bad} gateway</body></html>\n"]
        case "error":
            return [b'{"error": {"message": "overloaded"}}']
        case "half a document":
            pieces = made([*before, half, *after])
        case "garbage":
            pieces = made([*before, "oops", document, *after])
        case "wrong bytes":
            return [piece.encode().replace(b"?", b"\xe9") for piece in made([*before, '{"id": 9, "t?xt": 1}', *after])]
        case "cut short":
            pieces = made([*before, document])
            at = next((at for at, piece in enumerate(pieces) if document in piece), len(pieces) - 1)
            pieces = [*pieces[:at], pieces[at][: max(1, pieces[at].find(document)) + len(half)]]
        case _:
            pieces = made([*documents])
    return [piece.encode(codec) for piece in pieces]


def cuts(pieces: Sequence[bytes], seed: int, text: bool) -> Iterator[list[bytes]]:
    """Yield the stream at other cuts: in every two parts, whole, by the byte, at random, and each well-cut piece in
    halves.

    Text is cut between code points only, as clients decode it.
    """
    body = b"".join(pieces)
    places = [at for at in range(1, len(body)) if not text or (body[at] & 0xC0) != 0x80]
    yield [body]
    yield _at(body, places)
    yield [part for piece in pieces for part in _halves(piece, text)]
    source = random.Random(seed)
    for share in (0.5, 0.15, 0.05, 0.05):
        yield _at(body, [at for at in places if source.random() < share])
    for place in places:
        yield _at(body, [place])


def _at(body: bytes, places: list[int]) -> list[bytes]:
    return [body[start:end] for start, end in zip([0, *places], [*places, len(body)], strict=True) if start < end]


def _halves(piece: bytes, text: bool) -> list[bytes]:
    at = len(piece) // 2
    while text and 0 < at < len(piece) and (piece[at] & 0xC0) == 0x80:
        at -= 1
    return [part for part in (piece[:at], piece[at:]) if part]
