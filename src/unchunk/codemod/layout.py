"""Style of new code: the module's quotes, lines no longer than its own, broken as black breaks them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import libcst as cst
from libcst.metadata import CodeRange, MetadataWrapper, ParentNodeProvider, PositionProvider

Statement: TypeAlias = cst.SimpleStatementLine | cst.BaseCompoundStatement

MIN_LIMIT = 88
MAX_LIMIT = 120
_MAX_BREAKS = 12


def line_limit(source: str) -> int:
    """Return the maximum line length: that of the file's longest line, but at least 88 and at most 120 characters."""
    longest = max((len(line.expandtabs(4)) for line in source.splitlines()), default=0)
    return min(max(longest, MIN_LIMIT), MAX_LIMIT)


def prefers_single_quotes(module: cst.Module) -> bool:
    """Decide whether most plain strings of the module are in single quotes."""
    quotes = _Quotes()
    module.visit(quotes)
    return quotes.count["'"] > quotes.count['"']


def requote(string: cst.SimpleString) -> cst.SimpleString:
    """Return the string in single quotes, unless that would need a backslash."""
    prefix, body = string.prefix, string.raw_value
    if "'" in body or '\\"' in body:
        return string
    return string.with_changes(value=f"{prefix}'{body}'")


class _Quotes(cst.CSTVisitor):
    def __init__(self) -> None:
        super().__init__()
        self.count: Counter[str] = Counter()

    def visit_SimpleString(self, node: cst.SimpleString) -> None:
        self.count[node.quote] += 1


def break_long_lines(module: cst.Module, made: Sequence[cst.Call], source: str) -> cst.Module:
    """Break the calls that were made and that make a line too long, outermost first.

    for chunk in rechunk(
        response.iter_content(chunk_size=None), at="event"
    ):
    """
    if not made:
        return module
    fits = _Limit(line_limit(source), frozenset(source.splitlines()))
    body = [
        statement if fits(module.code_for_node(statement)) else _with_breaks(module, statement, made, fits)
        for statement in module.body
    ]
    return module.with_changes(body=body)


@dataclass(frozen=True, slots=True)
class _Limit:
    """The maximum length of lines that are new."""

    length: int
    known: frozenset[str]

    def __call__(self, code: str) -> bool:
        return all(len(line.expandtabs(4)) <= self.length or line in self.known for line in code.splitlines())


def _with_breaks(module: cst.Module, statement: Statement, made: Sequence[cst.Call], fits: _Limit) -> Statement:
    """Break the calls of one statement; LibCST computes positions for the whole tree it is given."""
    alone = module.with_changes(body=[statement], header=(), footer=())
    made = list(made)
    for _ in range(_MAX_BREAKS * len(made)):
        wrapper = MetadataWrapper(alone, unsafe_skip_copy=True)
        positions = wrapper.resolve(PositionProvider)
        spans = {node: where for node, where in positions.items() if isinstance(node, cst.Call)}
        lines = alone.code.splitlines()
        too_long = [call for call in made if call in spans and not fits(_lines_at(lines, spans[call]))]
        call = next((around for long in too_long for around in _way_in(long, spans) if _can_break(around)), None)
        if call is None:
            break
        shape = _opened if _is_exploded(call) else _one_each if _is_broken(call) else _one_line
        deep = sum(_is_broken(outer) and outer is not call and _holds(outer, call) for outer in spans)
        broken = shape(call, module.default_indent * (deep + 1), module.default_indent * deep)
        changed = alone.visit(_Replacement(call, broken, wrapper.resolve(ParentNodeProvider)))
        assert isinstance(changed, cst.Module)
        alone = changed
        made = [broken if other is call else other for other in made]
    return alone.body[0]


def _lines_at(lines: Sequence[str], where: CodeRange) -> str:
    return "\n".join(lines[where.start.line - 1 : where.end.line])


class _Replacement(cst.CSTTransformer):
    """Replaces a call by another one. Nodes not around it keep their identity, by which they are found again."""

    def __init__(self, old: cst.Call, new: cst.Call, parents: Mapping[cst.CSTNode, cst.CSTNode]) -> None:
        super().__init__()
        self.old, self.new = old, new
        self.around: set[cst.CSTNode] = set()
        node: cst.CSTNode = old
        while not isinstance(node, cst.Module):
            node = parents[node]
            self.around.add(node)

    def on_visit(self, node: cst.CSTNode) -> bool:
        return node in self.around

    def on_leave(self, original_node: cst.CSTNode, updated_node: cst.CSTNode) -> cst.CSTNode:  # type: ignore[override]
        return self.new if original_node is self.old else updated_node


def _can_break(call: cst.Call) -> bool:
    """Decide whether a call is still on one line, or may give each of its arguments one."""
    if not _is_broken(call):
        return True
    if _is_exploded(call):
        return _closed_generator(call) is not None
    return len(call.args) > 1 or _is_lone_generator(call)


def _closed_generator(call: cst.Call) -> cst.GeneratorExp | None:
    """Return the parenthesized generator that is the first of several arguments, if it stands on one line."""
    first = call.args[0].value
    if len(call.args) > 1 and isinstance(first, cst.GeneratorExp) and first.lpar:
        return None if isinstance(first.lpar[0].whitespace_after, cst.ParenthesizedWhitespace) else first
    return None


def _is_lone_generator(call: cst.Call) -> bool:
    return len(call.args) == 1 and isinstance(call.args[0].value, cst.GeneratorExp)


def _is_broken(call: cst.Call) -> bool:
    return isinstance(call.whitespace_before_args, cst.ParenthesizedWhitespace)


def _is_exploded(call: cst.Call) -> bool:
    """Decide whether each argument, or each clause of a lone generator, has a line of its own already."""
    argument = call.args[-1]
    if _is_lone_generator(call) and isinstance(argument.value, cst.GeneratorExp):
        return isinstance(argument.value.for_in.whitespace_before, cst.ParenthesizedWhitespace)
    return isinstance(argument.comma, cst.Comma)


def _way_in(call: cst.Call, spans: dict[cst.Call, CodeRange]) -> list[cst.Call]:
    """Return the calls of its statement that contain `call` in their arguments, outermost first, and `call` itself."""
    inner = spans[call]
    around = [
        outer
        for outer, where in spans.items()
        if (where.start.line, where.start.column) < (inner.start.line, inner.start.column)
        and (where.end.line, where.end.column) > (inner.end.line, inner.end.column)
        and (where.start.line == inner.start.line or _is_broken(outer))
        and _holds(outer, call)
    ]
    return [*sorted(around, key=lambda outer: (spans[outer].start.line, spans[outer].start.column)), call]


def _holds(outer: cst.CSTNode, inner: cst.CSTNode) -> bool:
    """Decide whether `inner` is below an argument, not below what is called."""
    if isinstance(outer, cst.Call):
        return any(node is inner or _holds(node, inner) for argument in outer.args for node in [argument.value])
    return any(node is inner or _holds(node, inner) for node in outer.children)


def _one_line(call: cst.Call, indent: str, closing: str) -> cst.Call:
    """Put all arguments on one line of their own."""
    arguments = list(call.args)
    arguments[-1] = arguments[-1].with_changes(comma=cst.MaybeSentinel.DEFAULT, whitespace_after_arg=_new_line(closing))
    return call.with_changes(whitespace_before_args=_new_line(indent), args=arguments)


def _one_each(call: cst.Call, indent: str, closing: str) -> cst.Call:
    """Put each argument on a line with a comma after the last; a lone generator gets a line a clause."""
    lone = call.args[0]
    if _is_lone_generator(call) and isinstance(lone.value, cst.GeneratorExp):
        broken = lone.with_changes(
            value=_by_clauses(lone.value, indent),
            comma=cst.MaybeSentinel.DEFAULT,
            whitespace_after_arg=_new_line(closing),
        )
        return call.with_changes(whitespace_before_args=_new_line(indent), args=[broken])
    arguments = [
        argument.with_changes(
            comma=cst.Comma(whitespace_after=_new_line(indent)), whitespace_after_arg=cst.SimpleWhitespace("")
        )
        for argument in call.args
    ]
    arguments[-1] = arguments[-1].with_changes(comma=cst.Comma(whitespace_after=_new_line(closing)))
    return call.with_changes(whitespace_before_args=_new_line(indent), args=arguments)


def _opened(call: cst.Call, indent: str, closing: str) -> cst.Call:
    """Put each clause of the generator among the arguments on a line."""
    generator = _closed_generator(call)
    if generator is None:
        return call
    deeper = indent + indent[len(closing) :]
    opened = _by_clauses(generator, deeper).with_changes(
        lpar=[cst.LeftParen(_new_line(deeper))], rpar=[cst.RightParen(_new_line(indent))]
    )
    return call.with_changes(args=[call.args[0].with_changes(value=opened), *call.args[1:]])


def _by_clauses(generator: cst.GeneratorExp, indent: str) -> cst.GeneratorExp:
    clause = generator.for_in
    tests = [test.with_changes(whitespace_before=_new_line(indent)) for test in clause.ifs]
    return generator.with_changes(for_in=clause.with_changes(whitespace_before=_new_line(indent), ifs=tests))


def _new_line(indent: str) -> cst.ParenthesizedWhitespace:
    return cst.ParenthesizedWhitespace(
        first_line=cst.TrailingWhitespace(), indent=True, last_line=cst.SimpleWhitespace(indent)
    )
