"""What a stream must be cut into, so that the body of a loop can digest every piece: told by trying pieces on it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass

from unchunk.codemod.case import Case
from unchunk.codemod.constants import as_kind, constant_of, literal
from unchunk.codemod.probe import Probe
from unchunk.codemod.syntax import loads, walk
from unchunk.codemod.uses import reads_elsewhere

DOCUMENT = '{"k": 1}'
EVENTS = (
    f"data: {DOCUMENT}\n\n",
    f"data:{DOCUMENT}\n\n",
    f"event: e\ndata: {DOCUMENT}\n\n",
    f"id: 1\ndata: {DOCUMENT}\n\n",
)
LINES = (f"data: {DOCUMENT}\n", f"data:{DOCUMENT}\n")
OTHER_LINES = ("\n", ": comment\n", "event: e\n", "id: 1\n", "retry: 1\n")
ONE_A_LINE = "that each document has a line of its own is a guess from the code around"
_LINE_ENDS = ("\n", "\n\n", "\r\n\r\n")
DONE = "data: [DONE]\n\n"


@dataclass(frozen=True, slots=True)
class Unit:
    """What a body takes one piece for.

    Attributes:
        at: what `rechunk` is told: `"document"`, `"line"`, `"event"`, or a delimiter.
        sse: whether the stream is one of server-sent events.
        skip_blank: whether the body would trip over a line end that comes apart from the last document.
        note: what a person should have a look at.
    """

    at: str | bytes
    sse: bool = False
    skip_blank: bool = False
    note: str = ""

    @property
    def options(self) -> str:
        """What `rechunk` is told, as it is written in a program."""
        return f"at={self.literal}, skip_blank=True" if self.skip_blank else f"at={self.literal}"

    @property
    def literal(self) -> str:
        """`at` as it is written in a program."""
        return literal(self.at)

    @property
    def word(self) -> str:
        """The unit as a person names it."""
        if self.at in ("document", "line"):
            return str(self.at)
        return "server-sent event" if self.at == "event" else f"stretch up to {self.literal}"


def unit_of(case: Case) -> Unit | None:
    """What the body takes a piece for, or None where no piece that we know of gets through it."""
    probe = case.probe()
    for kind in case.kinds():
        if unit := _unit(case, probe, kind):
            return unit
    return None


def parses_the_rest(case: Case) -> bool:
    """Whether pieces are split by hand, and one that ends with the delimiter leaves something that cannot be parsed."""
    probe = case.probe()
    return bool(_delimiters(case)) and any(probe.digests(_as(kind, DOCUMENT)) for kind in case.kinds())


def splits_lines(case: Case) -> bool:
    """Whether pieces are split by hand, at line ends only."""
    delimiters = [_text(delimiter) for delimiter in _delimiters(case)]
    return bool(delimiters) and all(text in ("\n", "\r\n") for text in delimiters)


def passes_line_ends(case: Case) -> bool:
    """Whether pieces are split at line ends by hand, and what is behind the last one is nothing to the body."""
    probe = case.probe()
    return splits_lines(case) and all(probe.idle(_as(kind, "\n")) for kind in case.kinds()[:1])


def unit_spoken_of(case: Case) -> str | None:
    """What the code around says that it takes a piece for, whatever gets through it."""
    if _mentions_events(case):
        return "server-sent event"
    return "line" if splits_lines(case) else None


def guess_unit(case: Case) -> Unit | None:
    """The likely unit where what is parsed could not be computed, from the constants that the code around speaks of."""
    if _mentions_events(case):
        return Unit("event", sse=True)
    splits = [_text(text) for text in _delimiters(case)]
    if "\n" in splits:
        return Unit("line")
    return None if splits_at_unknown(case) or cuts_beginning_off(case) else Unit("document", skip_blank=True)


def splits_at_unknown(case: Case) -> bool:
    """Whether pieces are split by hand, at something that cannot be told."""
    return any(site.split is not None for site in case.sites) and not _delimiters(case)


def cuts_beginning_off(case: Case) -> bool:
    """Whether what is parsed is a slice that leaves out how a piece begins: no piece is a document then."""
    for node in walk([step for site in case.sites for step in (*site.path, site.argument) if step is not None]):
        match node:
            case ast.Subscript(slice=ast.Slice(lower=ast.expr() as lower)):
                if not (isinstance(lower, ast.Constant) and lower.value == 0):
                    return True
    return False


def other_words(case: Case) -> list[str]:
    """Texts that the body tells from documents, such as a heartbeat: `if chunk == b"ping"`, `startswith("OK")`."""
    names = set(case.bound_names)
    for node in walk(case.body()):
        match node:
            case ast.Assign(targets=[ast.Name(id=name)], value=value) if any(True for _ in loads(value, names)):
                names.add(name)
    words = []
    for node in walk(case.body()):
        match node:
            case ast.Compare(left=left, comparators=constants) if any(True for _ in loads(left, names)):
                words += [text for constant in constants for text in _texts(constant)]
            case ast.Call(func=ast.Attribute(value=value, attr="startswith"), args=[constant]) if any(
                True for _ in loads(value, names)
            ):
                words += _texts(constant)
    return [word for word in words if word.strip() and word.strip()[0] not in '{["']


def takes_documents_apart(case: Case) -> bool:
    """Whether documents that are in no event are parsed as well, by a parse call of their own."""
    return len(case.sites) > 1 and any(case.probe().digests(_as(kind, DOCUMENT)) for kind in case.kinds())


def _texts(node: ast.expr) -> list[str]:
    return [
        _text(part.value)
        for part in ast.walk(node)
        if isinstance(part, ast.Constant) and isinstance(part.value, (str, bytes))
    ]


def _unit(case: Case, probe: Probe, kind: type[str] | type[bytes]) -> Unit | None:
    def digests(piece: str) -> bool:
        return probe.digests(_as(kind, piece))

    whole = digests(DOCUMENT) or digests(DOCUMENT + "\n")
    events = any(map(digests, EVENTS))
    if not events and splits_at_prefix(case):
        return None
    if events and not (whole and not _mentions_events(case)):
        by_line = (
            not _splits_events(case)
            and not case.counts
            and _reads_lines(case, probe, kind)
            and any(map(digests, LINES))
        )
        return Unit("line" if by_line else "event", sse=True)
    delimiters = [_text(delimiter) for delimiter in _delimiters(case)]
    for delimiter in _delimiters(case):
        at = as_kind(delimiter, kind)
        if at is None or _text(delimiter) in _LINE_ENDS:
            continue
        if probe.digests(DOCUMENT + at if isinstance(at, str) else DOCUMENT.encode() + at):
            return Unit(at)
    if not whole or any(text not in _LINE_ENDS for text in delimiters):
        return None
    if delimiters and digests(DOCUMENT + "\n"):
        return Unit("line")
    if not digests("\n" + DOCUMENT):
        # A line end that comes with the next document would not pass the body's own tests.
        return Unit("line", note=ONE_A_LINE) if digests(DOCUMENT + "\n") else None
    return Unit("document", skip_blank=not case.passes_over(_as(kind, "\n")))


def _reads_lines(case: Case, probe: Probe, kind: type[str] | type[bytes]) -> bool:
    """Whether lines without data pass through the body without a trace, also within one event."""
    idle = all(probe.idle(_as(kind, line)) for line in OTHER_LINES)
    if not idle:
        return False
    kept = {place for line in OTHER_LINES for run in probe.runs(_as(kind, line)) for place in run.assigned}
    usual = {place for run in probe.runs(_as(kind, LINES[0])) for place in run.assigned}
    # What only an `event:` line sets is state that a later line of the same event reads.
    return kept <= usual and not _is_read_behind(_names_at(kept) | case.bound_names, case)


def _names_at(places: set[ast.AST]) -> set[str]:
    return {name for place in places for field in ("id", "arg", "name") if (name := getattr(place, field, None))}


def _is_read_behind(names: set[str], case: Case) -> bool:
    """Whether what the last piece left is of use when the loop has ended."""
    return case.loop is not None and any(reads_elsewhere(case.tree, names, case.loop))


def _mentions_events(case: Case) -> bool:
    """Whether the code that a piece goes through speaks of server-sent events."""
    for node in walk([*case.body(), *(node for site in case.sites for node in site.path)]):
        if isinstance(node, ast.Constant) and isinstance(node.value, (str, bytes)):
            text = node.value if isinstance(node.value, str) else node.value.decode("latin-1")
            if text.strip().startswith("data:") or "[DONE]" in text or text == "\n\n":
                return True
    return False


def _splits_events(case: Case) -> bool:
    return any("\n\n" in _text(delimiter).replace("\r", "") for delimiter in _delimiters(case))


def splits_at_prefix(case: Case) -> bool:
    """Whether pieces are split at `data: `, and all that comes of it is used."""
    nodes = list(walk(case.body()))
    chosen = {id(node.value) for node in nodes if isinstance(node, ast.Subscript)}
    for node in nodes:
        match node:
            case ast.Call(func=ast.Attribute(attr="split"), args=[ast.Constant(value=str() | bytes() as text), *_]):
                if _text(text).strip() in ("data:", "data") and id(node) not in chosen:
                    return True
    return False


def _delimiters(case: Case) -> list[str | bytes]:
    """The constants that pieces are split at, and the line end for `splitlines()`."""
    return list(dict.fromkeys(_split_constants(case)))


def _split_constants(case: Case) -> Iterator[str | bytes]:
    of_module, local = case.constants()
    known = of_module | local
    for node in walk([*case.body(), *(node for site in case.sites for node in site.path)]):
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
