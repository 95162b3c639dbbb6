"""The elements of one big array, each as soon as it is complete."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from enum import Enum
from typing import Any

from .documents import Documents, decoded
from .ends import ANY_BRACKET
from .loading import Loads
from .settings import Settings
from .values import BLANKS, CutShort, Fault, scan_once, skip_blanks, value_at


class Expect(Enum):
    """What may stand next in the array."""

    ARRAY = "Expecting '['"
    FIRST = "Expecting value or ']'"
    VALUE = "Expecting value"
    SEPARATOR = "Expecting ',' delimiter"
    NOTHING = "Extra data"


# The brace of an object inside of the element is followed by another one or by a key.
_last_of_object = re.compile(r'\}(?![ \t\r\n]*(?:\}|,[ \t\r\n]*"[^"\\]*"[ \t\r\n]*:))').search
_AFTER_NUMBER = BLANKS + ",]"
_BRACKETS = {
    (Expect.ARRAY, "["): Expect.FIRST,
    (Expect.FIRST, "]"): Expect.NOTHING,
    (Expect.SEPARATOR, ","): Expect.VALUE,
    (Expect.SEPARATOR, "]"): Expect.NOTHING,
}


class Elements(Documents):
    """`[`, values with commas between them, `]`, and then blanks only."""

    __slots__ = ("_loads", "_next")

    line_parser = None
    _after_number = _AFTER_NUMBER
    _may_end = _may_end_by_both_sides = ANY_BRACKET

    def __init__(self, settings: Settings, loads: Loads | None, offset: int = 0) -> None:
        super().__init__(settings, offset)
        self._loads = loads
        self._marks = ()
        self._next = Expect.ARRAY

    def feed(self, data: bytes) -> Iterable[Any]:
        """The elements that end in `data`. To be exhausted before the next call."""
        if not self.buffer:
            return self._run(data)
        if self.ends_with(data, self._expected):
            return self._run(self.take())
        return self.check_open()

    take_in = feed

    def close(self) -> Iterable[Any]:
        """Nothing, if the array was closed."""
        yield from super().close()
        if self._next not in (Expect.ARRAY, Expect.NOTHING):
            raise self.at.truncated("")

    def _run(self, data: bytes | bytearray, final: bool = False) -> Iterator[Any]:
        size = len(data)
        text, rest, bad = decoded(data)
        del data
        length = len(text)
        careful = size > self.at.max_size or self._loads is not None
        at, value_next = self.at, Expect.VALUE
        expect, expected = self._next, self._expected
        start = 0
        while start < length:
            char = text[start]
            if char != "{" and char in BLANKS:
                start = skip_blanks(text, start).end()  # type: ignore[union-attr]
                continue
            if expect is not value_next:
                if (bracket := _BRACKETS.get((expect, char))) is not None:
                    expect = bracket
                    start += 1
                    continue
                if expect is not Expect.FIRST:
                    raise self.at.malformed(expect.value, text, start, start)
            try:
                if char == "{" or char == "[":
                    if length - start < expected and not final and self._surely_open(text, start, char):
                        break
                    value, end = scan_once(text, start)
                    expected = end - start
                else:
                    value, end = value_at(text, start, after_number=_AFTER_NUMBER)
            except (ValueError, StopIteration, RecursionError, CutShort, Fault) as error:
                if self._is_cut_short(error, text, start):
                    break
                raise
            if careful:
                value = self._loaded(value, text, start, end)
            if text[end : end + 1] == ",":
                expect = value_next
                start = end + 1
            else:
                expect = Expect.SEPARATOR
                start = end
            at.index += 1
            yield value
        self._next = expect
        self._expect(expected)
        yield from self._keep(size, text, start, rest, bad, final)

    def _surely_open(self, text: str, start: int, opener: str) -> bool:
        found = _last_of_object(text, start) is not None if opener == "{" else text.find("]", start) >= 0
        if not found:
            return True
        return not self.ends_in(text[start:].encode("utf-8", "surrogatepass"))

    def _loaded(self, value: Any, text: str, start: int, end: int) -> Any:
        """The value, if it is not too large, as the caller's parser sees it."""
        self._check_size(text, start, end)
        if self._loads is None:
            return value
        try:
            return self._loads(text[start:end].encode("utf-8", "surrogatepass"))
        except RecursionError:
            raise self.at.too_deep(text, start) from None
        except Fault as fault:
            raise self.at.malformed(fault.message, text, start + fault.pos, start) from fault.__cause__
