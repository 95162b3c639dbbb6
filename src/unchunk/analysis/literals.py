"""A program without what is no code in it: comments, and strings that name nothing."""

from __future__ import annotations

import re

# Begins with one of three letters, by which the search is many times faster.
_LITERAL = re.compile(
    rb'"""[^"\\]*(?:(?:\\.|"(?!""))[^"\\]*)*"""'
    rb"|'''[^'\\]*(?:(?:\\.|'(?!''))[^'\\]*)*'''"
    rb'|"[^"\\\r\n]*(?:\\(?:\r\n|.)[^"\\\r\n]*)*"'
    rb"|'[^'\\\r\n]*(?:\\(?:\r\n|.)[^'\\\r\n]*)*'"
    rb"|#[^\r\n]*",
    re.DOTALL,
)
_NAME = rb"[\w\x80-\xff]+"
_NAMES = re.compile(rb"[ ]*(?:%b[ ]*)?(?:[.,|\[\]'\"][ ]*(?:%b[ ]*)?)*" % (_NAME, _NAME))
"""What may be a key, the name of an attribute or an annotation: names that do not follow each other as in a text."""
_LONGEST = 210
_PART = re.compile(rb"\{\{|\}\}|\{(?:[^{}]|\{[^{}]*\})*\}|[^{}]+|[{}]")
_LINE_END = re.compile(rb"\r\n?|\n")


class _Unsure(Exception):
    """A string that is put together does not end where it seems to."""


def code_of(source: bytes) -> bytes:
    """A program without comments and without strings that name nothing; the lines stay.

    Of strings that are put together the parts in braces stay.
    """
    try:
        return _LITERAL.sub(_without, source)
    except _Unsure:
        return source


def fields_of(source: bytes) -> int:
    """How many fields the strings of a program have that are put together, each times the length of its string."""
    return sum(
        found[0].count(b"{") * len(found[0])
        for found in _LITERAL.finditer(source)
        if _is_put_together(source, found.start())
    )


def _without(literal: re.Match[bytes]) -> bytes:
    text = literal[0]
    if text[:1] == b"#":
        return b""
    long = len(text) > 5 and text[:3] in (b'"""', b"'''")
    if b"{" in text and _is_put_together(literal.string, literal.start()):
        return _parts(text)
    if not long and len(text) < _LONGEST and _NAMES.fullmatch(text, 1, len(text) - 1):
        return text
    return text[:1] * 2 + _line_ends(text)


def _is_put_together(source: bytes, at: int) -> bool:
    """Whether a string is an f-string (or a t-string), judged by the letters before it."""
    before = source[max(at - 2, 0) : at].lower()
    return before[-1:] in (b"f", b"t") or before in (b"fr", b"tr")


def _parts(text: bytes) -> bytes:
    """The code in a string that is put together."""
    return text[:1] * 2 + b"".join(map(_part, _PART.findall(text)))


def _part(part: bytes) -> bytes:
    if part in (b"{", b"}"):
        raise _Unsure
    if part[:1] == b"{" and part != b"{{":
        return b" " + part + b" "
    return _line_ends(part)


def _line_ends(text: bytes) -> bytes:
    return b"\n" * len(_LINE_END.findall(text)) if b"\n" in text or b"\r" in text else b""
