"""unchunk itself: whatever it hands out is whole."""

from __future__ import annotations

from .rows import EVENT, client

UNCHUNK = client("unchunk", docs="../README.md#the-helper")
ServerSentEvent = UNCHUNK.type("ServerSentEvent")
Decoder = UNCHUNK.type("JSONStreamDecoder")
Fragments = UNCHUNK.type("JSONFragments")

UNCHUNK.safe("iter_json", "aiter_json", "iter_partial", "aiter_partial", "rechunk", "arechunk")
UNCHUNK.step(ServerSentEvent, "iter_sse", "aiter_sse")
ServerSentEvent.part(EVENT, "data", text=True)
Decoder.safe("feed", "close")
Fragments.safe("add", "finish", "finish_all")
