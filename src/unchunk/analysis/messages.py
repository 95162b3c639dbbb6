"""Messages of findings: the source, its framing, the fault, and the remedy."""

from __future__ import annotations

import ast
import re

from .flow.values import CatalogInstance

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .flow.values import StreamData
    from .sinks import ParseSite

MAX_LENGTH = 120
"""No message is longer: it has to stand on a line of a terminal beside the place."""
_MIN_NAME = 12
_ADVICE = re.compile(r"unchunk\.\w+\(\)")


def chunk_parsed(parse: ParseSite, data: StreamData) -> str:
    if data.origin.source.event is not None:
        return _said(parse, data, "{parser} of a text piece or event of {source}", "use {helper}")
    return _said(parse, data, "{parser} of a chunk that {source} cuts anywhere", "use {helper}")


def split_chunk_parsed(parse: ParseSite, data: StreamData) -> str:
    if data.origin.source.event is not None:
        return _said(parse, data, "{parser} of parts of a text piece or event of {source}", "use {helper}")
    return _said(parse, data, "{parser} of parts of a chunk that {source} cuts anywhere", "use {helper}", "rechunk")


def fragment_parsed(parse: ParseSite, data: StreamData) -> str:
    return _said(parse, data, "{parser} of a fragment of text, {source}", "use {helper}")


def line_parsed(parse: ParseSite, data: StreamData, kinds: list[str]) -> str:
    *others, last = (kind.strip("`").removesuffix(" lines").removesuffix("s") for kind in kinds)
    named = f"{', '.join(others)} and {last}" if others else last
    return _said(parse, data, f"{{parser}} fails on {named} lines of {{source}}", "use {helper}")


def object_parsed(parse: ParseSite, event: CatalogInstance) -> str:
    return _said(parse, event, "{parser} of an event decoded by {source}", "use it, or its text in {helper}")


def retried(parse: ParseSite, data: StreamData) -> str:
    return _said(parse, data, "{parser} retried on all of {source}: quadratic, can get stuck", "use {helper}")


def chunk_decoded(data: StreamData) -> str:
    fact = "decode() of a chunk that {source} cuts anywhere, even in a character"
    return _fitted(fact + "; use an incremental decoder", "", _source(data))


def short_read(parse: ParseSite, data: StreamData) -> str:
    if _reads_a_length(data):
        return short_message(parse, data)
    return _said(parse, data, "{parser} of one {source}, which may bring a part", "read on, as {helper} does")


def short_message(parse: ParseSite, data: StreamData) -> str:
    return _said(
        parse, data, "{parser} of one {source}, which may bring a part", "use readexactly(), or read in a loop"
    )


def _reads_a_length(data: StreamData) -> bool:
    """Decide whether a read is told the length of the message: `read(content_length)`."""
    match data.origin.step:
        case ast.Call(args=[*_, amount]) | ast.Call(keywords=[ast.keyword(value=amount)]):
            return not isinstance(amount, ast.Constant) and "len" in ast.unparse(amount).lower()
        case _:
            return False


def _source(data: StreamData | CatalogInstance) -> str:
    if data.origin is not None:
        return data.origin.source.name
    return data.type.label if isinstance(data, CatalogInstance) else ""


def _said(
    parse: ParseSite, data: StreamData | CatalogInstance, fact: str, advice: str, helper: str = "iter_json"
) -> str:
    """Join one fact and one advice; silently lost data is part of the fact."""
    lost = ", lost silently" if parse.loses_silently(data) else ""
    words = f"{fact}{lost}; {advice.format(helper=_helper(data, helper))}"
    return _fitted(words, parse.parser, _source(data))


def _fitted(words: str, parser: str, source: str) -> str:
    """Fill both names in, clipped to the room there is."""
    room = MAX_LENGTH - 1 - len(words.format(parser=parser, source=""))  # `iter_json` may become `aiter_json`
    if room < _MIN_NAME:
        parser = _clipped(parser, len(parser) + room - _MIN_NAME)
        room = _MIN_NAME
    return words.format(parser=parser, source=_clipped(source, room))


def _clipped(name: str, room: int) -> str:
    """Clip a name: drop the client, then the class, then keep only its end."""
    _, _, without_client = name.partition(" ") if name.endswith(")") else ("", "", "")
    member = name[name.rfind(".", 0, name.find("(")) :] if "(" in name else name
    for shorter in (name, without_client, member):
        if shorter and len(shorter) <= room:
            return shorter
    return f"…{name[len(name) - max(room, _MIN_NAME) + 1 :]}"


def _helper(data: StreamData | CatalogInstance, helper: str) -> str:
    """Return the helper's name in the syntax of the loop, synchronous or not."""
    assert data.origin is not None
    match data.origin.producer:
        case ast.AsyncFor() | ast.comprehension(is_async=1):
            return f"unchunk.a{helper}()"
        case _:
            return f"unchunk.{helper}()"


def with_helper_name(message: str, helper: str) -> str:
    """Name the helper that the fix will write."""
    named = _ADVICE.sub(f"unchunk.{helper}()", message)
    return named if len(named) <= MAX_LENGTH else _ADVICE.sub(f"{helper}()", message)
