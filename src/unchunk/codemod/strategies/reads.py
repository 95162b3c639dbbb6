"""Read loops: a loop over an iterable instead, `for data in iter_json(iter(lambda: sock.recv(4096), b"")):`.

Where the reads are awaited, end by a condition, or may be of text as well as of bytes, they move to a generator:

    async def chunks():
        while data := await reader.read(4096):
            yield data

    async for message in aiter_json(chunks()):
"""

from __future__ import annotations

import ast

from unchunk.analysis.findings import Applicability, Framing
from unchunk.codemod.conditions import is_changed, negated
from unchunk.codemod.edits import (
    Delete,
    Edit,
    Fix,
    Insert,
    MoveBehind,
    Position,
    Refusal,
    Replace,
    ReplaceHeader,
    position_of,
)
from unchunk.codemod.parsers import loads_argument
from unchunk.codemod.read_loop import End, ReadLoop, is_read_after, read_loop_of
from unchunk.codemod.rewrite_site import RewriteSite
from unchunk.codemod.strategies.recut import find_unit
from unchunk.codemod.strategies.values import value_name
from unchunk.codemod.strippable import Stripped, strip
from unchunk.codemod.syntax import jumps

PRIORITY = 20
NO_END = "the loop now ends with the stream, where an empty read used to raise or to go round for ever"
IDLE = "a read that brings nothing tells that nothing has come yet, not that the stream has ended"


def propose(case: RewriteSite) -> Fix | Refusal | None:
    loop = case.site.producer
    if case.is_next:
        return None  # in a generator the end of another iterator would be an error (PEP 479): that is wrapped itself
    if not isinstance(loop, ast.While) or case.findings[0].framing is not Framing.CHUNK:
        return None
    if any(site.idle for site in case.sites):
        return Refusal(IDLE, final=True)
    if isinstance(case.tree.scope(loop), ast.ClassDef):
        return Refusal("a function that reads would not see the names of the class body", final=True)
    reads = read_loop_of(case, loop)
    if isinstance(reads, Refusal):
        return reads
    return _fix(case, reads)


def _fix(case: RewriteSite, reads: ReadLoop) -> Fix | Refusal:
    iterable, holes, edits = _iterable(case, reads)
    edits += [Delete(position_of(node)) for node in reads.ends]
    if reads.last is not None:
        edits.append(MoveBehind(position_of(reads.last), position_of(reads.loop), reads.is_left))
    changed = reads.test is not None and is_changed(reads.test, reads.loop.body)
    is_async = isinstance(reads.read, ast.Await)
    head = "async for" if is_async else "for"
    prefix = "a" if is_async else ""
    probe = case.probe(reads.block) if reads.tried else None
    found = strip(case, reads.body, {reads.name}, reads.gone, probe)
    parser = loads_argument(case, len(holes))
    skips = changed and jumps(reads.body, ast.Continue)
    told_apart = reads.tried is not None and case.site.parser != "json.loads"
    if isinstance(found, Stripped) and reads.last is not None and found.leaves:
        told_apart = True  # what is done at the end of the stream is not done at the end mark
    if isinstance(found, Stripped) and not isinstance(parser, Refusal) and not skips and not told_apart:
        edits += _deleted(reads, ())
        if changed:
            edits.append(_asked_again(reads, reads.block[-1], after=True))
        target = found.bound or value_name(case, reads.name)
        helper = f"{prefix}iter_json"
        edits += found.edits
        if found.bound is None:
            edits.append(Replace(position_of(case.site.parse), target))
        else:
            edits.append(Delete(position_of(found.statement)))
        values = f"{helper}({iterable}{parser[0]})"
        edits.append(_head(reads, f"{head} {target} in {values}:", (*holes, *parser[1])))
        return _made("values", case, reads, edits, helper)
    if changed:
        edits.append(_asked_again(reads, reads.block[0], after=False))
    return _recut(case, reads, edits, f"{head} {reads.name} in {prefix}rechunk({iterable}, {{}}):", holes)


def _deleted(reads: ReadLoop, kept: tuple[ast.stmt, ...]) -> list[Delete]:
    stay = (*kept, reads.last)
    return [_moved(node, reads) for node in reads.gone if isinstance(node, ast.stmt) and node not in stay]


def _moved(statement: ast.stmt, reads: ReadLoop) -> Delete:
    """Move the comments about a read with it to the head of the loop."""
    return Delete(position_of(statement), position_of(reads.loop) if isinstance(statement, ast.Assign) else None)


def _head(reads: ReadLoop, template: str, holes: tuple[Position, ...]) -> ReplaceHeader:
    return ReplaceHeader(position_of(reads.loop), template, holes, inside=reads.tried is not None)


def _asked_again(reads: ReadLoop, beside: ast.stmt, *, after: bool) -> Insert:
    """Ask the loop's condition between two documents: one read may bring several.

    Values need it behind what they change: no more is read then, and the rest is not missed. Pieces may ask first.
    """
    assert reads.test is not None
    template, parts = negated(reads.test)
    return Insert(position_of(beside), f"if {template}:\n    break\n", after, parts)


def _recut(
    case: RewriteSite, reads: ReadLoop, edits: list[Edit], head: str, holes: tuple[Position, ...]
) -> Fix | Refusal:
    if is_read_after(case.tree, reads):
        return Refusal(f"`{reads.name}` is used after the loop, too")
    unit = find_unit(case)
    if isinstance(unit, Refusal):
        return unit
    at, applicability, note = unit
    edits += _deleted(reads, reads.kept)
    if reads.kept:
        edits.append(Replace(position_of(reads.read), reads.name, moves=True))
    edits.append(_head(reads, head.replace("{}", at.options), holes))
    helper = "arechunk" if isinstance(reads.read, ast.Await) else "rechunk"
    fix = _made("recut", case, reads, edits, helper)
    if applicability is Applicability.UNSAFE:
        return Fix(fix.strategy, applicability, fix.edits, fix.imports, note)
    return fix


def _made(strategy: str, case: RewriteSite, reads: ReadLoop, edits: list[Edit], helper: str) -> Fix:
    note = NO_END if reads.end is End.NONE else ""
    applicability = Applicability.UNSAFE if reads.end is End.NONE else Applicability.SAFE
    return Fix(strategy, applicability, tuple(edits), (helper,), note)


# What it becomes


def _iterable(case: RewriteSite, reads: ReadLoop) -> tuple[str, tuple[Position, ...], list[Edit]]:
    """Return the iterable as a template, its holes, and the edits that make it."""
    sentinel = {True: '""', False: 'b""', None: None}[case.site.text]
    called = reads.test is None and not isinstance(reads.read, ast.Await) and case.tree.is_builtin("iter", reads.loop)
    if sentinel is not None and called:
        match reads.read:
            case ast.Call(func=ast.Name() as function, args=[], keywords=[]):
                return f"iter({{0}}, {sentinel})", (position_of(function),), []
        return f"iter(lambda: {{0}}, {sentinel})", (position_of(reads.read),), []
    name = case.free_name("chunks", "pieces", "read_chunks")
    holes = (position_of(reads.read),) if reads.test is None else (position_of(reads.read), position_of(reads.test))
    word = "async def" if isinstance(reads.read, ast.Await) else "def"
    first = reads.gone[0] if reads.gone else None
    anchor = first if isinstance(first, ast.stmt) and first in case.tree.before(reads.loop) else reads.loop
    return f"{name}()", (), [Insert(position_of(anchor), f"{word} {name}():\n{_generator(reads)}", holes=holes)]


def _generator(reads: ReadLoop) -> str:
    """Return the body of a generator that reads, with the read for `{0}` and the loop's condition for `{1}`."""
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
