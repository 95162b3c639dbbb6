"""Statements in symbolic execution."""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence
from typing import Any

from unchunk.codemod.symbolic.expressions import Expressions
from unchunk.codemod.symbolic.runs import UNKNOWN, End, Jump, Raised, Returned, Trace, observed
from unchunk.codemod.symbolic.values import texts_in
from unchunk.codemod.syntax import Function

_MAX_CALL_DEPTH = 3


class Executor(Expressions):
    """One run through a body, with given answers to its unknown tests."""

    def run(
        self,
        body: Sequence[ast.stmt],
        bind: ast.expr | ast.arg | None,
        piece: str | bytes,
        known: Mapping[str, Any],
    ) -> Trace:
        self.piece = piece
        names = dict(known)
        if bind is not None:
            self.assign(bind, piece, names)
        self.result.assigned.clear()
        try:
            self.block(body, names)
        except Jump as jump:
            self.result.end = jump.end
        except Raised as raised:
            self.result.end = raised.end
        except RecursionError:
            self.result.end = End.ERROR
        return self.result

    def block(self, statements: Sequence[ast.stmt], names: dict[str, Any]) -> None:
        for statement in statements:
            self.statement(statement, names)

    def statement(self, node: ast.stmt, names: dict[str, Any]) -> None:
        self.pay(1)
        match node:
            case ast.Assign(targets=targets, value=value):
                result = self.value(value, names)
                for target in targets:
                    self.assign(target, result, names)
            case ast.AnnAssign(target=target, value=ast.expr() as value):
                self.assign(target, self.value(value, names), names)
            case ast.AugAssign(target=ast.Name(id=name) as target, op=op, value=value) if name in names:
                self.assign(target, self.binary(op, names[name], self.value(value, names)), names)
            case ast.AugAssign(target=target, value=value):
                added = self.value(value, names)
                self.assign(target, UNKNOWN, names)
                self.effect(added)
            case ast.Expr(value=value):
                self.value(value, names)
            case ast.If(test=test, body=body, orelse=orelse):
                self.block(body if self.truth(test, names) else orelse, names)
            case ast.For() | ast.AsyncFor():
                self.loop(node, names)
            case ast.Try():
                self.attempt(node, names)
            case ast.With(items=items, body=body) | ast.AsyncWith(items=items, body=body):
                for item in items:
                    self.value(item.context_expr, names)
                    if item.optional_vars is not None:
                        self.assign(item.optional_vars, UNKNOWN, names)
                self.effect()
                self.block(body, names)
            case ast.Match(subject=subject, cases=cases):
                self.match(self.value(subject, names), cases, names)
            case ast.Continue():
                raise Jump(End.QUIET)
            case ast.Break():
                raise Jump(End.BREAK)
            case ast.Return(value=value):
                self.leave(value, names)
            case ast.Raise():
                handed_on = len(self.result.handed_on)
                self.visit_children(node, names)
                del self.result.handed_on[handed_on:]  # an error tells a person
                self.effect()
                raise Raised(Exception, End.RAISED)
            case ast.Pass() | ast.Global() | ast.Nonlocal() | ast.Import() | ast.ImportFrom():
                pass
            case _:
                self.effect()

    def match(self, subject: Any, cases: list[ast.match_case], names: dict[str, Any]) -> None:
        """Run the first case whose pattern and guard hold; only patterns of constants and names are evaluated."""
        for case in cases:
            if self.fits(case.pattern, subject, names) and (case.guard is None or self.truth(case.guard, names)):
                self.block(case.body, names)
                return

    def fits(self, pattern: ast.pattern, subject: Any, names: dict[str, Any]) -> bool:
        match pattern:
            case ast.MatchValue(value=value):
                equal = self.relation(ast.Eq(), subject, self.value(value, names))
                return bool(equal) if equal is not UNKNOWN else self.guess_pattern(pattern, subject, names)
            case ast.MatchAs(pattern=inner, name=name):
                fits = inner is None or self.fits(inner, subject, names)
                if fits and name is not None:
                    names[name] = subject
                    self.result.assigned.add(pattern)
                return fits
            case ast.MatchOr(patterns=patterns):
                return any(self.fits(one, subject, names) for one in patterns)
        self.effect()
        return self.guess_pattern(pattern, subject, names)

    def guess_pattern(self, pattern: ast.pattern, subject: Any, names: dict[str, Any]) -> bool:
        self.result.doubted |= bool(texts_in([subject])) and not self.result.parsed
        return self.guess(pattern, names)

    def leave(self, value: ast.expr | None, names: dict[str, Any]) -> None:
        result = None if value is None else self.value(value, names)
        if self.calls:
            raise Returned(result)
        self.result.handed_on += texts_in([result])
        self.result.events.append(("return", observed([result])))
        raise Jump(End.RETURN)

    def loop(self, node: ast.For | ast.AsyncFor, names: dict[str, Any]) -> None:
        """Run an inner loop in full over what can be computed, and once over anything else."""
        items = self.value(node.iter, names)
        if not isinstance(items, (list, tuple)):
            self.effect()
            items = [UNKNOWN]
        for item in items:
            self.assign(node.target, item, names)
            try:
                self.block(node.body, names)
            except Jump as jump:
                if jump.end is End.BREAK:
                    return
                if jump.end is not End.QUIET:
                    raise
        self.block(node.orelse, names)

    def attempt(self, node: ast.Try, names: dict[str, Any]) -> None:
        try:
            self.block(node.body, names)
        except Raised as raised:
            for handler in node.handlers:
                if _catches(handler.type, raised.kind):
                    if handler.name is not None:
                        names[handler.name] = UNKNOWN
                    self.block(handler.body, names)
                    break
            else:
                raise
        else:
            self.block(node.orelse, names)
        self.block(node.finalbody, names)

    def assign(self, target: ast.AST, value: Any, names: dict[str, Any]) -> None:
        match target:
            case ast.Name(id=name) | ast.arg(arg=name):
                names[name] = value
                self.result.assigned.add(target)
                if name in self.setting.watched:
                    self.result.events.append(("assign", name, observed([value])))
            case ast.Tuple(elts=elements) | ast.List(elts=elements):
                starred = any(isinstance(element, ast.Starred) for element in elements)
                known = isinstance(value, (list, tuple)) and not starred
                if known and len(value) != len(elements):
                    raise Raised(ValueError)
                for element, part in zip(elements, value if known else [UNKNOWN] * len(elements), strict=True):
                    self.assign(element, part, names)
            case ast.Starred(value=inner):
                self.assign(inner, UNKNOWN, names)
            case ast.Subscript(value=ast.Name(id=name), slice=index) if isinstance(names.get(name), dict):
                key = self.value(index, names)
                if isinstance(key, (str, bytes, int)):
                    names[name] = {**names[name], key: value}
                else:
                    self.effect(value)
            case _:
                self.effect(value)

    def hand_on(self, value: Any, target: ast.expr, body: Sequence[ast.stmt]) -> None:
        """Continue in the loop that consumes what a generator yields."""
        names: dict[str, Any] = {}
        self.assign(target, value, names)
        try:
            self.block(body, names)
        except Jump as jump:
            if jump.end is not End.QUIET:
                raise

    def inline(
        self, function: Function | ast.Lambda, arguments: list[Any], keywords: dict[str, Any], *, method: bool
    ) -> Any:
        """Run a function of the module, so that what it does to a piece is known too."""
        if function in self.calls or len(self.calls) >= _MAX_CALL_DEPTH:
            return UNKNOWN
        parameters = [*function.args.posonlyargs, *function.args.args]
        decorators = [] if isinstance(function, ast.Lambda) else function.decorator_list
        static = any(isinstance(item, ast.Name) and item.id == "staticmethod" for item in decorators)
        if method and parameters and not static:
            parameters = parameters[1:]
        names: dict[str, Any] = {parameter.arg: UNKNOWN for parameter in parameters}
        names.update(zip((parameter.arg for parameter in parameters), arguments, strict=False))
        names.update(keywords)
        self.calls.append(function)
        try:
            if isinstance(function, ast.Lambda):
                return self.value(function.body, names)
            self.block(function.body, names)
        except Returned as returned:
            return returned.value
        finally:
            self.calls.pop()
        return None


def _catches(kinds: ast.expr | None, kind: type[BaseException]) -> bool:
    """Decide whether an `except` clause catches the error, by the usual names of parse and string errors."""
    if kinds is None:
        return True
    names = kinds.elts if isinstance(kinds, ast.Tuple) else [kinds]
    caught = {base.__name__ for base in kind.__mro__ if base is not object}
    return any(_last_name(name) in caught for name in names)


def _last_name(node: ast.expr) -> str:
    match node:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
    return ""
