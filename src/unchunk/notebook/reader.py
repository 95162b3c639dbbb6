"""A cursor through JSON text that knows the start and end of each value, and skips large ones at C speed."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

_SPACE = re.compile(r"[ \t\n\r]*")
_decode = json.JSONDecoder().raw_decode


class Reader:
    """A reader of one JSON value, which the caller walks as deep as wanted.

    The generators leave the cursor at a value; the caller has to move it past that value, by `value`, `members` or
    `elements`, before asking for the next.

    Raises:
        json.JSONDecodeError: from every method; the text is no JSON.
        RecursionError: a value that is passed over is nested too deep.
    """

    def __init__(self, text: str, start: int = 0) -> None:
        self._text = text
        self.position = self._past_space(start)

    def value(self) -> Any:
        """Return the value at the cursor."""
        value, self.position = _decode(self._text, self.position)
        return value

    def members(self) -> Iterator[str]:
        """Yield the keys of the object at the cursor."""
        for _ in self._items("{", "}", "an object"):
            if not self.at('"'):
                raise json.JSONDecodeError("Expecting a property name in double quotes", self._text, self.position)
            key = self.value()
            self._expect(":")
            yield key

    def elements(self) -> Iterator[int]:
        """Return the numbers of the elements of the array at the cursor, from 0."""
        return self._items("[", "]", "an array")

    def end(self) -> None:
        """Raise unless only white space follows."""
        self.position = self._past_space(self.position)
        if self.position != len(self._text):
            raise json.JSONDecodeError("Extra data", self._text, self.position)

    def at(self, opening: str) -> bool:
        """Decide whether the value at the cursor starts so."""
        return self._text.startswith(opening, self.position)

    def _items(self, opening: str, closing: str, name: str) -> Iterator[int]:
        if not self.at(opening):
            raise json.JSONDecodeError(f"Expecting {name}", self._text, self.position)
        self.position = self._past_space(self.position + 1)
        number = 0
        while number or not self.at(closing):
            yield number
            number += 1
            self.position = self._past_space(self.position)
            if self.at(closing):
                break
            self._expect(",")
        self.position += 1

    def _expect(self, delimiter: str) -> None:
        self.position = self._past_space(self.position)
        if not self.at(delimiter):
            raise json.JSONDecodeError(f"Expecting {delimiter!r} delimiter", self._text, self.position)
        self.position = self._past_space(self.position + 1)

    def _past_space(self, position: int) -> int:
        match = _SPACE.match(self._text, position)
        assert match is not None
        return match.end()
