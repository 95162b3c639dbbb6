"""Constants by which code tells the pieces of a stream apart: prefixes, separators, end marks, words."""

from __future__ import annotations

import ast
import codecs
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from unchunk.codemod.budget import budget
from unchunk.codemod.constants import Constant, constant_of
from unchunk.codemod.rewrite_site import RewriteSite

MAX_WORDS = 8
MAX_LENGTH = 40
_STARTS = {"startswith", "removeprefix", "lstrip", "strip"}
_ENDS = {"endswith", "removesuffix", "rstrip", "strip"}
_SPLITS = {"split", "rsplit", "partition", "rpartition"}
_STRIPS = {"strip", "lstrip", "rstrip"}
_PATTERN = re.compile(r"\\[sSdDwWbBAZ]|[\\^$.*+?()\[\]{}|]")
"""Metacharacters of regular expressions."""


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The texts in the code, by their use.

    Attributes:
        starts: what a piece may begin with, besides its document.
        ends: what a piece may end with.
        words: all texts that the code compares pieces with or looks for in them, `starts` and `ends` included.
        compared: those that the code compares with only, and that are not blank.
        splits: what pieces are split at.
        cut_off: what a piece may end with, of what has the number of letters that are cut off there, if the code names
            nothing of that length.
        lengths: how many letters are cut off the beginning of a piece.
        searches: whether the code looks for where a document begins.
        events: whether the code speaks of server-sent events.
        may_be_events: whether pieces may be server-sent events for all that the code says: it takes off as many letters
            as `data: ` has, splits at a colon, or looks for where a document begins.
        codec: what bytes are decoded with, if it is not UTF-8.
    """

    starts: tuple[str, ...]
    ends: tuple[str, ...]
    words: tuple[str, ...]
    compared: tuple[str, ...]
    splits: tuple[str, ...]
    cut_off: tuple[str, ...]
    lengths: tuple[int, ...]
    searches: bool
    events: bool
    may_be_events: bool
    codec: str


def vocabulary(case: RewriteSite) -> Vocabulary:
    """Collect the constants of the code that a piece goes through up to its parser."""
    of_module, local = case.constants()
    known = of_module | local
    nodes = list(_code(case))
    starts: list[str] = []
    ends: list[str] = []
    words: list[str] = []
    splits: list[str] = []
    for node in nodes:
        begun, ended, split = _roles(node, known)
        starts += begun
        ends += ended
        splits += split
        words += _compared(node, known)
    events = _speaks_of_events(nodes, known) or ("data" in words and any(":" in split for split in splits))
    searches = any(map(_searches, nodes))
    lengths = {length for node in nodes for length in _lengths(node, known)}
    told = {-len(end) for end in ends}
    return Vocabulary(
        _unique(starts),
        _unique(ends),
        _unique([*starts, *ends, *words]),
        _unique([word for word in words if word.strip() and word not in (*starts, *ends)]),
        tuple(dict.fromkeys(splits)),
        tuple(dict.fromkeys(end for length in lengths - told for end in _CUT_OFF.get(length, ()))),
        tuple(sorted({length for length in lengths if 0 < length <= MAX_LENGTH})),
        searches,
        events,
        events or searches or not {5, 6}.isdisjoint(lengths) or ":" in "".join(splits),
        next((codec for node in nodes if (codec := _codec(node, known))), ""),
    )


_CUT_OFF = {-1: ("\n", ",", ";", "\0", "\x1e"), -2: ("\r\n", ",\n", ";\n")}


def _lengths(node: ast.AST, known: Mapping[str, Constant]) -> list[int]:
    """Return the number of letters a slice cuts off the beginning of a text, or, negative, off its end."""
    match node:
        case ast.Slice(lower=ast.Constant(value=int() as length)):
            return [length]
        case ast.Slice(upper=ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=int() as length))):
            return [-length]
    return []


def _searches(node: ast.AST) -> bool:
    match node:
        case ast.Call(
            func=ast.Attribute(attr="find" | "index" | "rfind" | "rindex" | "search" | "findall" | "finditer")
        ):
            return True
    return False


def _codec(node: ast.AST, known: Mapping[str, Constant]) -> str:
    """Return the codec that bytes are decoded with, where Python knows it and it is not UTF-8."""
    match node:
        case (
            ast.Call(func=ast.Attribute(attr="decode"), args=[codec, *_])
            | ast.Call(func=ast.Name(id="str"), args=[_, codec, *_])
            | ast.Call(
                func=ast.Attribute(attr="decode") | ast.Name(id="str"), keywords=[ast.keyword("encoding", codec), *_]
            )
        ):
            name = constant_of(codec, known)
        case _:
            return ""
    try:
        found = codecs.lookup(name).name if isinstance(name, str) else "utf-8"
        return "" if found in ("utf-8", "utf-8-sig", "ascii") or not isinstance("{".encode(found), bytes) else found
    except (LookupError, UnicodeError, TypeError):
        return ""


def _code(case: RewriteSite) -> Iterator[ast.AST]:
    """Yield the nodes that a piece goes through, called functions of the module included."""
    functions = case.functions()
    pending: list[ast.AST] = [*case.body(), *(node for site in case.sites for node in site.path)]
    seen: set[int] = set()
    while pending:
        node = pending.pop()
        budget.look(3)  # each is asked for several things
        if id(node) in seen:
            continue
        seen.add(id(node))
        yield node
        pending += ast.iter_child_nodes(node)
        match node:
            case ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name)) if name in functions:
                pending.append(functions[name])


def _roles(node: ast.AST, known: Mapping[str, Constant]) -> tuple[list[str], list[str], list[str]]:
    """Return the texts that a call cuts off the beginning or the end of a text, or splits it at."""
    match node:
        case ast.Call(func=ast.Attribute(attr="splitlines")):
            return [], ["\n"], ["\n"]
        case ast.Call(func=ast.Attribute(value=ast.Name(id="re"), attr=method), args=[pattern, *_]):
            text = _text(constant_of(pattern, known))
            if method == "split" and text is not None:
                return [], ["\n"] if "\\n" in text or "\n" in text else [], ["\n"]
            letters = [found for part in (text or "").split("|") if (found := _PATTERN.sub("", part))]
            return letters, letters, []
        case ast.Call(func=ast.Attribute(attr=method), args=[first, *rest]):
            texts = _texts(first, known)
            if method in _STRIPS:
                texts = [part for text in texts for part in _stripped(text)]
            split = texts if method in _SPLITS else []
            if method == "replace" and len(rest) == 1 and _text(constant_of(rest[0], known)) in ("", " "):
                # What is taken out may stand anywhere: an escape is inside of a string, `var x = ` before a document.
                outside = [text for text in texts if "\\" not in text and text.strip(" \t\r\n")]
                return outside, [text for text in outside if not text.endswith((" ", "=", ":", "("))], []
            return (
                texts if method in _STARTS or split else [],
                texts if method in _ENDS or split else [],
                split,
            )
        case ast.Compare(left=ast.Subscript(slice=index), comparators=[letter]):
            is_last = not isinstance(index, ast.Slice) or index.upper is None
            texts = _texts(letter, known) or _letter(letter, known)
            return texts, texts if is_last else [], []
        case ast.BinOp(left=ast.Call(func=ast.Attribute(attr="find" | "index"), args=[last]), op=ast.Add()):
            return [f"0{text}" for text in _texts(last, known) if text.strip("{[")], [], []
        case ast.Slice(upper=ast.UnaryOp(operand=ast.Call(func=ast.Name(id="len"), args=[last]))):
            return [], _texts(last, known), []
        case ast.Call(func=ast.Name(id="len"), args=[first]):
            return _texts(first, known), [], []
    return [], [], []


def _letter(node: ast.expr, known: Mapping[str, Constant]) -> list[str]:
    """Return the letter that a byte is compared with by its number: `59`, `ord(";")`."""
    match node:
        case ast.Call(func=ast.Name(id="ord"), args=[letter]):
            return _texts(letter, known)
    number = constant_of(node, known)
    return [chr(number)] if isinstance(number, int) and 0 < number < 128 else []


def _stripped(letters: str) -> list[str]:
    """Return the texts that may end a piece where any of some letters is stripped; a line end comes last."""
    marks = "".join(letter for letter in letters if letter not in " \t\r\n[]{}")
    line_end = next((end for end in ("\r\n", "\n") if end in letters), "")
    if len(marks) > 1 and any(map(str.isalnum, marks)):
        return [letters]
    return [text for text in (f"{marks}{line_end}", *(f"{mark}{line_end}" for mark in marks), line_end) if text]


def _compared(node: ast.AST, known: Mapping[str, Constant]) -> list[str]:
    match node:
        case ast.Compare(left=left, comparators=others):
            return [text for part in (left, *others) for text in _texts(part, known)]
        case ast.MatchValue(value=value):
            return _texts(value, known)
        case ast.Call(func=ast.Attribute(attr="find" | "index" | "rfind" | "rindex" | "count"), args=[first, *_]):
            return _texts(first, known)
    return []


def _texts(node: ast.expr, known: Mapping[str, Constant]) -> list[str]:
    """Return the texts that an expression is, or those in a tuple or set."""
    if isinstance(node, (ast.Tuple, ast.List, ast.Set)):
        return [text for part in node.elts for text in _texts(part, known)]
    constant = constant_of(node, known)
    parts = sorted(constant, key=repr) if isinstance(constant, frozenset) else constant
    found = map(_text, parts if isinstance(parts, (tuple, list)) else [constant])
    return [text for text in found if text]


def _text(constant: Constant) -> str | None:
    if isinstance(constant, bytes):
        return constant.decode("utf-8", "surrogateescape")
    return constant if isinstance(constant, str) else None


def _unique(texts: Sequence[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(text for text in texts if len(text) <= MAX_LENGTH))[:MAX_WORDS]


def _speaks_of_events(nodes: Sequence[ast.AST], known: Mapping[str, Constant]) -> bool:
    """Decide whether the code names a field of server-sent events, their end mark, or the blank line behind them."""
    for node in nodes:
        match node:
            case ast.Constant() | ast.Name():
                text = _text(constant_of(node, known))
                if text and ("data:" in text or "[DONE]" in text or text in ("\n\n", "\r\n\r\n")):
                    return True
    return False
