"""A loop of reads becomes a loop over an iterable: `for data in iter_json(iter(lambda: sock.recv(4096), b"")):`.

Where the reads are awaited, end by a condition, or may be of text as well as of bytes, they move to a generator:

    async def chunks():
        while data := await reader.read(4096):
            yield data

    async for message in aiter_json(chunks()):
"""

from __future__ import annotations

import ast
import enum
from dataclasses import dataclass, replace

from unchunk.analysis.findings import Applicability, Framing
from unchunk.codemod.case import Case
from unchunk.codemod.conditions import is_changed, negated
from unchunk.codemod.edits import Delete, Edit, Fix, Head, Insert, Place, Refusal, Replace, place
from unchunk.codemod.parsers import loads_argument, vanishing
from unchunk.codemod.strategies.recut import find_unit
from unchunk.codemod.subsume import Subsumed, subsume, undecoded
from unchunk.codemod.syntax import Tree, bound, free_name, has, jumps, loads

PRIORITY = 20
NO_END = "the loop now ends with the stream, where an empty read used to raise or to go round for ever"


class End(enum.Enum):
    """What ends a loop of reads."""

    STREAM = "an empty read"
    CONDITION = "the condition of the loop, and nothing else"
    NONE = "an error, or nothing"


@dataclass(frozen=True, slots=True)
class _Reads:
    """A loop that reads.

    Attributes:
        name: what a read is bound to.
        read: the read call, with its `await`.
        body: what is done with a piece.
        gone: the statements and tests that the rewrite takes away.
        test: the condition of the loop, if it is one of its own.
        end: what ends the loop.
        decoded: whether a read is decoded before it gets its name.
    """

    loop: ast.While
    name: str
    read: ast.expr
    body: list[ast.stmt]
    gone: tuple[ast.AST, ...]
    test: ast.expr | None
    end: End
    decoded: bool = False


IDLE = "a read that brings nothing tells that nothing has come yet, not that the stream has ended"


def propose(case: Case) -> Fix | Refusal | None:
    loop = case.site.producer
    if not isinstance(loop, ast.While) or case.findings[0].framing is not Framing.CHUNK:
        return None
    if any(site.idle for site in case.sites):
        return Refusal(IDLE, final=True)
    reads = _reads(case, loop)
    if isinstance(reads, Refusal):
        return reads
    return _fix(case, reads)


def _fix(case: Case, reads: _Reads) -> Fix | Refusal:
    iterable, holes, edits = _iterable(case, reads)
    edits += [Delete(place(node)) for node in reads.gone if isinstance(node, ast.stmt)]
    changed = reads.test is not None and is_changed(reads.test, reads.loop.body)
    is_async = isinstance(reads.read, ast.Await)
    head = "async for" if is_async else "for"
    prefix = "a" if is_async else ""
    found = subsume(case, reads.body, {reads.name}, reads.gone)
    parser = loads_argument(case, len(holes))
    skips = changed and jumps(reads.body, ast.Continue)
    if isinstance(found, Subsumed) and not isinstance(parser, Refusal) and not skips:
        if changed:
            edits.append(_asked_again(reads, reads.loop.body[-1], after=True))
        target = found.bound or reads.name
        helper = f"{prefix}iter_json"
        edits += found.edits
        if found.bound is None:
            edits.append(Replace(place(case.site.parse), reads.name))
        else:
            edits.append(Delete(place(found.statement)))
        values = f"{helper}({iterable}{parser[0]})"
        edits.append(Head(place(reads.loop), f"{head} {target} in {values}:", (*holes, *parser[1])))
        return _made("values", case, reads, edits, helper, vanishing(case))
    if reads.decoded:
        return Refusal("what is read is decoded before a document is complete, and more than parsed afterwards")
    if changed:
        edits.append(_asked_again(reads, reads.loop.body[0], after=False))
    return _recut(case, reads, edits, f"{head} {reads.name} in {prefix}rechunk({iterable}, {{}}):", holes)


def _asked_again(reads: _Reads, beside: ast.stmt, *, after: bool) -> Insert:
    """The loop's condition, asked between two documents: one read may bring several.

    Values need it behind what they change: no more is read then, and the rest is not missed. Pieces may ask first.
    """
    assert reads.test is not None
    template, parts = negated(reads.test)
    return Insert(place(beside), f"if {template}:\n    break\n", after, parts)


def _recut(case: Case, reads: _Reads, edits: list[Edit], head: str, holes: tuple[Place, ...]) -> Fix | Refusal:
    if case.name is None:
        return Refusal("what is read has no name")
    if _is_read_after(case.tree, reads):
        return Refusal(f"`{reads.name}` is used after the loop, too")
    unit = find_unit(case)
    if isinstance(unit, Refusal):
        return unit
    at, applicability, note = unit
    edits.append(Head(place(reads.loop), head.replace("{}", at.options), holes))
    helper = "arechunk" if isinstance(reads.read, ast.Await) else "rechunk"
    fix = _made("recut", case, reads, edits, helper, ())
    if applicability is Applicability.UNSAFE:
        return Fix(fix.strategy, applicability, fix.edits, fix.imports, fix.parsers, note)
    return fix


def _made(strategy: str, case: Case, reads: _Reads, edits: list[Edit], helper: str, parsers: tuple[str, ...]) -> Fix:
    note = NO_END if reads.end is End.NONE else ""
    applicability = Applicability.UNSAFE if reads.end is End.NONE else Applicability.SAFE
    return Fix(strategy, applicability, tuple(edits), (helper,), parsers, note)


# What kind of loop it is


def _reads(case: Case, loop: ast.While) -> _Reads | Refusal:
    step = case.site.step
    assert isinstance(step, ast.expr)
    parent = case.tree.parent(step)
    read = parent if isinstance(parent, ast.Await) else step
    if loop.orelse:
        return Refusal("the loop has an `else` that tells how it ended")
    if not case.tree.inside(case.call, loop) and case.tree.function(case.call) is case.tree.function(loop):
        return Refusal("the piece is parsed outside of the loop that reads it")
    name = case.name
    if name is None:
        return _nameless(case, loop, read)
    if has(read, ast.Yield, ast.NamedExpr) or _depends_on(read, loop, name):
        return Refusal("how much is read depends on what was read before")
    if case.tree.inside(read, loop.test):
        if not _is_walrus(loop.test, read):
            return Refusal("the condition of the loop does more than read")
        return _Reads(loop, name, read, loop.body, (loop.test,), None, End.STREAM)
    return _primed(case, loop, read, name) or _in_body(case, loop, read, name)


def _nameless(case: Case, loop: ast.While, read: ast.expr) -> _Reads | Refusal:
    """`data = json.loads(connection.recv(4096))`, for ever."""
    match loop.body[0]:
        case ast.Assign(targets=[ast.Name(id=name)], value=value) if undecoded(value) is case.site.step:
            if _depends_on(read, loop, name):
                return Refusal("how much is read depends on what was read before")
            named = _in_body(case, loop, read, name)
            return named if isinstance(named, Refusal) else replace(named, decoded=True)
    if not case.parses_in(loop):
        return Refusal("what is read is handed on and parsed in another place")
    forever = isinstance(loop.test, ast.Constant) and bool(loop.test.value)
    if case.tree.statement(read) is not loop.body[0] or not forever or not case.tree.inside(read, case.site.parse):
        return Refusal("what is read has no name")
    if _depends_on(read, loop, ""):
        return Refusal("how much is read depends on what was read before")
    name = free_name(case.tree.scope(loop), "data", "message", "value")
    return _Reads(loop, name, read, loop.body, (), None, End.NONE)


def _depends_on(read: ast.expr, loop: ast.While, name: str) -> bool:
    changed = bound(loop.body)
    return any(used.id in changed and used.id != name for used in loads(read, changed)) or any(loads(read, {name}))


def _is_walrus(test: ast.expr, read: ast.expr) -> bool:
    match test:
        case ast.NamedExpr(value=value):
            return value is read
        case ast.Compare(
            left=ast.NamedExpr(value=value), ops=[ast.NotEq()], comparators=[ast.Constant(value="" | b"")]
        ):
            return value is read
    return False


def _primed(case: Case, loop: ast.While, read: ast.expr, name: str) -> _Reads | None:
    """`data = read()` before `while data:`, and again as the last thing in its body."""
    before = case.tree.before(loop)
    if not before or not loop.body or not _is_truth_of(loop.test, name):
        return None
    first, last = before[-1], loop.body[-1]
    if not (_assigns(first, name) and _assigns(last, name) and ast.dump(first) == ast.dump(last)):
        return None
    assert isinstance(last, ast.Assign)
    if has(loop.body, ast.Continue):
        return None
    return _Reads(loop, name, last.value, loop.body[:-1], (first, last, loop.test), None, End.STREAM)


def _in_body(case: Case, loop: ast.While, read: ast.expr, name: str) -> _Reads | Refusal:
    """`data = read()` as the first thing in the body, most often followed by `if not data: break`."""
    first = loop.body[0]
    if not (_assigns(first, name) and isinstance(first, ast.Assign) and undecoded(first.value) is undecoded(read)):
        return Refusal("the read is not the first thing that the loop does")
    rest = loop.body[1:]
    test = None if isinstance(loop.test, ast.Constant) and loop.test.value else loop.test
    if test is not None and any(loads(test, {name})):
        return Refusal("the condition of the loop depends on what was read")
    guard = rest[0] if rest else None
    if not isinstance(guard, ast.If) or not _is_end_of(guard.test, name) or guard.orelse:
        # Where an empty read does nothing, going round until the condition fails is what the generator does as well.
        goes_on = test is not None and (_is_at_eof(test) or _goes_round(test, case))
        return _Reads(loop, name, read, rest, (first,), test, End.CONDITION if goes_on else End.NONE)
    match guard.body:
        case [ast.Break()]:
            return _Reads(loop, name, read, rest[1:], (first, guard), test, End.STREAM)
        case [ast.Return(value=None)] if _is_last(case.tree, loop):
            return _Reads(loop, name, read, rest[1:], (first, guard), test, End.STREAM)
    return Refusal("the end of the stream does more than end the loop")


def _goes_round(test: ast.expr, case: Case) -> bool:
    """Whether an empty read does nothing at all, and leaves alone what the condition of the loop asks for."""
    probe, empty = case.probe(), "" if case.site.text else b""
    named = {getattr(place, "id", "") for run in probe.runs(empty) for place in run.assigned}
    return probe.idle(empty) and not any(loads(test, named))


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


def _is_end_of(test: ast.expr, name: str) -> bool:
    """Whether a test is true of an empty read only: `not data`, `data == b""`, `len(data) == 0`, `data is None`."""
    match test:
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            return _is_truth_of(operand, name)
        case ast.Compare(left=ast.Name(id=tested), ops=[ast.Eq()], comparators=[ast.Constant(value="" | b"")]):
            return tested == name
        case ast.Compare(left=ast.Call() as length, ops=[ast.Eq()], comparators=[ast.Constant(value=0)]):
            return _is_truth_of(length, name)
        case ast.BoolOp(op=ast.Or(), values=parts):
            return all(_is_end_of(part, name) for part in parts)
        case ast.Compare(left=ast.Name(id=tested), ops=[ast.Is()], comparators=[ast.Constant(value=None)]):
            return tested == name
    return False


def _is_at_eof(test: ast.expr) -> bool:
    return any(isinstance(node, ast.Attribute) and node.attr in ("at_eof", "closed") for node in ast.walk(test))


def _is_last(tree: Tree, loop: ast.While) -> bool:
    """Whether nothing is done after the loop, so that ending it and returning are the same."""
    parent = tree.parent(loop)
    return isinstance(parent, (ast.FunctionDef, ast.AsyncFunctionDef)) and not tree.after(loop)


def _is_read_after(tree: Tree, reads: _Reads) -> bool:
    end = reads.loop.end_lineno or 0
    return any(name.lineno > end for name in loads(tree.scope(reads.loop), {reads.name}))


# What it becomes


def _iterable(case: Case, reads: _Reads) -> tuple[str, tuple[Place, ...], list[Edit]]:
    """The iterable in a template, its holes, and the edits that make it."""
    sentinel = {True: '""', False: 'b""', None: None}[case.site.text]
    if sentinel is not None and reads.test is None and not isinstance(reads.read, ast.Await):
        return f"iter(lambda: {{0}}, {sentinel})", (place(reads.read),), []
    name = free_name(case.tree.scope(reads.loop), "chunks", "pieces", "read_chunks")
    holes = (place(reads.read),) if reads.test is None else (place(reads.read), place(reads.test))
    word = "async def" if isinstance(reads.read, ast.Await) else "def"
    first = reads.gone[0] if reads.gone else None
    anchor = first if isinstance(first, ast.stmt) and first in case.tree.before(reads.loop) else reads.loop
    return f"{name}()", (), [Insert(place(anchor), f"{word} {name}():\n{_generator(reads)}", holes=holes)]


def _generator(reads: _Reads) -> str:
    """The body of a generator that reads, with the read for `{0}` and the loop's condition for `{1}`."""
    if reads.end is End.CONDITION:
        return "    while {1}:\n        yield {0}\n"
    if reads.test is None:
        return f"    while {reads.name} := {{0}}:\n        yield {reads.name}\n"
    if len(ast.unparse(reads.test)) + len(ast.unparse(reads.read)) < 50:
        return f"    while {{1}} and ({reads.name} := {{0}}):\n        yield {reads.name}\n"
    lines = [
        "while {1}:",
        f"    {reads.name} = {{0}}",
        f"    if not {reads.name}:",
        "        return",
        f"    yield {reads.name}",
    ]
    return "".join(f"    {line}\n" for line in lines)
