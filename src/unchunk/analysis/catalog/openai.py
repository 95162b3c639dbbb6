"""openai: https://platform.openai.com/docs/api-reference/streaming"""

from __future__ import annotations

from . import chat_shape
from .dsl import FRAGMENT, WHOLE, Type, client, unless, when
from .pydantic import BaseModel
from .stainless import raw_answers

OPENAI = client("openai", distribution="openai>=1", docs="https://platform.openai.com/docs/api-reference/streaming")
Client = OPENAI.type("OpenAI", "AsyncOpenAI", "AzureOpenAI", "AsyncAzureOpenAI", "Client", "AsyncClient")

# Chat completions.
Chunk = OPENAI.type("types.chat.ChatCompletionChunk", bases=(BaseModel,), decoded=True)
Chat = OPENAI.type("types.chat.ChatCompletion", "types.chat.ParsedChatCompletion", bases=(BaseModel,), decoded=True)
Chunk.part(
    FRAGMENT,
    chat_shape.CONTENT,
    chat_shape.TOOL_ARGUMENTS,
    chat_shape.FUNCTION_ARGUMENTS,
    text=True,
    untyped=True,
)
Chunk.part(FRAGMENT, "choices[].delta.refusal", text=True)
Chat.part(WHOLE, chat_shape.WHOLE_CONTENT, chat_shape.WHOLE_FUNCTION_ARGUMENTS, text=True)
Chat.part(WHOLE, chat_shape.WHOLE_TOOL_ARGUMENTS, text=True)

ChatEvent = OPENAI.type("lib.streaming.chat.ChatCompletionStreamEvent", bases=(BaseModel,), decoded=True)
ChatStream = OPENAI.type("lib.streaming.chat.ChatCompletionStream", "lib.streaming.chat.AsyncChatCompletionStream")
ChatStream.iterates(ChatEvent)
ChatStream.returns(Chat, "get_final_completion")
ChatEvent.part(FRAGMENT, "delta", "arguments_delta", text=True)
ChatEvent.part(FRAGMENT, *(f"chunk.{path}" for path in (chat_shape.CONTENT, chat_shape.TOOL_ARGUMENTS)), text=True)
ChatEvent.part(WHOLE, "content", text=True, note="of content.done")

# Completions.
Text = OPENAI.type("streamed Completion", bases=(BaseModel,), decoded=True)
Completion = OPENAI.type("types.Completion", bases=(BaseModel,), decoded=True)
Text.part(FRAGMENT, "choices[].text", text=True)
Completion.part(WHOLE, "choices[].text", text=True)

# Responses.
Event = OPENAI.type(
    "types.responses.ResponseStreamEvent",
    "types.responses.ResponseTextDeltaEvent",
    "types.responses.ResponseFunctionCallArgumentsDeltaEvent",
    bases=(BaseModel,),
    decoded=True,
)
EventStream = OPENAI.type("lib.streaming.responses.ResponseStream", "lib.streaming.responses.AsyncResponseStream")
EventStream.iterates(Event)
Event.part(FRAGMENT, "delta", text=True)
Event.part(WHOLE, "arguments", "text", text=True, note="of the events that end in .done")

# Assistants.
RunEvent = OPENAI.type("types.beta.AssistantStreamEvent", bases=(BaseModel,), decoded=True)
RunEvent.part(FRAGMENT, "data.delta.content[].text.value", text=True)
RunEvent.part(FRAGMENT, "data.delta.step_details.tool_calls[].function.arguments", text=True)
Handler = OPENAI.type("AssistantEventHandler", "AsyncAssistantEventHandler")
TextDelta = OPENAI.type("types.beta.threads.TextDelta", bases=(BaseModel,), decoded=True)
ToolCallDelta = OPENAI.type("types.beta.threads.runs.ToolCallDelta", bases=(BaseModel,), decoded=True)
TextDelta.part(FRAGMENT, "value", text=True)
ToolCallDelta.part(FRAGMENT, "function.arguments", text=True)
Handler.callback(TextDelta, "on_text_delta")
Handler.callback(ToolCallDelta, "on_tool_call_delta")
Handler.callback(RunEvent, "on_event")
Handler.iterates(RunEvent)
Handler.attribute_yields(FRAGMENT, "text_deltas", text=True)

# Transcriptions.
Transcript = OPENAI.type("types.audio.TranscriptionStreamEvent", bases=(BaseModel,), decoded=True)
Transcript.part(FRAGMENT, "delta", text=True)
Transcript.part(WHOLE, "text", text=True)

STREAMS = {
    "chat.completions.create": Chunk,
    "completions.create": Text,
    "responses.create": Event,
    "responses.retrieve": Event,
    "beta.threads.create_and_run": RunEvent,
    "beta.threads.runs.create": RunEvent,
    "beta.threads.runs.submit_tool_outputs": RunEvent,
    "audio.transcriptions.create": Transcript,
}


def talks(owner: Type) -> None:
    """Declare the API on an owner: the module itself has the methods of a client, too."""
    for path, event in STREAMS.items():
        owner.yields(event, path, only=when("stream"))
    owner.returns(Chat, "chat.completions.create", only=unless("stream"))
    owner.returns(Chat, "chat.completions.parse")
    owner.returns(Completion, "completions.create", only=unless("stream"))
    owner.returns(ChatStream, "chat.completions.stream")
    owner.returns(EventStream, "responses.stream")
    owner.returns(Handler, "beta.threads.runs.stream", "beta.threads.runs.submit_tool_outputs_stream")
    owner.returns(Handler, "beta.threads.create_and_run_stream")


talks(Client)
talks(OPENAI)
raw_answers(OPENAI, Client, {"chat.completions.create": Chunk, "completions.create": Text, "responses.create": Event})

# Before 1.
OPENAI_0 = client(
    "openai", distribution="openai<1", docs="https://github.com/openai/openai-python/tree/v0.28.1#chat-completions"
)
OldChunk = OPENAI_0.type("streamed ChatCompletion", decoded=True)
OldText = OPENAI_0.type("streamed Completion of 0", decoded=True)
OPENAI_0.yields(OldChunk, "ChatCompletion.create", "ChatCompletion.acreate", only=when("stream"))
OPENAI_0.yields(OldText, "Completion.create", "Completion.acreate", only=when("stream"))
OldChunk.part(FRAGMENT, chat_shape.CONTENT, chat_shape.FUNCTION_ARGUMENTS, text=True)
OldText.part(FRAGMENT, "choices[].text", text=True)
