"""Calls with their arguments evaluated."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from typing import TYPE_CHECKING

from .values import UNKNOWN, Value

if TYPE_CHECKING:
    from .frames import Frame


@dataclass(frozen=True, slots=True)
class CallArgs:
    """A call, however it is spelled: keywords in a dict and arguments in a tuple are spread out.

    Attributes:
        more_arguments, more_keywords: there may be others, of which nothing is known.
    """

    node: ast.Call
    arguments: list[Value]
    keywords: dict[str, Value]
    frame: Frame
    more_arguments: bool = False
    more_keywords: bool = False

    def given(self, name: str, position: int | None) -> Value | None:
        """Return the argument by name or position; None if it is not known to be given."""
        if name in self.keywords:
            return self.keywords[name]
        if position is not None and position < len(self.arguments) and not self.more_arguments:
            return self.arguments[position]
        return None

    def may_be_given(self, position: int | None) -> bool:
        """Decide whether an argument that is not known to be given may still be given by `*` or `**`."""
        return self.more_keywords or (self.more_arguments and position is not None)

    def on(self, arguments: list[Value], keywords: dict[str, Value] | None = None) -> CallArgs:
        """Return the same call with other arguments, all of which are known."""
        return CallArgs(self.node, arguments, self.keywords if keywords is None else keywords, self.frame)

    def argument(self, position: int, name: str = "") -> Value:
        """Return an argument by position or name; UNKNOWN if it is not given."""
        if position < len(self.arguments):
            return self.arguments[position]
        return self.keywords.get(name, UNKNOWN)

    def amount(self, place: int) -> Value:
        """Return the amount that a read asks for: the argument at that position, or the only keyword."""
        if place < len(self.arguments):
            return self.arguments[place]
        return next(iter(self.keywords.values()), UNKNOWN)

    def every_value(self) -> list[Value]:
        return [*self.arguments, *self.keywords.values()]
