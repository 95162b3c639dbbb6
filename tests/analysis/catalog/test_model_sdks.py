"""SDKs of models that speak in their own way, each run against a server that speaks so.

The shapes of the answers are those of each SDK's own types and documentation, which its table links to.
"""

from __future__ import annotations

import json
from typing import Any

import pytest

from unchunk.analysis.catalog.index import builtin_catalog

from .facts import DOCUMENT, FRAGMENTS, CuttingServer, assert_is, check, check_parts, collect, run, serve
from .test_chat_sdks import CHAT, answering, chunk, completion, streaming

MESSAGES: Any = CHAT["messages"]


def lines(objects: list[Any]) -> CuttingServer:
    body = "".join(f"{json.dumps(item)}\n" for item in objects).encode()
    return serve(body, range(1, len(body), 7), delay=0.0)


def chunks() -> list[dict[str, Any]]:
    return [chunk(fragment) for fragment in FRAGMENTS]


def test_mistralai() -> None:
    mistralai = pytest.importorskip("mistralai.client")

    def client(server: CuttingServer) -> Any:
        return mistralai.Mistral(api_key="key", server_url=server.url)

    def with_whole_calls(item: dict[str, Any]) -> dict[str, Any]:
        item["choices"][0]["delta"]["tool_calls"][0]["function"]["arguments"] = DOCUMENT
        return item

    with streaming([with_whole_calls(item) for item in chunks()]) as server:
        stream = client(server).chat.stream(**CHAT)
        check(stream, "mistralai.Mistral", "chat.stream")
        events = list(stream)
    check(events, "mistralai.utils.eventstreaming.EventStream")
    check([event.data for event in events], "mistralai.models.CompletionEvent", "data")
    check_parts([event.data for event in events], "mistralai.models.CompletionChunk")
    answer = completion(DOCUMENT)
    answer["usage"] = {"prompt_tokens": 1, "completion_tokens": 1, "total_tokens": 2}
    with answering(answer) as server:
        message = client(server).chat.complete(**CHAT)
    check(message, "mistralai.Mistral", "chat.complete")
    check_parts([message], "mistralai.models.ChatCompletionResponse")


def test_cohere_2() -> None:
    cohere = pytest.importorskip("cohere")
    call = {"id": "1", "type": "function", "function": {"name": "f", "arguments": ""}}
    events: list[dict[str, Any]] = [
        {"type": "tool-call-start", "index": 0, "delta": {"message": {"tool_calls": call}}},
    ]
    for item in FRAGMENTS:
        events += [
            {"type": "content-delta", "index": 0, "delta": {"message": {"content": {"text": item}}}},
            {"type": "content-delta", "index": 0, "delta": {"message": {"content": {"thinking": item}}}},
            {"type": "tool-plan-delta", "delta": {"message": {"tool_plan": item}}},
            {
                "type": "tool-call-delta",
                "index": 0,
                "delta": {"message": {"tool_calls": {"function": {"arguments": item}}}},
            },
        ]
    with streaming(events, names=True) as server:
        got = list(cohere.ClientV2(api_key="key", base_url=server.url).chat_stream(**CHAT))
    check(got, "cohere.ClientV2", "chat_stream")
    check_parts(got, "cohere.V2ChatStreamResponse")
    call["function"] = {"name": "f", "arguments": DOCUMENT}
    message = {"role": "assistant", "content": [{"type": "text", "text": DOCUMENT}], "tool_calls": [call]}
    with answering({"id": "1", "finish_reason": "COMPLETE", "message": message}) as server:
        answer = cohere.ClientV2(api_key="key", base_url=server.url).chat(**CHAT)
    check(answer, "cohere.ClientV2", "chat")
    check_parts([answer], "cohere.V2ChatResponse")


def test_cohere_1() -> None:
    cohere = pytest.importorskip("cohere")
    texts = [{"event_type": "text-generation", "text": item, "is_finished": False} for item in FRAGMENTS]
    calls = [
        {"event_type": "tool-calls-chunk", "tool_call_delta": {"parameters": item}, "is_finished": False}
        for item in FRAGMENTS
    ]
    end = {
        "event_type": "stream-end",
        "finish_reason": "COMPLETE",
        "is_finished": True,
        "response": {"text": DOCUMENT, "generation_id": "1", "generations": []},
    }
    with lines([*texts, *calls, end]) as server:
        got = list(cohere.Client(api_key="key", base_url=server.url).chat_stream(message="?"))
    check(got, "cohere.Client", "chat_stream")
    check_parts(got, "cohere.StreamedChatResponse")
    with lines(texts) as server:
        got = list(cohere.Client(api_key="key", base_url=server.url).generate_stream(prompt="?"))
    check(got, "cohere.Client", "generate_stream")
    check_parts(got, "cohere.GenerateStreamedResponse")
    with answering({"text": DOCUMENT, "generation_id": "1"}) as server:
        answer = cohere.Client(api_key="key", base_url=server.url).chat(message="?")
    check(answer, "cohere.Client", "chat")
    check_parts([answer], "cohere.NonStreamedChatResponse")


def candidate(text: str) -> dict[str, Any]:
    return {"candidates": [{"index": 0, "content": {"role": "model", "parts": [{"text": text}]}}]}


def test_google_genai() -> None:
    genai = pytest.importorskip("google.genai")

    def client(server: CuttingServer) -> Any:
        return genai.Client(api_key="key", http_options={"base_url": server.url})

    with streaming([candidate(item) for item in FRAGMENTS], done=False) as server:
        made = client(server)
        got = list(made.models.generate_content_stream(model="m", contents="?"))
        check(got, "google.genai.Client", "models.generate_content_stream")
        check_parts(got, "google.genai.streamed GenerateContentResponse")
        chat = made.chats.create(model="m")
        check(chat, "google.genai.Client", "chats.create")
        check_parts(list(chat.send_message_stream("?")), "google.genai.streamed GenerateContentResponse")

        async def program() -> Any:
            return await collect(made.aio.models.generate_content_stream(model="m", contents="?"))

        check_parts(run(program), "google.genai.streamed GenerateContentResponse")
    with answering(candidate(DOCUMENT)) as server:
        made = client(server)
        answer = made.models.generate_content(model="m", contents="?")
    check(answer, "google.genai.Client", "models.generate_content")
    check_parts([answer], "google.genai.types.GenerateContentResponse")


@pytest.mark.filterwarnings("ignore::FutureWarning", "ignore::DeprecationWarning")
def test_google_generativeai() -> None:
    genai = pytest.importorskip("google.generativeai")
    protos = pytest.importorskip("google.generativeai.protos")
    owner = "google.generativeai.stream of GenerateContentResponse"
    answers = iter([protos.GenerateContentResponse(candidate(item)) for item in FRAGMENTS])
    stream = genai.types.GenerateContentResponse.from_iterator(answers)
    got = list(stream)
    check(got, owner)
    check(stream.text, owner, "text", body=DOCUMENT.encode())
    check_parts(got, "google.generativeai.streamed GenerateContentResponse")
    whole = genai.types.GenerateContentResponse.from_response(protos.GenerateContentResponse(candidate(DOCUMENT)))
    check_parts([whole], "google.generativeai.types.GenerateContentResponse")


def test_ollama() -> None:
    ollama = pytest.importorskip("ollama")
    chat = [{"model": "m", "message": {"role": "assistant", "content": i, "thinking": i}} for i in FRAGMENTS]
    with lines(chat) as server:
        got = list(ollama.Client(server.url).chat("m", MESSAGES, stream=True))
        check(got, "ollama.Client", "chat", stream=True)
        check_parts(got, "ollama.streamed ChatResponse")

        async def program() -> Any:
            return await collect(ollama.AsyncClient(server.url).chat("m", MESSAGES, stream=True))

        check_parts(run(program), "ollama.streamed ChatResponse")
    with lines([{"model": "m", "response": item, "thinking": item} for item in FRAGMENTS]) as server:
        got = list(ollama.Client(server.url).generate("m", "?", stream=True))
    check(got, "ollama.Client", "generate", stream=True)
    check_parts(got, "ollama.streamed GenerateResponse")
    with lines([{"status": "pulling"}, {"status": "success"}]) as server:
        check(list(ollama.Client(server.url).pull("m", stream=True)), "ollama.Client", "pull", stream=True)
    with answering({"model": "m", "message": {"role": "assistant", "content": DOCUMENT}}) as server:
        answer = ollama.Client(server.url).chat("m", MESSAGES)
    check(answer, "ollama.Client", "chat")
    check_parts([answer], "ollama.ChatResponse")
    with answering({"model": "m", "response": DOCUMENT}) as server:
        answer = ollama.Client(server.url).generate("m", "?")
    check(answer, "ollama.Client", "generate")
    check_parts([answer], "ollama.GenerateResponse")


@pytest.mark.filterwarnings("ignore")
def test_litellm(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LITELLM_LOCAL_MODEL_COST_MAP", "True")
    litellm = pytest.importorskip("litellm")
    asked = {"model": "openai/m", "messages": MESSAGES, "api_key": "key"}
    with streaming(chunks()) as server:
        stream = litellm.completion(**asked, api_base=f"{server.url}v1", stream=True)
        check(stream, "litellm", "completion", stream=True)
        events = list(stream)
    check(events, "litellm.CustomStreamWrapper")
    check_parts(events, "litellm.ModelResponseStream")
    with answering(completion(DOCUMENT)) as server:
        answer = litellm.completion(**asked, api_base=f"{server.url}v1")
    check(answer, "litellm", "completion")
    check_parts([answer], "litellm.ModelResponse")


def test_langchain_openai() -> None:
    openai = pytest.importorskip("langchain_openai")
    with streaming(chunks()) as server:
        model = openai.ChatOpenAI(model="m", api_key="key", base_url=f"{server.url}v1")
        events = list(model.stream("?"))
        check(events, "langchain_openai.ChatOpenAI", "stream")
        check_parts(events, "langchain_core.messages.AIMessageChunk", some=True)
        total = sum(events[1:], events[0])
        assert type(total) is type(events[0])
        assert total.content == DOCUMENT
        assert builtin_catalog().type("langchain_core.messages.AIMessageChunk").sums
        text_model = openai.OpenAI(model="m", api_key="key", base_url=f"{server.url}v1")
        texts = [text for text in text_model.stream("?") if text]
        check(texts, "langchain_openai.OpenAI", "stream", body=DOCUMENT.encode())
    with answering(completion(DOCUMENT)) as server:
        model = openai.ChatOpenAI(model="m", api_key="key", base_url=f"{server.url}v1")
        answer = model.invoke("?")
    check(answer, "langchain_openai.ChatOpenAI", "invoke")
    check_parts([answer], "langchain_core.messages.AIMessage", some=True)


def test_langchain_calls_handlers_back_with_fragments() -> None:
    openai = pytest.importorskip("langchain_openai")
    callbacks = pytest.importorskip("langchain_core.callbacks")
    got: list[str] = []

    class Handler(callbacks.BaseCallbackHandler):  # type: ignore[misc, name-defined]
        def on_llm_new_token(self, token: str, **options: Any) -> None:
            got.append(token)

    with streaming(chunks()) as server:
        model = openai.ChatOpenAI(model="m", api_key="key", base_url=f"{server.url}v1", callbacks=[Handler()])
        list(model.stream("?"))
    owner = "langchain_core.callbacks.BaseCallbackHandler"
    check([token for token in got if token], owner, "on_llm_new_token", body=DOCUMENT.encode())


def test_langchain_anthropic() -> None:
    anthropic = pytest.importorskip("langchain_anthropic")
    from .test_anthropic import streaming as messages

    with messages("text") as server:
        model = anthropic.ChatAnthropic(model="m", api_key="key", base_url=server.url, max_tokens=9)
        events = list(model.stream("?"))
    check(events, "langchain_anthropic.ChatAnthropic", "stream")
    check_parts(events, "langchain_core.messages.AIMessageChunk", some=True)


def test_ag_ui() -> None:
    """The protocol says of `delta` that it is a fragment, which concatenate into the call's arguments."""
    core = pytest.importorskip("ag_ui.core")
    encoder = pytest.importorskip("ag_ui.encoder").EventEncoder()
    kind = core.EventType.TOOL_CALL_ARGS
    sent = [core.ToolCallArgsEvent(type=kind, tool_call_id="1", delta=item) for item in FRAGMENTS]
    lines = [encoder.encode(event).removeprefix("data: ") for event in sent]
    events = [core.ToolCallArgsEvent.model_validate_json(line) for line in lines]
    assert_is(events[0], "ag_ui.core.ToolCallArgsEvent")
    check_parts(events, "ag_ui.core.ToolCallArgsEvent")


def test_llama_index() -> None:
    llms = pytest.importorskip("llama_index.core.llms")
    from llama_index.core.llms.callbacks import llm_completion_callback

    class Model(llms.CustomLLM):  # type: ignore[misc, name-defined]
        @property
        def metadata(self) -> Any:
            return llms.LLMMetadata()

        @llm_completion_callback()  # type: ignore[untyped-decorator]
        def complete(self, prompt: str, formatted: bool = False, **options: Any) -> Any:
            return llms.CompletionResponse(text=DOCUMENT)

        @llm_completion_callback()  # type: ignore[untyped-decorator]
        def stream_complete(self, prompt: str, formatted: bool = False, **options: Any) -> Any:
            text = ""
            for item in FRAGMENTS:
                text += item
                yield llms.CompletionResponse(text=text, delta=item)

    owner = "llama_index.core.llms.LLM"
    asked = [llms.ChatMessage(role="user", content="?")]
    got = list(Model().stream_chat(asked))
    check(got, owner, "stream_chat")
    check_parts(got, "llama_index.core.streamed ChatResponse")
    texts = list(Model().stream_complete("?"))
    check(texts, owner, "stream_complete")
    check_parts(texts, "llama_index.core.streamed CompletionResponse")
    check_parts([Model().chat(asked)], "llama_index.core.llms.ChatResponse")
    check_parts([Model().complete("?")], "llama_index.core.llms.CompletionResponse")


def test_huggingface_hub() -> None:
    hub = pytest.importorskip("huggingface_hub")
    with streaming(chunks()) as server:
        client = hub.InferenceClient(base_url=f"{server.url}v1", api_key="key")
        events = list(client.chat_completion(MESSAGES, stream=True))
        check(events, "huggingface_hub.InferenceClient", "chat_completion", stream=True)
        check_parts(events, "huggingface_hub.ChatCompletionStreamOutput")
        check_parts(
            list(client.chat.completions.create(**CHAT, stream=True)), "huggingface_hub.ChatCompletionStreamOutput"
        )
    with answering(completion(DOCUMENT)) as server:
        answer = hub.InferenceClient(base_url=f"{server.url}v1", api_key="key").chat_completion(MESSAGES)
    check(answer, "huggingface_hub.InferenceClient", "chat_completion")
    check_parts([answer], "huggingface_hub.ChatCompletionOutput")


def test_text_generation_of_huggingface_hub() -> None:
    hub = pytest.importorskip("huggingface_hub")
    tokens = [{"index": 0, "token": {"id": 1, "logprob": 0.0, "special": False, "text": item}} for item in FRAGMENTS]
    tokens[-1]["generated_text"] = DOCUMENT
    with streaming(tokens, done=False) as server:
        client = hub.InferenceClient(model=server.url)
        texts = list(client.text_generation("?", stream=True))
        check(texts, "huggingface_hub.InferenceClient", "text_generation", stream=True, body=DOCUMENT.encode())
        events = list(client.text_generation("?", stream=True, details=True))
        check(events, "huggingface_hub.InferenceClient", "text_generation", stream=True, details=True)
        check_parts(events, "huggingface_hub.TextGenerationStreamOutput")


def test_replicate() -> None:
    replicate = pytest.importorskip("replicate")
    events = "".join(f"event: output\nid: 1\ndata: {item}\n\n" for item in FRAGMENTS) + "event: done\ndata: {}\n\n"
    with serve(events.encode(), content_type="text/event-stream", delay=0.0) as server:
        client = replicate.Client(api_token="key")
        prediction = replicate.prediction.Prediction(
            id="1", model="m", version="1", status="processing", input={}, output=None, logs="", error=None,
            metrics=None, created_at=None, started_at=None, completed_at=None, urls={"stream": server.url},
        )  # fmt: skip
        prediction._client = client
        got = [event for event in prediction.stream() if event.event.value == "output"]
    check(got, "replicate.prediction.Prediction", "stream")
    check_parts(got, "replicate.stream.ServerSentEvent")


def test_zhipuai() -> None:
    zhipuai = pytest.importorskip("zhipuai")

    def client(server: CuttingServer) -> Any:
        return zhipuai.ZhipuAI(api_key="key.secret", base_url=server.url)

    with streaming(chunks()) as server:
        events = list(client(server).chat.completions.create(**CHAT, stream=True))
    check(events, "zhipuai.ZhipuAI", "chat.completions.create", stream=True)
    check_parts(events, "zhipuai.types.chat.chat_completion_chunk.ChatCompletionChunk")
    with answering({**completion(DOCUMENT), "request_id": "1"}) as server:
        answer = client(server).chat.completions.create(**CHAT)
    check(answer, "zhipuai.ZhipuAI", "chat.completions.create")
    check_parts([answer], "zhipuai.types.chat.chat_completion.Completion")


def output(text: str) -> dict[str, Any]:
    call = {"type": "function", "function": {"name": "f", "arguments": text}}
    choice = {"finish_reason": "null", "message": {"role": "assistant", "content": text, "tool_calls": [call]}}
    return {"request_id": "1", "output": {"text": text, "choices": [choice]}, "usage": {}}


def test_dashscope(monkeypatch: pytest.MonkeyPatch) -> None:
    dashscope = pytest.importorskip("dashscope")
    asked = {"model": "m", "messages": MESSAGES, "api_key": "key", "result_format": "message"}
    owner = "dashscope.Generation"
    with streaming([output(item) for item in FRAGMENTS], done=False) as server:
        monkeypatch.setattr(dashscope, "base_http_api_url", server.url)
        options = {"stream": True, "incremental_output": True}
        got = list(dashscope.Generation.call(**asked, base_address=server.url, **options))
        check(got, owner, "call", **options)
        check_parts(got, "dashscope.incremental GenerationResponse", some=True)
    with answering(output(DOCUMENT)) as server:
        answer = dashscope.Generation.call(**asked, base_address=server.url)
    check(answer, owner, "call")
    check_parts([answer], "dashscope.api_entities.dashscope_response.GenerationResponse")
