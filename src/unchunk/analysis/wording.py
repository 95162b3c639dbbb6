"""What is said about a finding: the source, what its steps are, what goes wrong, and what to use instead."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .flow.values import Data, Instance
    from .seen import Parse


def chunk_parsed(parse: Parse, data: Data) -> str:
    return (
        f"{_source(data)} hands out chunks that are cut anywhere, so {parse.parser} of one fails when a document is cut"
        f" or two share a chunk; iterate over {_mended(data, 'iter_json')} instead"
    )


def split_chunk_parsed(parse: Parse, data: Data) -> str:
    return (
        f"{_source(data)} hands out chunks that are cut anywhere; splitting each by itself gives {parse.parser} the"
        f" halves of what was cut; iterate over {_mended(data, 'rechunk', ', at=...')} instead"
    )


def fragment_parsed(parse: Parse, data: Data) -> str:
    return (
        f"{_source(data)} is a fragment of the text, so {parse.parser} of it fails until all of it has come;"
        " put the fragments through unchunk.iter_json() instead"
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
        " use the event itself, or put its text fragments through unchunk.iter_json()"
    )


def retried(parse: Parse, data: Data) -> str:
    return (
        f"{parse.parser} is tried on a buffer that grows by every step of {_source(data)}: that is quadratic, and stuck"
        f" for ever once two documents share a step; iterate over {_mended(data, 'iter_json')} instead"
    )


def chunk_decoded(data: Data) -> str:
    return (
        f"{_source(data)} hands out bytes that are cut anywhere, so decoding one chunk breaks a character that is cut;"
        " use an incremental decoder, or unchunk.iter_json(), which decodes them"
    )


def short_read(parse: Parse, data: Data) -> str:
    return (
        f"{_source(data)} returns what has arrived, which {parse.parser} takes for the whole message;"
        " read on until it is complete, as unchunk.iter_json() does"
    )


def short_message(parse: Parse, data: Data) -> str:
    return (
        f"{_source(data)} returns what has arrived, up to the length that was read before, which {parse.parser} takes"
        " for the whole message; read on until that many bytes are there (readexactly, or a loop)"
    )


def _source(data: Data) -> str:
    return data.origin.source.name


def _mended(data: Data, helper: str, more: str = "") -> str:
    return f"unchunk.{helper}(...{more})"
