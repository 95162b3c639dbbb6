"""The path from an SDK's event to its text in the code of a loop, and the events skipped on the way."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from unchunk.codemod.edits import Delete, Edit, Position, Refusal, Unwrap, position_of
from unchunk.codemod.event_paths import Stepping, asks_for_text, holds, is_path, spelt_out, stripped, text_of
from unchunk.codemod.reaching_definitions import read_by_text, reads_elsewhere, reads_inside
from unchunk.codemod.rewrite_site import RewriteSite
from unchunk.codemod.syntax import loads, names_given_away, walk

ASKS_TEXT = "events are chosen by what their text says, and a fragment says a part of that only"


@dataclass(slots=True)
class Expression:
    """A template with its holes: an expression composed of others as they are written."""

    template: str
    holes: list[Position] = field(default_factory=list)

    def shifted(self, by: int) -> str:
        """Return the template with its holes numbered from `by` on."""
        text = self.template
        for number in reversed(range(len(self.holes))):
            text = text.replace(f"{{{number}}}", f"{{{number + by}}}")
        return text


@dataclass(slots=True)
class Fragment:
    """The code between the event and the fragment.

    Attributes:
        text: the fragment, from the event.
        filters: tests that an event must pass.
        statement: the statement with the parse call.
        bound: the name that it assigns the value to, if that is all it does.
        rest: what follows it in its block.
        edits: what takes the statements away that only lead to the fragment.
        gone: the syntax that vanishes.
        inner: an inner loop over parts of an event (tool calls), if there is one.
    """

    text: Expression
    filters: list[Expression]
    statement: ast.stmt
    bound: str | None
    rest: list[ast.stmt]
    edits: list[Edit] = field(default_factory=list)
    gone: list[ast.AST] = field(default_factory=list)
    inner: ast.For | None = None


class Way:
    """A walk from the top of a body to the parse call."""

    def __init__(self, case: RewriteSite, names: set[str]) -> None:
        self.case = case
        self.values: dict[str, Expression] = {name: Expression(name) for name in names}
        self.spelt: dict[str, ast.expr] = {}
        self.own = set(names)
        self.text = text_of(case)
        self.tests: list[tuple[ast.expr, bool]] = []
        self.edits: list[Edit] = []
        self.gone: list[ast.AST] = []
        self.inner: ast.For | None = None

    def follow(self, block: Sequence[ast.stmt]) -> Fragment | Refusal:
        parse = self.case.site.parse
        for number, statement in enumerate(block):
            if self.case.tree.inside(parse, statement):
                return self._towards(statement, list(block[number + 1 :]))
            if not self.skip(statement):
                return Refusal("something else is done with an event before its text is parsed")
        return Refusal("the text is parsed elsewhere")

    def skip(self, statement: ast.stmt) -> bool:
        """Take a statement that only leads to the fragment, or skips events without one."""
        match statement:
            case ast.Assign(targets=[ast.Name(id=name)], value=value) if self._is_pure(value) and is_path(value):
                if not self.define(name, value):
                    return False
            case ast.If(test=test, body=[ast.Continue()], orelse=[]) if self._is_pure(test):
                self.tests.append((test, False))
                self.gone.append(test)
            case _:
                return False
        self.edits.append(Delete(position_of(statement)))
        self.gone.append(statement)
        return True

    def enter(self, statement: ast.If) -> bool:
        """Take the test around the use of a fragment."""
        if (
            statement.orelse
            or not self._is_pure(statement.test)
            or self.case.tree.inside(self.case.call, statement.test)
        ):
            return False
        self.tests.append((statement.test, True))
        self.gone.append(statement.test)
        self.edits.append(Unwrap(position_of(statement), position_of(statement)))
        return True

    def define(self, name: str, value: ast.expr) -> bool:
        """Bind the name to the expression from here on."""
        expression = self.expression(stripped(value))
        if expression is None:
            return False
        self.values[name] = expression
        self.spelt[name] = spelt_out(value, self.spelt)
        self.own.add(name)
        return True

    def _towards(self, statement: ast.stmt, rest: list[ast.stmt]) -> Fragment | Refusal:
        match statement:
            case ast.If(test=test) if not self.case.tree.inside(self.case.site.parse, test):
                if rest or not self.enter(statement):
                    return Refusal("events without text are not ignored")
                return self.follow(statement.body)
            case ast.For(target=ast.Name(id=name), orelse=[]) if self.inner is None and not rest:
                if not self._is_pure(statement.iter):
                    return Refusal("it cannot be told what the inner loop goes through")
                self.inner = statement
                self.values[name] = Expression(name)
                self.own.add(name)
                return self.follow(statement.body)
        return self._parsed(statement, rest)

    def _parsed(self, statement: ast.stmt, rest: list[ast.stmt]) -> Fragment | Refusal:
        site = self.case.site
        if len(self.case.sites) != 1:
            return Refusal("the text is parsed in more than one place")
        if isinstance(site.parse, ast.Call) and (len(site.parse.args) != 1 or site.parse.keywords):
            return Refusal("the parser is given arguments of its own")
        if site.argument is None or not self._is_pure(site.argument) or not is_path(site.argument):
            return Refusal("what is parsed is not only the text of an event")
        bound = None
        match statement:
            case ast.Assign(targets=[ast.Name(id=name)], value=value) if value is site.parse:
                bound = name
            case ast.Assign() | ast.AnnAssign() | ast.Expr() | ast.AugAssign() | ast.If():
                if _is_in_inner_scope(self.case, statement):
                    return Refusal("the text is parsed in an expression of its own")
            case ast.Try():
                return Refusal("what becomes of text that cannot be parsed is decided for each event")
            case _:
                return Refusal("the text is parsed inside of another statement")
        text = self.expression(stripped(site.argument))
        if text is None:
            return Refusal("what is parsed is not only the text of an event")
        self.gone.append(site.argument)
        tests = self.choices()
        filters = self.filters(tests)
        if isinstance(filters, Refusal):
            return filters
        return Fragment(
            text,
            filters,
            statement,
            bound,
            rest,
            self.edits,
            self.gone,
            self.inner,
        )

    def _is_pure(self, node: ast.expr) -> bool:
        """Decide whether an expression only reads the event: attributes, keys, comparisons."""
        for part in ast.walk(node):
            match part:
                case ast.Call(func=ast.Attribute(attr="get" | "strip" | "model_dump" | "to_dict" | "dict")):
                    pass
                case ast.Call(func=ast.Name(id="isinstance" | "hasattr" | "getattr" | "len" | "str")):
                    pass
                case ast.Call() | ast.Await() | ast.Yield() | ast.YieldFrom() | ast.NamedExpr() | ast.Lambda():
                    return False
        return any(True for _ in loads(node, self.own))

    def expression(self, node: ast.expr) -> Expression | None:
        """Substitute the walk's names in an expression."""
        if not any(True for _ in loads(node, self.own)) or (isinstance(node, ast.Name) and node.id not in self.values):
            return Expression("{0}", [position_of(node)])
        match node:
            case ast.Name(id=name):
                return self.values[name]
            case _ if not any(self.values[name.id].template != name.id for name in loads(node, self.own)):
                return Expression("{0}", [position_of(node)])
            case ast.Attribute(value=value, attr=attribute):
                inner = self.expression(value)
                return inner and Expression(f"{inner.template}.{attribute}", inner.holes)
            case ast.Subscript(value=value, slice=index) if not any(True for _ in loads(index, self.own)):
                inner = self.expression(value)
                return inner and Expression(
                    f"{inner.template}[{{{len(inner.holes)}}}]", [*inner.holes, position_of(index)]
                )
            case ast.Call(func=ast.Attribute(value=value, attr=method), args=arguments, keywords=[]):
                inner = self.expression(value)
                if inner is None or any(
                    loads(argument, self.own) for argument in arguments if _uses(argument, self.own)
                ):
                    return None
                count = len(inner.holes)
                listed = ", ".join(f"{{{count + number}}}" for number in range(len(arguments)))
                return Expression(
                    f"{inner.template}.{method}({listed})",
                    [*inner.holes, *(position_of(argument) for argument in arguments)],
                )
        return None

    def choices(self) -> list[tuple[ast.expr, bool]]:
        """Return the tests on the way that ask more than whether there is text."""
        parts = [part for test, wanted in self.tests for part in parts_of(test, wanted)]
        return [(part, positive) for part, positive in parts if not self.is_about_text(part)]

    def filters(self, tests: Sequence[tuple[ast.expr, bool]]) -> list[Expression] | Refusal:
        """Return tests as conditions of a generator of fragments."""
        if any(self.asks_text(part) for part, _ in tests):
            return Refusal(ASKS_TEXT)
        made = [self.condition(part, positive) for part, positive in tests]
        kept = [condition for condition in made if condition is not None]
        if len(kept) < len(made):
            return Refusal("events are chosen by something that cannot be moved")
        return kept

    def condition(self, part: ast.expr, positive: bool) -> Expression | None:
        expression = self.expression(part)
        if expression is None or positive:
            return expression
        return Expression(f"not {_in_brackets(part, expression.template)}", expression.holes)

    def asks_text(self, node: ast.expr) -> bool:
        """Decide whether an expression looks at the text, of which a fragment has only a part."""
        return self.text is not None and holds(spelt_out(node, self.spelt), self.text)

    def is_about_text(self, test: ast.expr) -> bool:
        """Decide whether a test asks whether there is text at all: the helper ignores empty pieces anyway."""
        return self.text is not None and asks_for_text(spelt_out(test, self.spelt), self.text)


def parts_of(test: ast.expr, wanted: bool) -> list[tuple[ast.expr, bool]]:
    """Return the parts of `a and b` that must hold, or of `a or b` that must not."""
    match test:
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            return parts_of(operand, not wanted)
        case ast.BoolOp(op=ast.And(), values=values) if wanted:
            return [part for value in values for part in parts_of(value, wanted)]
        case ast.BoolOp(op=ast.Or(), values=values) if not wanted:
            return [part for value in values for part in parts_of(value, wanted)]
        case ast.Compare(ops=[ast.Is()], comparators=[ast.Constant(value=None)]) if not wanted:
            return [(test, wanted)]
    return [(test, wanted)]


def _in_brackets(node: ast.expr, template: str) -> str:
    return template if isinstance(node, (ast.Name, ast.Attribute, ast.Subscript, ast.Call)) else f"({template})"


def _uses(node: ast.expr, names: set[str]) -> bool:
    return any(True for _ in loads(node, names))


def _is_in_inner_scope(case: RewriteSite, statement: ast.stmt) -> bool:
    for node in case.tree.above(case.site.parse):
        if node is statement:
            return False
        if isinstance(node, (ast.Lambda, ast.GeneratorExp, ast.ListComp, ast.SetComp, ast.DictComp, ast.stmt)):
            return True
    return True


def fragment_of(case: RewriteSite, loop: Stepping, event: str) -> Fragment | Refusal:
    """Follow the loop over events from the event to the fragment."""
    return Way(case, {event}).follow(loop.body)


def used_elsewhere(case: RewriteSite, found: Fragment, loop: Stepping, event: str) -> str | None:
    """Return a name of the event, or derived from it, that code reads which stays."""
    vanished = {id(node) for node in walk(found.gone)}
    names = {event} | {
        target.id
        for node in found.gone
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    own = names - {found.bound}
    outside = next(read_outside(case, loop, own), None)
    if outside is not None:
        return outside.id
    return next((name.id for name in loads(loop.body, own) if id(name) not in vanished), None)


def read_outside(case: RewriteSite, loop: Stepping, names: set[str]) -> Iterator[ast.Name]:
    """Yield the reads of the loop's step names, or captures of them, outside the loop itself."""
    tree, scope = case.tree, case.tree.scope(loop)
    outer, deleted = names_given_away(scope)
    yield from (ast.Name(name, ast.Load()) for name in sorted(names & (outer | deleted)))
    yield from (load for load in reads_inside(tree, scope, names, loop) if tree.scope(load) is not scope)
    yield from reads_elsewhere(tree, names, loop)
    if (reader := read_by_text(scope, names)) is not None:
        yield ast.Name(reader, ast.Load())
