"""A call with its arguments evaluated."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from typing import TYPE_CHECKING

from .values import UNKNOWN, Value

if TYPE_CHECKING:
    from .frames import Frame


@dataclass(frozen=True, slots=True)
class Call:
    node: ast.Call
    arguments: list[Value]
    keywords: dict[str, Value]
    frame: Frame

    def argument(self, position: int, name: str = "") -> Value:
        """An argument by place or name; UNKNOWN if it is not given."""
        if position < len(self.arguments):
            return self.arguments[position]
        return self.keywords.get(name, UNKNOWN)

    def amount(self, place: int) -> Value:
        """How much to read, where the call is a read: the argument at that place, or the only one by name."""
        if place < len(self.arguments):
            return self.arguments[place]
        return next(iter(self.keywords.values()), UNKNOWN)

    def every_value(self) -> list[Value]:
        return [*self.arguments, *self.keywords.values()]
