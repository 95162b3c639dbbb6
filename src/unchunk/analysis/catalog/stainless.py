"""What the SDKs made by Stainless share (openai, anthropic, groq, together and others): access to the raw answer.

https://github.com/openai/openai-python#accessing-raw-response-data-eg-headers
"""

from __future__ import annotations

from .rows import CHUNK, ENDS_WITH_DONE, EVENT_LINES, LINE, WHOLE, Client, Type, when


def raw_answers(client: Client, sdk: Type, streams: dict[str, Type]) -> None:
    """Add `with_streaming_response` and `with_raw_response` for the methods whose streams have these events."""
    response = client.type("_response.APIResponse", "_response.AsyncAPIResponse")
    response.step(CHUNK, "iter_bytes", text=False)
    response.step(CHUNK, "iter_text", text=True)
    response.step(LINE, "iter_lines", text=True)
    response.makes(WHOLE, "read", text=False)
    response.makes(WHOLE, "text", text=True)
    for path, event in streams.items():
        owner, _, method = path.rpartition(".")
        lines = {EVENT_LINES, ENDS_WITH_DONE} if owner.endswith("completions") else {EVENT_LINES}
        streaming = f"{owner}.with_streaming_response.{method}"
        sdk.makes(response, streaming, only=when("stream"), known=frozenset(lines))
        sdk.makes(response, streaming)
        raw = client.type(f"raw answer of {owner.replace('.', ' ')}")
        raw.step(event, "parse")
        sdk.makes(raw, f"{owner}.with_raw_response.{method}", only=when("stream"))
