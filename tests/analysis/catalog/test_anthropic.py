"""anthropic, run against a server that speaks so: https://docs.anthropic.com/en/api/messages-streaming"""

from __future__ import annotations

import json
from typing import Any

import pytest

from .facts import DOCUMENT, FRAGMENTS, CuttingServer, check, check_parts, collect, run, serve, sse

anthropic = pytest.importorskip("anthropic")

MESSAGE = {
    "id": "1",
    "type": "message",
    "role": "assistant",
    "model": "m",
    "content": [],
    "stop_reason": None,
    "stop_sequence": None,
    "usage": {"input_tokens": 1, "output_tokens": 1},
}
ASKED = {"model": "m", "max_tokens": 9, "messages": [{"role": "user", "content": "?"}]}
BLOCKS = {
    "text": {"type": "text", "text": ""},
    "partial_json": {"type": "tool_use", "id": "1", "name": "f", "input": {}},
    "thinking": {"type": "thinking", "thinking": "", "signature": ""},
}
DELTAS = {"text": "text_delta", "partial_json": "input_json_delta", "thinking": "thinking_delta"}


def streaming(*fields: str) -> CuttingServer:
    events: list[dict[str, Any]] = [{"type": "message_start", "message": MESSAGE}]
    for index, field in enumerate(fields):
        events.append({"type": "content_block_start", "index": index, "content_block": BLOCKS[field]})
        for fragment in FRAGMENTS:
            delta = {"type": DELTAS[field], field: fragment}
            events.append({"type": "content_block_delta", "index": index, "delta": delta})
        events.append({"type": "content_block_stop", "index": index})
    ended = {"stop_reason": "end_turn", "stop_sequence": None}
    events.append({"type": "message_delta", "delta": ended, "usage": {"output_tokens": 1}})
    body = sse([*events, {"type": "message_stop"}], done=False, names=True)
    return serve(body, range(1, len(body), 7), content_type="text/event-stream", delay=0.0)


def client(server: CuttingServer, kind: str = "") -> Any:
    return getattr(anthropic, f"{kind}Anthropic")(api_key="key", base_url=server.url, max_retries=0)


@pytest.mark.parametrize("path", ["messages", "beta.messages"])
def test_a_streamed_message_hands_out_decoded_events_with_fragments(path: str) -> None:
    with streaming(*BLOCKS) as server:
        messages = client(server).beta.messages if path == "beta.messages" else client(server).messages
        events = list(messages.create(**ASKED, stream=True))
    check(events, "anthropic.Anthropic", f"{path}.create", stream=True)
    check_parts(events, "anthropic.types.RawMessageStreamEvent")


def test_the_async_client_hands_out_the_same() -> None:
    async def program() -> Any:
        return await collect(client(server, "Async").messages.create(**ASKED, stream=True))

    with streaming(*BLOCKS) as server:
        events = run(program)
    check(events, "anthropic.Anthropic", "messages.create", stream=True)
    check_parts(events, "anthropic.types.RawMessageStreamEvent")


def test_a_message_that_is_not_streamed_has_whole_text() -> None:
    answer = {**MESSAGE, "content": [{"type": "text", "text": DOCUMENT}]}
    with serve(json.dumps(answer).encode(), (), content_type="application/json") as server:
        message = client(server).messages.create(**ASKED)
    check(message, "anthropic.Anthropic", "messages.create")
    check_parts([message], "anthropic.types.Message")


@pytest.mark.parametrize("path", ["messages", "beta.messages"])
def test_the_stream_helper_hands_out_events_and_text(path: str) -> None:
    owner = "anthropic.lib.streaming.MessageStream"
    with streaming(*BLOCKS) as server:
        messages = client(server).beta.messages if path == "beta.messages" else client(server).messages
        with messages.stream(**ASKED) as stream:
            check(stream, "anthropic.Anthropic", f"{path}.stream")
            events = list(stream)
            check(stream.get_final_message(), owner, "get_final_message")
            check(stream.get_final_text(), owner, "get_final_text", body=DOCUMENT.encode())
        with messages.stream(**ASKED) as stream:
            check(list(stream.text_stream), owner, "text_stream", body=DOCUMENT.encode())
    check(events, owner)
    check_parts(events, "anthropic.lib.streaming.MessageStreamEvent")


def test_the_raw_answer_hands_out_what_its_bytes_are() -> None:
    takes = {
        "iter_bytes": lambda got: list(got.iter_bytes()),
        "iter_text": lambda got: list(got.iter_text()),
        "iter_lines": lambda got: list(got.iter_lines()),
        "read": lambda got: got.read(),
        "text": lambda got: got.text(),
    }
    for member, take in takes.items():
        with serve() as server, client(server).messages.with_streaming_response.create(**ASKED, stream=True) as answer:
            check(answer, "anthropic.Anthropic", "messages.with_streaming_response.create")
            check(take(answer), "anthropic._response.APIResponse", member)
