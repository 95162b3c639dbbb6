"""Boundary search: what a stream must be cut into, so that a loop's body digests every piece, found by trying."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import replace
from itertools import islice, takewhile

from unchunk.codemod.boundaries import Boundary
from unchunk.codemod.constants import constant_of, literal
from unchunk.codemod.rewrite_site import RewriteSite
from unchunk.codemod.soundness import Pieces, Soundness, Verdict, of_one_line, soundness_by_kind, soundness_of
from unchunk.codemod.symbolic.samples import DOCUMENT, ending_in_backslash
from unchunk.codemod.syntax import walk

LINES = (f"data: {DOCUMENT}\n", f"data:{DOCUMENT}\n")
_MAX_SHOWN = 2
ONE_A_LINE = "that each document has a line of its own is a guess from the code around"
ONE_END = "that no blank line comes behind a document is a guess, too"
LATE = "a document or text with nothing behind it is handed out when the next begins"


def boundary_of(case: RewriteSite) -> Boundary | None:
    """Return the boundary that preserves all observations of the body; None if there is none."""
    sound = soundness_of(case)
    return None if sound is None or parses_the_rest(case) else faithful(sound)


def why_none(case: RewriteSite) -> str | None:
    """Return the reason why no boundary is faithful to all that the code accepts."""
    sound = soundness_of(case)
    return None if sound is None or parses_the_rest(case) else comes_otherwise(sound)


def comes_otherwise(sound: Soundness) -> str:
    """Return what the best boundary would change."""
    if (codec := sound.vocabulary.codec) and (ending_in_backslash(codec) or codec.startswith(("utf-16", "utf-32"))):
        return f"the pieces are decoded as {codec}, in whose bytes it cannot be told where a document ends"
    if sound.vocabulary.cut_off and not sound.ends:
        return "what is cut off the end of a piece, and so what it ends with, cannot be told"
    nearest: Boundary | None = None
    failing: tuple[Pieces, ...] = ()
    for boundary in _candidates(sound):
        most = len(failing) if nearest else None
        found = tuple(islice(sound.changes(boundary, sound.samples.named), most))
        if nearest is None or len(found) < len(failing):
            nearest, failing = boundary, found
    assert nearest is not None
    stream = min(failing, key=lambda pieces: sum(map(len, pieces)))
    pieces = [f"`{_shown(piece)}`" for piece in dict.fromkeys(stream)][:_MAX_SHOWN]
    return f"cut again at each {nearest.word}, pieces such as {' and '.join(pieces)} would not come as before"


def _shown(piece: str) -> str:
    """Return a piece as a person reads it, on one line."""
    return literal(piece)[1:-1].replace('\\"', '"')


def faithful(sound: Soundness) -> Boundary | None:
    """Return the boundary that changes no observation, with what it assumes of the stream."""
    found = _faithful(sound)
    if found is None or sound.verdict(found, sound.samples.spaced) is Verdict.EQUAL:
        return found
    return replace(found, note=f"{found.note}; {ONE_END}" if found.note else ONE_END)


def _faithful(sound: Soundness) -> Boundary | None:
    """Return the first boundary that is faithful to every stream that the body accepts, or else to those whose pieces
    end as the code says. One that yields something late is second best.
    """
    samples = sound.samples
    # Who answers is asked before more comes, also where a document lacks the line end that it is split at.
    first = () if sound.vocabulary.splits and not sound.answers else (samples.all,)
    late: Boundary | None = None
    for level in dict.fromkeys((*first, samples.named)):
        for boundary in _candidates(sound):
            verdict = sound.verdict(boundary, level)
            if verdict is Verdict.EQUAL:
                return replace(boundary, note=ONE_A_LINE) if sound.lines_are_assumed else boundary
            if verdict is Verdict.LATE and late is None:
                late = replace(boundary, note=LATE)
    others = sound.answers or sound.takes_no_lines or any(end.strip("\r\n") for end in sound.ends)
    if late is not None or sound.takes_events or others or not samples.lines.streams:
        return late
    levels = (samples.lines, *([of_one_line(samples.lines)] if sound.speaks_of_lines else []))
    equal = (
        boundary
        for level in levels
        for boundary in _candidates(sound)
        if sound.verdict(boundary, level) is Verdict.EQUAL
    )
    return next((replace(boundary, note=ONE_A_LINE) for boundary in equal), None)


def _candidates(sound: Soundness) -> Iterator[Boundary]:
    """Yield boundaries that may be faithful, the most readable first."""
    splits = sound.vocabulary.splits
    ends = [end for end in sound.ends if end not in ("\n", "\r\n", "\r")]
    if sound.takes_events:
        yield Boundary("line", sse=True)
        yield Boundary("event", sse=True)
    if "\n" in splits or "\r\n" in splits:
        yield Boundary("line")
    if "\r\n" in splits:
        yield Boundary(sound.spelled("\r\n"))
    # No text of JSON has a control character in it, and what pieces are split at anyway is in none of their documents.
    yield from (Boundary(sound.spelled(end)) for end in ends if end in splits or not end.isprintable())
    yield Boundary("document")
    yield Boundary("document", skip_blank=True)
    yield Boundary("line")
    yield from (Boundary("document", end=sound.spelled(end)) for end in (*ends, "\n"))
    yield from (Boundary(sound.spelled(end)) for end in ends)


def parses_the_rest(case: RewriteSite) -> bool:
    """Decide whether pieces are split by hand so that a trailing delimiter leaves an unparsable rest."""
    sound = next((sound for sound in soundness_by_kind(case) if sound.accepts(DOCUMENT)), None)
    return sound is not None and any(
        not any(map(sound.accepts, (f"{DOCUMENT}{split}", f"{split}{DOCUMENT}"))) for split in sound.vocabulary.splits
    )


def splits_lines(case: RewriteSite) -> bool:
    """Decide whether pieces are split by hand, at line ends only."""
    delimiters = [_text(delimiter) for delimiter in _delimiters(case)]
    return bool(delimiters) and all(text in ("\n", "\r\n") for text in delimiters)


def passes_line_ends(case: RewriteSite) -> bool:
    """Decide whether pieces are split at line ends by hand, and the body ignores what is behind the last one."""
    probe = case.probe()
    return splits_lines(case) and all(probe.ignores(_as(kind, "\n")) for kind in case.kinds()[:1])


def unit_spoken_of(case: RewriteSite) -> str | None:
    """Return the unit that the surrounding code names for a piece, whatever it accepts."""
    if _mentions_events(case):
        return "server-sent event"
    return "line" if splits_lines(case) else None


def takes_off_unknown(case: RewriteSite) -> str | None:
    """Return a call that cuts an unknown text off a piece, if there is one."""
    of_module, local = case.constants()
    for node in walk([*case.body(), *case.ways()]):
        match node:
            case ast.Call(func=ast.Attribute(attr=method), args=[text, *_]) if method in _TAKES_OFF:
                if constant_of(text, of_module | local) is None and not isinstance(text, ast.Tuple):
                    return ast.unparse(node)
    return None


_TAKES_OFF = {"lstrip", "removeprefix", "removesuffix", "replace", "rstrip", "strip", "translate"}


def guess_unit(case: RewriteSite) -> Boundary | None:
    """Guess the unit from the constants around, where the parsed text could not be computed."""
    if _mentions_events(case):
        return Boundary("event", sse=True)
    splits = [_text(text) for text in _delimiters(case)]
    if "\n" in splits:
        return None if needs_lines_together(case) else Boundary("line")
    if splits_at_unknown(case) or cuts_beginning_off(case):
        return None
    sound = soundness_by_kind(case)[0]
    if case.site.text is None or sound.answers:
        return Boundary("document", skip_blank=True)
    # Nothing is left out: who knows what else is done with a piece that cannot be computed.
    return Boundary("document", end=sound.spelled("\n"), note=LATE)


def needs_lines_together(case: RewriteSite) -> bool:
    """Decide whether a piece is split into lines, and the parse call is in no loop over them."""
    if "\n" not in map(_text, _delimiters(case)):
        return False
    around = takewhile(lambda node: node is not case.site.producer, case.tree.above(case.call))
    loops = (ast.For, ast.AsyncFor, ast.While, ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
    return case.site.argument is not None and not any(isinstance(node, loops) for node in around)


def splits_at_unknown(case: RewriteSite) -> bool:
    """Decide whether pieces are split by hand at an unknown delimiter."""
    if any(site.split is not None for site in case.sites) and not _delimiters(case):
        return True
    of_module, local = case.constants()
    return any(
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in ("split", "rsplit", "partition", "rpartition")
        and any(constant_of(text, of_module | local) is None for text in node.args[:1] if not _is_none(text))
        for node in walk([*case.body(), *case.ways()])
    )


def _is_none(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is None


def cuts_beginning_off(case: RewriteSite) -> bool:
    """Decide whether a slice without the beginning of a piece is parsed: no piece is a document then."""
    steps = [step for site in case.sites for step in (*site.path, site.argument)]
    for node in walk([step for step in steps if step is not None and not isinstance(step, ast.For | ast.AsyncFor)]):
        match node:
            case ast.Subscript(slice=ast.Slice(lower=ast.expr() as lower)):
                if not (isinstance(lower, ast.Constant) and lower.value == 0):
                    return True
    return False


def takes_documents_apart(case: RewriteSite) -> bool:
    """Decide whether bare documents, in no event, are parsed as well, by a parse call of their own."""
    return len(case.sites) > 1 and any(case.probe().accepts(_as(kind, DOCUMENT)) for kind in case.kinds())


def _mentions_events(case: RewriteSite) -> bool:
    """Decide whether the code that a piece goes through mentions server-sent events."""
    for node in walk([*case.body(), *case.ways()]):
        if isinstance(node, ast.Constant) and isinstance(node.value, (str, bytes)):
            text = node.value if isinstance(node.value, str) else node.value.decode("latin-1")
            if text.strip().startswith("data:") or "[DONE]" in text or text == "\n\n":
                return True
    return False


def splits_at_prefix(case: RewriteSite) -> bool:
    """Decide whether pieces are split at `data: `, and all parts are used."""
    nodes = list(walk(case.body()))
    chosen = {id(node.value) for node in nodes if isinstance(node, ast.Subscript)}
    for node in nodes:
        match node:
            case ast.Call(func=ast.Attribute(attr="split"), args=[ast.Constant(value=str() | bytes() as text), *_]):
                if _text(text).strip() in ("data:", "data") and id(node) not in chosen:
                    return True
    return False


def _delimiters(case: RewriteSite) -> list[str | bytes]:
    """Return the constants that pieces are split at, and the line end for `splitlines()`."""
    return list(dict.fromkeys(_split_constants(case)))


def _split_constants(case: RewriteSite) -> Iterator[str | bytes]:
    of_module, local = case.constants()
    known = of_module | local
    for node in walk([*case.body(), *case.ways()]):
        match node:
            case ast.Call(func=ast.Attribute(attr="splitlines")):
                yield "\n"
            case ast.Call(
                func=ast.Attribute(value=ast.Name(id="re"), attr="split"),
                args=[ast.Constant(value=str() | bytes() as pattern), *_],
            ) if "\\n" in _text(pattern):
                yield "\n"
            case ast.Call(
                func=ast.Attribute(attr="split" | "rsplit" | "partition" | "rpartition"),
                args=[delimiter, *_],
            ):
                text = constant_of(delimiter, known)
                if isinstance(text, (str, bytes)) and text and "data" not in _text(text):
                    yield text


def _text(constant: str | bytes) -> str:
    return constant if isinstance(constant, str) else constant.decode("latin-1")


def _as(kind: type[str] | type[bytes], piece: str) -> str | bytes:
    return piece if kind is str else piece.encode()
