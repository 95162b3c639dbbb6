"""Expressions in symbolic execution."""

from __future__ import annotations

import ast
import json
import re
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from unchunk.codemod.symbolic.runs import (
    UNKNOWN,
    End,
    Forwarded,
    Jump,
    Raised,
    Trace,
    document_value,
    is_whole,
    observed,
)
from unchunk.codemod.symbolic.values import (
    METHODS,
    TELLS,
    about_framing,
    apply,
    attempted,
    decoded,
    holds_document,
    is_instance,
    ordered,
    search_steps,
    size_of,
    texts_in,
)
from unchunk.codemod.syntax import Function

_FORWARDS = {"send", "sendall", "write"}
_MAX_STEPS = 20_000
"""Statements and expressions on one way through a body."""
_MAX_LENGTH = 20_000
"""Letters of a text, and parts of a collection."""


@dataclass(frozen=True, slots=True)
class Setting:
    """The code to be run, and its surroundings.

    Attributes:
        parses: the parse calls that matter, each with the expression that is parsed; None where a parser is handed on.
        functions: functions of the module that may be looked into, by the name they are called by (`self.` left out).
        step: an expression that stands for the step itself (a read call).
        consumer: what goes on with a value that the body yields: a loop's target and body.
        constants: names that stand for constants in the module.
        names: those that do in the functions around the body.
        watched: names whose values can be observed: something reads them in another round, or after the loop.
    """

    parses: Mapping[ast.expr, ast.expr | None]
    functions: Mapping[str, Function | ast.Lambda] = field(default_factory=dict)
    step: ast.expr | None = None
    consumer: tuple[ast.expr, Sequence[ast.stmt]] | None = None
    constants: Mapping[str, Any] = field(default_factory=dict)
    names: Mapping[str, Any] = field(default_factory=dict)
    watched: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Policy:
    """Answers to unknown tests by their place: at most one of them answers differently from the rest."""

    otherwise: bool
    test: ast.AST | None = None


class Expressions(ABC):
    """An evaluator of expressions; effects on names and on other statements are left to `Trial`.

    Args:
        answers: how unknown tests are answered: in order, those beyond being taken for false; or by where they stand.
        asked: how many unknown tests were met.
        tests: the unknown tests that were met.
    """

    def __init__(self, setting: Setting, answers: tuple[bool, ...] | Policy) -> None:
        self.setting = setting
        self.answers = answers
        self.asked = 0
        self.tests: dict[ast.AST, None] = {}
        self.result = Trace()
        self.steps = 0
        self.calls: list[Function | ast.Lambda] = []
        self.piece: Any = UNKNOWN

    @abstractmethod
    def assign(self, target: ast.AST, value: Any, names: dict[str, Any]) -> None: ...

    @abstractmethod
    def hand_on(self, value: Any, target: ast.expr, body: Sequence[ast.stmt]) -> None: ...

    @abstractmethod
    def inline(
        self, function: Function | ast.Lambda, arguments: list[Any], keywords: dict[str, Any], *, method: bool
    ) -> Any: ...

    def pay(self, steps: int) -> None:
        """Charge for looking at parts of the body, or for what they compute."""
        self.steps += steps
        if self.steps > _MAX_STEPS:
            raise Jump(End.TOO_LONG)

    def bounded(self, value: Any) -> Any:
        """Return the value, unless it has grown beyond the size of any piece."""
        size = size_of(value, _MAX_LENGTH)
        self.pay(size // 100)
        if size >= _MAX_LENGTH:
            raise Jump(End.TOO_LONG)
        return value

    def effect(self, *values: Any) -> None:
        """Record an effect, with the given values, that only a real run can tell."""
        self.result.effects = True
        if not self.result.parsed:
            self.result.early_effects = True
        self.result.handed_on += texts_in(values)
        self.result.events.append(("effect", observed(values)))

    def forward(self, place: ast.expr, value: Any) -> None:
        """Record a value passed on to a place that joins it with earlier ones: a file, a socket, a caller."""
        self.effect(value)
        if isinstance(value, (str, bytes)):
            self.result.events[-1] = Forwarded(place, value)

    def mixed(self, values: Sequence[Any]) -> Any:
        """Return an unknown value made of others; known ones among them may be observed in it."""
        if any(value is not UNKNOWN for value in values):
            self.result.events.append(("part", observed(values)))
        return UNKNOWN

    def tell(self, *values: Any) -> None:
        """Record a message to a person: an effect, though the values go nowhere else."""
        # Observed, but not in `handed_on`: nothing goes on with what a person is told.
        self.effect()
        self.result.events[-1] = ("effect", observed(values))

    def truth(self, test: ast.expr, names: dict[str, Any]) -> bool:
        value = self.value(test, names)
        return bool(value) if value is not UNKNOWN else self.guess(test, names)

    def guess(self, test: ast.AST, names: Mapping[str, Any]) -> bool:
        """Take an unknown test one way, and keep in mind what that says about the run."""
        self.result.guessed = True
        if not self.result.parsed:
            self.result.early_guess = True
            self.result.doubted |= self.is_about_piece(test, names)
        return self.answer(test)

    def is_about_piece(self, test: ast.AST, names: Mapping[str, Any]) -> bool:
        """Tell whether a test reads the piece, or what was made of it."""
        for node in ast.walk(test):
            if node is self.setting.step:
                return True
            if isinstance(node, ast.Name) and names.get(node.id) is not self.setting.names.get(node.id):
                found = texts_in([names.get(node.id)])
                if found:
                    return True
        return False

    def answer(self, test: ast.AST) -> bool:
        """Answer an unknown test: as prescribed, and false when all answers are used up."""
        self.asked += 1
        self.tests[test] = None
        if isinstance(self.answers, Policy):
            return self.answers.otherwise is not (test is self.answers.test)
        return self.asked <= len(self.answers) and self.answers[self.asked - 1]

    def value(self, node: ast.expr, names: dict[str, Any]) -> Any:
        self.pay(1)
        if node in self.setting.parses:
            return self.parse(node, names)
        if node is self.setting.step:
            return self.piece
        match node:
            case ast.Constant(value=value):
                return value
            case ast.Name(id=name):
                return names[name] if name in names else self.setting.constants.get(name, UNKNOWN)
            case ast.NamedExpr(target=target, value=inner):
                value = self.value(inner, names)
                self.assign(target, value, names)
                return value
            case ast.Call():
                return self.call(node, names)
            case ast.Await(value=inner):
                return self.value(inner, names)
            case ast.BoolOp():
                return self.boolean(node, names)
            case ast.UnaryOp(op=ast.Not(), operand=operand):
                return not self.truth(operand, names)
            case ast.UnaryOp(op=ast.USub(), operand=operand):
                return apply(lambda number: -number, self.value(operand, names))
            case ast.Compare():
                return self.compare(node, names)
            case ast.IfExp(test=test, body=body, orelse=orelse):
                return self.value(body if self.truth(test, names) else orelse, names)
            case ast.Subscript(value=inner, slice=index):
                return self.subscript(inner, index, names)
            case ast.Slice(lower=lower, upper=upper, step=step):
                parts = [None if part is None else self.value(part, names) for part in (lower, upper, step)]
                return apply(slice, *parts)
            case ast.BinOp(left=left, op=op, right=right):
                return self.binary(op, self.value(left, names), self.value(right, names))
            case ast.Tuple(elts=elements) | ast.List(elts=elements):
                parts = [self.value(element, names) for element in elements]
                if any(part is UNKNOWN for part in parts):
                    return self.mixed(parts)
                return self.bounded(tuple(parts) if isinstance(node, ast.Tuple) else parts)
            case ast.ListComp() | ast.GeneratorExp() | ast.SetComp():
                return self.comprehension(node, names)
            case ast.Dict(keys=keys, values=values):
                return self.dictionary(keys, values, names)
            case ast.JoinedStr(values=parts):
                return self.joined(parts, names)
            case ast.FormattedValue(value=inner):
                return self.value(inner, names)
            case ast.Lambda(args=arguments):
                return self.mixed([self.value(default, names) for default in arguments.defaults])
            case ast.Yield(value=ast.expr() as value) if self.setting.consumer is not None:
                self.hand_on(self.value(value, names), *self.setting.consumer)
                return UNKNOWN
            case ast.Yield(value=ast.expr() as value) | ast.YieldFrom(value=value):
                self.forward(node, self.value(value, names))
                return UNKNOWN
            case ast.Yield():
                self.effect()
                return UNKNOWN
            case _:
                self.visit_children(node, names)
                return UNKNOWN

    def visit_children(self, node: ast.AST, names: dict[str, Any]) -> None:
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.expr):
                self.value(child, names)
            elif isinstance(child, ast.keyword):
                self.value(child.value, names)

    def parse(self, node: ast.expr, names: dict[str, Any]) -> Any:
        """Run a parse call, or a call (`map`) that passes the items of its last argument to a parser."""
        argument = self.setting.parses[node]
        if argument is not None:
            values = [self.value(argument, names)]
        else:
            assert isinstance(node, ast.Call)
            items = self.value(node.args[-1], names)
            values = list(items) if isinstance(items, (list, tuple)) else [UNKNOWN]
        for value in values:
            self.result.parsed.append(value)
            if value is not UNKNOWN and not is_whole(value):
                raise Raised(json.JSONDecodeError)
            self.result.events.append(("parse", document_value(value)))
        return UNKNOWN if argument is not None else [UNKNOWN] * len(values)

    def call(self, node: ast.Call, names: dict[str, Any]) -> Any:
        arguments = [self.value(argument, names) for argument in node.args]
        keywords = {item.arg or "": self.value(item.value, names) for item in node.keywords}
        match node.func:
            case ast.Attribute(value=ast.Name(id="re"), attr=method) if "re" not in names:
                return self.regex(method, arguments)
            case ast.Attribute(value=ast.Name(id="codecs"), attr="decode"):
                return apply(decoded, *arguments[:1])
            case ast.Attribute(value=receiver, attr=method):
                known = self.value(receiver, names)
                if known is not UNKNOWN:
                    return self.method(known, method, arguments, keywords)
                if function := self.setting.functions.get(method):
                    return self.inline(function, arguments, keywords, method=True)
                if method == "decode" and arguments and isinstance(arguments[0], bytes):
                    return decoded(arguments[0])  # an incremental decoder: of a whole piece it gives all
                if method in _FORWARDS and len(arguments) == 1 and not keywords:
                    self.forward(node, arguments[0])
                    return UNKNOWN
            case ast.Lambda() as function:
                return self.inline(function, arguments, keywords, method=False)
            case ast.Name(id=name) if name not in names:
                if function := self.setting.functions.get(name):
                    return self.inline(function, arguments, keywords, method=False)
                return self.builtin(name, node, arguments, keywords)
        told = isinstance(node.func, ast.Attribute) and node.func.attr in TELLS
        (self.tell if told else self.effect)(*arguments, *keywords.values())
        return UNKNOWN

    def method(self, receiver: Any, name: str, arguments: list[Any], keywords: dict[str, Any]) -> Any:
        if name not in METHODS.get(type(receiver), frozenset()):
            if not hasattr(receiver, name):
                raise Raised(AttributeError)  # such as `decode` of a text: the piece is of another type
            self.effect(*arguments, *keywords.values())
            return UNKNOWN
        if any(value is UNKNOWN for value in (*arguments, *keywords.values())):
            return UNKNOWN
        return self.bounded(attempted(lambda: getattr(receiver, name)(*arguments, **keywords)))

    def builtin(self, name: str, node: ast.Call, arguments: list[Any], keywords: dict[str, Any]) -> Any:
        match name, arguments:
            case "len", [value]:
                return apply(len, value)
            case "str", [value, *_] if isinstance(value, (bytes, bytearray)):
                told = [*arguments[1:], *keywords.values()]
                return attempted(lambda: str(value, *arguments[1:], **keywords)) if UNKNOWN not in told else UNKNOWN
            case ("str", [str() as value]) | ("bytes", [bytes() as value]):
                return value
            case "bytes" | "bytearray", [str() as value, *_]:
                return value.encode()
            case "list" | "tuple" | "reversed" | "sorted", [list() | tuple() as value]:
                return list(value)
            case "enumerate", [list() | tuple() as value, *_]:
                return list(enumerate(value))
            case "any" | "all", [list() | tuple() as value]:
                return any(value) if name == "any" else all(value)
            case "filter", [None, list() | tuple() as value]:
                return [item for item in value if item]
            case "isinstance", [value, _] if value is not UNKNOWN:
                return is_instance(value, node.args[1])
            case "hasattr", [value, str() as attribute] if value is not UNKNOWN:
                return hasattr(value, attribute)
            case "int" | "float", [str() | bytes() as value]:
                return attempted(lambda: int(value) if name == "int" else float(value))
            case "int" | "float" | "bool" | "repr" | "isinstance" | "hasattr" | "type" | "len", _:
                return UNKNOWN
        (self.tell if name in TELLS else self.effect)(*arguments, *keywords.values())
        return UNKNOWN

    def regex(self, method: str, arguments: list[Any]) -> Any:
        match method, arguments:
            case (
                "sub" | "split" | "findall" | "match" | "search" | "fullmatch",
                [str() | bytes(), str() | bytes(), *_],
            ) if UNKNOWN not in arguments and (steps := search_steps(*arguments)) is not None:
                self.pay(steps)
                return self.bounded(attempted(lambda: getattr(re, method)(*arguments)))
        return UNKNOWN

    def subscript(self, inner: ast.expr, index: ast.expr, names: dict[str, Any]) -> Any:
        return apply(lambda value, key: value[key], self.value(inner, names), self.value(index, names))

    def boolean(self, node: ast.BoolOp, names: dict[str, Any]) -> Any:
        """Evaluate `and`/`or` as Python does, asking about an unknown part only if more than one part is left."""
        wanted = isinstance(node.op, ast.And)
        value: Any = UNKNOWN
        for number, part in enumerate(node.values):
            value = self.value(part, names)
            if number == len(node.values) - 1:
                return value
            if value is UNKNOWN:
                if self.guess(part, names) is not wanted:
                    return not wanted
            elif bool(value) is not wanted:
                return value
        return value

    def compare(self, node: ast.Compare, names: dict[str, Any]) -> Any:
        left = self.value(node.left, names)
        for op, part in zip(node.ops, node.comparators, strict=True):
            right = self.value(part, names)
            outcome = self.relation(op, left, right)
            if outcome is UNKNOWN or not outcome:
                return outcome
            left = right
        return True

    def relation(self, op: ast.cmpop, left: Any, right: Any) -> Any:
        if left is UNKNOWN or right is UNKNOWN:
            return UNKNOWN
        match op:
            case ast.In() | ast.NotIn():
                found = apply(lambda item, whole: item in whole, left, right)
                if found is False and not about_framing(left) and holds_document(right):
                    self.result.asked_inside = True
                    return UNKNOWN  # it depends on the document, which is made up
                return found if isinstance(op, ast.In) else (UNKNOWN if found is UNKNOWN else not found)
            case ast.Eq():
                return left == right
            case ast.NotEq():
                return left != right
            case ast.Is():
                return left is right if left is None or right is None else UNKNOWN
            case ast.IsNot():
                return left is not right if left is None or right is None else UNKNOWN
            case ast.Lt() | ast.LtE() | ast.Gt() | ast.GtE():
                return self.order(op, left, right)
        return UNKNOWN

    def order(self, op: ast.cmpop, left: Any, right: Any) -> Any:
        """Compare lengths: those of made-up documents say only that there is more than a letter."""
        if isinstance(left, int) and isinstance(right, int) and min(left, right) <= 2:
            return {ast.Lt: left < right, ast.LtE: left <= right, ast.Gt: left > right, ast.GtE: left >= right}[
                type(op)
            ]
        return UNKNOWN if not (left == 0 or right == 0) else ordered(op, left, right)

    def binary(self, op: ast.operator, left: Any, right: Any) -> Any:
        if (left is UNKNOWN) is not (right is UNKNOWN):
            return self.mixed([left, right])
        if isinstance(op, ast.Add):
            return self.bounded(apply(lambda a, b: a + b, left, right))
        if isinstance(op, ast.Sub):
            return apply(lambda a, b: a - b, left, right)
        return UNKNOWN

    def comprehension(self, node: ast.ListComp | ast.GeneratorExp | ast.SetComp, names: dict[str, Any]) -> Any:
        if len(node.generators) != 1:
            self.effect()
            return UNKNOWN
        generator = node.generators[0]
        items = self.value(generator.iter, names)
        if not isinstance(items, (list, tuple)):
            return UNKNOWN
        inner = dict(names)
        results: list[Any] = []
        for item in items:
            self.assign(generator.target, item, inner)
            if all(self.truth(test, inner) for test in generator.ifs):
                results.append(self.value(node.elt, inner))
        return self.bounded(results)

    def dictionary(self, keys: list[ast.expr | None], values: list[ast.expr], names: dict[str, Any]) -> Any:
        parts = [
            (key and self.value(key, names), self.value(value, names)) for key, value in zip(keys, values, strict=True)
        ]
        if any(key is None or key is UNKNOWN for key, _ in parts):
            return self.mixed([value for _, value in parts])
        return self.bounded(dict(parts))

    def joined(self, parts: list[ast.expr], names: dict[str, Any]) -> Any:
        values = [self.value(part, names) for part in parts]
        if any(value is UNKNOWN for value in values):
            return self.mixed(values)
        return self.bounded("".join(map(str, values)))
