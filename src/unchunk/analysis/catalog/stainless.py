"""The API shared by SDKs that Stainless generates (openai, anthropic, groq, together and others): raw responses.

https://github.com/openai/openai-python#accessing-raw-response-data-eg-headers
"""

from __future__ import annotations

from .dsl import CHUNK, ENDS_WITH_DONE, EVENT_LINES, LINE, WHOLE, Client, Type, when


def raw_answers(client: Client, sdk: Type, streams: dict[str, Type]) -> None:
    """Add `with_streaming_response` and `with_raw_response` for the methods whose streams have these events."""
    response = client.type("_response.APIResponse", "_response.AsyncAPIResponse")
    response.yields(CHUNK, "iter_bytes", text=False)
    response.yields(CHUNK, "iter_text", text=True)
    response.yields(LINE, "iter_lines", text=True)
    response.returns(WHOLE, "read", text=False)
    response.returns(WHOLE, "text", text=True)
    for path, event in streams.items():
        owner, _, method = path.rpartition(".")
        lines = {EVENT_LINES, ENDS_WITH_DONE} if owner.endswith("completions") else {EVENT_LINES}
        streaming = f"{owner}.with_streaming_response.{method}"
        sdk.returns(response, streaming, only=when("stream"), known=frozenset(lines))
        sdk.returns(response, streaming)
        raw = client.type(f"raw answer of {owner.replace('.', ' ')}")
        raw.yields(event, "parse")
        sdk.returns(raw, f"{owner}.with_raw_response.{method}", only=when("stream"))
