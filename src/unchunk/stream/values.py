"""One JSON value in a text: parsed in place, or found to be cut short or broken.

`json`'s scanner parses at an index and tells where the value ends, which makes splitting free. It does not tell a
value that is broken from one that is cut short, and it takes `1.` for `1`: that is decided here.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from json import JSONDecodeError, JSONDecoder
from typing import Any, AnyStr

# An attribute of every JSONDecoder, which its documented `raw_decode` is a wrapper of.
scan_once: Callable[[str, int], tuple[Any, int]] = JSONDecoder().scan_once  # type: ignore[attr-defined]

BLANKS = " \t\n\r"
AFTER_NUMBER = BLANKS + "{["
skip_blanks = re.compile(r"[ \t\n\r]*").match

# What ends a stream where a document would begin; nothing that JSON allows begins so.
DONE = b"[DONE]"

_LITERALS = {"true": True, "false": False, "null": None, "NaN": float("nan")}
_LITERALS |= {"Infinity": float("inf"), "-Infinity": float("-inf")}
_MAX_LITERAL = len("-Infinity")
_number_run = re.compile(r"[-+.0-9eE]*").match
_number_cut_short = re.compile(r"-?(?:0|[1-9]\d*)(?:\.|(?:\.\d+)?[eE][-+]?)\Z", re.ASCII).match
_escape_cut_short = re.compile(r"\\u[0-9a-fA-F]{0,4}\Z").search
_NUMBER_CHARACTERS = "0123456789+-.eE"
# Longer runs of digits are refused by int(); cut short they may still become a float.
_LONG_NUMBER = 600


class EndOfStream(Exception):
    """An end mark was read: what follows is not part of the stream."""


class Incomplete(Exception):
    """The text ends before the value does."""


class Malformed(Exception):
    """The text is not JSON at `pos`."""

    def __init__(self, message: str, pos: int) -> None:
        super().__init__(message)
        self.message = message
        self.pos = pos


def is_cut_mark(text: AnyStr, start: int, marks: tuple[AnyStr, ...]) -> bool:
    """Decide whether the text ends in the middle of an end mark that begins at `start`."""
    size = len(text) - start
    return any(size < len(mark) and mark.startswith(text[start:]) for mark in marks)


def value_at(text: str, start: int, *, final: bool = False, after_number: str = AFTER_NUMBER) -> tuple[Any, int]:
    """Return the value that starts at `start` and the index after it.

    A number that touches the end of the text is cut short unless the text is `final`; one that is followed by
    anything but `after_number` is a fault.

    Raises:
        CutShort, Fault, RecursionError.
    """
    if start >= len(text):
        raise Incomplete
    char = text[start]
    if char in '{["':
        try:
            return scan_once(text, start)
        except RecursionError:
            raise
        except (ValueError, StopIteration) as error:
            raise failure(error, text) from None
    if char in "-0123456789" and not text.startswith("-I", start):
        return _number(text, start, final, after_number)
    return _literal(text, start)


def document_in(data: bytes) -> Any:
    """Return the value of bytes that are a document, a space before and blanks behind it. Raises anything if they are
    not.
    """
    text = data.decode()
    value, end = scan_once(text, text[:1] == " ")
    if end != len(text) and text[end:].strip(BLANKS):
        raise Malformed("Extra data", end)
    return value


def failure(error: ValueError | StopIteration, text: str) -> Incomplete | Malformed:
    """Return the meaning of the scanner's error: more text may complete the value, or nothing can."""
    match error:
        case StopIteration():
            message, pos = "Expecting value", int(error.value)
        case JSONDecodeError():
            message, pos = error.msg.rstrip(": "), error.pos
        case _:
            # int() refuses very long digits, with an error that knows no position.
            digits = len(text) - len(text.rstrip(_NUMBER_CHARACTERS))
            return Incomplete() if digits > _LONG_NUMBER else Malformed(str(error), 0)
    return Incomplete() if _is_cut_short(message, text, pos) else Malformed(message, pos)


def _is_cut_short(message: str, text: str, pos: int) -> bool:
    if pos >= len(text) or message.startswith("Unterminated string"):
        return True
    if message.startswith("Invalid \\u"):
        escape = _escape_cut_short(text, max(0, len(text) - 6))  # also one whose last digit ends the text
        return escape is not None and pos >= escape.start()
    if message.startswith("Invalid"):
        return False
    rest = text[pos : pos + _MAX_LITERAL]
    if pos + len(rest) < len(text):
        return False
    if message == "Expecting value" and any(word.startswith(rest) for word in _LITERALS):
        return True
    number = len(text.rstrip(_NUMBER_CHARACTERS))
    return number < pos and _number_cut_short(text, number) is not None


def _number(text: str, start: int, final: bool, after_number: str) -> tuple[Any, int]:
    run = _number_run(text, start)
    end = run.end() if run else start
    if end == len(text) and not final:
        raise Incomplete
    try:
        value, stop = scan_once(text, start)
    except StopIteration:
        if end == len(text):
            raise Incomplete from None
        raise Malformed("Expecting value", start) from None
    except ValueError as error:
        raise Malformed(str(error), start) from None
    if stop < end and end == len(text) and _number_cut_short(text, start):
        raise Incomplete
    if stop < end or (end < len(text) and text[end] not in after_number):
        raise Malformed("Extra data", stop)
    return value, end


def _literal(text: str, start: int) -> tuple[Any, int]:
    for word, value in _LITERALS.items():
        if text.startswith(word, start):
            return value, start + len(word)
    rest = text[start : start + _MAX_LITERAL]
    if start + len(rest) == len(text) and any(word.startswith(rest) for word in _LITERALS):
        raise Incomplete
    raise Malformed("Expecting value", start)
