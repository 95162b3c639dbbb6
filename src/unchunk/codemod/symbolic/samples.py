"""Made-up streams: documents of all sorts in the usual framings, spelled with the constants of the code."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from unchunk.codemod.vocabulary import Vocabulary

DOCUMENT = '{"k": 1}'
BYTE_ORDER_MARK = "\ufeff"
BLANKS = " \t\r\n"
"""Blanks of JSON (RFC 8259 §2)."""
RICH = json.dumps(
    {"it's": 'a "b" \\ c\0', "list": [1.5, {"x": []}], "none": None, "text": "} ], : {é漢"}, ensure_ascii=False
)
PRETTY = json.dumps({"k": [1, {"m": "n"}]}, indent=2)
OTHER_DOCUMENTS = ('[1, {"x": 2}]', '"text"', "null")
MALFORMED = "oops, no document"
HALF = '{"k": 1, "tex'
ELEMENTS = (
    (f"[{DOCUMENT},", f"{DOCUMENT},", f"{DOCUMENT}]"),
    (f"[{DOCUMENT}", f",{DOCUMENT}", f",{DOCUMENT}]"),
    (f"[{DOCUMENT}", f",{DOCUMENT}", f",{DOCUMENT}"),
)
"""A list that is sent element by element."""
_TEXTS = ("starting {worker 1", '[info] {"k": 1}', "[info] step", "[", "]")
"""Lines that a filter leaves out, with what a scanner for documents might take for the beginning of one."""

OTHER_LINES = ("", ": comment", ":", "event: e", "id: 1", "retry: 1", "data: [DONE]", "data:")
ERROR_LINES = ("<html><body>502 {bad} gateway</body></html>", '{"error": {"message": "overloaded"}}')
"""Error bodies: a page and an event-stream line that a server may send instead."""


@dataclass(frozen=True, slots=True)
class Shape:
    """The text around a document in its piece.

    Attributes:
        event: whether a piece is a server-sent event.
        named: whether the code names what pieces end with.
        assumed: whether nothing but what stands before a document tells that it has a line of its own.
    """

    before: str
    after: str
    event: bool = False
    named: bool = False
    assumed: bool = False

    @property
    def line_end(self) -> str:
        """Return the line end of a piece, if it has one."""
        return next((end for end in ("\r\n", "\n") if self.after.endswith(end)), "")

    def piece(self, document: str) -> str:
        return f"{self.before}{document}{self.after}"


EVENTS = (
    Shape("data: ", "\n\n", event=True, named=True),
    Shape("data:", "\n\n", event=True, named=True),
    Shape("event: e\ndata: ", "\n\n", event=True, named=True),
    Shape("id: 1\ndata: ", "\n\n", event=True, named=True),
    Shape("data: ", "\r\n\r\n", event=True, named=True),
    Shape("data: ", "\nid: 1\n\n", event=True, named=True),
)
PLAIN = (Shape("", ""), Shape("", "\n"), Shape("", "\r\n"))
SPACED = Shape("", "\n\n")
LED = Shape("\n", "", named=True)
UNUSUAL = (Shape("data: ", "\n", event=True, named=True), LED)
"""Framings that are none by the standard, but are met with: events of one line, line ends in front of documents."""


def shapes(words: Vocabulary) -> Iterator[Shape]:
    """Yield the framings that code may accept: plain documents, and what its constants name.

    Server-sent events are asked for only where the code speaks of them: any prefix that is split off would do.
    """
    for shape in PLAIN:
        yield Shape(shape.before, shape.after, named=bool(shape.after) and shape.after in words.ends)
    if words.may_be_events:
        yield from EVENTS
    ends = [text for text in words.ends if text not in _LINE_ENDS and not _is_field(text, words)]
    for end in ends:
        yield from (Shape("", after, named=True) for after in _with_line_end(end))
    for split in words.splits:
        if split.strip(BLANKS):
            yield Shape("", f"{split}0\n", named=True)
    for end in words.cut_off:
        yield Shape("", end, named=True)
    for start in _starts(words):
        yield Shape(start, "\n", named=True, assumed="\n" not in words.ends)
        for end in ends:
            if end != start:
                yield from (Shape(start, after, named=True) for after in _with_line_end(end))


_LINE_ENDS = ("\n", "\r\n", "\r")


def _with_line_end(end: str) -> tuple[str, ...]:
    return (end,) if end.endswith(("\n", "\r")) else (end, f"{end}\n")


def _starts(words: Vocabulary) -> Iterator[str]:
    """Yield the texts that may stand before a document: what the code cuts off, `0:` of `0:{"k": 1}`, or any."""
    found = [start for start in words.starts if start.strip(BLANKS + BYTE_ORDER_MARK)]
    for split in words.splits:
        found += [word + split for word in (*words.words, "0") if split.strip("\r\n") and split not in word]
    if words.searches:
        found.append("x - ")
    if not words.events:
        found += ["x" * length for length in words.lengths]
    for start in dict.fromkeys(found):
        # A line that begins with a colon is a comment of an event stream.
        if not _is_field(start, words) and not (words.may_be_events and start.startswith(":")):
            yield start


def _is_field(text: str, words: Vocabulary) -> bool:
    """Decide whether a text is the `data` field of server-sent events, also as a separator."""
    return words.events and "data" in text


def documents(words: Vocabulary) -> list[str]:
    """Return objects with difficult strings, above all the constants of the code.

    In the double-byte codecs of East Asia the second byte of a letter may be a backslash.
    """
    inside = [json.dumps({"c": f"a{word}b"}, ensure_ascii=False) for word in words.words]
    letter = ending_in_backslash(words.codec) if words.codec else ""
    return list(dict.fromkeys([DOCUMENT, RICH, *inside, json.dumps({"c": letter}, ensure_ascii=False)]))


@cache
def ending_in_backslash(codec: str) -> str:
    """Return a letter whose second byte in a codec is a backslash; "" if there is none."""
    letters = map(chr, (*range(0x3040, 0x3100), *range(0x4E00, 0x9FA5)))
    return next((letter for letter in letters if letter.encode(codec, "ignore")[1:] == b"\\"), "")


def others(shape: Shape, words: Vocabulary) -> Iterator[str]:
    """Yield pieces that may come between the documents of such a stream."""
    if shape.event:
        yield shape.piece(OTHER_DOCUMENTS[0])
        yield from ("\n", ": comment\n\n", "event: ping\n\n", "id: 1\n\n", "retry: 1\n\n", "data:\n\n", ":\n\n")
        yield 'event: ping\ndata: {"k": 2}\n\n'
        yield 'data: {"k":\ndata: 3}\n\n'
        yield from (f"data: {word}\n\n" for word in words.words if word.strip(BLANKS) and "\n" not in word)
        yield from ("data: [DONE]\n\n", "data:[DONE]\n\n", "data: [DONE]\r\n\r\n")
        return
    yield from map(shape.piece, OTHER_DOCUMENTS)
    end = shape.line_end
    yield end or "\n"
    yield from (text + end for text in (_TEXTS if end else ("step",)))
    none = ("{", "[", '"')
    for word in words.words:
        if word.strip(_OF_DOCUMENTS) and not word.strip().startswith(none):
            yield word + ("" if word.endswith("\n") else end)
            yield f"{word.rstrip()} x{end}"
            yield f"{word.rstrip()} x\n\n"
    yield f"[DONE]{end}"


_OF_DOCUMENTS = BLANKS + "{}[],\"'"


def bodies(shape: Shape) -> Iterator[str]:
    """Yield what a server may send instead of such a stream."""
    page, error = ERROR_LINES
    yield f"{page}\n"
    if shape.event:
        yield error
