"""SDKs that speak like OpenAI's, run against a server that speaks so: openai, together, groq.

https://platform.openai.com/docs/api-reference/chat-streaming/streaming
"""

from __future__ import annotations

import importlib
import json
from collections.abc import Callable
from typing import Any

import pytest

from . import packages
from .facts import DOCUMENT, FRAGMENTS, CuttingServer, check, check_parts, clients, collect, row, run, serve, sse

SDKS = {"openai": "OpenAI", "together": "Together", "groq": "Groq"}
ANSWER = {"id": "1", "created": 0, "model": "m"}


def chunk(fragment: str) -> dict[str, Any]:
    """Return a chunk of a chat completion whose every field carries the same fragment."""
    function = {"arguments": fragment, "name": "f"}
    delta = {
        **dict.fromkeys(("content", "refusal", "reasoning", "reasoning_content"), fragment),
        "function_call": function,
        "tool_calls": [{"index": 0, "id": "1", "type": "function", "function": function}],
    }
    choice = {"index": 0, "delta": delta, "text": fragment, "finish_reason": None}
    return {**ANSWER, "object": "chat.completion.chunk", "choices": [choice]}


def chunks(sdk: str) -> list[dict[str, Any]]:
    """Return what a service sends: Groq each tool call in one chunk, the others piece by piece."""
    sent = [chunk(fragment) for fragment in FRAGMENTS]
    for event in sent if sdk == "groq" else ():
        event["choices"][0]["delta"]["tool_calls"][0]["function"] = {"arguments": DOCUMENT, "name": "f"}
    return sent


def completion(document: str) -> dict[str, Any]:
    function = {"arguments": document, "name": "f"}
    message = {
        "role": "assistant",
        "content": document,
        "function_call": function,
        "tool_calls": [{"id": "1", "type": "function", "function": function}],
    }
    choice = {"index": 0, "message": message, "text": document, "finish_reason": "stop"}
    return {**ANSWER, "object": "chat.completion", "choices": [choice]}


def streaming(events: list[dict[str, Any]], **options: Any) -> CuttingServer:
    body = sse(events, **options)
    return serve(body, range(1, len(body), 7), content_type="text/event-stream", delay=0.0)


def answering(answer: dict[str, Any]) -> CuttingServer:
    return serve(json.dumps(answer).encode(), (), content_type="application/json", delay=0.0)


@pytest.fixture(params=SDKS)
def sdk(request: pytest.FixtureRequest) -> tuple[str, Any]:
    packages.roots(next(client for client in clients() if client.dotted == request.param))
    return request.param, importlib.import_module(request.param)


def client_of(sdk: tuple[str, Any], server: CuttingServer, kind: str = "") -> Any:
    name, module = sdk
    return getattr(module, kind + SDKS[name])(api_key="key", base_url=f"{server.url}v1", max_retries=0)


CHAT = {"model": "m", "messages": [{"role": "user", "content": "?"}]}


def test_a_streamed_chat_hands_out_decoded_chunks_with_fragments(sdk: tuple[str, Any]) -> None:
    owner = f"{sdk[0]}.{SDKS[sdk[0]]}"
    with streaming(chunks(sdk[0])) as server:
        events = list(client_of(sdk, server).chat.completions.create(**CHAT, stream=True))
    check(events, owner, "chat.completions.create", stream=True)
    check_parts(events, f"{sdk[0]}.types.chat.ChatCompletionChunk")


def test_a_streamed_chat_of_the_async_client_hands_out_the_same(sdk: tuple[str, Any]) -> None:
    async def program() -> Any:
        client = client_of(sdk, server, "Async")
        return await collect(client.chat.completions.create(**CHAT, stream=True))

    with streaming(chunks(sdk[0])) as server:
        events = run(program)
    check(events, f"{sdk[0]}.{SDKS[sdk[0]]}", "chat.completions.create", stream=True)
    check_parts(events, f"{sdk[0]}.types.chat.ChatCompletionChunk")


def test_a_chat_that_is_not_streamed_has_whole_parts(sdk: tuple[str, Any]) -> None:
    with answering(completion(DOCUMENT)) as server:
        answer = client_of(sdk, server).chat.completions.create(**CHAT)
    check(answer, f"{sdk[0]}.{SDKS[sdk[0]]}", "chat.completions.create")
    check_parts([answer], f"{sdk[0]}.types.chat.ChatCompletion")


@pytest.mark.parametrize("sdk", ["openai", "together"], indirect=True)
def test_a_streamed_completion_hands_out_decoded_chunks_with_fragments(sdk: tuple[str, Any]) -> None:
    owner = f"{sdk[0]}.{SDKS[sdk[0]]}"
    with streaming([chunk(fragment) for fragment in FRAGMENTS]) as server:
        events = list(client_of(sdk, server).completions.create(model="m", prompt="?", stream=True))
    check(events, owner, "completions.create", stream=True)
    fact = row(owner, "completions.create", stream=True)
    check_parts(events, fact.what.dotted)  # type: ignore[union-attr]
    with answering(completion(DOCUMENT)) as server:
        answer = client_of(sdk, server).completions.create(model="m", prompt="?")
    check(answer, owner, "completions.create")
    check_parts([answer], f"{sdk[0]}.types.Completion")


def test_the_raw_answer_hands_out_what_its_bytes_are(sdk: tuple[str, Any]) -> None:
    owner, response = f"{sdk[0]}.{SDKS[sdk[0]]}", f"{sdk[0]}._response.APIResponse"
    takes: dict[str, Callable[[Any], Any]] = {
        "iter_bytes": lambda got: list(got.iter_bytes()),
        "iter_text": lambda got: list(got.iter_text()),
        "iter_lines": lambda got: list(got.iter_lines()),
        "read": lambda got: got.read(),
        "text": lambda got: got.text(),
    }
    for member, take in takes.items():
        with serve() as server:
            method = client_of(sdk, server).chat.completions.with_streaming_response.create
            with method(**CHAT, stream=True) as answer:
                check(answer, owner, "chat.completions.with_streaming_response.create")
                check(take(answer), response, member)


def test_the_raw_answer_of_a_stream_is_parsed_into_the_same_chunks(sdk: tuple[str, Any]) -> None:
    fact = row(f"{sdk[0]}.{SDKS[sdk[0]]}", "chat.completions.with_raw_response.create", stream=True)
    with streaming([chunk(fragment) for fragment in FRAGMENTS]) as server:
        method = client_of(sdk, server).chat.completions.with_raw_response.create
        events = list(method(**CHAT, stream=True).parse())
    check(events, fact.what.dotted, "parse")  # type: ignore[union-attr]


def openai_client(server: CuttingServer) -> Any:
    packages.roots(next(client for client in clients() if client.dotted == "openai"))
    return client_of(("openai", importlib.import_module("openai")), server)


@pytest.mark.parametrize("field", ["content", "tool_calls"])
def test_the_stream_helper_of_openai_hands_out_events_with_fragments(field: str) -> None:
    chunks = [chunk(fragment) for fragment in FRAGMENTS]
    for item in chunks:
        choice = item["choices"][0]
        choice["delta"] = {"role": "assistant", field: choice["delta"][field]}
    chunks[-1]["choices"][0]["finish_reason"] = "stop"
    owner = "openai.lib.streaming.chat.ChatCompletionStream"
    with streaming(chunks) as server, openai_client(server).chat.completions.stream(**CHAT) as stream:
        check(stream, "openai.OpenAI", "chat.completions.stream")
        events = list(stream)
        check(stream.get_final_completion(), owner, "get_final_completion")
    check(events, owner)
    check_parts(events, f"{owner}Event", some=True)


def test_the_responses_of_openai_stream_fragments() -> None:
    base = {"item_id": "1", "output_index": 0, "content_index": 0, "sequence_number": 0}
    deltas = [{**base, "type": "response.output_text.delta", "delta": item, "logprobs": []} for item in FRAGMENTS]
    arguments = [{**base, "type": "response.function_call_arguments.delta", "delta": item} for item in FRAGMENTS]
    done = [
        {**base, "type": "response.output_text.done", "text": DOCUMENT, "logprobs": []},
        {**base, "type": "response.function_call_arguments.done", "arguments": DOCUMENT, "name": "f"},
    ]
    for events in (deltas + done, arguments + done):
        with streaming(events, names=True) as server:
            got = list(openai_client(server).responses.create(model="m", input="?", stream=True))
        check(got, "openai.OpenAI", "responses.create", stream=True)
        check_parts(got, "openai.types.responses.ResponseStreamEvent")


def run_events() -> list[dict[str, Any]]:
    message = [
        {
            "id": "1",
            "object": "thread.message.delta",
            "delta": {"content": [{"index": 0, "type": "text", "text": {"value": item, "annotations": []}}]},
        }
        for item in FRAGMENTS
    ]
    call = {"index": 0, "id": "1", "type": "function"}
    steps = [
        {
            "id": "1",
            "object": "thread.run.step.delta",
            "delta": {
                "step_details": {"type": "tool_calls", "tool_calls": [{**call, "function": {"arguments": item}}]}
            },
        }
        for item in FRAGMENTS
    ]
    return [*message, *steps]


def test_the_runs_of_openai_assistants_stream_fragments() -> None:
    body = b"".join(f"event: {event['object']}\n".encode() + sse([event], done=False) for event in run_events())
    with serve(body, (), content_type="text/event-stream", delay=0.0) as server:
        client = openai_client(server)
        if not hasattr(client.beta, "threads"):
            pytest.skip("this version of openai has no assistants")
        with pytest.warns(DeprecationWarning, match="Assistants"):
            stream = client.beta.threads.runs.create("thread", assistant_id="a", stream=True)
        events = list(stream)
    check(events, "openai.OpenAI", "beta.threads.runs.create", stream=True)
    check_parts(events, "openai.types.beta.AssistantStreamEvent")


def test_the_handlers_of_openai_assistants_are_handed_fragments() -> None:
    """`openai/lib/streaming/_assistants.py`"""
    texts, calls = [], []
    thread = {"thread_id": "t", "run_id": "r", "assistant_id": "a", "created_at": 0, "status": "in_progress"}
    message = {"id": "1", "object": "thread.message", "role": "assistant", "content": [], **thread}
    step = {"id": "1", "object": "thread.run.step", "type": "tool_calls", **thread}
    step["step_details"] = {"type": "tool_calls", "tool_calls": []}
    named = [("thread.message.created", message), ("thread.run.step.created", step)]
    events = [*named, *((event["object"], event) for event in run_events())]
    body = b"".join(f"event: {name}\n".encode() + sse([event], done=False) for name, event in events)
    with serve(body, (), content_type="text/event-stream", delay=0.0) as server:
        client = openai_client(server)
        if not hasattr(client.beta, "threads"):
            pytest.skip("this version of openai has no assistants")
        import openai

        class Handler(openai.AssistantEventHandler):
            def on_text_delta(self, delta: Any, snapshot: Any) -> None:
                texts.append(delta)

            def on_tool_call_delta(self, delta: Any, snapshot: Any) -> None:
                calls.append(delta)

        handler = Handler()
        with pytest.warns(DeprecationWarning, match="Assistants"):
            manager = client.beta.threads.runs.stream(thread_id="t", assistant_id="a", event_handler=handler)
        with manager as stream:
            check(stream, "openai.OpenAI", "beta.threads.runs.stream")
            got = list(stream.text_deltas)
    owner = "openai.AssistantEventHandler"
    check(got, owner, "text_deltas", body=DOCUMENT.encode())
    check(texts, owner, "on_text_delta")
    check(calls, owner, "on_tool_call_delta")
    check_parts(texts, "openai.types.beta.threads.TextDelta")
    after_the_first = "".join(FRAGMENTS[1:])  # which is handed to `on_tool_call_created`
    check_parts(calls, "openai.types.beta.threads.runs.ToolCallDelta", after_the_first)


def test_the_transcriptions_of_openai_stream_fragments() -> None:
    events = [{"type": "transcript.text.delta", "delta": item} for item in FRAGMENTS]
    with streaming([*events, {"type": "transcript.text.done", "text": DOCUMENT}]) as server:
        stream = openai_client(server).audio.transcriptions.create(model="m", file=b"x", stream=True)
        got = list(stream)
    check(got, "openai.OpenAI", "audio.transcriptions.create", stream=True)
    check_parts(got, "openai.types.audio.TranscriptionStreamEvent")


def test_openai_before_1_hands_out_dictionaries_with_fragments() -> None:
    """https://github.com/openai/openai-python/tree/v0.28.1#chat-completions"""
    openai = pytest.importorskip("openai")
    if not openai.__version__.startswith("0."):
        pytest.skip("openai is of version 1 or later")
    options = {"api_key": "key", "stream": True}
    with streaming([chunk(fragment) for fragment in FRAGMENTS]) as server:
        events = list(openai.ChatCompletion.create(**CHAT, **options, api_base=f"{server.url}v1"))
        texts = list(openai.Completion.create(model="m", prompt="?", **options, api_base=f"{server.url}v1"))
    check(events, "openai", "ChatCompletion.create", stream=True)
    check_parts(events, "openai.streamed ChatCompletion")
    check_parts(texts, "openai.streamed Completion of 0")
    assert json.loads(str(events[0])) == events[0], "the text of an event is its JSON"


def test_together_before_1_hands_out_fragments(monkeypatch: pytest.MonkeyPatch) -> None:
    """`together/complete.py` of 0.2: https://github.com/togethercomputer/together-python/tree/v0.2.11"""
    together = pytest.importorskip("together")
    if not hasattr(together, "Complete"):
        pytest.skip("together is of version 1 or later")
    with streaming([chunk(fragment) for fragment in FRAGMENTS]) as server:
        monkeypatch.setattr(together, "api_key", "key")
        monkeypatch.setattr(together, "api_base_complete", server.url)
        got = list(together.Complete.create_streaming("?", model="m"))
    check(got, "together", "Complete.create_streaming", body=DOCUMENT.encode())
