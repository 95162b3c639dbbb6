"""mistralai: https://docs.mistral.ai/api/#tag/chat/operation/stream_chat"""

from __future__ import annotations

from . import chat_shape
from .dsl import FRAGMENT, WHOLE, client
from .pydantic import BaseModel

MISTRAL = client(
    "mistralai",
    "mistralai.client",
    distribution="mistralai>=1",
    docs="https://docs.mistral.ai/capabilities/completion/#streaming-chat-completions",
)
Mistral = MISTRAL.type("Mistral")
Event = MISTRAL.type("models.CompletionEvent", bases=(BaseModel,), decoded=True)
Chunk = MISTRAL.type("models.CompletionChunk", bases=(BaseModel,), decoded=True)
Chat = MISTRAL.type("models.ChatCompletionResponse", bases=(BaseModel,), decoded=True)
Stream = MISTRAL.type("utils.eventstreaming.EventStream", "utils.eventstreaming.EventStreamAsync")

for resource in ("chat", "fim", "agents"):
    Mistral.returns(Stream, f"{resource}.stream", f"{resource}.stream_async")
    Mistral.returns(Chat, f"{resource}.complete", f"{resource}.complete_async")
Stream.iterates(Event)

ONE_CALL = "each tool call arrives complete in one chunk: https://github.com/comet-ml/opik/pull/7385"
Event.part(Chunk, "data")
Chunk.part(FRAGMENT, chat_shape.CONTENT, text=True)
Chunk.part(WHOLE, chat_shape.TOOL_ARGUMENTS, text=True, note=ONE_CALL)
Chat.part(WHOLE, chat_shape.WHOLE_CONTENT, chat_shape.WHOLE_TOOL_ARGUMENTS, text=True)

# Before 1.
MISTRAL_0 = client(
    "mistralai", distribution="mistralai<1", docs="https://github.com/mistralai/client-python/tree/0.4.2"
)
OldClient = MISTRAL_0.type("client.MistralClient", "async_client.MistralAsyncClient")
OldChunk = MISTRAL_0.type("models.chat_completion.ChatCompletionStreamResponse", bases=(BaseModel,), decoded=True)
OldClient.yields(OldChunk, "chat_stream")
OldChunk.part(FRAGMENT, chat_shape.CONTENT, text=True)
OldChunk.part(WHOLE, chat_shape.TOOL_ARGUMENTS, text=True, note=ONE_CALL)
