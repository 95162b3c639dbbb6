"""Made-up streams: documents of all sorts in the framings that people use, spelled with the constants of the code."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass

from unchunk.codemod.vocabulary import Vocabulary

DOCUMENT = '{"k": 1}'
RICH = json.dumps(
    {"it's": 'a "b" \\ c\0', "list": [1.5, {"x": []}], "none": None, "text": "} ], : {é漢"}, ensure_ascii=False
)
PRETTY = json.dumps({"k": [1, {"m": "n"}]}, indent=2)
OTHER_DOCUMENTS = ("[1, 2]", '"text"', "null")
MALFORMED = "oops, no document"
_TEXTS = ("starting {worker 1", '[info] {"k": 1}', "[info] step")
"""Lines of text that a filter leaves out, with what a scanner for documents might take for the beginning of one."""

OTHER_LINES = ("", ": comment", ":", "event: e", "id: 1", "retry: 1", "data: [DONE]", "data:")
ERROR_LINES = ("<html><body>502 {bad} gateway</body></html>", '{"error": {"message": "overloaded"}}')
"""What else there may be on the lines of an event stream, and what a server may send in its place."""


@dataclass(frozen=True, slots=True)
class Shape:
    """What stands around a document in its piece.

    Attributes:
        event: whether a piece is a server-sent event.
        named: whether the code names what pieces end with.
    """

    before: str
    after: str
    event: bool = False
    named: bool = False

    @property
    def line_end(self) -> str:
        """The line end of a piece, if it has one."""
        return next((end for end in ("\r\n", "\n") if self.after.endswith(end)), "")

    def piece(self, document: str) -> str:
        return f"{self.before}{document}{self.after}"


EVENTS = (
    Shape("data: ", "\n\n", event=True, named=True),
    Shape("data:", "\n\n", event=True, named=True),
    Shape("event: e\ndata: ", "\n\n", event=True, named=True),
    Shape("id: 1\ndata: ", "\n\n", event=True, named=True),
    Shape("data: ", "\r\n\r\n", event=True, named=True),
)
PLAIN = (Shape("", ""), Shape("", "\n"), Shape("", "\r\n"))
UNUSUAL = (Shape("data: ", "\n", event=True, named=True), Shape("\n", ""))
"""Framings that are none by the standard, but are met with: events of one line, line ends in front of documents."""


def shapes(words: Vocabulary) -> Iterator[Shape]:
    """The framings that code may be for: plain documents, and what its constants name.

    Server-sent events are asked for only where the code speaks of them: any prefix that is split off would do.
    """
    for shape in PLAIN:
        yield Shape(shape.before, shape.after, named=bool(shape.after) and shape.after in words.ends)
    if words.events:
        yield from EVENTS
    ends = [text for text in words.ends if text.strip("\r\n") and not _is_field(text, words)]
    starts = [text for text in words.starts if text.strip() and not _is_field(text, words)]
    for end in ends:
        yield Shape("", end, named=True)
        yield Shape("", f"{end}\n", named=True)
    for start in dict.fromkeys([*starts, *_prefixes(words)]):
        yield Shape(start, "\n", named=True)
        for end in ends:
            if end != start:
                yield Shape(start, end, named=True)
                yield Shape(start, f"{end}\n", named=True)


def _is_field(text: str, words: Vocabulary) -> bool:
    """Whether a text is the field of server-sent events that begins their data, also where pieces are split at it."""
    return words.events and text.strip().startswith("data")


def _prefixes(words: Vocabulary) -> Iterator[str]:
    """What may stand before a separator that pieces are split at: `0:` of `0:{"k": 1}`."""
    for split in words.splits:
        if split.strip() and not _is_field(split, words):
            for word in (*words.words, "0"):
                if split not in word:
                    yield word + split


def documents(words: Vocabulary) -> list[str]:
    """Objects with all that makes trouble in their strings, the constants of the code above all."""
    inside = [json.dumps({"c": f"a{word}b"}, ensure_ascii=False) for word in words.words]
    return list(dict.fromkeys([DOCUMENT, RICH, *inside]))


def others(shape: Shape, words: Vocabulary) -> Iterator[str]:
    """Pieces that may come between the documents of such a stream.

    A line end between documents that have none of their own cannot be told from theirs.
    """
    if shape.event:
        yield from ("\n", ": comment\n\n", "event: ping\n\n", "id: 1\n\n", "retry: 1\n\n", "data:\n\n", ":\n\n")
        yield 'event: ping\ndata: {"k": 2}\n\n'
        yield 'data: {"k":\ndata: 3}\n\n'
        yield from (f"data: {word}\n\n" for word in words.words if not word.isspace() and "\n" not in word)
        yield from ("data: [DONE]\n\n", "data:[DONE]\n\n", "data: [DONE]\r\n\r\n")
        return
    yield from map(shape.piece, OTHER_DOCUMENTS)
    end = shape.line_end
    if end:
        yield end
        yield from (text + end for text in _TEXTS)
    for word in words.words:
        if word.strip(_PUNCTUATION) and not word.strip().startswith(("{", "[", '"')):
            yield word + ("" if word.endswith("\n") else end)
    yield f"[DONE]{end}"


_PUNCTUATION = " \t\r\n{}[]:,\"'"


def bodies(shape: Shape) -> Iterator[str]:
    """What a server may send instead of such a stream."""
    page, error = ERROR_LINES
    yield f"{page}\n"
    if shape.event:
        yield error
