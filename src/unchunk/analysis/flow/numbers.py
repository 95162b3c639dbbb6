"""Arithmetic with numbers that are written out: `64 * 1024`, `1 << 16`."""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable

from .values import Const, Value

_OPERATIONS: dict[type[ast.operator], Callable[[int, int], int]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.FloorDiv: operator.floordiv,
    ast.LShift: operator.lshift,
    ast.Pow: operator.pow,
}
_LARGEST = 1 << 40
_LARGEST_POWER = 40


def number_of(operation: ast.operator, values: list[Value]) -> Const | None:
    """What `a * b * …` comes to where all of them are numbers of a usual size; else None."""
    operate = _OPERATIONS.get(type(operation))
    numbers = [value.value for value in values if type(value) is Const and type(value.value) is int]
    if operate is None or len(numbers) < len(values):
        return None
    result = numbers[0]
    for number in numbers[1:]:
        if not 0 <= result <= _LARGEST or not _can_be(operation, number):
            return None
        result = operate(result, number)
    return Const(result)


def _can_be(operation: ast.operator, number: int) -> bool:
    match operation:
        case ast.Pow() | ast.LShift():
            return 0 <= number <= _LARGEST_POWER
        case ast.FloorDiv():
            return 0 < number <= _LARGEST
        case _:
            return 0 <= number <= _LARGEST
