"""Read loops: the place of the read, the end of the loop, and the handlers of its errors."""

from __future__ import annotations

import ast
import enum
from collections.abc import Sequence
from dataclasses import dataclass, replace

from unchunk.codemod.edits import Refusal
from unchunk.codemod.reaching_definitions import read_by_text, reads_elsewhere
from unchunk.codemod.rewrite_site import RewriteSite
from unchunk.codemod.strippable import undecoded
from unchunk.codemod.syntax import Tree, bound, has, jumps, loads, walk

NOT_FIRST = "the read is not the first thing that the loop does"


class End(enum.Enum):
    """The end of a read loop."""

    STREAM = "an empty read"
    CONDITION = "the condition of the loop, and nothing else"
    NONE = "an error, or nothing"


_OF_DATA = {
    "JSONDecodeError",
    "UnicodeDecodeError",
    "UnicodeError",
    "ValidationError",
    "KeyError",
    "IndexError",
    "LookupError",
    "ZeroDivisionError",
}
"""Errors that what is done with a piece may raise, and a read does not."""


@dataclass(frozen=True, slots=True)
class ReadLoop:
    """A read loop.

    Attributes:
        name: what a read is bound to, or is to be.
        read: the read call, with its `await`.
        block: what becomes the body of the new loop, with what goes.
        body: what is done with a piece.
        gone: the statements and tests that the rewrite takes away.
        test: the condition of the loop, if it is one of its own.
        end: what ends the loop.
        kept: what stays if the stream is cut again: the statement that decodes or parses a read before it gets a name,
            and a test for what it makes of it.
        last: the test for the end of the stream, if what it does goes behind the loop.
        tried: the `try` that goes around the loop, since it is all that the loop does, and its handlers end the loop.
    """

    loop: ast.While
    name: str
    read: ast.expr
    block: list[ast.stmt]
    body: list[ast.stmt]
    gone: tuple[ast.AST, ...]
    test: ast.expr | None
    end: End
    kept: tuple[ast.stmt, ...] = ()
    last: ast.If | None = None
    tried: ast.Try | None = None

    @property
    def is_left(self) -> bool:
        """Decide whether something other than the end of the stream ends the loop."""
        return jumps([statement for statement in self.loop.body if statement is not self.last], ast.Break)

    @property
    def ends(self) -> list[ast.stmt]:
        """Return the `break` of each handler, which has no loop to leave any more."""
        handlers = self.tried.handlers if self.tried else []
        return [handler.body[-1] for handler in handlers if isinstance(handler.body[-1], ast.Break)]


def read_loop_of(case: RewriteSite, loop: ast.While) -> ReadLoop | Refusal:
    read = case.read
    if loop.orelse:
        return Refusal("the loop has an `else` that tells how it ended")
    if not case.tree.inside(case.call, loop) and case.tree.function(case.call) is case.tree.function(loop):
        return Refusal("the piece is parsed outside of the loop that reads it")
    if has(read, ast.Yield, ast.NamedExpr) or any(loads(read, bound([loop.test, *loop.body]))):
        return Refusal("how much is read depends on what was read before")
    if case.tree.inside(read, loop.test):
        name = _walrus(loop.test, read)
        if name is None:
            return Refusal("the condition of the loop does more than read")
        return ReadLoop(loop, name, read, loop.body, loop.body, (loop.test,), None, End.STREAM)
    if case.name is not None and (primed := _primed(case, loop, case.name)) is not None:
        return primed
    if not case.tree.inside(read, loop):
        return Refusal("the read is made in a function that the loop calls, and which does more than read")
    match loop.body[0]:
        case ast.Try() as tried if case.tree.inside(read, tried):
            return _in_try(case, loop, read, tried)
    return _in_block(case, loop, read, loop.body)


def _in_try(case: RewriteSite, loop: ast.While, read: ast.expr, tried: ast.Try) -> ReadLoop | Refusal:
    """Return the read loop inside a `try`. Handlers of errors in the body stay there; those that all end the loop go
    around it.
    """
    if not any(case.tree.inside(read, statement) for statement in tried.body):
        return Refusal(NOT_FIRST)
    if tried.finalbody:
        return Refusal("the `finally` of the `try` around the read is also done where the stream ends")
    found = _in_block(case, loop, read, tried.body)
    if isinstance(found, Refusal):
        return found
    if not found.body:
        return Refusal("the read stands in a `try` of its own")
    if all(_is_of_data(handler.type, read) for handler in tried.handlers):
        return replace(found, block=loop.body, body=loop.body)
    if len(loop.body) == 1 and not tried.orelse and all(_ends_the_loop(handler) for handler in tried.handlers):
        return replace(found, tried=tried)
    return Refusal(f"an error of the read is dealt with in the loop{_why_it_stays(tried, read)}")


def _why_it_stays(tried: ast.Try, read: ast.expr) -> str:
    for handler in tried.handlers:
        if not _is_of_data(handler.type, read) and not _ends_the_loop(handler):
            return ", which goes on then"
    if all(_ends_the_loop(handler) for handler in tried.handlers):
        return ", by a `try` that is not all there is in it"
    return ", by a `try` that goes on after other errors"


def _is_of_data(caught: ast.expr | None, read: ast.expr) -> bool:
    """Decide whether a handler is for errors of processing a piece, and never catches one of the read."""
    kinds = caught.elts if isinstance(caught, ast.Tuple) else [caught]
    names = {kind.attr if isinstance(kind, ast.Attribute) else getattr(kind, "id", "") for kind in kinds if kind}
    known = _OF_DATA - {"KeyError", "IndexError", "LookupError"} if has(read, ast.Subscript) else _OF_DATA
    if _is_of_socket(read):
        known = known | {"ValueError"}  # a file that is closed raises it, too
    return caught is not None and names <= known


def _is_of_socket(read: ast.expr) -> bool:
    match read:
        case ast.Await():
            return True
        case ast.Call(func=ast.Attribute(attr="recv")):
            return True
    return False


def _ends_the_loop(handler: ast.ExceptHandler) -> bool:
    """Decide whether a handler leaves the loop, in its last statement and not before."""
    *before, last = handler.body
    return isinstance(last, (ast.Break, ast.Return, ast.Raise)) and not jumps(before, ast.Break, ast.Continue)


def _walrus(test: ast.expr, read: ast.expr) -> str | None:
    """Return the name that a condition binds to a read, if it does nothing else."""
    match test:
        case ast.NamedExpr(target=ast.Name(id=name), value=value) if value is read:
            return name
        case ast.Compare(left=inner, ops=[ast.NotEq()], comparators=[ast.Constant(value="" | b"")]):
            return _walrus(inner, read)
    return None


def _primed(case: RewriteSite, loop: ast.While, name: str) -> ReadLoop | None:
    """Match `data = read()` before `while data:`, and again as the last statement of its body."""
    before = case.tree.before(loop)
    if not before or not loop.body or not _is_truth_of(loop.test, name):
        return None
    first, last = before[-1], loop.body[-1]
    if not (_assigns(first, name) and _assigns(last, name) and ast.dump(first) == ast.dump(last)):
        return None
    assert isinstance(last, ast.Assign)
    if has(loop.body, ast.Continue):
        return None
    gone = (first, last, loop.test)
    return ReadLoop(loop, name, last.value, loop.body, loop.body[:-1], gone, None, End.STREAM)


def _in_block(case: RewriteSite, loop: ast.While, read: ast.expr, block: list[ast.stmt]) -> ReadLoop | Refusal:
    """Match `data = read()` as the first statement, usually followed by `if not data: break`."""
    first, *rest = block
    test = None if isinstance(loop.test, ast.Constant) and loop.test.value else loop.test
    if not case.tree.inside(read, first):
        return Refusal(NOT_FIRST)
    match first:
        case ast.Assign(targets=[ast.Name(id=name)], value=value) if undecoded(value) is undecoded(read):
            kept: tuple[ast.stmt, ...] = () if value is read else (first,)
        case _:
            return _nameless(case, loop, read, block)
    if test is not None and any(loads(test, {name})):
        return Refusal("the condition of the loop depends on what was read")
    guard = rest[0] if rest else None
    if any(isinstance(other, ast.If) and is_end_of(other.test, name) for other in rest[1:]) and not (
        isinstance(guard, ast.If) and is_end_of(guard.test, name)
    ):
        return Refusal("something is done between a read and the test for the end of the stream")
    if _goes_round(guard, name) and test is not None and _is_at_eof(test) and not _may_be_nothing(first):
        return ReadLoop(loop, name, read, block, rest[1:], (first, rest[0]), test, End.CONDITION, kept)
    if not isinstance(guard, ast.If) or not is_end_of(guard.test, name) or guard.orelse:
        end = _end(case, test)
        return ReadLoop(loop, name, read, block, rest, (first,), test, end, kept)
    if _ends_reading(guard.body, case.tree, loop):
        if kept and _may_be_nothing(first):
            kept = (first, guard)
        return ReadLoop(loop, name, read, block, rest[1:], (first, guard), test, End.STREAM, kept)
    if test is None and _may_go_behind(loop, guard, name) and not _may_be_nothing(first):
        return ReadLoop(loop, name, read, block, rest[1:], (first, guard), None, End.STREAM, kept, guard)
    return Refusal("the end of the stream does more than end the loop")


def _may_go_behind(loop: ast.While, guard: ast.If, name: str) -> bool:
    """Decide whether the end-of-stream branch may run behind the loop, or in its `else`."""
    if guard not in loop.body or not isinstance(guard.body[-1], (ast.Break, ast.Return, ast.Raise)):
        return False
    return not jumps(guard.body[:-1], ast.Break, ast.Continue) and not any(loads(guard.body, {name}))


def _goes_round(guard: ast.stmt | None, name: str) -> bool:
    """Decide whether an empty read only returns to the condition of the loop."""
    match guard:
        case ast.If(test=test, body=[ast.Continue()], orelse=[]):
            return is_end_of(test, name)
    return False


def _nameless(case: RewriteSite, loop: ast.While, read: ast.expr, block: list[ast.stmt]) -> ReadLoop | Refusal:
    """Match `data = json.loads(connection.recv(4096))`."""
    first = block[0]
    if not case.parses_in(loop):
        return Refusal("what is read is handed on and parsed in another place")
    if case.tree.statement(read) is not first:
        return Refusal(f"the read is part of an inner `{_word(first)}`")
    if not case.tree.inside(read, case.site.parse):
        return Refusal(_why_nameless(first, case.tree.parent(read)))
    test = None if isinstance(loop.test, ast.Constant) and loop.test.value else loop.test
    if test is not None and any(loads(test, bound(first))):
        return Refusal("the condition of the loop depends on what was read")
    name = case.free_name("data", "message", "value")
    return ReadLoop(loop, name, read, block, block, (), test, _end(case, test), (first,))


def _why_nameless(statement: ast.stmt, around: ast.AST | None) -> str:
    match statement:
        case ast.Assign(targets=[ast.Attribute()]):
            return "what is read is kept in an attribute"
        case ast.Assign(targets=[ast.Tuple() | ast.List()]):
            return "what is read comes together with something else"
    match around:
        case ast.NamedExpr():
            return f"the read is part of an inner `{_word(statement)}`"
        case ast.Call(func=called):
            return f"what is read goes through `{ast.unparse(called)}` before it gets a name"
    return "what is read has no name of its own"


def _word(statement: ast.stmt) -> str:
    return type(statement).__name__.removeprefix("Async").lower()


def _end(case: RewriteSite, test: ast.expr | None) -> End:
    """Return the end of a loop that does not test a read for the end of the stream.

    Where an empty read does nothing, going round until the condition fails is what the generator does as well.
    """
    goes_on = test is not None and (_is_at_eof(test) or case.passes_over("" if case.site.text else b""))
    return End.CONDITION if goes_on else End.NONE


def _ends_reading(statements: Sequence[ast.stmt], tree: Tree, loop: ast.While) -> bool:
    match statements:
        case [ast.Break()]:
            return True
        case [ast.Return(value=None)]:
            return _is_last(tree, loop)
    return False


def _may_be_nothing(statement: ast.stmt) -> bool:
    """Decide whether a piece may become empty: it is stripped, or undecodable bytes are dropped."""
    calls = [node for node in walk(statement) if isinstance(node, ast.Call)]
    return any(
        isinstance(call.func, ast.Attribute)
        and (call.func.attr == "strip" or (call.func.attr == "decode" and len(call.args) + len(call.keywords) > 1))
        for call in calls
    )


def _assigns(statement: ast.stmt, name: str) -> bool:
    match statement:
        case ast.Assign(targets=[ast.Name(id=target)]):
            return target == name
    return False


def _is_truth_of(test: ast.expr, name: str) -> bool:
    match test:
        case ast.Name(id=tested):
            return tested == name
        case ast.Compare(left=ast.Name(id=tested), ops=[ast.NotEq()], comparators=[ast.Constant(value="" | b"")]):
            return tested == name
        case ast.Call(func=ast.Name(id="len"), args=[ast.Name(id=tested)]):
            return tested == name
    return False


def is_end_of(test: ast.expr, name: str) -> bool:
    """Decide whether a test is true of an empty read only: `not data`, `data == b""`, `len(data) == 0`, `data is
    None`.
    """
    match test:
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            return _is_truth_of(operand, name)
        case ast.Compare(left=ast.Name(id=tested), ops=[ast.Eq()], comparators=[ast.Constant(value="" | b"")]):
            return tested == name
        case ast.Compare(left=ast.Call() as length, ops=[ast.Eq()], comparators=[ast.Constant(value=0)]):
            return _is_truth_of(length, name)
        case ast.BoolOp(op=ast.Or(), values=parts):
            return all(is_end_of(part, name) for part in parts)
        case ast.Compare(left=ast.Name(id=tested), ops=[ast.Is()], comparators=[ast.Constant(value=None)]):
            return tested == name
    return False


def _is_at_eof(test: ast.expr) -> bool:
    return any(isinstance(node, ast.Attribute) and node.attr in ("at_eof", "closed") for node in walk(test))


def _is_last(tree: Tree, loop: ast.While) -> bool:
    """Decide whether nothing follows the loop, so that leaving it and returning are the same."""
    parent = tree.parent(loop)
    return isinstance(parent, (ast.FunctionDef, ast.AsyncFunctionDef)) and not tree.after(loop)


def is_read_after(tree: Tree, reads: ReadLoop) -> bool:
    """Decide whether anything outside the loop reads what the last read left."""
    names = {reads.name}
    return any(reads_elsewhere(tree, names, reads.loop)) or read_by_text(tree.scope(reads.loop), names) is not None
