"""Strippable statements, which serve framing only, and vanish once whole values are yielded.

Blank tests, `decode`, `strip`, cutting `data: ` off and the test for `[DONE]` are subsumed, if they stand between the
step and the parser and nothing else uses what they make. Everything else has to stay, and then the step has to stay,
too.
"""

from __future__ import annotations

import ast
import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from unchunk.codemod.constants import constant_of
from unchunk.codemod.edits import Delete, Edit, Refusal, Unwrap, position_of
from unchunk.codemod.reaching_definitions import (
    dead_bindings,
    read_by_text,
    reads_elsewhere,
    reads_inside,
    rebound_before,
)
from unchunk.codemod.rewrite_site import RewriteSite
from unchunk.codemod.soundness import soundness_of
from unchunk.codemod.symbolic.runner import SymbolicRunner
from unchunk.codemod.syntax import loads, names_given_away, quoted, walk

MAX_DEDENT = 6
"""Maximum number of lines to dedent; beyond that, recutting is the smaller change."""

_FRAMING_TEXT = re.compile(r"\s*(:.*|(data)?\s*:?\s*(\[DONE\])?|[\[{}\]])\s*")


@dataclass(slots=True)
class Stripped:
    """The rest of a body.

    Attributes:
        statement: the statement in which the parse call stands.
        bound: the name that it assigns the value to, if that is all it does.
        edits: what takes the subsumed statements away, the parse statement not included.
        used: names that are made by what vanishes, the step's included.
        rest: the statements that follow the parse statement in its block.
        gone: what vanishes; `anyway` are those of it that vanish whatever becomes of the rest, by `id`.
    """

    statement: ast.stmt
    bound: str | None = None
    edits: list[Edit] = field(default_factory=list)
    used: set[str] = field(default_factory=set)
    rest: list[ast.stmt] = field(default_factory=list)
    gone: list[ast.AST] = field(default_factory=list)
    anyway: set[int] = field(default_factory=set)

    @property
    def leaves(self) -> bool:
        """Decide whether a deleted test may end the loop."""
        tests = (gone for gone in self.gone if id(gone) not in self.anyway)
        return any(isinstance(node, ast.Break) for gone in tests for node in ast.walk(gone))

    @property
    def tests(self) -> bool:
        """Decide whether the deleted code skips steps."""
        kinds = (ast.If, ast.Compare, ast.BoolOp, ast.IfExp)
        if any(isinstance(edit, Unwrap) for edit in self.edits):
            return True
        return any(isinstance(node, kinds) for gone in self.gone for node in ast.walk(gone))


def strip(
    case: RewriteSite,
    body: Sequence[ast.stmt],
    names: set[str],
    gone: Sequence[ast.AST] = (),
    probe: SymbolicRunner | None = None,
) -> Stripped | Refusal:
    """Return what is left of `body`, whose step is bound to `names`. Refuse where something else depends on a step.

    `gone` is what vanishes anyway; `probe` tries the body where it is not that of the loop.
    """
    found = strip_framing(case, body, names, gone)
    return found if isinstance(found, Refusal) else _check_trial(case, probe) or found


def strip_framing(
    case: RewriteSite, body: Sequence[ast.stmt], names: set[str], gone: Sequence[ast.AST] = ()
) -> Stripped | Refusal:
    """Return what syntax leaves of `body`; whether observations stay the same is for symbolic runs to tell."""
    if len(case.sites) != 1:
        return Refusal("a piece is parsed in more than one place")
    found = _descend(case, body, set(names), [], [*gone])
    if isinstance(found, Refusal):
        return found
    found.anyway = set(map(id, gone))
    return _check_uses(case, found) or found


def strip_expression(case: RewriteSite, element: ast.expr, tests: Sequence[ast.expr]) -> Refusal | None:
    """Refuse unless a comprehension's tests serve framing only, and its element reads values only."""
    names = {str(case.name)}
    if len(case.sites) != 1:
        return Refusal("a piece is parsed in more than one place")
    if not all(is_about(test, names) for test in tests):
        return Refusal("pieces are chosen by more than their framing")
    found = _parsed(case, ast.Expr(element), [], names, [], [*tests])
    if isinstance(found, Refusal):
        return found
    parsed = {id(node) for node in walk(found.gone)}
    if any(id(name) not in parsed for name in loads(element, names)):
        return Refusal(f"`{case.name}` is used for something else, too")
    return _check_trial(case, None)


def _descend(
    case: RewriteSite, block: Sequence[ast.stmt], names: set[str], edits: list[Edit], gone: list[ast.AST]
) -> Stripped | Refusal:
    parse = case.site.parse
    if not any(case.tree.inside(parse, statement) for statement in block):
        return Refusal("the piece is parsed in another place than it is taken from the stream")
    for number, statement in enumerate(block):
        if not case.tree.inside(parse, statement):
            if not is_strippable(statement, names):
                return Refusal(f"`{quoted(statement)}` comes before a piece is parsed, and does more than unwrap it")
            names |= assigned(statement)
            edits.append(Delete(position_of(statement)))
            gone.append(statement)
            continue
        rest = list(block[number + 1 :])
        if isinstance(statement, ast.If) and not case.tree.inside(parse, statement.test):
            return _through(case, statement, rest, names, edits, gone)
        return _parsed(case, statement, rest, names, edits, gone)
    raise AssertionError("no statement holds the parse call")


def _through(
    case: RewriteSite,
    statement: ast.If,
    rest: list[ast.stmt],
    names: set[str],
    edits: list[Edit],
    gone: list[ast.AST],
) -> Stripped | Refusal:
    """Descend past an `if` around the parse call whose test is strippable."""
    inner = statement
    while True:
        if rest or not is_about(inner.test, names):
            return Refusal("pieces that are not parsed are not ignored")
        gone.append(inner.test)
        names |= {node.target.id for node in ast.walk(inner.test) if isinstance(node, ast.NamedExpr)}
        if not any(case.tree.inside(case.site.parse, part) for part in inner.orelse):
            break
        if not _only_jumps(inner.body) or len(inner.orelse) != 1 or not isinstance(inner.orelse[0], ast.If):
            return Refusal("pieces that are not parsed are not ignored")
        inner = inner.orelse[0]
    if inner.orelse:
        return Refusal("pieces that are not parsed are not ignored")
    if (inner.body[-1].end_lineno or 0) - inner.body[0].lineno >= MAX_DEDENT:
        return Refusal("the body would have to be moved")
    edits.append(Unwrap(position_of(statement), position_of(inner)))
    return _descend(case, inner.body, names, edits, gone)


def _parsed(
    case: RewriteSite,
    statement: ast.stmt,
    rest: list[ast.stmt],
    names: set[str],
    edits: list[Edit],
    gone: list[ast.AST],
) -> Stripped | Refusal:
    parse = case.site.parse
    argument = case.site.argument
    if argument is None or not (_is_pure(argument, names) or _is_read_at_once(argument, case)):
        whole = "the pieces are" if argument is None else f"`{quoted(argument)}` is"
        return Refusal(f"{whole} parsed, which is more than one piece without what it is wrapped in")
    if _decodes_its_own_way(case, [*gone, argument]):
        return Refusal("the bytes are decoded with a codec, or a rule for what is no text, of the program's own")
    if isinstance(parse, ast.Call) and (len(parse.args) != 1 or parse.keywords):
        return Refusal("the parser is given arguments of its own")
    for node in case.tree.above(parse):
        if node is statement:
            break
        if node is case.tree.parent(case.site.producer):
            break
        if isinstance(node, (ast.Lambda, ast.comprehension, ast.GeneratorExp, ast.ListComp, ast.SetComp, ast.DictComp)):
            return Refusal("the piece is parsed in an expression of its own")
        if isinstance(node, ast.stmt):
            return Refusal("the piece is parsed inside of another statement")
    bound = None
    match statement:
        case ast.Assign(targets=[ast.Name(id=name)], value=value) if value is parse:
            bound = name
        case ast.If() | ast.Assign() | ast.AnnAssign() | ast.AugAssign() | ast.Expr() | ast.Return() | ast.Raise():
            pass
        case _:
            return Refusal("the piece is parsed inside of another statement")
    gone.append(argument)
    return Stripped(statement, bound, edits, names, rest, gone)


def _decodes_its_own_way(case: RewriteSite, nodes: Sequence[ast.AST]) -> bool:
    """Decide whether bytes are decoded other than by the helper's strict UTF-8."""
    of_module, local = case.constants()
    told = [constant_of(codec, of_module | local) for node in walk(nodes) for codec in _codecs(node)]
    return not all(isinstance(text, str) and _is_codec(text) for text in told)


def _codecs(node: ast.AST) -> list[ast.expr]:
    """Return a call's arguments on decoding: the codec, and the treatment of errors."""
    match node:
        case (
            ast.Call(func=ast.Attribute(attr="decode"), args=told, keywords=keywords)
            | ast.Call(func=ast.Name(id="str"), args=[_, *told], keywords=keywords)
        ):
            return [*told, *(keyword.value for keyword in keywords)]
    return []


def undecoded(node: ast.AST) -> ast.AST:
    """Return what is decoded and stripped, without its `await`: `r.read()` of `(await r.read()).decode().strip()`."""
    match node:
        case ast.Await(value=inner):
            return undecoded(inner)
        case ast.Call(func=ast.Attribute(value=inner, attr="decode" | "strip")):
            return undecoded(inner)
    return node


def _is_read_at_once(argument: ast.expr, case: RewriteSite) -> bool:
    """Decide whether the parsed expression is a read itself, at most decoded and stripped."""
    return isinstance(case.site.step, ast.expr) and undecoded(argument) is undecoded(case.read)


def _check_uses(case: RewriteSite, found: Stripped) -> Refusal | None:
    """Refuse if remaining code reads a name that vanishes."""
    vanished = {id(node) for node in walk(found.gone)}
    scope = case.tree.scope(found.statement)
    outer, deleted = names_given_away(scope)
    if found.used & outer:
        return Refusal("a name that vanishes belongs to another scope")
    if gone := found.used & deleted:
        return Refusal(f"`{min(gone)}` is deleted")
    inside = reads_inside(case.tree, scope, found.used, case.site.producer)
    for name in itertools.chain(inside, reads_elsewhere(case.tree, found.used, case.site.producer)):
        if id(name) not in vanished and not _is_read_anew(case, name, found):
            return Refusal(f"`{name.id}` is used for something else, too")
    if (reader := read_by_text(scope, found.used)) is not None:
        return Refusal(f"`{reader}` reads names that would vanish")
    vanished_names = found.used - case.bound_names - {found.bound or ""}
    found.edits += [Delete(position_of(node)) for node in dead_bindings(case.tree, vanished_names, case.site.producer)]
    return None


def _is_read_anew(case: RewriteSite, name: ast.Name, found: Stripped) -> bool:
    """Decide whether a name is read in the loop after it has been given the value that was parsed, or something
    else.
    """
    is_value = name.id == found.bound and any(case.tree.inside(name, statement) for statement in found.rest)
    return is_value or rebound_before(case.tree, name, found.rest)


def _check_trial(case: RewriteSite, probe: SymbolicRunner | None) -> Refusal | None:
    """Refuse unless the values of made-up streams are all that can be observed of the code up to its parser."""
    sound = soundness_of(case, probe)
    if sound is None:
        return Refusal("a piece is more than one document to the code around the parser")
    samples = sound.samples
    if all(sound.values(stream) for stream in (*samples.all.streams, *samples.unusual, *samples.all.malformed)):
        return None
    return Refusal("what is parsed is not all that comes, or not as it comes")


def is_strippable(statement: ast.stmt, names: set[str]) -> bool:
    """Decide whether a statement converts or skips the step for the sake of framing only."""
    match statement:
        case ast.Assign(targets=[ast.Name()], value=value):
            return is_about(value, names)
        case ast.If(test=test, body=body, orelse=[]) if is_about(test, names):
            return _only_jumps(body) or _only_derives(body, names)
    return False


def _only_derives(body: Sequence[ast.stmt], names: set[str]) -> bool:
    """Decide whether statements only convert the step's own names: `chunk = chunk[6:]`."""
    return all(
        is_strippable(statement, names) and isinstance(statement, ast.Assign) and assigned(statement) <= names
        for statement in body
    )


def assigned(statement: ast.stmt) -> set[str]:
    """Return the names that a strippable statement binds."""
    match statement:
        case ast.Assign(targets=[ast.Name(id=name)]):
            return {name}
        case ast.If(test=test):
            return {node.target.id for node in ast.walk(test) if isinstance(node, ast.NamedExpr)}
    return set()


def _only_jumps(body: Sequence[ast.stmt]) -> bool:
    return len(body) == 1 and isinstance(body[0], (ast.Continue, ast.Break, ast.Pass))


def is_about(node: ast.expr, names: set[str]) -> bool:
    """Decide whether an expression is computed from the step alone, and concerns framing only."""
    return _is_pure(node, names) and any(True for _ in loads(node, names)) and _speaks_of_framing(node)


def _speaks_of_framing(node: ast.expr) -> bool:
    for part in ast.walk(node):
        if (
            isinstance(part, ast.Call)
            and isinstance(part.func, ast.Attribute)
            and part.func.attr in ("decode", "encode")
        ):
            continue
        if not isinstance(part, ast.Constant) or not isinstance(part.value, (str, bytes)):
            continue
        text = part.value if isinstance(part.value, str) else part.value.decode("latin-1")
        if not _FRAMING_TEXT.fullmatch(text) and not _is_codec(text):
            return False
    return True


def _is_codec(text: str) -> bool:
    """Decide whether a text names the helper's decoding: UTF-8, of which ASCII is a part, strictly."""
    return text.lower().replace("_", "-") in {"utf-8", "utf8", "ascii", "us-ascii", "strict"}


_HARMLESS = {"len", "str", "bytes", "bytearray", "isinstance", "list"}
_REPRODUCED = {
    "decode",
    "endswith",
    "isspace",
    "lstrip",
    "partition",
    "removeprefix",
    "rstrip",
    "split",
    "splitlines",
    "startswith",
    "strip",
}
"""Methods of texts that the runtime helper may do the work of; what else is done to a text is the program's own."""
_KINDS = {"str", "bytes", "bytearray", "memoryview"}


def _is_pure(node: ast.expr, names: set[str]) -> bool:
    """Decide whether an expression has no effects and reads only the names."""
    own = names | {part.target.id for part in ast.walk(node) if isinstance(part, ast.NamedExpr)}
    for part in ast.walk(node):
        match part:
            case ast.Name(id=name, ctx=ast.Load()) if name not in own and name not in _HARMLESS | _KINDS:
                return False
            case ast.Call(func=ast.Attribute(attr=method)) if method not in _REPRODUCED:
                return False
            case ast.BinOp() | ast.JoinedStr():
                return False
            case ast.Call(func=ast.Name(id=name)) if name not in _HARMLESS:
                return False
            case ast.Call(func=ast.Name() | ast.Attribute()):
                pass
            case ast.Call() | ast.Await() | ast.Yield() | ast.YieldFrom() | ast.Lambda() | ast.GeneratorExp():
                return False
            case ast.ListComp() | ast.SetComp() | ast.DictComp():
                return False
    return True
