"""The elements of one big array, each as soon as it is complete."""

from __future__ import annotations

import re
from collections.abc import Generator, Iterable, Iterator
from enum import Enum
from typing import Any

from .documents import Documents, decoded
from .ends import ANY_BRACKET
from .loading import LoadsAdapter
from .settings import Settings
from .values import BLANKS, Incomplete, Malformed, document_in, scan_once, skip_blanks, value_at


class Expect(Enum):
    """The tokens that may come next in the array."""

    ARRAY = "Expecting '['"
    FIRST = "Expecting value or ']'"
    VALUE = "Expecting value"
    SEPARATOR = "Expecting ',' delimiter"
    NOTHING = "Extra data"


# The brace of an object inside of the element is followed by another one or by a key.
_LAST_OF_OBJECT = r'\}(?![ \t\r\n]*(?:\}|,[ \t\r\n]*"[^"\\]*"[ \t\r\n]*:))'
_last_of_object = re.compile(_LAST_OF_OBJECT).search
_last_of_object_in_bytes = re.compile(_LAST_OF_OBJECT.encode()).search
_AFTER_NUMBER = BLANKS + ",]"
# How an element begins: an object up to its first key, which tells one from the objects inside of it.
_head_of_element = re.compile(rb'\{[ \t\r\n]*"[^"\\]*"|\[|[-"0-9tfn]').match
_CLOSER_PATTERNS = {ord("{"): rb"\}", ord("["): rb"\]"}
_BLANKS_PATTERN = rb"[ \t\r\n]*"
# Of about how many bytes elements are parsed at once.
_AT_ONCE = 8192
# How many times in a row that may be in vain.
_ATTEMPTS = 4
_BRACKETS = {
    (Expect.ARRAY, "["): Expect.FIRST,
    (Expect.FIRST, "]"): Expect.NOTHING,
    (Expect.SEPARATOR, ","): Expect.VALUE,
    (Expect.SEPARATOR, "]"): Expect.NOTHING,
}


class Elements(Documents):
    """A reader of `[`, values with commas between them, `]`, and then only blanks."""

    __slots__ = ("_attempts", "_head", "_joint", "_loads", "_next", "_skip")

    line_parser = None
    _after_number = _AFTER_NUMBER
    _may_end = _may_end_by_both_sides = ANY_BRACKET

    def __init__(self, settings: Settings, loads: LoadsAdapter | None, offset: int = 0) -> None:
        super().__init__(settings, offset)
        self._loads = loads
        self._marks = ()
        self._next = Expect.ARRAY
        self._attempts = _ATTEMPTS
        self._joint = b""  # what stands between two elements, with what the first one ends and the second begins with
        self._skip = self._head = 0  # how many bytes those are

    def feed(self, data: bytes) -> Iterable[Any]:
        """Yield the elements that end in `data`. To be exhausted before the next call."""
        if self.buffer:
            if not self.ends_with(data, self._expected):
                return self.check_open()
            data = bytes(self.take())
        if len(data) > _AT_ONCE:
            return self._run(data)
        values, begin = self._at_once(data)
        if not values:
            return self._run(data)
        self.at.index += len(values)
        if data[begin : begin + 1] != b"{" or _last_of_object_in_bytes(data, begin) is not None:
            return self._and_more(values, bytearray(data[begin:]))
        self.begin(data[begin:])
        return values

    take_in = feed

    def close(self) -> Iterable[Any]:
        """Yield nothing, if the array was closed; raise otherwise."""
        yield from super().close()
        if self._next not in (Expect.ARRAY, Expect.NOTHING):
            raise self.at.truncated("")

    def _run(self, data: bytes | bytearray, final: bool = False) -> Iterator[Any]:
        if begin := (yield from self._blocks(bytes(data))):
            data = data[begin:]
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
            except (ValueError, StopIteration, RecursionError, Incomplete, Malformed) as error:
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

    def _at_once(self, data: bytes, start: int = 0) -> tuple[list[Any], int]:
        """Return the values of elements with a comma behind them, parsed as one array, and where the next element
        begins.

        What stands before a comma is some elements if and only if it is an array with brackets around it: where an
        element ends follows from its bytes alone.
        """
        if not self._attempts or self._next not in (Expect.FIRST, Expect.VALUE):
            return [], start
        parse = document_in if self._loads is None else self._loads.of_lists()
        if parse is None or not (self._joint or self._learn_joint(data)):
            return [], start
        joint = self._joint
        cut = data.rfind(joint, start, start + _AT_ONCE)
        if cut < 0:
            cut = data.find(joint, start)
        end = cut + self._skip
        if cut < 0 or end - start > self.at.max_size:
            return [], start
        try:
            values: list[Any] = parse(b"[" + data[start:end] + b"]")
        except Exception:  # noqa: BLE001 (they are looked at one by one)
            self._attempts -= 1
            return [], start
        self._attempts = _ATTEMPTS
        self._next = Expect.VALUE
        self._expect((end - start) // len(values))
        begin = cut + len(joint) - self._head
        self.at.offset += begin - start
        return values, begin

    def _blocks(self, data: bytes, start: int = 0) -> Generator[Any, None, int]:
        """Yield the same for all such elements from `start` on."""
        while (found := self._at_once(data, start))[0]:
            values, start = found
            for value in values:
                self.at.index += 1
                yield value
            del values, found
        return start

    def _learn_joint(self, data: bytes) -> bool:
        """Tell if it is known what stands between two elements."""
        if self._joint:
            return True
        if (head := _head_of_element(data)) is None:
            return False
        closer = _CLOSER_PATTERNS.get(data[0], b"")
        begin = re.escape(head[0]) if closer else b""
        found = re.search(closer + _BLANKS_PATTERN + b"," + _BLANKS_PATTERN + begin, data)
        if found is not None:
            self._joint, self._skip, self._head = found[0], len(closer) // 2, len(head[0]) if closer else 0
        return found is not None

    def _surely_open(self, text: str, start: int, opener: str) -> bool:
        found = _last_of_object(text, start) is not None if opener == "{" else text.find("]", start) >= 0
        if not found:
            return True
        return not self.ends_in(text[start:].encode("utf-8", "surrogatepass"))

    def _loaded(self, value: Any, text: str, start: int, end: int) -> Any:
        """Return the value as the caller's parser reads it, if it is not too large."""
        self._check_size(text, start, end)
        if self._loads is None:
            return value
        try:
            return self._loads(text[start:end].encode("utf-8", "surrogatepass"))
        except RecursionError:
            raise self.at.too_deep(text, start) from None
        except Malformed as fault:
            raise self.at.malformed(fault.message, text, start + fault.pos, start) from fault.__cause__
