"""unchunk itself, whose results are always whole."""

from __future__ import annotations

from .dsl import EVENT, client

UNCHUNK = client("unchunk", docs="../README.md#the-helper")
ServerSentEvent = UNCHUNK.type("ServerSentEvent")
Decoder = UNCHUNK.type("JSONStreamDecoder")
Fragments = UNCHUNK.type("JSONFragments")

UNCHUNK.sanitizes("iter_json", "aiter_json", "iter_partial", "aiter_partial", "rechunk", "arechunk")
UNCHUNK.yields(ServerSentEvent, "iter_sse", "aiter_sse")
ServerSentEvent.part(EVENT, "data", text=True)
Decoder.sanitizes("feed", "close")
Fragments.sanitizes("add", "finish", "finish_all")
