"""Event-stream lines: the loop reads the stream itself, `for data in iter_json(response.iter_content(None)):`.

Blank lines, comments, `event:` fields and `[DONE]` are the helper's business then. It needs the line ends that most
`iter_lines()` take away, so it is given the pieces that the lines are made from.
"""

from __future__ import annotations

import ast

from unchunk.analysis.findings import Applicability, Framing
from unchunk.codemod.boundary_search import LINES
from unchunk.codemod.edits import Edit, Fix, Position, Refusal, Replace, position_of
from unchunk.codemod.parsers import loads_argument
from unchunk.codemod.rewrite_site import RewriteSite
from unchunk.codemod.soundness import soundness_by_kind
from unchunk.codemod.strategies.values import value_edits
from unchunk.codemod.strippable import strip_framing
from unchunk.codemod.symbolic.samples import DOCUMENT
from unchunk.codemod.wrap_targets import wrap_target_of

PRIORITY = 60
BY_HAND = "skip what does not start with `data:`, and end at `[DONE]`"

# What hands out the bytes that a client's lines are made from.
_PIECES = {
    ("requests", "iter_lines"): "{0}.iter_content(None)",
    ("httpx", "iter_lines"): "{0}.iter_bytes()",
    ("httpx", "aiter_lines"): "{0}.aiter_bytes()",
}
_ENDS_KEPT = ("aiohttp", "urllib3", "http.client", "urllib.request", "socket", "subprocess", "asyncio", "open")


def propose(case: RewriteSite) -> Fix | Refusal | None:
    if case.findings[0].framing is not Framing.LINE:
        return None
    loop = case.loop
    if loop is None or case.name is None:
        return Refusal("the lines are not taken from a loop")
    stream = wrap_target_of(case)
    if isinstance(stream, Refusal):
        return stream
    if not stream.at_loop:
        return Refusal("the stream is made in another place than it is read")
    parser = loads_argument(case, 1)
    if isinstance(parser, Refusal):
        return parser
    found = strip_framing(case, loop.body, {case.name})
    if isinstance(found, Refusal):
        return Refusal(f"{found.reason}: {BY_HAND}")
    framing = _framing(case)
    if framing is None:
        return Refusal(f"what is parsed is not just the data of each event up to `[DONE]`: {BY_HAND}")
    options = framing + parser[0]
    pieces = _pieces(case, stream.node) or _ended(case, stream.node, alone=not options)
    if pieces is None:
        return Refusal("it cannot be told whether the lines are bytes or text")
    helper = "aiter_json" if case.is_async else "iter_json"
    template, hole = pieces
    wrap = Replace(position_of(stream.node), f"{helper}({template}{options})", (hole, *parser[1]))
    edits: list[Edit] = [wrap, *found.edits, *value_edits(case, found, [])]
    return Fix("lines", Applicability.SAFE, tuple(edits), (helper,))


def _framing(case: RewriteSite) -> str | None:
    """Return the helper's `framing` argument, as the tail of a template, so that it skips what the code skips.

    None if it would hand out something else. Code that takes no line with `data:` at all is meant for its data alone.
    """
    sounds = soundness_by_kind(case)
    taking = [sound for sound in sounds if any(map(sound.accepts, LINES))]
    if not taking:
        return "" if any(sound.accepts(DOCUMENT) for sound in sounds) else None
    if taking[0].line_values("auto"):
        return ""
    if taking[0].line_values("sse"):
        return ', framing="sse"'
    return None


def _pieces(case: RewriteSite, stream: ast.expr) -> tuple[str, Position] | None:
    """Return the expression that the helper is given instead of the lines."""
    client = case.findings[0].source_name.split()[0]
    match stream:
        case ast.Call(func=ast.Attribute(value=response, attr=method), keywords=keywords) if not any(
            keyword.arg == "delimiter" for keyword in keywords
        ):
            template = _PIECES.get((client.removesuffix("2"), method))
            if template is not None:
                return template, position_of(response)
    if client.startswith(_ENDS_KEPT):
        return "{0}", position_of(stream)
    return None


def _ended(case: RewriteSite, stream: ast.expr, *, alone: bool) -> tuple[str, Position] | None:
    """Return a generator that restores the line ends that the code expects. Unless it is the only argument it needs
    parentheses.
    """
    probe = case.probe()
    kinds = [kind for kind in case.kinds() if probe.accepts(LINES[0] if kind is str else LINES[0].encode())]
    if len(kinds) != 1:
        return None
    word = "async for" if case.is_async else "for"
    end = '"\\n"' if kinds[0] is str else 'b"\\n"'
    ended = f"{case.name} + {end} {word} {case.name} in {{0}}"
    return ended if alone else f"({ended})", position_of(stream)
