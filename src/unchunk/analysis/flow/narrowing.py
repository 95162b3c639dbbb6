"""Type-state facts from tests: what holds about the tested data on each branch."""

from __future__ import annotations

import ast
from dataclasses import replace
from typing import TYPE_CHECKING

from unchunk.analysis.catalog.dsl import EVENT_LINES

from .access_paths import MethodCall, method_call
from .data import map_nested
from .state import TypestateFact
from .values import CollectionValue, Constant, Source, StreamData, Value, union_members

if TYPE_CHECKING:
    from .frames import Frame

NOT_BLANK = "blank lines"
NO_COMMENT = "comments"
OTHER_FIELDS = {"event": "`event:`", "id": "`id:`", "retry": "`retry:`"}
DONE = "`[DONE]`"
KINDS = (NOT_BLANK, NO_COMMENT, *OTHER_FIELDS.values(), DONE)
"""The kinds of lines of an event stream that are no JSON; that one cannot come here is a fact of that name."""
PREFIX = frozenset(KINDS) - {DONE}
"""Kinds of lines that are excluded where a line begins with `data:`."""
CONTENT = frozenset(KINDS)
"""Kinds of lines that are excluded where the content of a line was tested."""
SSE = EVENT_LINES
STREAMED = "the request has asked for a stream"
TESTED = "it was tested in some other way"
COUNTED = "its length was compared with what is due"


def narrow(test: ast.expr, holds: bool, frame: Frame) -> None:
    """Refine the state as if the test came out that way."""
    if not frame.run.has_pieces:
        return
    called = method_call(test)
    if called is not None and _assume_method(called, holds, frame):
        return
    match test:
        case ast.UnaryOp(op=ast.Not(), operand=inner):
            narrow(inner, not holds, frame)
        case ast.BoolOp(op=ast.And(), values=parts) if holds:
            for part in parts:
                narrow(part, True, frame)
        case ast.BoolOp(op=ast.Or(), values=parts) if not holds:
            for part in parts:
                narrow(part, False, frame)
        case ast.BoolOp(values=parts):
            _assume_any(parts, holds, frame)
        case ast.NamedExpr(target=target):
            narrow(target, holds, frame)
        case ast.Compare(left=left, ops=[op], comparators=[right]):
            _assume_compared(left, op, right, holds, frame)
        case ast.Call(func=ast.Name(id="len"), args=[subject]):
            narrow(subject, holds, frame)
        case _:
            if holds:
                _learn(test, NOT_BLANK, frame)
            if isinstance(test, ast.Call):
                _learn_tested(test, frame)


def _assume_method(called: MethodCall, holds: bool, frame: Frame) -> bool:
    """Refine the state by a text method that was called; return whether it says anything."""
    match called.name, called.arguments:
        case "startswith", [prefix, *_]:
            _assume_prefix(called.receiver, prefix, holds, frame)
        case "endswith", [suffix, *_]:
            _assume_suffix(called.receiver, suffix, holds, frame)
        case (("strip" | "rstrip" | "lstrip" | "decode" | "encode"), _):
            narrow(called.receiver, holds, frame)
        case "isspace", _ if not holds:
            _learn(called.receiver, NOT_BLANK, frame)
        case _:
            return False
    return True


def _learn_tested(test: ast.Call, frame: Frame) -> None:
    """Mark all tested data: an unrecognized test may establish anything."""
    for part in ast.walk(test):
        if isinstance(part, ast.Name):
            _learn(part, TESTED, frame)


def _assume_suffix(subject: ast.expr, suffix: ast.expr, holds: bool, frame: Frame) -> None:
    text = _text_of(suffix, frame)
    if text is None or "DONE" in text.upper():
        _learn(subject, DONE, frame)
    elif holds:
        _learn(subject, CONTENT, frame)
    if holds:
        _learn(subject, NOT_BLANK, frame)


def _assume_any(parts: list[ast.expr], holds: bool, frame: Frame) -> None:
    """Refine the state by `or`: keep only what each alternative would establish."""
    before = frame.state.facts
    common: frozenset[TypestateFact] | None = None
    for part in parts:
        frame.state.facts = before
        narrow(part, holds, frame)
        learned = frame.state.facts
        common = learned if common is None else common & learned
    frame.state.facts = before if common is None else before | common


def _assume_prefix(subject: ast.expr, prefix: ast.expr, holds: bool, frame: Frame) -> None:
    text = _text_of(prefix, frame)
    if text is None:
        if holds:
            _learn(subject, PREFIX, frame)
        return
    if isinstance(prefix, ast.Constant) and not text.strip():
        return
    begins = [each.strip() for each in text.split("\n")]
    if any(each.startswith(("data:", "event:", "retry:")) for each in begins):
        _learn(subject, SSE, frame)
    if "DONE" in text.upper():
        _learn(subject, DONE, frame)
    if holds:
        _learn(subject, frozenset.intersection(*map(_begins_otherwise, begins)), frame)
    else:
        for each in begins:
            _learn(subject, _kinds_that_begin(each), frame)


def _begins_otherwise(prefix: str) -> frozenset[str]:
    """Return the kinds of lines that cannot begin with this prefix."""
    rest = prefix.removeprefix("data").removeprefix(":").strip()
    if rest == prefix and _kinds_that_begin(prefix):
        return frozenset((NOT_BLANK,))
    return CONTENT if rest and not "[DONE]".startswith(rest) else PREFIX


def _kinds_that_begin(prefix: str) -> frozenset[str]:
    """Return the kinds of lines that all begin with this prefix."""
    if prefix == ":":
        return frozenset((NO_COMMENT,))
    return frozenset(kind for field, kind in OTHER_FIELDS.items() if prefix in (field, f"{field}:"))


def prefix_cut_by(cut: ast.Slice, frame: Frame) -> tuple[bool, bool]:
    """Return whether a slice removes `data:` by its name, as `[len("data:"):]` does, and whether it removes as much."""
    from .catalog_rows import evaluate_plain

    match cut:
        case ast.Slice(upper=None | ast.UnaryOp(op=ast.USub()), lower=ast.Constant(value=5 | 6)):
            return False, True
        case ast.Slice(lower=ast.Call(func=ast.Name(id="len"), args=[prefix])):
            match evaluate_plain(prefix, frame):
                case Constant(value=str(text)):
                    return text.startswith("data:"), False
                case Constant(value=bytes(raw)):
                    return raw.startswith(b"data:"), False
    return False, False


def _assume_compared(left: ast.expr, op: ast.cmpop, right: ast.expr, holds: bool, frame: Frame) -> None:
    first = _text_of(left, frame)
    text = _text_of(right, frame) if first is None else first
    subject = left if first is None else right
    if text is None:
        _assume_counted(left, op, right, holds, frame)
        return
    if "DONE" in text.upper():
        _learn(subject, DONE, frame)
        if text.startswith("data:"):
            _learn(subject, SSE, frame)
    if isinstance(op, ast.In | ast.NotIn):
        _assume_contained(subject, text, first is not None, isinstance(op, ast.In) is holds, frame)
    elif isinstance(op, ast.Eq | ast.NotEq):
        _assume_equal(subject, text.strip(), isinstance(op, ast.Eq) is holds, frame)


def _assume_contained(subject: ast.expr, text: str, within: bool, holds: bool, frame: Frame) -> None:
    """Refine by `"data:" in line` (the text is `within` the subject) or `line in ("", "[DONE]")`."""
    if holds and text.strip(" :") == "data":
        _learn(subject, PREFIX, frame)
    elif holds and text.strip():
        _learn(subject, NOT_BLANK if text.strip() == ":" else CONTENT, frame)
    elif not holds and not within and not all(map(str.strip, text.split("\n"))):
        _learn(subject, NOT_BLANK, frame)


def _assume_equal(subject: ast.expr, text: str, holds: bool, frame: Frame) -> None:
    if holds and text:
        _learn(subject, PREFIX, frame)
    elif not holds:
        _learn(subject, _kinds_that_begin(text) if text else NOT_BLANK, frame)


def _assume_counted(left: ast.expr, op: ast.cmpop, right: ast.expr, holds: bool, frame: Frame) -> None:
    """Refine by `len(parts) > 1` for pieces split at the prefix, and by `len(line) > 0`."""
    match left, op, right:
        case ast.Call(func=ast.Name(id="len"), args=[subject]), ast.Gt() | ast.GtE() | ast.NotEq() | ast.Eq(), _ if (
            isinstance(right, ast.Constant)
        ):
            enough = right.value not in (0, 1) or (isinstance(op, ast.Gt) and right.value == 1)
            if holds:
                _learn(subject, NOT_BLANK, frame)
            if holds and enough:
                _learn(subject, PREFIX, frame)
        case ast.Call(func=ast.Name(id="len"), args=[subject]), ast.Lt() | ast.LtE() | ast.Eq(), ast.Constant() if (
            not holds
        ):
            _learn(subject, NOT_BLANK, frame)
            _learn(subject, PREFIX, frame)
        case ast.Call(func=ast.Name(id="len"), args=[subject]), _, _:
            _learn(subject, COUNTED, frame)
            narrow(left, holds, frame)
        case _, _, ast.Call(func=ast.Name(id="len"), args=[subject]):
            _learn(subject, COUNTED, frame)
        case ast.Call(), _, _:
            narrow(left, holds, frame)


def _text_of(node: ast.expr, frame: Frame) -> str | None:
    """Return the text of a constant, of a name for one, or of several."""
    from .catalog_rows import evaluate_plain

    match node:
        case ast.Constant(value=str(text)):
            return text
        case ast.Constant(value=bytes(raw)):
            return raw.decode("latin-1")
        case ast.Tuple(elts=parts) | ast.List(elts=parts) | ast.Set(elts=parts):
            found = [_text_of(part, frame) for part in parts]
            return "\n".join(text for text in found if text is not None) or None
        case ast.Call(func=ast.Attribute(value=inner, attr="encode")):
            return _text_of(inner, frame)
        case ast.Name() | ast.Attribute():
            match evaluate_plain(node, frame):
                case Constant(value=str() | bytes() as known):
                    return _text_of(ast.Constant(known), frame)
    return None


def _learn(subject: ast.expr, facts: str | frozenset[str], frame: Frame) -> None:
    learned = {facts} if isinstance(facts, str) else facts
    for source in _sources_of(subject, frame):
        frame.state.facts |= {(source, fact) for fact in learned}


def _sources_of(subject: ast.expr, frame: Frame) -> list[Source]:
    """Return the sources of the tested data, through the methods and slices applied to it."""
    from .catalog_rows import evaluate_plain

    while True:
        called = method_call(subject)
        if called is not None:
            subject = called.receiver
            continue
        match subject:
            case ast.Subscript(value=inner):
                subject = inner
            case ast.Call(func=ast.Name(), args=[inner, *_]):
                subject = inner
            case _:
                break
    value = evaluate_plain(subject, frame)
    held = [item.element if isinstance(item, CollectionValue) else item for item in union_members(value)]
    return [
        source
        for item in held
        for data in union_members(item)
        if isinstance(data, StreamData)
        for source in data.sources
    ]


def with_facts(value: Value, frame: Frame) -> Value:
    """Attach the facts known here to the data, which is about to leave the tested branch."""
    facts = frame.state.facts
    if not facts:
        return value

    def stamp(item: Value) -> Value:
        if not isinstance(item, StreamData):
            return item
        learned = {fact for source, fact in facts if source in item.sources}
        return replace(item, known=item.known | learned) if learned else item

    return map_nested(value, stamp)


def drop_facts(value: Value, frame: Frame) -> None:
    """Drop the facts about a new step: tests of earlier steps say nothing about it."""
    if not frame.state.facts:
        return
    fresh = {source for item in union_members(value) if isinstance(item, StreamData) for source in item.sources}
    frame.state.facts = frozenset(fact for fact in frame.state.facts if fact[0] not in fresh)
