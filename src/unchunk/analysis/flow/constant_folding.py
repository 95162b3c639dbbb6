"""Constant folding of numbers: `64 * 1024`, `1 << 16`."""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable

from .values import Constant, Value

_OPERATIONS: dict[type[ast.operator], Callable[[int, int], int]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.FloorDiv: operator.floordiv,
    ast.LShift: operator.lshift,
    ast.Pow: operator.pow,
}
_MAX_SIZE = 1 << 40
_MAX_POWER = 40


def fold(operation: ast.operator, values: list[Value]) -> Constant | None:
    """Fold `a * b * …` where all operands are numbers of a usual size; else return None."""
    operate = _OPERATIONS.get(type(operation))
    numbers = [value.value for value in values if type(value) is Constant and type(value.value) is int]
    if operate is None or len(numbers) < len(values):
        return None
    result = numbers[0]
    for number in numbers[1:]:
        if not 0 <= result <= _MAX_SIZE or not _can_be(operation, number):
            return None
        result = operate(result, number)
    return Constant(result)


def _can_be(operation: ast.operator, number: int) -> bool:
    match operation:
        case ast.Pow() | ast.LShift():
            return 0 <= number <= _MAX_POWER
        case ast.FloorDiv():
            return 0 < number <= _MAX_SIZE
        case _:
            return 0 <= number <= _MAX_SIZE
