"""Source code without comments, and without strings that name nothing."""

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
"""Possible keys, attribute names or annotations: names that do not follow each other as in a text."""
_MAX_LENGTH = 210
_PART = re.compile(rb"\{\{|\}\}|\{(?:[^{}]|\{[^{}]*\})*\}|[^{}]+|[{}]")
_LINE_END = re.compile(rb"\r\n?|\n")


class _Unsure(Exception):
    """An f-string does not end where it seems to."""


def strip_comments_and_strings(source: bytes) -> bytes:
    """Strip comments and strings that name nothing; lines are kept.

    Of strings that are put together the parts in braces stay.
    """
    try:
        return _LITERAL.sub(_without, source)
    except _Unsure:
        return source


def fields_of(source: bytes) -> int:
    """Return the cost of a program's f-strings: the sum of their fields times their length."""
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
    if not long and len(text) < _MAX_LENGTH and _NAMES.fullmatch(text, 1, len(text) - 1):
        return text
    return text[:1] * 2 + _line_ends(text)


def _is_put_together(source: bytes, at: int) -> bool:
    """Decide whether a string is an f-string (or a t-string), judged by the letters before it."""
    before = source[max(at - 2, 0) : at].lower()
    return before[-1:] in (b"f", b"t") or before in (b"fr", b"tr")


def _parts(text: bytes) -> bytes:
    """Return the code in an f-string."""
    return text[:1] * 2 + b"".join(map(_part, _PART.findall(text)))


def _part(part: bytes) -> bytes:
    if part in (b"{", b"}"):
        raise _Unsure
    if part[:1] == b"{" and part != b"{{":
        return b" " + part + b" "
    return _line_ends(part)


def _line_ends(text: bytes) -> bytes:
    return b"\n" * len(_LINE_END.findall(text)) if b"\n" in text or b"\r" in text else b""
