"""Recutting: the iterable is wrapped and the body stays, `for chunk in rechunk(response.iter_content(None),
at="event"):`.

What the body takes a piece for is found out by trying (see `units`). Since `rechunk` is lossless and keeps the type of
the pieces, a body that is right on well-cut pieces is right on every cut, whatever else it does with them.
"""

from __future__ import annotations

import ast

from unchunk.analysis.findings import Applicability, Framing
from unchunk.codemod.boundaries import Boundary
from unchunk.codemod.boundary_search import (
    boundary_of,
    cuts_beginning_off,
    guess_unit,
    needs_lines_together,
    parses_the_rest,
    passes_line_ends,
    splits_at_prefix,
    splits_at_unknown,
    takes_documents_apart,
    takes_off_unknown,
    unit_spoken_of,
    why_none,
)
from unchunk.codemod.edits import Fix, Refusal
from unchunk.codemod.passthrough import passes_on, rest_is_raw
from unchunk.codemod.rewrite_site import RewriteSite
from unchunk.codemod.symbolic.runner import UNKNOWN
from unchunk.codemod.symbolic.values import TELLS
from unchunk.codemod.syntax import Function, loads, walk
from unchunk.codemod.wrap_targets import is_async_at, is_iterated, wrap_target_of

PRIORITY = 50


def propose(case: RewriteSite) -> Fix | Refusal | None:
    if case.findings[0].framing is not Framing.CHUNK:
        return None
    if isinstance(case.site.producer, Function) or not is_iterated(case):
        return None
    stream = wrap_target_of(case)
    if isinstance(stream, Refusal):
        return stream
    found = find_unit(case)
    if isinstance(found, Refusal):
        return found
    unit, applicability, note = found
    helper = "arechunk" if is_async_at(stream.node, case) else "rechunk"
    edits = (stream.wrapped(helper, f", {unit.options}"), *stream.edits)
    return Fix("recut", applicability, edits, (helper,), note=note)


def find_unit(case: RewriteSite) -> tuple[Boundary, Applicability, str] | Refusal:
    """Return the boundary that pieces need, and how sure that is."""
    if _goes_through(case, COMPRESSED):
        return Refusal("the pieces are compressed: what has to be cut again is what comes out of the decompressor")
    if _goes_through(case, LETTERS):
        return Refusal("the pieces are letters that stand for bytes: a document ends where they do not show it")
    found = _find_unit(case)
    boundary = None if isinstance(found, Refusal) else found[0]
    if boundary is not None and boundary.sse:
        return found
    if rest_is_raw(case):
        return Refusal("other pieces of the same stream go on as they came: what they are cut into would change")
    if boundary is None and needs_lines_together(case):
        return Refusal(
            "a piece is split into lines that are not parsed one by one, and what belongs together is not told"
        )
    if boundary is None and _is_for_the_caller(case):
        return Refusal("the pieces are handed to a function that the caller chooses")
    if (boundary is None or boundary.at == "document" or boundary.note) and passes_on(case):
        return Refusal("a piece that is no JSON goes on as it came: only its author can tell it from half a document")
    return found


def _is_for_the_caller(case: RewriteSite) -> bool:
    """Decide whether a function passed in as an argument stands between the pieces and the parser."""
    around = case.tree.function(case.site.producer)
    if around is None or case.tree.inside(case.call, around):
        return False
    given = {argument.arg for argument in walk(around.args) if isinstance(argument, ast.arg)}
    calls = (node for node in walk(case.body()) if isinstance(node, ast.Call))
    return any(isinstance(call.func, ast.Name) and call.func.id in given for call in calls)


def _find_unit(case: RewriteSite) -> tuple[Boundary, Applicability, str] | Refusal:
    unit = boundary_of(case)
    if unit is not None and unit.at == "document" and _uses_what_is_no_json(case):
        return Refusal("a piece that is no JSON is used as text: only its author can tell it from half a document")
    if unit is not None and unit.sse and takes_documents_apart(case):
        return (
            unit,
            Applicability.UNSAFE,
            "that the stream is one of server-sent events is a guess from the code around",
        )
    if unit is not None:
        return unit, Applicability.UNSAFE if unit.note else Applicability.SAFE, unit.note
    if (reason := why_none(case)) is not None:
        return Refusal(reason)
    if (call := takes_off_unknown(case)) is not None:
        return Refusal(f"what `{call}` takes off a piece cannot be told")
    if not _computed_something_else(case) and (unit := guess_unit(case)) is not None:
        late = f", and {unit.note}" if unit.note else ""
        return unit, Applicability.UNSAFE, f"that a piece is one {unit.word} is a guess from the code around{late}"
    if splits_at_prefix(case):
        return Refusal("the empty text before the first `data:` of a piece is parsed, too: skip what is empty")
    if splits_at_unknown(case):
        return Refusal("what the pieces are split at cannot be told")
    if not _computed_something_else(case) and cuts_beginning_off(case):
        return Refusal("what is cut off the beginning of a piece cannot be told")
    if parses_the_rest(case):
        return Refusal("the empty rest behind the last delimiter of a piece is parsed, too: skip what is empty")
    if passes_line_ends(case):
        note = "that what is parsed never spans lines is a guess from the code around"
        return Boundary("line"), Applicability.UNSAFE, note
    if (word := unit_spoken_of(case)) is not None:
        return Refusal(f"no {word} that could be made up gets through the tests of the code around")
    return Refusal("the code around takes a piece for neither a document, lines nor server-sent events")


COMPRESSED = frozenset(("decompress",))
LETTERS = frozenset(
    (
        "a2b_base64",
        "a2b_hex",
        "b16decode",
        "b32decode",
        "b64decode",
        "b85decode",
        "fromhex",
        "standard_b64decode",
        "unhexlify",
        "urlsafe_b64decode",
    )
)
"""Functions that decode base64 and the like."""


def _goes_through(case: RewriteSite, functions: frozenset[str]) -> bool:
    """Decide whether pieces are passed to one of some functions on their way to the parser."""
    for node in (node for site in case.sites for node in site.path):
        match node:
            case ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name)) if name in functions:
                return True
    return False


def _uses_what_is_no_json(case: RewriteSite) -> bool:
    """Decide whether a handler uses a piece that cannot be parsed, other than for a message about it."""
    for site in case.sites:
        if site.try_ is None:
            continue
        tried = {node.id for node in walk(site.argument or site.parse) if isinstance(node, ast.Name)}
        for handler in site.try_.handlers:
            kept = [node for node in handler.body if not _is_message(node)]
            if any(True for _ in loads(kept, tried | case.bound_names)):
                return True
    return False


def _is_message(statement: ast.stmt) -> bool:
    """Decide whether a statement raises, or tells a person in the program's own words."""
    match statement:
        case ast.Raise():
            return True
        case ast.Expr(value=ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name)) as call) if name in TELLS:
            constants = [node.value for node in walk(call) if isinstance(node, ast.Constant)]
            return any(isinstance(text, str) and any(map(str.isalpha, text)) for text in constants)
    return False


def _computed_something_else(case: RewriteSite) -> bool:
    """Decide whether a symbolic run shows that the parsed text is computable, and never a document."""
    probe = case.probe()
    for kind in case.kinds():
        runs = probe.runs('{"k": 1}' if kind is str else b'{"k": 1}')
        if any(value is UNKNOWN for run in runs for value in run.parsed):
            return False
    return True
