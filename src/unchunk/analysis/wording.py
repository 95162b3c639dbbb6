"""What is said about a finding: the source, what its steps are, what goes wrong, and what to use instead."""

from __future__ import annotations

import ast
import re

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .flow.values import Data, Instance
    from .seen import Parse


def chunk_parsed(parse: Parse, data: Data) -> str:
    if data.origin.source.event is not None:
        return (
            f"{_source(data)} hands out pieces of text, or events that are decoded"
            f" already: neither is a document for {parse.parser}; iterate over {_mended(data, 'iter_json')} instead"
        )
    return (
        f"{_source(data)} hands out chunks that are cut anywhere, so {parse.parser} of one fails when a document is cut"
        f" or two share a chunk; iterate over {_mended(data, 'iter_json')} instead"
    )


def split_chunk_parsed(parse: Parse, data: Data) -> str:
    if data.origin.source.event is not None:
        return (
            f"{_source(data)} hands out pieces of text, or events that are decoded"
            f" already: splitting one does not give {parse.parser} documents;"
            f" iterate over {_mended(data, 'iter_json')} instead"
        )
    return (
        f"{_source(data)} hands out chunks that are cut anywhere; splitting each by itself gives {parse.parser} the"
        f" halves of what was cut; iterate over {_mended(data, 'rechunk', ', at=...')} instead"
    )


def fragment_parsed(parse: Parse, data: Data) -> str:
    return (
        f"{_source(data)} is a fragment of the text, so {parse.parser} of it fails until all of it has come;"
        f" put the fragments through {_mended(data, 'iter_json')} instead"
    )


def line_parsed(parse: Parse, data: Data, kinds: list[str]) -> str:
    *others, last = kinds
    named = f"{', '.join(others)} and {last}" if others else last
    return (
        f"{_source(data)} hands out the lines of an event stream, of which {named} make {parse.parser} raise;"
        f" iterate over {_mended(data, 'iter_json')} instead"
    )


def object_parsed(parse: Parse, event: Instance) -> str:
    origin = event.origin
    name = origin.source.name if origin is not None else event.type.label
    return (
        f"{name} hands out events that are decoded already, so {parse.parser} raises TypeError;"
        " use the event itself, or put its text fragments through unchunk.iter_json(...)"
    )


def retried(parse: Parse, data: Data) -> str:
    return (
        f"{parse.parser} is tried on a buffer that grows by every step of {_source(data)}: that is quadratic, and stuck"
        f" for ever once two documents share a step; iterate over {_mended(data, 'iter_json')} instead"
    )


def chunk_decoded(data: Data) -> str:
    return (
        f"{_source(data)} hands out bytes that are cut anywhere, so decoding one chunk breaks a character that is cut;"
        f" use an incremental decoder, or {_mended(data, 'iter_json')}, which decodes them"
    )


def short_read(parse: Parse, data: Data) -> str:
    if _reads_a_length(data):
        return (
            f"{_source(data)} returns what has arrived, up to the length that it is asked for, which {parse.parser}"
            " takes for the whole message; read on until that many bytes are there (readexactly, or a loop)"
        )
    return (
        f"{_source(data)} returns what has arrived, which {parse.parser} takes for the whole message;"
        f" read on until it is complete, as {_mended(data, 'iter_json')} does"
    )


def short_message(parse: Parse, data: Data) -> str:
    return (
        f"{_source(data)} returns what has arrived, up to the length that was read before, which {parse.parser} takes"
        " for the whole message; read on until that many bytes are there (readexactly, or a loop)"
    )


def _reads_a_length(data: Data) -> bool:
    """Whether a read is told the length of the message: `read(content_length)`."""
    match data.origin.step:
        case ast.Call(args=[*_, amount]) | ast.Call(keywords=[ast.keyword(value=amount)]):
            return not isinstance(amount, ast.Constant) and "len" in ast.unparse(amount).lower()
        case _:
            return False


def _source(data: Data) -> str:
    return data.origin.source.name


def _mended(data: Data, helper: str, more: str = "") -> str:
    """The helper as it is called where the steps are handed out."""
    match data.origin.producer:
        case ast.AsyncFor() | ast.comprehension(is_async=1):
            return f"unchunk.a{helper}(...{more})"
        case _:
            return f"unchunk.{helper}(...{more})"


_ADVICE = re.compile(r"unchunk\.\w+\(\.\.\.(?:, at=\.\.\.)?\)")


def naming(message: str, helper: str) -> str:
    """The message with the helper that the fix will write."""
    return _ADVICE.sub(f"unchunk.{helper}(...{', at=...' if helper.endswith('rechunk') else ''})", message)
